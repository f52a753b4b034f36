//! The leak test: every method is called from tenant B with A's ids. All must behave as if those did not exist,
//! and A's things must be as before.

use whatsapp_core::contact::ContactFilter;
use whatsapp_core::conversation::ConversationFilter;
use whatsapp_core::event::AuditEntry;
use whatsapp_core::send::{Priority, SendError};
use whatsapp_core::{
    ApiKey, Attempt, Audience, By, Campaign, CampaignStatus, Content, ConversationStatus, Counts,
    DeliveryStatus, Grants, Group, Id, Identity, JobSpec, Lane, MediaKind, MediaObject, MediaState,
    Member, Message, PageRequest, Role, Secret, Send, SendState, Snippet, Template, Tenant,
    Timestamp, User, WaitReason, Waiting,
};

use super::Outcome;
use super::sends::{request, with};
use super::world::{NOW, Shop, World, later};
use crate::StorageError;
use crate::repo::{
    AttemptRef, Call, Claim, Learnt, Lesson, NewRecipient, TemplateFilter, Touch, Unclaim,
};

/// Everything that tenant A has, and an empty tenant B.
struct Two {
    a: Shop,
    b: Id<Tenant>,
    user: User,
    group: Group,
    message: Message,
    reaction: Message,
    template: Template,
    campaign: Campaign,
    send: Send,
    attempt: Attempt,
    snippet: Snippet,
    key: ApiKey,
    media: MediaObject,
    call: Call,
}

async fn two(world: &World<'_>) -> Result<Two, StorageError> {
    let (mut a, b) = (world.shop().await?, world.tenant().await?);
    a.contact.set_tags(vec!["vip".to_owned()]);
    a.contact.bsuid = Some(format!("BR.{}", world.env.uuid()));
    let (user, group, snippet, key, media) = nouns(world);
    let message = world.message(&a, "secret", NOW);
    let mut reaction = world.message(&a, "", NOW);
    let wamid = message.wamid.clone().unwrap_or_default();
    reaction.content = Content::Reaction { wamid, emoji: "👍".to_owned() };
    let template = world.template(&a.channel, "offer");
    let campaign = world.campaign(&a, CampaignStatus::Sending);
    let (mut send, attempt) = (world.send(&a, Priority::Campaign), world.attempt());
    (send.campaign, send.wamid) = (Some(campaign.id), Some("wamid.a".to_owned()));
    (send.state, send.attempt, send.epoch) = (SendState::Sending, Some(attempt), 1);
    let call = Call { key: "k".to_owned(), route: "r".to_owned(), fingerprint: [1; 32] };
    let mut system = world.system().await?;
    system.users().insert(&user).await?;
    let mut unit = system.enter(a.tenant).await?;
    unit.contacts().update(&a.contact).await?;
    unit.groups().insert(&group).await?;
    unit.groups().add_members(group.id, &[a.contact.id]).await?;
    unit.messages().insert(&message).await?;
    unit.messages().insert(&reaction).await?;
    unit.templates().upsert(&template).await?;
    unit.campaigns().insert(&campaign).await?;
    unit.sends().insert(std::slice::from_ref(&send)).await?;
    let person =
        NewRecipient { contact: a.contact.id, address: send.address.clone(), send: send.id };
    unit.recipients().add(campaign.id, &[person]).await?;
    unit.portfolios().know(&a.channel.portfolio, Some(250)).await?;
    let reached = [(send.address.clone(), send.id)];
    unit.portfolios().reach(&a.channel.portfolio, &reached, Timestamp::ZERO, NOW).await?;
    unit.snippets().insert(&snippet).await?;
    let member = Member {
        user: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role: Role::Member,
        grants: Grants::of_role(Role::Member),
        created_at: NOW,
    };
    unit.members().insert(&member).await?;
    unit.api_keys().insert(&key).await?;
    unit.media().insert(&media).await?;
    unit.jobs().schedule(&job(world, "leak")).await?;
    unit.idempotency().claim(&call, NOW).await?;
    unit.audit().append(&audit(world)).await?;
    unit.commit().await?;
    system.commit().await?;
    Ok(Two {
        a,
        b,
        user,
        group,
        message,
        reaction,
        template,
        campaign,
        send,
        attempt,
        snippet,
        key,
        media,
        call,
    })
}

