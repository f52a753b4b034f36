//! The verbs: what a person, a program or a webhook can make happen. This is what an embedder imports.
//!
//! ```text
//! Platform ──► workspace(actor) ──► contacts(), conversations(), messages(), campaigns() …
//!    │                                   └─► Work: one transaction for one tenant, with a named permission
//!    ├─► deliver(signature, body)        a webhook call: verified, kept, then answered
//!    └─► worker().run(stop)              applies webhooks, sends, tells consoles, does jobs
//! ```
//!
//! Nothing here reads the environment, installs a logger, or spawns a task before [`Worker::run`].

pub mod actor;
mod builder;
mod campaign;
pub mod error;
mod events;
mod fence;
mod inbound;
mod jobs;
mod outbound;
mod password;
mod platform;
pub mod ports;
mod restore;
pub mod seal;
pub mod session;
#[cfg(feature = "testing")]
pub mod testing;
mod wake;
mod weather;
mod work;
mod worker;
pub mod workspace;

pub use actor::Actor;
pub use builder::Builder;
pub use error::Error;
pub use fence::{Fence, FenceCause};
pub use inbound::{Delivered, Journal, JournalQuery};
pub use platform::{Pacing, Platform, Settings};
pub use ports::{Disk, Realtime, Room};
pub use restore::{Backlog, Confirmed, Pending, Restore};
pub use session::{
    KeyHolder, NewUser, Principal, ProfilePatch, RateVerdict, SetupRequest, SignedIn,
};
pub use weather::{CHECKS, Trouble};
pub use whatsapp_storage::repo::Call;
pub use work::Work;
pub use worker::Worker;
pub use workspace::Workspace;

/// The front page's program compiles and does what it says.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct FrontPage;
