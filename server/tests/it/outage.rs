//! The database is gone: nothing is acknowledged, nothing internal is said, and all is well when it is back.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt as _;
use whatsapp_core::Secret;
use whatsapp_platform::testing::TestPlatform;
use whatsapp_platform::workspace::NewCampaign;
use whatsapp_platform::{Disk, NewUser, Room};
use whatsapp_server::router;
use whatsapp_storage::faulty::{Faults, Faulty};
use whatsapp_storage::sql::SqlStore;

use crate::requests::Ask;
use crate::world::{PASSWORD, settings};

async fn faulty() -> (TestPlatform, Faults) {
    let slot: Arc<std::sync::OnceLock<Faults>> = Arc::default();
    let taken = slot.clone();
    let test = TestPlatform::on(move |env| {
        let opened = SqlStore::connect("sqlite::memory:", env);
        let store =
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(opened));
        let store = Faulty::new(store.expect("a store"));
        taken.set(store.faults()).expect("one store");
        Arc::new(store)
    })
    .await;
    (test, slot.get().expect("faults").clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_answers_503_and_serves_again_when_the_database_is_back() {
    let (mut test, faults) = faulty().await;
    let shop = test.tenant("Casa Aurora").await;
    let app = router(test.platform.clone(), settings());
    let desk = test.platform.system_workspace(shop.tenant);
    let key =
        desk.api_keys().create("K", whatsapp_core::Permission::ALL, None).await.expect("a key").1;
    let session = test
        .platform
        .login("owner0@example.com", &Secret::from("correct horse battery staple"), "x")
        .await;
    let token = session.expect("a session").token.expose().to_owned();
    test.simulator.write("+5511900000000", "hello").expect("a customer can write");
    test.clock.advance(whatsapp_core::Span::seconds(5));
    let call = test.simulator.take_webhooks().pop().expect("a call of Meta's");
    let webhook = Ask::new("POST", "/api/webhooks/whatsapp")
        .raw(call.body)
        .header("x-hub-signature-256", &call.signature);
    let asks = [
        webhook.clone(),
        Ask::get("/readyz"),
        Ask::get("/api/v1/contacts").key(key.expose()),
        Ask::get("/api/console/conversations").cookie(&token),
        Ask::post(
            "/api/console/login",
            &serde_json::json!({ "email": "a@b.example", "password": PASSWORD }),
        )
        .cookie(""),
    ];
    faults.outage(true);
    for ask in &asks {
        let answer = ask.clone().send(&app).await;
        assert_eq!(answer.status.as_u16(), 503, "{ask:?}: {}", answer.text());
        assert!(
            !answer.text().contains("on purpose"),
            "the store's words stay here: {}",
            answer.text()
        );
    }
    Ask::get("/healthz").send(&app).await.expect(200);
    faults.outage(false);
    webhook.send(&app).await.expect(200);
    for ask in asks.iter().skip(1).take(3) {
        ask.clone().send(&app).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_whose_database_goes_away_breaks_off_and_is_never_taken_for_whole() {
    let (mut test, faults) = faulty().await;
    let shop = test.tenant("Casa Aurora").await;
    let desk = test.platform.system_workspace(shop.tenant);
    let templates = desk.templates().page(Default::default(), Default::default()).await;
    let new = NewCampaign {
        name: "Spring".into(),
        template: templates.expect("reads").items.remove(0).id,
        audience: Default::default(),
        variables: Default::default(),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let id = desk.campaigns().create(new, None).await.expect("is drafted").campaign.id;
    let key = desk.api_keys().create("K", whatsapp_core::Permission::ALL, None).await;
    let request = Request::builder()
        .uri(format!("/api/v1/campaigns/{id}/report"))
        .header("x-api-key", key.expect("a key").1.expose())
        .body(Body::empty());
    let app = router(test.platform.clone(), settings());
    let begun = app.oneshot(request.expect("a request")).await.expect("the router answers");
    assert_eq!(begun.status().as_u16(), 200, "the first page was read");
    faults.outage(true);
    assert!(to_bytes(begun.into_body(), usize::MAX).await.is_err(), "the rest was not");
}

/// A disk with hardly any room.
#[derive(Debug)]
struct Full;

#[async_trait]
impl Disk for Full {
    async fn room(&self) -> Result<Room, String> {
        Ok(Room { free: 1, total: 1 << 40 })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_not_ready_and_only_who_runs_the_platform_is_told_why() {
    let test = TestPlatform::with(|builder, _| builder.disk(Full)).await;
    test.look_around().await;
    let root = NewUser {
        email: "root@platform.example".into(),
        name: "Root".into(),
        password: Secret::from(PASSWORD),
        superadmin: true,
        tenant: None,
    };
    test.platform.create_user(root).await.expect("is made");
    let session =
        test.platform.login("root@platform.example", &Secret::from(PASSWORD), "203.0.113.9").await;
    let app = router(test.platform.clone(), settings());
    let stranger = Ask::get("/readyz").send(&app).await;
    assert_eq!(stranger.verdict(), (503, "NOT_READY".into()));
    assert!(!stranger.text().contains("disk"), "{}", stranger.text());
    let operator = Ask::get("/readyz").cookie(session.expect("a session").token.expose());
    let told = operator.send(&app).await.expect(503).json();
    assert_eq!(told["details"][0]["field"], "disk", "{told}");
}
