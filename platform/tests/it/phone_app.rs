//! A number that is also on the WhatsApp Business app.

use serde_json::json;
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_core::{ConversationStatus, Direction};

use crate::shop;

const ANA: &str = "+5511981234567";

#[tokio::test]
async fn what_the_owner_writes_on_the_phone_stands_in_the_inbox_once_as_outgoing() {
    let (mut world, shop) = shop().await;
    let number = world.simulator.numbers().remove(0).phone_number_id;
    let app = |what: &str, body| world.simulator.coexistence(&number, what, body).expect(what);
    app("onboard", json!({}));
    let written =
        app("echo", json!({"to": ANA, "type": "text", "text": {"body": "From the shop"}}));
    world.settle().await;
    let inbox = shop.workspace.conversations().page(Default::default(), Default::default()).await;
    let threads = inbox.expect("lists").items;
    assert_eq!(threads.len(), 1);
    let thread = &threads[0].conversation;
    assert_eq!((thread.status, thread.unread), (ConversationStatus::Resolved, 0));
    assert!(thread.last_inbound_at.is_none(), "it opens no window");
    let timeline = shop.workspace.messages().timeline(thread.id, Default::default()).await;
    let said = timeline.expect("lists").items;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].message.direction, Direction::Outbound);
    assert_eq!(said[0].message.wamid.as_deref(), written["wamid"].as_str());
    assert!(said[0].send.is_none(), "we did not send it");
}

#[tokio::test]
async fn the_phone_s_address_book_gives_names_and_takes_none_away() {
    let (mut world, shop) = shop().await;
    let access = world.simulator.access(0).expect("a number");
    let app = |what: &str, body| {
        world.simulator.coexistence(&access.phone_number_id, what, body).expect(what)
    };
    app("onboard", json!({}));
    app("contact", json!({"who": ANA, "name": "Ana Rosa"}));
    let body = json!({"messaging_product": "whatsapp", "sync_type": "smb_app_state_sync"});
    let path = [access.phone_number_id.as_str(), "smb_app_data"];
    let request = GraphRequest::post(&access.token, path, body);
    world.simulator.exchange(request).await.expect("is accepted");
    world.settle().await;
    let names = async |shop: &whatsapp_platform::testing::TestTenant| {
        let people = shop.workspace.contacts().page(Default::default(), Default::default()).await;
        people
            .expect("lists")
            .items
            .into_iter()
            .filter_map(|contact| contact.name)
            .collect::<Vec<_>>()
    };
    assert!(names(&shop).await.contains(&"Ana Rosa".to_owned()));
    world
        .simulator
        .coexistence(&access.phone_number_id, "contact", json!({"who": ANA}))
        .expect("goes");
    world.settle().await;
    assert!(names(&shop).await.contains(&"Ana Rosa".to_owned()));
}
