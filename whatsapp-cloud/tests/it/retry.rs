//! Trying again only where it is allowed, and batches.

use std::sync::Arc;

use serde_json::json;
use whatsapp_cloud::retry::{RetryPolicy, Retrying};
use whatsapp_cloud::scripted::Scripted;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_cloud::transport::{GraphRequest, Verb};
use whatsapp_cloud::{
    Access, AccountApi, CloudError, Messaging, OutgoingMessage, ProviderError, Recipient,
    Transport, batch, explain,
};
use whatsapp_core::env::{SeededEntropy, SystemClock};
use whatsapp_core::{Content, Env, Secret, Span};

fn env() -> Env {
    Env::new(Arc::new(SystemClock), Arc::new(SeededEntropy::new(7)))
}

fn access() -> Access {
    Access::new(Secret::from("EAAG"), "104551238800917", "118002447730265")
}

fn hello() -> OutgoingMessage {
    OutgoingMessage::new(Recipient::from_address("+5511981234567"), Content::text("Hello"))
}

fn patient(meta: &Arc<Scripted>) -> Retrying<Arc<Scripted>> {
    Retrying::new(Arc::clone(meta), RetryPolicy::default(), env()).sleeping(async |_| ())
}

fn lost() -> CloudError {
    CloudError::Ambiguous { reason: "the connection broke".into(), http_status: None }
}

fn refusal(code: i64) -> serde_json::Value {
    json!({"error": {"code": code, "message": "no"}})
}

#[tokio::test]
async fn a_message_is_sent_again_only_after_a_refusal_that_passes() {
    let script = Scripted::new()
        .answer(400, refusal(130_429))
        .fail(CloudError::Unreachable { reason: "refused".into() })
        .answer(503, refusal(2))
        .answer(200, json!({"messages": [{"id": "wamid.1"}]}));
    let meta = Arc::new(script);
    let patient = patient(&meta);
    assert_eq!(patient.send(&access(), &hello()).await.expect("is sent").wamid, "wamid.1");
    assert_eq!(meta.asked().len(), 4);
}

#[tokio::test]
async fn a_message_whose_fate_is_unknown_is_never_sent_again_but_a_question_is_asked_again() {
    let meta = Arc::new(Scripted::new().fail(lost()).fail(lost()).answer(200, json!({"id": "1"})));
    let patient = patient(&meta);
    assert_eq!(patient.send(&access(), &hello()).await, Err(lost()));
    assert_eq!(meta.asked().len(), 1);
    assert!(patient.phone_number(&access()).await.is_ok());
    assert_eq!(meta.asked().len(), 3);
}

#[tokio::test]
async fn what_is_final_comes_back_at_once() {
    for code in [100, 131_047, 131_026, 190, 131_048, 132_015, 368] {
        let meta = Arc::new(Scripted::new().answer(400, refusal(code)));
        let patient = patient(&meta);
        assert!(patient.send(&access(), &hello()).await.is_err());
        assert_eq!(meta.asked().len(), 1, "{code}");
    }
}

#[test]
fn waits_grow_and_never_pass_the_longest() {
    let policy = RetryPolicy::default().with_attempts(9);
    let busy = CloudError::Temporary { after: Span::ZERO, error: Default::default() };
    let waits: Vec<_> = (1..=9).map(|made| policy.wait(Verb::Post, &busy, made, &env())).collect();
    assert!(waits.iter().flatten().is_sorted(), "{waits:?}");
    assert!(waits.iter().flatten().all(|wait| *wait <= Span::millis(37_500)));
    assert_eq!((waits.first().map(Option::is_some), waits.last()), (Some(true), Some(&None)));
    let long = CloudError::RateLimited { after: Span::minutes(19), error: Default::default() };
    assert_eq!(policy.wait(Verb::Post, &long, 1, &env()), None);
}

#[test]
fn who_got_too_much_waits_four_to_the_nth_seconds_as_meta_asks() {
    let policy = RetryPolicy::default().with_attempts(9).with_longest(Span::minutes(20));
    let full =
        CloudError::PairRate { after: explain(131_056).after, error: ProviderError::default() };
    for (made, least) in [(1, 6), (2, 16), (3, 64), (4, 256), (5, 1_024)] {
        let wait = policy.wait(Verb::Post, &full, made, &env()).expect("waits");
        let seconds = wait.as_micros() / 1_000_000;
        assert!((least..=least + least / 4).contains(&seconds), "{made}: {wait:?}");
    }
}

#[tokio::test]
async fn each_part_of_a_batch_stands_alone() {
    let meta = Simulator::new(7, Env::system());
    let access = meta.access(0).expect("a number");
    let message = json!({"messaging_product": "whatsapp", "to": "+5511981234567", "type": "text",
        "text": {"body": "50% & more"}});
    let path = [access.phone_number_id.as_str(), "messages"];
    let calls = [
        GraphRequest::post(&access.token, path, message),
        GraphRequest::get(&access.token, ["nothing"]),
        GraphRequest::get(&access.token, [access.waba_id.as_str(), "phone_numbers"])
            .query("limit", "1"),
    ];
    let came = batch(&meta, &access.token, &calls).await.expect("is answered");
    assert!(came[0].is_ok() && came[2].is_ok());
    assert!(matches!(&came[1], Err(CloudError::Token(error)) if error.subcode == Some(33)));
    assert_eq!(meta.sends()[0].text.as_deref(), Some("50% & more"));
    let none: [GraphRequest; 0] = [];
    assert!(batch(&meta, &access.token, &none).await.is_err());
    let many = vec![calls[1].clone(); 51];
    assert!(batch(&meta, &access.token, &many).await.is_err());
    assert!(meta.exchange(calls[2].clone()).await.is_ok());
}
