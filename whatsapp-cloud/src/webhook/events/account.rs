//! What Meta tells of the account and the portfolio, from the wire.

use serde_json::Value;
use whatsapp_core::Timestamp;

use super::account_parts::{
    self, Ban, Certification, Disconnection, InternationalAuthentication, Restriction, VolumeTier,
    WabaInfo,
};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{list, number, part, text_of, time_of, word_of};
use crate::webhook::words::meta_words;

/// Something happened to the account. Which of the blocks is there follows from the event.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#account_update>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AccountUpdate {
    /// Meta's word: `ACCOUNT_RESTRICTION`, `DISABLED_UPDATE`, `PARTNER_REMOVED` …
    pub event: String,
    /// What was violated, in Meta's word.
    pub violation: Option<String>,
    /// What the account may not do.
    pub restrictions: Vec<Restriction>,
    /// Closed, will be closed, open again.
    pub ban: Option<Ban>,
    /// Which account of a customer of ours it is about, and who works for it.
    pub waba_info: Option<WabaInfo>,
    /// Which number it is about.
    pub phone_number: Option<String>,
    /// Why that number left us.
    pub disconnection: Option<Disconnection>,
    /// The business's own country, in two letters.
    pub country: Option<String>,
    /// From when the price for codes to other countries holds.
    pub international_authentication: Option<InternationalAuthentication>,
    /// How Meta judged a customer's papers.
    pub certification: Option<Certification>,
    /// Another step of the volume prices.
    pub volume_tier: Option<VolumeTier>,
    /// The whole value.
    pub value: Value,
    /// When, if the call says.
    pub at: Option<Timestamp>,
}

meta_words! {
    /// Meta's judgement of an account or a display name.
    ReviewDecision {
        /// Yes.
        Approved = "APPROVED",
        /// No.
        Rejected = "REJECTED",
        /// Not yet.
        Pending = "PENDING",
        /// Later.
        Deferred = "DEFERRED",
    }
}

/// The account was judged.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#account_review_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountReview {
    /// The judgement.
    pub decision: ReviewDecision,
    /// The value as Meta wrote it.
    pub raw: Value,
}

meta_words! {
    /// How grave an alert is.
    AlertSeverity {
        /// Act now.
        Critical = "CRITICAL",
        /// Act.
        Warning = "WARNING",
        /// To know.
        Informational = "INFORMATIONAL",
    }
}

/// Meta warns of something, or praises it.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#account_alerts>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountAlert {
    /// What it is about: `BUSINESS`, `PHONE_NUMBER` …
    pub entity_type: Option<String>,
    /// Meta's id of that.
    pub entity_id: Option<String>,
    /// How grave.
    pub severity: Option<AlertSeverity>,
    /// Whether it still holds: `ACTIVE` or `NONE`.
    pub status: Option<String>,
    /// Meta's word: `OBA_APPROVED`, `PROFILE_PICTURE_LOST`, `INCREASED_CAPABILITIES_ELIGIBILITY_…`.
    pub kind: String,
    /// Meta's words.
    pub description: Option<String>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// How many people a business may write to first, in a day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessagingLimit {
    /// So many.
    People(i64),
    /// Any number.
    Unlimited,
    /// Another word of Meta's, e.g. `TIER_NOT_SET`.
    Other(String),
}

impl MessagingLimit {
    /// Reads `2000`, `-1` (no limit), `TIER_2K` or `TIER_UNLIMITED`.
    ///
    /// ```
    /// use whatsapp_cloud::webhook::MessagingLimit;
    /// assert_eq!(MessagingLimit::from_meta("TIER_2K"), MessagingLimit::People(2_000));
    /// ```
    #[must_use]
    pub fn from_meta(word: &str) -> Self {
        let plain = word.trim().to_ascii_uppercase();
        let tier = plain.strip_prefix("TIER_").unwrap_or(&plain);
        let (digits, unit) = match tier.strip_suffix('K') {
            Some(thousands) => (thousands, 1_000_i64),
            None => (tier, 1),
        };
        match digits.parse::<i64>().ok().and_then(|n| n.checked_mul(unit)) {
            Some(count) if count >= 0 => Self::People(count),
            Some(_) => Self::Unlimited,
            None if tier == "UNLIMITED" => Self::Unlimited,
            None => Self::Other(word.to_owned()),
        }
    }
}

/// How many people may be written to, and how many numbers are allowed.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#business_capability_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusinessCapability {
    /// For the whole portfolio.
    pub messaging_limit: Option<MessagingLimit>,
    /// For each number (up to 2025).
    pub messaging_limit_per_number: Option<MessagingLimit>,
    /// Numbers that a portfolio may have.
    pub numbers_per_business: Option<i64>,
    /// Numbers that an account may have.
    pub numbers_per_account: Option<i64>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// A payment configuration changed.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/payments-api/payments-in/onboarding-apis>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentConfiguration {
    /// Its name.
    pub name: String,
    /// Who handles the payments.
    pub provider: Option<String>,
    /// The business's id there.
    pub provider_merchant_id: Option<String>,
    /// Meta's word: `Needs Testing`, `Active` …
    pub status: Option<String>,
    /// Since when it is there.
    pub created_at: Option<Timestamp>,
    /// Last changed.
    pub updated_at: Option<Timestamp>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// A multi-partner solution changed.
