//! Channels of a tenant. Never decides who may see them.

use async_trait::async_trait;
use whatsapp_core::{Channel, Id, Timestamp, Waiting};

use crate::StorageError;

/// A tenant's WhatsApp numbers.
#[async_trait]
pub trait ChannelStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Channel>) -> Result<Option<Channel>, StorageError>;
    /// The same, held against others until this unit ends: for whoever [`update`](Self::update)s it.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn hold(&mut self, id: Id<Channel>) -> Result<Option<Channel>, StorageError>;
    /// All of them, oldest first; a tenant has few.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn list(&mut self) -> Result<Vec<Channel>, StorageError>;
    /// Keeps a new one. `false` when its `phone_number_id` is connected already, here or in another tenant.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, channel: &Channel) -> Result<bool, StorageError>;
    /// Replaces it, as it was [held](Self::hold). `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, channel: &Channel) -> Result<bool, StorageError>;
    /// Notes that a customer wrote at `at`, if that is later than what is noted.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn note_inbound(&mut self, id: Id<Channel>, at: Timestamp) -> Result<(), StorageError>;
    /// Notes why its campaigns wait, or that they do not.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn note_pace(
        &mut self,
        id: Id<Channel>,
        pace: Option<Waiting>,
    ) -> Result<(), StorageError>;
    /// Removes it with all its conversations. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn delete(&mut self, id: Id<Channel>) -> Result<bool, StorageError>;
}
