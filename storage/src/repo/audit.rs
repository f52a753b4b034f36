//! The audit log: written once, never changed.

use async_trait::async_trait;
use whatsapp_core::event::AuditEntry;
use whatsapp_core::{Page, PageRequest};

use crate::StorageError;

/// Who did what.
#[async_trait]
pub trait AuditStore: std::marker::Send {
    /// Appends a line.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StorageError>;
    /// Newest first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(&mut self, page: &PageRequest) -> Result<Page<AuditEntry>, StorageError>;
}
