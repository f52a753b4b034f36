//! What Meta tells of a number: quality, display name, PIN, username. No id comes with these, only the number.

use serde_json::Value;
use whatsapp_core::Timestamp;

use super::account::ReviewDecision;
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{text_of, word_of};
use crate::webhook::words::meta_words;

/// A number's quality or speed changed.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#phone_number_quality_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberQualityUpdate {
    /// The number as Meta displays it.
    pub display_phone: String,
    /// Meta's word: `THROUGHPUT_UPGRADE`, `ONBOARDING`, formerly `UPGRADE`, `DOWNGRADE`, `FLAGGED`, `UNFLAGGED`.
    pub event: String,
    /// Meta's word for how many people could be written to in a day (up to 2025).
    pub old_limit: Option<String>,
    /// Meta's word for how many people may be written to in a day.
    pub limit: Option<String>,
    /// When, if the call says.
    pub at: Option<Timestamp>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// A number's display name was judged.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#phone_number_name_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberNameUpdate {
    /// The number as Meta displays it.
    pub display_phone: Option<String>,
    /// The judgement.
    pub decision: ReviewDecision,
    /// The name that was asked for.
    pub requested_name: Option<String>,
    /// Why not: `NAME_…`.
    pub rejection_reason: Option<String>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// Something about a number's two-step PIN.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#security>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityUpdate {
    /// The number as Meta displays it.
    pub display_phone: Option<String>,
    /// `PIN_CHANGED`, `PIN_RESET_REQUEST`, `PIN_REQUEST_SUCCESS` …
    pub event: String,
    /// Meta's id of the person who asked for it.
    pub requester: Option<String>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// What became of the business's own username.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsernameUpdate {
    /// The number as Meta displays it.
    pub display_phone: Option<String>,
    /// The username; absent when it is gone.
    pub username: Option<String>,
    /// What became of it.
    pub status: UsernameStatus,
    /// The value as Meta wrote it.
    pub raw: Value,
}

meta_words! {
    /// What became of a business's username.
    UsernameStatus {
        /// It is in use.
        Approved = "approved",
        /// It is kept for the business.
        Reserved = "reserved",
        /// It was refused.
        Rejected = "rejected",
        /// It waits for Meta's judgement.
        Pending = "pending",
        /// It is gone.
        Deleted = "deleted",
    }
}

/// Reads a change of a number's quality.
pub(in crate::webhook) fn quality(reader: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let Some(event) = text_of(&raw, "event") else { return Err(raw) };
    let limit = ["max_daily_conversations_per_business", "current_limit"];
    Ok(Inbound::NumberQuality(Box::new(NumberQualityUpdate {
        display_phone: text_of(&raw, "display_phone_number").unwrap_or_default(),
        event,
        old_limit: text_of(&raw, "old_limit"),
        limit: limit.iter().find_map(|key| text_of(&raw, key)),
        at: reader.sent_at,
        raw,
    })))
}

/// Reads the judgement of a display name.
pub(in crate::webhook) fn name(_: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let Some(decision) = word_of(&raw, "decision", ReviewDecision::from_meta) else {
        return Err(raw);
    };
    Ok(Inbound::NumberName(Box::new(NumberNameUpdate {
        display_phone: text_of(&raw, "display_phone_number"),
        decision,
        requested_name: text_of(&raw, "requested_verified_name"),
        rejection_reason: text_of(&raw, "rejection_reason"),
        raw,
    })))
}

/// Reads what happened to a PIN.
pub(in crate::webhook) fn security(_: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let Some(event) = text_of(&raw, "event") else { return Err(raw) };
    Ok(Inbound::Security(Box::new(SecurityUpdate {
        display_phone: text_of(&raw, "display_phone_number"),
        event,
        requester: text_of(&raw, "requester"),
        raw,
    })))
}

/// Reads what became of a username.
pub(in crate::webhook) fn username(_: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let Some(status) = word_of(&raw, "status", UsernameStatus::from_meta) else { return Err(raw) };
    Ok(Inbound::Username(Box::new(UsernameUpdate {
        display_phone: text_of(&raw, "display_phone_number"),
        username: text_of(&raw, "username"),
        status,
        raw,
    })))
}
