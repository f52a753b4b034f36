//! What is known of files; the bytes are in the blob store.

use async_trait::async_trait;
use whatsapp_core::{Id, MediaObject};

use crate::StorageError;

/// A tenant's files.
#[async_trait]
pub trait MediaStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<MediaObject>) -> Result<Option<MediaObject>, StorageError>;
    /// Those of them that exist, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn many(&mut self, ids: &[Id<MediaObject>]) -> Result<Vec<MediaObject>, StorageError>;
    /// Keeps a new one.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, media: &MediaObject) -> Result<(), StorageError>;
    /// Replaces it. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, media: &MediaObject) -> Result<bool, StorageError>;
}
