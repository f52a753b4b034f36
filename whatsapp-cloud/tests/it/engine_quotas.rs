//! How much may be set up at all: numbers, templates, edits, blocked people; and two ways of being refused for a while.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use whatsapp_cloud::AccountApi;
use whatsapp_cloud::CloudError;
use whatsapp_cloud::simulator::MessagingLimit;
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_core::Span;

use crate::scene::*;
use crate::wire::{self, endpoint, next};

impl Scene {
    async fn call(&self, path: [&str; 2], body: Value) -> Result<Value, CloudError> {
        let token = self.number(0).token;
        let path: Vec<&str> = path.into_iter().filter(|part| !part.is_empty()).collect();
        self.meta.exchange(GraphRequest::post(&token, path, body)).await.map(|answer| answer.body)
    }
    async fn draft(&self, n: usize) -> Result<Value, CloudError> {
        let waba = self.number(0).waba_id;
        let draft = json!({
            "name": format!("note_{n}"), "language": "en_US", "category": "UTILITY",
            "components": [{"type": "BODY", "text": format!("Note {n} is ready for you.")}],
        });
        self.call([&waba, "message_templates"], draft).await
    }
    async fn new_number(&self, n: u32) -> Result<Value, CloudError> {
        let wish =
            json!({"cc": "55", "phone_number": format!("1194000{n:04}"), "verified_name": "Casa"});
        self.call([&self.number(0).waba_id, "phone_numbers"], wish).await
    }
}

fn subcode(error: &CloudError) -> Option<i64> {
    error.provider().and_then(|provider| provider.subcode)
}

#[tokio::test]
async fn a_number_that_was_just_deleted_may_be_tried_again_in_five_minutes_and_is_gone_then() {
    let scene = scene();
    let number = scene.number(0).phone_number_id;
    scene.meta.delete_number(&number).expect("deletes");
    let register = || {
        let body = json!({"messaging_product": "whatsapp", "pin": "123456"});
        scene.call([&number, "register"], body)
    };
    assert_eq!(code(&register().await.expect_err("just deleted")), 133_015);
    scene.clock.advance(Span::minutes(5));
    assert_eq!(code(&register().await.expect_err("deleted")), 133_010);
}

#[tokio::test]
async fn a_portfolio_has_two_numbers_then_twenty_and_a_deleted_one_leaves_room() {
    let scene = scene();
    scene.meta.set_messaging_limit(MessagingLimit::Tier250);
    assert_eq!(code(&scene.new_number(0).await.expect_err("two are there")), 100);
    scene.meta.set_messaging_limit(MessagingLimit::Tier2K);
    for n in 0..18 {
        scene.new_number(n).await.expect("added");
    }
    assert_eq!(code(&scene.new_number(18).await.expect_err("twenty are there")), 100);
    scene.meta.delete_number(&scene.number(1).phone_number_id).expect("deletes");
    scene.new_number(19).await.expect("there is room again");
}

#[tokio::test]
async fn an_account_makes_a_hundred_templates_an_hour_and_keeps_two_hundred_and_fifty() {
    let scene = scene();
    scene.meta.set_messaging_limit(MessagingLimit::Tier250);
    for n in 0..100 {
        scene.draft(n).await.expect("created");
    }
    assert_eq!(code(&scene.draft(100).await.expect_err("too many in an hour")), 80_008);
    let mut count = 100;
    let full = loop {
        if count % 100 == 0 {
            scene.clock.advance(Span::hours(1));
        }
        match scene.draft(count).await {
            Ok(_) => count += 1,
            Err(error) => break error,
        }
        assert!(count < 250, "there is no end");
    };
    assert_eq!((code(&full), subcode(&full)), (100, Some(2_388_019)));
    let waba = scene.number(0).waba_id;
    let request = GraphRequest::get(&scene.number(0).token, [waba.as_str(), "message_templates"]);
    let all = scene.meta.exchange(request.query("limit", "500")).await.expect("lists").body;
    assert_eq!(all["data"].as_array().map(Vec::len), Some(250));
    scene.meta.set_messaging_limit(MessagingLimit::Tier2K);
    scene.draft(count).await.expect("a verified business keeps 6,000");
}

