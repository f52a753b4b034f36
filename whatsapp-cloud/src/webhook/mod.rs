//! Webhook calls: verify the bytes, then read them. Never answers HTTP and never stores anything.
//!
//! In this order: [`peek_phone_number_ids`] to find whose secret to try, [`verify_signature`] over the raw
//! bytes, keep the bytes, answer 200, and later [`parse`].

mod account;
mod inbound;
mod message;
mod payload;
mod status;
mod verify;
mod wire;

pub use inbound::{
    AccountUpdate, Change, IdentityChange, Inbound, InboundMedia, InboundMessage,
    NumberQualityUpdate, StatusError, StatusUpdate, TemplateCategoryUpdate, TemplateQualityUpdate,
    TemplateStatusUpdate, UserPreference,
};
pub use payload::{parse, peek_phone_number_ids, peek_waba_ids};
#[cfg(feature = "testing")]
pub(crate) use verify::escape_non_ascii;
pub(crate) use verify::hmac_hex;
pub(crate) use wire::{plain_text, text_of};

pub use verify::{ChallengeError, SignatureError, Verified, challenge, sign, verify_signature};

/// A verified call could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// Not JSON, or not an object with a list of entries.
    #[error("the webhook call is not what Meta sends: {0}")]
    Malformed(String),
}
