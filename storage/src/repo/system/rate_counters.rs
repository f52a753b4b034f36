//! Counting calls in windows of time.

use async_trait::async_trait;
use whatsapp_core::Timestamp;

use crate::StorageError;

/// Calls by key and window.
#[async_trait]
pub trait RateCounterStore: std::marker::Send {
    /// Adds `n` to the count of a key in the window that began at `window`; answers the new count.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn add(&mut self, key: &str, window: Timestamp, n: i64) -> Result<i64, StorageError>;
    /// Removes windows that began before `before`; answers how many.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn trim(&mut self, before: Timestamp) -> Result<u64, StorageError>;
}
