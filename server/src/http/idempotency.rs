//! `Idempotency-Key`: the same request sent again gives the same answer and happens once. An effect that
//! makes something claims the key in its own transaction; one that a repetition cannot double (a change, a
//! deletion, a start) leaves that to the keeping. Here the answer is kept and given again.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use whatsapp_platform::{Call, Workspace};

use crate::error::ApiError;
use crate::http::extract::body;
use crate::state::{Answer, App};

/// The call as its caller named it, for the use case that has the effect.
#[derive(Clone, Debug, Default)]
pub(crate) struct Intent(Option<Call>);

impl Intent {
    pub(crate) const fn call(&self) -> Option<&Call> {
        self.0.as_ref()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Intent {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Gives the kept answer of a repeated call; lets a new one through and keeps its answer.
pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    run(&app, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn run(app: &App, request: Request, next: Next) -> Answer {
    let Some(key) = key(request.headers())? else {
        return Ok(next.run(request).await);
    };
    let desk = request.extensions().get::<Workspace>().cloned();
    let desk = desk.ok_or_else(|| ApiError::internal("a route without a guard keeps answers"))?;
    let (parts, bytes) = split(request, app).await?;
    let call = Call {
        key,
        route: format!("{} {} {}", parts.method, parts.uri.path(), caller(&desk)),
        fingerprint: Sha256::digest(&bytes).into(),
    };
    if let Some((status, answer)) = app.platform.stored_answer(desk.actor(), &call).await? {
        return replay(status, answer);
    }
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(Intent(Some(call.clone())));
    let response = next.run(request).await;
    if !response.status().is_success() {
        return Ok(response);
    }
    keep(app, &desk, &call, response).await
}

/// Of copies that arrive together, the first answer to be kept is the answer of all.
async fn keep(app: &App, desk: &Workspace, call: &Call, response: Response) -> Answer {
    let (parts, stream) = response.into_parts();
    let bytes = to_bytes(stream, usize::MAX)
        .await
        .map_err(|error| ApiError::internal(error.to_string()))?;
    app.platform.keep_answer(desk.actor(), call, parts.status.as_u16(), &bytes).await?;
    match app.platform.stored_answer(desk.actor(), call).await? {
        Some((status, kept)) if kept != bytes => replay(status, kept),
        _ => Ok(Response::from_parts(parts, Body::from(bytes))),
    }
}

fn replay(status: u16, answer: Vec<u8>) -> Answer {
    let status =
        StatusCode::from_u16(status).map_err(|error| ApiError::internal(error.to_string()))?;
    let is_empty = answer.is_empty();
    let mut response = (status, answer).into_response();
    let headers = response.headers_mut();
    if is_empty {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    Ok(response)
}

async fn split(request: Request, app: &App) -> Answer<(Parts, Bytes)> {
    let (parts, stream) = request.into_parts();
    let mut copy = Request::new(stream);
    *copy.extensions_mut() = parts.extensions.clone();
    let bytes = body(copy, app).await?;
    Ok((parts, bytes))
}

fn key(headers: &HeaderMap) -> Answer<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| (1..=255).contains(&text.len()));
    text.map(|text| Some(text.to_owned())).ok_or_else(|| {
        let message = "an Idempotency-Key has 1 to 255 visible ASCII characters";
        ApiError::invalid("IDEMPOTENCY_KEY_INVALID", "Idempotency-Key", message)
    })
}

/// Keys of different callers do not meet.
fn caller(desk: &Workspace) -> String {
    serde_json::to_string(desk.actor().by()).unwrap_or_default()
}
