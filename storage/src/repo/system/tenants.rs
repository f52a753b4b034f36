//! Tenants.

use async_trait::async_trait;
use whatsapp_core::{Id, Page, PageRequest, Tenant};

use crate::StorageError;

/// All tenants.
#[async_trait]
pub trait TenantStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Tenant>) -> Result<Option<Tenant>, StorageError>;
    /// Oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(&mut self, page: &PageRequest) -> Result<Page<Tenant>, StorageError>;
    /// Keeps a new one.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, tenant: &Tenant) -> Result<(), StorageError>;
    /// Replaces it. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, tenant: &Tenant) -> Result<bool, StorageError>;
}
