//! What operators and their machines ask: alive, ready, figures. Tells a stranger nothing but yes or no.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::error::{ApiError, ErrorBody};
use crate::state::{Answer, App};

/// Whether the process lives
#[utoipa::path(get, path = "/healthz", tag = "Operations",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn healthz() -> &'static str {
    "ok"
}

/// Whether it can serve
///
/// The store takes a write, the worker runs, and nobody has asked the process to end.
#[utoipa::path(get, path = "/readyz", tag = "Operations",
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = 503, body = ErrorBody)))]
pub(crate) async fn readyz(State(app): State<App>) -> Answer<&'static str> {
    let health = &app.settings.health;
    let not_ready = |why: &str| {
        let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "NOT_READY", "not ready");
        ApiError { hidden: Some(why.to_owned()), ..error }
    };
    if health.is_draining() {
        return Err(not_ready("the process is about to end"));
    }
    if health.has_lost_worker() {
        return Err(not_ready("the background worker has ended"));
    }
    app.platform.ready().await?;
    Ok("ready")
}

/// Figures for Prometheus
#[utoipa::path(get, path = "/metrics", tag = "Operations",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(app): State<App>) -> Answer {
    let handle = app.settings.metrics.as_ref();
    let text =
        handle.map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
