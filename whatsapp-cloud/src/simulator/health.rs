//! Whether a number or an account can send now, and why not: the worst part tells for the whole.

use serde_json::{Value, json};

use super::seed::{Number, Waba};
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
                let error = json!([{
                    "error_code": 133_010, "error_description": crate::explain(133_010).message,
                    "possible_solution": crate::explain(133_010).advice,
                }]);
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
}

fn available(kind: &str, id: &str) -> Value {
    json!({"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"})
}
