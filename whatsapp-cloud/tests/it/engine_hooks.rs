//! Webhooks: where they go, how many things a call tells, what happens when nobody answers.

use serde_json::{Value, json};
use whatsapp_cloud::simulator::Faults;
use whatsapp_cloud::webhook::verify_signature;
use whatsapp_cloud::{AccountApi, CallbackOverride};
use whatsapp_core::{Secret, Span};

use crate::engine::*;
use crate::scene::*;

#[tokio::test]
async fn a_number_s_address_goes_before_the_account_s_before_the_app_s() {
    let scene = scene();
    let access = scene.number(0);
    let write = || {
        scene.meta.write(ANA, "Hi").expect("writes");
        scene.clock.advance(Span::seconds(1));
        scene.meta.take_webhooks().remove(0).url
    };
    assert_eq!(write(), None, "nobody listens");
    scene.meta.subscribe_app(&access, None).await.expect("subscribes");
    assert_eq!(write(), None);
    scene.meta.set_app_callback(Some("https://app.example"));
    assert_eq!(write().as_deref(), Some("https://app.example"));
    let url = "https://account.example".to_owned();
    let callback = CallbackOverride { url, verify_token: Secret::from("t") };
    scene.meta.subscribe_app(&access, Some(callback)).await.expect("subscribes");
    assert_eq!(write().as_deref(), Some("https://account.example"));
    let id = &access.phone_number_id;
    let line =
        |url: &str| scene.meta.change_number(id, json!({ "callback": url })).expect("changes");
    line("https://number.example");
    assert_eq!(write().as_deref(), Some("https://number.example"));
    let template = scene.template("store_hours").await.meta_id;
    scene.meta.review_template(&template, "PAUSED", "NONE").expect("is there");
    scene.clock.advance(Span::seconds(1));
    let call = scene.meta.take_webhooks().remove(0);
    assert_eq!(call.url.as_deref(), Some("https://app.example"), "the account's own fields");
    line("");
    assert_eq!(write().as_deref(), Some("https://account.example"));
    scene.meta.unsubscribe_app(&access).await.expect("unsubscribes");
    assert_eq!(write(), None);
}

#[tokio::test]
async fn one_call_may_tell_of_several_accounts_and_fields() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.webhooks.mix_accounts = 1.0;
    faults.webhooks.batch = 1_000;
    faults.webhooks.delay_ms = [0, 0];
    scene.meta.set_faults(faults);
    let mut most = (0, 0);
    for _ in 0..20 {
        for n in 0..10 {
            let id = scene.number(n % 2).phone_number_id;
            let act = json!({"from": person(n), "phone_number_id": id, "text": {"body": "Hi"}});
            scene.meta.inbound(act).expect("understood");
        }
        scene.meta.stop_marketing(ANA, true).expect("stops");
        scene.clock.advance(Span::seconds(1));
        for call in scene.meta.take_webhooks() {
            let root: Value = serde_json::from_slice(&call.body).expect("JSON");
            let entries = root["entry"].as_array().expect("entries").len();
            most = most.max((entries, changes(&call.body).len()));
        }
    }
    assert!(most.0 > 5 && most.1 >= most.0, "{most:?}");
}

#[tokio::test]
async fn no_call_is_larger_than_three_megabytes_or_a_thousand_things() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.webhooks.batch = 100_000;
    faults.webhooks.delay_ms = [0, 0];
    scene.meta.set_faults(faults);
    let text = "ü".repeat(4_000);
    for n in 0..1_500 {
        scene.meta.write(&person(n), &text).expect("writes");
    }
    scene.clock.advance(Span::seconds(1));
    let calls = scene.meta.take_webhooks();
    let mut told = 0;
    for call in &calls {
        assert!(call.body.len() <= 3 * 1024 * 1024);
        let messages = messages(changes(&call.body)).len();
        assert!(messages <= 1_000);
        told += messages;
    }
    assert_eq!(told, 1_500);
    assert!(calls.iter().any(|call| call.body.len() > 1024 * 1024), "and some are large");
}

#[tokio::test]
async fn whoever_does_not_answer_is_asked_for_seven_days_and_then_no_more() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.webhooks.retry_max_ms = 6 * 3_600_000;
    scene.meta.set_faults(faults);
    scene.meta.write(ANA, "Hi").expect("writes");
    let (start, mut tries) = (scene.env.now(), 0);
    while let Some(at) = scene.meta.next_webhook_at() {
        scene.clock.set(at);
        tries += scene.meta.deliver_webhooks(|_| false);
    }
    assert!(scene.env.now() - start > Span::hours(6 * 24 + 18), "to the end");
    assert!(scene.env.now() - start < Span::hours(7 * 24 + 1));
    assert!((20..100).contains(&tries), "{tries}");
    assert_eq!(scene.meta.webhooks_given_up(), 1);
    scene.meta.write(ANA, "Are you there?").expect("writes");
    let mut answers = [false, true].into_iter();
    while let Some(at) = scene.meta.next_webhook_at() {
        scene.clock.set(at);
        scene.meta.deliver_webhooks(|_| answers.next().expect("no third time"));
    }
    assert_eq!(scene.meta.webhooks_given_up(), 1);
}

#[tokio::test]
async fn a_call_may_be_signed_with_another_secret_and_a_status_may_come_late() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.webhooks.wrong_signature = 0.5;
    faults.webhooks.late_statuses = 1.0;
    scene.meta.set_faults(faults);
    let (mut right, mut wrong) = (0, 0);
    for n in 0..40 {
        scene.meta.write(&person(n), "Hi").expect("writes");
        scene.clock.advance(Span::seconds(1));
        for call in scene.meta.take_webhooks() {
            let secret = scene.meta.app_secret();
            match verify_signature(&secret, Some(&call.signature), &call.body) {
                Ok(_) => right += 1,
                Err(_) => wrong += 1,
            }
        }
    }
    assert!(right > 5 && wrong > 5, "{right} right, {wrong} wrong");
    scene.hi(&person(1)).await.expect("accepted");
    let soon = scene.env.now() + Span::seconds(50);
    assert!(scene.raw_until(soon).is_empty());
    assert!(!scene.raw_statuses().is_empty());
}
