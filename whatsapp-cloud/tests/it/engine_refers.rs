//! What messages refer to: files that Meta throws away, files of another kind, messages that take no reaction;
//! and lists whose cursors end.

use bytes::Bytes;
use serde_json::{Value, json};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::webhook::Inbound;
use whatsapp_cloud::{CloudError, MediaApi, Upload};
use whatsapp_core::Span;

use crate::scene::*;

impl Scene {
    async fn uploads(&self, index: usize, mime: &str) -> String {
        let upload = Upload {
            bytes: Bytes::from_static(b"not really"),
            mime: mime.into(),
            filename: "a".into(),
        };
        self.meta.upload(&self.number(index), upload).await.expect("uploads")
    }
    async fn reacts(&self, to: &str, wamid: &str) -> i64 {
        let reaction = json!({"message_id": wamid, "emoji": "👍"});
        let body = json!({"to": to, "type": "reaction", "reaction": reaction});
        self.post(body).await.expect("accepted");
        self.failure()
    }
    async fn page(&self, query: &[(&str, &str)]) -> Result<Value, CloudError> {
        let access = self.number(0);
        let path = [access.waba_id.as_str(), "message_templates"];
        let request = GraphRequest::get(&access.token, path).query("fields", "id");
        let asked = query.iter().fold(request, |request, (key, value)| request.query(key, *value));
        self.meta.exchange(asked).await.map(|answer| answer.body)
    }
}

#[tokio::test]
async fn an_upload_is_kept_for_thirty_days_and_what_a_customer_sent_for_seven() {
    let scene = scene();
    let access = scene.number(0);
    let own = scene.uploads(0, "image/png").await;
    scene.meta.inbound(json!({"from": ANA, "type": "image"})).expect("writes");
    let told = scene.told();
    let [Inbound::Message(message)] = &told[..] else { panic!("{told:?}") };
    let theirs = message.media.as_ref().expect("a file").provider_id.clone();
    scene.clock.advance(Span::minutes(7 * 24 * 60 - 1));
    assert!(scene.meta.locate(&access, &theirs).await.is_ok());
    scene.clock.advance(Span::minutes(1));
    assert_eq!(scene.meta.locate(&access, &theirs).await, Err(CloudError::MediaGone));
    scene.clock.advance(Span::minutes(23 * 24 * 60 - 1));
    let place = scene.meta.locate(&access, &own).await.expect("the last minute");
    scene.clock.advance(Span::minutes(2));
    assert_eq!(scene.meta.locate(&access, &own).await, Err(CloudError::MediaGone));
    assert_eq!(scene.meta.download(&access, &place, 100).await, Err(CloudError::MediaGone));
    assert_eq!(scene.meta.delete(&access, &own).await, Err(CloudError::MediaGone));
    scene.opens(ANA);
    let sent = scene.post(json!({"to": ANA, "type": "image", "image": {"id": own}})).await;
    assert_eq!(code(&sent.expect_err("gone")), 131_009);
}

#[tokio::test]
async fn a_file_is_of_the_number_s_account_and_of_the_kind_it_is_sent_as() {
    let scene = scene();
    scene.opens(ANA);
    let foreign = scene.uploads(1, "image/png").await;
    let image = |id: &str| json!({"to": ANA, "type": "image", "image": {"id": id}});
    assert_eq!(code(&scene.post(image(&foreign)).await.expect_err("another's")), 131_009);
    let asked = |id: &str| {
        let buttons = json!([{"type": "reply", "reply": {"id": "y", "title": "Yes"}}]);
        json!({"to": ANA, "type": "interactive", "interactive": {
            "type": "button", "body": {"text": "Good?"}, "action": {"buttons": buttons},
            "header": {"type": "image", "image": {"id": id}}}})
    };
    assert_eq!(code(&scene.post(asked(&foreign)).await.expect_err("another's")), 131_009);
    let (page, picture) =
        (scene.uploads(0, "application/pdf").await, scene.uploads(0, "image/png").await);
    let sound = scene.uploads(0, "audio/mpeg").await;
    for (body, failure) in [
        (image(&picture), 0),
        (image(&page), 131_053),
        (asked(&picture), 0),
        (asked(&page), 131_053),
        (json!({"to": ANA, "type": "document", "document": {"id": picture}}), 0),
        (json!({"to": ANA, "type": "audio", "audio": {"id": sound}}), 0),
        (json!({"to": ANA, "type": "audio", "audio": {"id": sound, "voice": true}}), 131_053),
        (json!({"to": ANA, "type": "sticker", "sticker": {"id": picture}}), 131_053),
    ] {
        scene.post(body.clone()).await.expect("accepted");
        assert_eq!(scene.failure(), failure, "{body}");
    }
}

