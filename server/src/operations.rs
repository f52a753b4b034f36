//! What operators and their machines ask: alive, ready, figures. Tells a stranger nothing but yes or no.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use whatsapp_core::Detail;
use whatsapp_platform::{CHECKS, Trouble};

use crate::error::{ApiError, ErrorBody};
use crate::http::guard::signed_in;
use crate::state::{Answer, App, Health};

/// The gauge of what `/readyz` looks at: 1 is well.
pub(crate) const READY: &str = "whatsapp_ready";
/// A database that takes longer to take a write does not serve.
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// Whether the process lives
#[utoipa::path(get, path = "/healthz", tag = "Operations",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn healthz() -> &'static str {
    "ok"
}

/// Whether it can serve
///
/// The database takes a write, the disk has room, the clock is right, the worker runs, and nobody has asked the
/// process to end. What is wrong stands in the log and in the figures; only who runs the platform is told here.
#[utoipa::path(get, path = "/readyz", tag = "Operations",
    responses((status = 200, body = String, content_type = "text/plain"),
        (status = 503, body = ErrorBody)))]
pub(crate) async fn readyz(State(app): State<App>, headers: HeaderMap) -> Answer<&'static str> {
    let mut troubles = of_process(&app.settings.health);
    if troubles.is_empty() {
        let asked = tokio::time::timeout(WRITE_LIMIT, app.platform.troubles()).await;
        troubles = asked.unwrap_or_else(|_| {
            vec![Trouble { check: "database", why: "a write takes too long".into() }]
        });
        for check in CHECKS {
            let well = !troubles.iter().any(|trouble| trouble.check == check);
            metrics::gauge!(READY, "check" => check).set(f64::from(u8::from(well)));
        }
    }
    if troubles.is_empty() {
        return Ok("ready");
    }
    let words: Vec<_> = troubles.iter().map(|t| format!("{}: {}", t.check, t.why)).collect();
    let detail = |t: Trouble| Detail { field: t.check.to_owned(), message: t.why };
    let details = match signed_in(&app, &headers).await {
        Ok(who) if who.user.is_superadmin => troubles.into_iter().map(detail).collect(),
        _ => Vec::new(),
    };
    let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "NOT_READY", "not ready");
    Err(ApiError { hidden: Some(words.join("; ")), details, ..error })
}

/// What is wrong with the process itself.
fn of_process(health: &Health) -> Vec<Trouble> {
    let trouble = |why: &str| vec![Trouble { check: "worker", why: why.to_owned() }];
    if health.is_draining() {
        trouble("the process is about to end")
    } else if health.has_lost_worker() {
        trouble("the background worker has ended")
    } else {
        Vec::new()
    }
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
