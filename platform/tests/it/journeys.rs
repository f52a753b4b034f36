//! A customer writes, an agent answers: the journeys through every part of the platform.

use serde_json::json;
use whatsapp_core::conversation::ConversationFilter;
use whatsapp_core::{
    Content, ConversationStatus, Direction, Event, PageRequest, SendState, Span, Variables,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::ConversationView;

use crate::{code, shop};

const ANA: &str = "+5511981234567";

async fn inbox(shop: &TestTenant) -> Vec<ConversationView> {
    let page = shop
        .workspace
        .conversations()
        .page(ConversationFilter::default(), PageRequest::default())
        .await;
    page.expect("reads the inbox").items
}

async fn talk(world: &mut TestPlatform, shop: &TestTenant) -> ConversationView {
    world.customer(ANA).says("Do you deliver on Friday?").await;
    inbox(shop).await.remove(0)
}

#[tokio::test]
async fn what_a_customer_writes_is_in_the_inbox_once_however_often_meta_says_it() {
    let (mut world, shop) = shop().await;
    world.simulator.write(ANA, "Hello").expect("writes");
    for call in world.simulator.take_webhooks() {
        for _ in 0..3 {
            world
                .platform
                .deliver(Some(&call.signature), call.body.clone().into())
                .await
                .expect("is kept");
        }
    }
    world.settle().await;
    let inbox = inbox(&shop).await;
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].conversation.unread, 1);
    let thread = shop
        .workspace
        .messages()
        .timeline(inbox[0].conversation.id, PageRequest::default())
        .await
        .expect("reads");
    assert_eq!(thread.items.len(), 1);
    assert_eq!(thread.items[0].message.content, Content::text("Hello"));
}

#[tokio::test]
async fn an_answer_goes_out_once_and_its_ticks_turn_to_read() {
    let (mut world, shop) = shop().await;
    let conversation = talk(&mut world, &shop).await;
    let sent = shop
        .workspace
        .messages()
        .send(conversation.conversation.id, Content::text("Until noon."), None, None)
        .await
        .expect("is queued");
    assert_eq!(sent.send.as_ref().map(|s| s.state), Some(SendState::Queued));
    world.settle().await;
    assert_eq!(world.transcript(), [format!("{ANA} ← Until noon.")]);
    let read = shop
        .workspace
        .messages()
        .find(sent.message.id)
        .await
        .expect("finds")
        .send
        .expect("has a line");
    assert_eq!(read.state, SendState::Read);
    let states: Vec<_> = read.timeline.iter().map(|(state, _)| *state).collect();
    for state in [
        SendState::Queued,
        SendState::Accepted,
        SendState::Sent,
        SendState::Delivered,
        SendState::Read,
    ] {
        assert!(states.contains(&state), "{state:?} is missing in {states:?}");
    }
}

