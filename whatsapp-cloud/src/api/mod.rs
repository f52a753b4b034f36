//! What can be asked of Meta, as traits: the real client and the simulator are both behind them.
//! Each call takes the credential as an argument; nothing here retries.

mod account;
mod analytics;
mod block;
mod call;
mod coexistence;
mod commerce;
mod conversation;
mod encryption;
mod flow;
mod group;
mod management;
mod media;
mod model;
mod number;
mod profile;
mod qr;
mod template_groups;
mod templates;
mod token;
mod upload;
mod username;
mod waba;

pub use template_groups::TemplateGroupApi;
pub use templates::TemplateAdminApi;
pub use upload::{UploadApi, UploadSession, Uploaded};

use async_trait::async_trait;
use whatsapp_core::{Content, Identity, Phone};

pub use crate::calls::{MarketingApi, MarketingOptions};
pub use account::{AccountApi, CallbackOverride, NumberDetails, SubscribedApp};
pub use analytics::AnalyticsApi;
pub use block::BlockApi;
pub use call::CallApi;
pub use coexistence::{CoexistenceApi, SyncKind};
pub use commerce::CommerceApi;
pub use conversation::ConversationApi;
pub use encryption::EncryptionApi;
pub use flow::FlowApi;
pub use group::GroupApi;
pub use management::ManagementApi;
pub use media::MediaApi;
pub(crate) use model::read_blocked;
pub use model::*;
pub use number::NumberApi;
pub use profile::ProfileApi;
pub use qr::QrApi;
pub use token::TokenApi;
pub use username::UsernameApi;
pub use waba::WabaApi;

use crate::template::RemoteTemplate;
use crate::{Access, CloudError};

/// To whom a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recipient {
    /// A phone number.
    Phone(Phone),
    /// A business-scoped user id: people with a username may have only this.
    Bsuid(String),
    /// A group, by Meta's id of it: takes texts, files and templates.
    /// <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>
    Group(String),
}

impl Recipient {
    /// Reads a ledger's address: a number with its plus sign, or else a business-scoped id.
    #[must_use]
    pub fn from_address(address: &str) -> Self {
        address.parse().map_or_else(|_| Self::Bsuid(address.to_owned()), Self::Phone)
    }
    /// As the ledger keeps it.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Bsuid(id) | Self::Group(id) => id,
        }
    }
}

impl TryFrom<&Identity> for Recipient {
    type Error = CloudError;
    fn try_from(identity: &Identity) -> Result<Self, CloudError> {
        match (&identity.phone, &identity.bsuid) {
            (Some(phone), _) => Ok(Self::Phone(phone.clone())),
            (None, Some(bsuid)) => Ok(Self::Bsuid(bsuid.clone())),
            (None, None) => Err(CloudError::invalid("to", "this person has no phone number")),
        }
    }
}

/// Where Meta finds the file of a media message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaRef {
    /// Meta's id of an upload.
    Id(String),
    /// A public address that Meta fetches.
    Link(String),
}

/// One message to send.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OutgoingMessage {
    /// To whom.
    pub to: Recipient,
    /// What it says.
    pub content: Content,
    /// For [`Content::Media`]: where Meta finds the file. `None` takes the content's own link.
    pub media: Option<MediaRef>,
    /// Meta's id of the message it answers.
    pub reply_to: Option<String>,
    /// Comes back in every status of this message; at most 512 characters, nothing personal.
    pub callback_data: String,
    /// Only for the person whose identity has this hash; otherwise Meta tells later that it failed (137000).
    /// <https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers#identity-change-check>
    pub identity_hash: Option<String>,
    /// The content is a template of the category authentication, which Meta refuses to a business-scoped user id
    /// (131062); whoever says so here is told before the call.
    pub authentication: bool,
}

