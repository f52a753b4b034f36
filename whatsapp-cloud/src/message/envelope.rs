//! A whole body of `POST /{number}/messages`, typed. Never checks it: that is done before the call.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::basic::{File, Location, Reaction, Text, written};
use super::contacts::Contacts;
use super::interactive::Interactive;
use super::template::TemplateMessage;

/// One message as it goes over the wire. Most programs write a [`crate::OutgoingMessage`] instead; this is for
/// those that read or keep what is sent.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>
///
/// ```
/// use whatsapp_cloud::message::{Body, Outgoing, Text};
/// let wire = r#"{"messaging_product":"whatsapp","to":"+905550100234","type":"text","text":{"body":"Hi!"}}"#;
/// let read: Outgoing = serde_json::from_str(wire)?;
/// assert_eq!(read.body, Body::Text(Text::new("Hi!")));
/// assert_eq!(serde_json::to_string(&read)?, wire);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outgoing {
    /// A person or a group; a person when not given.
    pub recipient_type: Option<RecipientType>,
    /// A phone number, or the id of a group.
    pub to: Option<String>,
    /// Instead of `to`: a business-scoped user id.
    pub recipient: Option<String>,
    /// What it says.
    pub body: Body,
    /// What it answers.
    pub context: Option<Context>,
    /// Comes back in every status of this message; at most 512 characters.
    pub biz_opaque_callback_data: Option<String>,
    /// Only for the person whose identity has this hash; otherwise the message fails with 137000.
    pub recipient_identity_key_hash: Option<String>,
    /// Only in the Marketing Messages API: what happens when that cannot deliver.
    pub product_policy: Option<ProductPolicy>,
    /// Only in the Marketing Messages API: whether Meta may use what people do with it.
    pub message_activity_sharing: Option<bool>,
    /// What Meta may add.
    pub more: Map<String, Value>,
}

/// A person or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientType {
    /// One person.
    Individual,
    /// A group.
    Group,
}

/// What the Marketing Messages API does with a message that it cannot deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProductPolicy {
    /// Sends it as an ordinary message of the Cloud API.
    CloudApiFallback,
    /// Refuses it.
    Strict,
}

/// What a message answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Meta's id of that message.
    pub message_id: String,
}

/// What a message says, by its kind.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// A text.
    Text(Text),
    /// A picture.
    Image(File),
    /// A film.
    Video(File),
    /// A sound.
    Audio(File),
    /// A document.
    Document(File),
    /// A sticker.
    Sticker(File),
    /// A place.
    Location(Location),
    /// Contact cards.
    Contacts(Contacts),
    /// An emoji on another message.
    Reaction(Reaction),
    /// Buttons, lists and all that people can do something with.
    Interactive(Box<Interactive>),
    /// A template with its values.
    Template(TemplateMessage),
    /// Anything else, as it is written.
    Other {
        /// Meta's word for it.
        kind: String,
        /// Meta's object under that word; `null` when there is none.
        body: Value,
    },
}

impl Body {
    /// Meta's word for the kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::Document(_) => "document",
            Self::Sticker(_) => "sticker",
            Self::Location(_) => "location",
            Self::Contacts(_) => "contacts",
            Self::Reaction(_) => "reaction",
            Self::Interactive(_) => "interactive",
            Self::Template(_) => "template",
            Self::Other { kind, .. } => kind,
        }
    }
    /// Reads the object of a kind. What would not be written back the same is kept as it is.
    #[must_use]
    pub fn read(kind: &str, body: Value) -> Self {
        match Self::known(kind, &body) {
            Some(known) if known.object() == body => known,
            _ => Self::Other { kind: kind.to_owned(), body },
        }
    }
    fn known(kind: &str, body: &Value) -> Option<Self> {
        Some(match kind {
            "text" => Self::Text(Text::deserialize(body).ok()?),
            "image" => Self::Image(File::deserialize(body).ok()?),
            "video" => Self::Video(File::deserialize(body).ok()?),
            "audio" => Self::Audio(File::deserialize(body).ok()?),
            "document" => Self::Document(File::deserialize(body).ok()?),
            "sticker" => Self::Sticker(File::deserialize(body).ok()?),
            "location" => Self::Location(Location::deserialize(body).ok()?),
            "contacts" => Self::Contacts(Contacts::deserialize(body).ok()?),
            "reaction" => Self::Reaction(Reaction::deserialize(body).ok()?),
            "interactive" => Self::Interactive(Box::new(Interactive::deserialize(body).ok()?)),
            "template" => Self::Template(TemplateMessage::deserialize(body).ok()?),
            _ => return None,
        })
    }
    /// Meta's object for it.
    #[must_use]
    pub fn object(&self) -> Value {
        match self {
            Self::Text(text) => written(text),
            Self::Image(file)
            | Self::Video(file)
            | Self::Audio(file)
            | Self::Document(file)
            | Self::Sticker(file) => written(file),
            Self::Location(place) => written(place),
            Self::Contacts(cards) => written(cards),
            Self::Reaction(reaction) => written(reaction),
            Self::Interactive(interactive) => written(interactive),
            Self::Template(template) => written(template),
            Self::Other { body, .. } => body.clone(),
        }
    }
}

