//! Conversations. Each change is one statement that two people can make at once.

use async_trait::async_trait;
use whatsapp_core::conversation::{ConversationCounts, ConversationFilter};
use whatsapp_core::{
    Channel, Contact, Conversation, ConversationStatus, Id, Message, Page, PageRequest, Timestamp,
    User,
};

use crate::StorageError;

/// Something was said in a conversation.
#[derive(Clone, Debug)]
pub struct Touch {
    /// Where.
    pub id: Id<Conversation>,
    /// What.
    pub message: Id<Message>,
    /// When.
    pub at: Timestamp,
    /// The contact said it: the window opens again, one more is unread, a resolved conversation reopens.
    pub inbound: bool,
}

/// The threads between contacts and channels.
#[async_trait]
pub trait ConversationStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Conversation>) -> Result<Option<Conversation>, StorageError>;
    /// The thread between a contact and a channel: `new` if there was none. Answers it and whether it is new.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn open_with(&mut self, new: &Conversation)
    -> Result<(Conversation, bool), StorageError>;
    /// The threads that exist between a channel and these contacts, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn with_contacts(
        &mut self,
        channel: Id<Channel>,
        contacts: &[Id<Contact>],
    ) -> Result<Vec<Conversation>, StorageError>;
    /// As [`ConversationStore::open_with`] for many, each of another contact or channel: the threads in their order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn open_many(&mut self, new: &[Conversation]) -> Result<Vec<Conversation>, StorageError>;
    /// Latest activity first. Of a search for what many have, only so much of the inbox is looked at for one page: it may
    /// have fewer rows than asked for, even none, and still say where the next one begins.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>, StorageError>;
    /// Notes that something was said. Moves `last_message` and its time only forward.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn touch(&mut self, touch: &Touch) -> Result<(), StorageError> {
        self.touch_many(std::slice::from_ref(touch)).await
    }
    /// As [`ConversationStore::touch`], for all that was said at once, in any order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn touch_many(&mut self, touches: &[Touch]) -> Result<(), StorageError>;
    /// Sets the status. `false` when there is none.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn set_status(
        &mut self,
        id: Id<Conversation>,
        status: ConversationStatus,
    ) -> Result<bool, StorageError>;
    /// Gives it to somebody, or nobody. With `expected`, only if that is still who has it. `false` when nothing changed hands.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn assign(
        &mut self,
        id: Id<Conversation>,
        expected: Option<Option<Id<User>>>,
        to: Option<Id<User>>,
    ) -> Result<bool, StorageError>;
    /// Nothing is unread any more. `false` when nothing was.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn mark_read(&mut self, id: Id<Conversation>) -> Result<bool, StorageError>;
    /// How many there are of each kind over one channel or all, as `user` sees it: only those assigned to the user when `only_mine`.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn counts(
        &mut self,
        channel: Option<Id<Channel>>,
        user: Option<Id<User>>,
        only_mine: bool,
    ) -> Result<ConversationCounts, StorageError>;
}
