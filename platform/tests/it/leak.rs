//! Another tenant's id is nobody's id: every use case, tried from next door with the neighbour's ids.

use whatsapp_core::contact::ContactFilter;
use whatsapp_core::conversation::{AssigneeFilter, ConversationFilter};
use whatsapp_core::{Audience, ContactSource, Content, ConversationStatus, NewContact, Variables};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::{CampaignView, ContactPatch, Destination, NewCampaign, To};
use whatsapp_storage::repo::TemplateFilter;

use crate::code;

const JOAO: &str = "+5511981234567";

/// A house full of things, and the neighbour.
async fn street() -> (TestPlatform, TestTenant, TestTenant) {
    let mut world = TestPlatform::start().await;
    let house = world.tenant("Casa Aurora").await;
    let neighbour = world.tenant("Blue Harbor").await;
    world.customer(JOAO).says("Do you have bread?").await;
    (world, house, neighbour)
}

#[tokio::test]
async fn conversations_and_messages_do_not_leak() {
    let (_world, house, neighbour) = street().await;
    let page = house.workspace.conversations().page(Default::default(), Default::default()).await;
    let view = page.expect("lists").items.remove(0);
    let (id, contact) = (view.conversation.id, view.contact.id);
    let message = view.conversation.last_message.expect("has one");
    let (conversations, messages) =
        (neighbour.workspace.conversations(), neighbour.workspace.messages());
    let missing = "CONVERSATION_NOT_FOUND";
    assert_eq!(code(conversations.find(id).await), missing);
    assert_eq!(code(conversations.set_status(id, ConversationStatus::Resolved).await), missing);
    assert_eq!(code(conversations.assign(id, None, None).await), missing);
    assert_eq!(code(conversations.mark_read(id).await), missing);
    assert_eq!(code(messages.timeline(id, Default::default()).await), missing);
    assert_eq!(code(messages.note(id, "hi", None).await), missing);
    assert_eq!(code(messages.send(id, Content::text("hi"), None, None).await), missing);
    assert_eq!(code(messages.find(message).await), "MESSAGE_NOT_FOUND");
    assert_eq!(code(messages.resend(message, None).await), "MESSAGE_NOT_FOUND");
    assert!(messages.views(&[message]).await.expect("looks").is_empty());
    let theirs = neighbour.channel;
    assert_eq!(code(conversations.open(contact, theirs).await), "CONTACT_NOT_FOUND");
    let mine = neighbour.workspace.contacts();
    let own = NewContact::with_phone("+447911100200".parse().expect("valid"));
    let own = mine.upsert(own, ContactSource::Manual, None).await.expect("adds").0.id;
    assert_eq!(code(conversations.open(own, house.channel).await), "CHANNEL_NOT_FOUND");
    let to = Destination { to: To::Contact(contact), channel: None };
    assert_eq!(code(messages.send_to(to, Content::text("hi"), None).await), "CONTACT_NOT_FOUND");
    let to = Destination { to: To::Contact(own), channel: Some(house.channel) };
    assert_eq!(code(messages.send_to(to, Content::text("hi"), None).await), "CHANNEL_NOT_FOUND");
    for filter in [
        ConversationFilter { contact: Some(contact), ..Default::default() },
        ConversationFilter { channel: Some(house.channel), ..Default::default() },
        ConversationFilter { assignee: AssigneeFilter::User(house.owner), ..Default::default() },
    ] {
        let page = conversations.page(filter, Default::default()).await.expect("lists");
        assert!(page.items.is_empty());
    }
    let counts = conversations.counts(Some(house.channel)).await.expect("counts");
    assert_eq!((counts.open, counts.unread), (0, 0));
    let after = house.workspace.conversations().find(id).await.expect("is untouched");
    assert_eq!(after.conversation, view.conversation);
}

