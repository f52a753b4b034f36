//! What is too little, comes twice or does not fit is refused with the way to its field.

use serde_json::{Value, json};
use whatsapp_cloud::send::{check_wire, to_wire};
use whatsapp_cloud::{CloudError, OutgoingMessage, Recipient};
use whatsapp_core::Content;

use crate::bodies::*;

#[test]
fn too_little_is_refused_too() {
    for (message, field) in [
        (wire("text", json!({"body": ""})), "text.body"),
        (wire("contacts", json!([])), "contacts"),
        (interactive("button", json!({"buttons": []})), "interactive.action.buttons"),
        (list_of(0), "interactive.action.sections"),
        (products(0), "interactive.action.sections"),
        (cards(1), "interactive.action.cards"),
        (
            button("url", json!({"type": "text", "text": ""})),
            "template.components[0].parameters[0].text",
        ),
        (
            template(json!([{"type": "button", "sub_type": "url", "index": "0"}])),
            "template.components[0].parameters",
        ),
    ] {
        refused_at(&message, field);
    }
}

#[test]
fn what_comes_twice_or_does_not_fit_is_refused_at_its_field() {
    let twice = |id: &str, title: &str| {
        let one =
            |id: &str, title: &str| json!({"type": "reply", "reply": {"id": id, "title": title}});
        interactive("button", json!({"buttons": [one("a", "A"), one(id, title)]}))
    };
    let two_cards =
        |second: Value| interactive("carousel", json!({"cards": [card(0, json!("b")), second]}));
    let mut film = card(1, json!("b"));
    film["header"] = json!({"type": "video", "video": {"id": "1"}});
    let body = |parameters: Value| template(json!([{"type": "body", "parameters": parameters}]));
    for (message, field) in [
        (twice("a", "B"), "interactive.action.buttons[1].reply.id"),
        (twice("b", "A"), "interactive.action.buttons[1].reply.title"),
        (two_cards(card(0, json!("b"))), "interactive.action.cards[1].card_index"),
        (two_cards(film), "interactive.action.cards[1].header"),
        (asked("header", json!({"type": "gif"})), "interactive.header.type"),
        (list("title", json!(5)), "interactive.action.sections[0].rows[0].title"),
        (wire("image", json!({"id": "1", "link": "https://a.example"})), "image.link"),
        (wire("image", json!({"link": "ftp://a.example"})), "image.link"),
        (wire("audio", json!({"id": "1", "caption": "no"})), "audio.caption"),
        (wire("image", json!({"id": "1", "voice": true})), "image.voice"),
        (wire("location", json!({"latitude": 91, "longitude": 0})), "location.latitude"),
        (wire("location", json!({"latitude": 0, "longitude": "far"})), "location.longitude"),
        (wire("reaction", json!({"message_id": "wamid.1"})), "reaction.emoji"),
        (
            wire("contacts", json!([{"name": {"formatted_name": "A"}, "birthday": "1990-13-01"}])),
            "contacts[0].birthday",
        ),
        (
            body(json!([{"type": "text", "text": "a\nb"}])),
            "template.components[0].parameters[0].text",
        ),
        (
            body(json!([{"type": "text", "text": "a     b"}])),
            "template.components[0].parameters[0].text",
        ),
        (
            body(
                json!([{"type": "text", "text": "a", "parameter_name": "n"}, {"type": "text", "text": "b"}]),
            ),
            "template.components[0].parameters",
        ),
        (
            body(json!([{"type": "image", "image": {"id": "1"}}])),
            "template.components[0].parameters[0].type",
        ),
        (
            template(json!([{"type": "header", "parameters": [
                {"type": "product", "product": {"product_retailer_id": "a"}}]}])),
            "template.components[0].parameters[0].product.catalog_id",
        ),
        (
            button(
                "mpm",
                json!({"type": "action", "action": {"sections": [
                {"title": "s", "product_items": [{"product_retailer_id": "a"}]}]}}),
            ),
            "template.components[0].parameters[0].action.thumbnail_product_retailer_id",
        ),
    ] {
        refused_at(&message, field);
    }
}

#[test]
fn a_message_has_exactly_one_receiver() {
    let mut message = wire("text", json!({"body": "x"}));
    message["recipient"] = json!("TR.1");
    refused_at(&message, "recipient");
    let nobody = json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": "x"}});
    refused_at(&nobody, "to");
}

fn refused_at(message: &Value, expected: &str) {
    match check_wire(message) {
        Err(CloudError::Invalid { field, message: said }) => {
            assert_eq!(field, expected);
            assert!(said.contains(expected), "{said}");
        }
        other => panic!("{expected}: {other:?}"),
    }
}

#[test]
fn raw_content_and_filled_templates_are_checked_as_well() {
    let raw = Content::Other {
        kind: "interactive".into(),
        body: asked("body", json!({"text": text(1_025)}))["interactive"].clone(),
    };
    let to = Recipient::from_address("+905550100234");
    let refused = to_wire(&OutgoingMessage::new(to, raw)).expect_err("too long");
    assert!(matches!(refused, CloudError::OverLimit { limit: 1_024, actual: 1_025, .. }));
}
