//! Which sockets are open, for whom, and by which session. A session that ended, or whose rights changed, loses
//! its sockets within five seconds.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use whatsapp_core::{Class, Classified, Id, Secret, Tenant};

use super::audience::Audience;
use super::{NAMESPACE, SOCKETS};
use crate::error::ApiError;
use crate::http::{csrf, session_cookie};
use crate::state::App;

/// How often sessions are looked at.
const LOOK: Duration = Duration::from_secs(4);
/// How often slow readers are.
const CUT_EVERY: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) audience: Audience,
    token: Secret,
    /// Whether it has got what it missed and hears new events.
    live: bool,
    /// Whether it reads too slowly: it has missed something, hears nothing more, and is cut as soon as that can be told.
    lagging: bool,
}

/// The open sockets of this node.
#[derive(Debug, Default)]
pub(super) struct Sockets(Mutex<HashMap<Sid, Open>>);

impl Sockets {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<Sid, Open>) -> T) -> T {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let result = work(&mut open);
        #[expect(clippy::cast_precision_loss, reason = "no node has 2^52 sockets")]
        metrics::gauge!(SOCKETS).set(open.len() as f64);
        result
    }
    /// Lets a socket in: a page of ours, with a session, of somebody who has a tenant.
    pub(super) async fn admit(&self, app: &App, socket: &SocketRef) -> Result<(), ApiError> {
        let headers = &socket.req_parts().headers;
        let refused = || ApiError::unauthenticated("sign in first");
        if !csrf::is_own_origin(&app.settings, headers) && !is_plain_client(headers) {
            return Err(refused());
        }
        let token =
            session_cookie::read(headers, app.settings.cookie_name()).ok_or_else(refused)?;
        let principal = app.platform.principal(&token).await?;
        let audience = Audience::of(&principal).ok_or_else(refused)?;
        self.with(|open| {
            open.insert(socket.id, Open { audience, token, live: false, lagging: false })
        });
        Ok(())
    }
    pub(super) fn forget(&self, socket: Sid) {
        self.with(|open| open.remove(&socket));
    }
    pub(super) fn get(&self, socket: Sid) -> Option<Open> {
        self.with(|open| open.get(&socket).cloned())
    }
    /// It has what it missed; from now on it hears everything.
    pub(super) fn go_live(&self, socket: Sid) {
        self.with(|open| open.get_mut(&socket).map(|open| open.live = true));
    }
    /// The audiences of a tenant that hear new events.
    pub(super) fn audiences(&self, tenant: Id<Tenant>) -> HashSet<Audience> {
        let here = |open: &&Open| open.live && open.audience.tenant == tenant;
        self.with(|open| open.values().filter(here).map(|open| open.audience).collect())
    }
    /// Those of an audience that hear new events.
    pub(super) fn live(&self, audience: Audience) -> Vec<Sid> {
        let of = |(_, open): &(&Sid, &Open)| open.live && open.audience == audience;
        self.with(|open| open.iter().filter(of).map(|(sid, _)| *sid).collect())
    }
    pub(super) fn everybody(&self) -> Vec<Sid> {
        self.with(|open| open.keys().copied().collect())
    }
    /// Its buffer is full. It has all events up to here and hears none after: once it is cut it comes again and says
    /// how far it was.
    pub(super) fn lag(&self, socket: Sid) {
        self.with(|open| {
            if let Some(open) = open.get_mut(&socket) {
                (open.live, open.lagging) = (false, true);
            }
        });
    }
    fn lagging(&self) -> Vec<Sid> {
        self.with(|open| {
            open.iter().filter(|(_, open)| open.lagging).map(|(sid, _)| *sid).collect()
        })
    }
    fn sessions(&self) -> Vec<(Sid, Open)> {
        self.with(|open| open.iter().map(|(sid, open)| (*sid, open.clone())).collect())
    }
}

/// A browser always names its origin when it opens a socket to another site, so a request without one was not
/// made by a foreign page: the cookie's `SameSite` and this together are the protection.
fn is_plain_client(headers: &axum::http::HeaderMap) -> bool {
    !headers.contains_key("origin")
        && headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

/// Looks at all sessions every few seconds, until the process ends.
pub(super) async fn cut_revoked(app: App, io: SocketIo, sockets: Arc<Sockets>) {
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        ticks.tick().await;
        let mut known: HashMap<String, Option<Audience>> = HashMap::new();
        for (sid, open) in sockets.sessions() {
            let token = open.token.expose().to_owned();
            let now = match known.get(&token) {
                Some(now) => *now,
                None => {
                    let now = audience_now(&app, &open).await;
                    known.insert(token, now);
                    now
                }
            };
            if now != Some(open.audience) {
                cut(&io, sid);
            }
        }
    }
}

/// Cuts those who read too slowly, as soon as there is room in their buffer to tell them; whoever never reads again is
/// given up by the listener.
pub(super) async fn cut_slow(io: SocketIo, sockets: Arc<Sockets>) {
    let mut ticks = tokio::time::interval(CUT_EVERY);
    loop {
        ticks.tick().await;
        for sid in sockets.lagging() {
            cut(&io, sid);
        }
    }
}

/// What the session may hear now. A store that cannot be asked changes nothing: it will be asked again.
async fn audience_now(app: &App, open: &Open) -> Option<Audience> {
    match app.platform.principal(&open.token).await {
        Ok(principal) => Audience::of(&principal),
        Err(error) if error.class() == Class::Unauthenticated => None,
        Err(error) => {
            tracing::warn!(%error, "sessions of live connections could not be checked");
            Some(open.audience)
        }
    }
}

fn cut(io: &SocketIo, sid: Sid) {
    let socket = io.of(NAMESPACE).and_then(|namespace| namespace.get_socket(sid));
    if let Some(socket) = socket {
        // It is closing already, which is what we want, or its buffer is full: then it is cut next time.
        drop(socket.disconnect());
    }
}
