//! How far our messages have come, from the wire. A word we do not know stays raw.

use serde_json::Value;
use whatsapp_core::DeliveryStatus;

use super::payload::Reader;
use super::wire::{any_text, identity, list, number, text_of, time_of};
use super::{Inbound, StatusError, StatusUpdate};

/// Reads one item of `statuses`.
pub(super) fn read(reader: &mut Reader<'_>, item: &Value) {
    match status(reader, item) {
        Some(update) => reader.push(Inbound::Status(update)),
        None => reader.raw("messages", item),
    }
}

fn status(reader: &Reader<'_>, item: &Value) -> Option<StatusUpdate> {
    if text_of(item, "recipient_type").as_deref() == Some("group") {
        return None; // one message, many readers: not a line of our ledger
    }
    let word = text_of(item, "status")?.to_ascii_lowercase();
    let status = match word.as_str() {
        "played" => DeliveryStatus::Read,
        other => DeliveryStatus::parse(other)?,
    };
    Some(StatusUpdate {
        wamid: text_of(item, "id")?,
        status,
        at: time_of(item, "timestamp").unwrap_or_else(|| reader.moment()),
        callback_data: text_of(item, "biz_opaque_callback_data"),
        recipient: identity(item, "recipient_id", "recipient_user_id"),
        error: list(item, "errors").next().map(error),
    })
}

fn error(error: &Value) -> StatusError {
    let data = error.get("error_data");
    StatusError {
        code: number(error, "code").unwrap_or_default(),
        title: text_of(error, "title").unwrap_or_else(|| any_text(error, "message")),
        details: data
            .and_then(|data| text_of(data, "details"))
            .or_else(|| data.and_then(Value::as_str).map(str::to_owned)),
    }
}
