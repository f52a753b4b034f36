//! The parts of a template as a business writes them. What has a field that we do not know stays raw.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::button::Button;

/// One part of a template (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components>).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum Component {
    /// What stands above.
    #[serde(rename = "HEADER", alias = "header")]
    Header(Header),
    /// The text.
    #[serde(rename = "BODY", alias = "body")]
    Body(Body),
    /// What stands below, in small letters.
    #[serde(rename = "FOOTER", alias = "footer")]
    Footer(Footer),
    /// What can be tapped.
    #[serde(rename = "BUTTONS", alias = "buttons")]
    Buttons {
        /// At most ten.
        buttons: Vec<Button>,
    },
    /// An offer with an end.
    #[serde(rename = "LIMITED_TIME_OFFER", alias = "limited_time_offer")]
    LimitedTimeOffer(LimitedTimeOffer),
    /// Cards side by side.
    #[serde(rename = "CAROUSEL", alias = "carousel")]
    Carousel(Carousel),
    /// Asks whether the business may call.
    #[serde(rename = "CALL_PERMISSION_REQUEST", alias = "call_permission_request")]
    CallPermissionRequest,
    /// Asks for the person's contact data.
    #[serde(rename = "REQUEST_CONTACT_INFO", alias = "request_contact_info")]
    RequestContactInfo,
    /// Something that we do not know, as it is.
    #[serde(untagged)]
    Other(Value),
}

/// What a header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum HeaderFormat {
    /// A line of text, at most 60 characters, with at most one variable.
    #[serde(alias = "text")]
    Text,
    /// A picture.
    #[serde(alias = "image")]
    Image,
    /// A film.
    #[serde(alias = "video")]
    Video,
    /// A film without sound that repeats; only through the Marketing Messages API.
    #[serde(alias = "gif")]
    Gif,
    /// A document.
    #[serde(alias = "document")]
    Document,
    /// A place on the map.
    #[serde(alias = "location")]
    Location,
    /// One product of the catalogue.
    #[serde(alias = "product")]
    Product,
}

/// What stands above the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Header {
    /// What it is.
    pub format: HeaderFormat,
    /// Its text, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Samples for Meta's reviewers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
}

impl Header {
    /// A line of text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { format: HeaderFormat::Text, text: Some(text.into()), example: None }
    }
    /// A picture; `handle` is what [`UploadApi`](crate::UploadApi) gave for a sample.
    #[must_use]
    pub fn image(handle: impl Into<String>) -> Self {
        Self::file(HeaderFormat::Image, handle)
    }
    /// A film, with the handle of a sample.
    #[must_use]
    pub fn video(handle: impl Into<String>) -> Self {
        Self::file(HeaderFormat::Video, handle)
    }
    /// A film that repeats, with the handle of a sample.
    #[must_use]
    pub fn gif(handle: impl Into<String>) -> Self {
        Self::file(HeaderFormat::Gif, handle)
    }
    /// A document, with the handle of a sample.
    #[must_use]
    pub fn document(handle: impl Into<String>) -> Self {
        Self::file(HeaderFormat::Document, handle)
    }
    /// A place, given when the template is sent.
    #[must_use]
    pub const fn location() -> Self {
        Self { format: HeaderFormat::Location, text: None, example: None }
    }
    /// A product, given when the template is sent.
    #[must_use]
    pub const fn product() -> Self {
        Self { format: HeaderFormat::Product, text: None, example: None }
    }
    fn file(format: HeaderFormat, handle: impl Into<String>) -> Self {
        let example = Example { header_handle: Some(vec![handle.into()]), ..Example::default() };
        Self { format, text: None, example: Some(example) }
    }
    /// With the sample of its variable `{{1}}`.
    #[must_use]
    pub fn sample(mut self, sample: impl Into<String>) -> Self {
        self.example.get_or_insert_default().header_text = Some(vec![sample.into()]);
        self
    }
    /// With the sample of its variable with a name.
    #[must_use]
    pub fn named_sample(mut self, name: impl Into<String>, sample: impl Into<String>) -> Self {
        let sample = NamedSample::new(name, sample);
        self.example.get_or_insert_default().header_text_named_params = Some(vec![sample]);
        self
    }
}

