//! Business phone numbers as Meta tells of them, and what is asked for them. Never shows a PIN.

use serde::Serialize;
use serde_json::Value;
use whatsapp_core::{Phone, Quality, Secret};

use super::Health;
use crate::lenient::{Lenient, answers, words};
use crate::webhook::plain_text;
use crate::{CloudError, bounds};

words! {
    /// Whether the owner of a number has shown the code that was sent to it.
    CodeVerification {
        /// Shown.
        Verified = "VERIFIED",
        /// Not shown yet.
        NotVerified = "NOT_VERIFIED",
        /// Too long ago: it must be shown again.
        Expired = "EXPIRED",
    }
    /// What Meta thinks of the name that customers see.
    NameStatus {
        /// Approved.
        Approved = "APPROVED",
        /// Usable without a review.
        AvailableWithoutReview = "AVAILABLE_WITHOUT_REVIEW",
        /// Declined.
        Declined = "DECLINED",
        /// The certificate has expired.
        Expired = "EXPIRED",
        /// Somebody looks at it.
        PendingReview = "PENDING_REVIEW",
        /// There is none.
        None = "NONE",
    }
    /// Whether a number works.
    NumberStatus {
        /// Works.
        Connected = "CONNECTED",
        /// Not registered yet.
        Pending = "PENDING",
        /// Was registered and no longer is.
        Disconnected = "DISCONNECTED",
        /// Its quality is low.
        Flagged = "FLAGGED",
        /// Has reached its limit of conversations.
        Restricted = "RESTRICTED",
        /// Sends too fast.
        RateLimited = "RATE_LIMITED",
        /// Banned.
        Banned = "BANNED",
        /// Moved to another account.
        Migrated = "MIGRATED",
        /// Deleted.
        Deleted = "DELETED",
    }
    /// On what a number runs.
    Platform {
        /// Meta's Cloud API.
        CloudApi = "CLOUD_API",
        /// The old API on one's own servers.
        OnPremise = "ON_PREMISE",
        /// On none.
        NotApplicable = "NOT_APPLICABLE",
    }
    /// How many messages a second a number may send and receive.
    ThroughputLevel {
        /// 80; 20 where the number is also on the Business app.
        Standard = "STANDARD",
        /// 1,000.
        High = "HIGH",
        /// The number is not on the Cloud API.
        NotApplicable = "NOT_APPLICABLE",
    }
    /// How a verification code comes.
    CodeMethod {
        /// As a text message.
        Sms = "SMS",
        /// By a call.
        Voice = "VOICE",
    }
}

answers! {
    /// The level of a number's throughput.
    Throughput {
        /// The level.
        level: Option<ThroughputLevel>,
    }
    /// Meta's judgement of a number.
    QualityScore {
        /// The judgement.
        score: Quality,
    }
    /// Where the webhooks of a number go: the first that is set of number, account and app.
    WebhookAddresses {
        /// The number's own address.
        number("phone_number"): Option<String>,
        /// The account's own address.
        account("whatsapp_business_account"): Option<String>,
        /// The app's address.
        application: Option<String>,
    }
    /// All that Meta says of a business phone number.
    BusinessNumber {
        /// Meta's id of it.
        id: String,
        /// The number as Meta displays it: `+1 631-555-5555`.
        display_phone("display_phone_number"): String,
        /// The name customers see.
        verified_name: Option<String>,
        /// Meta's judgement.
        quality("quality_rating"): Quality,
        /// The same in its newer form.
        quality_score: Option<QualityScore>,
        /// Whether its owner has proved that it is theirs.
        code_verification("code_verification_status"): Option<CodeVerification>,
        /// What Meta thinks of its name.
        name_status: Option<NameStatus>,
        /// What Meta thinks of the new name that was asked for.
        new_name_status: Option<NameStatus>,
        /// The new name that was asked for.
        new_display_name: Option<String>,
        /// Whether it works.
        status: Option<NumberStatus>,
        /// On what it runs.
        platform("platform_type"): Option<Platform>,
        /// `LIVE` or `SANDBOX`.
        account_mode: Option<String>,
        /// Its throughput.
        throughput: Option<Throughput>,
        /// How many people its business may write to first in 24 hours.
        messaging_limit("whatsapp_business_manager_messaging_limit"): Option<MessagingTier>,
        /// The same per number, which Meta no longer keeps up.
        old_messaging_limit("messaging_limit_tier"): Option<MessagingTier>,
        /// Whether it has the green badge.
        is_official("is_official_business_account"): Option<bool>,
        /// Whether a two-step PIN is set.
        has_pin("is_pin_enabled"): Option<bool>,
        /// Whether it is also on the WhatsApp Business app (coexistence).
        is_on_app("is_on_biz_app"): Option<bool>,
        /// Whether it was verified before it was sold.
        is_preverified("is_preverified_number"): Option<bool>,
        /// When it was last onboarded, as Meta writes it.
        last_onboarded_time: Option<String>,
        /// The certificate of its name.
        certificate: Option<String>,
        /// Its country's letters.
        country_code: Option<String>,
        /// Its country's dialling code.
        country_dial_code: Option<String>,
        /// Whether it is found by a search in WhatsApp.
        search_visibility: Option<String>,
        /// Its username.
        username: Option<String>,
        /// Where its webhooks go.
        webhooks("webhook_configuration"): Option<WebhookAddresses>,
        /// Whether it can send now, and if not, why.
        health("health_status"): Option<Health>,
    }
}