fn nouns(world: &World<'_>) -> (User, Group, Snippet, ApiKey, MediaObject) {
    let email = format!("p{}@example.com", world.env.uuid().simple());
    let email = email.parse().unwrap_or_else(|e| unreachable!("a made-up address: {e}"));
    let user = User {
        id: world.env.id(),
        email,
        name: "Ana".to_owned(),
        password_hash: Secret::from("x"),
        is_superadmin: false,
        locale: None,
        theme: "system".to_owned(),
        created_at: NOW,
    };
    let group = Group {
        id: world.env.id(),
        name: "Club".to_owned(),
        description: String::new(),
        member_count: 0,
        created_at: NOW,
    };
    let snippet = Snippet {
        id: world.env.id(),
        shortcut: "hours".to_owned(),
        title: "Hours".to_owned(),
        text: "open".to_owned(),
        created_at: NOW,
    };
    let key = ApiKey {
        id: world.env.id(),
        name: "Key".to_owned(),
        prefix: format!("wak_{}", world.env.uuid().simple()),
        secret_hash: [3; 32],
        grants: Grants::default(),
        per_minute: 1,
        per_day: None,
        created_at: NOW,
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
    };
    let media = MediaObject {
        id: world.env.id(),
        kind: MediaKind::Image,
        mime: "image/png".to_owned(),
        size: 1,
        filename: None,
        state: MediaState::Ready,
        error: None,
        channel: None,
        provider_id: None,
        provider_expires_at: None,
        created_at: NOW,
    };
    (user, group, snippet, key, media)
}

fn job(world: &World<'_>, key: &str) -> JobSpec {
    JobSpec {
        id: world.env.id(),
        kind: "test".to_owned(),
        lane: Lane::Care,
        body: serde_json::Value::Null,
        run_at: later(1_000_000),
        key: Some(key.to_owned()),
    }
}

fn audit(world: &World<'_>) -> AuditEntry {
    AuditEntry {
        id: world.env.id(),
        by: By::System,
        action: "x".to_owned(),
        target: "y".to_owned(),
        at: NOW,
    }
}

fn why() -> SendError {
    SendError { code: "X".to_owned(), message: "x".to_owned() }
}

pub(super) async fn another_tenants_things_do_not_exist(world: &World<'_>) -> Outcome {
    let t = two(world).await?;
    let mut b = world.write(t.b).await?;
    let contact = t.a.contact.id;
    assert!(b.channels().find(t.a.channel.id).await?.is_none());
    assert!(b.channels().hold(t.a.channel.id).await?.is_none());
    assert!(b.portfolios().find(&t.a.channel.portfolio).await?.is_none());
    assert!(b.portfolios().hold(&t.a.channel.portfolio).await?.is_none());
    assert!(b.portfolios().nth_oldest(&t.a.channel.portfolio, 1, NOW).await?.is_none());
    assert!(b.contacts().find(contact).await?.is_none());
    assert!(b.contacts().hold(contact).await?.is_none());
    assert!(b.contacts().many(&[contact]).await?.is_empty());
    let identity = Identity { phone: t.a.contact.phone.clone(), bsuid: t.a.contact.bsuid.clone() };
    assert!(b.contacts().by_identity(&identity).await?.is_none());
    assert!(b.contacts().groups_of(contact).await?.is_empty());
    let audience = Audience {
        group_ids: vec![t.group.id],
        contact_ids: vec![contact],
        phones: Vec::new(),
        tags: vec!["vip".to_owned()],
    };
    assert!(b.contacts().audience(&audience, None, 10).await?.is_empty());
    assert!(b.groups().find(t.group.id).await?.is_none());
    assert!(b.conversations().find(t.a.conversation.id).await?.is_none());
    assert!(b.messages().find(t.message.id).await?.is_none());
    assert!(b.messages().many(&[t.message.id]).await?.is_empty());
    let wamid = t.message.wamid.clone().unwrap_or_default();
    for known in [wamid.as_str(), "wamid.a"] {
        assert!(b.messages().by_wamid(t.a.channel.id, known).await?.is_none());
    }
    let place = t.a.conversation.id;
    assert!(b.messages().reactions(place, &[wamid]).await?.is_empty());
    assert!(b.messages().find(t.reaction.id).await?.is_none());
    assert!(b.sends().many(&[t.send.id]).await?.is_empty());
    assert_eq!(b.sends().tally(t.campaign.id).await?, Counts::default());
    assert!(b.templates().find(t.template.id).await?.is_none());
    assert!(b.templates().many(&[t.template.id]).await?.is_empty());
    assert!(b.templates().by_name(None, "offer").await?.is_empty());
    assert!(b.templates().by_meta_id(&t.template.meta_id).await?.is_empty());
    assert!(b.campaigns().find(t.campaign.id).await?.is_none());
    assert!(b.recipients().failures(t.campaign.id).await?.is_empty());
    assert!(b.recipients().report(t.campaign.id, None, 10).await?.is_empty());
    assert!(b.snippets().find(t.snippet.id).await?.is_none());
    assert!(b.members().find(t.user.id).await?.is_none());
    assert!(b.media().find(t.media.id).await?.is_none());
    assert!(b.media().many(&[t.media.id]).await?.is_empty());
    assert_eq!(b.idempotency().claim(&t.call, NOW).await?, Claim::Fresh, "A's key is not B's");
    Ok(())
}

