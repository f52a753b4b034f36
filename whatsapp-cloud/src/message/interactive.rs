//! Interactive messages: a header, words, a footer, and what people can do. The builders are in `build.rs`.

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::action::Action;
use super::basic::File;

/// An interactive message. `A` is what people can do: a builder begins with one kind, and every kind turns into
/// [`Action`].
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages#interactive-object>
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Interactive<A = Action> {
    /// Above the words; which kinds there may be depends on the action.
    pub header: Option<Header>,
    /// The words: at most 1,024 characters, 4,096 with a list.
    pub body: Option<Words>,
    /// Below the words, at most 60 characters.
    pub footer: Option<Words>,
    /// What people can do.
    pub action: A,
}

/// A text within an interactive message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What it says.
    pub text: String,
}

impl Words {
    /// Words.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// What stands above the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Header {
    /// A text, at most 60 characters.
    Text {
        /// What it says.
        text: String,
    },
    /// A picture.
    Image {
        /// The picture.
        image: File,
    },
    /// A film.
    Video {
        /// The film.
        video: File,
    },
    /// A document.
    Document {
        /// The document, with its name.
        document: File,
    },
}

impl Header {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }
    /// A picture.
    #[must_use]
    pub fn image(image: impl Into<File>) -> Self {
        Self::Image { image: image.into() }
    }
    /// A film.
    #[must_use]
    pub fn video(video: impl Into<File>) -> Self {
        Self::Video { video: video.into() }
    }
    /// A document.
    #[must_use]
    pub fn document(document: impl Into<File>) -> Self {
        Self::Document { document: document.into() }
    }
}

impl<A> Interactive<A> {
    /// With an action and its words.
    pub(super) fn with(body: impl Into<String>, action: A) -> Self {
        Self { header: None, body: Some(Words::new(body)), footer: None, action }
    }
    /// With something above the words.
    #[must_use]
    pub fn header(mut self, header: Header) -> Self {
        self.header = Some(header);
        self
    }
    /// With a text above the words.
    #[must_use]
    pub fn header_text(self, text: impl Into<String>) -> Self {
        self.header(Header::text(text))
    }
    /// With a picture above the words.
    #[must_use]
    pub fn header_image(self, image: impl Into<File>) -> Self {
        self.header(Header::image(image))
    }
    /// With other words.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.body = Some(Words::new(text));
        self
    }
    /// With words below.
    #[must_use]
    pub fn footer(mut self, text: impl Into<String>) -> Self {
        self.footer = Some(Words::new(text));
        self
    }
    /// The same with any action.
    #[must_use]
    pub fn any(self) -> Interactive
    where
        A: Into<Action>,
    {
        let Self { header, body, footer, action } = self;
        Interactive { header, body, footer, action: action.into() }
    }
}

impl<A: Clone + Into<Action>> Serialize for Interactive<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let action: Action = self.action.clone().into();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", action.kind())?;
        if let Some(header) = &self.header {
            map.serialize_entry("header", header)?;
        }
        if let Some(body) = &self.body {
            map.serialize_entry("body", body)?;
        }
        if let Some(footer) = &self.footer {
            map.serialize_entry("footer", footer)?;
        }
        if !matches!(&action, Action::Other { action: Value::Null, .. }) {
            map.serialize_entry("action", &action)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Interactive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let mut map = Map::deserialize(deserializer)?;
        let Some(Value::String(kind)) = map.remove("type") else {
            return Err(D::Error::missing_field("type"));
        };
        let action = Action::read(kind, map.remove("action").unwrap_or_default());
        Ok(Self {
            header: part(&mut map, "header").map_err(D::Error::custom)?,
            body: part(&mut map, "body").map_err(D::Error::custom)?,
            footer: part(&mut map, "footer").map_err(D::Error::custom)?,
            action,
        })
    }
}

fn part<T: serde::de::DeserializeOwned>(
    map: &mut Map<String, Value>,
    key: &str,
) -> Result<Option<T>, serde_json::Error> {
    map.remove(key).map(serde_json::from_value).transpose()
}
