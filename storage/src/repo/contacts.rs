//! Contacts of a tenant, and finding the people of an audience.

use async_trait::async_trait;
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{Audience, Contact, Group, Id, Identity, Page, PageRequest};

use crate::StorageError;

/// A tenant's people.
#[async_trait]
pub trait ContactStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Contact>) -> Result<Option<Contact>, StorageError>;
    /// The same, held against others until this unit ends: for whoever [`update`](Self::update)s it.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn hold(&mut self, id: Id<Contact>) -> Result<Option<Contact>, StorageError>;
    /// Those of them that exist, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn many(&mut self, ids: &[Id<Contact>]) -> Result<Vec<Contact>, StorageError>;
    /// By phone, else by business-scoped id, else by the phone's other spelling ([`whatsapp_core::Phone::other_spelling`]).
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn by_identity(&mut self, identity: &Identity) -> Result<Option<Contact>, StorageError>;
    /// As [`ContactStore::by_identity`] for many, in their order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn by_identities(
        &mut self,
        identities: &[Identity],
    ) -> Result<Vec<Option<Contact>>, StorageError>;
    /// Newest first (by id). Of a search for what many have, only so much of the list is looked at for one page: it may
    /// have fewer rows than asked for, even none, and still say where the next one begins.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(
        &mut self,
        filter: &ContactFilter,
        page: &PageRequest,
    ) -> Result<Page<Contact>, StorageError>;
    /// Keeps a new one. `false` when phone or business-scoped id belongs to somebody else of the tenant.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, contact: &Contact) -> Result<bool, StorageError>;
    /// As [`ContactStore::insert`] for many: answers those that were kept, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert_many(&mut self, contacts: &[Contact])
    -> Result<Vec<Id<Contact>>, StorageError>;
    /// Replaces it, as it was [held](Self::hold). `false` when there is none, or phone or business-scoped id belongs to somebody else.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, contact: &Contact) -> Result<bool, StorageError>;
    /// Removes it with its conversations and memberships. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn delete(&mut self, id: Id<Contact>) -> Result<bool, StorageError>;
    /// The groups it is in, by name.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn groups_of(
        &mut self,
        id: Id<Contact>,
    ) -> Result<Vec<(Id<Group>, String)>, StorageError>;
    /// Up to `limit` people of the groups, tags and contact ids of an audience with an id after `after`, by id, each once.
    /// The audience's phones are not looked at: the caller turns them into contacts first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn audience(
        &mut self,
        audience: &Audience,
        after: Option<Id<Contact>>,
        limit: u32,
    ) -> Result<Vec<Contact>, StorageError>;
}
