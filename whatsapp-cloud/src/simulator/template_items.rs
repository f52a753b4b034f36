//! The webhook values of templates: state, quality, category, parts. Ids are numbers here, as Meta writes them.

use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

pub(super) const STATE: &str = "message_template_status_update";
pub(super) const QUALITY: &str = "message_template_quality_update";
pub(super) const CATEGORY: &str = "template_category_update";
pub(super) const COMPONENTS: &str = "message_template_components_update";

/// The state that Meta's list shows after an event.
pub(super) fn stored(event: &str) -> &str {
    match event {
        "REINSTATED" | "FLAGGED" | "UNARCHIVED" => "APPROVED",
        "LOCKED" => "DISABLED",
        other => other,
    }
}

fn about(template: &Value) -> Map<String, Value> {
    let id = template.get("id").and_then(Value::as_str).and_then(|id| id.parse::<u64>().ok());
    let text = |key: &str| template.get(key).cloned().unwrap_or_default();
    let mut value = Map::new();
    value.insert("message_template_id".into(), json!(id));
    value.insert("message_template_name".into(), text("name"));
    value.insert("message_template_language".into(), text("language"));
    value
}

/// Why something was stopped or goes on.
pub(super) fn info(title: &str, description: &str) -> Map<String, Value> {
    let info = json!({"title": title, "description": description});
    [("other_info".to_owned(), info)].into_iter().collect()
}

/// That a template was stopped for good.
pub(super) fn disabled(at: Timestamp) -> Map<String, Value> {
    let mut more = info("DISABLED", "Template disabled.");
    more.insert("disable_info".into(), json!({"disable_date": at.seconds().to_string()}));
    more
}

/// Another state.
pub(super) fn state(
    template: &Value,
    event: &str,
    reason: &str,
    more: Map<String, Value>,
) -> Value {
    let mut value = about(template);
    let gone = matches!(event, "DELETED" | "PENDING_DELETION");
    value.insert("event".into(), json!(event));
    value.insert("reason".into(), if gone { Value::Null } else { json!(reason) });
    let category = template.get("category").cloned().unwrap_or_default();
    value.insert("message_template_category".into(), category);
    value.extend(more);
    Value::Object(value)
}

/// Another quality.
pub(super) fn quality(template: &Value, before: &str, score: &str) -> Value {
    let mut value = about(template);
    value.insert("previous_quality_score".into(), json!(before));
    value.insert("new_quality_score".into(), json!(score));
    Value::Object(value)
}

/// A category that will be another; Meta calls the present one new.
pub(super) fn category_coming(template: &Value, now: &str, to: &str, moment: Timestamp) -> Value {
    let mut value = about(template);
    value.insert("new_category".into(), json!(now));
    value.insert("correct_category".into(), json!(to));
    value.insert("category_update_timestamp".into(), json!(moment.seconds()));
    Value::Object(value)
}

/// A category that is another.
pub(super) fn category_done(template: &Value, before: &str, to: &str) -> Value {
    let mut value = about(template);
    value.insert("previous_category".into(), json!(before));
    value.insert("new_category".into(), json!(to));
    Value::Object(value)
}

/// Other parts.
pub(super) fn components(template: &Value) -> Value {
    let mut value = about(template);
    let parts = template.get("components").and_then(Value::as_array).into_iter().flatten();
    for part in parts {
        let text = |key: &str| part.get(key).and_then(Value::as_str).unwrap_or_default();
        let key = match text("type") {
            "HEADER" => "message_template_title",
            "BODY" => "message_template_element",
            "FOOTER" => "message_template_footer",
            "BUTTONS" => {
                let buttons = part.get("buttons").and_then(Value::as_array).into_iter().flatten();
                let buttons: Vec<Value> = buttons.map(button).collect();
                value.insert("message_template_buttons".into(), json!(buttons));
                continue;
            }
            _ => continue,
        };
        if !text("text").is_empty() {
            value.insert(key.into(), json!(text("text")));
        }
    }
    Value::Object(value)
}

fn button(button: &Value) -> Value {
    let mut value = Map::new();
    for key in ["type", "text", "url", "phone_number"] {
        if let Some(text) = button.get(key) {
            value.insert(format!("message_template_button_{key}"), text.clone());
        }
    }
    Value::Object(value)
}
