//! The one task that speaks to sockets, so that everything is said in order: first what a socket missed, then
//! what happens. Never waits for a slow reader: its own buffer is bounded, and it resumes by position.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use tokio::sync::mpsc;
use whatsapp_core::event::Recorded;
use whatsapp_core::{Id, Tenant};
use whatsapp_platform::Error;

use super::NAMESPACE;
use super::render::{self, Rendered};
use super::sockets::Sockets;
use crate::state::App;

/// More missed events than this and loading everything anew is cheaper.
const CATCH_UP: usize = 500;

/// What the task has to do.
#[derive(Debug)]
pub(super) enum Work {
    /// These events happened.
    Batch(Vec<Recorded>),
    /// This socket wants to hear what it missed, and then everything.
    Join(Joining),
}

/// A socket that came.
#[derive(Debug)]
pub(super) struct Joining {
    pub(super) socket: Sid,
    pub(super) after: Option<i64>,
}

/// The task.
pub(super) struct Serving {
    app: App,
    io: SocketIo,
    sockets: Arc<Sockets>,
    lost: Arc<AtomicBool>,
}

impl Serving {
    pub(super) const fn new(
        app: App,
        io: SocketIo,
        sockets: Arc<Sockets>,
        lost: Arc<AtomicBool>,
    ) -> Self {
        Self { app, io, sockets, lost }
    }
    /// Runs as long as the hub lives.
    pub(super) async fn run(self, mut work: mpsc::Receiver<Work>) {
        while let Some(next) = work.recv().await {
            if self.lost.swap(false, Ordering::SeqCst) {
                self.reload_all().await;
            }
            match next {
                Work::Batch(events) => self.batch(events).await,
                Work::Join(joining) => self.join(&joining).await,
            }
        }
    }
    fn socket(&self, sid: Sid) -> Option<SocketRef> {
        self.io.of(NAMESPACE).and_then(|namespace| namespace.get_socket(sid))
    }
    async fn batch(&self, events: Vec<Recorded>) {
        let Some(position) = events.last().map(|event| event.position) else { return };
        let mut by_tenant: HashMap<Id<Tenant>, Vec<Recorded>> = HashMap::new();
        for event in events {
            by_tenant.entry(event.tenant).or_default().push(event);
        }
        for (tenant, events) in by_tenant {
            let audiences = self.sockets.audiences(tenant);
            if audiences.is_empty() {
                continue;
            }
            let owners = audiences.iter().any(super::audience::Audience::is_own);
            let Ok(rendered) = render::all(&self.app, tenant, &events, owners).await else {
                // What could not be read now must not be missing for ever.
                for audience in audiences {
                    self.say_to(
                        self.sockets.live(audience),
                        "reload",
                        &json!({ "position": position }),
                    );
                }
                continue;
            };
            for audience in audiences {
                let seen: Vec<&Value> = seen_by(&rendered, |r| audience.sees(r.sight));
                if !seen.is_empty() {
                    let message = json!({ "position": position, "events": seen });
                    self.say_to(self.sockets.live(audience), "events", &message);
                }
            }
        }
    }
    async fn join(&self, joining: &Joining) {
        let (Some(socket), Some(open)) =
            (self.socket(joining.socket), self.sockets.get(joining.socket))
        else {
            return;
        };
        let said = match self.missed(open.audience.tenant, joining.after).await {
            Ok(Some((position, rendered))) => {
                let seen: Vec<&Value> = seen_by(&rendered, |r| open.audience.sees(r.sight));
                let missed = !seen.is_empty()
                    && tell(&socket, "events", &json!({ "position": position, "events": seen }));
                missed | tell(&socket, "ready", &json!({ "position": position }))
            }
            Ok(None) => match self.app.platform.event_position().await {
                Ok(position) => tell(&socket, "reload", &json!({ "position": position })),
                Err(_) => false,
            },
            Err(error) => {
                tracing::warn!(%error, "a live connection could not be brought up to date");
                false
            }
        };
        if !said {
            // It comes again, and by then the store may answer.
            self.sockets.lag(joining.socket);
            return;
        }
        self.sockets.go_live(joining.socket);
    }
    /// What a socket missed and where that leads; `None` when it is too much.
    async fn missed(
        &self,
        tenant: Id<Tenant>,
        after: Option<i64>,
    ) -> Result<Option<(i64, Vec<Rendered>)>, Error> {
        let platform = &self.app.platform;
        let Some(after) = after else {
            return Ok(Some((platform.event_position().await?, Vec::new())));
        };
        match platform.events_since(tenant, after).await? {
            Some((events, position)) if events.len() <= CATCH_UP => {
                Ok(Some((position, render::all(&self.app, tenant, &events, true).await?)))
            }
            _ => Ok(None),
        }
    }
    async fn reload_all(&self) {
        let Ok(position) = self.app.platform.event_position().await else { return };
        self.say_to(self.sockets.everybody(), "reload", &json!({ "position": position }));
    }
    /// Each by itself, not as a room: only so it is known who could not take it.
    fn say_to(&self, sockets: Vec<Sid>, event: &str, message: &Value) {
        for sid in sockets {
            if let Some(socket) = self.socket(sid)
                && !tell(&socket, event, message)
            {
                self.sockets.lag(sid);
            }
        }
    }
}

fn seen_by(rendered: &[Rendered], may: impl Fn(&Rendered) -> bool) -> Vec<&Value> {
    rendered.iter().filter(|r| may(r)).map(|r| &r.event).collect()
}

fn tell(socket: &SocketRef, event: &str, message: &Value) -> bool {
    socket.emit(event, message).is_ok()
}
