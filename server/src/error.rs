//! The only place that knows which situation is which HTTP status. The text of our own mistakes goes to the
//! log and never into an answer.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use whatsapp_core::{Class, Classified, Detail, Span};
use whatsapp_platform::Error;

/// What is wrong, as every answer with a status from 400 on says it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorBody {
    /// Always `true`.
    pub(crate) error: bool,
    /// What happened and what to do, in plain words.
    pub(crate) message: String,
    /// A stable code to branch on.
    #[schema(example = "CONTACT_NOT_FOUND")]
    pub(crate) code: String,
    /// Names the request in our logs.
    pub(crate) request_id: String,
    /// Which fields are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) details: Vec<ErrorDetail>,
}

/// One field that is wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ErrorDetail {
    /// Which one: `body.text`, `variables.body.1`.
    pub(crate) field: String,
    /// Why.
    pub(crate) message: String,
}

/// A request could not be served. The outermost layer writes it as an [`ErrorBody`].
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) details: Vec<Detail>,
    pub(crate) retry_after: Option<Span>,
    /// For the log only.
    pub(crate) hidden: Option<String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let (code, message) = (code.to_owned(), message.into());
        Self { status, code, message, details: Vec::new(), retry_after: None, hidden: None }
    }
    /// 400 that names a field.
    pub(crate) fn invalid(code: &str, field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let details = vec![Detail { field: field.to_owned(), message: message.clone() }];
        Self { details, ..Self::new(StatusCode::BAD_REQUEST, code, message) }
    }
    pub(crate) fn unauthenticated(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
    }
    pub(crate) fn internal(hidden: impl Into<String>) -> Self {
        let message = "something went wrong on our side; the request id names it in our logs";
        let new = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message);
        Self { hidden: Some(hidden.into()), ..new }
    }
    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("the body is larger than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", message)
    }
    /// The body that callers read.
    pub(crate) fn body(&self, request_id: &str) -> ErrorBody {
        let detail =
            |d: &Detail| ErrorDetail { field: d.field.clone(), message: d.message.clone() };
        ErrorBody {
            error: true,
            message: self.message.clone(),
            code: self.code.clone(),
            request_id: request_id.to_owned(),
            details: self.details.iter().map(detail).collect(),
        }
    }
}

/// Codes whose status is finer than their class.
fn status_of(class: Class, code: &str) -> StatusCode {
    match code {
        "IDEMPOTENCY_KEY_REUSED" => StatusCode::UNPROCESSABLE_ENTITY,
        "MEDIA_TOO_LARGE" => StatusCode::PAYLOAD_TOO_LARGE,
        _ => match class {
            Class::Invalid => StatusCode::BAD_REQUEST,
            Class::Unauthenticated => StatusCode::UNAUTHORIZED,
            Class::Forbidden | Class::OverPlan => StatusCode::FORBIDDEN,
            Class::NotFound => StatusCode::NOT_FOUND,
            Class::Conflict => StatusCode::CONFLICT,
            Class::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Class::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Class::Upstream => StatusCode::BAD_GATEWAY,
            Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}

impl<E: Classified + std::fmt::Display + Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        let (class, code, details) = (error.class(), error.code(), error.details());
        let status = status_of(class, &code);
        let text = error.to_string();
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            return Self::internal(text);
        }
        let retry_after = match class {
            Class::Limited { after } => Some(after),
            Class::Unavailable => Some(Span::seconds(1)),
            _ => None,
        };
        // A store's own words may name hosts and files: they stay here.
        let (message, hidden) = match class {
            Class::Unavailable => {
                let message = "the service cannot do this now; please try again".to_owned();
                (message, Some(text))
            }
            _ => (text, None),
        };
        Self { status, code: code.into_owned(), message, details, retry_after, hidden }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(after) = self.retry_after {
            let seconds = after.as_micros().div_euclid(1_000_000).max(0).saturating_add(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}
