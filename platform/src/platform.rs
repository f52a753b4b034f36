//! The platform as one cheap value: what a host holds. Clone = one `Arc`. No globals, nothing spawned
//! unless [`Platform::worker`] is run.

use std::sync::Arc;

use object_store::ObjectStore;
use uuid::Uuid;
use whatsapp_cloud::{Access, CloudApi};
use whatsapp_core::{Channel, Env, Id, Secret, Span, Tenant};
use whatsapp_storage::Store;

use crate::inbound::JournalWriter;
use crate::outbound::Lines;
use crate::ports::{Disk, Realtime};
use crate::seal::{Place, Vault};
use crate::wake::Wake;
use crate::weather::{Trouble, Weather};
use crate::{Actor, Builder, Error, Worker, Workspace};

/// Everything adjustable, with the defaults of production.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// How long an ambiguous message waits for a status before it is `unconfirmed`.
    pub ambiguous_hold: Span,
    /// The same for one-time codes, for which nobody waits a day.
    pub ambiguous_hold_codes: Span,
    /// How long leases last without renewal.
    pub lease: Span,
    /// How long events are kept: a console that was away for longer loads everything anew.
    pub keep_events: Span,
    /// How long the raw calls of webhooks are kept after they were applied. Meta repeats a call for seven days.
    pub keep_journal: Span,
    /// How often workers look for work that nobody told them of.
    pub poll: Span,
    /// How many calls to Meta one channel may have open at once.
    pub concurrency: usize,
    /// What slows campaigns down, and what is kept free of them.
    pub pacing: Pacing,
    /// The secret of the platform's own Meta app; verifies webhooks.
    pub app_secret: Option<Secret>,
    /// What Meta presents when it checks the webhook address.
    pub verify_token: Option<Secret>,
    /// The address under which the world reaches us, without a slash at the end.
    pub public_url: String,
    /// Sending pauses when the disk has less room than this, in bytes; without it, less than 5 % or 512 MiB, whichever
    /// is smaller.
    pub disk_reserve: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ambiguous_hold: Span::hours(24),
            ambiguous_hold_codes: Span::minutes(5),
            lease: Span::seconds(60),
            keep_events: Span::days(30),
            keep_journal: Span::days(30),
            poll: Span::millis(500),
            concurrency: 512,
            pacing: Pacing::default(),
            app_secret: None,
            verify_token: None,
            public_url: String::new(),
            disk_reserve: None,
        }
    }
}

/// What slows campaigns down, and what is kept free of them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pacing {
    /// Of a channel's open calls so many are kept for people and programs; at most half of them.
    pub reserve: usize,
    /// Campaigns' part of a number's speed while Meta judges it medium, in percent.
    pub yellow_percent: u32,
    /// The same while Meta judges it low.
    pub red_percent: u32,
    /// From so many percent of what Meta allows on, campaigns go slower.
    pub usage_from: u32,
    /// The part of a portfolio's daily people that campaigns leave to people and programs, in percent.
    pub budget_kept_percent: u32,
    /// How often those people are counted one by one.
    pub recount: Span,
    /// How often Meta is asked about a number over which a campaign is sent: quality, speed, limit.
    pub refresh: Span,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            reserve: 64,
            yellow_percent: 50,
            red_percent: 10,
            usage_from: 80,
            budget_kept_percent: 2,
            recount: Span::minutes(1),
            refresh: Span::minutes(30),
        }
    }
}

pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) cloud: Arc<dyn CloudApi>,
    pub(crate) files: Arc<dyn ObjectStore>,
    pub(crate) realtime: Option<Arc<dyn Realtime>>,
    pub(crate) vault: Vault,
    pub(crate) env: Env,
    pub(crate) settings: Settings,
    pub(crate) node: Uuid,
    pub(crate) wake: Wake,
    pub(crate) journal: JournalWriter,
    pub(crate) hashing: crate::password::Hashing,
    pub(crate) rates: crate::session::Rates,
    pub(crate) disk: Option<Arc<dyn Disk>>,
    pub(crate) weather: Weather,
    pub(crate) lines: Lines,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform")
            .field("store", &self.store)
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

impl Inner {
    pub(crate) fn token_place(tenant: Id<Tenant>, channel: Id<Channel>) -> Place {
        Place { tenant, table: "channels", column: "token", row: channel.uuid() }
    }
    pub(crate) fn app_secret_place(tenant: Id<Tenant>, channel: Id<Channel>) -> Place {
        Place { tenant, table: "channels", column: "app_secret", row: channel.uuid() }
    }
    /// The credential of a channel.
    pub(crate) fn access(&self, tenant: Id<Tenant>, channel: &Channel) -> Result<Access, Error> {
        let token =
            self.vault.open(&channel.token_sealed, &Self::token_place(tenant, channel.id))?;
        Ok(Access::new(token, &channel.phone_number_id, &channel.waba_id))
    }
}

/// The platform.
#[derive(Clone, Debug)]
pub struct Platform(pub(crate) Arc<Inner>);

impl Platform {
    /// Puts one together.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }
    /// What a tenant's people and programs can do, as `actor`.
    #[must_use]
    pub fn workspace(&self, actor: Actor) -> Workspace {
        Workspace::new(self.clone(), actor)
    }
    /// The background: applies webhooks, sends, delivers events, does jobs. Run it in this process or another.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker::new(self.clone())
    }
    /// Time, ids and chance.
    #[must_use]
    pub fn env(&self) -> &Env {
        &self.0.env
    }
    /// What was set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// Everything that stands in the way of serving and sending now, for operators; nothing when all is well. The
    /// store is asked to take a write; the rest is what the worker last saw.
    pub async fn troubles(&self) -> Vec<Trouble> {
        let written = self.0.store.ping().await;
        // Asked before the rest is told: its end is noticed even where no worker runs. A store that fails was told of.
        let fence = self.0.fence().await;
        let failed = written.err().map(|error| in_full(&error));
        let failed = failed.or_else(|| fence.err().map(|error| in_full(&error)));
        let database = failed.map(|why| Trouble { check: "database", why });
        database.into_iter().chain(self.0.weather.troubles()).collect()
    }
    /// Whether this node can serve: the store would take a write now, and nothing stands in the way.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn ready(&self) -> Result<(), Error> {
        let troubles = self.troubles().await;
        let words: Vec<_> =
            troubles.into_iter().map(|t| format!("{}: {}", t.check, t.why)).collect();
        if words.is_empty() { Ok(()) } else { Err(Error::Unavailable(words.join("; "))) }
    }
}

/// An error with what is behind it.
fn in_full(error: &dyn std::error::Error) -> String {
    let (mut text, mut behind) = (error.to_string(), error.source());
    while let Some(cause) = behind {
        text = format!("{text}: {cause}");
        behind = cause.source();
    }
    text
}
