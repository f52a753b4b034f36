//! The outermost layer: gives each request a name, writes refusals in the documented shape, and the log's line.
//! Never logs a body, a query, a cookie or a key.

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::error::ApiError;
use crate::state::App;

/// Names the request, runs it, and makes its answer whole.
pub(crate) async fn envelope(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request_id(&app, request.headers());
    let began = app.now();
    let method = request.method().clone();
    let realtime = request.uri().path().starts_with("/socket.io");
    // The pattern, not the path: ids in logs would be ids of people.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let span =
        tracing::info_span!("request", id = %id, %method, route = route.as_deref().unwrap_or("-"));
    let mut response = next.run(request).instrument(span.clone()).await;
    let micros = (app.now() - began).as_micros();
    span.in_scope(|| tell(&response, micros));
    if !realtime {
        response = shape(response, &id);
    }
    if let Ok(value) = HeaderValue::try_from(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let good = |id: &&str| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    given.filter(good).map_or_else(|| app.platform.env().uuid().simple().to_string(), str::to_owned)
}

fn tell(response: &Response, micros: i64) {
    let status = response.status().as_u16();
    let problem = response.extensions().get::<ApiError>();
    let code = problem.map_or("", |p| p.code.as_str());
    match problem.and_then(|p| p.hidden.as_deref()) {
        Some(why) => tracing::error!(status, micros, code, why, "answered"),
        None if status >= 500 => tracing::error!(status, micros, code, "answered"),
        None => tracing::debug!(status, micros, code, "answered"),
    }
}

/// Writes what went wrong as the documented body. What did not come from a handler of ours (a wrong method, a
/// time-out, a panic) is told by its status.
fn shape(mut response: Response, request_id: &str) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let known = response.extensions_mut().remove::<ApiError>();
    let error = match known {
        Some(error) => error,
        None if is_json(response.headers()) => return response,
        None => by_status(status),
    };
    let body = serde_json::to_vec(&error.body(request_id)).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (parts, Body::from(body)).into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

fn by_status(status: StatusCode) -> ApiError {
    let (code, message) = match status {
        StatusCode::NOT_FOUND => ("ROUTE_NOT_FOUND", "there is nothing under this address"),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("METHOD_NOT_ALLOWED", "this address does not take this method")
        }
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            ("TIMEOUT", "this took too long")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("BODY_TOO_LARGE", "the body is too large"),
        StatusCode::SERVICE_UNAVAILABLE => {
            ("UNAVAILABLE", "the service cannot do this now; please try again")
        }
        status if status.is_server_error() => {
            return ApiError { status, ..ApiError::internal("no handler told why") };
        }
        _ => ("BAD_REQUEST", "the request cannot be read"),
    };
    ApiError::new(status, code, message)
}
