//! The console's own API under `/api/console`: a cookie signs in, `X-CSRF` and an origin of ours protect.

pub(crate) mod campaigns;
pub(crate) mod channels;
pub(crate) mod contacts;
pub(crate) mod conversations;
pub(crate) mod groups;
pub(crate) mod media;
pub(crate) mod messages;
pub(crate) mod report;
pub(crate) mod session;
pub(crate) mod team;
pub(crate) mod templates;

use axum::Json;
use axum::http::StatusCode;

/// What a handler answers with 201.
pub(crate) type Created<T> = (StatusCode, Json<T>);

pub(crate) const fn created<T>(body: T) -> Created<T> {
    (StatusCode::CREATED, Json(body))
}
