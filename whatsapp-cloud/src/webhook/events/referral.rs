//! Where a customer came from: an advert, a post, a product.

use serde_json::Value;

use crate::webhook::wire::{part, text_of};

/// The advert or post that a customer tapped on.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#messages-object>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Referral {
    /// Its address.
    pub source_url: Option<String>,
    /// Meta's id of it.
    pub source_id: Option<String>,
    /// `ad` or `post`.
    pub source_type: Option<String>,
    /// Its heading.
    pub headline: Option<String>,
    /// Its words.
    pub body: Option<String>,
    /// `image` or `video`.
    pub media_type: Option<String>,
    /// Its picture.
    pub image_url: Option<String>,
    /// Its film.
    pub video_url: Option<String>,
    /// The film's still.
    pub thumbnail_url: Option<String>,
    /// The click's id, to tell Meta of a sale. Absent for adverts in WhatsApp's status.
    pub ctwa_clid: Option<String>,
    /// The greeting that was shown.
    pub welcome_text: Option<String>,
    /// The object as Meta wrote it.
    pub raw: Value,
}

/// The product that a customer asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReferredProduct {
    /// Meta's id of the catalogue.
    pub catalog_id: Option<String>,
    /// The seller's id of the product.
    pub product_retailer_id: Option<String>,
}

impl Referral {
    pub(super) fn read(referral: &Value) -> Self {
        let text = |key| text_of(referral, key);
        Self {
            source_url: text("source_url"),
            source_id: text("source_id"),
            source_type: text("source_type"),
            headline: text("headline"),
            body: text("body"),
            media_type: text("media_type"),
            image_url: text("image_url"),
            video_url: text("video_url"),
            thumbnail_url: text("thumbnail_url"),
            ctwa_clid: text("ctwa_clid"),
            welcome_text: part(referral, "welcome_message").and_then(|w| text_of(w, "text")),
            raw: referral.clone(),
        }
    }
}

impl ReferredProduct {
    pub(super) fn read(product: &Value) -> Self {
        Self {
            catalog_id: text_of(product, "catalog_id"),
            product_retailer_id: text_of(product, "product_retailer_id"),
        }
    }
}
