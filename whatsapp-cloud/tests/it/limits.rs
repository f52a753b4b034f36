//! Each limit of the reference: at it a message passes, one over it is refused with field, limit and actual value.
#![expect(clippy::indexing_slicing, reason = "helpers of tests may fail the test")]

use serde_json::{Value, json};
use whatsapp_cloud::CloudError;
use whatsapp_cloud::send::check_wire;
use whatsapp_core::Class;
use whatsapp_core::error::Classified;

use crate::bodies::*;

/// A limit: the message with so much of something, the field, the limit, and of what.
type Limit = (fn(usize) -> Value, &'static str, usize, &'static str);

const CHARACTERS: &str = "characters";

const PLAIN: [Limit; 8] = [
    (|n| wire("text", json!({"body": text(n)})), "text.body", 4_096, CHARACTERS),
    (|n| wire("image", json!({"id": "1", "caption": text(n)})), "image.caption", 1_024, CHARACTERS),
    (|n| wire("video", json!({"id": "1", "caption": text(n)})), "video.caption", 1_024, CHARACTERS),
    (
        |n| wire("document", json!({"link": "https://a.example", "caption": text(n)})),
        "document.caption",
        1_024,
        CHARACTERS,
    ),
    (
        |n| wire("contacts", (0..n).map(|_| json!({"name": {"formatted_name": "A"}})).collect()),
        "contacts",
        257,
        "contacts",
    ),
    (
        |n| {
            let mut wire = wire("text", json!({"body": "x"}));
            wire["biz_opaque_callback_data"] = text(n);
            wire
        },
        "biz_opaque_callback_data",
        512,
        CHARACTERS,
    ),
    (
        |n| wire("template", json!({"name": text(n), "language": {"code": "en"}})),
        "template.name",
        512,
        CHARACTERS,
    ),
    (
        |n| {
            interactive("product", json!({"catalog_id": "1", "product_retailer_id": "2"}))
                .pointer_mut("/interactive")
                .map(|at| {
                    at["body"]["text"] = text(n);
                    wire("interactive", at.take())
                })
                .expect("is there")
        },
        "interactive.body.text",
        1_024,
        CHARACTERS,
    ),
];

const INTERACTIVE: [Limit; 21] = [
    (|n| asked("body", json!({"text": text(n)})), "interactive.body.text", 1_024, CHARACTERS),
    (|n| asked("footer", json!({"text": text(n)})), "interactive.footer.text", 60, CHARACTERS),
    (
        |n| asked("header", json!({"type": "text", "text": text(n)})),
        "interactive.header.text",
        60,
        CHARACTERS,
    ),
    (
        |n| interactive("button", json!({"buttons": replies(n)})),
        "interactive.action.buttons",
        3,
        "buttons",
    ),
    (|n| reply(text(n), json!("t")), "interactive.action.buttons[0].reply.id", 256, CHARACTERS),
    (|n| reply(json!("i"), text(n)), "interactive.action.buttons[0].reply.title", 20, CHARACTERS),
    (
        |n| {
            let mut wire = list("button", json!("Open"));
            wire["interactive"]["body"]["text"] = text(n);
            wire
        },
        "interactive.body.text",
        4_096,
        CHARACTERS,
    ),
    (|n| list("button", text(n)), "interactive.action.button", 20, CHARACTERS),
    (|n| list("section", text(n)), "interactive.action.sections[0].title", 24, CHARACTERS),
    (|n| list("id", text(n)), "interactive.action.sections[0].rows[0].id", 200, CHARACTERS),
    (|n| list("title", text(n)), "interactive.action.sections[0].rows[0].title", 24, CHARACTERS),
    (
        |n| list("description", text(n)),
        "interactive.action.sections[0].rows[0].description",
        72,
        CHARACTERS,
    ),
    (list_of, "interactive.action.sections", 10, "rows"),
    (sections, "interactive.action.sections", 10, "sections"),
    (
        |n| {
            interactive(
                "cta_url",
                json!({"name": "cta_url",
            "parameters": {"display_text": text(n), "url": "https://a.example"}}),
            )
        },
        "interactive.action.parameters.display_text",
        20,
        CHARACTERS,
    ),
    (
        |n| {
            interactive(
                "flow",
                json!({"name": "flow", "parameters": {
            "flow_message_version": "3", "flow_id": "1", "flow_cta": text(n)}}),
            )
        },
        "interactive.action.parameters.flow_cta",
        30,
        CHARACTERS,
    ),
    (products, "interactive.action.sections", 30, "products"),
    (cards, "interactive.action.cards", 10, "cards"),
    (
        |n| interactive("carousel", json!({"cards": [card(0, text(n)), card(1, json!("b"))]})),
        "interactive.action.cards[0].body.text",
        160,
        CHARACTERS,
    ),
    (
        |n| {
            let body = json!(format!("a{}", "\nb".repeat(n)));
            interactive("carousel", json!({"cards": [card(0, json!("b")), card(1, body)]}))
        },
        "interactive.action.cards[1].body.text",
        2,
        "line breaks",
    ),
    (
        |n| {
            interactive(
                "voice_call",
                json!({"name": "voice_call",
            "parameters": {"display_text": "Call", "ttl_minutes": n}}),
            )
        },
        "interactive.action.parameters.ttl_minutes",
        43_200,
        "minutes",
    ),
];

