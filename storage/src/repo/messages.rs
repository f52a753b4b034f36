//! Messages. How far an outgoing one came stands in the ledger, not here.

use async_trait::async_trait;
use whatsapp_core::{Channel, Content, Conversation, Id, Message, Page, PageRequest};

use crate::StorageError;

/// What was said.
#[async_trait]
pub trait MessageStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Message>) -> Result<Option<Message>, StorageError>;
    /// Those of them that exist, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn many(&mut self, ids: &[Id<Message>]) -> Result<Vec<Message>, StorageError>;
    /// An incoming or outgoing one by Meta's id.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn by_wamid(
        &mut self,
        channel: Id<Channel>,
        wamid: &str,
    ) -> Result<Option<Message>, StorageError>;
    /// Which of Meta's ids are known on a channel, of incoming or outgoing messages, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn known(
        &mut self,
        channel: Id<Channel>,
        wamids: &[&str],
    ) -> Result<Vec<String>, StorageError>;
    /// Newest first, reactions left out.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn timeline(
        &mut self,
        conversation: Id<Conversation>,
        page: &PageRequest,
    ) -> Result<Page<Message>, StorageError>;
    /// The reactions to these messages, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn reactions(
        &mut self,
        conversation: Id<Conversation>,
        wamids: &[String],
    ) -> Result<Vec<Message>, StorageError>;
    /// Keeps it. `false` when Meta's id is known on this channel already: nothing was changed.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, message: &Message) -> Result<bool, StorageError>;
    /// As [`MessageStore::insert`] for many: answers those that were kept, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert_many(&mut self, messages: &[Message])
    -> Result<Vec<Id<Message>>, StorageError>;
    /// Replaces what it says. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn set_content(
        &mut self,
        id: Id<Message>,
        content: &Content,
    ) -> Result<bool, StorageError>;
}
