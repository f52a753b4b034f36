//! The ledger across tenants: which channels have work.

use async_trait::async_trait;
use whatsapp_core::{Channel, Id, Tenant, Timestamp};

use crate::StorageError;

/// Which channels have undecided messages.
#[async_trait]
pub trait LedgerStore: std::marker::Send {
    /// Channels with queued lines whose time has come, or with sending or ambiguous ones; for queued campaign lines only
    /// if their campaign is being sent.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn busy_channels(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<(Id<Tenant>, Id<Channel>)>, StorageError>;
    /// Tenants with a campaign that needs looking after: scheduled for `now` or earlier; being sent with nobody
    /// undecided, or with more than half of at least 50 failed; or over while lines of it still wait.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn campaigns_due(&mut self, now: Timestamp) -> Result<Vec<Id<Tenant>>, StorageError>;
    /// How many lines there are in each state, for metrics.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn states(&mut self) -> Result<Vec<(whatsapp_core::SendState, i64)>, StorageError>;
}
