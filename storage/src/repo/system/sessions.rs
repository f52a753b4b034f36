//! Signed-in browsers.

use async_trait::async_trait;
use whatsapp_core::{Id, Session, Timestamp, User};

use crate::StorageError;

/// All sessions.
#[async_trait]
pub trait SessionStore: std::marker::Send {
    /// By the SHA-256 of the token.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn by_hash(&mut self, token_hash: &[u8; 32]) -> Result<Option<Session>, StorageError>;
    /// Keeps a new one.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, session: &Session) -> Result<(), StorageError>;
    /// Notes that it was used.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn touch(&mut self, id: Id<Session>, now: Timestamp) -> Result<(), StorageError>;
    /// Ends it. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn revoke(&mut self, id: Id<Session>) -> Result<bool, StorageError>;
    /// Ends all of a person but one; answers how many.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn revoke_all(
        &mut self,
        user: Id<User>,
        but: Option<Id<Session>>,
    ) -> Result<u64, StorageError>;
    /// Removes those that began before `before`; answers how many.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn trim(&mut self, before: Timestamp) -> Result<u64, StorageError>;
}
