//! What Meta tells of an account for reasons of its own: bans and restrictions, alerts, judgements, flows, payments,
//! partners. A test says what is told, in Meta's words; nothing else of this world changes by it.

use serde_json::Value;
use whatsapp_core::Timestamp;

use super::fact::Fact;
use super::hooks::{Item, Slot};
use super::world::World;

/// What can be told so: everything that is told of accounts and not of messages or people.
const FIELDS: [&str; 12] = [
    "account_alerts",
    "account_review_update",
    "account_update",
    "business_capability_update",
    "business_username_updates",
    "flows",
    "message_template_status_update",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
];

impl World {
    /// Meta tells something of an account: of the first one, if none is named.
    pub(super) fn announce(
        &mut self,
        now: Timestamp,
        waba: Option<&str>,
        field: &str,
        value: Value,
    ) -> Result<(), String> {
        if !FIELDS.contains(&field) {
            return Err(format!("field: one of {}", FIELDS.join(", ")));
        }
        if value.as_object().is_none_or(serde_json::Map::is_empty) {
            return Err("value: give Meta's object".to_owned());
        }
        let found = match waba {
            Some(id) => self.waba(id),
            None => self.wabas.first(),
        };
        let waba = found.ok_or("waba_id: there is no such account")?.id.clone();
        self.happen(Fact::Announced { waba, field: field.to_owned(), value, at: now });
        Ok(())
    }
    pub(super) fn apply_announced(
        &mut self,
        waba: String,
        field: &str,
        value: Value,
        at: Timestamp,
    ) {
        let Some(field) = FIELDS.into_iter().find(|known| *known == field) else { return };
        // Of partners the portfolio is told, and not the account.
        let about = if field == "partner_solutions" { self.own_business() } else { waba };
        self.push(Item::new(about, None, at, Slot::Account(field, at), None, value));
    }
}
