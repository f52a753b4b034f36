//! The values of a template, one by one. Never checks them: that is done before the call.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::action::ProductSection;
use super::basic::{File, Location};

/// One value of a template.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages#parameter-object>
///
/// ```
/// use whatsapp_cloud::message::Parameter;
/// let by_place = Parameter::text("Ana");
/// let by_name = Parameter::named("first_name", "Ana");
/// let price = Parameter::currency("€12.50", "EUR", 12_500);
/// assert_ne!(by_place, by_name);
/// # drop(price);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Parameter {
    /// A text.
    Text {
        /// Not empty; no line breaks, no tabs, at most four spaces one after another.
        text: String,
        /// The variable's name, in templates whose variables have names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameter_name: Option<String>,
    },
    /// An amount of money, shown as people there write it.
    Currency {
        /// The amount.
        currency: Currency,
        /// The variable's name, in templates whose variables have names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameter_name: Option<String>,
    },
    /// A day or time.
    DateTime {
        /// What is shown.
        date_time: FallbackText,
        /// The variable's name, in templates whose variables have names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameter_name: Option<String>,
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
    /// A short film without sound, only in the Marketing Messages API.
    Gif {
        /// The film: MP4, at most 3.5 MB.
        gif: File,
    },
    /// A document.
    Document {
        /// The document, with its name.
        document: File,
    },
    /// A place.
    Location {
        /// The place.
        location: Location,
    },
    /// A product.
    Product {
        /// The product.
        product: ProductRef,
    },
    /// What a quick reply sends back.
    Payload {
        /// At most 256 characters.
        payload: String,
    },
    /// The code that a button copies.
    CouponCode {
        /// At most 20 characters.
        coupon_code: String,
    },
    /// What a flow, catalogue or product button is given.
    Action {
        /// The parts that this button has.
        action: ButtonAction,
    },
    /// How long a call button can be used.
    TtlMinutes {
        /// In minutes, at most 43,200 (30 days).
        ttl_minutes: u64,
    },
    /// When the offer ends.
    LimitedTimeOffer {
        /// The end.
        limited_time_offer: LimitedTimeOffer,
    },
    /// Where a tap on the whole message leads.
    TapTargetConfiguration {
        /// The page.
        tap_target_configuration: Vec<TapTarget>,
    },
    /// The group to which the template invites.
    GroupId {
        /// Meta's id of it.
        group_id: String,
    },
    /// Anything else, as it is written.
    #[serde(untagged)]
    Other(Value),
}

impl Parameter {
    /// A text of a template whose variables have places.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), parameter_name: None }
    }
    /// A text of a template whose variables have names.
    #[must_use]
    pub fn named(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), parameter_name: Some(name.into()) }
    }
    /// An amount of money: what is shown where it cannot be formatted, the three letters, the amount times 1,000.
    #[must_use]
    pub fn currency(
        fallback: impl Into<String>,
        code: impl Into<String>,
        amount_1000: i64,
    ) -> Self {
        let currency = Currency { fallback_value: fallback.into(), code: code.into(), amount_1000 };
        Self::Currency { currency, parameter_name: None }
    }
    /// A day or time as it is shown.
    #[must_use]
    pub fn date_time(shown: impl Into<String>) -> Self {
        let date_time = FallbackText { fallback_value: shown.into() };
        Self::DateTime { date_time, parameter_name: None }
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// What is shown where it cannot be formatted.
    pub fallback_value: String,
    /// The currency's three letters.
    pub code: String,
    /// The amount times 1,000.
    pub amount_1000: i64,
}

/// A text that is shown where Meta does not format the value itself; today everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FallbackText {
    /// The text.
    pub fallback_value: String,
}

/// A product of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRef {
    /// The product's id in the catalogue.
    pub product_retailer_id: String,
    /// Which catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog_id: Option<String>,
}

/// What a flow, catalogue or product button is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ButtonAction {
    /// Comes back with the flow's answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
    /// What the flow begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_action_data: Option<Map<String, Value>>,
    /// Whose picture is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_product_retailer_id: Option<String>,
    /// 1 to 10 sections with at most 30 products in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sections: Option<Vec<ProductSection>>,
}

/// When an offer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitedTimeOffer {
    /// In milliseconds since 1970, UTC.
    pub expiration_time_ms: u64,
}

/// Where a tap on the whole message leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapTarget {
    /// The page.
    pub url: String,
    /// What stands for it.
    pub title: String,
}
