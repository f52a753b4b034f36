//! The journal's tools: what was for nobody, or could not be understood, is found and applied again, and nothing twice.

use serde_json::json;
use whatsapp_cloud::webhook::sign;
use whatsapp_core::ChannelState;
use whatsapp_core::event::{JournalFilter, JournalOutcome};
use whatsapp_platform::JournalQuery;
use whatsapp_platform::testing::{TestPlatform, TestTenant};

use crate::channels::number;
use crate::shop;

const ANA: &str = "+5511981234567";

fn with(outcome: JournalOutcome) -> JournalQuery {
    let filter = JournalFilter { outcome: Some(outcome), ..JournalFilter::default() };
    JournalQuery { filter, ..JournalQuery::default() }
}

async fn threads(tenant: &TestTenant) -> Vec<String> {
    let page = tenant.workspace.conversations().page(Default::default(), Default::default()).await;
    let items = page.expect("lists").items;
    items.into_iter().filter_map(|thread| Some(thread.last?.message.content.preview())).collect()
}

async fn deliver(world: &mut TestPlatform, body: &str) {
    let signature = sign(&world.simulator.app_secret(), body.as_bytes());
    let body = bytes::Bytes::from(body.to_owned());
    world.platform.deliver(Some(&signature), body).await.expect("is kept");
    world.settle().await;
}

#[tokio::test]
async fn a_message_for_a_number_that_is_connected_later_is_applied_by_a_replay_and_only_once() {
    let (mut world, _shop) = shop().await;
    let number = world.simulator.numbers().remove(1).phone_number_id;
    let act =
        json!({"from": ANA, "phone_number_id": number, "type": "text", "text": {"body": "Hello?"}});
    world.simulator.inbound(act).expect("she writes");
    world.settle().await;
    let journal = world.platform.clone();
    let unrouted = journal.journal().list(&with(JournalOutcome::Unrouted), 10).await;
    assert_eq!(unrouted.expect("lists").len(), 1);
    let later = world.tenant("Blue Harbor").await;
    assert!(threads(&later).await.is_empty(), "connecting alone applies nothing");
    let wanted = JournalQuery { number: Some(number), ..with(JournalOutcome::Unrouted) };
    assert_eq!(journal.journal().replay(&wanted).await.expect("replays"), 1);
    world.settle().await;
    assert_eq!(threads(&later).await, ["Hello?"]);
    let told = world.told.events().len();
    assert_eq!(journal.journal().replay(&JournalQuery::default()).await.expect("replays"), 1);
    world.settle().await;
    assert_eq!(threads(&later).await, ["Hello?"], "a second time changes nothing");
    assert_eq!(world.told.events().len(), told, "and nobody is told");
}

#[tokio::test]
async fn what_could_not_be_understood_is_found_by_number_time_and_error() {
    let (mut world, _shop) = shop().await;
    let before = world.platform.env().now();
    deliver(&mut world, r#"{"object": "whatsapp_business_account", "entry": 7}"#).await;
    let found = async |query: JournalQuery| {
        world.platform.journal().list(&query, 10).await.expect("lists").len()
    };
    let quarantined = with(JournalOutcome::Quarantined);
    assert_eq!(found(quarantined.clone()).await, 1);
    let error = |words: &str| JournalQuery { error: Some(words.into()), ..quarantined.clone() };
    assert_eq!((found(error("malformed")).await, found(error("timeout")).await), (1, 0));
    let number = JournalQuery { number: Some("1".into()), ..quarantined.clone() };
    assert_eq!(found(number).await, 0, "it names no number");
    let mut early = quarantined;
    early.filter.until = Some(before);
    assert_eq!(found(early).await, 0);
    let counts = world.platform.journal().counts().await.expect("counts");
    assert!(counts.contains(&(JournalOutcome::Quarantined, 1)), "{counts:?}");
}

#[tokio::test]
async fn a_ban_of_then_does_not_stop_the_channel_of_now() {
    let (mut world, shop) = shop().await;
    let ban =
        json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}});
    world.simulator.announce("account_update", ban).expect("Meta says so");
    world.settle().await;
    let state =
        async || shop.workspace.channels().find(shop.channel).await.expect("is there").state;
    assert_eq!(state().await, ChannelState::Paused);
    let again = number(&world, 0);
    shop.workspace.channels().connect(again).await.expect("is connected anew");
    assert_eq!(state().await, ChannelState::Connected);
    assert!(world.platform.journal().replay(&JournalQuery::default()).await.expect("replays") > 0);
    world.settle().await;
    assert_eq!(state().await, ChannelState::Connected);
}
