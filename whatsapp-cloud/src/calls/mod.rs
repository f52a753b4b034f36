//! Everything that can be asked of Meta, written once over [`Transport`](crate::Transport): each call makes a
//! request and reads the answer. Never retries, never keeps state.

mod account;
mod analytics;
mod batch;
mod block;
mod call;
mod coexistence;
mod commerce;
mod conversation;
mod encryption;
mod flow;
mod group;
mod marketing;
mod media;
mod messaging;
mod number;
mod profile;
mod qr;
mod template_admin;
mod template_groups;
mod templates;
mod token;
mod uploads;
mod username;
mod waba;

pub use batch::{BATCH_MAX, batch};
pub use marketing::{MarketingApi, MarketingOptions};

use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::{object_gone, unreadable};
use crate::transport::{GraphAnswer, GraphRequest, Transport};
use crate::{Access, CloudError};

/// A request in Meta's form.
fn wire(request: &impl Serialize) -> Result<Value, CloudError> {
    serde_json::to_value(request).map_err(|error| CloudError::invalid("request", error.to_string()))
}

/// With the parameter that most calls about a number ask for.
fn product(mut body: Value) -> Value {
    if let Some(map) = body.as_object_mut() {
        map.insert("messaging_product".into(), json!("whatsapp"));
    }
    body
}

/// Asks about something that is neither the number nor the account. That it is not there says nothing of the channel.
async fn of_object<T: Transport + ?Sized>(
    meta: &T,
    request: GraphRequest,
) -> Result<GraphAnswer, CloudError> {
    meta.exchange(request).await.map_err(object_gone)
}

/// A change at an edge of the number.
fn on_number(access: &Access, edge: &str, body: Value) -> GraphRequest {
    GraphRequest::post(&access.token, [access.phone_number_id.as_str(), edge], body)
}

/// An answer that says only whether it was done. Where it says that it was not, without an error, nobody knows.
fn done(answer: GraphAnswer) -> Result<(), CloudError> {
    match answer.body.get("success") {
        Some(Value::Bool(false)) => Err(unreadable("a failure without a reason")),
        _ => Ok(()),
    }
}
