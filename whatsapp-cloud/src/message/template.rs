//! Templates as they are sent: name, language, values. Never knows the template itself.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::action::ProductSection;
use super::basic::{File, Index, Location};
use super::parameter::{ButtonAction, LimitedTimeOffer, Parameter, ProductRef, TapTarget};

/// A template with its values.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates>
///
/// ```
/// use whatsapp_cloud::message::{File, TemplateMessage};
/// use whatsapp_core::Content;
///
/// let offer = TemplateMessage::new("autumn_sale_v2", "en_US")
///     .header_image(File::link("https://example.com/h.jpg"))
///     .body(["Aylin", "40%"])
///     .url_button(0, "autumn?c=20417")
///     .quick_reply(1, "STOP_PROMO:autumn26");
/// assert_eq!(Content::from(offer).kind(), "template");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TemplateMessage {
    /// Its name, at most 512 characters.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// The parts that have values; `None` and an empty list are written as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<Component>>,
}

/// A template's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Language {
    /// Meta's code, e.g. `pt_BR`.
    pub code: String,
    /// `deterministic`; of old, needed no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// A part of a template that has values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Component {
    /// What stands above: a text's variable, a file, a place or a product.
    Header {
        /// One value.
        parameters: Vec<Parameter>,
    },
    /// The words.
    Body {
        /// The values, by place or by name.
        parameters: Vec<Parameter>,
    },
    /// A button that needs something.
    Button(ButtonComponent),
    /// The offer's end.
    LimitedTimeOffer {
        /// One value.
        parameters: Vec<Parameter>,
    },
    /// Cards to swipe, as many as the template has.
    Carousel {
        /// The cards.
        cards: Vec<TemplateCard>,
    },
    /// Where a tap on the whole message leads.
    TapTargetConfiguration {
        /// One value.
        parameters: Vec<Parameter>,
    },
    /// Anything else, as it is written.
    #[serde(untagged)]
    Other(Value),
}

/// A button that needs something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ButtonComponent {
    /// `quick_reply`, `url`, `copy_code`, `flow`, `catalog`, `mpm`, `voice_call`; capitals do not matter.
    pub sub_type: String,
    /// Its place among the template's buttons, from 0.
    pub index: Index,
    /// One value, or none where Meta needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Vec<Parameter>>,
}

/// A card of a template's carousel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateCard {
    /// Its place, from 0.
    pub card_index: u64,
    /// Its parts that have values.
    pub components: Vec<Component>,
}

