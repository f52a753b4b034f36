//! What must follow: work that talks to the world, kept in rows, done by workers, repeated until it is done.

use serde_json::Value;

use crate::channel::words;
use crate::{Id, Tenant, Timestamp};

/// A piece of work to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct JobSpec {
    /// Its id.
    pub id: Id<Self>,
    /// Which kind; finds the code.
    pub kind: String,
    /// Which queue.
    pub lane: Lane,
    /// Its arguments.
    pub body: Value,
    /// Not before.
    pub run_at: Timestamp,
    /// While a job with this key waits, a second one is not made.
    pub key: Option<String>,
}

words! {
    /// Queues that cannot slow each other down.
    Lane {
        /// Campaigns are prepared.
        Campaign = "campaign",
        /// Files are fetched.
        Media = "media",
        /// Everything that can wait: sync, checks, cleaning.
        Care = "care",
    }
}

/// A job that a worker has taken.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedJob {
    /// What to do.
    pub spec: JobSpec,
    /// For whom; `None` is the platform itself.
    pub tenant: Option<Id<Tenant>>,
    /// The how many-th try this is, from 1.
    pub attempt: i64,
    /// Names the claim; a worker that lost it changes nothing.
    pub token: uuid::Uuid,
}
