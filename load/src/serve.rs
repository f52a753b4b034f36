//! A server of HTTP/1.1 with nothing in it, for the fake Graph and the baselines: they use the usual library, so that a
//! baseline is what a good programmer would write, not a trick.

use std::future::Future;
use std::net::Ipv4Addr;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::Outcome;

/// What is answered.
pub(crate) enum Answer {
    /// A status and a body of JSON.
    Say(u16, String),
    /// The connection is reset instead.
    Reset,
}

/// What was asked.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) signature: Option<String>,
    pub(crate) body: Bytes,
}

/// Why a connection ends without an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// Listens on a free port of loopback, says so on standard output, and answers until the process ends.
pub(crate) async fn serve<H, F>(handle: H) -> Outcome
where
    H: Fn(Asked) -> F + Clone + Send + 'static,
    F: Future<Output = Answer> + Send,
{
    serve_with(&json!({}), handle).await
}

/// The same, saying something besides.
pub(crate) async fn serve_with<H, F>(told: &Value, handle: H) -> Outcome
where
    H: Fn(Asked) -> F + Clone + Send + 'static,
    F: Future<Output = Answer> + Send,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut told = told.clone();
    if let Some(told) = told.as_object_mut() {
        told.insert("address".into(), json!(listener.local_addr()?.to_string()));
    }
    println!("{told}");
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let handle = handle.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answered(handle.clone(), request));
            // A connection that ends, ends: by the other side, or because it was cut.
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn answered<H, F>(handle: H, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut>
where
    H: Fn(Asked) -> F,
    F: Future<Output = Answer>,
{
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let signature = head.headers.get("x-hub-signature-256").and_then(|v| v.to_str().ok());
    let asked = Asked {
        method: head.method.as_str().to_owned(),
        signature: signature.map(str::to_owned),
        path: head.uri.path().to_owned(),
        body,
    };
    match handle(asked).await {
        Answer::Reset => Err(Cut),
        Answer::Say(status, text) => {
            let mut response = Response::new(Full::from(text));
            *response.status_mut() = StatusCode::from_u16(status).map_err(|_| Cut)?;
            let kind = hyper::header::HeaderValue::from_static("application/json");
            response.headers_mut().insert(hyper::header::CONTENT_TYPE, kind);
            Ok(response)
        }
    }
}
