//! One small trait for each noun of the platform itself.

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

pub use event_log::EventLogStore;
pub use job_queue::JobQueueStore;
pub use journal::{JournalStore, NewCall};
pub use leases::LeaseStore;
pub use ledger::LedgerStore;
pub use platform_settings::PlatformSettingStore;
pub use rate_counters::RateCounterStore;
pub use routing::RoutingStore;
pub use sessions::SessionStore;
pub use tenants::TenantStore;
pub use throttles::ThrottleStore;
pub use users::UserStore;
