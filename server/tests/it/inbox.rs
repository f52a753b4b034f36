//! What the console does all day, over HTTP.

use serde_json::{Value, json};

use crate::requests::{Answer, Ask};
use crate::world::World;

async fn messages(world: &World, talk: &str) -> Vec<Value> {
    let path = format!("/api/console/conversations/{talk}/messages");
    let list = Ask::get(path).cookie(&world.owner).send(&world.app).await.expect(200).json();
    list["data"].as_array().cloned().expect("a list")
}

async fn patch(world: &World, talk: &str, body: Value) -> Answer {
    let path = format!("/api/console/conversations/{talk}");
    Ask::new("PATCH", path).json(&body).cookie(&world.owner).send(&world.app).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_writes_an_agent_answers_and_the_ticks_turn() {
    let mut world = World::new().await;
    let talk = world.talk().await;
    let shown = Ask::get(format!("/api/console/conversations/{talk}"))
        .cookie(&world.owner)
        .send(&world.app)
        .await;
    let shown = shown.expect(200).json();
    assert_eq!(shown["window"]["open"], true);
    assert_eq!(shown["unread"], 1);
    assert_eq!(shown["last_message"]["preview"], "Is the lamp still there?");

    let body = json!({ "type": "text", "text": { "body": "Yes, two of them." } });
    let path = format!("/api/console/conversations/{talk}/messages");
    let sent =
        Ask::post(path, &body).cookie(&world.owner).send(&world.app).await.expect(201).json();
    assert_eq!(sent["status"], "queued");
    assert_eq!(sent["author"]["kind"], "user");
    world.test.settle().await;

    let list = messages(&world, &talk).await;
    assert_eq!(list[0]["content"]["body"], "Yes, two of them.", "newest first");
    assert!(
        ["delivered", "read"].contains(&list[0]["status"].as_str().expect("a status")),
        "{}",
        list[0]
    );
    assert_eq!(list[0]["timeline"][0]["status"], "queued");
    assert_eq!(list[1]["status"], Value::Null, "what came in has no ticks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_stays_in_the_house_and_a_resolved_talk_leaves_the_list() {
    let mut world = World::new().await;
    let talk = world.talk().await;
    let path = format!("/api/console/conversations/{talk}/notes");
    let note = Ask::post(path, &json!({ "text": "Regular" }))
        .cookie(&world.owner)
        .send(&world.app)
        .await
        .expect(201);
    assert_eq!(note.json()["direction"], "note");
    world.test.settle().await;
    assert!(world.test.transcript().is_empty(), "nothing goes to Meta");

    patch(&world, &talk, json!({ "status": "resolved" })).await.expect(200);
    let open = Ask::get("/api/console/conversations?status=open")
        .cookie(&world.owner)
        .send(&world.app)
        .await
        .json();
    assert_eq!(open["data"], json!([]));
    let wrong = patch(&world, &talk, json!({ "status": "gone" })).await;
    assert_eq!(wrong.verdict(), (400, "INVALID_BODY".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_take_the_same_talk_do_not_take_it_from_each_other() {
    let mut world = World::new().await;
    let talk = world.talk().await;
    let owner = world.first.owner.to_string();
    let mine = json!({ "assignee_id": owner, "expected_assignee_id": null });
    let taken = patch(&world, &talk, mine.clone()).await.expect(200).json();
    assert_eq!(taken["assignee"]["id"], owner.as_str());
    let late = patch(&world, &talk, mine).await;
    assert_eq!(late.verdict(), (409, "ASSIGNED_ELSEWHERE".into()));
    let freed = patch(&world, &talk, json!({ "assignee_id": null })).await.expect(200).json();
    assert_eq!(freed["assignee"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_only_a_template_passes() {
    let mut world = World::new().await;
    let talk = world.talk().await;
    world.test.clock.advance(whatsapp_core::Span::hours(11));
    Ask::get("/api/console/session").cookie(&world.owner).send(&world.app).await.expect(200);
    world.test.clock.advance(whatsapp_core::Span::hours(11));
    Ask::get("/api/console/session").cookie(&world.owner).send(&world.app).await.expect(200);
    world.test.clock.advance(whatsapp_core::Span::hours(3));
    let body = json!({ "type": "text", "text": { "body": "Late" } });
    let path = format!("/api/console/conversations/{talk}/messages");
    let late = Ask::post(path, &body).cookie(&world.owner).send(&world.app).await;
    assert_eq!(late.verdict(), (409, "WINDOW_CLOSED".into()));
    let template = json!({ "template_id": world.template().await, "variables": {} });
    let path = format!("/api/console/conversations/{talk}/template");
    let sent =
        Ask::post(path, &template).cookie(&world.owner).send(&world.app).await.expect(201).json();
    assert_eq!(sent["content"]["name"], "store_hours");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_must_be_what_its_type_says() {
    let mut world = World::new().await;
    let talk = world.talk().await;
    let path = format!("/api/console/conversations/{talk}/messages");
    for (body, code) in [
        (json!({ "type": "text" }), "MESSAGE_INVALID"),
        (json!({ "type": "image", "text": { "body": "A" } }), "MESSAGE_INVALID"),
        (json!({ "type": "dance", "text": { "body": "A" } }), "MESSAGE_INVALID"),
        (json!({ "type": "image", "image": {} }), "MESSAGE_INVALID"),
        (json!({ "text": { "body": "A" } }), "INVALID_BODY"),
        (json!({ "type": "text", "text": { "body": 7 } }), "INVALID_BODY"),
        (json!({ "type": "text", "text": { "body": "A", "colour": 1 } }), "UNKNOWN_FIELD"),
        (json!({ "type": "text", "text": { "body": "a\u{0}b" } }), "INVALID_BODY"),
    ] {
        let answer = Ask::post(path.clone(), &body).cookie(&world.owner).send(&world.app).await;
        assert_eq!(answer.verdict(), (400, code.to_owned()), "{body}: {}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_up_and_come_down_as_nothing_but_files() {
    let world = World::new().await;
    let form = |name: &str, kind: &str, bytes: &[u8]| {
        let head = format!(
            "--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a.pdf\"\r\ncontent-type: {kind}\r\n\r\n"
        );
        let mut body = head.into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        Ask::new("POST", "/api/console/media")
            .raw(body)
            .header("content-type", "multipart/form-data; boundary=x")
            .cookie(&world.owner)
    };
    let pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF";
    let stored = form("file", "application/pdf", pdf).send(&world.app).await.expect(201).json();
    assert_eq!(
        (stored["kind"].as_str(), stored["size"].as_u64()),
        (Some("document"), Some(pdf.len() as u64))
    );
    let path = format!("/api/console/media/{}", stored["id"].as_str().expect("an id"));
    let file = Ask::get(path.clone()).cookie(&world.owner).send(&world.app).await.expect(200);
    assert_eq!(file.bytes, pdf);
    assert!(file.header("content-disposition").starts_with("attachment;"));
    assert_eq!(file.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(Ask::get(path).cookie(&world.stranger).send(&world.app).await.status.as_u16(), 404);

    let markup =
        form("file", "image/png", b"<html><script>alert(1)</script>").send(&world.app).await;
    assert_eq!(markup.verdict(), (400, "MEDIA_TYPE".into()));
    let other = form("picture", "application/pdf", pdf).send(&world.app).await;
    assert_eq!(other.verdict(), (400, "UNKNOWN_FIELD".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_over_the_limit_is_refused_before_it_is_kept() {
    let world = World::new().await;
    let mut settings = crate::world::settings();
    settings.max_file_size = 1_000;
    let app = whatsapp_server::router(world.test.platform.clone(), settings);
    let mut body =
        b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
            .to_vec();
    body.extend(std::iter::repeat_n(b'a', 5_000));
    body.extend_from_slice(b"\r\n--x--\r\n");
    let ask = Ask::new("POST", "/api/console/media").raw(body);
    let ask = ask.header("content-type", "multipart/form-data; boundary=x").cookie(&world.owner);
    assert_eq!(ask.send(&app).await.verdict(), (413, "MEDIA_TOO_LARGE".into()));
}