#[tokio::test]
async fn a_reaction_needs_a_message_of_the_last_thirty_days_that_is_none_itself() {
    let scene = scene();
    let theirs = scene.meta.write(ANA, "Hi").expect("writes");
    scene.raw();
    let answer = scene.hi(ANA).await.expect("accepted");
    scene.raw();
    let own = answer["messages"][0]["id"].as_str().expect("an id");
    let reaction =
        json!({"from": ANA, "type": "reaction", "reaction": {"message_id": own, "emoji": "👍"}});
    let reaction = scene.meta.inbound(reaction).expect("reacts");
    scene.raw();
    assert_eq!(scene.reacts(ANA, &theirs).await, 0);
    assert_eq!(scene.reacts(ANA, own).await, 0);
    assert_eq!(scene.reacts(ANA, &reaction).await, 131_009);
    assert_eq!(scene.reacts(ANA, "wamid.unknown").await, 131_009);
    let bia = "+5511981234568";
    scene.opens(bia);
    assert_eq!(scene.reacts(bia, &theirs).await, 131_009, "it was Ana's");
    let back = json!({"from": ANA, "type": "revoke", "revoke": {"original_message_id": theirs}});
    scene.meta.inbound(back).expect("is taken back");
    scene.raw();
    assert_eq!(scene.reacts(ANA, &theirs).await, 131_009, "it was taken back");
    scene.clock.advance(Span::days(31));
    scene.opens(ANA);
    assert_eq!(scene.reacts(ANA, own).await, 131_009, "it is too old");
}

#[tokio::test]
async fn a_call_of_a_customer_opens_the_window_and_a_template_beside_a_text_does_not() {
    let scene = scene();
    let trick = json!({"to": ANA, "type": "text", "text": {"body": "Hi"},
        "template": {"name": "store_hours", "language": {"code": "en_US"}}});
    scene.post(trick).await.expect("accepted");
    assert_eq!(scene.failure(), 131_047);
    scene.meta.ring(json!({"action": "call", "who": ANA})).expect("calls");
    scene.raw();
    scene.hi(ANA).await.expect("accepted");
    assert_eq!(scene.failure(), 0);
}

#[tokio::test]
async fn a_list_is_read_forwards_and_backwards_until_its_cursors_end() {
    let scene = scene();
    let all = scene.page(&[("limit", "100")]).await.expect("lists");
    let first = scene.page(&[("limit", "2")]).await.expect("lists");
    assert!(first["paging"].get("previous").is_none());
    let after = first["paging"]["cursors"]["after"].as_str().expect("a cursor");
    let second = scene.page(&[("limit", "2"), ("after", after)]).await.expect("lists");
    assert_eq!(second["data"][0], all["data"][2]);
    let next = first["paging"]["next"].as_str().expect("there are more");
    assert!(next.contains("fields=id") && next.contains("limit=2"), "{next}");
    let before = second["paging"]["cursors"]["before"].as_str().expect("a cursor");
    let back = scene.page(&[("limit", "2"), ("before", before)]).await.expect("lists");
    assert_eq!(back["data"], first["data"]);
    assert!(second["paging"]["previous"].as_str().is_some_and(|url| url.contains("before=")));
    scene.clock.advance(Span::hours(1));
    let ended = scene.page(&[("limit", "2"), ("after", after)]).await.expect_err("too late");
    assert_eq!(code(&ended), 131_059);
}
