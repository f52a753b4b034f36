//! Settings of the platform itself.

use async_trait::async_trait;
use serde_json::Value;

use crate::StorageError;

/// Named values.
#[async_trait]
pub trait PlatformSettingStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn get(&mut self, key: &str) -> Result<Option<Value>, StorageError>;
    /// Sets it.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn put(&mut self, key: &str, value: &Value) -> Result<(), StorageError>;
    /// Sets it if it has no value yet. `false` when it has.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn put_new(&mut self, key: &str, value: &Value) -> Result<bool, StorageError>;
    /// Removes it. `false` when it had no value.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn remove(&mut self, key: &str) -> Result<bool, StorageError>;
}
