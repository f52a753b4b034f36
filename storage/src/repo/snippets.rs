//! Quick replies.

use async_trait::async_trait;
use whatsapp_core::{Id, Snippet};

use crate::StorageError;

/// A tenant's quick replies.
#[async_trait]
pub trait SnippetStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Snippet>) -> Result<Option<Snippet>, StorageError>;
    /// All of them, by shortcut.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn list(&mut self) -> Result<Vec<Snippet>, StorageError>;
    /// Keeps a new one. `false` when the shortcut is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, snippet: &Snippet) -> Result<bool, StorageError>;
    /// Replaces it. `false` when there is none or the shortcut is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, snippet: &Snippet) -> Result<bool, StorageError>;
    /// Removes it. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn delete(&mut self, id: Id<Snippet>) -> Result<bool, StorageError>;
}
