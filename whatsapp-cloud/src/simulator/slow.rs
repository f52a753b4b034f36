//! A response whose head comes at once and whose body comes late.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame};
use tokio::time::Sleep;

struct Late {
    sleep: Pin<Box<Sleep>>,
    body: Body,
}

impl HttpBody for Late {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.sleep.is_elapsed() && self.sleep.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        Pin::new(&mut self.body).poll_frame(context)
    }
}

/// The head now, the body after so many milliseconds.
pub(super) fn slowed(response: Response, ms: u32) -> Response {
    let (mut parts, body) = response.into_parts();
    // The length is not told, so that the reader must wait for the end.
    parts.headers.remove(header::CONTENT_LENGTH);
    let sleep = Box::pin(tokio::time::sleep(Duration::from_millis(u64::from(ms))));
    Response::from_parts(parts, Body::new(Late { sleep, body }))
}