impl Serialize for Outgoing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("messaging_product", "whatsapp")?;
        entry(&mut map, "recipient_type", self.recipient_type.as_ref())?;
        entry(&mut map, "to", self.to.as_ref())?;
        entry(&mut map, "recipient", self.recipient.as_ref())?;
        map.serialize_entry("type", self.body.kind())?;
        let object = self.body.object();
        entry(&mut map, self.body.kind(), Some(&object).filter(|object| !object.is_null()))?;
        entry(&mut map, "context", self.context.as_ref())?;
        entry(&mut map, "biz_opaque_callback_data", self.biz_opaque_callback_data.as_ref())?;
        entry(&mut map, "recipient_identity_key_hash", self.recipient_identity_key_hash.as_ref())?;
        entry(&mut map, "product_policy", self.product_policy.as_ref())?;
        entry(&mut map, "message_activity_sharing", self.message_activity_sharing.as_ref())?;
        for (key, value) in &self.more {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

fn entry<M: SerializeMap, T: Serialize + ?Sized>(
    map: &mut M,
    key: &str,
    value: Option<&T>,
) -> Result<(), M::Error> {
    match value {
        Some(value) => map.serialize_entry(key, value),
        None => Ok(()),
    }
}

impl<'de> Deserialize<'de> for Outgoing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        fn take<T: serde::de::DeserializeOwned, E: Error>(
            map: &mut Map<String, Value>,
            key: &str,
        ) -> Result<Option<T>, E> {
            let value = map.remove(key).map(serde_json::from_value).transpose();
            value.map_err(|error| E::custom(format!("{key}: {error}")))
        }
        let mut map = Map::deserialize(deserializer)?;
        let product: Option<String> = take(&mut map, "messaging_product")?;
        if product.as_deref() != Some("whatsapp") {
            return Err(D::Error::custom("messaging_product must be whatsapp"));
        }
        let kind: Option<String> = take(&mut map, "type")?;
        let kind = kind.unwrap_or_else(|| "text".to_owned());
        let body = Body::read(&kind, map.remove(&kind).unwrap_or_default());
        Ok(Self {
            recipient_type: take(&mut map, "recipient_type")?,
            to: take(&mut map, "to")?,
            recipient: take(&mut map, "recipient")?,
            body,
            context: take(&mut map, "context")?,
            biz_opaque_callback_data: take(&mut map, "biz_opaque_callback_data")?,
            recipient_identity_key_hash: take(&mut map, "recipient_identity_key_hash")?,
            product_policy: take(&mut map, "product_policy")?,
            message_activity_sharing: take(&mut map, "message_activity_sharing")?,
            more: map,
        })
    }
}

/// That a message was read, and perhaps that an answer is being written.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/mark-message-as-read>
///
/// ```
/// use whatsapp_cloud::message::ReadMark;
/// let typing = serde_json::to_value(ReadMark::new("wamid.HBg…").typing())?;
/// assert_eq!(typing["typing_indicator"]["type"], "text");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReadMark {
    messaging_product: String,
    status: String,
    /// Meta's id of the message that came.
    pub message_id: String,
    /// `{"type": "text"}` while an answer is being written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typing_indicator: Option<Value>,
}

impl ReadMark {
    /// This message and all before it were read.
    #[must_use]
    pub fn new(message_id: impl Into<String>) -> Self {
        let (messaging_product, status) = ("whatsapp".to_owned(), "read".to_owned());
        Self { messaging_product, status, message_id: message_id.into(), typing_indicator: None }
    }
    /// And an answer is being written: shown until it comes, at most 25 seconds.
    #[must_use]
    pub fn typing(mut self) -> Self {
        self.typing_indicator = Some(json!({"type": "text"}));
        self
    }
}
