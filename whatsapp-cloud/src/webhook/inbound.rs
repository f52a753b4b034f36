//! What a webhook call tells us, in our nouns. Only types; never reads anything.

use serde_json::Value;
use whatsapp_core::{
    Content, DeliveryStatus, Identity, MediaKind, Quality, TemplateStatus, Timestamp,
};

/// One thing that a webhook call tells. A call may tell a thousand.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Meta's id of the account (for a few partner events: of the business portfolio).
    pub waba_id: String,
    /// Meta's id of the number, where the change is about one.
    pub phone_number_id: Option<String>,
    /// What it tells.
    pub inbound: Inbound,
}

/// What is told.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Inbound {
    /// A customer wrote, tapped, reacted or sent a file.
    Message(Box<InboundMessage>),
    /// How far one of our messages has come.
    Status(StatusUpdate),
    /// A template may or may not be sent any more.
    TemplateStatus(TemplateStatusUpdate),
    /// How people react to a template.
    TemplateQuality(TemplateQualityUpdate),
    /// A template changed its category.
    TemplateCategory(TemplateCategoryUpdate),
    /// A number's quality or speed changed.
    NumberQuality(NumberQualityUpdate),
    /// Something happened to the account: restricted, disabled, disconnected …
    Account(AccountUpdate),
    /// A customer wants no marketing any more, or wants it again.
    UserPreference(UserPreference),
    /// A customer has another number or id than before.
    IdentityChanged(IdentityChange),
    /// Anything else, exactly as it came. To be kept, never to be refused.
    Raw {
        /// Meta's word for the field, e.g. `calls`.
        field: String,
        /// The smallest part that was not understood.
        value: Value,
    },
}

/// A message from a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundMessage {
    /// Meta's id; the natural key.
    pub wamid: String,
    /// Who: at least one handle is there.
    pub identity: Identity,
    /// The name of the profile, if it has one.
    pub profile_name: Option<String>,
    /// When, by Meta's clock (in whole seconds).
    pub at: Timestamp,
    /// What. A file's [`whatsapp_core::message::Media::media`] is `None`: see `media`.
    pub content: Content,
    /// The file to fetch.
    pub media: Option<InboundMedia>,
    /// Meta's id of the message it answers or taps on.
    pub reply_to: Option<String>,
    /// Whether it was forwarded.
    pub forwarded: bool,
    /// The advert or post the customer came from, as Meta wrote it.
    pub referral: Option<Value>,
}

/// A file that a customer sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboundMedia {
    /// Meta's id, good for seven days.
    pub provider_id: String,
    /// What kind of file.
    pub kind: MediaKind,
    /// Its MIME type.
    pub mime: String,
    /// SHA-256 as Meta writes it, usually base64.
    pub sha256: Option<String>,
    /// The name of a document.
    pub filename: Option<String>,
    /// The words under it.
    pub caption: Option<String>,
    /// A sound recorded as a voice note.
    pub voice: bool,
}

/// How far one of our messages has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusUpdate {
    /// Meta's id of our message.
    pub wamid: String,
    /// How far. (A played voice note is read.)
    pub status: DeliveryStatus,
    /// When.
    pub at: Timestamp,
    /// What we gave as callback data.
    pub callback_data: Option<String>,
    /// To whom it went.
    pub recipient: Identity,
    /// Why it failed.
    pub error: Option<StatusError>,
}

/// Why Meta could not deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusError {
    /// Meta's code; see [`crate::explain`].
    pub code: i64,
    /// Meta's words.
    pub title: String,
    /// Meta's details.
    pub details: Option<String>,
}

/// A template may or may not be sent any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateStatusUpdate {
    /// Meta's id of the template.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore.
    pub language: String,
    /// The state that follows from Meta's word.
    pub status: TemplateStatus,
    /// Meta's word, e.g. `FLAGGED`.
    pub word: String,
    /// Why, if Meta says.
    pub reason: Option<String>,
    /// When, if the call says.
    pub at: Option<Timestamp>,
}

/// How people react to a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateQualityUpdate {
    /// Meta's id of the template.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore.
    pub language: String,
    /// The new judgement.
    pub quality: Quality,
    /// When, if the call says.
    pub at: Option<Timestamp>,
}

/// A template changed its category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateCategoryUpdate {
    /// Meta's id of the template.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore.
    pub language: String,
    /// The category it has now, in Meta's word.
    pub category: String,
    /// The category it will get, if the change is yet to come.
    pub coming: Option<String>,
    /// When, if the call says.
    pub at: Option<Timestamp>,
}

/// A number's quality or speed changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberQualityUpdate {
    /// The number as Meta displays it (no id comes with this change).
    pub display_phone: String,
    /// Meta's word: `THROUGHPUT_UPGRADE`, `FLAGGED` …
    pub event: String,
    /// Meta's word for how many people may be written to in a day.
    pub limit: Option<String>,
    /// When, if the call says.
    pub at: Option<Timestamp>,
}

/// Something happened to the account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountUpdate {
    /// Meta's word: `ACCOUNT_RESTRICTION`, `DISABLED_UPDATE`, `PARTNER_REMOVED` …
    pub event: String,
    /// The whole value.
    pub value: Value,
    /// When, if the call says.
    pub at: Option<Timestamp>,
}

/// A customer wants no marketing any more, or wants it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPreference {
    /// Who.
    pub identity: Identity,
    /// True: no more marketing.
    pub stop: bool,
    /// When.
    pub at: Timestamp,
}

/// A customer has another number or id than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityChange {
    /// As known so far.
    pub before: Identity,
    /// From now on; what is `None` did not change.
    pub after: Identity,
    /// When.
    pub at: Timestamp,
}
