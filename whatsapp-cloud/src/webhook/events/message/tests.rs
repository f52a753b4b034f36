//! What is a message, whose it is, and what stays raw.

use super::*;
use crate::webhook::{Change, parse};
use serde_json::json;
use whatsapp_core::Timestamp;

/// The smallest envelope around a value.
fn envelope(value: &Value) -> Vec<u8> {
    json!({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "changes": [{"field": "messages", "value": value}]}
    ]})
    .to_string()
    .into_bytes()
}

fn one(value: &Value) -> Inbound {
    let mut changes = parse(&envelope(value), Timestamp::from_seconds(9)).expect("parses");
    assert_eq!(changes.len(), 1, "{changes:?}");
    let Change { inbound, .. } = changes.remove(0);
    inbound
}

fn message(value: &Value) -> InboundMessage {
    match one(value) {
        Inbound::Message(message) => *message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn numbers_and_texts_are_alike_in_ids_and_times() {
    let message = message(&json!({"messages": [
        {"from": 5_511_981_234_567_i64, "id": 17, "timestamp": 1_790_000_000, "type": "text", "text": {"body": "hi"}}
    ]}));
    assert_eq!(message.wamid, "17");
    assert_eq!(message.identity.phone.expect("phone").as_str(), "+5511981234567");
    assert_eq!(message.at, Timestamp::from_seconds(1_790_000_000));
}

#[test]
fn without_a_time_it_is_the_time_the_call_came() {
    let message = message(&json!({"messages": [
        {"from": "5511981234567", "id": "w", "timestamp": "soon", "type": "text", "text": {"body": "hi"}}
    ]}));
    assert_eq!(message.at, Timestamp::from_seconds(9));
}

#[test]
fn the_name_of_another_person_in_the_batch_is_not_taken() {
    let message = message(&json!({
        "contacts": [
            {"wa_id": "5511000000001", "profile": {"name": "Bia"}},
            {"wa_id": "5511981234567", "profile": {"name": "Ana"}}
        ],
        "messages": [{"from": "5511981234567", "id": "w", "type": "text", "text": {"body": "hi"}}]
    }));
    assert_eq!(message.profile_name.as_deref(), Some("Ana"));
}

#[test]
fn a_message_of_nobody_stays_raw() {
    for item in [
        json!({"id": "w", "type": "text", "text": {"body": "hi"}}),
        json!({"from": "12", "id": "w", "type": "text"}),
        json!({"from": "5511981234567", "type": "text", "text": {"body": "no id"}}),
        json!({"from": "5511981234567", "id": "w", "group_id": {}, "type": "text"}),
        json!("not even an object"),
    ] {
        assert!(matches!(one(&json!({"messages": [item]})), Inbound::Raw { .. }));
    }
}

#[test]
fn a_kind_nobody_knows_is_still_this_person_s_message() {
    let message = message(&json!({"messages": [
        {"from": "5511981234567", "id": "w", "type": "hologram", "hologram": {"x": 1}}
    ]}));
    assert_eq!(message.content, Content::Other { kind: "hologram".into(), body: json!({"x": 1}) });
}

#[test]
fn a_nul_character_never_reaches_a_database() {
    let message = message(&json!({"messages": [
        {"from": "5511981234567", "id": "w", "type": "text", "text": {"body": "a\u{0}b"}}
    ]}));
    assert_eq!(message.content, Content::text("a\u{fffd}b"));
}

#[test]
fn a_text_cut_in_the_middle_of_an_emoji_is_still_read() {
    let body = String::from_utf8(envelope(&json!({"messages": [
        {"from": "5511981234567", "id": "w", "type": "text", "text": {"body": "CUT"}}
    ]})))
    .expect("utf-8")
    .replace("CUT", r"ok \ud83d\ude42 \\ud83d \ud83d");
    let changes = parse(body.as_bytes(), Timestamp::ZERO).expect("parses");
    let Inbound::Message(message) = &changes[0].inbound else { panic!("{changes:?}") };
    assert_eq!(message.content, Content::text("ok 🙂 \\ud83d \u{fffd}"));
}

#[test]
fn what_is_said_in_a_group_is_no_message_to_us_alone() {
    let item = json!({"from": "5511981234567", "id": "w", "group_id": "g", "type": "text", "text": {"body": "hi"}});
    match one(&json!({ "messages": [item] })) {
        Inbound::GroupMessage(message) => assert_eq!(message.group_id.as_deref(), Some("g")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_answers_of_a_flow_are_kept_even_if_they_cannot_be_read() {
    let with = |json: Value| {
        let reply =
            json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": json}});
        let item = json!({"from": "5511981234567", "id": "w", "type": "interactive", "interactive": reply});
        match message(&json!({ "messages": [item] })).details {
            InboundDetails::FlowReply(reply) => reply,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(with(json!(r#"{"flow_token": 7}"#)).flow_token.as_deref(), Some("7"));
    let object = with(json!({"flow_token": "t"}));
    assert_eq!(object.flow_token.as_deref(), Some("t"));
    assert_eq!(object.response_json, r#"{"flow_token":"t"}"#);
    let cut = with(json!(r#"{"flow_token": "#));
    assert_eq!((cut.response, cut.response_json.as_str()), (Value::Null, r#"{"flow_token": "#));
    let deep = with(json!("[".repeat(100_000)));
    assert_eq!(deep.response, Value::Null);
}

#[test]
fn the_figures_of_an_order_come_as_numbers_or_texts_with_or_without_a_fraction() {
    let items =
        json!([{"quantity": 2.0, "item_price": 9.5}, {"quantity": "3", "item_price": "9.50"}]);
    let order = json!({"catalog_id": 1, "product_items": items});
    let item = json!({"from": "5511981234567", "id": "w", "type": "order", "order": order});
    let InboundDetails::Order(order) = message(&json!({ "messages": [item] })).details else {
        panic!("no order")
    };
    let read: Vec<_> = order.items.iter().map(|i| (i.quantity, i.item_price.as_deref())).collect();
    assert_eq!(read, [(Some(2), Some("9.5")), (Some(3), Some("9.50"))]);
}

#[test]
fn a_card_names_the_same_person_with_or_without_a_plus_sign() {
    let message = message(&json!({
        "contacts": [
            {"wa_id": "5511000000001", "user_id": "BR.1"},
            {"wa_id": "+5511981234567", "user_id": "BR.2"}
        ],
        "messages": [{"from": 5_511_981_234_567_i64, "id": "w", "type": "text", "text": {"body": "hi"}}]
    }));
    assert_eq!(message.identity.bsuid.as_deref(), Some("BR.2"));
}
