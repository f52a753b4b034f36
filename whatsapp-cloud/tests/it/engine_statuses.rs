//! What becomes of messages: statuses and prices.

use serde_json::{Value, json};
use whatsapp_cloud::TemplateApi;
use whatsapp_cloud::simulator::Faults;
use whatsapp_core::Span;

use crate::engine::*;
use crate::scene::*;

fn calm() -> Faults {
    let mut faults = Faults::default();
    faults.speed.read_probability = 1.0;
    faults.speed.played_probability = 1.0;
    faults
}

#[tokio::test]
async fn delivered_may_be_skipped_and_then_the_price_stands_beside_read() {
    let scene = scene();
    let mut faults = calm();
    faults.speed.skip_delivered = 1.0;
    scene.meta.set_faults(faults);
    scene.hours(0, ANA).await.expect("accepted");
    let told = scene.raw_statuses();
    assert_eq!(all_words(&told), ["sent", "read"]);
    assert!(told.iter().all(|status| status["pricing"]["category"] == "utility"));
}

#[tokio::test]
async fn a_voice_message_is_played_and_of_a_reaction_only_sent_is_told() {
    let scene = scene();
    scene.meta.set_faults(calm());
    scene.opens(ANA);
    let audio = json!({"link": "https://shop.example/a.ogg", "voice": true});
    scene.post(json!({"to": ANA, "type": "audio", "audio": audio})).await.expect("accepted");
    let told = scene.raw_statuses();
    assert_eq!(all_words(&told), ["sent", "delivered", "read", "played"]);
    let wamid = told[0]["id"].clone();
    let reaction = json!({"message_id": wamid, "emoji": "👍"});
    scene
        .post(json!({"to": ANA, "type": "reaction", "reaction": reaction}))
        .await
        .expect("accepted");
    assert_eq!(all_words(&scene.raw_statuses()), ["sent"]);
}

#[tokio::test]
async fn who_shows_no_receipts_never_reads_and_some_are_never_reached() {
    let scene = scene();
    scene.meta.set_faults(calm());
    scene.meta.change_person(ANA, json!({"receipts": false})).expect("changes");
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(all_words(&scene.raw_statuses()), ["sent", "delivered"]);
    let mut faults = calm();
    faults.speed.never_delivered = 1.0;
    scene.meta.set_faults(faults);
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(all_words(&scene.raw_statuses()), ["sent"]);
}

#[tokio::test]
async fn a_phone_that_is_off_gets_its_messages_later_unless_they_are_too_old() {
    let scene = scene();
    scene.meta.set_faults(calm());
    let turn = |off: bool| scene.meta.change_person(ANA, json!({"off": off})).expect("changes");
    turn(true);
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(all_words(&scene.raw_statuses()), ["sent"]);
    scene.clock.advance(Span::days(20));
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(all_words(&scene.raw_statuses()), ["sent"]);
    scene.clock.advance(Span::days(12));
    turn(false);
    let told = scene.raw_statuses();
    assert_eq!(all_words(&told), ["delivered", "read"], "of the second one only");
    assert_eq!(told[0]["id"], scene.meta.sends()[1].wamid.as_str());
}

#[tokio::test]
async fn a_template_may_be_held_and_go_out_or_be_dropped_later() {
    let scene = scene();
    scene.meta.set_faults(calm());
    let id = scene.template("store_hours").await.meta_id;
    let status = |answer: &Value| answer["messages"][0]["message_status"].clone();
    for (verdict, expected) in
        [("release", vec!["sent", "delivered", "read"]), ("drop", vec!["failed"])]
    {
        scene.meta.judge_template(&id, "hold").expect("is there");
        let held = scene.hours(0, ANA).await.expect("accepted");
        assert_eq!(status(&held), "held_for_quality_assessment");
        assert!(scene.raw_statuses().is_empty(), "nothing happens yet");
        scene.clock.advance(Span::minutes(30));
        scene.meta.judge_template(&id, verdict).expect("is there");
        let told = scene.raw_statuses();
        assert_eq!(all_words(&told), expected, "{verdict}");
        if verdict == "drop" {
            assert_eq!(told[0]["errors"][0]["code"], 132_015);
        }
    }
    scene.meta.judge_template(&id, "pause").expect("is there");
    let paused = scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(status(&paused), "paused");
    assert_eq!(scene.failure(), 132_015);
    scene.meta.judge_template(&id, "release").expect("is there");
    assert_eq!(status(&scene.hours(0, ANA).await.expect("accepted")), "accepted");
    assert!(scene.meta.judge_template("42", "hold").is_err());
    assert!(scene.meta.list(&scene.number(0), None).await.is_ok());
}

