//! How far our messages have come, from the wire. A word we do not know stays raw.

use serde_json::Value;
use whatsapp_core::{DeliveryStatus, Identity, Timestamp};

use super::message::{Profile, completed, contact_of};
use super::pricing::{ConversationInfo, Pricing};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{any_text, identity, list, number, str_of, text_of, time_of};
use crate::webhook::words::meta_words;

/// How far one of our messages has come.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#statuses-object>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusUpdate {
    /// Meta's id of our message.
    pub wamid: String,
    /// How far. (A played voice note is read.)
    pub status: DeliveryStatus,
    /// A voice note was not only opened but played.
    pub played: bool,
    /// When.
    pub at: Timestamp,
    /// What we gave as callback data.
    pub callback_data: Option<String>,
    /// To whom it went; in a group, the member.
    pub recipient: Identity,
    /// The id of the recipient that holds across the businesses of one portfolio.
    pub parent_bsuid: Option<String>,
    /// What WhatsApp shows of the recipient, where Meta tells it with the status.
    pub profile: Profile,
    /// The group it was sent to. (Experimental.)
    pub group_id: Option<String>,
    /// The hash of the recipient's device key, if the message asked for the check.
    pub identity_key_hash: Option<String>,
    /// How it is priced: told with `sent` and with one of the later ones.
    pub pricing: Option<Box<Pricing>>,
    /// The conversation it belongs to.
    pub conversation: Option<Box<ConversationInfo>>,
    /// Why it failed.
    pub error: Option<Box<StatusError>>,
    /// The item of `statuses` as Meta wrote it.
    pub raw: Value,
}

/// An error that Meta tells of: why it could not deliver, or why it cannot pass something on.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusError {
    /// Meta's code; see [`crate::explain`].
    pub code: i64,
    /// Meta's words.
    pub title: String,
    /// Meta's words once more, if they differ.
    pub message: Option<String>,
    /// Meta's details.
    pub details: Option<String>,
    /// Meta's page about it.
    pub href: Option<String>,
    /// The error as Meta wrote it.
    pub raw: Value,
}

meta_words! {
    /// A status word of former years.
    LegacyStatusKind {
        /// The customer deleted the message.
        Deleted = "deleted",
        /// Something in the message could not be shown, such as a product that is gone.
        Warning = "warning",
    }
}

/// A status word of former years. It says nothing of delivery, so it is no [`StatusUpdate`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LegacyStatus {
    /// Meta's id of our message.
    pub wamid: String,
    /// Which.
    pub kind: LegacyStatusKind,
    /// When.
    pub at: Timestamp,
    /// To whom the message went.
    pub recipient: Identity,
    /// What Meta says of it.
    pub errors: Vec<StatusError>,
    /// The item of `statuses` as Meta wrote it.
    pub raw: Value,
}

/// Reads one item of `statuses`.
pub(in crate::webhook) fn status(reader: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    if let Some(mut update) = read(reader, &item) {
        update.raw = item;
        return Ok(match update.group_id {
            Some(_) => Inbound::GroupStatus(update),
            None => Inbound::Status(update),
        });
    }
    match legacy(reader, &item) {
        Some(mut status) => {
            status.raw = item;
            Ok(Inbound::LegacyStatus(status))
        }
        None => Err(item),
    }
}

fn read(reader: &Reader<'_>, item: &Value) -> Option<Box<StatusUpdate>> {
    let word = str_of(item, "status")?;
    let played = word.eq_ignore_ascii_case("played");
    let status = match played {
        true => DeliveryStatus::Read,
        false => DeliveryStatus::parse(&word.to_ascii_lowercase())?,
    };
    // One message, many readers: in a group the recipient is the member.
    let group = match str_of(item, "recipient_type") {
        Some(kind) if kind.eq_ignore_ascii_case("group") => Some(text_of(item, "recipient_id")?),
        _ => None,
    };
    let (phone_key, bsuid_key, parent_key) = match group {
        Some(_) => (
            "recipient_participant_id",
            "recipient_participant_user_id",
            "recipient_participant_parent_user_id",
        ),
        None => ("recipient_id", "recipient_user_id", "recipient_parent_user_id"),
    };
    let contact = contact_of(&reader.contacts, item, phone_key, bsuid_key);
    Some(Box::new(StatusUpdate {
        wamid: text_of(item, "id")?,
        status,
        played,
        at: time_of(item, "timestamp").unwrap_or_else(|| reader.moment()),
        callback_data: text_of(item, "biz_opaque_callback_data"),
        recipient: completed(identity(item, phone_key, bsuid_key), contact),
        parent_bsuid: text_of(item, parent_key),
        profile: contact.map(Profile::read).unwrap_or_default(),
        group_id: group,
        identity_key_hash: text_of(item, "recipient_identity_key_hash"),
        pricing: Pricing::read(item),
        conversation: ConversationInfo::read(item),
        error: list(item, "errors").next().map(|error| Box::new(StatusError::read(error))),
        raw: Value::Null,
    }))
}

fn legacy(reader: &Reader<'_>, item: &Value) -> Option<Box<LegacyStatus>> {
    let kind = match LegacyStatusKind::from_meta(str_of(item, "status")?) {
        LegacyStatusKind::Other(_) => return None,
        kind => kind,
    };
    Some(Box::new(LegacyStatus {
        wamid: text_of(item, "id")?,
        kind,
        at: time_of(item, "timestamp").unwrap_or_else(|| reader.moment()),
        recipient: identity(item, "recipient_id", "recipient_user_id"),
        errors: errors(item),
        raw: Value::Null,
    }))
}

/// Reads an error that stands beside the messages.
pub(in crate::webhook) fn error(_: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    if number(&item, "code").is_none() {
        return Err(item);
    }
    Ok(Inbound::Error(Box::new(StatusError::read(&item))))
}

/// The errors of an item.
pub(super) fn errors(item: &Value) -> Vec<StatusError> {
    list(item, "errors").map(StatusError::read).collect()
}

impl StatusError {
    pub(super) fn read(error: &Value) -> Self {
        let data = error.get("error_data");
        let title = text_of(error, "title").unwrap_or_else(|| any_text(error, "message"));
        Self {
            code: number(error, "code").unwrap_or_default(),
            message: text_of(error, "message").filter(|message| *message != title),
            title,
            details: data
                .and_then(|data| text_of(data, "details"))
                .or_else(|| data.and_then(Value::as_str).map(str::to_owned))
                .or_else(|| text_of(error, "details")),
            href: text_of(error, "href"),
            raw: error.clone(),
        }
    }
}
