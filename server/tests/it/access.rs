//! Every route of the table, whoever calls: a route that is not in the table does not exist, so this is all.

use serde_json::json;
use whatsapp_core::Permission;
use whatsapp_server::routes::{Access, Route, table};

use crate::bodies::{any_id, body};
use crate::requests::Ask;
use crate::world::World;

/// A request to a route with ids that name nothing.
fn ask(route: &Route) -> Ask {
    let path = any_id(route.path());
    let ask = Ask::new(route.method(), path);
    match body(route.method(), route.path()) {
        Some(body) => ask.json(&body),
        None => ask,
    }
}

fn unsafe_form(route: &Route, ask: Ask) -> Ask {
    if route.upload { ask.header("content-type", "multipart/form-data; boundary=x") } else { ask }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_known_gets_nothing() {
    let world = World::new().await;
    for route in table() {
        let answer = ask(&route)
            .header("x-csrf", "1")
            .header("origin", crate::requests::ORIGIN)
            .send(&world.app)
            .await;
        match route.access {
            Access::Open | Access::Page => {}
            _ => assert_eq!(answer.verdict(), (401, "UNAUTHENTICATED".into()), "{route:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_no_cookie_and_a_cookie_is_no_key() {
    let world = World::new().await;
    for route in table() {
        let answer = match route.access {
            Access::Key(_) => ask(&route).cookie(&world.owner).send(&world.app).await,
            Access::Person | Access::Member(_) => {
                ask(&route).key(&world.key).send(&world.app).await
            }
            _ => continue,
        };
        assert_eq!(answer.verdict(), (401, "UNAUTHENTICATED".into()), "{route:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_do_it_is_told_so_and_nothing_happens() {
    let world = World::new().await;
    let bare = world.key_of(world.first.tenant, &[Permission::ApiKeysManage]).await;
    for route in table() {
        let answer = match route.access {
            Access::Member(_) => {
                unsafe_form(&route, ask(&route).cookie(&world.powerless)).send(&world.app).await
            }
            Access::Key(_) => ask(&route).key(&bare).send(&world.app).await,
            _ => continue,
        };
        assert_eq!(
            answer.verdict(),
            (403, "PERMISSION_DENIED".into()),
            "{route:?}: {}",
            answer.text()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_platform_sees_no_shop_from_outside() {
    let world = World::new().await;
    for route in table().iter().filter(|route| matches!(route.access, Access::Member(_))) {
        let answer =
            unsafe_form(route, ask(route).cookie(&world.superadmin)).send(&world.app).await;
        assert_eq!(answer.verdict(), (409, "NO_TENANT".into()), "{route:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_opens_nothing_any_more() {
    let world = World::new().await;
    let desk = world.test.platform.system_workspace(world.first.tenant);
    let (key, secret) = desk.api_keys().create("Gone", Permission::ALL, None).await.expect("a key");
    Ask::get("/api/v1/contacts").key(secret.expose()).send(&world.app).await.expect(200);
    let path = format!("/api/console/api-keys/{}", key.id);
    Ask::new("DELETE", path).cookie(&world.owner).send(&world.app).await.expect(204);
    for route in table().iter().filter(|route| matches!(route.access, Access::Key(_))) {
        let answer = ask(route).key(secret.expose()).send(&world.app).await;
        assert_eq!(answer.verdict(), (401, "API_KEY_REVOKED".into()), "{route:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_the_address_is_refused_and_a_wrong_one_as_well() {
    let world = World::new().await;
    let address = format!("/api/v1/contacts?api_key={}", world.key);
    assert_eq!(Ask::get(address).send(&world.app).await.verdict(), (401, "UNAUTHENTICATED".into()));
    let wrong = Ask::get("/api/v1/contacts").key("wak_nothing").send(&world.app).await;
    assert_eq!(wrong.verdict(), (401, "API_KEY_UNKNOWN".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn server_owned_fields_in_a_body_are_refused_everywhere() {
    let world = World::new().await;
    for route in table() {
        let Some(mut body) = body(route.method(), route.path()) else { continue };
        for field in ["tenant_id", "role", "status_code", "counts", "is_superadmin"] {
            body[field] = json!("x");
            let ask = Ask::new(route.method(), any_id(route.path())).json(&body);
            let answer = match route.access {
                Access::Key(_) => ask.key(&world.key).send(&world.app).await,
                Access::Open => continue,
                _ => ask.cookie(&world.owner).send(&world.app).await,
            };
            assert_eq!(
                answer.verdict(),
                (400, "UNKNOWN_FIELD".into()),
                "{route:?} {field}: {}",
                answer.text()
            );
            assert_eq!(answer.json()["details"][0]["field"], field, "{route:?}");
            body.as_object_mut().expect("an object").remove(field);
        }
    }
}