#[tokio::test]
async fn outside_the_window_only_a_template_passes() {
    let (mut world, shop) = shop().await;
    let conversation = talk(&mut world, &shop).await.conversation.id;
    world.clock.advance(Span::hours(25));
    let refused =
        shop.workspace.messages().send(conversation, Content::text("Too late"), None, None).await;
    assert_eq!(code(refused), "WINDOW_CLOSED");
    let templates = shop
        .workspace
        .templates()
        .page(Default::default(), PageRequest::default())
        .await
        .expect("reads");
    let template = templates
        .items
        .iter()
        .find(|t| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body"))
        .expect("one is simple");
    let variables =
        Variables::from_pairs(template.variables().into_iter().map(|v| (v.key, "17".to_owned())));
    shop.workspace
        .messages()
        .send_template(conversation, template.id, variables, None)
        .await
        .expect("passes");
    world.settle().await;
    assert_eq!(world.transcript(), [format!("{ANA} ← {}", template.name)]);
}

#[tokio::test]
async fn a_text_whose_window_closes_while_it_waits_is_left_out_with_the_reason() {
    let (mut world, shop) = shop().await;
    let conversation = talk(&mut world, &shop).await.conversation.id;
    world.clock.advance(Span::minutes(23 * 60 + 59));
    let sent = shop
        .workspace
        .messages()
        .send(conversation, Content::text("Just in time?"), None, None)
        .await
        .expect("is queued");
    world.clock.advance(Span::minutes(2));
    world.settle().await;
    let line = shop
        .workspace
        .messages()
        .find(sent.message.id)
        .await
        .expect("finds")
        .send
        .expect("has a line");
    assert_eq!(
        (line.state, line.error.map(|e| e.code)),
        (SendState::Skipped, Some("WINDOW_CLOSED".to_owned()))
    );
    assert!(world.transcript().is_empty());
}

#[tokio::test]
async fn a_resolved_conversation_opens_again_when_the_customer_writes() {
    let (mut world, shop) = shop().await;
    let conversation = talk(&mut world, &shop).await.conversation.id;
    shop.workspace
        .conversations()
        .set_status(conversation, ConversationStatus::Resolved)
        .await
        .expect("resolves");
    world.customer(ANA).says("One more thing").await;
    assert_eq!(inbox(&shop).await[0].conversation.status, ConversationStatus::Open);
}

#[tokio::test]
async fn a_picture_arrives_with_its_bytes_and_a_reaction_stands_on_its_message() {
    let (mut world, shop) = shop().await;
    let wamid = world.simulator.write(ANA, "Look").expect("writes");
    world.customer(ANA).does(json!({"type": "image", "image": {"caption": "the cake"}})).await;
    let conversation = inbox(&shop).await[0].conversation.id;
    let thread = shop
        .workspace
        .messages()
        .timeline(conversation, PageRequest::default())
        .await
        .expect("reads")
        .items;
    let picture = thread.iter().find_map(|m| m.media.clone()).expect("has a file");
    let (object, bytes) = shop.workspace.media().read(picture.id).await.expect("has its bytes");
    assert_eq!(usize::try_from(object.size).expect("fits"), bytes.len());
    world
        .customer(ANA)
        .does(json!({"type": "reaction", "reaction": {"message_id": wamid, "emoji": "🎂"}}))
        .await;
    let thread = shop
        .workspace
        .messages()
        .timeline(conversation, PageRequest::default())
        .await
        .expect("reads")
        .items;
    let looked =
        thread.iter().find(|m| m.message.wamid.as_deref() == Some(&wamid)).expect("is there");
    assert_eq!(looked.reactions.len(), 1);
    assert_eq!(thread.len(), 2, "a reaction is no message of its own");
}

#[tokio::test]
async fn one_tenant_s_customer_is_nobody_to_another_tenant() {
    let (mut world, shop) = shop().await;
    let other = world.tenant("Other").await;
    let conversation = talk(&mut world, &shop).await.conversation.id;
    assert!(inbox(&other).await.is_empty());
    assert_eq!(
        code(other.workspace.conversations().find(conversation).await),
        "CONVERSATION_NOT_FOUND"
    );
    assert_eq!(
        code(other.workspace.messages().send(conversation, Content::text("x"), None, None).await),
        "CONVERSATION_NOT_FOUND"
    );
}

#[tokio::test]
async fn consoles_hear_of_every_step_in_order() {
    let (mut world, shop) = shop().await;
    let conversation = talk(&mut world, &shop).await.conversation.id;
    shop.workspace
        .messages()
        .send(conversation, Content::text("Yes"), None, None)
        .await
        .expect("is queued");
    world.settle().await;
    let told = world.told.events();
    let at = |wanted: fn(&Event) -> bool| told.iter().position(wanted).expect("was told");
    let received = at(|e| matches!(e, Event::MessageReceived { .. }));
    let created = at(|e| matches!(e, Event::MessageCreated { .. }));
    let advanced = at(|e| matches!(e, Event::MessagesAdvanced { .. }));
    assert!(received < created && created < advanced);
}

#[tokio::test]
async fn a_wrong_signature_leaves_nothing_and_a_good_one_over_nonsense_is_put_aside() {
    let (mut world, shop) = shop().await;
    let body = br#"{"object":"whatsapp_business_account","entry":"#.to_vec();
    let refused = world.platform.deliver(Some("sha256=00"), body.clone().into()).await;
    assert_eq!(code(refused), "SIGNATURE_INVALID");
    let signature = whatsapp_cloud::webhook::sign(&world.simulator.app_secret(), &body);
    world.platform.deliver(Some(&signature), body.into()).await.expect("is kept");
    world.settle().await;
    assert!(inbox(&shop).await.is_empty());
}

#[tokio::test]
async fn a_note_is_for_the_team_only() {
    let (mut world, shop) = shop().await;
    let conversation = talk(&mut world, &shop).await.conversation.id;
    let note = shop
        .workspace
        .messages()
        .note(conversation, "Ask the kitchen", None)
        .await
        .expect("is written");
    world.settle().await;
    assert_eq!(note.message.direction, Direction::Note);
    assert!(note.send.is_none() && world.transcript().is_empty());
}
