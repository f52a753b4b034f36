//! Signing in and out, over HTTP.

use serde_json::json;
use whatsapp_core::{Grants, Permission, Role, Span};
use whatsapp_server::{ServerSettings, router};

use crate::requests::{Ask, ORIGIN};
use crate::world::{PASSWORD, World};

fn login(email: &str, password: &str) -> Ask {
    let body = json!({ "email": email, "password": password });
    Ask::post("/api/console/login", &body).header("x-csrf", "1").header("origin", ORIGIN)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_gives_a_cookie_that_scripts_cannot_read_and_a_session_without_secrets() {
    let world = World::new().await;
    let answer = login("ana@aurora.example", PASSWORD).send(&world.app).await.expect(200);
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("sid=")
            && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let session = answer.json();
    assert_eq!(session["tenant"]["name"], "Casa Aurora");
    assert_eq!(session["role"], "admin");
    assert_eq!(session["permissions"].as_array().map(Vec::len), Some(Permission::ALL.len()));
    assert!(!answer.text().contains("argon2"), "no hash in an answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_the_cookie_belongs_to_the_host_alone() {
    let world = World::new().await;
    let settings =
        ServerSettings::new("https://chat.example.com", whatsapp_core::Secret::from("s"));
    let app = router(world.test.platform.clone(), settings);
    let ask = login("ana@aurora.example", PASSWORD).header("origin", "https://chat.example.com");
    let answer = ask.send(&app).await.expect(200);
    assert!(answer.header("set-cookie").starts_with("__Host-sid="));
    assert!(answer.header("set-cookie").ends_with("; Secure"));
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_account_get_the_same_answer() {
    let world = World::new().await;
    let wrong = login("ana@aurora.example", "something else entirely").send(&world.app).await;
    let unknown = login("nobody@aurora.example", "something else entirely").send(&world.app).await;
    assert_eq!(wrong.verdict(), (401, "LOGIN_FAILED".into()));
    assert_eq!(wrong.visible(), unknown.visible());
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_and_says_for_how_long() {
    let world = World::new().await;
    let mut last = None;
    for _ in 0..8 {
        last = Some(login("ana@aurora.example", "a wrong guess, once more").send(&world.app).await);
    }
    let last = last.expect("eight answers");
    assert_eq!(last.verdict(), (429, "LOGIN_THROTTLED".into()));
    assert!(last.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    world.test.clock.advance(Span::minutes(16));
    login("ana@aurora.example", PASSWORD).send(&world.app).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_is_out_and_the_old_cookie_is_worth_nothing() {
    let world = World::new().await;
    let answer = Ask::new("POST", "/api/console/logout")
        .cookie(&world.owner)
        .send(&world.app)
        .await
        .expect(204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    let after = Ask::get("/api/console/session").cookie(&world.owner).send(&world.app).await;
    assert_eq!(after.verdict(), (401, "UNAUTHENTICATED".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_twelve_idle_hours() {
    let world = World::new().await;
    world.test.clock.advance(Span::hours(13));
    let after = Ask::get("/api/console/session").cookie(&world.owner).send(&world.app).await;
    assert_eq!(after.verdict(), (401, "UNAUTHENTICATED".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_may_do_is_read_at_every_request() {
    let world = World::new().await;
    let place = Some((world.first.tenant, Role::Member));
    let token = world.person("tomas@aurora.example", place, None).await;
    Ask::get("/api/console/contacts").cookie(&token).send(&world.app).await.expect(200);
    let team =
        Ask::get("/api/console/members").cookie(&world.owner).send(&world.app).await.expect(200);
    let all = team.json()["data"].as_array().cloned().expect("a list");
    let tomas = all.iter().find(|m| m["email"] == "tomas@aurora.example").expect("a member");
    let id = tomas["user_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    world.grant(world.first.tenant, id, Grants::default()).await;
    let after = Ask::get("/api/console/contacts").cookie(&token).send(&world.app).await;
    assert_eq!(after.verdict(), (403, "PERMISSION_DENIED".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session() {
    let world = World::new().await;
    let other = login("ana@aurora.example", PASSWORD)
        .send(&world.app)
        .await
        .expect(200)
        .header("set-cookie");
    let other = other.trim_start_matches("sid=").split(';').next().expect("a token").to_owned();
    let body = json!({ "current": PASSWORD, "new": "quartz meadow ferry 77" });
    Ask::post("/api/console/me/password", &body)
        .cookie(&world.owner)
        .send(&world.app)
        .await
        .expect(204);
    Ask::get("/api/console/session").cookie(&world.owner).send(&world.app).await.expect(200);
    let gone = Ask::get("/api/console/session").cookie(&other).send(&world.app).await;
    assert_eq!(gone.status.as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn setup_is_over_once_there_is_somebody() {
    let world = World::new().await;
    let state = Ask::get("/api/console/setup").send(&world.app).await.expect(200);
    assert_eq!(state.json(), json!({ "needed": false }));
    let body = json!({
        "token": "x", "name": "Eva", "email": "eva@x.example", "password": PASSWORD, "business_name": "Evas"
    });
    let ask = Ask::post("/api/console/setup", &body).header("x-csrf", "1").header("origin", ORIGIN);
    assert_eq!(ask.send(&world.app).await.verdict(), (409, "SETUP_DONE".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_the_console_lacks_is_refused() {
    let world = World::new().await;
    let ask = |locale: &str| {
        let body = serde_json::json!({ "locale": locale });
        Ask::new("PATCH", "/api/console/me").json(&body).cookie(&world.owner)
    };
    assert_eq!(ask("tlh").send(&world.app).await.verdict(), (400, "INVALID_LOCALE".into()));
    ask("pt-BR").send(&world.app).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_password_is_restored_only_when_it_was_changed() {
    let world = World::new().await;
    let (platform, email) = (&world.test.platform, "ana@aurora.example");
    let known = whatsapp_core::Secret::from(crate::world::PASSWORD);
    assert!(!platform.restore_password(email, &known).await.expect("looks"));
    Ask::get("/api/console/session").cookie(&world.owner).send(&world.app).await.expect(200);
    let other = whatsapp_core::Secret::from("meadow kettle orbit 77");
    platform.reset_password(email, &other).await.expect("changes");
    assert!(platform.restore_password(email, &known).await.expect("restores"));
    platform.login(email, &known, "203.0.113.9").await.expect("the announced one holds");
}
