//! Templates that Meta knows.

use async_trait::async_trait;
use whatsapp_core::{Channel, Id, Page, PageRequest, Template, TemplateStatus};

use crate::StorageError;

/// Narrows the list of templates.
#[derive(Clone, Debug, Default)]
pub struct TemplateFilter {
    /// Only of this channel.
    pub channel: Option<Id<Channel>>,
    /// Only with this status.
    pub status: Option<TemplateStatus>,
    /// Part of the name.
    pub search: Option<String>,
}

/// A tenant's message templates.
#[async_trait]
pub trait TemplateStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Template>) -> Result<Option<Template>, StorageError>;
    /// Those of them that exist, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn many(&mut self, ids: &[Id<Template>]) -> Result<Vec<Template>, StorageError>;
    /// All languages of a name on a channel (on any when `None`).
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn by_name(
        &mut self,
        channel: Option<Id<Channel>>,
        name: &str,
    ) -> Result<Vec<Template>, StorageError>;
    /// By Meta's id, on every channel that has it.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn by_meta_id(&mut self, meta_id: &str) -> Result<Vec<Template>, StorageError>;
    /// By name and language.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(
        &mut self,
        filter: &TemplateFilter,
        page: &PageRequest,
    ) -> Result<Page<Template>, StorageError>;
    /// Keeps it, or replaces the one with the same channel and Meta id (whose id stays). Answers the id when anything changed.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn upsert(&mut self, template: &Template) -> Result<Option<Id<Template>>, StorageError>;
}
