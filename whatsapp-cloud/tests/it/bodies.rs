//! Bodies of messages with so much of something, for the tests of limits.
#![expect(clippy::indexing_slicing, reason = "helpers of tests may fail the test")]

use serde_json::{Value, json};

pub(crate) fn text(characters: usize) -> Value {
    json!("é".repeat(characters)) // two bytes each: characters are counted, not bytes
}

pub(crate) fn wire(kind: &str, body: Value) -> Value {
    let mut wire = json!({"messaging_product": "whatsapp", "to": "+905550100234", "type": kind});
    wire[kind] = body;
    wire
}

pub(crate) fn interactive(kind: &str, action: Value) -> Value {
    wire("interactive", json!({"type": kind, "body": {"text": "Pick"}, "action": action}))
}

pub(crate) fn asked(part: &str, value: Value) -> Value {
    let mut wire = interactive("button", json!({"buttons": replies(1)}));
    wire["interactive"][part] = value;
    wire
}

pub(crate) fn reply(id: Value, title: Value) -> Value {
    interactive(
        "button",
        json!({"buttons": [{"type": "reply", "reply": {"id": id, "title": title}}]}),
    )
}

pub(crate) fn replies(count: usize) -> Value {
    let one =
        |n: usize| json!({"type": "reply", "reply": {"id": n.to_string(), "title": n.to_string()}});
    (0..count).map(one).collect()
}

pub(crate) fn rows(count: usize) -> Value {
    (0..count).map(|n| json!({"id": n.to_string(), "title": "t"})).collect()
}

pub(crate) fn list(part: &str, value: Value) -> Value {
    let mut action = json!({"button": "Open", "sections": [{"title": "s", "rows": rows(1)}]});
    if part == "button" {
        action["button"] = value;
    } else if part == "section" {
        action["sections"][0]["title"] = value;
    } else {
        action["sections"][0]["rows"][0][part] = value;
    }
    interactive("list", action)
}

/// A list with so many rows in two sections.
pub(crate) fn list_of(count: usize) -> Value {
    let mut all = rows(count);
    let list = all.as_array_mut().expect("a list");
    let second = list.split_off(count / 2);
    let sections = json!([{"title": "a", "rows": list}, {"title": "b", "rows": second}]);
    interactive("list", json!({"button": "Open", "sections": sections}))
}

pub(crate) fn sections(count: usize) -> Value {
    let one = |n: usize| json!({"title": "s", "rows": [{"id": n.to_string(), "title": "t"}]});
    let sections: Value = (0..count).map(one).collect();
    interactive("list", json!({"button": "Open", "sections": sections}))
}

pub(crate) fn products(count: usize) -> Value {
    let items: Value = (0..count).map(|n| json!({"product_retailer_id": n.to_string()})).collect();
    let action = json!({"catalog_id": "1", "sections": [{"title": "s", "product_items": items}]});
    let mut wire = interactive("product_list", action);
    wire["interactive"]["header"] = json!({"type": "text", "text": "h"});
    wire
}

pub(crate) fn card(n: usize, body: Value) -> Value {
    json!({"card_index": n, "type": "cta_url",
        "header": {"type": "image", "image": {"id": "1"}}, "body": {"text": body},
        "action": {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://a.example"}}})
}

pub(crate) fn cards(count: usize) -> Value {
    let cards: Value = (0..count).map(|n| card(n, json!("b"))).collect();
    interactive("carousel", json!({"cards": cards}))
}

pub(crate) fn template(components: Value) -> Value {
    let body = json!({"name": "a", "language": {"code": "en"}, "components": components});
    wire("template", body)
}

pub(crate) fn button(kind: &str, value: Value) -> Value {
    template(json!([{"type": "button", "sub_type": kind, "index": 0, "parameters": [value]}]))
}