///
/// <https://developers.facebook.com/docs/whatsapp/solution-providers/multi-partner-solutions>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartnerSolution {
    /// `SOLUTION_CREATED` or `SOLUTION_UPDATED`.
    pub event: Option<String>,
    /// Meta's id of it.
    pub solution_id: String,
    /// Meta's word: `INITIATED`, `ACTIVE` …
    pub status: Option<String>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// The events this version knows by name; others are told too, and counted.
const EVENTS: [&str; 17] = [
    "ACCOUNT_VIOLATION",
    "ACCOUNT_RESTRICTION",
    "DISABLED_UPDATE",
    "PARTNER_ADDED",
    "PARTNER_REMOVED",
    "PARTNER_APP_INSTALLED",
    "PARTNER_APP_UNINSTALLED",
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
    "ACCOUNT_OFFBOARDED",
    "ACCOUNT_RECONNECTED",
    "ACCOUNT_DELETED",
    "AD_ACCOUNT_LINKED",
    "MM_LITE_TERMS_SIGNED",
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
    "VOLUME_BASED_PRICING_TIER_UPDATE",
    "VERIFIED_ACCOUNT",
];

/// Reads what happened to an account.
pub(in crate::webhook) fn update(reader: &mut Reader<'_>, value: Value) -> Result<Inbound, Value> {
    let Some(event) = text_of(&value, "event") else { return Err(value) };
    if !EVENTS.contains(&event.as_str()) {
        reader.count(&event);
    }
    Ok(Inbound::Account(Box::new(AccountUpdate {
        event,
        violation: part(&value, "violation_info").and_then(|v| text_of(v, "violation_type")),
        restrictions: list(&value, "restriction_info").map(account_parts::restriction).collect(),
        ban: account_parts::ban(&value),
        waba_info: account_parts::waba_info(&value),
        phone_number: text_of(&value, "phone_number"),
        disconnection: account_parts::disconnection(&value),
        country: text_of(&value, "country"),
        international_authentication: account_parts::international(&value),
        certification: account_parts::certification(&value),
        volume_tier: account_parts::volume_tier(&value),
        at: reader.sent_at,
        value,
    })))
}

/// Reads the judgement of an account.
pub(in crate::webhook) fn review(_: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    match word_of(&raw, "decision", ReviewDecision::from_meta) {
        Some(decision) => Ok(Inbound::AccountReview(Box::new(AccountReview { decision, raw }))),
        None => Err(raw),
    }
}

/// Reads an alert: its parts stand in a block, formerly in the value itself.
pub(in crate::webhook) fn alert(_: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let info = part(&raw, "alert_info").unwrap_or(&raw);
    let Some(kind) = text_of(info, "alert_type") else { return Err(raw) };
    Ok(Inbound::AccountAlert(Box::new(AccountAlert {
        entity_type: text_of(&raw, "entity_type"),
        entity_id: text_of(&raw, "entity_id"),
        severity: word_of(info, "alert_severity", AlertSeverity::from_meta),
        status: text_of(info, "alert_status"),
        kind,
        description: text_of(info, "alert_description"),
        raw,
    })))
}

/// Reads what a business may do.
pub(in crate::webhook) fn capability(_: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let limit = |key| text_of(&raw, key).map(|word| MessagingLimit::from_meta(&word));
    let capability = BusinessCapability {
        messaging_limit: limit("max_daily_conversations_per_business")
            .or_else(|| limit("max_daily_conversation_per_business")),
        messaging_limit_per_number: limit("max_daily_conversation_per_phone"),
        numbers_per_business: number(&raw, "max_phone_numbers_per_business"),
        numbers_per_account: number(&raw, "max_phone_numbers_per_waba"),
        raw: Value::Null,
    };
    let nothing = capability.messaging_limit.is_none()
        && capability.messaging_limit_per_number.is_none()
        && capability.numbers_per_business.is_none()
        && capability.numbers_per_account.is_none();
    match nothing {
        true => Err(raw),
        false => {
            Ok(Inbound::BusinessCapability(Box::new(BusinessCapability { raw, ..capability })))
        }
    }
}

/// Reads a change of a payment configuration.
pub(in crate::webhook) fn payment_configuration(
    _: &mut Reader<'_>,
    raw: Value,
) -> Result<Inbound, Value> {
    let Some(name) = text_of(&raw, "configuration_name") else { return Err(raw) };
    Ok(Inbound::PaymentConfiguration(Box::new(PaymentConfiguration {
        name,
        provider: text_of(&raw, "provider_name"),
        provider_merchant_id: text_of(&raw, "provider_mid"),
        status: text_of(&raw, "status"),
        created_at: time_of(&raw, "created_timestamp"),
        updated_at: time_of(&raw, "updated_timestamp"),
        raw,
    })))
}

/// Reads a change of a multi-partner solution.
pub(in crate::webhook) fn partner_solution(
    _: &mut Reader<'_>,
    raw: Value,
) -> Result<Inbound, Value> {
    let Some(solution_id) = text_of(&raw, "solution_id") else { return Err(raw) };
    Ok(Inbound::PartnerSolution(Box::new(PartnerSolution {
        event: text_of(&raw, "event"),
        solution_id,
        status: text_of(&raw, "solution_status"),
        raw,
    })))
}
