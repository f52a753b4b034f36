//! A template as a business writes it, to be handed to Meta. Never checks itself: see [`super::rules`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use whatsapp_core::template::Category;

use super::button::{Button, OtpType, SupportedApp};
use super::component::{Body, Carousel, Component, Footer, Header, LimitedTimeOffer};

/// A template as a business writes it
/// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates>).
///
/// ```
/// use whatsapp_cloud::template::{Body, Button, Header, TemplateDraft, rules};
/// let draft = TemplateDraft::marketing("autumn_sale", "en_US")
///     .header(Header::image("4::aW1hZ2U="))
///     .body(Body::new("Hi {{1}}, up to {{2}} off until Friday.").samples(["Aylin", "40%"]))
///     .footer("Reply STOP to opt out")
///     .buttons([Button::url("Shop", "https://shop.example"), Button::quick_reply("Stop promotions")]);
/// assert_eq!(rules::check_draft(&draft), Ok(()));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TemplateDraft {
    /// Small letters, digits and underscores, at most 512.
    pub name: String,
    /// One of [`LANGUAGES`](super::LANGUAGES).
    pub language: String,
    /// What it is for.
    #[serde(with = "upper_category")]
    pub category: Category,
    /// `NAMED` or `POSITIONAL`; positional if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter_format: Option<String>,
    /// For how many seconds Meta tries to deliver it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_send_ttl_seconds: Option<i64>,
    /// Its parts.
    pub components: Vec<Component>,
    /// Anything else of Meta's, e.g. `cta_url_link_tracking_opted_out`.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl TemplateDraft {
    /// A draft without parts.
    #[must_use]
    pub fn new(name: impl Into<String>, language: impl Into<String>, category: Category) -> Self {
        Self {
            name: name.into(),
            language: language.into(),
            category,
            parameter_format: None,
            message_send_ttl_seconds: None,
            components: Vec::new(),
            extra: Map::new(),
        }
    }
    /// Offers and news.
    #[must_use]
    pub fn marketing(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self::new(name, language, Category::Marketing)
    }
    /// About something the customer did.
    #[must_use]
    pub fn utility(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self::new(name, language, Category::Utility)
    }
    /// A one-time code.
    #[must_use]
    pub fn authentication(
        name: impl Into<String>,
        language: impl Into<String>,
        code: Authentication,
    ) -> Self {
        let draft = Self::new(name, language, Category::Authentication);
        Self { components: code.components(), ..draft }
    }
    /// With a header.
    #[must_use]
    pub fn header(self, header: Header) -> Self {
        self.component(Component::Header(header))
    }
    /// With a text. Samples with names make the draft's variables named.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        let named = |body: &Body| body.example.as_ref()?.body_text_named_params.as_ref().map(drop);
        if named(&body).is_some() {
            self.parameter_format = Some("NAMED".to_owned());
        }
        self.component(Component::Body(body))
    }
    /// With a footer.
    #[must_use]
    pub fn footer(self, text: impl Into<String>) -> Self {
        self.component(Component::Footer(Footer::new(text)))
    }
    /// With buttons.
    #[must_use]
    pub fn buttons(self, buttons: impl IntoIterator<Item = Button>) -> Self {
        self.component(Component::Buttons { buttons: buttons.into_iter().collect() })
    }
    /// With an offer that ends.
    #[must_use]
    pub fn limited_time_offer(self, offer: LimitedTimeOffer) -> Self {
        self.component(Component::LimitedTimeOffer(offer))
    }
    /// With cards.
    #[must_use]
    pub fn carousel(self, carousel: Carousel) -> Self {
        self.component(Component::Carousel(carousel))
    }
    /// With any part.
    #[must_use]
    pub fn component(mut self, component: Component) -> Self {
        self.components.push(component);
        self
    }
    /// Delivered within so many seconds, or not at all; -1 is thirty days.
    #[must_use]
    pub const fn ttl_seconds(mut self, seconds: i64) -> Self {
        self.message_send_ttl_seconds = Some(seconds);
        self
    }
    /// With anything else of Meta's.
    #[must_use]
    pub fn extra(mut self, key: impl Into<String>, value: Value) -> Self {
        self.extra.insert(key.into(), value);
        self
    }
    /// Meta's JSON.
    #[must_use]
    pub fn to_wire(&self) -> Value {
        // Strings, numbers and lists under text keys: this cannot fail.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The parts of a one-time code's template: Meta writes the words
/// (<https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates>).
///
/// ```
/// use whatsapp_cloud::template::{Authentication, TemplateDraft, rules};
/// let code = Authentication::copy_code().security_recommendation().expires_after_minutes(5);
/// let draft = TemplateDraft::authentication("login_code", "en_US", code).ttl_seconds(300);
/// assert_eq!(rules::check_draft(&draft), Ok(()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authentication {
    /// How the code is taken over.
    pub otp_type: OtpType,
    /// What stands on the button, if not Meta's words.
    pub text: Option<String>,
    /// What stands on the button that fills the code in.
    pub autofill_text: Option<String>,
    /// The apps that may take it.
    pub apps: Vec<SupportedApp>,
    /// Whether Meta adds not to share it.
    pub security_recommendation: bool,
    /// After how many minutes it no longer holds, 1 to 90.
    pub expires_after_minutes: Option<u32>,
}

