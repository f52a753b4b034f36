//! Raw calls and raw webhooks of the simulator in process, for tests of what stands in them.
#![expect(clippy::indexing_slicing, reason = "helpers of tests may fail the test")]

use serde_json::{Value, json};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::webhook::parse_counted;
use whatsapp_cloud::{Access, CloudError};
use whatsapp_core::{Span, Timestamp};

use crate::scene::{ANA, Scene};

/// A change of a webhook: field and value.
pub(crate) type RawChange = (String, Value);

impl Scene {
    pub(crate) fn number(&self, index: usize) -> Access {
        self.meta.access(index).expect("a number")
    }
    /// Posts a body to the first number's messages.
    pub(crate) async fn post(&self, body: Value) -> Result<Value, CloudError> {
        self.post_from(0, body).await
    }
    pub(crate) async fn post_from(
        &self,
        index: usize,
        mut body: Value,
    ) -> Result<Value, CloudError> {
        body["messaging_product"] = json!("whatsapp");
        let access = self.number(index);
        let request =
            GraphRequest::post(&access.token, [access.phone_number_id.as_str(), "messages"], body);
        self.meta.exchange(request).await.map(|answer| answer.body)
    }
    /// A template without values.
    pub(crate) async fn hours(&self, index: usize, to: &str) -> Result<Value, CloudError> {
        self.post_from(index, template(to, "store_hours", json!([]))).await
    }
    /// A marketing template.
    pub(crate) async fn offer(&self, to: &str) -> Result<Value, CloudError> {
        self.post(template(to, "autumn_offer", body_values(&["Ana", "20%"]))).await
    }
    pub(crate) async fn hi(&self, to: &str) -> Result<Value, CloudError> {
        self.post(json!({"to": to, "type": "text", "text": {"body": "Hi"}})).await
    }
    /// Somebody writes, so that their window is open; the webhooks are read.
    pub(crate) fn opens(&self, who: &str) {
        self.meta.write(who, "Hi").expect("writes");
        self.raw();
    }
    /// Moves the clock from webhook to webhook, and gives every change as it came.
    pub(crate) fn raw(&self) -> Vec<RawChange> {
        self.raw_until(self.env.now() + Span::days(3_650))
    }
    /// The same up to a moment, where the clock stays.
    pub(crate) fn raw_until(&self, end: Timestamp) -> Vec<RawChange> {
        let mut all = Vec::new();
        while let Some(at) = self.meta.next_webhook_at().filter(|at| *at <= end) {
            if at > self.env.now() {
                self.clock.set(at);
            }
            for call in self.meta.take_webhooks() {
                all.extend(changes(&call.body));
            }
        }
        all
    }
    /// All statuses as they came.
    pub(crate) fn raw_statuses(&self) -> Vec<Value> {
        statuses(self.raw())
    }
    /// Meta's code of the failure that is told next, or 0 if all went well.
    pub(crate) fn failure(&self) -> i64 {
        let told = self.raw_statuses();
        let code = told.iter().find_map(|status| status.pointer("/errors/0/code"));
        code.and_then(Value::as_i64).unwrap_or_default()
    }
}

pub(crate) fn statuses(changes: Vec<RawChange>) -> Vec<Value> {
    let all = changes.into_iter().filter_map(|(_, value)| value.get("statuses").cloned());
    all.filter_map(|list| list.as_array().cloned()).flatten().collect()
}

pub(crate) fn messages(changes: Vec<RawChange>) -> Vec<Value> {
    let all = changes.into_iter().filter_map(|(_, value)| value.get("messages").cloned());
    all.filter_map(|list| list.as_array().cloned()).flatten().collect()
}

/// Every change of a call's body.
pub(crate) fn changes(body: &[u8]) -> Vec<RawChange> {
    let read = parse_counted(body, Timestamp::ZERO).expect("a call");
    assert!(read.unknown.is_empty(), "the reader does not know {:?}", read.unknown);
    let root: Value = serde_json::from_slice(body).expect("JSON");
    let mut all = Vec::new();
    for entry in root["entry"].as_array().expect("entries") {
        for change in entry["changes"].as_array().expect("changes") {
            let field = change["field"].as_str().expect("a field").to_owned();
            all.push((field, change["value"].clone()));
        }
    }
    all
}

pub(crate) fn template(to: &str, name: &str, components: Value) -> Value {
    let language = json!({"code": "en_US"});
    json!({"to": to, "type": "template", "template": {"name": name, "language": language, "components": components}})
}

pub(crate) fn body_values(values: &[&str]) -> Value {
    let parameters: Vec<Value> =
        values.iter().map(|text| json!({"type": "text", "text": text})).collect();
    json!([{"type": "body", "parameters": parameters}])
}

pub(crate) fn word(status: &Value) -> &str {
    status["status"].as_str().expect("a status")
}

pub(crate) fn all_words(statuses: &[Value]) -> Vec<&str> {
    statuses.iter().map(word).collect()
}

/// Many people, none of them Ana.
pub(crate) fn person(n: usize) -> String {
    assert_ne!(ANA, "");
    format!("+55119800{n:05}")
}
