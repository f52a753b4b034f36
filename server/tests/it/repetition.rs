//! A request that comes twice happens once and is answered the same.

use serde_json::json;
use whatsapp_core::Permission;

use crate::requests::Ask;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_copies_at_once_send_one_message_and_get_one_answer() {
    twenty_copies(World::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_copies_at_once_send_one_message_on_postgresql_as_well() {
    twenty_copies(World::on_postgres().await).await;
}

async fn twenty_copies(mut world: World) {
    let talk = world.talk().await;
    let body = json!({ "type": "text", "text": { "body": "Only once" } });
    let path = format!("/api/console/conversations/{talk}/messages");
    let ask = Ask::post(path.clone(), &body).cookie(&world.owner).once("one act of a person");
    let copies = (0..20).map(|_| {
        let (ask, app) = (ask.clone(), world.app.clone());
        tokio::spawn(async move { ask.send(&app).await })
    });
    let mut answers = Vec::new();
    for copy in copies.collect::<Vec<_>>() {
        answers.push(copy.await.expect("no panic"));
    }
    let first = answers.first().expect("twenty answers");
    for answer in &answers {
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        assert_eq!(answer.bytes, first.bytes);
    }
    let list = Ask::get(path).cookie(&world.owner).send(&world.app).await.json();
    let sent = list["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|m| m["direction"] == "outbound")
        .count();
    assert_eq!(sent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_used_for_another_body_is_refused() {
    let world = World::new().await;
    let ask = |name: &str| {
        let body = json!({ "name": name, "phone": "+5511912345678" });
        Ask::post("/api/v1/contacts", &body).key(&world.key).once("k-1")
    };
    let first = ask("Lia").send(&world.app).await.expect(201);
    let again = ask("Lia").send(&world.app).await.expect(201);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(ask("Leo").send(&world.app).await.verdict(), (422, "IDEMPOTENCY_KEY_REUSED".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_different_callers_do_not_meet() {
    let world = World::new().await;
    let other = world.key_of(world.first.tenant, Permission::ALL).await;
    let ask = |key: &str, phone: &str| {
        Ask::post("/api/v1/contacts", &json!({ "phone": phone })).key(key).once("same words")
    };
    ask(&world.key, "+5511912345671").send(&world.app).await.expect(201);
    ask(&other, "+5511912345672").send(&world.app).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_keeps_no_answer_and_may_be_sent_again() {
    let mut world = World::new().await;
    let body = json!({ "to": "+5511900001111", "type": "text", "text": { "body": "Hello" } });
    let ask = Ask::post("/api/v1/messages/send", &body).key(&world.key).once("k-2");
    assert_eq!(ask.clone().send(&world.app).await.verdict(), (409, "WINDOW_CLOSED".into()));
    world.test.customer("+5511900001111").says("Hello?").await;
    ask.send(&world.app).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_too_long_or_no_text_is_refused() {
    let world = World::new().await;
    for key in ["", &"x".repeat(256)] {
        let ask = Ask::post("/api/v1/contacts", &json!({ "phone": "+5511912345678" }))
            .key(&world.key)
            .once(key);
        assert_eq!(ask.send(&world.app).await.verdict(), (400, "IDEMPOTENCY_KEY_INVALID".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_a_deletion_and_a_start_are_answered_again_and_happen_once() {
    let world = World::new().await;
    let contact = format!("/api/v1/contacts/{}", world.contact("+5511912345679").await);
    let campaign = format!("/api/v1/campaigns/{}/start", world.campaign().await);
    let cases = [
        ("PUT", contact.as_str(), json!({ "name": "Lia" }), 200),
        ("POST", &campaign, json!({}), 200),
        ("DELETE", &contact, json!({}), 204),
    ];
    for (method, path, body, status) in cases {
        let ask = Ask::new(method, path).json(&body).key(&world.key).once("k-3");
        let first = ask.clone().send(&world.app).await.expect(status);
        let again = ask.clone().send(&world.app).await.expect(status);
        assert_eq!(first.bytes, again.bytes, "{method}");
        assert_eq!(first.header("content-type"), again.header("content-type"), "{method}");
        assert_eq!(again.header("idempotency-replayed"), "true", "{method}");
        let other = ask.json(&json!({ "name": "Leo" })).send(&world.app).await;
        assert_eq!(other.verdict(), (422, "IDEMPOTENCY_KEY_REUSED".into()), "{method}");
    }
}
