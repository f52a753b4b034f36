//! People who sign in.

use async_trait::async_trait;
use whatsapp_core::{Email, Id, Member, Tenant, User};

use crate::StorageError;

/// All people.
#[async_trait]
pub trait UserStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<User>) -> Result<Option<User>, StorageError>;
    /// By address.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn by_email(&mut self, email: &Email) -> Result<Option<User>, StorageError>;
    /// Whether there is anybody.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn any(&mut self) -> Result<bool, StorageError>;
    /// Keeps a new one. `false` when the address is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, user: &User) -> Result<bool, StorageError>;
    /// Replaces it. `false` when there is none or the address is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, user: &User) -> Result<bool, StorageError>;
    /// The tenants somebody works in, oldest membership first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn memberships(&mut self, user: Id<User>) -> Result<Vec<(Tenant, Member)>, StorageError>;
}
