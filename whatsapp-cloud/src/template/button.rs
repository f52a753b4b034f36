//! What can be tapped in a template. What has a field that we do not know stays raw.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One button (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components#buttons>).
///
/// ```
/// use whatsapp_cloud::template::Button;
/// let shop = Button::url_with_end("Shop", "https://shop.example/{{1}}", "https://shop.example/autumn");
/// let wire = serde_json::to_value(shop).expect("JSON");
/// assert_eq!(wire["type"], "URL");
/// assert_eq!(wire["example"][0], "https://shop.example/autumn");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
#[non_exhaustive]
pub enum Button {
    /// Sends an answer.
    #[serde(rename = "QUICK_REPLY", alias = "quick_reply")]
    QuickReply {
        /// At most 25 characters.
        text: String,
    },
    /// Opens a page.
    #[serde(rename = "URL", alias = "url")]
    Url {
        /// At most 25 characters.
        text: String,
        /// At most 2,000 characters; may end with `{{1}}`.
        url: String,
        /// The whole address, or its end, as a sample.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        example: Option<Vec<String>>,
    },
    /// Calls a number.
    #[serde(rename = "PHONE_NUMBER", alias = "phone_number")]
    PhoneNumber {
        /// At most 25 characters.
        text: String,
        /// At most 20 characters.
        phone_number: String,
    },
    /// Copies a coupon's code. Its words are the app's.
    #[serde(rename = "COPY_CODE", alias = "copy_code")]
    CopyCode {
        /// A sample of at most 20 characters.
        example: String,
    },
    /// Opens a flow.
    #[serde(rename = "FLOW", alias = "flow")]
    Flow {
        /// At most 25 characters.
        text: String,
        /// Which flow, by Meta's id …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_id: Option<String>,
        /// … or by its name …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_name: Option<String>,
        /// … or written here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_json: Option<String>,
        /// `navigate` or `data_exchange`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_action: Option<String>,
        /// The first screen, for `navigate`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        navigate_screen: Option<String>,
        /// A picture's word on the button, as Meta names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        icon: Option<String>,
    },
    /// Takes over a one-time code.
    #[serde(rename = "OTP", alias = "otp")]
    Otp {
        /// How.
        otp_type: OtpType,
        /// At most 25 characters; Meta has words of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// At most 25 characters, for the app to fill in the code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        autofill_text: Option<String>,
        /// That the terms of codes without a tap are accepted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zero_tap_terms_accepted: Option<bool>,
        /// The apps that may take the code, at most five.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supported_apps: Option<Vec<SupportedApp>>,
    },
    /// Shows a list of products, given when the template is sent.
    #[serde(rename = "MPM", alias = "mpm")]
    Products {
        /// What stands on it.
        text: String,
    },
    /// Shows one product, given when the template is sent.
    #[serde(rename = "SPM", alias = "spm")]
    Product {
        /// What stands on it.
        text: String,
    },
    /// Opens the catalogue.
    #[serde(rename = "CATALOG", alias = "catalog")]
    Catalog {
        /// What stands on it.
        text: String,
    },
    /// Calls the business in WhatsApp.
    #[serde(rename = "VOICE_CALL", alias = "voice_call")]
    VoiceCall {
        /// At most 25 characters.
        text: String,
        /// For how many minutes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ttl_minutes: Option<u32>,
    },
    /// Something that we do not know, as it is.
    #[serde(untagged)]
    Other(Value),
}

impl Button {
    /// Sends an answer.
    #[must_use]
    pub fn quick_reply(text: impl Into<String>) -> Self {
        Self::QuickReply { text: text.into() }
    }
    /// Opens a page that is always the same.
    #[must_use]
    pub fn url(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self::Url { text: text.into(), url: url.into(), example: None }
    }
    /// Opens a page whose address ends with `{{1}}`.
    #[must_use]
    pub fn url_with_end(
        text: impl Into<String>,
        url: impl Into<String>,
        sample: impl Into<String>,
    ) -> Self {
        Self::Url { text: text.into(), url: url.into(), example: Some(vec![sample.into()]) }
    }
    /// Calls a number.
    #[must_use]
    pub fn phone_number(text: impl Into<String>, phone_number: impl Into<String>) -> Self {
        Self::PhoneNumber { text: text.into(), phone_number: phone_number.into() }
    }
    /// Copies a coupon's code.
    #[must_use]
    pub fn copy_code(sample: impl Into<String>) -> Self {
        Self::CopyCode { example: sample.into() }
    }
    /// Opens a flow by its id.
    #[must_use]
    pub fn flow(text: impl Into<String>, flow_id: impl Into<String>) -> Self {
        Self::Flow {
            text: text.into(),
            flow_id: Some(flow_id.into()),
            flow_name: None,
            flow_json: None,
            flow_action: None,
            navigate_screen: None,
            icon: None,
        }
    }
    /// For a flow: begins at this screen.
    #[must_use]
    pub fn navigate(mut self, screen: impl Into<String>) -> Self {
        if let Self::Flow { flow_action, navigate_screen, .. } = &mut self {
            *flow_action = Some("navigate".to_owned());
            *navigate_screen = Some(screen.into());
        }
        self
    }
    /// Shows a list of products.
    #[must_use]
    pub fn products(text: impl Into<String>) -> Self {
        Self::Products { text: text.into() }
    }
    /// Shows one product.
    #[must_use]
    pub fn product(text: impl Into<String>) -> Self {
        Self::Product { text: text.into() }
    }
    /// Opens the catalogue.
    #[must_use]
    pub fn catalog(text: impl Into<String>) -> Self {
        Self::Catalog { text: text.into() }
    }
    /// Calls the business in WhatsApp.
    #[must_use]
    pub fn voice_call(text: impl Into<String>) -> Self {
        Self::VoiceCall { text: text.into(), ttl_minutes: None }
    }
}

/// How a one-time code is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum OtpType {
    /// The person copies it.
    #[serde(alias = "copy_code")]
    CopyCode,
    /// A tap fills it into the app.
    #[serde(alias = "one_tap")]
    OneTap,
    /// The app takes it without a tap.
    #[serde(alias = "zero_tap")]
    ZeroTap,
}

/// An Android app that may take a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SupportedApp {
    /// At most 224 characters, as `com.example.app`.
    pub package_name: String,
    /// Eleven characters of the hash of its signing key.
    pub signature_hash: String,
}

impl SupportedApp {
    /// An app.
    #[must_use]
    pub fn new(package_name: impl Into<String>, signature_hash: impl Into<String>) -> Self {
        Self { package_name: package_name.into(), signature_hash: signature_hash.into() }
    }
}
