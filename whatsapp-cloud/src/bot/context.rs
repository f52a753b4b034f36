//! What a handler is given: the change, and the means to answer it.

use std::sync::Arc;

use tokio::sync::Notify;
use whatsapp_core::{Content, Identity};

use super::Shared;
use super::waiting::Question;
use crate::webhook::{Change, Inbound, InboundMessage};
use crate::{Access, CloudError, Messaging, OutgoingMessage, Recipient, SentMessage};

/// A tap on a button or a row of a list, of a template or an interactive message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tap {
    /// The id (of a template's button: the payload) that the business gave it.
    pub id: String,
    /// What it says.
    pub title: String,
}

/// The change that a handler is about, and the means to answer it. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    access: Arc<Access>,
    change: Arc<Change>,
    /// Told when the handler waits for an answer.
    asks: Arc<Notify>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("change", &self.change).finish_non_exhaustive()
    }
}

/// The one text that stands for a person: the number with its plus sign, else the business-scoped id.
pub(super) fn address(who: &Identity) -> String {
    Recipient::try_from(who).map(|to| to.address().to_owned()).unwrap_or_default()
}

impl Context {
    pub(super) fn new(
        shared: Arc<Shared>,
        access: Access,
        change: Change,
        asks: Arc<Notify>,
    ) -> Self {
        Self { shared, access: Arc::new(access), change: Arc::new(change), asks }
    }
    /// The whole change.
    #[must_use]
    pub fn change(&self) -> &Change {
        &self.change
    }
    /// The message that came; `None` if the change is about something else.
    #[must_use]
    pub fn message(&self) -> Option<&InboundMessage> {
        match &self.change.inbound {
            Inbound::Message(message) => Some(message),
            _ => None,
        }
    }
    /// The credential of the number it came to.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }
    /// The client, for everything else.
    #[must_use]
    pub fn meta(&self) -> &dyn Messaging {
        &*self.shared.meta
    }
    /// Sends to the person who wrote.
    ///
    /// # Errors
    /// [`CloudError`] by situation; [`CloudError::Invalid`] when the change is from nobody.
    pub async fn reply(
        &self,
        content: impl Into<Content> + Send,
    ) -> Result<SentMessage, CloudError> {
        self.send(content.into(), None).await
    }
    /// As [`Context::reply`], quoting the message.
    ///
    /// # Errors
    /// As [`Context::reply`].
    pub async fn quote(
        &self,
        content: impl Into<Content> + Send,
    ) -> Result<SentMessage, CloudError> {
        let wamid = self.from()?.wamid.clone();
        self.send(content.into(), Some(wamid)).await
    }
    /// Puts an emoji on the message; an empty one takes it back.
    ///
    /// # Errors
    /// As [`Context::reply`].
    pub async fn react(&self, emoji: &str) -> Result<SentMessage, CloudError> {
        let wamid = self.from()?.wamid.clone();
        self.send(Content::Reaction { wamid, emoji: emoji.to_owned() }, None).await
    }
    /// Marks the message and all before it as read.
    ///
    /// # Errors
    /// As [`Context::reply`].
    pub async fn mark_read(&self) -> Result<(), CloudError> {
        self.shared.meta.mark_read(&self.access, &self.from()?.wamid).await
    }
    /// Shows "typing…" until the next message, at most 25 seconds, and marks the message as read.
    ///
    /// # Errors
    /// As [`Context::reply`].
    pub async fn typing(&self) -> Result<(), CloudError> {
        self.shared.meta.show_typing(&self.access, &self.from()?.wamid).await
    }
    /// Asks something and waits for the next message of this person, which goes to no other handler. Runs as
    /// long as it takes: put a time limit around it. Who no longer waits leaves the person's messages to the handlers.
    ///
    /// # Errors
    /// As [`Context::reply`]; [`CloudError::Invalid`] when something else asked the same person meanwhile.
    pub async fn ask(
        &self,
        question: impl Into<Content> + Send,
    ) -> Result<InboundMessage, CloudError> {
        let who = &self.from()?.identity;
        // It waits before it asks: the answer may be there before Meta's word that the question is.
        let open = Question::open(&self.shared, &self.access.phone_number_id, who);
        self.reply(question).await?;
        self.asks.notify_one();
        open.answer()
            .await
            .ok_or_else(|| CloudError::invalid("ask", "this person was asked something else"))
    }
    fn from(&self) -> Result<&InboundMessage, CloudError> {
        self.message().ok_or_else(|| CloudError::invalid("to", "this is not from anybody"))
    }
    async fn send(
        &self,
        content: Content,
        reply_to: Option<String>,
    ) -> Result<SentMessage, CloudError> {
        let to = Recipient::try_from(&self.from()?.identity)?;
        let message = OutgoingMessage { reply_to, ..OutgoingMessage::new(to, content) };
        self.shared.meta.send(&self.access, &message).await
    }
}
