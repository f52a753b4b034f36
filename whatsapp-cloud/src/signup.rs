//! What Meta's signup window tells the page that opened it. The page hands the origin and the text of the
//! browser's `message` event to its server, or to a program of its own; both are the word of a browser, so the ids
//! must be proved with the access token before anything is done with them. Never calls Meta.
//!
//! <https://developers.facebook.com/docs/whatsapp/embedded-signup/implementation>

use serde_json::Value;
use url::Url;
use whatsapp_core::Timestamp;

use crate::webhook::text_of;

/// What the window told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignupEvent {
    /// The person went through to the end.
    Finished(SignupFinished),
    /// The person closed the window.
    Cancelled {
        /// At which of Meta's steps: `PHONE_NUMBER_VERIFICATION` …
        step: Option<String>,
        /// The event as it came.
        raw: Value,
    },
    /// Meta's window met an error and the person reported it.
    Failed(SignupFailure),
    /// An event that this version does not know.
    Other {
        /// Meta's word.
        event: String,
        /// The event as it came.
        raw: Value,
    },
}

/// What the person chose. Every id is only claimed until the token proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignupFinished {
    /// How far the window went.
    pub kind: FinishKind,
    /// Meta's id of the account.
    pub waba_id: Option<String>,
    /// Meta's id of the number, if one was chosen in the window.
    pub phone_number_id: Option<String>,
    /// Meta's id of the portfolio.
    pub business_id: Option<String>,
    /// Meta's ids of advertising accounts.
    pub ad_account_ids: Vec<String>,
    /// Meta's ids of pages.
    pub page_ids: Vec<String>,
    /// Meta's ids of data sets.
    pub dataset_ids: Vec<String>,
    /// The event as it came.
    pub raw: Value,
}

/// How far the window went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FinishKind {
    /// An account and a number.
    Number,
    /// An account without a number.
    AccountOnly,
    /// A number that stays in the WhatsApp Business app too. It must not be registered; list the account's
    /// numbers to find it.
    Coexistence,
}

/// What went wrong in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignupFailure {
    /// Meta's words, for the person.
    pub message: String,
    /// Meta's number for it, for Meta's support.
    pub error_id: Option<String>,
    /// Meta's id of the session, for Meta's support.
    pub session_id: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// The event as it came.
    pub raw: Value,
}

/// Not an event of Meta's signup window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignupEventError {
    /// It was sent by another page. Drop it.
    #[error("the message is not from facebook.com")]
    Origin,
    /// It is from Meta and about something else, as many are. Drop it.
    #[error("the message is not about the signup")]
    NotSignup,
}

/// Reads a `message` event of the browser. `origin` is the event's origin, `data` its text.
///
/// The origin must be `https://facebook.com` or a name that ends in `.facebook.com`, to the letter: a page of
/// `facebook.com.example.org` or `notfacebook.com` can send messages too.
///
/// ```
/// use whatsapp_cloud::signup::{SignupEvent, read_event};
/// let data = r#"{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","data":{"current_step":"PERMISSIONS"}}"#;
/// let event = read_event("https://www.facebook.com", data)?;
/// assert!(matches!(event, SignupEvent::Cancelled { step: Some(step), .. } if step == "PERMISSIONS"));
/// assert!(read_event("https://facebook.com.example.org", data).is_err());
/// # Ok::<(), whatsapp_cloud::signup::SignupEventError>(())
/// ```
///
/// # Errors
/// [`SignupEventError`]: drop the message; a page receives many that are not for it.
pub fn read_event(origin: &str, data: &str) -> Result<SignupEvent, SignupEventError> {
    if !is_meta(origin) {
        return Err(SignupEventError::Origin);
    }
    let raw: Value = serde_json::from_str(data).map_err(|_| SignupEventError::NotSignup)?;
    let word = |key: &str| raw.get(key).and_then(Value::as_str);
    let (Some("WA_EMBEDDED_SIGNUP"), Some(event)) = (word("type"), word("event")) else {
        return Err(SignupEventError::NotSignup);
    };
    let kind = match event {
        "FINISH" => FinishKind::Number,
        "FINISH_ONLY_WABA" => FinishKind::AccountOnly,
        "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING" => FinishKind::Coexistence,
        "CANCEL" | "ERROR" => return Ok(stopped(event == "ERROR", raw)),
        other => return Ok(SignupEvent::Other { event: other.to_owned(), raw }),
    };
    Ok(SignupEvent::Finished(finished(kind, raw)))
}

