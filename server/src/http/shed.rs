//! Too many requests at once are turned away at once, instead of making all of them slow. Meta's calls have a
//! share of their own, so that no flood of other requests can lose a customer's message.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use whatsapp_core::Span;

use crate::error::ApiError;

/// Room for requests.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    all: Arc<Semaphore>,
    meta: Arc<Semaphore>,
}

impl Room {
    pub(crate) fn new(all: usize, meta: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), meta: Arc::new(Semaphore::new(meta)) }
    }
}

/// Serves the request if there is room. Live connections wait by design and take none.
pub(crate) async fn shed(State(room): State<Room>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/socket.io") || path == "/healthz" {
        return next.run(request).await;
    }
    let room = if path.starts_with("/api/webhooks/") { &room.meta } else { &room.all };
    let Ok(_place) = room.clone().try_acquire_owned() else {
        let message = "too many requests at once; please try again";
        let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "OVERLOADED", message);
        return ApiError { retry_after: Some(Span::seconds(1)), ..error }.into_response();
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn status(room: Room, path: &str) -> u16 {
        let app = Router::new()
            .route("/api/v1/contacts", get(|| async { "ok" }))
            .route("/api/webhooks/whatsapp", get(|| async { "ok" }))
            .layer(from_fn_with_state(room, shed));
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        app.oneshot(request).await.expect("an answer").status().as_u16()
    }

    #[tokio::test]
    async fn a_flood_of_requests_leaves_room_for_metas_calls() {
        let full = || Room::new(0, 1);
        assert_eq!(status(full(), "/api/v1/contacts").await, 503);
        assert_eq!(status(full(), "/api/webhooks/whatsapp").await, 200);
        assert_eq!(status(Room::new(1, 0), "/api/v1/contacts").await, 200);
    }
}