impl OutgoingMessage {
    /// A message that answers nothing and carries no callback data. What it says is a [`Content`], or anything of
    /// [`crate::message`].
    ///
    /// ```
    /// use whatsapp_cloud::message::TemplateMessage;
    /// use whatsapp_cloud::{OutgoingMessage, Recipient};
    /// let to = Recipient::from_address("+905550100234");
    /// let order = TemplateMessage::new("order_update", "en_US").body(["Ana", "NB-20417"]);
    /// let message = OutgoingMessage::new(to, order).replying_to("wamid.HBg…").with_callback_data("conv:77");
    /// assert_eq!(message.callback_data, "conv:77");
    /// ```
    #[must_use]
    pub fn new(to: Recipient, content: impl Into<Content>) -> Self {
        Self {
            to,
            content: content.into(),
            media: None,
            reply_to: None,
            callback_data: String::new(),
            identity_hash: None,
            authentication: false,
        }
    }
    /// A code to sign in with: [`crate::message::TemplateMessage::authentication`], known to be one.
    #[must_use]
    pub fn authentication(to: Recipient, template: crate::message::TemplateMessage) -> Self {
        Self { authentication: true, ..Self::new(to, template) }
    }
    /// As an answer to a message, by Meta's id of it.
    #[must_use]
    pub fn replying_to(mut self, wamid: impl Into<String>) -> Self {
        self.reply_to = Some(wamid.into());
        self
    }
    /// With data that comes back in every status.
    #[must_use]
    pub fn with_callback_data(mut self, data: impl Into<String>) -> Self {
        self.callback_data = data.into();
        self
    }
    /// Only for the person whose identity has this hash.
    #[must_use]
    pub fn for_identity(mut self, hash: impl Into<String>) -> Self {
        self.identity_hash = Some(hash.into());
        self
    }
}

/// Sends messages.
#[async_trait]
pub trait Messaging: Send + Sync {
    /// Sends one message, once. Never retried here: ask [`CloudError::proof_not_accepted`] before trying again.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, Messaging, OutgoingMessage, Recipient};
    /// # async fn demo(meta: &dyn Messaging, access: &Access) -> Result<(), CloudError> {
    /// let message = OutgoingMessage::new(Recipient::from_address("+5511981234567"), "Hi!");
    /// println!("accepted as {}", meta.send(access, &message).await?.wamid);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation; [`CloudError::Ambiguous`] when nobody can know whether Meta took it.
    async fn send(
        &self,
        access: &Access,
        message: &OutgoingMessage,
    ) -> Result<SentMessage, CloudError>;
    /// Marks an incoming message and all before it as read.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/mark-message-as-read>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, Messaging};
    /// # async fn demo(meta: &dyn Messaging, access: &Access) -> Result<(), CloudError> {
    /// meta.mark_read(access, "wamid.HBgM").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn mark_read(&self, access: &Access, wamid: &str) -> Result<(), CloudError>;
    /// Shows "typing…" to the writer of an incoming message, and marks it read.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, Messaging};
    /// # async fn demo(meta: &dyn Messaging, access: &Access) -> Result<(), CloudError> {
    /// meta.show_typing(access, "wamid.HBgM").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn show_typing(&self, access: &Access, wamid: &str) -> Result<(), CloudError>;
}

/// One page of an account's templates.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TemplatePage {
    /// The templates.
    pub templates: Vec<RemoteTemplate>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// Reads templates.
#[async_trait]
pub trait TemplateApi: Send + Sync {
    /// One page of the account's templates; `after` is the last page's [`TemplatePage::next`].
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, TemplateApi};
    /// # async fn demo(meta: &dyn TemplateApi, access: &Access) -> Result<(), CloudError> {
    /// let mut after = None;
    /// loop {
    ///     let page = meta.list(access, after.as_deref()).await?;
    ///     println!("{} templates", page.templates.len());
    ///     after = page.next;
    ///     if after.is_none() {
    ///         break;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn list(&self, access: &Access, after: Option<&str>) -> Result<TemplatePage, CloudError>;
}

/// All of it.
pub trait CloudApi:
    Messaging
    + MarketingApi
    + MediaApi
    + TemplateApi
    + TemplateAdminApi
    + TemplateGroupApi
    + UploadApi
    + AccountApi
    + WabaApi
{
}
impl<T> CloudApi for T where
    T: Messaging
        + MarketingApi
        + MediaApi
        + TemplateApi
        + TemplateAdminApi
        + TemplateGroupApi
        + UploadApi
        + AccountApi
        + WabaApi
        + ?Sized
{
}
