//! The blocks of `account_update`, each with the event that brings it. All of their parts may be missing.

use serde_json::Value;
use whatsapp_core::Timestamp;

use crate::webhook::wire::{list, part, text_of, texts, time_of, word_of};
use crate::webhook::words::meta_words;

/// What the account may not do. (`ACCOUNT_RESTRICTION`)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restriction {
    /// Meta's word: `RESTRICTED_BIZ_INITIATED_MESSAGING`, `RESTRICTED_ADD_PHONE_NUMBER_ACTION` …
    pub kind: String,
    /// Until when.
    pub expires_at: Option<Timestamp>,
    /// What would help.
    pub remediation: Option<String>,
}

/// The account is closed, will be, or is open again. (`DISABLED_UPDATE`)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ban {
    /// Which of these.
    pub state: BanState,
    /// The day in Meta's words: `April 17, 2025`.
    pub date: Option<String>,
}

meta_words! {
    /// Whether an account is closed.
    BanState {
        /// It is closed.
        Disabled = "DISABLE",
        /// It is open again.
        Reinstated = "REINSTATE",
        /// It will be closed.
        Scheduled = "SCHEDULE_FOR_DISABLE",
    }
}

/// The account of a customer of ours, and who works for it. (`PARTNER_…`, `AD_ACCOUNT_LINKED`,
/// `MM_LITE_TERMS_SIGNED`)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WabaInfo {
    /// Meta's id of the account.
    pub waba_id: Option<String>,
    /// Meta's id of the portfolio that owns it.
    pub owner_business_id: Option<String>,
    /// Meta's id of the app that was installed or removed.
    pub partner_app_id: Option<String>,
    /// Meta's id of the multi-partner solution.
    pub solution_id: Option<String>,
    /// Meta's ids of the portfolios in that solution.
    pub solution_partner_business_ids: Vec<String>,
    /// Meta's id of the advertising account that was linked.
    pub ad_account_id: Option<String>,
}

/// Why a number of the phone's app left us. (`PARTNER_REMOVED`, `ACCOUNT_OFFBOARDED`)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disconnection {
    /// Meta's word: `ACCOUNT_DISCONNECTED`, `BUSINESS_DOWNGRADE`, `CHANGE_NUMBER`, `COMPANION_INACTIVITY`,
    /// `PRIMARY_INACTIVITY`, `USER_RE_REGISTERED` …
    pub reason: Option<String>,
    /// `USER` or `SYSTEM`.
    pub initiated_by: Option<String>,
}

/// From when the price for codes to other countries holds. (`AUTH_INTL_PRICE_ELIGIBILITY_UPDATE`)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InternationalAuthentication {
    /// In general.
    pub starts_at: Option<Timestamp>,
    /// Countries with another beginning.
    pub exceptions: Vec<CountryStart>,
}

/// A country and a beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CountryStart {
    /// The country, in two letters.
    pub country: Option<String>,
    /// When it begins there.
    pub starts_at: Option<Timestamp>,
}

/// How Meta judged the papers of a customer of ours. (`PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE`)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certification {
    /// Meta's id of the customer's portfolio.
    pub client_business_id: Option<String>,
    /// Meta's word, e.g. `FAILED`.
    pub status: Option<String>,
    /// Why not.
    pub rejection_reasons: Vec<String>,
}

/// The account reached another step of the volume prices. (`VOLUME_BASED_PRICING_TIER_UPDATE`)
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VolumeTier {
    /// When.
    pub updated_at: Option<Timestamp>,
    /// For which category, in Meta's word.
    pub category: Option<String>,
    /// From how many messages to how many: `750001:5000000`.
    pub tier: Option<String>,
    /// For which month: `2026-09`.
    pub month: Option<String>,
    /// For which region.
    pub region: Option<String>,
}

pub(super) fn restriction(block: &Value) -> Restriction {
    Restriction {
        kind: text_of(block, "restriction_type").unwrap_or_default(),
        expires_at: time_of(block, "expiration"),
        remediation: text_of(block, "remediation"),
    }
}

pub(super) fn ban(value: &Value) -> Option<Ban> {
    let block = part(value, "ban_info")?;
    let state = word_of(block, "waba_ban_state", BanState::from_meta)?;
    Some(Ban { state, date: text_of(block, "waba_ban_date") })
}

pub(super) fn waba_info(value: &Value) -> Option<WabaInfo> {
    let block = part(value, "waba_info")?;
    Some(WabaInfo {
        waba_id: text_of(block, "waba_id"),
        owner_business_id: text_of(block, "owner_business_id"),
        partner_app_id: text_of(block, "partner_app_id"),
        solution_id: text_of(block, "solution_id"),
        solution_partner_business_ids: texts(block, "solution_partner_business_ids"),
        ad_account_id: text_of(block, "ad_account_linked"),
    })
}

pub(super) fn disconnection(value: &Value) -> Option<Disconnection> {
    let block = part(value, "disconnection_info")?;
    Some(Disconnection {
        reason: text_of(block, "reason"),
        initiated_by: text_of(block, "initiated_by"),
    })
}

pub(super) fn international(value: &Value) -> Option<InternationalAuthentication> {
    let block = part(value, "auth_international_rate_eligibility")?;
    let exception = |country: &Value| CountryStart {
        country: text_of(country, "country_code"),
        starts_at: time_of(country, "start_time"),
    };
    Some(InternationalAuthentication {
        starts_at: time_of(block, "start_time"),
        exceptions: list(block, "exception_countries").map(exception).collect(),
    })
}

pub(super) fn certification(value: &Value) -> Option<Certification> {
    let block = part(value, "partner_client_certification_info")?;
    Some(Certification {
        client_business_id: text_of(block, "client_business_id"),
        status: text_of(block, "status"),
        rejection_reasons: texts(block, "rejection_reasons"),
    })
}

pub(super) fn volume_tier(value: &Value) -> Option<VolumeTier> {
    let block = part(value, "volume_tier_info")?;
    Some(VolumeTier {
        updated_at: time_of(block, "tier_update_time"),
        category: text_of(block, "pricing_category"),
        tier: text_of(block, "tier"),
        month: text_of(block, "effective_month"),
        region: text_of(block, "region"),
    })
}
