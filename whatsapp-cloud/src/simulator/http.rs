//! The simulator over HTTP, on loopback only: connections, shared state, and breaking connections on purpose.
//! The one part of the simulator that lives in real time.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;
use whatsapp_core::{Env, Timestamp};

use super::accept::Reply;
use super::disk::{Disk, Waiting};
use super::store::Store;
use super::world::World;
use super::{control, deliver, graph};
use crate::client::webhook_http;

/// How to start the simulator.
#[derive(Clone, Debug)]
pub struct SimulatorConfig {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// From which all ids, numbers and secrets come.
    pub seed: u64,
    /// Where the log is kept; nowhere if absent.
    pub data: Option<PathBuf>,
    /// The clock.
    pub env: Env,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self { port: 0, seed: 7, data: None, env: Env::system() }
    }
}

/// The simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port is taken, or the folder cannot be used.
    #[error("the simulator cannot start: {0}")]
    Io(#[from] std::io::Error),
    /// No HTTP client for webhooks.
    #[error("the simulator cannot post webhooks: {0}")]
    Http(#[from] reqwest::Error),
}

/// A running simulator. It stops when this is dropped or [`Running::stop`] is called.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    /// What `GET /_sim/world` answers.
    pub world: Value,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Its address, for `GRAPH_BASE_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
    /// Stops it and waits until it has let go of its port and its folder.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // A task that ended early has let go as well.
        drop(self.task.await);
    }
}

/// Starts the simulator on 127.0.0.1.
///
/// # Errors
/// [`StartError`] when the port is taken, the folder is in use, was made with another seed, or cannot be read.
pub async fn serve(config: SimulatorConfig) -> Result<Running, StartError> {
    let (store, world) = match &config.data {
        Some(folder) => {
            let (store, world) = Store::open(folder, config.seed, config.env.now())?;
            (Some(store), world)
        }
        None => (None, World::new(config.seed)),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
    let addr = listener.local_addr()?;
    let url = format!("http://{addr}");
    let view = world.view_world(&url);
    let shared = Arc::new(Shared {
        state: Mutex::new(State { world, waiting: Waiting::default() }),
        disk: store.map(Disk::new),
        changed: Notify::new(),
        url,
        env: config.env,
        http: webhook_http()?,
    });
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(run(listener, shared, stopped));
    Ok(Running { addr, world: view, stop, task })
}

struct State {
    world: World,
    /// What happened and is not written down yet.
    waiting: Waiting,
}

/// What all routes share.
pub(super) struct Shared {
    state: Mutex<State>,
    disk: Option<Disk>,
    /// Something happened: there may be webhooks to post.
    pub(super) changed: Notify,
    pub(super) url: String,
    env: Env,
    pub(super) http: reqwest::Client,
}

/// What happened could not be written down, so nobody may be told that it did.
pub(super) struct NotWritten(std::io::Error);

impl IntoResponse for NotWritten {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "the simulator cannot write its log");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Works on the world at its present moment. Everything that happened until then is written down before this
    /// returns, also what others did: nobody is told of what a kill could undo. Whoever comes first writes for
    /// all who wait.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut World, Timestamp) -> T,
    ) -> Result<T, NotWritten> {
        let (made, ticket, fresh) = {
            let mut guard = self.state();
            let State { world, waiting } = &mut *guard;
            let now = self.env.now() + world.ahead;
            let made = work(world, now);
            let facts = world.take_facts();
            let fresh = !facts.is_empty();
            if self.disk.is_some() {
                waiting.add(facts, world);
            }
            (made, waiting.ticket(), fresh)
        };
        if let Some(disk) = &self.disk {
            disk.write(ticket, || self.state().waiting.take()).map_err(NotWritten)?;
            if disk.has_grown() {
                self.shorten(disk)?;
            }
        }
        if fresh {
            self.changed.notify_one();
        }
        Ok(made)
    }
}

impl Shared {
    /// Takes out of the log, and out of memory, what nobody can ask for any more. Everything else waits meanwhile.
    fn shorten(&self, disk: &Disk) -> Result<(), NotWritten> {
        let shortened = disk.shorten(|store| {
            let mut guard = self.state();
            let State { world, waiting } = &mut *guard;
            let (lines, to) = waiting.take();
            store.append(&lines)?;
            if let Some(mut shorter) = store.shorten(world, self.env.now() + world.ahead)? {
                shorter.keep_notes(world);
                *world = shorter;
            }
            Ok(to)
        });
        shortened.map_err(NotWritten)
    }
}

/// Marks a response that must not be given: the connection breaks instead.
#[derive(Clone, Copy)]
struct Break;

/// Makes an HTTP response of what the world replies.
pub(super) async fn respond(reply: Reply) -> Response {
    match reply {
        Reply::Answer(status, body) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, Json(body)).into_response()
        }
        Reply::Bare(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, [(header::CONTENT_TYPE, "text/html")], "<h1>Sorry</h1>").into_response()
        }
        Reply::Reset => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(Break);
            response
        }
        Reply::Late(ms, reply) => {
            tokio::time::sleep(std::time::Duration::from_millis(u64::from(ms))).await;
            Box::pin(respond(*reply)).await
        }
        Reply::Slow(ms, reply) => super::slow::slowed(Box::pin(respond(*reply)).await, ms),
        Reply::With(headers, reply) => {
            let mut response = Box::pin(respond(*reply)).await;
            for (name, value) in headers {
                if let Ok(value) = header::HeaderValue::from_str(&value) {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
    }
}

async fn run(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let app = graph::router().merge(control::router()).with_state(Arc::clone(&shared));
    let mut tasks = JoinSet::new();
    tasks.spawn(deliver::run(Arc::clone(&shared)));
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(tasks.spawn(connection(stream, app.clone()))),
                Err(error) => tracing::warn!(%error, "a connection was not accepted"),
            },
            Some(_) = tasks.join_next() => {}
            // An error means that `Running` was dropped: that stops it, too.
            _ = stopped.changed() => break,
        }
    }
    tasks.shutdown().await;
}

async fn connection(stream: TcpStream, app: axum::Router) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no delay was not set");
    }
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let app = app.clone();
        async move {
            let response = match app.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            match response.extensions().get::<Break>() {
                Some(Break) => Err(std::io::Error::other("broken by the fault plan")),
                None => Ok(response),
            }
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended");
    }
}
