//! Reading the Graph API's answers. Pure, shared by the client and the simulator in process.

use serde_json::Value;
use whatsapp_core::{Quality, Span};

use crate::api::{NumberDetails, SentMessage, SubscribedApp};
use crate::error::{CloudError, ProviderError};
use crate::webhook::text_of;

/// Sorts an answer, for whoever writes a [`Transport`](crate::Transport). Only Meta's own error body proves a
/// refusal; a bare status of a proxy proves nothing.
///
/// ```
/// use whatsapp_cloud::transport::read_answer;
/// assert!(read_answer(200, None, br#"{"success":true}"#).is_ok());
/// let refused = read_answer(401, None, br#"{"error":{"code":190,"message":"expired"}}"#);
/// assert!(refused.is_err_and(|error| error.proof_not_accepted()));
/// assert!(read_answer(502, None, b"<h1>Bad gateway</h1>").is_err_and(|error| !error.proof_not_accepted()));
/// ```
///
/// # Errors
/// [`CloudError`](crate::CloudError) by situation.
pub fn read_answer(
    status: u16,
    retry_after: Option<Span>,
    body: &[u8],
) -> Result<Value, CloudError> {
    let parsed: Option<Value> = serde_json::from_slice(body)
        .ok()
        .filter(|value: &Value| value.is_object() || value.is_array());
    if let Some(error) = parsed.as_ref().and_then(|value| read_error(value, status)) {
        return Err(CloudError::from_provider(error, retry_after));
    }
    match parsed {
        Some(value) if (200..300).contains(&status) => Ok(value),
        _ => Err(CloudError::Ambiguous {
            reason: format!("HTTP {status} without an answer of WhatsApp's"),
            http_status: Some(status),
        }),
    }
}

/// Reads Meta's error body, if this is one.
fn read_error(answer: &Value, http_status: u16) -> Option<ProviderError> {
    let error = answer.get("error").filter(|error| error.is_object())?;
    let number = |key: &str| text_of(error, key).and_then(|text| text.parse::<i64>().ok());
    let data = error.get("error_data");
    Some(ProviderError {
        code: number("code")?,
        subcode: number("error_subcode"),
        message: text_of(error, "message").unwrap_or_default(),
        details: data
            .and_then(|data| text_of(data, "details"))
            .or_else(|| data.and_then(Value::as_str).map(str::to_owned))
            .or_else(|| text_of(error, "error_user_msg")),
        trace: text_of(error, "fbtrace_id"),
        http_status,
        beside: beside(answer),
    })
}

/// All of an answer but its error, if there is more.
fn beside(answer: &Value) -> Option<Box<Value>> {
    let mut rest = answer.as_object()?.clone();
    rest.remove("error");
    (!rest.is_empty()).then(|| Box::new(Value::Object(rest)))
}

/// The answer to a message. Without an id nobody knows what became of it.
pub(crate) fn read_sent(answer: &Value) -> Result<SentMessage, CloudError> {
    let message = answer.pointer("/messages/0");
    let wamid = message.and_then(|message| text_of(message, "id"));
    Ok(SentMessage {
        wamid: wamid.ok_or_else(|| unreadable("no message id"))?,
        wa_id: answer.pointer("/contacts/0").and_then(|contact| text_of(contact, "wa_id")),
        status: message.and_then(|message| text_of(message, "message_status")),
    })
}

pub(crate) fn unreadable(what: &str) -> CloudError {
    CloudError::Ambiguous { reason: format!("WhatsApp answered with {what}"), http_status: None }
}

/// The entries of a list answer.
pub(crate) fn data(answer: &Value) -> impl Iterator<Item = &Value> {
    answer.get("data").and_then(Value::as_array).into_iter().flatten()
}

/// There is another page if and only if `next` is there.
pub(crate) fn next_cursor(answer: &Value) -> Option<String> {
    let paging = answer.get("paging").filter(|paging| paging.get("next").is_some())?;
    paging.get("cursors").and_then(|cursors| text_of(cursors, "after"))
}

pub(crate) fn read_number(value: &Value) -> Option<NumberDetails> {
    let display_phone = text_of(value, "display_phone_number").unwrap_or_default();
    let on_app = value.get("is_on_biz_app").and_then(Value::as_bool).unwrap_or(false);
    let high = value.pointer("/throughput/level").and_then(Value::as_str) == Some("HIGH");
    Some(NumberDetails {
        id: text_of(value, "id")?,
        phone: display_phone
            .parse()
            .or_else(|_| whatsapp_core::Phone::from_wa_id(&display_phone))
            .ok(),
        display_phone,
        verified_name: text_of(value, "verified_name").unwrap_or_default(),
        quality: Quality::from_meta(&text_of(value, "quality_rating").unwrap_or_default()),
        throughput: match (on_app, high) {
            (true, _) => 20,
            (false, true) => 1_000,
            (false, false) => 80,
        },
        status: text_of(value, "status"),
    })
}

pub(crate) fn read_app(value: &Value) -> Option<SubscribedApp> {
    let app = value.get("whatsapp_business_api_data")?;
    Some(SubscribedApp {
        id: text_of(app, "id")?,
        name: text_of(app, "name").unwrap_or_default(),
        callback: text_of(value, "override_callback_uri"),
    })
}

/// Meta answers "no such object" with the code that for other calls means lost access; for a file it means that
/// the file is gone, and must not disconnect a channel.
pub(crate) fn file_gone(error: CloudError) -> CloudError {
    match &error {
        CloudError::Token(provider) if provider.code == 100 && provider.subcode == Some(33) => {
            CloudError::MediaGone
        }
        _ => error,
    }
}
