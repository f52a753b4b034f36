//! The inbox: who sees what, who answers, how it stands.

use serde_json::json;
use whatsapp_core::conversation::{AssigneeFilter, ConversationFilter};
use whatsapp_core::{
    Content, ConversationStatus, Direction, Event, Permission, Role, SendState, User,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::{ConversationView, MessageView};
use whatsapp_platform::{Error, Workspace};

use crate::{call, code, hire, seen_by, shop};

const JOAO: &str = "+5511981234567";
const MARIA: &str = "+5511987654321";

async fn all(workspace: &Workspace) -> Vec<ConversationView> {
    let filter = ConversationFilter::default();
    workspace.conversations().page(filter, Default::default()).await.expect("lists").items
}

async fn said(workspace: &Workspace, view: &ConversationView) -> Vec<MessageView> {
    let id = view.conversation.id;
    workspace.messages().timeline(id, Default::default()).await.expect("lists").items
}

/// Two customers wrote; Bruno answers the first.
async fn busy() -> (TestPlatform, TestTenant, User, Workspace) {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    world.customer(MARIA).says("Are you open?").await;
    let bruno = hire(&world.platform, shop.tenant, "bruno@example.com", Role::Member).await;
    let seen = seen_by(&world.platform, shop.tenant, &bruno).await;
    let first = of(&shop.workspace, JOAO).await.conversation.id;
    let given = shop.workspace.conversations().assign(first, None, Some(bruno.id)).await;
    given.expect("assigns");
    (world, shop, bruno, seen)
}

async fn of(workspace: &Workspace, phone: &str) -> ConversationView {
    let mut found = all(workspace).await;
    found.retain(|c| c.contact.phone.as_ref().is_some_and(|p| p.as_str() == phone));
    found.pop().expect("has written")
}

#[tokio::test]
async fn what_a_customer_writes_is_in_the_inbox() {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let view = of(&shop.workspace, JOAO).await;
    assert_eq!(view.conversation.unread, 1);
    assert!(view.conversation.window().is_open(world.platform.env().now()));
    let last = view.last.as_ref().expect("has a last message");
    assert_eq!(last.message.content.preview(), "Do you have bread?");
    let said = said(&shop.workspace, &view).await;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].state(), None);
    assert_eq!(said[0].author_name, Some(view.contact.display_name()));
    let counts = shop.workspace.conversations().counts(None).await.expect("counts");
    assert_eq!((counts.open, counts.unassigned, counts.unread, counts.mine), (1, 1, 1, 0));
}

#[tokio::test]
async fn an_answer_shows_its_author_and_its_ticks() {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let view = of(&shop.workspace, JOAO).await;
    let question = said(&shop.workspace, &view).await.remove(0).message;
    let answer = Content::text("Yes, until six.");
    let messages = shop.workspace.messages();
    let sent = messages.send(view.conversation.id, answer, Some(question.id), None);
    let sent = sent.await.expect("queues");
    assert_eq!(sent.state(), Some(SendState::Queued));
    world.settle().await;
    let read = shop.workspace.messages().find(sent.message.id).await.expect("finds");
    assert!(matches!(read.state(), Some(SendState::Delivered | SendState::Read)));
    assert_eq!(read.author_name.as_deref(), Some("Marina Alves"));
    assert_eq!(read.reply_to, Some((question.id, "Do you have bread?".to_owned())));
    assert_eq!(world.transcript(), ["+5511981234567 ← Yes, until six."]);
}