const TEMPLATE: [Limit; 8] = [
    (
        |n| template(json!([{"type": "body", "parameters": [{"type": "text", "text": text(n)}]}])),
        "template.components[0].parameters[0].text",
        1_024,
        CHARACTERS,
    ),
    (
        |n| {
            template(json!([{"type": "header", "parameters": [{"type": "text", "text": text(n)}]}]))
        },
        "template.components[0].parameters[0].text",
        60,
        CHARACTERS,
    ),
    (
        |n| {
            let one = json!({"type": "text", "text": "x"});
            template(json!([{"type": "header", "parameters": vec![one; n]}]))
        },
        "template.components[0].parameters",
        1,
        "parameters",
    ),
    (
        |n| button("quick_reply", json!({"type": "payload", "payload": text(n)})),
        "template.components[0].parameters[0].payload",
        256,
        CHARACTERS,
    ),
    (
        |n| button("copy_code", json!({"type": "coupon_code", "coupon_code": text(n)})),
        "template.components[0].parameters[0].coupon_code",
        20,
        CHARACTERS,
    ),
    (
        |n| button("voice_call", json!({"type": "ttl_minutes", "ttl_minutes": n})),
        "template.components[0].parameters[0].ttl_minutes",
        43_200,
        "minutes",
    ),
    (
        |n| {
            let items: Value =
                (0..n).map(|n| json!({"product_retailer_id": n.to_string()})).collect();
            let sections = json!([{"title": "s", "product_items": items}]);
            let action = json!({"thumbnail_product_retailer_id": "0", "sections": sections});
            button("mpm", json!({"type": "action", "action": action}))
        },
        "template.components[0].parameters[0].action.sections",
        30,
        "products",
    ),
    (
        |n| {
            let cards: Value = (0..n).map(|n| json!({"card_index": n, "components": []})).collect();
            template(json!([{"type": "carousel", "cards": cards}]))
        },
        "template.components[0].cards",
        10,
        "cards",
    ),
];

#[test]
fn at_a_limit_a_message_passes_and_one_over_it_is_refused_with_field_limit_and_actual_value() {
    for (message, field, limit, unit) in PLAIN.into_iter().chain(INTERACTIVE).chain(TEMPLATE) {
        assert_eq!(check_wire(&message(limit)), Ok(()), "{field} at {limit}");
        let refused = check_wire(&message(limit + 1)).expect_err(field);
        let over = CloudError::OverLimit {
            field: field.into(),
            limit: u64::try_from(limit).expect("small"),
            actual: u64::try_from(limit + 1).expect("small"),
            unit,
        };
        assert_eq!(refused, over);
        let said = refused.to_string();
        for part in [field, &limit.to_string(), &(limit + 1).to_string()] {
            assert!(said.contains(part), "{said} does not name {part}");
        }
        assert!(refused.proof_not_accepted());
        assert_eq!(refused.class(), Class::Invalid);
        assert_eq!(refused.details().first().map(|d| d.field.as_str()), Some(field));
    }
}