/// The price of the next message, as it stands beside sent.
async fn price(scene: &Scene) -> Value {
    scene.raw_statuses().into_iter().find(|status| word(status) == "sent").expect("sent")
}

#[tokio::test]
async fn what_a_message_costs_goes_by_its_kind_the_window_and_the_date() {
    let scene = scene();
    let kind = |status: &Value| {
        let pricing = &status["pricing"];
        assert_eq!(pricing["pricing_model"], "PMP");
        assert_eq!(pricing["billable"], pricing["type"] == "regular");
        format!(
            "{} {}",
            pricing["category"].as_str().expect("one"),
            pricing["type"].as_str().expect("one")
        )
    };
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(kind(&price(&scene).await), "utility regular");
    scene.opens(ANA);
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(kind(&price(&scene).await), "utility free_customer_service");
    scene.hi(ANA).await.expect("accepted");
    let status = price(&scene).await;
    assert_eq!(kind(&status), "service free_customer_service");
    assert!(status.get("conversation").is_none(), "since version 24");
    scene.offer(ANA).await.expect("accepted");
    assert_eq!(kind(&price(&scene).await), "marketing regular");
    scene.clock.advance(Span::days(20)); // past 2026-10-01
    scene.opens(ANA);
    scene.hours(0, ANA).await.expect("accepted");
    assert_eq!(kind(&price(&scene).await), "utility regular");
    for n in 0..1_001 {
        scene.clock.advance(Span::seconds(7));
        scene.hi(ANA).await.expect("accepted");
        let expected = if n < 1_000 { "service free_customer_service" } else { "service regular" };
        assert_eq!(kind(&price(&scene).await), expected, "{n}");
    }
}

#[tokio::test]
async fn older_payloads_name_a_conversation_and_no_contacts() {
    let scene = scene();
    let mut faults = calm();
    faults.webhooks.version = 23;
    scene.meta.set_faults(faults);
    scene.hours(0, ANA).await.expect("accepted");
    let told = scene.raw();
    assert!(told.iter().all(|(_, value)| value.get("contacts").is_none()));
    let told = statuses(told);
    assert_eq!(told[0]["conversation"]["origin"]["type"], "utility");
    assert!(told[0]["conversation"]["expiration_timestamp"].is_string());
    assert!(told[1]["conversation"].get("expiration_timestamp").is_none());
    assert_eq!(told[0]["conversation"]["id"], told[1]["conversation"]["id"]);
    assert!(told[2].get("pricing").is_none(), "read has no price where delivered had");
}

#[tokio::test]
async fn who_came_by_an_advertisement_is_free_for_three_days_from_the_answer() {
    let scene = scene();
    let referral = json!({"source_url": "https://fb.me/1", "source_type": "ad", "source_id": "1"});
    let act = json!({"from": ANA, "text": {"body": "Hi"}, "referral": referral});
    scene.meta.inbound(act).expect("understood");
    scene.raw();
    scene.clock.advance(Span::hours(3));
    scene.hi(ANA).await.expect("accepted");
    let status = price(&scene).await;
    assert_eq!(status["pricing"]["type"], "free_entry_point");
    assert_eq!(status["conversation"]["origin"]["type"], "referral_conversion");
    scene.clock.advance(Span::hours(71));
    scene.offer(ANA).await.expect("accepted");
    assert_eq!(price(&scene).await["pricing"]["billable"], false);
    scene.clock.advance(Span::hours(2));
    scene.offer(ANA).await.expect("accepted");
    assert_eq!(price(&scene).await["pricing"]["type"], "regular");
    scene.hi(ANA).await.expect("accepted");
    assert_eq!(scene.failure(), 131_047, "the window closed all the same");
}

#[tokio::test]
async fn another_phone_than_expected_gets_nothing() {
    let scene = scene();
    let id = scene.number(0).phone_number_id;
    scene.meta.change_number(&id, json!({"identity_check": true})).expect("changes");
    scene.meta.write(ANA, "Hi").expect("writes");
    let told = scene.raw();
    let hash = told[0].1["contacts"][0]["identity_key_hash"].clone();
    let send = json!({"to": ANA, "type": "text", "text": {"body": "Hi"}, "recipient_identity_key_hash": hash});
    scene.post(send.clone()).await.expect("accepted");
    assert_eq!(scene.failure(), 0);
    scene.meta.change_person(ANA, json!({"identity_key_hash": "bmV3"})).expect("changes");
    let told = messages(scene.raw());
    assert_eq!(told[0]["system"]["type"], "customer_identity_changed");
    scene.post(send).await.expect("accepted");
    let told = scene.raw_statuses();
    assert_eq!(told[0]["errors"][0]["code"], 137_000);
    assert_eq!(told[0]["recipient_identity_key_hash"], "bmV3");
}