pub(super) async fn another_tenants_things_cannot_be_changed(world: &World<'_>) -> Outcome {
    let t = two(world).await?;
    let mut b = world.write(t.b).await?;
    let (contact, place) = (t.a.contact.id, t.a.conversation.id);
    assert!(!b.channels().update(&t.a.channel).await?);
    b.channels().note_inbound(t.a.channel.id, later(9)).await?;
    let pace = Waiting { reason: WaitReason::Slowed, until: None };
    b.channels().note_pace(t.a.channel.id, Some(pace)).await?;
    b.portfolios().know(&t.a.channel.portfolio, Some(1)).await?;
    b.portfolios().give_back(&[t.send.id]).await?;
    b.portfolios().recount(&t.a.channel.portfolio, later(99), later(99)).await?;
    assert!(!b.channels().delete(t.a.channel.id).await?);
    assert!(!b.contacts().update(&t.a.contact).await?);
    assert!(!b.contacts().delete(contact).await?);
    assert!(!b.groups().update(&t.group).await?);
    assert_eq!(b.groups().add_members(t.group.id, &[contact]).await?, 0);
    assert_eq!(b.groups().remove_members(t.group.id, &[contact]).await?, 0);
    assert!(!b.groups().delete(t.group.id).await?);
    let touch = Touch { id: place, message: t.message.id, at: later(9), inbound: true };
    b.conversations().touch(&touch).await?;
    assert!(!b.conversations().set_status(place, ConversationStatus::Resolved).await?);
    assert!(!b.conversations().assign(place, None, Some(t.user.id)).await?);
    assert!(!b.conversations().mark_read(place).await?);
    assert!(!b.messages().set_content(t.message.id, &Content::text("x")).await?);
    assert_eq!(b.templates().upsert(&t.template).await?, None, "there is no such channel");
    let mut campaign = t.campaign.clone();
    campaign.revision += 1;
    assert!(!b.campaigns().update(&campaign, t.campaign.revision).await?);
    b.campaigns().add_counts(t.campaign.id, &Counts { total: 1, ..Counts::default() }).await?;
    assert!(!b.campaigns().delete_draft(t.campaign.id).await?);
    let person =
        NewRecipient { contact, address: "+5511900000000".to_owned(), send: world.env.id() };
    assert!(b.recipients().add(t.campaign.id, &[person]).await?.is_empty());
    assert!(!b.snippets().update(&t.snippet).await?);
    assert!(!b.snippets().delete(t.snippet.id).await?);
    assert!(!b.members().remove(t.user.id).await?);
    assert!(!b.api_keys().revoke(t.key.id, NOW).await?);
    assert!(!b.media().update(&t.media).await?);
    assert!(!b.jobs().cancel("leak").await?);
    assert!(b.jobs().schedule(&job(world, "leak")).await?, "A's job key is not B's");
    b.idempotency().attach(&t.call, "b").await?;
    b.idempotency().answer(&t.call, 200, b"b").await?;
    b.commit().await?;
    refused(world, &t).await?;
    unchanged(world, &t).await
}

/// What would tie B's rows to A's things breaks a rule of the schema.
async fn refused(world: &World<'_>, t: &Two) -> Outcome {
    let mut b = world.write(t.b).await?;
    let stranger = world.conversation(&t.a.channel, &t.a.contact);
    assert!(b.conversations().open_with(&stranger).await.is_err(), "a thread with A's contact");
    drop(b);
    let mut b = world.write(t.b).await?;
    let mut message = world.message(&t.a, "x", NOW);
    message.wamid = None;
    assert!(b.messages().insert(&message).await.is_err(), "a message in A's thread");
    drop(b);
    let mut b = world.write(t.b).await?;
    assert!(b.messages().insert_many(&[message]).await.is_err(), "messages in A's thread");
    drop(b);
    let mut b = world.write(t.b).await?;
    assert!(b.conversations().open_many(&[stranger]).await.is_err(), "threads with A's contact");
    Ok(())
}

