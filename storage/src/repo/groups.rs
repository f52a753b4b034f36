//! Groups of contacts.

use async_trait::async_trait;
use whatsapp_core::{Contact, Group, Id, Page, PageRequest};

use crate::StorageError;

/// A tenant's hand-made lists of people.
#[async_trait]
pub trait GroupStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Group>) -> Result<Option<Group>, StorageError>;
    /// Newest first; `search` is part of the folded name.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(
        &mut self,
        search: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Group>, StorageError>;
    /// Keeps a new one. `false` when the name is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, group: &Group) -> Result<bool, StorageError>;
    /// Replaces name and description. `false` when there is none or the name is taken.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, group: &Group) -> Result<bool, StorageError>;
    /// Removes it; its members stay contacts. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn delete(&mut self, id: Id<Group>) -> Result<bool, StorageError>;
    /// Adds those contacts of the tenant that are not in it yet; answers how many.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn add_members(
        &mut self,
        id: Id<Group>,
        contacts: &[Id<Contact>],
    ) -> Result<u64, StorageError>;
    /// Takes contacts out; answers how many were in it.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn remove_members(
        &mut self,
        id: Id<Group>,
        contacts: &[Id<Contact>],
    ) -> Result<u64, StorageError>;
}
