//! Live events for open consoles, over Socket.IO. One task of this node takes batches from the platform, renders
//! each event once for a tenant and hands it to those who may see it, in the order of the log. A connection that
//! comes back says how far it was and gets what it missed first; nothing comes between.

mod audience;
mod channel;
mod render;
mod sockets;

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::layer::SocketIoLayer;
use tokio::sync::mpsc;
use whatsapp_core::event::Recorded;
use whatsapp_platform::Realtime;

use crate::state::App;
use channel::{Joining, Work};
use sockets::Sockets;

/// The gauge of open connections.
pub(crate) const SOCKETS: &str = "whatsapp_console_connections";

/// The namespace of the console.
const NAMESPACE: &str = "/console";
/// So many messages wait for a slow reader, each a batch of the log at most; then it is cut and comes again.
const BUFFER: usize = 32;
/// So many batches may wait; after that consoles are told to load everything again.
const WAITING: usize = 1_024;

/// Takes the platform's events to open consoles. Made before the platform, which gets it as its realtime part;
/// it begins to serve when the router is built.
#[derive(Debug)]
pub struct Hub {
    queue: mpsc::Sender<Work>,
    /// Taken by the task that serves.
    waiting: std::sync::Mutex<Option<mpsc::Receiver<Work>>>,
    io: OnceLock<SocketIo>,
    /// Set when a batch had to be dropped: everybody reloads.
    lost: Arc<std::sync::atomic::AtomicBool>,
}

impl Hub {
    /// A hub without connections.
    #[must_use]
    pub fn new() -> Arc<Self> {
        let (queue, waiting) = mpsc::channel(WAITING);
        let waiting = std::sync::Mutex::new(Some(waiting));
        Arc::new(Self { queue, waiting, io: OnceLock::new(), lost: Arc::default() })
    }
    /// Ends every connection: the process is about to end, and browsers come back by themselves.
    pub async fn close(&self) {
        if let Some(io) = self.io.get() {
            io.close().await;
        }
    }
    /// Begins to serve sockets; the layer answers what is under `/socket.io`.
    pub(crate) fn open(&self, app: &App) -> SocketIoLayer {
        let (layer, io) =
            SocketIo::builder().max_payload(16 * 1024).max_buffer_size(BUFFER).build_layer();
        let sockets = Arc::new(Sockets::default());
        let taken = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(work) = taken {
            let serving =
                channel::Serving::new(app.clone(), io.clone(), sockets.clone(), self.lost.clone());
            tokio::spawn(serving.run(work));
            tokio::spawn(sockets::cut_revoked(app.clone(), io.clone(), sockets.clone()));
            tokio::spawn(sockets::cut_slow(io.clone(), sockets.clone()));
        }
        welcome(&io, app.clone(), self.queue.clone(), sockets);
        // A second router of the same hub keeps the first one's sockets.
        drop(self.io.set(io));
        layer
    }
}

#[async_trait]
impl Realtime for Hub {
    async fn publish(&self, events: &[Recorded]) {
        if self.queue.try_send(Work::Batch(events.to_vec())).is_err() {
            self.lost.store(true, std::sync::atomic::Ordering::SeqCst);
        }
    }
}

/// What a console says when it connects.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Hello {
    after: Option<f64>,
}

#[derive(Debug)]
struct Refused;
impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unauthorized")
    }
}

fn welcome(io: &SocketIo, app: App, queue: mpsc::Sender<Work>, sockets: Arc<Sockets>) {
    let check = {
        let (app, sockets) = (app, sockets.clone());
        move |socket: SocketRef| {
            let (app, sockets) = (app.clone(), sockets.clone());
            async move { sockets.admit(&app, &socket).await.map_err(|_| Refused) }
        }
    };
    let connect = move |socket: SocketRef, TryData(hello): TryData<Hello>| {
        let (queue, sockets) = (queue.clone(), sockets.clone());
        async move {
            let gone = sockets.clone();
            socket.on_disconnect(async move |socket: SocketRef| gone.forget(socket.id));
            let after = hello.ok().and_then(|hello| hello.after).map(position);
            let joining = Joining { socket: socket.id, after };
            if queue.send(Work::Join(joining)).await.is_err() {
                drop(socket.disconnect());
            }
        }
    };
    io.ns(NAMESPACE, connect.with(check));
}

/// A position as JavaScript counts.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float becomes the nearest position it can be, or the end"
)]
fn position(number: f64) -> i64 {
    if number.is_finite() { number.floor() as i64 } else { 0 }
}