#[tokio::test]
async fn people_groups_and_texts_do_not_leak() {
    let (_world, house, neighbour) = street().await;
    let page = house.workspace.contacts().page(Default::default(), Default::default()).await;
    let contact = page.expect("lists").items.remove(0);
    let group = house.workspace.groups().create("Regulars", "").await.expect("makes a group");
    house.workspace.groups().add_members(group.id, &[contact.id]).await.expect("adds");
    let reply = house.workspace.snippets().create("hi", "", "Hello").await.expect("makes one");

    let contacts = neighbour.workspace.contacts();
    assert_eq!(code(contacts.find(contact.id).await), "CONTACT_NOT_FOUND");
    let patch = ContactPatch { name: Some(Some("Eve".into())), ..ContactPatch::default() };
    assert_eq!(code(contacts.update(contact.id, patch).await), "CONTACT_NOT_FOUND");
    assert_eq!(code(contacts.delete(contact.id).await), "CONTACT_NOT_FOUND");
    assert!(contacts.groups_of(&[contact.id]).await.expect("looks").is_empty());
    let filter = ContactFilter { group: Some(group.id), ..ContactFilter::default() };
    assert!(contacts.page(filter, Default::default()).await.expect("lists").items.is_empty());

    let groups = neighbour.workspace.groups();
    assert_eq!(code(groups.find(group.id).await), "GROUP_NOT_FOUND");
    assert_eq!(code(groups.update(group.id, Some("x"), None).await), "GROUP_NOT_FOUND");
    assert_eq!(code(groups.delete(group.id).await), "GROUP_NOT_FOUND");
    assert_eq!(code(groups.add_members(group.id, &[]).await), "GROUP_NOT_FOUND");
    assert_eq!(code(groups.remove_members(group.id, &[contact.id]).await), "GROUP_NOT_FOUND");
    let own = groups.create("Regulars", "").await.expect("names are taken in one tenant only");
    let added = groups.add_members(own.id, &[contact.id]).await.expect("passes over");
    assert_eq!(added, 0);

    let replies = neighbour.workspace.snippets();
    let changed = replies.update(reply.id, None, None, Some("x")).await;
    assert_eq!(code(changed), "QUICK_REPLY_NOT_FOUND");
    assert_eq!(code(replies.delete(reply.id).await), "QUICK_REPLY_NOT_FOUND");
    assert!(replies.list().await.expect("lists").is_empty());
}

#[tokio::test]
async fn channels_templates_and_keys_do_not_leak() {
    let (_world, house, neighbour) = street().await;
    let channels = neighbour.workspace.channels();
    assert_eq!(code(channels.find(house.channel).await), "CHANNEL_NOT_FOUND");
    assert_eq!(code(channels.rename(house.channel, "x").await), "CHANNEL_NOT_FOUND");
    assert_eq!(code(channels.disconnect(house.channel).await), "CHANNEL_NOT_FOUND");
    assert_eq!(channels.list().await.expect("lists").len(), 1);

    let page = house.workspace.templates().page(Default::default(), Default::default()).await;
    let template = page.expect("lists").items.remove(0);
    let templates = neighbour.workspace.templates();
    assert_eq!(code(templates.find(template.id).await), "TEMPLATE_NOT_FOUND");
    assert_eq!(code(templates.sync(house.channel).await), "CHANNEL_NOT_FOUND");
    let filter = TemplateFilter { channel: Some(house.channel), ..TemplateFilter::default() };
    assert!(templates.page(filter, Default::default()).await.expect("lists").items.is_empty());

    let scopes = [whatsapp_core::Permission::ContactsView];
    let made = house.workspace.api_keys().create("Shop system", &scopes, None).await;
    let (key, _) = made.expect("makes a key");
    assert_eq!(code(neighbour.workspace.api_keys().revoke(key.id).await), "API_KEY_NOT_FOUND");
    assert!(neighbour.workspace.api_keys().list().await.expect("lists").is_empty());
    assert_eq!(neighbour.workspace.members().list().await.expect("lists").len(), 1);
}

async fn campaign(of: &TestTenant) -> CampaignView {
    let page = of.workspace.templates().page(Default::default(), Default::default()).await;
    let template = page.expect("lists").items.remove(0).id;
    of.workspace.campaigns().create(draft(template), None).await.expect("drafts")
}

fn draft(template: whatsapp_core::Id<whatsapp_core::Template>) -> NewCampaign {
    NewCampaign {
        name: "Spring".into(),
        template,
        audience: Audience::default(),
        variables: Variables::default(),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    }
}

#[tokio::test]
async fn campaigns_do_not_leak() {
    let (_world, house, neighbour) = street().await;
    let view = campaign(&house).await;
    let (id, template) = (view.campaign.id, view.campaign.template);
    let campaigns = neighbour.workspace.campaigns();
    let missing = "CAMPAIGN_NOT_FOUND";
    assert_eq!(code(campaigns.find(id).await), missing);
    assert_eq!(code(campaigns.delete(id).await), missing);
    assert_eq!(code(campaigns.start(id).await), missing);
    assert_eq!(code(campaigns.pause(id).await), missing);
    assert_eq!(code(campaigns.resume(id).await), missing);
    assert_eq!(code(campaigns.cancel(id).await), missing);
    assert_eq!(code(campaigns.failures(id).await), missing);
    assert_eq!(code(campaigns.report(id, None).await), missing);
    assert_eq!(code(campaigns.recipients(id, None, None, Default::default()).await), missing);
    assert_eq!(code(campaigns.update(id, draft(template)).await), missing);
    assert_eq!(code(campaigns.create(draft(template), None).await), "TEMPLATE_NOT_FOUND");
    let preview = campaigns.preview(template, &Audience::default(), &Variables::default()).await;
    assert_eq!(code(preview), "TEMPLATE_NOT_FOUND");
    let page = campaigns.page(None, None, Default::default()).await.expect("lists");
    assert!(page.items.is_empty());
}