impl TemplateMessage {
    /// A template without values.
    #[must_use]
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        let language = Language { code: language.into(), policy: None };
        Self { name: name.into(), language, components: None }
    }
    /// A code to sign in with, of the category authentication: Meta wants it twice, in the words and behind the
    /// button. Such a template cannot go to somebody who is known only by a business-scoped id: say so by
    /// [`crate::OutgoingMessage::authentication`], and it is refused before the call.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates>
    ///
    /// ```
    /// use whatsapp_cloud::message::TemplateMessage;
    /// let code = TemplateMessage::authentication("login_code", "en_US", "481516");
    /// assert_eq!(code.components.map(|parts| parts.len()), Some(2));
    /// ```
    #[must_use]
    pub fn authentication(
        name: impl Into<String>,
        language: impl Into<String>,
        code: impl Into<String>,
    ) -> Self {
        let code: String = code.into();
        Self::new(name, language).body([code.clone()]).url_button(0, code)
    }
    /// With one more part, however it was made.
    #[must_use]
    pub fn with(mut self, component: Component) -> Self {
        self.components.get_or_insert_default().push(component);
        self
    }
    /// With a value above the words.
    #[must_use]
    pub fn header(self, value: impl Into<Parameter>) -> Self {
        self.with(Component::header(value))
    }
    /// With a picture above the words.
    #[must_use]
    pub fn header_image(self, image: File) -> Self {
        self.header(Parameter::Image { image })
    }
    /// With a film above the words.
    #[must_use]
    pub fn header_video(self, video: File) -> Self {
        self.header(Parameter::Video { video })
    }
    /// With a short film without sound above the words; only in the Marketing Messages API.
    #[must_use]
    pub fn header_gif(self, gif: File) -> Self {
        self.header(Parameter::Gif { gif })
    }
    /// With a document above the words.
    #[must_use]
    pub fn header_document(self, document: File) -> Self {
        self.header(Parameter::Document { document })
    }
    /// With a place above the words.
    #[must_use]
    pub fn header_location(self, location: Location) -> Self {
        self.header(Parameter::Location { location })
    }
    /// With a product above the words.
    #[must_use]
    pub fn header_product(self, catalog_id: impl Into<String>, product: impl Into<String>) -> Self {
        self.header(product_of(catalog_id, product))
    }
    /// With the values of the words, by place.
    #[must_use]
    pub fn body<P: Into<Parameter>>(self, values: impl IntoIterator<Item = P>) -> Self {
        self.with(Component::body(values))
    }
    /// With the values of the words, by name.
    #[must_use]
    pub fn named_body<N: Into<String>, V: Into<String>>(
        self,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, text)| Parameter::named(name, text));
        self.with(Component::body(values))
    }
    /// With what a quick reply sends back.
    #[must_use]
    pub fn quick_reply(self, index: u64, payload: impl Into<String>) -> Self {
        self.with(Component::quick_reply(index, payload))
    }
    /// With the end of a button's address.
    #[must_use]
    pub fn url_button(self, index: u64, end: impl Into<String>) -> Self {
        self.with(Component::url(index, end))
    }
    /// With the code that a button copies.
    #[must_use]
    pub fn copy_code(self, index: u64, code: impl Into<String>) -> Self {
        let value = Parameter::CouponCode { coupon_code: code.into() };
        self.with(Component::button("copy_code", index, value))
    }
    /// With what a flow begins with.
    #[must_use]
    pub fn flow_button(
        self,
        index: u64,
        token: impl Into<String>,
        data: Option<Map<String, Value>>,
    ) -> Self {
        let action = ButtonAction {
            flow_token: Some(token.into()),
            flow_action_data: data,
            ..ButtonAction::default()
        };
        self.with(Component::button("flow", index, Parameter::Action { action }))
    }
    /// With the product whose picture stands for the catalogue.
    #[must_use]
    pub fn catalog_button(self, index: u64, thumbnail: impl Into<String>) -> Self {
        let thumbnail_product_retailer_id = Some(thumbnail.into());
        let action = ButtonAction { thumbnail_product_retailer_id, ..ButtonAction::default() };
        self.with(Component::button("catalog", index, Parameter::Action { action }))
    }
    /// With the products that a button shows.
    #[must_use]
    pub fn products_button(
        self,
        index: u64,
        thumbnail: impl Into<String>,
        sections: Vec<ProductSection>,
    ) -> Self {
        let action = ButtonAction {
            thumbnail_product_retailer_id: Some(thumbnail.into()),
            sections: Some(sections),
            ..ButtonAction::default()
        };
        self.with(Component::button("mpm", index, Parameter::Action { action }))
    }
    /// How long a call button can be used, in minutes.
    #[must_use]
    pub fn call_button(self, index: u64, ttl_minutes: u64) -> Self {
        let value = Parameter::TtlMinutes { ttl_minutes };
        self.with(Component::button("voice_call", index, value))
    }
    /// With the offer's end, in milliseconds since 1970, UTC.
    #[must_use]
    pub fn offer_ends(self, expiration_time_ms: u64) -> Self {
        let limited_time_offer = LimitedTimeOffer { expiration_time_ms };
        let parameters = vec![Parameter::LimitedTimeOffer { limited_time_offer }];
        self.with(Component::LimitedTimeOffer { parameters })
    }
    /// With the page to which a tap on the whole message leads.
    #[must_use]
    pub fn tap_target(self, url: impl Into<String>, title: impl Into<String>) -> Self {
        let tap_target_configuration = vec![TapTarget { url: url.into(), title: title.into() }];
        let parameters = vec![Parameter::TapTargetConfiguration { tap_target_configuration }];
        self.with(Component::TapTargetConfiguration { parameters })
    }
    /// With the group to which it invites.
    #[must_use]
    pub fn group_invite(self, group_id: impl Into<String>) -> Self {
        self.body([Parameter::GroupId { group_id: group_id.into() }])
    }
    /// With the parts of each card, in the cards' order.
    ///
    /// ```
    /// use whatsapp_cloud::message::{Component, File, Parameter, TemplateMessage};
    /// let card = |n: u8| {
    ///     let image = File::id(format!("103754329154364{n}"));
    ///     [
    ///         Component::header(Parameter::Image { image }),
    ///         Component::quick_reply(0, format!("more-{n}")),
    ///         Component::url(1, format!("item-{n}")),
    ///     ]
    /// };
    /// let cards = TemplateMessage::new("carousel_autumn", "en_US").body(["Aylin"]).carousel([card(0), card(1)]);
    /// assert_eq!(cards.components.map(|parts| parts.len()), Some(2));
    /// ```
    #[must_use]
    pub fn carousel<C: IntoIterator<Item = Component>>(
        self,
        cards: impl IntoIterator<Item = C>,
    ) -> Self {
        let card = |(card_index, components): (u64, C)| TemplateCard {
            card_index,
            components: components.into_iter().collect(),
        };
        self.with(Component::Carousel { cards: (0..).zip(cards).map(card).collect() })
    }
}

impl Component {
    /// What stands above the words.
    #[must_use]
    pub fn header(value: impl Into<Parameter>) -> Self {
        Self::Header { parameters: vec![value.into()] }
    }
    /// The values of the words.
    #[must_use]
    pub fn body<P: Into<Parameter>>(values: impl IntoIterator<Item = P>) -> Self {
        Self::Body { parameters: values.into_iter().map(Into::into).collect() }
    }
    /// What a quick reply sends back.
    #[must_use]
    pub fn quick_reply(index: u64, payload: impl Into<String>) -> Self {
        Self::button("quick_reply", index, Parameter::Payload { payload: payload.into() })
    }
    /// The end of a button's address.
    #[must_use]
    pub fn url(index: u64, end: impl Into<String>) -> Self {
        Self::button("url", index, Parameter::text(end))
    }
    /// Any button that needs a value.
    #[must_use]
    pub fn button(sub_type: impl Into<String>, index: u64, value: Parameter) -> Self {
        Self::Button(ButtonComponent {
            sub_type: sub_type.into(),
            index: index.into(),
            parameters: Some(vec![value]),
        })
    }
}

fn product_of(catalog_id: impl Into<String>, product: impl Into<String>) -> Parameter {
    Parameter::Product {
        product: ProductRef {
            product_retailer_id: product.into(),
            catalog_id: Some(catalog_id.into()),
        },
    }
}