#[tokio::test]
async fn an_approved_template_is_changed_once_a_day_and_ten_times_in_thirty_days() {
    let scene = scene();
    let made = scene.draft(0).await.expect("created");
    let id = made["id"].as_str().expect("an id").to_owned();
    let edit = |n: usize| {
        let text = format!("Note {n} is quite another one.");
        scene.call([&id, ""], json!({"components": [{"type": "BODY", "text": text}]}))
    };
    for n in 0..10 {
        scene.clock.advance(Span::hours(25));
        edit(n).await.expect("changed");
        scene.clock.advance(Span::minutes(1));
        let soon = edit(99).await.expect_err("once a day");
        assert_eq!(subcode(&soon), Some(2_388_039));
    }
    scene.clock.advance(Span::hours(25));
    assert_eq!(subcode(&edit(10).await.expect_err("ten times")), Some(2_388_039));
    scene.clock.advance(Span::days(20));
    edit(11).await.expect("the first one is long ago");
}

#[tokio::test]
async fn a_list_of_sixty_four_thousand_blocked_people_takes_nobody_more() {
    let scene = scene();
    let number = scene.number(0).phone_number_id;
    let people: BTreeSet<String> = (0..64_000).map(|n| format!("+5511{n:09}")).collect();
    scene.meta.change_number(&number, json!({ "block": people })).expect("blocks");
    scene.meta.write(ANA, "Hi").expect("writes");
    let block = || {
        let people = json!({"messaging_product": "whatsapp", "block_users": [{"user": ANA}]});
        scene.call([&number, "block_users"], people)
    };
    assert_eq!(code(&block().await.expect_err("full")), 139_101);
    scene.meta.change_number(&number, json!({"unblock": ["+5511000000000"]})).expect("unblocks");
    block().await.expect("there is room again");
}

#[tokio::test]
async fn asked_with_a_wrong_verify_token_an_address_says_no_and_is_not_kept() {
    let meta = wire::meta().await;
    let (url, mut received) = endpoint(Vec::new()).await;
    let wrong = json!({"webhooks": {"wrong_verify_token": true}});
    meta.control.ask("PUT", "/_sim/faults", &wrong).await;
    let refused = meta.client.subscribe_app(&meta.access, wire::callback(&url, "my-token")).await;
    assert_eq!(code(&refused.expect_err("not proved")), 2_200);
    meta.control.ask("PUT", "/_sim/faults", &json!({})).await;
    meta.client
        .subscribe_app(&meta.access, wire::callback(&url, "my-token"))
        .await
        .expect("proved");
    meta.control.ask("POST", "/_sim/inbound", &json!({"from": ANA, "text": {"body": "Hi"}})).await;
    next(&mut received).await;
    meta.running.stop().await;
}

#[tokio::test]
async fn what_the_owner_wrote_on_the_app_stands_in_the_customers_conversation() {
    let meta = wire::meta().await;
    let id = &meta.access.phone_number_id;
    let path = |what: &str| format!("/_sim/coexistence/{id}/{what}");
    meta.control.ask("POST", &path("onboard"), &json!({})).await;
    let cards =
        json!([{"name": {"formatted_name": "Bia"}, "phones": [{"phone": "+551130000000"}]}]);
    let echo = json!({"to": ANA, "type": "contacts", "contacts": cards});
    let wamid = meta.control.ask("POST", &path("echo"), &echo).await["wamid"].clone();
    let thread =
        format!("/_sim/thread?phone_number_id={id}&who=%2B{}", ANA.trim_start_matches('+'));
    let seen = meta.control.ask("GET", &thread, &Value::Null).await;
    let shown = &seen["data"][0];
    assert_eq!((&shown["wamid"], &shown["by"]), (&wamid, &json!("business")));
    assert_eq!((&shown["on_app"], &shown["message"]["contacts"]), (&json!(true), &cards));
    assert_eq!(seen["window_open"], false);
    let threads = format!("/_sim/threads?phone_number_id={id}");
    let threads = meta.control.ask("GET", &threads, &Value::Null).await;
    assert_eq!(threads["data"][0]["who"], ANA);
    meta.running.stop().await;
}
