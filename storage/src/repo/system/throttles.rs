//! Counting failures of signing in.

use async_trait::async_trait;
use whatsapp_core::Timestamp;

use crate::StorageError;

/// Failures in a row, by key.
#[async_trait]
pub trait ThrottleStore: std::marker::Send {
    /// Failures in a row and until when the key must wait. Of several units that write, one looks at a time: the others
    /// wait until it ends.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn look(&mut self, key: &str) -> Result<Option<(i64, Timestamp)>, StorageError>;
    /// One more failure; answers how many in a row. Rows without failure since `forget_before` start anew.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn fail(
        &mut self,
        key: &str,
        now: Timestamp,
        forget_before: Timestamp,
    ) -> Result<i64, StorageError>;
    /// Must wait until then.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn block(&mut self, key: &str, until: Timestamp) -> Result<(), StorageError>;
    /// It went well: forget the failures.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn reset(&mut self, key: &str) -> Result<(), StorageError>;
}