/// The text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Body {
    /// At most 1,024 characters, with variables `{{1}}` or `{{first_name}}`. A one-time code's template has none:
    /// Meta writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// For a one-time code: whether Meta adds not to share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_security_recommendation: Option<bool>,
    /// Samples for Meta's reviewers, one for each variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Example>,
}

impl Body {
    /// A text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
    /// With samples of the variables `{{1}}`, `{{2}}` …, in order.
    #[must_use]
    pub fn samples<T: Into<String>>(mut self, samples: impl IntoIterator<Item = T>) -> Self {
        let row = samples.into_iter().map(Into::into).collect();
        self.example.get_or_insert_default().body_text = Some(vec![row]);
        self
    }
    /// With samples of the variables that have names.
    #[must_use]
    pub fn named_samples<N: Into<String>, T: Into<String>>(
        mut self,
        samples: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        let all = samples.into_iter().map(|(name, sample)| NamedSample::new(name, sample));
        self.example.get_or_insert_default().body_text_named_params = Some(all.collect());
        self
    }
}

/// What stands below the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Footer {
    /// At most 60 characters, no variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// For a one-time code: after how many minutes it no longer holds, 1 to 90.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_expiration_minutes: Option<u32>,
}

impl Footer {
    /// A text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), code_expiration_minutes: None }
    }
}

/// An offer with an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LimitedTimeOffer {
    /// The offer.
    pub limited_time_offer: Offer,
}

/// What an offer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Offer {
    /// At most 16 characters.
    pub text: String,
    /// Whether the time that is left is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_expiration: Option<bool>,
}

impl LimitedTimeOffer {
    /// An offer; `expires` shows the time that is left.
    #[must_use]
    pub fn new(text: impl Into<String>, expires: bool) -> Self {
        Self { limited_time_offer: Offer { text: text.into(), has_expiration: Some(expires) } }
    }
}

/// Cards side by side, all of the same make.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Carousel {
    /// Two to ten.
    pub cards: Vec<Card>,
}

impl Carousel {
    /// These cards.
    #[must_use]
    pub fn new(cards: impl IntoIterator<Item = Card>) -> Self {
        Self { cards: cards.into_iter().collect() }
    }
}

/// One card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Card {
    /// A header, perhaps a body of at most 160 characters, and buttons.
    pub components: Vec<Component>,
}

impl Card {
    /// A card with a header.
    #[must_use]
    pub fn new(header: Header) -> Self {
        Self { components: vec![Component::Header(header)] }
    }
    /// With a text of its own; all cards have one or none has.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.components.push(Component::Body(body));
        self
    }
    /// With buttons, at most two.
    #[must_use]
    pub fn buttons(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        self.components.push(Component::Buttons { buttons: buttons.into_iter().collect() });
        self
    }
}

/// Samples for Meta's reviewers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Example {
    /// Of the header's variable `{{1}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_text: Option<Vec<String>>,
    /// Of the header's variable with a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_text_named_params: Option<Vec<NamedSample>>,
    /// Of the header's file: a handle of a resumable upload. Meta gives back an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_handle: Option<Vec<String>>,
    /// Of the body's variables: one row of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_text: Option<Vec<Vec<String>>>,
    /// Of the body's variables with names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_text_named_params: Option<Vec<NamedSample>>,
}

/// The sample of a variable with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NamedSample {
    /// The name in the braces.
    pub param_name: String,
    /// What could stand there.
    pub example: String,
}

impl NamedSample {
    /// A name and what could stand there.
    #[must_use]
    pub fn new(name: impl Into<String>, example: impl Into<String>) -> Self {
        Self { param_name: name.into(), example: example.into() }
    }
}
