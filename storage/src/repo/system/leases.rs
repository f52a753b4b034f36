//! Who does what only one may do. Time is [`crate::Store::now`].

use async_trait::async_trait;
use whatsapp_core::Timestamp;

use crate::StorageError;

/// Named leases with fencing epochs.
#[async_trait]
pub trait LeaseStore: std::marker::Send {
    /// Takes a lease that is free, ended, or already `holder`'s. Answers its epoch, which is greater than any
    /// before, also when the holder had it already; `None` when somebody else has it.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn acquire(
        &mut self,
        name: &str,
        holder: uuid::Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<i64>, StorageError>;
    /// Keeps it longer. `false` when it was lost.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn renew(
        &mut self,
        name: &str,
        holder: uuid::Uuid,
        epoch: i64,
        until: Timestamp,
    ) -> Result<bool, StorageError>;
    /// Gives it back.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn release(&mut self, name: &str, holder: uuid::Uuid) -> Result<(), StorageError>;
    /// Ends all leases at once: only where the store is exclusive and the predecessor is dead.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn seize_all(&mut self) -> Result<u64, StorageError>;
}
