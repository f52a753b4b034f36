//! What the Graph API says of numbers, templates and subscriptions.

use serde_json::{Value, json};
use whatsapp_core::Timestamp;

use super::error::GraphError;
use super::fact::Fact;
use super::seed::Number;
use super::world::World;

/// The part of a list that was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    pub(super) limit: Option<usize>,
    pub(super) after: Option<String>,
}

impl World {
    /// `GET /{number}`.
    pub(super) fn number_details(&self, token: &str, id: &str) -> Result<Value, GraphError> {
        self.check_token(token)?;
        let number = self.number(id).ok_or_else(|| GraphError::no_object(id))?;
        Ok(self.describe(number))
    }
    fn describe(&self, number: &Number) -> Value {
        let name = self.waba_of(&number.id).map(|waba| waba.name);
        let high = self.faults.limits.per_second >= 1_000;
        json!({
            "id": number.id, "display_phone_number": number.display, "verified_name": name,
            "quality_rating": "GREEN", "code_verification_status": "VERIFIED",
            "name_status": "APPROVED", "status": "CONNECTED", "platform_type": "CLOUD_API",
            "account_mode": "LIVE", "throughput": {"level": if high { "HIGH" } else { "STANDARD" }},
            "whatsapp_business_manager_messaging_limit": "TIER_10K",
            "is_official_business_account": false, "is_on_biz_app": false,
        })
    }
    /// `GET /{waba}`.
    #[cfg(feature = "simulator")]
    pub(super) fn waba_details(&self, token: &str, id: &str) -> Result<Value, GraphError> {
        self.check_token(token)?;
        let waba = self.waba(id).ok_or_else(|| GraphError::no_object(id))?;
        Ok(json!({
            "id": waba.id, "name": waba.name, "currency": "USD", "timezone_id": "25",
            "account_review_status": "APPROVED",
        }))
    }
    /// `GET /{waba}/phone_numbers`.
    pub(super) fn numbers(
        &self,
        token: &str,
        id: &str,
        window: &Window,
        base: &str,
    ) -> Result<Value, GraphError> {
        self.check_token(token)?;
        let waba = self.waba(id).ok_or_else(|| GraphError::no_object(id))?;
        let all: Vec<Value> = waba.numbers.iter().map(|number| self.describe(number)).collect();
        page(&all, window, &format!("{base}/{id}/phone_numbers"))
    }
    /// `GET /{waba}/message_templates`.
    pub(super) fn templates(
        &self,
        token: &str,
        id: &str,
        window: &Window,
        only: &[(&str, Option<String>)],
        base: &str,
    ) -> Result<Value, GraphError> {
        self.check_token(token)?;
        let waba = self.waba(id).ok_or_else(|| GraphError::no_object(id))?;
        let fits = |template: &&Value| {
            only.iter().all(|(key, wanted)| {
                wanted.as_ref().is_none_or(|wanted| {
                    let has = template.get(key).and_then(Value::as_str);
                    has.is_some_and(|has| has.eq_ignore_ascii_case(wanted))
                })
            })
        };
        let all: Vec<Value> = waba.templates.iter().filter(fits).cloned().collect();
        page(&all, window, &format!("{base}/{id}/message_templates"))
    }
    /// `GET /{waba}/subscribed_apps`.
    pub(super) fn subscriptions(&self, token: &str, id: &str) -> Result<Value, GraphError> {
        self.check_token(token)?;
        let waba = self.waba(id).ok_or_else(|| GraphError::no_object(id))?;
        let data: Vec<Value> = self
            .callbacks
            .get(&waba.id)
            .map(|url| {
                let app = json!({"id": self.app.id, "name": "Simulated app", "link": "https://www.facebook.com/games/"});
                match url {
                    Some(url) => json!({"whatsapp_business_api_data": app, "override_callback_uri": url}),
                    None => json!({ "whatsapp_business_api_data": app }),
                }
            })
            .into_iter()
            .collect();
        Ok(json!({ "data": data }))
    }
    /// Whether `POST /{waba}/subscribed_apps` may go on, before the callback is asked.
    pub(super) fn check_waba(&self, token: &str, id: &str) -> Result<(), GraphError> {
        self.check_token(token)?;
        self.waba(id).map(drop).ok_or_else(|| GraphError::no_object(id))
    }
    /// `POST /{waba}/subscribed_apps`, after the callback answered.
    pub(super) fn subscribe(
        &mut self,
        token: &str,
        id: &str,
        url: Option<String>,
    ) -> Result<Value, GraphError> {
        self.check_waba(token, id)?;
        self.happen(Fact::Subscribed { waba: id.to_owned(), url });
        Ok(json!({"success": true}))
    }
    /// `DELETE /{waba}/subscribed_apps`.
    pub(super) fn unsubscribe(&mut self, token: &str, id: &str) -> Result<Value, GraphError> {
        self.check_waba(token, id)?;
        self.happen(Fact::Unsubscribed { waba: id.to_owned() });
        Ok(json!({"success": true}))
    }
    /// `GET /debug_token`.
    #[cfg(feature = "simulator")]
    pub(super) fn debug_token(&self, token: &str, asked: &str) -> Result<Value, GraphError> {
        let app_token = format!("{}|{}", self.app.id, self.app.secret);
        if token != app_token {
            self.check_token(token)?;
        }
        if asked != self.app.token {
            let error = json!({"code": 190, "message": "Invalid OAuth access token."});
            return Ok(json!({"data": {"is_valid": false, "scopes": [], "error": error}}));
        }
        let scopes = ["whatsapp_business_management", "whatsapp_business_messaging"];
        let wabas: Vec<&String> = self.wabas.iter().map(|waba| &waba.id).collect();
        let granular: Vec<Value> =
            scopes.iter().map(|scope| json!({"scope": scope, "target_ids": wabas})).collect();
        Ok(json!({"data": {
            "app_id": self.app.id, "type": "SYSTEM_USER", "application": "Simulated app",
            "expires_at": 0, "data_access_expires_at": 0, "is_valid": true,
            "scopes": scopes, "granular_scopes": granular,
        }}))
    }
    /// Meta looks at a template again.
    pub(super) fn review(
        &mut self,
        now: Timestamp,
        id: &str,
        status: &str,
        reason: &str,
    ) -> Result<(), String> {
        let has = |template: &Value| template.get("id").is_some_and(|own| own == id);
        let waba = self.wabas.iter().find(|waba| waba.templates.iter().any(has));
        let waba = waba.ok_or_else(|| "there is no such template".to_owned())?.id.clone();
        self.happen(Fact::Reviewed {
            waba,
            id: id.to_owned(),
            status: status.to_ascii_uppercase(),
            reason: reason.to_owned(),
            at: now,
        });
        Ok(())
    }
}

/// A page of a list. A cursor is the place of the last entry.
fn page(all: &[Value], window: &Window, path: &str) -> Result<Value, GraphError> {
    let start = match &window.after {
        None => 0,
        Some(cursor) => {
            let place = cursor.strip_prefix("QVFI").and_then(|place| place.parse::<usize>().ok());
            place
                .filter(|p| *p <= all.len())
                .ok_or_else(|| GraphError::new(131_059, "Bad cursor."))?
        }
    };
    let end = (start + window.limit.unwrap_or(25).clamp(1, 250)).min(all.len());
    let data = all.get(start..end).unwrap_or_default();
    let cursors = json!({"before": format!("QVFI{start}"), "after": format!("QVFI{end}")});
    let paging = if end < all.len() {
        json!({"cursors": cursors, "next": format!("{path}?after=QVFI{end}")})
    } else {
        json!({ "cursors": cursors })
    };
    Ok(json!({"data": data, "paging": paging}))
}
