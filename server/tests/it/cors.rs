//! Pages of other sites: those that are named may call the public API, and read what it tells beside the body.

use axum::Router;
use whatsapp_server::router;

use crate::requests::Ask;
use crate::world::{World, settings};

const SHOP: &str = "https://shop.example";

fn app(world: &World) -> Router {
    let mut settings = settings();
    settings.cors_origins = vec![SHOP.to_owned()];
    router(world.test.platform.clone(), settings)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_may_ask_beforehand_for_every_method_of_the_public_api() {
    let world = World::new().await;
    let app = app(&world);
    let any = "/api/v1/contacts/con_01h455vb4pex5vsknk084sn02q";
    for (path, method) in [("/api/v1/contacts", "POST"), (any, "PUT"), (any, "DELETE")] {
        let ask = Ask::new("OPTIONS", path)
            .header("origin", SHOP)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", "x-api-key,content-type");
        let answer = ask.send(&app).await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), SHOP);
        assert!(answer.header("access-control-allow-methods").contains(method), "{path}");
        let headers = answer.header("access-control-allow-headers");
        for name in ["x-api-key", "content-type", "idempotency-key"] {
            assert!(headers.contains(name), "{headers}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_may_call_reads_the_headers_beside_the_answer() {
    let world = World::new().await;
    let ask = Ask::get("/api/v1/contacts").key(&world.key).header("origin", SHOP);
    let answer = ask.send(&app(&world)).await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), SHOP);
    let exposed = answer.header("access-control-expose-headers");
    for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    assert!(exposed.contains("idempotency-replayed") && exposed.contains("x-request-id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_named_is_not_let_in_and_a_wrong_method_stays_wrong() {
    let world = World::new().await;
    let app = app(&world);
    let ask = Ask::new("OPTIONS", "/api/v1/contacts")
        .header("origin", "https://evil.example")
        .header("access-control-request-method", "POST");
    assert_eq!(ask.send(&app).await.header("access-control-allow-origin"), "");
    let wrong = Ask::new("PATCH", "/api/v1/contacts").key(&world.key);
    assert_eq!(wrong.send(&app).await.status.as_u16(), 405);
}
