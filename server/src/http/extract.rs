//! Our own extractors: each refusal has the documented shape, a stable code and the field. Bodies are read
//! within their limit, nested at most 64 deep, and hold no NUL.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;
use whatsapp_platform::Workspace;

use crate::error::ApiError;
use crate::http::strict::Strict;
use crate::state::App;

/// The largest JSON body.
pub(crate) const BODY_MAX: usize = 1024 * 1024;
const DEPTH_MAX: usize = 64;

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = body(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// The raw body, within the limit of its route.
pub(crate) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|refused| match refused {
        BytesRejection::FailedToBufferBody(why)
            if why.status() == StatusCode::PAYLOAD_TOO_LARGE =>
        {
            ApiError::too_large(BODY_MAX)
        }
        _ => ApiError::new(StatusCode::BAD_REQUEST, "INVALID_BODY", "the body ended too early"),
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = format!("the body is not valid JSON, at line {line}, column {column}");
        ApiError::new(StatusCode::BAD_REQUEST, "INVALID_JSON", message)
    })?;
    check(&value, 0)?;
    if !value.is_object() {
        return Err(ApiError::invalid("INVALID_BODY", "body", "the body must be a JSON object"));
    }
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
        let path = error.path().to_string();
        field_error(&path, &error.inner().to_string())
    })
}

/// Turns serde's words into a code and a field.
fn field_error(path: &str, text: &str) -> ApiError {
    let path = if path == "." { "" } else { path };
    let named = text.split('`').nth(1).unwrap_or_default();
    let within = |name: &str| match (path.is_empty(), path.ends_with(name)) {
        (true, _) => name.to_owned(),
        (false, true) => path.to_owned(),
        (false, false) => format!("{path}.{name}"),
    };
    if text.starts_with("unknown field") {
        return ApiError::invalid(
            "UNKNOWN_FIELD",
            &within(named),
            format!("there is no field {named} here"),
        );
    }
    if text.starts_with("missing field") {
        return ApiError::invalid(
            "INVALID_BODY",
            &within(named),
            format!("the field {named} is missing"),
        );
    }
    ApiError::invalid("INVALID_BODY", if path.is_empty() { "body" } else { path }, text)
}

fn check(value: &Value, depth: usize) -> Result<(), ApiError> {
    if depth > DEPTH_MAX {
        return Err(ApiError::invalid(
            "INVALID_BODY",
            "body",
            "the body is nested more than 64 deep",
        ));
    }
    let nul = |text: &str, field: &str| match text.contains('\0') {
        true => Err(ApiError::invalid(
            "INVALID_BODY",
            field,
            "the character NUL is not allowed in texts",
        )),
        false => Ok(()),
    };
    match value {
        Value::String(text) => nul(text, "body"),
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth + 1)),
        Value::Object(fields) => fields.iter().try_for_each(|(key, item)| {
            nul(key, "body")?;
            item.as_str().map_or_else(|| check(item, depth + 1), |text| nul(text, key))
        }),
        _ => Ok(()),
    }
}

/// Parts of the path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| {
            let message = "this is not an id of the right form: copy it from an answer of the API";
            ApiError::invalid("INVALID_ID", "id", message)
        })
    }
}

/// The query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(ApiError::invalid(
                "INVALID_QUERY",
                "query",
                "the character NUL is not allowed",
            ));
        }
        let query = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        query.map(|axum::extract::Query(value)| Self(value)).map_err(|refused| {
            let text = refused.body_text();
            let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            let (path, words) = text.split_once(": ").unwrap_or(("", text));
            let mut error = field_error(path, words);
            if error.code == "INVALID_BODY" {
                error.code = "INVALID_QUERY".into();
            }
            error
        })
    }
}

/// The tenant as the caller sees it; the guard of the route has put it there.
#[derive(Clone, Debug)]
pub(crate) struct Desk(pub(crate) Workspace);

impl std::ops::Deref for Desk {
    type Target = Workspace;
    fn deref(&self) -> &Workspace {
        &self.0
    }
}

impl FromRequestParts<App> for Desk {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let found = parts.extensions.get::<Workspace>().cloned();
        found
            .map(Self)
            .ok_or_else(|| ApiError::internal("a route without a guard asked for a workspace"))
    }
}

/// The signed-in person; the guard of the route has put it there.
#[derive(Clone, Debug)]
pub(crate) struct Me(pub(crate) whatsapp_platform::Principal);

impl FromRequestParts<App> for Me {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let found = parts.extensions.get::<whatsapp_platform::Principal>().cloned();
        found
            .map(Self)
            .ok_or_else(|| ApiError::internal("a route without a guard asked for a person"))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Inner {
        count: u32,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Body {
        name: String,
        inner: Option<Inner>,
    }

    #[test]
    fn a_wrong_body_is_refused_with_its_field_and_a_stable_code() {
        let cases = [
            (r#"{"name":"a","role":"admin"}"#, "UNKNOWN_FIELD", "role"),
            (r#"{"name":"a","inner":{"count":1,"x":2}}"#, "UNKNOWN_FIELD", "inner.x"),
            (r"{}", "INVALID_BODY", "name"),
            (r#"{"name":7}"#, "INVALID_BODY", "name"),
            (r#"{"name":"a","inner":{"count":"many"}}"#, "INVALID_BODY", "inner.count"),
            ("{\"name\":\"a\\u0000b\"}", "INVALID_BODY", "name"),
            (r#"["a"]"#, "INVALID_BODY", "body"),
            (r#""a""#, "INVALID_BODY", "body"),
            ("null", "INVALID_BODY", "body"),
            (r#"{"name":"a","inner":[1]}"#, "INVALID_BODY", "inner"),
        ];
        for (text, code, field) in cases {
            let error = parse::<Body>(text.as_bytes()).expect_err(text);
            assert_eq!(
                (error.code.as_str(), error.details[0].field.as_str()),
                (code, field),
                "{text}"
            );
        }
        assert_eq!(parse::<Body>(b"{").expect_err("broken").code, "INVALID_JSON");
        let deep = format!("{}{}", "[".repeat(80), "]".repeat(80));
        assert_eq!(parse::<Value>(deep.as_bytes()).expect_err("deep").code, "INVALID_BODY");
    }
}
