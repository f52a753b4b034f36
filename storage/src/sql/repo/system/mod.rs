//! The platform's own repositories.

use super::{Db, SEQUENCED_AT_ONCE, SqlSystem, up_to};

mod event_log;
mod job_queue;
mod journal;
mod leases;
mod ledger;
mod platform_settings;
mod rate_counters;
mod routing;
mod sessions;
mod tenants;
mod throttles;
mod users;
