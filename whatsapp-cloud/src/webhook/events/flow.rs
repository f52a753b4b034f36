//! Flows, and the leads and purchases that Meta detects in chats, from the wire.

use serde_json::Value;
use whatsapp_core::Timestamp;

use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{decimal, list, number, part, text_of, time_of, word_of};
use crate::webhook::words::meta_words;

/// A flow changed its state, or its endpoint fails or is slow.
///
/// <https://developers.facebook.com/docs/whatsapp/flows/reference/flowswebhooks>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FlowUpdate {
    /// What.
    pub kind: FlowEventKind,
    /// Meta's id of the flow.
    pub flow_id: Option<String>,
    /// Meta's words.
    pub message: Option<String>,
    /// The state it had.
    pub old_state: Option<FlowState>,
    /// The state it has.
    pub new_state: Option<FlowState>,
    /// Whether an alert began or ended: `ACTIVATED`, `DEACTIVATED`.
    pub alert_state: Option<String>,
    /// From where on there is an alert, in the measure of the event (percent or milliseconds).
    pub threshold: Option<f64>,
    /// How many requests fail, in percent.
    pub error_rate: Option<f64>,
    /// How many requests are answered at all, in percent.
    pub availability: Option<f64>,
    /// Half of the requests are faster than this, in milliseconds.
    pub latency_p50: Option<f64>,
    /// Nine of ten requests are faster than this, in milliseconds.
    pub latency_p90: Option<f64>,
    /// How many requests there were.
    pub requests: Option<i64>,
    /// The errors, one kind each.
    pub errors: Vec<FlowErrorRate>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

meta_words! {
    /// What happened with a flow.
    FlowEventKind {
        /// Another state.
        StatusChange = "FLOW_STATUS_CHANGE",
        /// Errors in the app of the customers.
        ClientErrorRate = "CLIENT_ERROR_RATE",
        /// Errors of the business's endpoint.
        EndpointErrorRate = "ENDPOINT_ERROR_RATE",
        /// The endpoint is slow.
        EndpointLatency = "ENDPOINT_LATENCY",
        /// The endpoint does not answer.
        EndpointAvailability = "ENDPOINT_AVAILABILITY",
        /// The version of the flow's language ends.
        VersionExpiryWarning = "FLOW_VERSION_EXPIRY_WARNING",
    }
}

meta_words! {
    /// Whether a flow may be sent.
    FlowState {
        /// Not published.
        Draft = "DRAFT",
        /// It may be sent.
        Published = "PUBLISHED",
        /// It may not be sent any more.
        Deprecated = "DEPRECATED",
        /// Meta blocked it: neither sent nor opened.
        Blocked = "BLOCKED",
        /// Meta slowed it down.
        Throttled = "THROTTLED",
    }
}

/// How often one kind of error happens.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FlowErrorRate {
    /// Meta's word.
    pub kind: Option<String>,
    /// In percent.
    pub rate: Option<f64>,
    /// How often.
    pub count: Option<i64>,
}

/// Meta detected a lead or a purchase in a chat.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutomaticEvent {
    /// Meta's id of the message it was seen in.
    pub wamid: Option<String>,
    /// `LeadSubmitted`, `Purchase` …
    pub name: String,
    /// The click on the advert that began the chat.
    pub ctwa_clid: Option<String>,
    /// Three letters.
    pub currency: Option<String>,
    /// The amount, in `currency`, exactly as Meta wrote the number.
    pub value: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The item as Meta wrote it.
    pub raw: Value,
}

/// Reads what happened with a flow.
pub(in crate::webhook) fn flow(reader: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let Some(kind) = word_of(&raw, "event", FlowEventKind::from_meta) else { return Err(raw) };
    if let FlowEventKind::Other(word) = &kind {
        reader.count(word);
    }
    let error = |error: &Value| FlowErrorRate {
        kind: text_of(error, "error_type"),
        rate: decimal(error, "error_rate"),
        count: number(error, "error_count"),
    };
    Ok(Inbound::Flow(Box::new(FlowUpdate {
        kind,
        flow_id: text_of(&raw, "flow_id"),
        message: text_of(&raw, "message"),
        old_state: word_of(&raw, "old_status", FlowState::from_meta),
        new_state: word_of(&raw, "new_status", FlowState::from_meta),
        alert_state: text_of(&raw, "alert_state"),
        threshold: decimal(&raw, "threshold"),
        error_rate: decimal(&raw, "error_rate"),
        availability: decimal(&raw, "availability"),
        latency_p50: decimal(&raw, "p50_latency"),
        latency_p90: decimal(&raw, "p90_latency"),
        requests: number(&raw, "requests_count"),
        errors: list(&raw, "errors").map(error).collect(),
        raw,
    })))
}

/// Reads one item of `automatic_events`.
pub(in crate::webhook) fn automatic_event(
    reader: &mut Reader<'_>,
    raw: Value,
) -> Result<Inbound, Value> {
    let Some(name) = text_of(&raw, "event_name") else { return Err(raw) };
    let data = part(&raw, "custom_data").unwrap_or(&Value::Null);
    Ok(Inbound::AutomaticEvent(Box::new(AutomaticEvent {
        wamid: text_of(&raw, "id"),
        name,
        ctwa_clid: text_of(&raw, "ctwa_clid"),
        currency: text_of(data, "currency"),
        value: text_of(data, "value"),
        at: time_of(&raw, "timestamp").unwrap_or_else(|| reader.moment()),
        raw,
    })))
}
