//! Saying what must follow, in the transaction from which it follows.

use async_trait::async_trait;
use whatsapp_core::JobSpec;

use crate::StorageError;

/// The tenant's end of the job queue.
#[async_trait]
pub trait JobStore: std::marker::Send {
    /// Schedules a job. `false` when one with the same key waits already.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn schedule(&mut self, job: &JobSpec) -> Result<bool, StorageError>;
    /// Takes back a waiting job by its key. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn cancel(&mut self, key: &str) -> Result<bool, StorageError>;
}
