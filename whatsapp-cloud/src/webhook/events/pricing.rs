//! What a message costs, by what its statuses tell. Amounts are never told, only the kind of price.

use serde_json::Value;
use whatsapp_core::Timestamp;

use crate::webhook::wire::{flag_of, part, text_of, time_of, word_of};
use crate::webhook::words::meta_words;

/// How a message is priced.
///
/// <https://developers.facebook.com/docs/whatsapp/pricing>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pricing {
    /// Meta's own yes or no, which it means to remove: see [`Self::is_billable`].
    pub billable: Option<bool>,
    /// `PMP` (by message), `CBP` (by conversation, before July 2025).
    pub model: Option<String>,
    /// Charged, or free for which reason.
    pub kind: Option<PricingType>,
    /// The rate.
    pub category: Option<PricingCategory>,
}

meta_words! {
    /// Whether a message is charged.
    PricingType {
        /// Charged.
        Regular = "regular",
        /// Free: an answer within the service window.
        FreeCustomerService = "free_customer_service",
        /// Free: after a tap on an advert.
        FreeEntryPoint = "free_entry_point",
    }
}

meta_words! {
    /// The rate of a message, or what a conversation began with.
    PricingCategory {
        /// Codes for signing in.
        Authentication = "authentication",
        /// The same, to another country.
        AuthenticationInternational = "authentication_international",
        /// Advertising.
        Marketing = "marketing",
        /// Advertising over the Marketing Messages API.
        MarketingLite = "marketing_lite",
        /// What was ordered, agreed or asked for.
        Utility = "utility",
        /// Free-form messages.
        Service = "service",
        /// A conversation that an advert began.
        ReferralConversion = "referral_conversion",
        /// Advertising in a group.
        GroupMarketing = "group_marketing",
        /// Utility in a group.
        GroupUtility = "group_utility",
        /// Free-form messages in a group.
        GroupService = "group_service",
        /// Answers of a general-purpose machine.
        GeneralPurposeAi = "general_purpose_ai",
    }
}

/// The conversation that a message belongs to. Meta tells it up to version 23 and after adverts.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#statuses-object>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversationInfo {
    /// Meta's id of it.
    pub id: Option<String>,
    /// When it ends; only told with `sent`.
    pub expires_at: Option<Timestamp>,
    /// What it began with.
    pub origin: Option<PricingCategory>,
}

impl Pricing {
    /// Whether the message is charged: Meta's word, else what follows from the kind. `None` if neither is told.
    #[must_use]
    pub fn is_billable(&self) -> Option<bool> {
        self.billable.or(match self.kind {
            Some(PricingType::Regular) => Some(true),
            Some(PricingType::FreeCustomerService | PricingType::FreeEntryPoint) => Some(false),
            Some(PricingType::Other(_)) | None => None,
        })
    }

    pub(super) fn read(status: &Value) -> Option<Box<Self>> {
        let pricing = part(status, "pricing")?;
        Some(Box::new(Self {
            billable: flag_of(pricing, "billable"),
            model: text_of(pricing, "pricing_model"),
            kind: word_of(pricing, "type", PricingType::from_meta),
            category: category(pricing, "category"),
        }))
    }
}

impl ConversationInfo {
    pub(super) fn read(status: &Value) -> Option<Box<Self>> {
        let conversation = part(status, "conversation")?;
        Some(Box::new(Self {
            id: text_of(conversation, "id"),
            expires_at: time_of(conversation, "expiration_timestamp"),
            origin: part(conversation, "origin").and_then(|origin| category(origin, "type")),
        }))
    }
}

/// Meta's pages once spell a category with a hyphen.
fn category(place: &Value, key: &str) -> Option<PricingCategory> {
    word_of(place, key, |word| match PricingCategory::from_meta(word) {
        PricingCategory::Other(word) => PricingCategory::from_meta(&word.replace('-', "_")),
        known => known,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn without_meta_s_flag_the_kind_says_whether_it_is_charged() {
        let read = |pricing: Value| Pricing::read(&json!({ "pricing": pricing })).expect("read");
        assert_eq!(read(json!({"type": "regular"})).is_billable(), Some(true));
        assert_eq!(read(json!({"type": "free_entry_point"})).is_billable(), Some(false));
        assert_eq!(read(json!({"type": "regular", "billable": false})).is_billable(), Some(false));
        assert_eq!(read(json!({"category": "marketing"})).is_billable(), None);
        let hyphen = read(json!({"category": "authentication-international"}));
        assert_eq!(hyphen.category, Some(PricingCategory::AuthenticationInternational));
    }
}
