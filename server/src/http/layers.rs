//! Puts the router together out of the route table, and the layers around it. From the outside in: the
//! envelope, security headers, panics, time-outs, compression, sockets, CORS (for `/api/v1` alone), routes.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::timeout::TimeoutLayer;

use crate::error::ApiError;
use crate::http::extract::BODY_MAX;
use crate::http::{envelope, guard, headers, idempotency, shed};
use crate::routes::{self, Route};
use crate::state::App;
use crate::web;

/// The whole server.
pub(crate) fn assemble(app: App) -> Router {
    let (public, own): (Vec<Route>, Vec<Route>) =
        routes::table().into_iter().partition(|route| route.path().starts_with("/api/v1/"));
    // Before CORS: whatever answers a method that a route lacks must be inside, for a preflight is one.
    let api = mount(&app, public)
        .method_not_allowed_fallback(not_allowed)
        .layer(cors(&app.settings.cors_origins));
    let mut router = mount(&app, own)
        .merge(api)
        .fallback(web::serve)
        .method_not_allowed_fallback(not_allowed)
        .with_state(app.clone())
        .layer(DefaultBodyLimit::max(BODY_MAX));
    if let Some(hub) = &app.settings.hub {
        router = router.layer(hub.open(&app));
    }
    let room = shed::Room::new(app.settings.in_flight, app.settings.in_flight_of_meta);
    router
        .layer(CompressionLayer::new().gzip(true))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            app.settings.request_limit,
        ))
        .layer(from_fn_with_state(room, shed::shed))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(long_addresses))
        .layer(from_fn_with_state(app.clone(), headers::security))
        .layer(from_fn_with_state(app, envelope::envelope))
}

async fn not_allowed() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

fn mount(app: &App, table: Vec<Route>) -> Router<App> {
    table.into_iter().fold(Router::new(), |router, route| {
        let state = guard::Guard { app: app.clone(), access: route.access, upload: route.upload };
        let path = route.path().to_owned();
        let mut handler = route.handler;
        if let Some(limit) = route.body_limit {
            handler = handler.layer(DefaultBodyLimit::max(limit));
        }
        if route.idempotent {
            handler = handler.layer(from_fn_with_state(app.clone(), idempotency::once));
        }
        router.route(&path, handler.layer(from_fn_with_state(state, guard::guard)))
    })
}

/// Exact origins, and never with a cookie: keys travel in a header.
fn cors(origins: &[String]) -> CorsLayer {
    let allowed = origins.iter().filter_map(|origin| HeaderValue::try_from(origin).ok());
    let name = HeaderName::from_static;
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(allowed))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([header::CONTENT_TYPE, name("x-api-key"), name("idempotency-key")])
        .expose_headers([
            name("x-request-id"),
            name("x-ratelimit-limit"),
            name("x-ratelimit-remaining"),
            name("x-ratelimit-reset"),
            name("idempotency-replayed"),
            header::RETRY_AFTER,
        ])
        .max_age(Duration::from_secs(600))
}

/// What panicked says nothing to the outside.
fn panicked(why: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = why.downcast_ref::<String>().map(String::as_str);
    let text =
        text.or_else(|| why.downcast_ref::<&str>().copied()).unwrap_or("a panic without words");
    ApiError::internal(format!("a handler panicked: {text}")).into_response()
}

/// An address of more than 8 KiB is an attack or a mistake.
async fn long_addresses(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if length > 8 * 1024 {
        let message = "the address is longer than 8 KiB";
        ApiError::new(StatusCode::URI_TOO_LONG, "URI_TOO_LONG", message).into_response()
    } else {
        next.run(request).await
    }
}
