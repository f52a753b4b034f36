//! Errors in Meta's form. Texts are our own words after Meta's pattern.

use serde_json::{Value, json};

/// A refusal as the Graph API words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GraphError {
    pub(super) status: u16,
    code: i64,
    subcode: Option<i64>,
    transient: Option<bool>,
    kind: &'static str,
    title: String,
    details: Option<String>,
    /// What stands beside the error: what was done all the same.
    beside: Option<Box<Value>>,
    /// A title and a sentence for people.
    user: Option<Box<(String, String)>>,
}

impl GraphError {
    /// An error with Meta's title for the code.
    pub(super) fn new(code: i64, details: impl Into<String>) -> Self {
        let details = Some(details.into()).filter(|text: &String| !text.is_empty());
        let (kind, title) = ("OAuthException", title(code).to_owned());
        let (subcode, transient, user, beside) = (None, None, None, None);
        let status = status(code);
        Self { status, code, subcode, transient, kind, title, details, user, beside }
    }
    /// A path to something that is not there or not this token's.
    pub(super) fn no_object(id: &str) -> Self {
        Self {
            subcode: Some(33),
            kind: "GraphMethodException",
            title: format!(
                "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation"
            ),
            ..Self::new(100, "")
        }
    }
    /// A wrong parameter, told to people; with Meta's finer code, where it has one.
    pub(super) fn user(subcode: Option<i64>, title: &str, why: &str) -> Self {
        let user = Some(Box::new((title.to_owned(), why.to_owned())));
        Self { subcode, transient: Some(false), user, ..Self::new(100, "") }
    }
    pub(super) fn bad_token() -> Self {
        Self {
            title: "Invalid OAuth access token - Cannot parse access token".into(),
            ..Self::new(190, "")
        }
    }
    /// An `appsecret_proof` that was made with another secret or for another token.
    pub(super) fn bad_proof() -> Self {
        Self {
            kind: "GraphMethodException",
            title: "Invalid appsecret_proof provided in the API argument".into(),
            ..Self::new(100, "")
        }
    }
    /// An error with words of its own.
    pub(super) fn titled(code: i64, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::new(code, "") }
    }
    /// With what was done all the same.
    pub(super) fn with_beside(mut self, beside: Value) -> Self {
        self.beside = Some(Box::new(beside));
        self
    }
    /// As a token's own description tells of it.
    pub(super) fn short(&self) -> Value {
        let mut error = json!({"code": self.code, "message": self.title});
        if let (Some(subcode), Some(map)) = (self.subcode, error.as_object_mut()) {
            map.insert("subcode".into(), json!(subcode));
        }
        error
    }
    /// With Meta's finer code.
    pub(super) fn with_subcode(mut self, subcode: Option<i64>) -> Self {
        self.subcode = subcode.or(self.subcode);
        self
    }
    /// With what Meta says of whether it is worth another try.
    pub(super) const fn with_transient(mut self, transient: Option<bool>) -> Self {
        self.transient = transient;
        self
    }
    /// With another HTTP status than the code's own.
    pub(super) fn with_status(mut self, status: Option<u16>) -> Self {
        self.status = status.unwrap_or(self.status);
        self
    }
    pub(super) const fn code(&self) -> i64 {
        self.code
    }
    /// The answer's body. `trace` is the id under which support would find the call.
    pub(super) fn body(&self, trace: &str) -> Value {
        let plain = matches!(self.code, 1 | 15 | 100 | 101 | 190);
        let message =
            if plain { self.title.clone() } else { format!("(#{}) {}", self.code, self.title) };
        let mut error = serde_json::Map::new();
        error.insert("message".into(), json!(message));
        error.insert("type".into(), json!(self.kind));
        error.insert("code".into(), json!(self.code));
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".into(), json!(subcode));
        }
        if let Some(transient) = self.transient {
            error.insert("is_transient".into(), json!(transient));
        }
        if let Some((title, why)) = self.user.as_deref() {
            error.insert("error_user_title".into(), json!(title));
            error.insert("error_user_msg".into(), json!(why));
        }
        if let Some(details) = &self.details {
            let data = json!({"messaging_product": "whatsapp", "details": details});
            error.insert("error_data".into(), data);
        }
        error.insert("fbtrace_id".into(), json!(trace));
        let mut body =
            self.beside.as_deref().and_then(Value::as_object).cloned().unwrap_or_default();
        body.insert("error".into(), Value::Object(error));
        Value::Object(body)
    }
    /// The entry of a failed status.
    pub(super) fn status_error(code: i64) -> Value {
        let title = title(code);
        json!({
            "code": code, "title": title, "message": title,
            "error_data": {"details": crate::explain(code).message},
            "href": "/documentation/business-messaging/whatsapp/support/error-codes",
        })
    }
}

const fn status(code: i64) -> u16 {
    match code {
        0 | 190 => 401,
        3 | 10 | 200..=299 | 368 | 131_005 | 131_031 | 130_497 => 403,
        132_001 => 404,
        130_429 => 429,
        131_000 | 131_016 | 131_057 => 500,
        2 | 133_004 => 503,
        _ => 400,
    }
}

const fn title(code: i64) -> &'static str {
    match code {
        2 => "Service temporarily unavailable",
        4 => "Application request limit reached",
        10 => "Application does not have permission for this action",
        100 => "Invalid parameter",
        190 => "Access token has expired",
        368 => "Temporarily blocked for policies violations",
        80_007 => "Rate limit issues",
        130_429 => "Rate limit hit",
        130_403 => "Recipient is blocked by the business",
        130_472 => "User's number is part of an experiment",
        131_000 => "Something went wrong",
        131_005 => "Access denied",
        131_008 => "Required parameter is missing",
        131_009 => "Parameter value is not valid",
        131_016 => "Service unavailable",
        131_021 => "Recipient cannot be sender",
        131_026 => "Message undeliverable",
        131_030 => "Recipient phone number not in allowed list",
        131_031 => "Account has been locked",
        131_042 => "Business eligibility payment issue",
        131_047 => "Re-engagement message",
        131_048 => "Spam rate limit hit",
        131_049 => "This message was not delivered to maintain healthy ecosystem engagement",
        131_050 => "User has stopped receipt of marketing messages",
        131_051 => "Message type unknown",
        131_053 => "Media upload error",
        131_056 => "(Business Account, Consumer Account) pair rate limit hit",
        131_057 => "Account in maintenance mode",
        131_062 => "Recipient must be a phone number for this message",
        132_000 => "Number of parameters does not match the expected number of params",
        132_001 => "Template name does not exist in the translation",
        132_005 => "Translated text too long",
        132_012 => "Parameter format does not match format in the created template",
        132_015 => "Template is paused",
        132_016 => "Template is disabled",
        132_018 => "Template parameters are not valid",
        80_008 => "Rate limit of the account hit",
        200_007 => "Template insights are not enabled",
        131_059 => "Cursor is not valid",
        133_010 => "Phone number not registered",
        2_593_107 => "Synchronisation was already done",
        2_593_108 => "Synchronisation is no longer possible",
        2_593_109 => "History sync is turned off by the business from the WhatsApp Business App",
        137_000 => "Recipient identity key mismatch",
        _ => super::titles::of_setup(code),
    }
}