async fn unchanged(world: &World<'_>, t: &Two) -> Outcome {
    let mut a = world.read(t.a.tenant).await?;
    assert_eq!(a.contacts().find(t.a.contact.id).await?.as_ref(), Some(&t.a.contact));
    assert_eq!(a.channels().list().await?.len(), 1);
    let channel = a.channels().find(t.a.channel.id).await?;
    assert_eq!(channel.as_ref().and_then(|c| c.last_inbound_at), None);
    assert_eq!(channel.and_then(|c| c.pace), None);
    let known = a.portfolios().find(&t.a.channel.portfolio).await?;
    assert_eq!(known.map(|p| (p.limit, p.used)), Some((Some(250), 1)));
    let reached = a.portfolios().nth_oldest(&t.a.channel.portfolio, 1, Timestamp::ZERO).await?;
    assert_eq!(reached, Some(NOW));
    let group = a.groups().find(t.group.id).await?.map(|g| g.member_count);
    assert_eq!(group, Some(1));
    let place = a.conversations().find(t.a.conversation.id).await?;
    assert_eq!(place.as_ref(), Some(&t.a.conversation));
    assert_eq!(a.messages().find(t.message.id).await?.as_ref(), Some(&t.message));
    assert_eq!(a.templates().find(t.template.id).await?.as_ref(), Some(&t.template));
    assert_eq!(a.campaigns().find(t.campaign.id).await?.as_ref(), Some(&t.campaign));
    let page = a.recipients().page(t.campaign.id, None, None, &PageRequest::default()).await?;
    assert_eq!(page.items.len(), 1);
    assert_eq!(a.snippets().list().await?, vec![t.snippet.clone()]);
    assert_eq!(a.members().list().await?.len(), 1);
    assert_eq!(a.api_keys().list().await?.pop().and_then(|key| key.revoked_at), None);
    assert_eq!(a.media().find(t.media.id).await?.as_ref(), Some(&t.media));
    assert_eq!(a.sends().many(&[t.send.id]).await?, vec![t.send.clone()]);
    Ok(())
}

pub(super) async fn another_tenants_ledger_cannot_be_moved(world: &World<'_>) -> Outcome {
    let t = two(world).await?;
    let channel = t.a.channel.id;
    let mut a = world.write(t.a.tenant).await?;
    let queued = world.send(&t.a, Priority::Interactive);
    a.sends().insert(std::slice::from_ref(&queued)).await?;
    a.commit().await?;
    let mut b = world.write(t.b).await?;
    assert!(b.sends().claim(&with(&t.campaign, request(&t.a, 9))).await?.is_empty());
    assert!(b.sends().returned(channel, NOW).await?.is_empty());
    assert!(b.sends().begin(1, &[(t.send.id, world.attempt())], NOW).await?.is_empty());
    let items = [(t.send.id, Unclaim::Skip(why()))];
    assert!(b.sends().unclaim(&items, NOW).await?.is_empty());
    for of in [AttemptRef::Attempt(t.attempt), AttemptRef::Wamid("wamid.a".to_owned())] {
        let what = Lesson::Status { status: DeliveryStatus::Read, wamid: None, error: None };
        let learnt = [Learnt { of, what, at: NOW }];
        assert!(b.sends().learn(channel, &learnt, NOW).await?.is_empty());
    }
    assert!(b.sends().recover(channel, 99, NOW).await?.is_empty());
    assert!(b.sends().give_up(channel, later(99), later(99), later(99)).await?.is_empty());
    assert!(b.sends().skip_campaign(t.campaign.id, &why(), 9, NOW).await?.is_empty());
    b.commit().await?;
    unchanged(world, &t).await
}

pub(super) async fn lists_hold_only_ones_own(world: &World<'_>) -> Outcome {
    let t = two(world).await?;
    let mut b = world.read(t.b).await?;
    let page = PageRequest::default();
    assert!(b.channels().list().await?.is_empty());
    assert!(b.contacts().page(&ContactFilter::default(), &page).await?.items.is_empty());
    let of_group = ContactFilter { group: Some(t.group.id), ..ContactFilter::default() };
    assert!(b.contacts().page(&of_group, &page).await?.items.is_empty());
    assert!(b.groups().page(None, &page).await?.items.is_empty());
    let inbox = b.conversations().page(&ConversationFilter::default(), &page).await?;
    assert!(inbox.items.is_empty());
    let counts = b.conversations().counts(Some(t.a.channel.id), None, false).await?;
    assert_eq!(counts.open, 0);
    assert!(b.messages().timeline(t.a.conversation.id, &page).await?.items.is_empty());
    assert!(b.templates().page(&TemplateFilter::default(), &page).await?.items.is_empty());
    assert!(b.campaigns().page(None, None, &page).await?.items.is_empty());
    assert!(b.campaigns().due(later(9)).await?.is_empty());
    assert!(b.campaigns().sending().await?.is_empty());
    assert!(b.campaigns().running(t.a.channel.id).await?.is_empty());
    assert!(b.recipients().page(t.campaign.id, None, None, &page).await?.items.is_empty());
    assert!(b.snippets().list().await?.is_empty());
    assert!(b.members().list().await?.is_empty());
    assert!(b.api_keys().list().await?.is_empty());
    assert!(b.audit().page(&page).await?.items.is_empty());
    Ok(())
}