impl BusinessNumber {
    /// The number, if what Meta displays can be read as one.
    #[must_use]
    pub fn phone(&self) -> Option<Phone> {
        let display = &self.display_phone;
        display.parse().or_else(|_| Phone::from_wa_id(display)).ok()
    }
    /// Messages per second: 80, 1,000, or 20 for numbers that are also on the Business app.
    #[must_use]
    pub fn messages_per_second(&self) -> u32 {
        let level = self.throughput.as_ref().and_then(|throughput| throughput.level.as_ref());
        match (self.is_on_app, level) {
            (Some(true), _) => 20,
            (_, Some(ThroughputLevel::High)) => 1_000,
            _ => 80,
        }
    }
}

/// How many people outside a conversation a business may write to in 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessagingTier(String);

impl MessagingTier {
    /// From Meta's word, e.g. `TIER_2K`.
    #[must_use]
    pub fn from_meta(word: &str) -> Self {
        Self(word.to_owned())
    }
    /// Meta's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether there is no limit.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.0.eq_ignore_ascii_case("TIER_UNLIMITED")
    }
    /// How many people; `None` where there is no limit or the word is not understood.
    ///
    /// ```
    /// use whatsapp_cloud::api::MessagingTier;
    /// assert_eq!(MessagingTier::from_meta("TIER_2K").people(), Some(2_000));
    /// assert_eq!(MessagingTier::from_meta("TIER_250").people(), Some(250));
    /// assert_eq!(MessagingTier::from_meta("TIER_UNLIMITED").people(), None);
    /// ```
    #[must_use]
    pub fn people(&self) -> Option<u64> {
        let count = self.0.to_ascii_uppercase();
        let count = count.strip_prefix("TIER_").unwrap_or(&count);
        match count.strip_suffix('K') {
            Some(thousands) => thousands.parse::<u64>().ok()?.checked_mul(1_000),
            None => count.parse().ok(),
        }
    }
}

impl Lenient for Option<MessagingTier> {
    fn lenient(value: Option<&Value>) -> Self {
        value.and_then(plain_text).map(MessagingTier)
    }
}

/// A two-step PIN: six digits, shown to nobody.
#[derive(Clone, Debug)]
pub struct Pin(Secret);

impl Pin {
    /// From six digits.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there are not six, or other characters.
    pub fn new(digits: impl Into<String>) -> Result<Self, CloudError> {
        let digits = digits.into();
        bounds::digits("pin", &digits, bounds::PIN_DIGITS)?;
        Ok(Self(Secret::new(digits)))
    }
    /// The digits, for the one call that needs them.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A number to be added to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NewNumber {
    /// The country's dialling code, without plus sign.
    pub cc: String,
    /// The number without it.
    pub phone_number: String,
    /// The name customers will see.
    pub verified_name: String,
    /// Whether it moves here from another account.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub migrate_phone_number: bool,
    /// The id of a number that was verified before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preverified_id: Option<String>,
}

impl NewNumber {
    /// From its parts, all digits.
    #[must_use]
    pub fn new(
        cc: impl Into<String>,
        phone_number: impl Into<String>,
        verified_name: impl Into<String>,
    ) -> Self {
        Self {
            cc: cc.into(),
            phone_number: phone_number.into(),
            verified_name: verified_name.into(),
            migrate_phone_number: false,
            preverified_id: None,
        }
    }
    /// It moves here from another account.
    #[must_use]
    pub const fn migrating(mut self) -> Self {
        self.migrate_phone_number = true;
        self
    }
    /// It was verified before, under this id.
    #[must_use]
    pub fn preverified(mut self, id: impl Into<String>) -> Self {
        self.preverified_id = Some(id.into());
        self
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(&self.cc) || self.cc.len() > 3 {
            return Err(CloudError::invalid("cc", "one to three digits"));
        }
        if !digits(&self.phone_number) {
            return Err(CloudError::invalid("phone_number", "digits only"));
        }
        bounds::over("phone_number", self.cc.len() + self.phone_number.len(), 15, "digits")?;
        bounds::between("verified_name", &self.verified_name, bounds::DISPLAY_NAME)
    }
}
