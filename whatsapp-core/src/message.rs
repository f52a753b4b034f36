//! What is said: incoming, outgoing and internal notes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::channel::words;
use crate::{By, Channel, Contact, Conversation, Id, MediaKind, MediaObject, Template, Timestamp};

/// One message of a conversation. An outgoing one shares its id with its line in the ledger
/// ([`crate::Send`]), which alone knows how far it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: Id<Self>,
    /// Where it was said.
    pub conversation: Id<Conversation>,
    /// With whom.
    pub contact: Id<Contact>,
    /// Over which number.
    pub channel: Id<Channel>,
    /// Which way it went.
    pub direction: Direction,
    /// What it says.
    pub content: Content,
    /// Who said it.
    pub by: By,
    /// Meta's id, for incoming ones. (An outgoing one's is in the ledger.)
    pub wamid: Option<String>,
    /// Meta's id of the message it answers.
    pub reply_to_wamid: Option<String>,
    /// When: for incoming ones the time Meta gave.
    pub created_at: Timestamp,
}

/// Who said it, as shown.
pub type Author = By;

words! {
    /// Which way a message went.
    Direction {
        /// From the contact to us.
        Inbound = "inbound",
        /// From us to the contact.
        Outbound = "outbound",
        /// To our own team only.
        Note = "note",
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// Plain text.
    Text {
        /// 1 to 4,096 characters when outgoing.
        body: String,
        /// Ask for a preview of the first link.
        #[serde(default)]
        preview_url: bool,
    },
    /// A picture, film, sound, document or sticker.
    Media(Media),
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// What is there.
        name: Option<String>,
        /// Where that is.
        address: Option<String>,
    },
    /// An emoji on another message; an empty one takes it back.
    Reaction {
        /// Meta's id of that message.
        wamid: String,
        /// The emoji, or nothing.
        emoji: String,
    },
    /// A tap on a template's quick reply button.
    Button {
        /// What the business put behind the button.
        payload: String,
        /// What the button says.
        text: String,
    },
    /// An answer to an interactive message: a button or a row of a list.
    Reply {
        /// `button_reply` or `list_reply`.
        kind: String,
        /// The button's or row's id.
        id: String,
        /// What it says.
        title: String,
        /// A row's second line.
        description: Option<String>,
    },
    /// A filled-in template.
    Template(TemplateContent),
    /// Any other kind, in Meta's own form: `{"kind": "interactive", "body": {…}}`.
    Other {
        /// Meta's word for it.
        kind: String,
        /// Meta's object under that word.
        body: Value,
    },
    /// Something Meta could not show us, with its reason.
    Unsupported {
        /// Why.
        reason: String,
    },
}

/// A media message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What kind of thing.
    pub kind: MediaKind,
    /// Our stored object; for incoming ones it exists from the start and is filled by a job.
    pub media: Option<Id<MediaObject>>,
    /// An outgoing one may point at a public address instead.
    pub link: Option<String>,
    /// Words under it.
    pub caption: Option<String>,
    /// A document's name.
    pub filename: Option<String>,
    /// A sound recorded as a voice note.
    #[serde(default)]
    pub voice: bool,
}

/// A filled-in template: what goes to Meta, and what people read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateContent {
    /// Which one.
    pub template: Id<Template>,
    /// Its name at Meta.
    pub name: String,
    /// Its language at Meta, e.g. `pt_BR`.
    pub language: String,
    /// Meta's `components` array with the values.
    pub components: Value,
    /// The header's text with its values, if it is a text.
    pub header: Option<String>,
    /// The body with its values.
    pub body: String,
    /// The footer.
    pub footer: Option<String>,
    /// The buttons' texts.
    pub buttons: Vec<String>,
}

impl From<&str> for Content {
    fn from(body: &str) -> Self {
        Self::text(body)
    }
}

impl From<String> for Content {
    fn from(body: String) -> Self {
        Self::text(body)
    }
}

impl Content {
    /// A plain text.
    #[must_use]
    pub fn text(body: impl Into<String>) -> Self {
        Self::Text { body: body.into(), preview_url: false }
    }
    /// Meta's word for the kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Text { .. } => "text",
            Self::Media(media) => media.kind.as_str(),
            Self::Location { .. } => "location",
            Self::Reaction { .. } => "reaction",
            Self::Button { .. } => "button",
            Self::Reply { .. } => "interactive",
            Self::Template(_) => "template",
            Self::Other { kind, .. } => kind,
            Self::Unsupported { .. } => "unsupported",
        }
    }
    /// One line for lists; empty where only the kind can be said.
    #[must_use]
    pub fn preview(&self) -> String {
        let text = match self {
            Self::Text { body, .. } => body.as_str(),
            Self::Media(media) => {
                media.caption.as_deref().or(media.filename.as_deref()).unwrap_or_default()
            }
            Self::Location { name, address, .. } => {
                name.as_deref().or(address.as_deref()).unwrap_or_default()
            }
            Self::Reaction { emoji, .. } => emoji,
            Self::Button { text, .. } => text,
            Self::Reply { title, .. } => title,
            Self::Template(template) => &template.body,
            Self::Other { .. } | Self::Unsupported { .. } => "",
        };
        text.chars().take(120).map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
    /// Whether it may go out while the 24-hour window is closed.
    #[must_use]
    pub const fn needs_open_window(&self) -> bool {
        match self {
            Self::Template(_) => false,
            // A template in Meta's own form.
            Self::Other { kind, .. } => !matches!(kind.as_bytes(), b"template"),
            _ => true,
        }
    }
}
