//! The Marketing Messages API: marketing templates on a road of their own, with prices of their own.

use serde_json::Value;
use whatsapp_core::Span;

use super::accept::{Door, Reply};
use super::error::GraphError;
use super::fate::Sending;
use super::faults::Route;
use super::routes::Call;
use super::template_rules;
use super::world::World;
use crate::bounds;

impl World {
    /// `POST /{number}/marketing_messages`: as any other message, once it is known to be marketing.
    pub(super) fn marketing(&mut self, call: &Call) -> Reply {
        let body = match self.is_marketing(call) {
            Ok(body) => body,
            Err(error) => return self.answer(Route::Messages, None, call.now, |_, _| Err(error)),
        };
        self.messages(call.now, &call.token, call.id(), &body, Door::Marketing)
    }
    /// The body without what only this road knows.
    fn is_marketing(&self, call: &Call) -> Result<Value, GraphError> {
        self.check_token(&call.token, call.now)?;
        self.check_reach(&call.token, call.id())?;
        let waba = self.waba_of(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
        let mut body = call.json()?.clone();
        let Some(template) = body.get("template") else {
            return Err(GraphError::new(131_055, "Only marketing templates go this way."));
        };
        let template = template_rules::check(&waba.templates, template, call.now)?;
        if template.get("category").and_then(Value::as_str) != Some("MARKETING") {
            return Err(GraphError::new(134_100, "Only marketing templates go this way."));
        }
        let id = template.get("id").and_then(Value::as_str).unwrap_or_default();
        let born = self.shelf.lives.get(id).and_then(|life| life.born);
        let syncs = Span::minutes(bounds::MARKETING_SYNC_MINUTES);
        if born.is_some_and(|born| call.now - born < syncs) {
            return Err(GraphError::new(134_101, "The template is younger than ten minutes."));
        }
        let policy = body.get("product_policy").and_then(Value::as_str);
        if policy.is_some_and(|policy| !["CLOUD_API_FALLBACK", "STRICT"].contains(&policy)) {
            return Err(GraphError::new(131_009, "product_policy: CLOUD_API_FALLBACK or STRICT."));
        }
        if body.get("message_activity_sharing").is_some_and(|share| !share.is_boolean()) {
            return Err(GraphError::new(131_009, "message_activity_sharing: true or false."));
        }
        if let Some(map) = body.as_object_mut() {
            map.remove("product_policy");
            map.remove("message_activity_sharing");
        }
        Ok(body)
    }
    /// Whether an account takes marketing only by its own API, and this came another way.
    pub(super) fn wants_marketing_api(&self, sending: &Sending<'_>) -> bool {
        const KEY: &str = "disable_marketing_messages_on_cloud_api";
        let waba = self.waba_of(sending.number).map(|waba| waba.id.as_str()).unwrap_or_default();
        let only = self.setting(waba, KEY).and_then(Value::as_bool).unwrap_or(false);
        only && sending.category() == Some("MARKETING") && sending.door == Door::Messages
    }
}
