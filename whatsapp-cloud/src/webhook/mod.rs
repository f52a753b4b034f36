//! Webhook calls: verify the bytes, then read them. Never answers HTTP and never stores anything.
//!
//! In this order: [`peek_phone_number_ids`] to find whose secret to try, [`verify_signature`] over the raw
//! bytes, keep the bytes, answer 200, and later [`parse`] (or [`parse_counted`], which also counts what this
//! version does not know).
//!
//! ```
//! use whatsapp_cloud::webhook::{Inbound, InboundDetails, parse};
//! use whatsapp_core::Timestamp;
//!
//! # let body = br#"{"entry": []}"#;
//! for change in parse(body, Timestamp::ZERO)? {
//!     match change.inbound {
//!         Inbound::Message(message) => match &message.details {
//!             InboundDetails::Order(order) => println!("{} things ordered", order.items.len()),
//!             _ => println!("{:?}", message.content),
//!         },
//!         Inbound::Status(status) => println!("{} is {}", status.wamid, status.status.as_str()),
//!         Inbound::Raw { field, value } => println!("new from Meta: {field} {value}"),
//!         _ => {}
//!     }
//! }
//! # Ok::<(), whatsapp_cloud::webhook::WebhookError>(())
//! ```

mod events;
mod inbound;
mod payload;
mod read;
mod verify;
mod wire;
mod words;

pub use events::*;
pub use inbound::{Change, Inbound};
pub use payload::{Parsed, parse, parse_counted, peek_phone_number_ids, peek_waba_ids};
#[cfg(feature = "testing")]
pub(crate) use verify::escape_non_ascii;
pub(crate) use verify::hmac_hex;
pub(crate) use wire::plain_text;
pub(crate) use wire::text_of;

pub use verify::{ChallengeError, SignatureError, Verified, challenge, sign, verify_signature};

/// A verified call could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// Not JSON, or not an object with a list of entries.
    #[error("the webhook call is not what Meta sends: {0}")]
    Malformed(String),
}
