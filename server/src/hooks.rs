//! Where Meta calls. The bytes are verified and kept, then the call is answered; nothing else happens here.

use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::error::{ApiError, ErrorBody};
use crate::http::extract::body;
use crate::routes::WEBHOOK_MAX;
use crate::state::{Answer, App};

/// What Meta asks when somebody sets the webhook's address.
#[derive(Deserialize)]
pub(crate) struct Handshake {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
}

/// Meta's handshake
#[utoipa::path(get, path = "/api/webhooks/whatsapp", tag = "Webhooks",
    params(("hub.mode" = String, Query), ("hub.verify_token" = String, Query), ("hub.challenge" = String, Query)),
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = 403, body = ErrorBody)))]
pub(crate) async fn verify_webhook(
    State(app): State<App>,
    Query(asked): Query<Handshake>,
) -> Answer {
    let refused = || {
        ApiError::new(StatusCode::FORBIDDEN, "VERIFY_TOKEN_INVALID", "the verify token is wrong")
    };
    let known = app.platform.settings().verify_token.as_ref().filter(|token| !token.is_empty());
    let right = known.is_some_and(|token| {
        bool::from(token.expose().as_bytes().ct_eq(asked.verify_token.as_bytes()))
    });
    let echo = (1..=256).contains(&asked.challenge.len())
        && asked.challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if !right || asked.mode != "subscribe" || !echo {
        return Err(refused());
    }
    Ok(asked.challenge.into_response())
}

/// Meta's calls
#[utoipa::path(post, path = "/api/webhooks/whatsapp", tag = "Webhooks",
    request_body(content = String, content_type = "application/json"),
    responses((status = 200, description = "Kept"), (status = 401, body = ErrorBody),
        (status = 413, body = ErrorBody), (status = 503, body = ErrorBody)))]
pub(crate) async fn receive_webhook(
    State(app): State<App>,
    headers: HeaderMap,
    request: Request,
) -> Answer<Response> {
    let bytes: Bytes = body(request, &app).await.map_err(|error| match error.status {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(WEBHOOK_MAX),
        _ => error,
    })?;
    let signature = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    app.platform.deliver(signature, bytes).await?;
    Ok(StatusCode::OK.into_response())
}
