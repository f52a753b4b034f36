//! The real client and the simulator over real sockets.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use serde_json::{Value, json};
use whatsapp_cloud::webhook::{Inbound, Verified, parse, verify_signature};
use whatsapp_cloud::{
    Access, AccountApi, CloudError, GraphClient, GraphSettings, MediaApi, MediaLocation, Messaging,
    TemplateApi, Upload,
};
use whatsapp_core::{Secret, Timestamp};

use crate::wire::*;

#[tokio::test]
async fn a_customer_writes_we_answer_and_the_ticks_come_back() {
    let meta = meta().await;
    let (url, mut received) = endpoint(Vec::new()).await;
    meta.client.subscribe_app(&meta.access, callback(&url, "my-token")).await.expect("verified");
    let apps = meta.client.subscribed_apps(&meta.access).await.expect("lists");
    assert_eq!(apps[0].callback.as_deref(), Some(url.as_str()));
    let act = json!({"from": ANA, "name": "Ana 🙂", "type": "text", "text": {"body": "Olá"}});
    meta.control.ask("POST", "/_sim/inbound", &act).await;
    let secret = meta.running.world["app"]["secret"].as_str().expect("a secret").into();
    let mut seen = Vec::new();
    let mut wamid = String::new();
    while seen.last() != Some(&"read") {
        let (signature, body) = next(&mut received).await;
        let verified = verify_signature(&secret, signature.as_deref(), &body);
        assert_eq!(verified, Ok(Verified::Exact));
        for change in parse(&body, Timestamp::ZERO).expect("reads") {
            assert_eq!(change.phone_number_id.as_deref(), Some(&*meta.access.phone_number_id));
            match change.inbound {
                Inbound::Message(message) => {
                    assert_eq!(message.profile_name.as_deref(), Some("Ana 🙂"));
                    meta.client.show_typing(&meta.access, &message.wamid).await.expect("typing");
                    wamid = meta.client.send(&meta.access, &hello()).await.expect("sent").wamid;
                }
                Inbound::Status(status) => {
                    assert_eq!(status.wamid, wamid);
                    assert_eq!(status.callback_data.as_deref(), Some("attempt-1"));
                    seen.push(status.status.as_str());
                }
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(seen, ["sent", "delivered", "read"]);
    meta.running.stop().await;
}

#[tokio::test]
async fn a_webhook_that_is_not_answered_200_comes_again() {
    let meta = meta().await;
    let (url, mut received) =
        endpoint(vec![StatusCode::SERVICE_UNAVAILABLE, StatusCode::CREATED]).await;
    meta.control
        .ask("PUT", "/_sim/faults", &json!({"webhooks": {"retry_first_ms": 5, "retry_max_ms": 20}}))
        .await;
    meta.client.subscribe_app(&meta.access, callback(&url, "my-token")).await.expect("verified");
    meta.control.ask("POST", "/_sim/inbound", &json!({"from": ANA, "text": {"body": "Hi"}})).await;
    let first = next(&mut received).await;
    for _ in 0..2 {
        assert_eq!(next(&mut received).await, first, "the same bytes again");
    }
}

#[tokio::test]
async fn a_callback_that_does_not_know_the_token_is_not_taken() {
    let meta = meta().await;
    let (url, _received) = endpoint(Vec::new()).await;
    let refused = meta.client.subscribe_app(&meta.access, callback(&url, "another")).await;
    let error = refused.expect_err("not verified");
    assert_eq!(error.provider().expect("Meta's body").code, 2_200);
    assert_eq!(meta.client.subscribed_apps(&meta.access).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_broken_connection_is_ambiguous_whether_or_not_it_was_accepted() {
    let meta = meta().await;
    for (fault, accepted) in [
        (json!({"kind": "reset_before"}), 0),
        (json!({"kind": "reset_after"}), 1),
        (json!({"kind": "status_before", "status": 502}), 1),
        (json!({"kind": "status_after", "status": 500}), 2),
    ] {
        meta.control.fault(fault.clone()).await;
        let error = meta.client.send(&meta.access, &hello()).await.expect_err("no answer");
        assert!(matches!(error, CloudError::Ambiguous { .. }), "{fault}: {error:?}");
        assert!(!error.proof_not_accepted());
        assert_eq!(meta.control.accepted().await.len(), accepted, "{fault}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_ambiguous() {
    let meta = meta().await;
    meta.control.fault(json!({"kind": "hang", "ms": 60_000})).await;
    let settings = GraphSettings::default().with_base(meta.running.url());
    let hasty = GraphClient::new(settings.with_timeout(Duration::from_millis(300))).expect("good");
    let error = hasty.send(&meta.access, &hello()).await.expect_err("too slow");
    assert!(matches!(error, CloudError::Ambiguous { .. }), "{error:?}");
    assert_eq!(meta.control.accepted().await.len(), 1);
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let access = Access::new(Secret::from("token"), "1", "2");
    let error = client(&url).send(&access, &hello()).await.expect_err("nobody there");
    assert!(matches!(error, CloudError::Unreachable { .. }), "{error:?}");
    assert!(error.proof_not_accepted());
}

#[tokio::test]
async fn refusals_arrive_with_meta_s_code() {
    let meta = meta().await;
    meta.control.fault(json!({"kind": "refuse", "code": 130_429})).await;
    let error = meta.client.send(&meta.access, &hello()).await.expect_err("refused");
    assert!(matches!(error, CloudError::RateLimited { .. }), "{error:?}");
    assert!(error.provider().and_then(|e| e.trace.as_ref()).is_some());
    let mut wrong = meta.access.clone();
    wrong.token = Secret::from("wrong");
    let error = meta.client.phone_number(&wrong).await.expect_err("refused");
    assert!(matches!(error, CloudError::Token(_)), "{error:?}");
}

#[tokio::test]
async fn only_the_secret_of_the_token_s_app_passes_the_check() {
    let meta = meta().await;
    let secret = meta.running.world["app"]["secret"].as_str().expect("a secret").into();
    meta.client.check_app_secret(&meta.access, &secret).await.expect("it is the app's");
    for wrong in ["another-secret", "", &secret.expose().to_uppercase()] {
        let refused = meta.client.check_app_secret(&meta.access, &Secret::from(wrong)).await;
        let error = refused.expect_err("it is not the app's");
        assert!(matches!(&error, CloudError::Invalid { field, .. } if field == "app_secret"));
        assert!(!error.to_string().contains("appsecret_proof"), "in plain words: {error}");
    }
    let mut expired = meta.access.clone();
    expired.token = Secret::from("wrong");
    let error = meta.client.check_app_secret(&expired, &secret).await.expect_err("refused");
    assert!(matches!(error, CloudError::Token(_)), "a wrong token is told as such: {error:?}");
    let mut elsewhere = meta.access.clone();
    elsewhere.phone_number_id = "1".into();
    let error = meta.client.check_app_secret(&elsewhere, &secret).await.expect_err("refused");
    assert!(error.provider().is_some(), "a wrong number is told as such: {error:?}");
}

#[tokio::test]
async fn a_given_proof_must_fit_whatever_is_called() {
    let meta = meta().await;
    let (token, number) = (meta.access.token.expose(), &meta.access.phone_number_id);
    for (method, path) in [
        ("GET", format!("/v25.0/{number}")),
        ("POST", format!("/v25.0/{number}/messages")),
        ("POST", format!("/v25.0/{number}/media")),
        ("GET", format!("/v25.0/{}/message_templates", meta.access.waba_id)),
    ] {
        let path = format!("{path}?access_token={token}&appsecret_proof=00");
        let answer = meta.control.refused(method, &path).await;
        let error = &answer["error"];
        assert_eq!(error["code"], 100, "{method} {path}");
        assert_eq!(error["message"], "Invalid appsecret_proof provided in the API argument");
    }
    assert!(meta.control.accepted().await.is_empty());
    meta.client.send(&meta.access, &hello()).await.expect("without a proof all is as before");
}

#[tokio::test]
async fn numbers_templates_and_files_are_read_over_the_wire() {
    let meta = meta().await;
    let details = meta.client.phone_number(&meta.access).await.expect("is there");
    let phone = meta.running.world["wabas"][0]["phone_numbers"][0]["phone"].as_str();
    assert_eq!(details.phone.as_ref().map(whatsapp_core::Phone::as_str), phone);
    assert_eq!(meta.client.phone_numbers(&meta.access).await, Ok(vec![details]));
    let page = meta.client.list(&meta.access, None).await.expect("lists");
    assert!(page.templates.len() >= 8 && page.next.is_none());
    let bytes = b"%PDF-1.7 not really".to_vec();
    let upload = Upload {
        bytes: bytes.clone().into(),
        mime: "application/pdf".into(),
        filename: "a.pdf".into(),
    };
    let id = meta.client.upload(&meta.access, upload).await.expect("uploads");
    let place = meta.client.locate(&meta.access, &id).await.expect("is there");
    assert_eq!(place.size, Some(19));
    let back = meta.client.download(&meta.access, &place, 1_000).await.expect("downloads");
    assert_eq!(&back[..], &bytes[..]);
    let small = meta.client.download(&meta.access, &place, 10).await;
    assert_eq!(small, Err(CloudError::TooLarge { limit: 10 }));
    meta.control.ask("POST", "/_sim/clock/advance", &json!({"seconds": 301})).await;
    let expired = meta.client.download(&meta.access, &place, 1_000).await;
    assert_eq!(expired, Err(CloudError::MediaGone));
    meta.client.delete(&meta.access, &id).await.expect("deletes");
    assert_eq!(meta.client.locate(&meta.access, &id).await, Err(CloudError::MediaGone));
}

#[tokio::test]
async fn the_token_does_not_follow_a_file_to_another_host() {
    let elsewhere = Router::new().route(
        "/file",
        get(
            async |headers: HeaderMap| {
                if headers.contains_key("authorization") { "with the token" } else { "without" }
            },
        ),
    );
    let target = format!("{}/file", start(elsewhere).await);
    let to = target.clone();
    let redirect = Router::new().route(
        "/file",
        get(async move |headers: HeaderMap| {
            assert!(headers.contains_key("authorization"));
            axum::response::Redirect::temporary(&to)
        }),
    );
    let here = start(redirect).await;
    let url = format!("{here}/file");
    let access = Access::new(Secret::from("token"), "1", "2");
    let place = MediaLocation::at(url);
    let client = client(&here);
    let bytes = client.download(&access, &place, 100).await.expect("downloads");
    assert_eq!(&bytes[..], b"without");
    let forged = MediaLocation::at(target);
    let bytes = client.download(&access, &forged, 100).await.expect("downloads");
    assert_eq!(&bytes[..], b"without", "nor does it go where an address alone says so");
    let abroad = MediaLocation::at("http://192.0.2.1/file");
    assert!(client.download(&access, &abroad, 100).await.is_err(), "never in plain text");
}

#[tokio::test]
async fn an_answer_that_is_larger_than_any_leaves_open_what_became_of_the_call() {
    let large = Router::new().fallback(async || vec![b' '; 9 * 1024 * 1024]);
    let access = Access::new(Secret::from("token"), "1", "2");
    let error = client(&start(large).await).send(&access, &hello()).await.expect_err("too large");
    assert!(matches!(error, CloudError::Ambiguous { .. }), "{error:?}");
    assert!(!error.proof_not_accepted());
}

#[tokio::test]
async fn an_id_that_would_lead_elsewhere_is_refused_before_the_call() {
    let meta = meta().await;
    for id in ["", "..", "../118002447730265", "1?fields=name", "1/2"] {
        let refused = meta.client.delete(&meta.access, id).await.expect_err(id);
        assert!(matches!(refused, CloudError::Invalid { .. }), "{id}: {refused:?}");
    }
}

#[test]
fn the_token_never_goes_out_in_plain_text_except_at_home() {
    for bad in ["http://graph.facebook.com", "ftp://127.0.0.1", "https://a:b@example.com", "graph"]
    {
        let made = GraphClient::new(GraphSettings::default().with_base(bad));
        assert!(matches!(made, Err(CloudError::Invalid { .. })), "{bad}");
    }
    for good in ["https://graph.facebook.com", "http://127.0.0.1:1", "http://localhost:1/base/"] {
        GraphClient::new(GraphSettings::default().with_base(good)).expect(good);
    }
    assert!(GraphClient::new(GraphSettings::default().with_version("25")).is_err());
}

#[tokio::test]
async fn the_phone_page_needs_nothing_from_elsewhere() {
    let meta = meta().await;
    let page = meta.control.ask("GET", "/_sim/phone", &Value::Null).await;
    let page = page.as_str().expect("a page");
    assert!(page.contains("</html>"));
    for outside in ["src=\"http", "href=\"http", "@import", "url(http"] {
        assert!(!page.contains(outside), "{outside}");
    }
}
