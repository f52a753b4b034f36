//! Pages, their files, headers over all routes, and what operators ask.

use whatsapp_server::routes::{Access, table};

use crate::bodies::any_id;
use crate::requests::Ask;
use crate::world::{CANARY, World};

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_protect_it() {
    let world = World::new().await;
    for route in table() {
        let answer =
            Ask::new(route.method(), any_id_of(route.path())).cookie(&world.owner).key(&world.key);
        let answer = answer.send(&world.app).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{route:?}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{route:?}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{route:?}");
        assert!(
            answer.header("content-security-policy").contains("default-src 'none'"),
            "{route:?}"
        );
        assert!(!answer.header("x-request-id").is_empty(), "{route:?}");
        if route.path().starts_with("/api") {
            assert_eq!(answer.header("cache-control"), "no-store", "{route:?}");
        }
        assert!(!answer.text().contains(CANARY), "{route:?}");
        assert!(answer.status.as_u16() != 500, "{route:?}: {}", answer.text());
    }
}

fn any_id_of(path: &str) -> String {
    if path.contains('{') { any_id(path) } else { path.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_has_the_documented_form() {
    let world = World::new().await;
    let long = format!("/api/v1/contacts?search={}", "a".repeat(9_000));
    for (ask, status, code) in [
        (Ask::get("/api/nothing"), 404, "ROUTE_NOT_FOUND"),
        (Ask::get("/api/v1/nothing"), 404, "ROUTE_NOT_FOUND"),
        (Ask::new("DELETE", "/api/v1/campaigns"), 405, "METHOD_NOT_ALLOWED"),
        (Ask::new("POST", "/somewhere"), 405, "METHOD_NOT_ALLOWED"),
        (Ask::get("/api/v1/contacts"), 401, "UNAUTHENTICATED"),
        (Ask::get(long), 414, "URI_TOO_LONG"),
    ] {
        let answer = ask.header("x-request-id", "my-own-request-1").send(&world.app).await;
        let body = answer.json();
        assert_eq!(answer.verdict(), (status, code.to_owned()), "{}", answer.text());
        assert_eq!(body["error"], true);
        assert_eq!(body["request_id"], "my-own-request-1");
        assert!(body["message"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_for_a_request_that_is_no_name_is_replaced() {
    let world = World::new().await;
    let answer = Ask::get("/api/nothing")
        .header("x-request-id", "<script>alert(1)</script>")
        .send(&world.app)
        .await;
    assert_eq!(answer.header("x-request-id").len(), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_is_one_page_whose_nonce_is_new_each_time() {
    let world = World::new().await;
    let first = Ask::get("/inbox/anything").send(&world.app).await.expect(200);
    let second = Ask::get("/").send(&world.app).await.expect(200);
    let policy = first.header("content-security-policy");
    assert!(
        policy.contains("script-src 'self';") && policy.contains("object-src 'none'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_ne!(policy, second.header("content-security-policy"));
    assert_eq!(first.header("cache-control"), "no-cache");
    assert!(!first.text().contains("__CSP_NONCE__"));
    Ask::get("/assets/missing.js").send(&world.app).await.expect(404);
    let outside = Ask::get("/../Cargo.toml").send(&world.app).await.expect(200);
    assert!(!outside.text().contains("[package]"), "only the page");
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_learn_whether_it_lives_and_whether_it_is_ready() {
    let world = World::new().await;
    assert_eq!(Ask::get("/healthz").send(&world.app).await.expect(200).text(), "ok");
    assert_eq!(Ask::get("/readyz").send(&world.app).await.expect(200).text(), "ready");
    let settings = crate::world::settings();
    let health = settings.health.clone();
    let app = whatsapp_server::router(world.test.platform.clone(), settings);
    health.drain();
    assert_eq!(Ask::get("/readyz").send(&app).await.verdict(), (503, "NOT_READY".into()));
    Ask::get("/healthz").send(&app).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_names_every_public_route_and_loads_nothing() {
    let world = World::new().await;
    let page = Ask::get("/api/docs").send(&world.app).await.expect(200).text();
    for route in table().iter().filter(|route| matches!(route.access, Access::Key(_))) {
        assert!(page.contains(route.path()), "{route:?}");
    }
    assert!(!page.contains("src=") && !page.contains("<script"), "nothing is loaded");
}