impl Authentication {
    /// The person copies the code.
    #[must_use]
    pub const fn copy_code() -> Self {
        Self {
            otp_type: OtpType::CopyCode,
            text: None,
            autofill_text: None,
            apps: Vec::new(),
            security_recommendation: false,
            expires_after_minutes: None,
        }
    }
    /// A tap fills it into one of these apps.
    #[must_use]
    pub fn one_tap(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        let apps = apps.into_iter().collect();
        Self { otp_type: OtpType::OneTap, apps, ..Self::copy_code() }
    }
    /// One of these apps takes it without a tap. With this you accept Meta's terms for it.
    #[must_use]
    pub fn zero_tap(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        let apps = apps.into_iter().collect();
        Self { otp_type: OtpType::ZeroTap, apps, ..Self::copy_code() }
    }
    /// Meta adds that the code is not to be shared.
    #[must_use]
    pub const fn security_recommendation(mut self) -> Self {
        self.security_recommendation = true;
        self
    }
    /// The footer says after how many minutes it no longer holds.
    #[must_use]
    pub const fn expires_after_minutes(mut self, minutes: u32) -> Self {
        self.expires_after_minutes = Some(minutes);
        self
    }
    /// With other words on the button.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
    /// With other words on the button that fills the code in.
    #[must_use]
    pub fn autofill_text(mut self, text: impl Into<String>) -> Self {
        self.autofill_text = Some(text.into());
        self
    }
    fn components(self) -> Vec<Component> {
        let body = Body {
            add_security_recommendation: self.security_recommendation.then_some(true),
            ..Body::default()
        };
        let minutes = self.expires_after_minutes;
        let footer = minutes.map(|minutes| {
            Component::Footer(Footer { code_expiration_minutes: Some(minutes), text: None })
        });
        let button = Button::Otp {
            otp_type: self.otp_type,
            text: self.text,
            autofill_text: self.autofill_text,
            zero_tap_terms_accepted: (self.otp_type == OtpType::ZeroTap).then_some(true),
            supported_apps: Some(self.apps).filter(|apps| !apps.is_empty()),
        };
        let buttons = Component::Buttons { buttons: vec![button] };
        [Some(Component::Body(body)), footer, Some(buttons)].into_iter().flatten().collect()
    }
}

/// Meta writes categories in capitals and takes them in any letters.
pub(super) mod upper_category {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use whatsapp_core::template::Category;

    pub(in super::super) fn serialize<S: Serializer>(
        category: &Category,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&category.as_str().to_ascii_uppercase())
    }
    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Category, D::Error> {
        let word = String::deserialize(deserializer)?;
        Category::parse(&word.to_ascii_lowercase())
            .ok_or_else(|| D::Error::custom(format!("{word} is no category of templates")))
    }
}
