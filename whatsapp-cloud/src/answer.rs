//! Reading the Graph API's answers. Pure, shared by the client and the simulator in process.

use serde_json::Value;
use whatsapp_core::{Quality, Span};

use crate::api::{NumberDetails, SentMessage, SubscribedApp};
use crate::error::{CloudError, ProviderError};
use crate::transport::GraphAnswer;
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
        // An error that cannot be read is no success, whatever the status says.
        Some(value) if (200..300).contains(&status) && !holds_error(&value) => Ok(value),
        _ => Err(CloudError::Ambiguous {
            reason: format!("HTTP {status} without an answer of WhatsApp's"),
            http_status: Some(status),
        }),
    }
}

fn holds_error(answer: &Value) -> bool {
    answer.get("error").is_some_and(|error| error.is_object() || error.is_string())
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
pub(crate) fn read_sent(answer: GraphAnswer) -> Result<SentMessage, CloudError> {
    let GraphAnswer { body: answer, usage } = answer;
    let first = |key: &str| answer.get(key).and_then(|list| list.get(0));
    let (message, contact) = (first("messages"), first("contacts"));
    let of_message = |key: &str| message.and_then(|message| text_of(message, key));
    let of_contact = |key: &str| contact.and_then(|contact| text_of(contact, key));
    Ok(SentMessage {
        wamid: of_message("id").ok_or_else(|| unreadable("no message id"))?,
        input: of_contact("input"),
        wa_id: of_contact("wa_id"),
        user_id: of_contact("user_id"),
        group_id: of_message("group_id"),
        status: of_message("message_status"),
        usage,
        raw: answer,
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
        raw: value.clone(),
    })
}

/// Meta answers "no such object" with the code that for the number and the account means lost access. For a file it
/// means that the file is gone, and must not disconnect a channel.
pub(crate) fn file_gone(error: CloudError) -> CloudError {
    if is_no_object(&error) { CloudError::MediaGone } else { error }
}

/// The same for anything else that is neither the number nor the account: a template, a flow, a group, a code.
pub(crate) fn object_gone(error: CloudError) -> CloudError {
    match error {
        CloudError::Token(provider) if is_gone(&provider) => CloudError::Refused(provider),
        other => other,
    }
}

fn is_no_object(error: &CloudError) -> bool {
    error.provider().is_some_and(is_gone)
}

fn is_gone(provider: &ProviderError) -> bool {
    provider.code == 803 || (provider.code == 100 && provider.subcode == Some(33))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::Usage;
    use serde_json::json;

    #[test]
    fn an_error_that_cannot_be_read_is_no_success() {
        for body in [r#"{"error":{"message":"odd"}}"#, r#"{"error":"odd"}"#] {
            for status in [200, 400, 500] {
                let read = read_answer(status, None, body.as_bytes());
                assert!(
                    matches!(read, Err(CloudError::Ambiguous { .. })),
                    "{status} {body}: {read:?}"
                );
            }
        }
        assert!(read_answer(200, None, br#"{"error":null,"id":"1"}"#).is_ok());
    }

    #[test]
    fn an_accepted_message_is_read_whole() {
        let answer = json!({"messaging_product": "whatsapp",
            "contacts": [{"input": "US.1", "wa_id": "", "user_id": "US.1"}],
            "messages": [{"id": "wamid.1", "group_id": "g", "message_status": "paused", "new": 1}]});
        let told = Usage { app_percent: 7, ..Usage::default() };
        let sent = read_sent(GraphAnswer::new(answer.clone()).with_usage(told)).expect("an id");
        assert_eq!(sent.usage.percent(), 7);
        assert_eq!((sent.wa_id.as_deref(), sent.user_id.as_deref()), (None, Some("US.1")));
        assert_eq!((sent.input.as_deref(), sent.group_id.as_deref()), (Some("US.1"), Some("g")));
        assert_eq!(sent.raw, answer);
    }

    #[test]
    fn what_is_gone_disconnects_nobody_and_says_so_everywhere() {
        let body =
            br#"{"error":{"code":100,"error_subcode":33,"message":"Object does not exist"}}"#;
        let lost = read_answer(400, None, body).expect_err("refused");
        assert!(matches!(lost, CloudError::Token(_)), "of the number itself it is lost access");
        let gone = object_gone(lost.clone());
        assert_eq!(gone.error_class(), crate::ErrorClass::Permanent);
        assert_eq!(gone.explanation().map(|told| told.class()), Some(crate::ErrorClass::Permanent));
        assert_eq!(file_gone(lost), CloudError::MediaGone);
        let expired = read_answer(401, None, br#"{"error":{"code":190}}"#).expect_err("refused");
        assert_eq!(object_gone(expired.clone()), expired);
    }
}