#[tokio::test]
async fn the_latest_emoji_stands_at_its_message_and_can_be_taken_back() {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let view = of(&shop.workspace, JOAO).await;
    let messages = shop.workspace.messages();
    let sent = messages.send(view.conversation.id, Content::text("Yes"), None, None);
    let sent = sent.await.expect("queues").message.id;
    world.settle().await;
    let find = async || shop.workspace.messages().find(sent).await.expect("finds");
    let wamid = find().await.send.and_then(|send| send.wamid).expect("was sent");
    for (emoji, shown) in [("👍", vec!["👍"]), ("❤️", vec!["❤️"]), ("", vec![])] {
        let reaction =
            json!({"type": "reaction", "reaction": {"message_id": wamid, "emoji": emoji}});
        world.customer(JOAO).does(reaction).await;
        let stand = find().await.reactions.into_iter().map(|m| m.content.preview());
        assert_eq!(stand.collect::<Vec<_>>(), shown);
    }
    assert_eq!(said(&shop.workspace, &view).await.len(), 2, "reactions are no messages");
}

#[tokio::test]
async fn a_member_sees_only_what_is_his() {
    let (_world, shop, bruno, seen) = busy().await;
    let mine = all(&seen).await;
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].assignee, Some((bruno.id, "Bruno Lima".to_owned())));
    for (assignee, hits) in [
        (AssigneeFilter::User(bruno.id), 1),
        (AssigneeFilter::Nobody, 0),
        (AssigneeFilter::User(shop.owner), 0),
    ] {
        let filter = ConversationFilter { assignee, ..ConversationFilter::default() };
        let page = seen.conversations().page(filter, Default::default()).await;
        assert_eq!(page.expect("lists").items.len(), hits, "{assignee:?}");
    }
    let counts = seen.conversations().counts(None).await.expect("counts");
    assert_eq!((counts.open, counts.mine, counts.unassigned), (1, 1, 0));
}

#[tokio::test]
async fn what_is_not_his_is_missing_to_a_member_in_every_use_case() {
    let (_world, shop, _, seen) = busy().await;
    let other = of(&shop.workspace, MARIA).await;
    let message = said(&shop.workspace, &other).await.remove(0).message.id;
    let id = other.conversation.id;
    let missing = "CONVERSATION_NOT_FOUND";
    let (conversations, messages) = (seen.conversations(), seen.messages());
    assert_eq!(code(conversations.find(id).await), missing);
    assert_eq!(code(conversations.set_status(id, ConversationStatus::Resolved).await), missing);
    assert_eq!(code(conversations.mark_read(id).await), missing);
    let opened = conversations.open(other.contact.id, shop.channel).await;
    assert_eq!(code(opened), missing);
    assert_eq!(code(messages.timeline(id, Default::default()).await), missing);
    assert_eq!(code(messages.note(id, "hi", None).await), missing);
    assert_eq!(code(messages.send(id, Content::text("hi"), None, None).await), missing);
    assert_eq!(code(messages.find(message).await), "MESSAGE_NOT_FOUND");
    assert!(messages.views(&[message]).await.expect("looks").is_empty());
    assert_eq!(code(conversations.assign(id, None, None).await), "PERMISSION_DENIED");
}

#[tokio::test]
async fn of_two_who_take_it_one_is_told_that_the_other_was_faster() {
    let (world, shop, bruno, _) = busy().await;
    let carla = hire(&world.platform, shop.tenant, "carla@example.com", Role::Admin).await;
    let id = of(&shop.workspace, MARIA).await.conversation.id;
    let conversations = shop.workspace.conversations();
    let taken = conversations.assign(id, Some(None), Some(carla.id)).await.expect("takes it");
    assert_eq!(taken.assignee.map(|(id, _)| id), Some(carla.id));
    let late = conversations.assign(id, Some(None), Some(bruno.id)).await;
    assert_eq!(code(late), "ASSIGNED_ELSEWHERE");
    let back = conversations.assign(id, Some(Some(carla.id)), None).await.expect("gives it back");
    assert_eq!(back.assignee, None);
    let stranger = world.platform.env().id();
    let nobody = conversations.assign(id, None, Some(stranger)).await;
    assert_eq!(code(nobody), "ASSIGNEE_UNKNOWN");
}