/// Whether a page of this origin is Meta's.
fn is_meta(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    // An origin has nothing but scheme, host and port; whatever is written otherwise is none.
    let exact = url.origin().ascii_serialization() == origin;
    let host = url.host_str().unwrap_or_default();
    let is_meta = host == "facebook.com" || host.ends_with(".facebook.com");
    exact && is_meta && url.scheme() == "https" && url.port().is_none()
}

fn finished(kind: FinishKind, raw: Value) -> SignupFinished {
    let data = raw.get("data").unwrap_or(&Value::Null);
    SignupFinished {
        kind,
        waba_id: text_of(data, "waba_id"),
        phone_number_id: text_of(data, "phone_number_id"),
        business_id: text_of(data, "business_id"),
        ad_account_ids: ids(data, "ad_account_ids"),
        page_ids: ids(data, "page_ids"),
        dataset_ids: ids(data, "dataset_ids"),
        raw,
    }
}

/// Meta reports errors under the word for closing the window, formerly under one of their own.
fn stopped(is_error: bool, raw: Value) -> SignupEvent {
    let data = raw.get("data").unwrap_or(&Value::Null);
    let message = text_of(data, "error_message");
    if message.is_none() && !is_error {
        return SignupEvent::Cancelled { step: text_of(data, "current_step"), raw };
    }
    let at = text_of(data, "timestamp").and_then(|seconds| seconds.parse::<i64>().ok());
    SignupEvent::Failed(SignupFailure {
        message: message.unwrap_or_default(),
        error_id: text_of(data, "error_id"),
        session_id: text_of(data, "session_id"),
        at: at.filter(|seconds| *seconds > 0).map(Timestamp::from_seconds),
        raw,
    })
}

fn ids(data: &Value, key: &str) -> Vec<String> {
    let list = data.get(key).and_then(Value::as_array).into_iter().flatten();
    let id = |item: &Value| match item {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    };
    list.filter_map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANCEL: &str = r#"{"type":"WA_EMBEDDED_SIGNUP","event":"CANCEL","data":{}}"#;

    #[test]
    fn only_meta_s_pages_are_listened_to() {
        for origin in
            ["https://facebook.com", "https://www.facebook.com", "https://web.facebook.com"]
        {
            assert!(read_event(origin, CANCEL).is_ok(), "{origin}");
        }
        let others = [
            "",
            "null",
            "facebook.com",
            "http://www.facebook.com",
            "https://notfacebook.com",
            "https://facebook.com.example.org",
            "https://facebook.com@example.org",
            "https://example.org/facebook.com",
            "https://example.org/.facebook.com",
            "https://example.org#.facebook.com",
            "https://example.org?x=.facebook.com",
            "https://www.facebook.com/",
            "https://www.facebook.com:8443",
            "https://www.facebook.com:443",
            "https://www.facebook.com.",
            "https://WWW.FACEBOOK.COM",
            "https://www.facebook.com ",
            "https://www.faceboo\u{212a}.com",
            "ws://www.facebook.com",
        ];
        for origin in others {
            assert_eq!(read_event(origin, CANCEL), Err(SignupEventError::Origin), "{origin}");
        }
    }

    #[test]
    fn other_messages_of_meta_s_pages_are_dropped() {
        for data in
            ["", "cb=f3&domain=x", "null", "[]", "{}", r#"{"type":"OTHER","event":"FINISH"}"#]
        {
            let got = read_event("https://www.facebook.com", data);
            assert_eq!(got, Err(SignupEventError::NotSignup), "{data}");
        }
    }

    #[test]
    fn ids_may_be_numbers_and_a_new_event_is_kept() {
        let data = r#"{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"waba_id":104551238800917,"page_ids":[7,"8",null]}}"#;
        let Ok(SignupEvent::Finished(done)) = read_event("https://www.facebook.com", data) else {
            panic!("not finished");
        };
        assert_eq!(done.waba_id.as_deref(), Some("104551238800917"));
        assert_eq!(done.page_ids, ["7", "8"]);
        let new = r#"{"type":"WA_EMBEDDED_SIGNUP","event":"PAUSED"}"#;
        let got = read_event("https://www.facebook.com", new).expect("an event");
        assert!(matches!(got, SignupEvent::Other { event, .. } if event == "PAUSED"));
    }
}
