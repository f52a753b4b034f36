//! The people of a tenant's team.

use async_trait::async_trait;
use whatsapp_core::{Id, Member, User};

use crate::StorageError;

/// A tenant's team.
#[async_trait]
pub trait MemberStore: std::marker::Send {
    /// All of them, by name.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn list(&mut self) -> Result<Vec<Member>, StorageError>;
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, user: Id<User>) -> Result<Option<Member>, StorageError>;
    /// Adds somebody. `false` when the person is in the team already.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, member: &Member) -> Result<bool, StorageError>;
    /// Replaces role and permissions. `false` when there is no such member.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, member: &Member) -> Result<bool, StorageError>;
    /// Takes somebody out and ends the person's sessions here. `false` when there was no such member.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn remove(&mut self, user: Id<User>) -> Result<bool, StorageError>;
}
