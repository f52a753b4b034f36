//! How much may be sent and asked, to whom and from where.

use serde_json::json;
use whatsapp_cloud::simulator::{Faults, MessagingLimit};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::{AccountApi, CloudError};
use whatsapp_core::Span;

use crate::engine::*;
use crate::scene::*;

#[tokio::test]
async fn a_number_on_the_business_app_sends_twenty_a_second_and_a_fast_one_a_thousand() {
    let scene = scene();
    let access = scene.number(0);
    let change = |level: &str| {
        let change = json!({ "throughput": level });
        scene.meta.change_number(&access.phone_number_id, change).expect("changes");
    };
    change("COEXISTENCE");
    for n in 0..20 {
        scene.hours(0, &person(n)).await.expect("within the quota");
    }
    assert_eq!(code(&scene.hours(0, &person(20)).await.expect_err("too fast")), 130_429);
    change("HIGH");
    assert_eq!(code(&scene.hours(0, &person(21)).await.expect_err("not now")), 131_057);
    scene.clock.advance(Span::minutes(1));
    for n in 0..1_000 {
        scene.hours(0, &person(n)).await.expect("within the quota");
    }
    assert_eq!(code(&scene.hours(0, &person(1_000)).await.expect_err("too fast")), 130_429);
    let told = scene.raw();
    let upgrade = told.iter().find(|(field, _)| field == "phone_number_quality_update");
    assert_eq!(upgrade.expect("told").1["event"], "THROUGHPUT_UPGRADE");
    assert_eq!(scene.meta.phone_number(&access).await.expect("is there").throughput, 1_000);
}

#[tokio::test]
async fn the_portfolio_s_numbers_share_how_many_people_they_write_to_in_a_day() {
    let scene = scene();
    scene.meta.set_messaging_limit(MessagingLimit::Tier250);
    let told = scene.raw();
    assert!(told.iter().all(|(field, _)| field == "business_capability_update"));
    assert_eq!(told[0].1["max_daily_conversations_per_business"], "TIER_250");
    for n in 0..250 {
        scene.hours(n % 2, &person(n)).await.expect("accepted");
        scene.clock.advance(Span::millis(20));
    }
    assert_eq!(scene.failure(), 0);
    scene.hours(0, &person(250)).await.expect("accepted all the same");
    assert_eq!(scene.failure(), 131_048);
    scene.hours(1, &person(7)).await.expect("somebody of today");
    assert_eq!(scene.failure(), 0);
    scene.opens(&person(251));
    scene.hours(0, &person(251)).await.expect("somebody who wrote");
    assert_eq!(scene.failure(), 0);
    scene.clock.advance(Span::hours(24));
    scene.hours(0, &person(250)).await.expect("another day");
    assert_eq!(scene.failure(), 0);
}

#[tokio::test]
async fn marketing_is_capped_a_person_and_can_be_paused_in_the_united_states() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.limits.marketing_per_person = Some(2);
    faults.limits.us_marketing_paused = true;
    scene.meta.set_faults(faults);
    for expected in [0, 0, 131_049] {
        scene.offer(ANA).await.expect("accepted");
        assert_eq!(scene.failure(), expected);
    }
    scene.opens(ANA);
    scene.offer(ANA).await.expect("accepted");
    assert_eq!(scene.failure(), 0, "who wrote is not counted");
    scene.offer("+14155550100").await.expect("accepted");
    assert_eq!(scene.failure(), 131_049);
    scene.hours(0, "+14155550100").await.expect("accepted");
    assert_eq!(scene.failure(), 0, "utility passes");
    scene.offer("+14165550100").await.expect("accepted");
    assert_eq!(scene.failure(), 0, "and so does Canada");
}

#[tokio::test]
async fn whom_a_number_may_not_write_to() {
    let scene = scene();
    let id = scene.number(0).phone_number_id;
    let change = |change| scene.meta.change_number(&id, change).expect("changes");
    let refused = async || code(&scene.hours(0, ANA).await.expect_err("refused"));
    change(json!({"block": [ANA]}));
    assert_eq!(refused().await, 130_403);
    change(json!({"unblock": [ANA], "allow": [person(1)]}));
    assert_eq!(refused().await, 131_030);
    change(json!({"allow": [], "registered": false}));
    assert_eq!(refused().await, 133_010);
    change(json!({"registered": true}));
    scene.meta.change_person(ANA, json!({"blocks": [id]})).expect("changes");
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(scene.failure(), 131_026);
    scene.hours(1, ANA).await.expect("accepted");
    assert_eq!(scene.failure(), 0, "only this business is blocked");
    scene.meta.change_person(ANA, json!({"on_whatsapp": false})).expect("changes");
    scene.hours(1, ANA).await.expect("accepted");
    assert_eq!(scene.failure(), 131_026);
    assert!(scene.meta.change_number(&id, json!({"colour": "red"})).is_err());
    assert!(scene.meta.change_number("42", json!({})).is_err());
}

#[tokio::test]
async fn an_account_may_be_asked_so_often_in_an_hour_and_every_answer_tells_how_much_is_used() {
    let scene = scene();
    let access = scene.number(0);
    let ask = async || {
        let request = GraphRequest::get(&access.token, [access.waba_id.as_str()]);
        scene.meta.exchange(request).await
    };
    let change = json!({"registered": false});
    scene.meta.change_number(&access.phone_number_id, change).expect("changes");
    for n in 1..=200 {
        let answer = ask().await.expect("within the quota");
        assert_eq!(answer.usage.business_percent, n / 2);
    }
    let refused = ask().await.expect_err("too often");
    assert_eq!(code(&refused), 80_007);
    let CloudError::RateLimited { after, .. } = refused else { panic!("{refused:?}") };
    assert_eq!(after, Span::minutes(60));
    let other = scene.number(1);
    let request = GraphRequest::get(&other.token, [other.waba_id.as_str()]);
    scene.meta.exchange(request).await.expect("another account is free");
    let change = json!({"registered": true});
    scene.meta.change_number(&access.phone_number_id, change).expect("changes");
    assert_eq!(ask().await.expect("many more").usage.business_percent, 4);
}
