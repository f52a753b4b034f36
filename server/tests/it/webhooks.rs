//! Meta's calls: what is verified is kept, what is not is nothing.

use std::sync::Arc;

use axum::Router;
use hmac::{Hmac, KeyInit as _, Mac as _};
use object_store::memory::InMemory;
use sha2::Sha256;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_core::event::{JournalFilter, JournalOutcome};
use whatsapp_core::{Env, PageRequest, Secret};
use whatsapp_platform::{Platform, Settings};
use whatsapp_server::router;
use whatsapp_storage::sql::SqlStore;
use whatsapp_storage::{Mode, Store};

use crate::requests::Ask;
use crate::world::{World, settings};

const PATH: &str = "/api/webhooks/whatsapp";

pub(crate) fn signed(secret: &Secret, body: &str) -> Ask {
    let mut mac: Hmac<Sha256> =
        Hmac::new_from_slice(secret.expose().as_bytes()).expect("any length");
    mac.update(body.as_bytes());
    let hex: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    Ask::new("POST", PATH).raw(body).header("x-hub-signature-256", &format!("sha256={hex}"))
}

async fn kept(store: &Arc<dyn Store>) -> Vec<JournalOutcome> {
    let mut tx = store.system(Mode::Read).await.expect("a unit of work");
    let page =
        tx.journal().page(&JournalFilter::default(), &PageRequest::first(50)).await.expect("reads");
    page.items.into_iter().map(|entry| entry.outcome).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_missing_signature_is_401_and_nothing_is_kept() {
    let world = World::new().await;
    let before = kept(&world.store).await.len();
    let body = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    let wrong = [
        Ask::new("POST", PATH).raw(body),
        Ask::new("POST", PATH).raw(body).header("x-hub-signature-256", "sha256=00"),
        Ask::new("POST", PATH)
            .raw(body)
            .header("x-hub-signature-256", &format!("sha256={}", "0".repeat(64))),
        signed(&Secret::from("another app's secret"), body),
    ];
    for ask in wrong {
        let answer = ask.cookie(&world.owner).send(&world.app).await;
        assert_eq!(answer.verdict(), (401, "SIGNATURE_INVALID".into()));
    }
    assert_eq!(kept(&world.store).await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_json_and_unknown_numbers_are_kept_and_answered_with_200() {
    let mut world = World::new().await;
    let secret = world.test.simulator.app_secret();
    signed(&secret, "{ this is no JSON").send(&world.app).await.expect(200);
    let foreign = r#"{"object":"whatsapp_business_account","entry":[{"id":"9","changes":[{"field":"messages",
        "value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"1","phone_number_id":"999"},
        "contacts":[{"profile":{"name":"A"},"wa_id":"5511"}],
        "messages":[{"from":"5511900000000","id":"wamid.x","timestamp":"1772442000","type":"text","text":{"body":"a"}}]}}]}]}"#;
    signed(&secret, foreign).send(&world.app).await.expect(200);
    world.test.settle().await;
    let outcomes = kept(&world.store).await;
    assert!(outcomes.contains(&JournalOutcome::Quarantined), "{outcomes:?}");
    assert!(outcomes.contains(&JournalOutcome::Unrouted), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_comes_again_is_answered_again_and_changes_nothing() {
    let world = World::new().await;
    let secret = world.test.simulator.app_secret();
    let body = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    let before = kept(&world.store).await.len();
    for _ in 0..3 {
        signed(&secret, body).send(&world.app).await.expect(200);
    }
    assert_eq!(kept(&world.store).await.len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn four_megabytes_are_taken_and_more_is_refused() {
    let world = World::new().await;
    let secret = world.test.simulator.app_secret();
    let large = "x".repeat(4 * 1024 * 1024 + 1);
    assert_eq!(
        signed(&secret, &large).send(&world.app).await.verdict(),
        (413, "BODY_TOO_LARGE".into())
    );
    let fitting = "x".repeat(4 * 1024 * 1024);
    signed(&secret, &fitting).send(&world.app).await.expect(200);
}

/// A platform whose settings the test chooses.
async fn with(change: impl FnOnce(&mut Settings)) -> Router {
    let env = Env::system();
    let mut own = Settings::default();
    change(&mut own);
    let store = SqlStore::connect("sqlite::memory:", env.clone()).await.expect("a store");
    let platform = Platform::builder()
        .store(store)
        .shared_cloud(Arc::new(Simulator::new(7, env)))
        .files(InMemory::new())
        .seal_key(Secret::from("a sealing key for tests, longer than it must be"))
        .settings(own)
        .build()
        .await
        .expect("a platform");
    router(platform, settings())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_secret_nothing_is_taken() {
    let app = with(|_| ()).await;
    let answer = signed(&Secret::from("any"), "{}").send(&app).await;
    assert_eq!(answer.status.as_u16(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_handshake_echoes_only_for_the_right_token_and_only_plain_words() {
    let app = with(|settings| settings.verify_token = Some(Secret::from("right-token"))).await;
    let ask = |mode: &str, token: &str, challenge: &str| {
        Ask::get(format!(
            "{PATH}?hub.mode={mode}&hub.verify_token={token}&hub.challenge={challenge}"
        ))
    };
    let good = ask("subscribe", "right-token", "1158201444").send(&app).await.expect(200);
    assert_eq!(good.text(), "1158201444");
    assert!(good.header("content-type").starts_with("text/plain"));
    for (mode, token, challenge) in [
        ("subscribe", "wrong-token", "1"),
        ("subscribe", "", "1"),
        ("unsubscribe", "right-token", "1"),
        ("subscribe", "right-token", "%3Cscript%3E"),
        ("subscribe", "right-token", ""),
    ] {
        let answer = ask(mode, token, challenge).send(&app).await;
        assert_eq!(
            answer.verdict(),
            (403, "VERIFY_TOKEN_INVALID".into()),
            "{mode} {token} {challenge}"
        );
    }
    let none = with(|_| ()).await;
    assert_eq!(ask("subscribe", "", "1").send(&none).await.status.as_u16(), 403);
}
