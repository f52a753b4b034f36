//! The documented API as a program uses it.

use serde_json::json;

use crate::requests::Ask;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_made_read_changed_and_deleted() {
    let world = World::new().await;
    let body = json!({ "name": "Lia", "phone": "+55 11 91234-5678", "tags": ["vip"], "fields": { "city": "Recife" } });
    let made =
        Ask::post("/api/v1/contacts", &body).key(&world.key).send(&world.app).await.expect(201);
    let path = format!("/api/v1/contacts/{}", made.id());
    assert_eq!(made.json()["phone"], "+5511912345678");
    assert_eq!(made.json()["source"], "api");
    Ask::post("/api/v1/contacts", &body).key(&world.key).send(&world.app).await.expect(200);
    let change = json!({ "name": "Lia Prado", "email": null });
    let changed = Ask::new("PUT", path.clone())
        .json(&change)
        .key(&world.key)
        .send(&world.app)
        .await
        .expect(200);
    assert_eq!(changed.json()["name"], "Lia Prado");
    assert_eq!(changed.json()["tags"], json!(["vip"]), "what was not named stays");
    Ask::new("DELETE", path.clone()).key(&world.key).send(&world.app).await.expect(204);
    let gone = Ask::get(path).key(&world.key).send(&world.app).await;
    assert_eq!(gone.verdict(), (404, "CONTACT_NOT_FOUND".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sends_within_the_window_and_templates_outside_of_it() {
    let mut world = World::new().await;
    let talk = world.talk().await;
    let text = json!({ "to": "5511988887777", "type": "text", "text": { "body": "By machine" } });
    let sent = Ask::post("/api/v1/messages/send", &text)
        .key(&world.key)
        .send(&world.app)
        .await
        .expect(201)
        .json();
    assert_eq!(sent["conversation_id"], talk.as_str());
    assert_eq!(sent["author"]["kind"], "api");
    let template = json!({ "to": "+447700900100", "template": "store_hours", "language": "en_US" });
    let sent = Ask::post("/api/v1/messages/send-template", &template)
        .key(&world.key)
        .send(&world.app)
        .await;
    assert_eq!(sent.expect(201).json()["type"], "template");
    world.test.settle().await;
    assert_eq!(world.test.transcript().len(), 2);
    let list = Ask::get(format!("/api/v1/messages/{talk}"))
        .key(&world.key)
        .send(&world.app)
        .await
        .expect(200);
    assert_eq!(list.json()["data"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_made_started_once_and_counted() {
    let mut world = World::new().await;
    let (template, person) = (world.template().await, world.contact("+5511977776666").await);
    let body = json!({
        "name": "Autumn", "template_id": template,
        "audience": { "contact_ids": [person], "phones": ["+5511955554444"] }, "variables": {}
    });
    let made =
        Ask::post("/api/v1/campaigns", &body).key(&world.key).send(&world.app).await.expect(201);
    assert_eq!(made.json()["status"], "draft");
    let start = Ask::new("POST", format!("/api/v1/campaigns/{}/start", made.id())).key(&world.key);
    start.clone().send(&world.app).await.expect(200);
    assert_eq!(start.send(&world.app).await.verdict(), (409, "CAMPAIGN_STATE".into()));
    world.test.settle().await;
    let path = format!("/api/v1/campaigns/{}", made.id());
    let done = Ask::get(path).key(&world.key).send(&world.app).await.expect(200).json();
    assert_eq!(done["status"], "completed", "{done}");
    assert_eq!(
        (done["counts"]["total"].as_i64(), done["counts"]["sent"].as_i64()),
        (Some(2), Some(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_ends_with_429_and_says_when_to_come_back() {
    let world = World::new().await;
    let desk = world.test.platform.system_workspace(world.first.tenant);
    let scopes = [whatsapp_core::Permission::ContactsView];
    let (_, key) =
        desk.api_keys().create_limited("Small", &scopes, None, 20, None).await.expect("a key");
    let mut served = 0;
    let refused = loop {
        let answer = Ask::get("/api/v1/contacts").key(key.expose()).send(&world.app).await;
        if answer.status.as_u16() == 429 {
            break answer;
        }
        assert_eq!(answer.header("x-ratelimit-limit"), "20");
        served += 1;
        assert!(served <= 20, "more than the plan allows");
    };
    assert_eq!(served, 20);
    assert_eq!(refused.code(), "RATE_LIMITED");
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    assert!(
        refused
            .header("retry-after")
            .parse::<i64>()
            .is_ok_and(|seconds| (1..=61).contains(&seconds))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_bodies_are_refused_with_field_and_code() {
    let world = World::new().await;
    let post = |bytes: Vec<u8>| {
        Ask::new("POST", "/api/v1/contacts")
            .raw(bytes)
            .header("content-type", "application/json")
            .key(&world.key)
    };
    let broken = post(b"{\"name\":".to_vec()).send(&world.app).await;
    assert_eq!(broken.verdict(), (400, "INVALID_JSON".into()));
    let large = post(vec![b' '; 1024 * 1024 + 1]).send(&world.app).await;
    assert_eq!(large.verdict(), (413, "BODY_TOO_LARGE".into()));
    let phone = post(br#"{"phone":"call me"}"#.to_vec()).send(&world.app).await;
    assert_eq!(phone.verdict(), (400, "INVALID_BODY".into()));
    assert_eq!(phone.json()["details"][0]["field"], "phone");
    let nobody = post(b"{}".to_vec()).send(&world.app).await;
    assert_eq!(nobody.verdict(), (400, "CONTACT_WITHOUT_HANDLE".into()));
    let id = Ask::get("/api/v1/contacts/con_1").key(&world.key).send(&world.app).await;
    assert_eq!(id.verdict(), (400, "INVALID_ID".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_named_origins_may_read_answers_in_a_browser_and_never_with_a_cookie() {
    let world = World::new().await;
    let mut settings = crate::world::settings();
    settings.cors_origins = vec!["https://shop.example.com".into()];
    let app = whatsapp_server::router(world.test.platform.clone(), settings);
    let from = |origin: &str| Ask::get("/api/v1/contacts").key(&world.key).header("origin", origin);
    let named = from("https://shop.example.com").send(&app).await.expect(200);
    assert_eq!(named.header("access-control-allow-origin"), "https://shop.example.com");
    assert_eq!(named.header("access-control-allow-credentials"), "");
    let other = from("https://evil.example").send(&app).await;
    assert_eq!(other.header("access-control-allow-origin"), "");
    let console = Ask::get("/api/console/session")
        .header("origin", "https://shop.example.com")
        .send(&app)
        .await;
    assert_eq!(console.header("access-control-allow-origin"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_may_write_the_message_as_it_would_for_meta() {
    let mut world = World::new().await;
    world.talk().await;
    let to = "+5511988887777";
    let buttons = json!({
        "type": "button", "body": { "text": "Friday?" },
        "action": { "buttons": [{ "type": "reply", "reply": { "id": "yes", "title": "Yes" } }] }
    });
    let text = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": "text",
        "text": { "body": "As for Meta", "preview_url": false }
    });
    let asked = json!({ "messaging_product": "whatsapp", "to": to, "type": "interactive",
        "interactive": buttons });
    for body in [text, asked] {
        let sent = Ask::post("/api/v1/messages/send", &body).key(&world.key);
        sent.send(&world.app).await.expect(201);
        world.test.clock.advance(whatsapp_core::Span::millis(1));
    }
    world.test.settle().await;
    let kinds: Vec<_> = world.test.simulator.sends().into_iter().map(|s| s.kind).collect();
    assert_eq!(kinds, ["text", "interactive"]);
    let theirs = json!({ "to": to, "type": "image", "image": { "id": "1234567890" } });
    let refused = Ask::post("/api/v1/messages/send", &theirs).key(&world.key);
    let refused = refused.send(&world.app).await.expect(400).json();
    assert_eq!(refused["details"][0]["field"], "image.id");
}