#[tokio::test]
async fn reading_is_told_to_the_team_and_to_the_customer() {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let id = of(&shop.workspace, JOAO).await.conversation.id;
    shop.workspace.conversations().mark_read(id).await.expect("marks");
    let told = |world: &TestPlatform| {
        let events = world.told.events().into_iter();
        events.filter(|e| matches!(e, Event::ConversationUpdated { .. })).count()
    };
    world.settle().await;
    assert_eq!(told(&world), 1);
    assert_eq!(of(&shop.workspace, JOAO).await.conversation.unread, 0);
    shop.workspace.conversations().mark_read(id).await.expect("changes nothing");
    world.settle().await;
    assert_eq!(told(&world), 1);
}

#[tokio::test]
async fn a_resolved_conversation_opens_again_when_the_customer_writes() {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let id = of(&shop.workspace, JOAO).await.conversation.id;
    let conversations = shop.workspace.conversations();
    let resolved = conversations.set_status(id, ConversationStatus::Resolved).await;
    assert_eq!(resolved.expect("sets").conversation.status, ConversationStatus::Resolved);
    world.customer(JOAO).says("And cake?").await;
    let again = of(&shop.workspace, JOAO).await.conversation;
    assert_eq!((again.id, again.status), (id, ConversationStatus::Open));
}

#[tokio::test]
async fn a_note_is_for_the_team_and_is_left_once() {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let view = of(&shop.workspace, JOAO).await;
    let id = view.conversation.id;
    let key = call("note", 1);
    let first = shop.workspace.messages().note(id, "A regular.", Some(&key)).await.expect("notes");
    let again = shop.workspace.messages().note(id, "A regular.", Some(&key)).await.expect("notes");
    assert_eq!(first, again);
    assert_eq!(first.message.direction, Direction::Note);
    assert_eq!(first.author_name.as_deref(), Some("Marina Alves"));
    world.settle().await;
    assert!(world.transcript().is_empty());
    assert_eq!(said(&shop.workspace, &view).await.len(), 2);
    assert_eq!(code(shop.workspace.messages().note(id, "  ", None).await), "NOTE_TEXT");
    let last = of(&shop.workspace, JOAO).await.last.expect("has one");
    assert_eq!(last.message.id, first.message.id);
}

#[tokio::test]
async fn opening_a_conversation_twice_opens_one() {
    let (mut world, shop, bruno, seen) = busy().await;
    let joao = of(&shop.workspace, JOAO).await;
    let (again, new) =
        seen.conversations().open(joao.contact.id, shop.channel).await.expect("opens");
    assert!(!new);
    assert_eq!(again.conversation.id, joao.conversation.id);
    let someone = whatsapp_core::NewContact::with_phone("+5511980000001".parse().expect("valid"));
    let contacts = shop.workspace.contacts();
    let added = contacts.upsert(someone, whatsapp_core::ContactSource::Manual, None).await;
    let contact = added.expect("adds").0.id;
    let (opened, new) = seen.conversations().open(contact, shop.channel).await.expect("opens");
    assert!(new);
    assert_eq!(opened.assignee.map(|(id, _)| id), Some(bruno.id), "what he opens is his");
    assert!(!opened.conversation.window().is_open(world.platform.env().now()));
    world.settle().await;
}

#[tokio::test]
async fn the_platform_itself_sees_what_it_tells_consoles_of() {
    let (world, shop, _, _) = busy().await;
    let system = world.platform.system_workspace(shop.tenant);
    assert!(system.actor().grants().allow(Permission::InboxViewAll));
    let seen = all(&system).await;
    assert_eq!(seen.len(), 2);
    let ids: Vec<_> = seen.iter().filter_map(|c| c.conversation.last_message).rev().collect();
    let views = system.messages().views(&ids).await.expect("reads");
    assert_eq!(views.iter().map(|v| v.message.id).collect::<Vec<_>>(), ids, "in the order asked");
    assert!(matches!(
        system.conversations().find(world.platform.env().id()).await,
        Err(Error::NotFound(_))
    ));
}
