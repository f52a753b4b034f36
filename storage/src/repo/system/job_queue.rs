//! The workers' end of the job queue.

use async_trait::async_trait;
use whatsapp_core::job::ClaimedJob;
use whatsapp_core::{Id, JobSpec, Lane, Tenant, Timestamp};

use crate::StorageError;

/// Work that waits.
#[async_trait]
pub trait JobQueueStore: std::marker::Send {
    /// Schedules a job of the platform or a tenant. `false` when one with the same key waits already.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn schedule(
        &mut self,
        tenant: Option<Id<Tenant>>,
        job: &JobSpec,
    ) -> Result<bool, StorageError>;
    /// Takes up to `limit` jobs of a lane that are due, until `lease_until`; each under the token given.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn claim(
        &mut self,
        lane: Lane,
        now: Timestamp,
        limit: u32,
        lease_until: Timestamp,
        token: uuid::Uuid,
    ) -> Result<Vec<ClaimedJob>, StorageError>;
    /// It is done. `false` when the claim was lost.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn complete(&mut self, id: Id<JobSpec>, token: uuid::Uuid) -> Result<bool, StorageError>;
    /// It is to be tried again at `at`. `false` when the claim was lost.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn retry(
        &mut self,
        id: Id<JobSpec>,
        token: uuid::Uuid,
        at: Timestamp,
        error: &str,
    ) -> Result<bool, StorageError>;
    /// It failed for good and is kept for a person to see. `false` when the claim was lost.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn bury(
        &mut self,
        id: Id<JobSpec>,
        token: uuid::Uuid,
        error: &str,
    ) -> Result<bool, StorageError>;
    /// When the next job of a lane is due.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn next_due(&mut self, lane: Lane) -> Result<Option<Timestamp>, StorageError>;
    /// How many are buried.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn buried(&mut self) -> Result<i64, StorageError>;
    /// How many wait or run.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn unfinished(&mut self) -> Result<i64, StorageError>;
}
