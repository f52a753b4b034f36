//! Keys for programs.

use async_trait::async_trait;
use whatsapp_core::{ApiKey, Id, Timestamp};

use crate::StorageError;

/// A tenant's API keys.
#[async_trait]
pub trait ApiKeyStore: std::marker::Send {
    /// All of them, newest first, revoked ones too.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn list(&mut self) -> Result<Vec<ApiKey>, StorageError>;
    /// Keeps a new one.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StorageError>;
    /// Ends it. `false` when there is none or it was ended.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn revoke(&mut self, id: Id<ApiKey>, now: Timestamp) -> Result<bool, StorageError>;
}
