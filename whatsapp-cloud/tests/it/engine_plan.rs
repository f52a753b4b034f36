//! The fault plan: which calls, when, how often, and what happens.

use serde_json::{Value, json};
use whatsapp_cloud::simulator::{Fault, Faults, Route, Rule};
use whatsapp_cloud::{AccountApi, CloudError, Messaging, TemplateApi};
use whatsapp_core::Span;

use crate::engine::*;
use crate::scene::*;
use crate::wire;

#[test]
fn a_plan_is_read_from_json_and_plans_of_before_stay_valid() {
    let plan = json!({
        "rules": [
            {"route": "messages", "fault": {"kind": "refuse", "code": 131_016}},
            {"route": "account", "times": 2, "probability": 0.5, "to": ANA, "fault": {"kind": "hang", "ms": 5}},
            {"route": "qr", "every": 3, "number": "7", "from": "2026-11-23T10:00:00Z",
             "until": "2026-11-23T11:00:00Z",
             "fault": {"kind": "refuse", "code": 100, "subcode": 33, "transient": true, "status": 404}},
            {"fault": {"kind": "slow_down", "retry_after": 3}},
            {"fault": {"kind": "slow_body", "ms": 5}},
            {"fault": {"kind": "hang_before", "ms": 5}},
        ],
        "recipients": {ANA: 131_026},
        "webhooks": {"duplicate": 0.4, "batch": 20, "retry_first_ms": 500, "retry_max_ms": 60_000},
        "speed": {"sent_ms": [1, 2]}, "limits": {"per_second": 80, "pair_burst": 45, "pair_gap_seconds": 6},
        "refuse_closed_window": true,
    });
    let read: Faults = serde_json::from_value(plan).expect("a plan");
    let again: Faults = serde_json::from_value(json!(read)).expect("a plan");
    assert_eq!(read, again);
    for wrong in [
        json!({"rules": [{"route": "telepathy", "fault": {"kind": "reset_before"}}]}),
        json!({"rules": [{"fault": {"kind": "reset_before"}, "from": "yesterday"}]}),
        json!({"weather": "bad"}),
    ] {
        assert!(serde_json::from_value::<Faults>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_rule_may_hold_only_for_a_while() {
    let scene = scene();
    let now = scene.env.now();
    let fault = Fault::refuse(131_016);
    scene.plan(vec![Rule::new(fault).between(now + Span::hours(1), now + Span::hours(2))]);
    scene.hi(ANA).await.expect("not yet");
    scene.clock.advance(Span::hours(1));
    assert_eq!(code(&scene.hi(ANA).await.expect_err("now")), 131_016);
    scene.clock.advance(Span::hours(1));
    scene.hi(ANA).await.expect("no longer");
}

#[tokio::test]
async fn a_rule_may_hold_for_every_third_call_of_one_number_to_one_person() {
    let scene = scene();
    let rule =
        Rule::new(Fault::refuse(131_016)).every(3).about(scene.number(0).phone_number_id).to(ANA);
    scene.plan(vec![rule.at_most(2)]);
    let mut fails = Vec::new();
    for n in 0..12 {
        scene.hours(1, ANA).await.expect("another number");
        scene.hours(0, &person(n)).await.expect("another person");
        fails.push(scene.hours(0, ANA).await.is_err());
    }
    let third: Vec<bool> = (0..12).map(|n| n == 2 || n == 5).collect();
    assert_eq!(fails, third, "twice, and then the rule was used up");
}

#[tokio::test]
async fn a_rule_may_hold_for_one_family_of_calls() {
    let scene = scene();
    let access = scene.number(0);
    scene.plan(vec![Rule::new(Fault::refuse(2)).on(Route::Templates)]);
    assert!(scene.meta.list(&access, None).await.is_err());
    scene.meta.phone_number(&access).await.expect("another family");
    scene.plan(vec![Rule::new(Fault::refuse(2)).on(Route::Account)]);
    scene.meta.list(&access, None).await.expect("another family");
    assert!(scene.meta.phone_number(&access).await.is_err());
    assert!(scene.meta.subscribed_apps(&access).await.is_err());
}

#[tokio::test]
async fn a_refusal_may_have_a_subcode_and_another_status_and_say_when_to_come_again() {
    let scene = scene();
    let fault =
        json!({"kind": "refuse", "code": 100, "subcode": 33, "transient": true, "status": 503});
    let fault: Fault = serde_json::from_value(fault).expect("a fault");
    scene.plan(vec![Rule::new(fault)]);
    let refused = scene.hi(ANA).await.expect_err("refused");
    let provider = refused.provider().expect("Meta's words");
    assert_eq!((provider.code, provider.subcode, provider.http_status), (100, Some(33), 503));
    scene.plan(vec![Rule::new(Fault::SlowDown { retry_after: 17, code: 130_429 })]);
    let refused = scene.hi(ANA).await.expect_err("refused");
    let CloudError::RateLimited { after, ref error } = refused else { panic!("{refused:?}") };
    assert_eq!((after, error.http_status), (Span::seconds(17), 429));
}

#[tokio::test]
async fn what_hangs_before_acceptance_is_not_accepted() {
    let scene = scene();
    scene.plan(vec![Rule::new(Fault::HangBefore { ms: 10 })]);
    let lost = scene.hi(ANA).await.expect_err("no answer");
    assert!(matches!(lost, CloudError::Ambiguous { .. }));
    assert!(scene.meta.sends().is_empty());
    scene.plan(vec![Rule::new(Fault::SlowBody { ms: 10 })]);
    scene.hi(ANA).await.expect("in time");
    scene.plan(vec![Rule::new(Fault::SlowBody { ms: 40_000 })]);
    scene.hi(ANA).await.expect_err("too late");
    assert_eq!(scene.meta.sends().len(), 2);
}

#[tokio::test]
async fn over_the_wire_a_body_is_slow_a_call_hangs_and_a_header_says_when_to_come_again() {
    let meta = wire::meta().await;
    meta.control.fault(json!({"kind": "slow_body", "ms": 60})).await;
    meta.client.send(&meta.access, &wire::hello()).await.expect("in time");
    meta.control.fault(json!({"kind": "hang_before", "ms": 60})).await;
    let lost = meta.client.send(&meta.access, &wire::hello()).await.expect_err("no answer");
    assert!(matches!(lost, CloudError::Ambiguous { .. }), "{lost:?}");
    meta.control.fault(json!({"kind": "slow_down", "retry_after": 9})).await;
    let refused = meta.client.send(&meta.access, &wire::hello()).await.expect_err("refused");
    let CloudError::RateLimited { after, .. } = refused else { panic!("{refused:?}") };
    assert_eq!(after, Span::seconds(9));
    assert_eq!(meta.control.accepted().await.len(), 1);
    let plan = json!({"rules": [{"route": "messages", "times": 2, "fault": {"kind": "refuse", "code": 2}}]});
    meta.control.ask("PUT", "/_sim/faults", &plan).await;
    meta.client.send(&meta.access, &wire::hello()).await.expect_err("refused");
    let left = meta.control.ask("GET", "/_sim/faults", &Value::Null).await;
    assert_eq!(left["rules"][0]["times"], 1, "the plan tells what is left");
    meta.running.stop().await;
}
