//! The plain kinds: text, files, places, reactions. Never checks a limit: that is done before the call.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::api::MediaRef;

/// A text: 1 to 4,096 characters.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages>
///
/// ```
/// use whatsapp_cloud::message::Text;
/// let text = Text::new("Look: https://example.com").with_preview();
/// assert_eq!(text.preview_url, Some(true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Text {
    /// What it says.
    pub body: String,
    /// Whether the first web address gets a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview_url: Option<bool>,
}

impl Text {
    /// A text without preview.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), preview_url: None }
    }
    /// With a preview of its first web address.
    #[must_use]
    pub const fn with_preview(mut self) -> Self {
        self.preview_url = Some(true);
        self
    }
}

/// A file of a message: Meta's id of an upload, or a public address. Which parts beside it there may be depends
/// on the kind: a caption with pictures, films and documents, a name with documents, `voice` with sounds.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/image-messages>
///
/// ```
/// use whatsapp_cloud::message::{Body, File};
/// let picture = Body::Image(File::link("https://example.com/a.jpg").caption("Autumn"));
/// let voice = Body::Audio(File::id("1048120077319515").voice());
/// assert_eq!((picture.kind(), voice.kind()), ("image", "audio"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct File {
    /// Meta's id of an upload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A public address that Meta fetches, and keeps for 10 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Words under it, at most 1,024 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// A document's name; its end picks the icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// A sound that is shown as a voice note: OGG with Opus, mono.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<bool>,
}

impl File {
    /// An upload.
    #[must_use]
    pub fn id(id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..Self::default() }
    }
    /// A public address.
    #[must_use]
    pub fn link(link: impl Into<String>) -> Self {
        Self { link: Some(link.into()), ..Self::default() }
    }
    /// With words under it.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }
    /// With a document's name.
    #[must_use]
    pub fn filename(mut self, name: impl Into<String>) -> Self {
        self.filename = Some(name.into());
        self
    }
    /// As a voice note.
    #[must_use]
    pub const fn voice(mut self) -> Self {
        self.voice = Some(true);
        self
    }
}

impl From<MediaRef> for File {
    fn from(at: MediaRef) -> Self {
        match at {
            MediaRef::Id(id) => Self::id(id),
            MediaRef::Link(link) => Self::link(link),
        }
    }
}

/// A place.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/location-messages>
///
/// ```
/// use whatsapp_cloud::message::Location;
/// let tower = Location::new(41.025_6, 28.974_1).named("Galata Kulesi", "Beyoğlu, İstanbul");
/// assert_eq!(tower.latitude.degrees(), Some(41.025_6));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Location {
    /// Degrees north.
    pub latitude: Degrees,
    /// Degrees east.
    pub longitude: Degrees,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where that is; shown only with a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Location {
    /// A place without a name.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Self {
        Self { latitude: latitude.into(), longitude: longitude.into(), name: None, address: None }
    }
    /// With what is there and where that is.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>, address: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self.address = Some(address.into());
        self
    }
}

/// Degrees, written as a number or as its text; Meta takes both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Degrees {
    /// A number.
    Number(Number),
    /// Its text.
    Text(String),
}

impl Degrees {
    /// The degrees, if they can be read.
    #[must_use]
    pub fn degrees(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }
}

impl From<f64> for Degrees {
    /// What is no number at all is kept as its text, which the check before the call refuses.
    fn from(degrees: f64) -> Self {
        Number::from_f64(degrees).map_or_else(|| Self::Text(degrees.to_string()), Self::Number)
    }
}

/// A place in a row, from 0, written as a number or as its text; Meta takes both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Index {
    /// A number.
    Number(u64),
    /// Its text.
    Text(String),
}

impl From<u64> for Index {
    fn from(index: u64) -> Self {
        Self::Number(index)
    }
}

/// An emoji on another message; an empty one takes it back.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/reaction-messages>
///
/// ```
/// use whatsapp_cloud::message::Reaction;
/// assert!(Reaction::remove("wamid.HBg…").emoji.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reaction {
    /// Meta's id of that message.
    pub message_id: String,
    /// The emoji, or nothing.
    pub emoji: String,
}

impl Reaction {
    /// An emoji on a message.
    #[must_use]
    pub fn new(message_id: impl Into<String>, emoji: impl Into<String>) -> Self {
        Self { message_id: message_id.into(), emoji: emoji.into() }
    }
    /// Takes the emoji back.
    #[must_use]
    pub fn remove(message_id: impl Into<String>) -> Self {
        Self::new(message_id, "")
    }
}

/// A value of these types has only text keys and finite numbers, so that writing it cannot fail; were it to, the
/// check before the call would refuse the nothing that stands there.
pub(super) fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
