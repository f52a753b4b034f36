//! Pages of strangers cannot make a browser do anything: over every unsafe route of the console.

use whatsapp_server::routes::{Access, table};

use crate::bodies::{any_id, body};
use crate::requests::Ask;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn every_unsafe_route_wants_our_header_our_origin_and_our_content_type() {
    let world = World::new().await;
    let console = |access| matches!(access, Access::Page | Access::Person | Access::Member(_));
    let mut seen = 0;
    for route in table().iter().filter(|route| console(route.access) && route.is_unsafe()) {
        let good = Ask::new(route.method(), any_id(route.path())).cookie(&world.owner);
        let good = body(route.method(), route.path()).map_or(good.clone(), |body| good.json(&body));
        let good = if route.upload {
            good.header("content-type", "multipart/form-data; boundary=x")
        } else {
            good
        };
        let refused = [
            (good.clone().without("x-csrf"), (403, "CSRF")),
            (good.clone().without("origin"), (403, "CSRF")),
            (good.clone().header("origin", "https://evil.example"), (403, "CSRF")),
            (good.clone().header("origin", "null"), (403, "CSRF")),
            (good.clone().without("origin").header("sec-fetch-site", "cross-site"), (403, "CSRF")),
            (good.clone().header("content-type", "text/plain"), (415, "CONTENT_TYPE")),
            (
                good.clone().header("content-type", "application/x-www-form-urlencoded"),
                (415, "CONTENT_TYPE"),
            ),
        ];
        for (ask, (status, code)) in refused {
            let answer = ask.send(&world.app).await;
            assert_eq!(answer.verdict(), (status, code.to_owned()), "{route:?}");
        }
        seen += 1;
    }
    assert!(seen > 30, "only {seen} unsafe routes");
    Ask::get("/api/console/session").cookie(&world.owner).send(&world.app).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_ours_under_another_name_of_the_same_host_may_change_things() {
    let world = World::new().await;
    let body = serde_json::json!({ "theme": "dark" });
    let ask = Ask::new("PATCH", "/api/console/me").json(&body).cookie(&world.owner);
    let renamed =
        ask.clone().header("origin", "http://localhost:5000").header("host", "localhost:5000");
    renamed.send(&world.app).await.expect(200);
    let rebound = ask
        .clone()
        .header("origin", "http://evil.example:5000")
        .header("host", "evil.example:5000");
    assert_eq!(rebound.send(&world.app).await.verdict(), (403, "CSRF".into()));
    ask.without("origin")
        .header("sec-fetch-site", "same-origin")
        .send(&world.app)
        .await
        .expect(200);
}
