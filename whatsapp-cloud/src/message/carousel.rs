//! Cards to swipe, outside of templates. Never checks them: that is done before the call.

use serde::{Deserialize, Serialize};

use super::action::{CtaUrl, Product};
use super::interactive::{Header, Words};

/// 2 to 10 cards, all of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carousel {
    /// The cards, in their order.
    pub cards: Vec<Card>,
}

/// One card.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-media-carousel-messages>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Card {
    /// Its place, from 0; given when it is put into the carousel.
    pub card_index: u64,
    /// What it is; with reply buttons too it is `cta_url`.
    #[serde(rename = "type")]
    pub kind: CardKind,
    /// A picture or film; on all cards the same kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    /// At most 160 characters and 2 line breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Words>,
    /// What it lets people do.
    pub action: CardAction,
}

/// What a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// A picture or film with a link or with reply buttons.
    CtaUrl,
    /// A product.
    Product,
}

/// What a card lets people do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CardAction {
    /// Reply buttons.
    Buttons {
        /// At least one.
        buttons: Vec<QuickReply>,
    },
    /// A button that opens a page.
    Link {
        /// Always `cta_url`.
        name: String,
        /// What it says and where it leads.
        parameters: CtaUrl,
    },
    /// A product to look at.
    Product(Product),
}

/// One reply button of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "quick_reply", rename_all = "snake_case")]
pub enum QuickReply {
    /// Sends its id and title back.
    QuickReply {
        /// At most 256 characters; each only once on a card.
        id: String,
        /// At most 20 characters.
        title: String,
    },
}

impl Card {
    /// A picture or film with a button that opens a page.
    #[must_use]
    pub fn link(header: Header, display_text: impl Into<String>, url: impl Into<String>) -> Self {
        let parameters = CtaUrl { display_text: display_text.into(), url: url.into() };
        let action = CardAction::Link { name: "cta_url".into(), parameters };
        Self { card_index: 0, kind: CardKind::CtaUrl, header: Some(header), body: None, action }
    }
    /// A picture or film with a reply button.
    #[must_use]
    pub fn reply(header: Header, id: impl Into<String>, title: impl Into<String>) -> Self {
        let button = QuickReply::QuickReply { id: id.into(), title: title.into() };
        let action = CardAction::Buttons { buttons: vec![button] };
        Self { card_index: 0, kind: CardKind::CtaUrl, header: Some(header), body: None, action }
    }
    /// A product.
    #[must_use]
    pub fn product(catalog_id: impl Into<String>, product: impl Into<String>) -> Self {
        let action = CardAction::Product(Product {
            catalog_id: catalog_id.into(),
            product_retailer_id: product.into(),
        });
        Self { card_index: 0, kind: CardKind::Product, header: None, body: None, action }
    }
    /// With words under the header.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.body = Some(Words::new(text));
        self
    }
    /// With one more reply button; a card with a link or a product becomes one with reply buttons.
    #[must_use]
    pub fn and_reply(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        let button = QuickReply::QuickReply { id: id.into(), title: title.into() };
        match &mut self.action {
            CardAction::Buttons { buttons } => buttons.push(button),
            other => *other = CardAction::Buttons { buttons: vec![button] },
        }
        self
    }
}
