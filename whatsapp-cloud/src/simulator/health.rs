//! Whether a number, an account or a template can send now, and why not: the worst part tells for the whole.

use serde_json::{Value, json};

use super::seed::{Number, Waba};
use super::template_write::put;
use super::templates::text;
use super::world::World;

impl World {
    /// As Meta's `health_status`, of a number or of an account.
    pub(super) fn health(&self, number: Option<&Number>, waba: Option<&Waba>) -> Value {
        let mut entities = Vec::new();
        let mut worst = "AVAILABLE";
        if let Some(number) = number {
            let blocked = self.line(&number.id).unregistered;
            let mut entity = json!({
                "entity_type": "PHONE_NUMBER", "id": number.id,
                "can_send_message": if blocked { "BLOCKED" } else { "AVAILABLE" },
            });
            if blocked {
                worst = "BLOCKED";
                let error = errors(133_010);
                if let Some(map) = entity.as_object_mut() {
                    map.insert("errors".into(), error);
                }
            }
            entities.push(entity);
        }
        if let Some(waba) = waba {
            entities.push(available("WABA", &waba.id));
            entities.push(available("BUSINESS", &self.owner(&waba.id)));
        }
        entities.push(available("APP", &self.app.id));
        json!({"can_send_message": worst, "entities": entities})
    }
    /// The same of a template: only an approved one can be sent.
    pub(super) fn template_health(&self, template: &Value, waba: &str) -> Value {
        let mut own = available("MESSAGE_TEMPLATE", text(template, "id"));
        let mut whole = self.health(None, self.waba(waba));
        let code = match text(template, "status") {
            "APPROVED" => None,
            "PAUSED" => Some(132_015),
            "DISABLED" => Some(132_016),
            _ => Some(132_001),
        };
        if let Some(code) = code {
            put(&mut own, "can_send_message", json!("BLOCKED"));
            put(&mut own, "errors", errors(code));
            put(&mut whole, "can_send_message", json!("BLOCKED"));
        }
        if let Some(entities) = whole.get_mut("entities").and_then(Value::as_array_mut) {
            entities.insert(0, own);
        }
        whole
    }
}

/// Why something is blocked, in the words of the table of codes.
fn errors(code: i64) -> Value {
    let told = crate::explain(code);
    json!([{
        "error_code": code, "error_description": told.message, "possible_solution": told.advice,
    }])
}

fn available(kind: &str, id: &str) -> Value {
    json!({"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"})
}
