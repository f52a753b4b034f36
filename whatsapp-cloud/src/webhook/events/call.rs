//! Calls, from the wire. Experimental: only the signalling; sound is none of our business.

use serde_json::Value;
use whatsapp_core::{Identity, Span, Timestamp};

use super::message::{Profile, completed, contact_of};
use super::status::{StatusError, errors};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{identity, number, part, str_of, text_of, time_of, word_of};
use crate::webhook::words::meta_words;

/// A call began or ended. (Experimental.)
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallEvent {
    /// Meta's id of the call.
    pub call_id: String,
    /// What happened.
    pub kind: CallEventKind,
    /// Who called whom.
    pub direction: Option<CallDirection>,
    /// The customer.
    pub person: Identity,
    /// What WhatsApp shows of the customer.
    pub profile: Profile,
    /// The business's number, digits only.
    pub number: Option<String>,
    /// How to speak to each other.
    pub session: Option<CallSession>,
    /// How it ended: `COMPLETED` or `FAILED`.
    pub outcome: Option<String>,
    /// When they began to speak.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How long they spoke.
    pub duration: Option<Span>,
    /// What we gave as callback data.
    pub callback_data: Option<String>,
    /// Why it failed.
    pub errors: Vec<StatusError>,
    /// When.
    pub at: Timestamp,
    /// The item of `calls` as Meta wrote it.
    pub raw: Value,
}

meta_words! {
    /// What happened with a call.
    CallEventKind {
        /// Somebody calls, or has answered.
        Connect = "connect",
        /// It ended.
        Terminate = "terminate",
    }
}

meta_words! {
    /// Who called.
    CallDirection {
        /// The customer.
        UserInitiated = "USER_INITIATED",
        /// The business.
        BusinessInitiated = "BUSINESS_INITIATED",
    }
}

/// An offer or answer of WebRTC.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallSession {
    /// `offer` or `answer`.
    pub sdp_type: Option<String>,
    /// The description, in lines that end with CR and LF.
    pub sdp: String,
}

/// How far a call of ours has come. (Experimental.)
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallStatus {
    /// Meta's id of the call.
    pub call_id: String,
    /// How far.
    pub status: CallStatusKind,
    /// Whom we call.
    pub recipient: Identity,
    /// What WhatsApp shows of that person.
    pub profile: Profile,
    /// What we gave as callback data.
    pub callback_data: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The item of `statuses` as Meta wrote it.
    pub raw: Value,
}

meta_words! {
    /// How far a call of ours has come.
    CallStatusKind {
        /// It rings.
        Ringing = "RINGING",
        /// It was taken.
        Accepted = "ACCEPTED",
        /// It was refused.
        Rejected = "REJECTED",
    }
}

/// Reads one item of `calls`.
pub(in crate::webhook) fn call(reader: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    let Some(call_id) = text_of(&item, "id") else { return Err(item) };
    let Some(kind) = word_of(&item, "event", CallEventKind::from_meta) else { return Err(item) };
    if let CallEventKind::Other(word) = &kind {
        reader.count(word);
    }
    let direction = word_of(&item, "direction", CallDirection::from_meta);
    let (person_key, bsuid_key, number_key) = match direction {
        Some(CallDirection::BusinessInitiated) => ("to", "to_user_id", "from"),
        _ => ("from", "from_user_id", "to"),
    };
    let contact = contact_of(&reader.contacts, &item, person_key, bsuid_key);
    let session = part(&item, "session").and_then(|session| {
        let sdp = str_of(session, "sdp")?.to_owned();
        Some(CallSession { sdp_type: text_of(session, "sdp_type"), sdp })
    });
    Ok(Inbound::Call(Box::new(CallEvent {
        call_id,
        kind,
        direction,
        person: completed(identity(&item, person_key, bsuid_key), contact),
        profile: contact.map(Profile::read).unwrap_or_default(),
        number: text_of(&item, number_key),
        session,
        outcome: text_of(&item, "status"),
        started_at: time_of(&item, "start_time"),
        ended_at: time_of(&item, "end_time"),
        duration: number(&item, "duration").map(Span::seconds),
        callback_data: text_of(&item, "biz_opaque_callback_data"),
        errors: errors(&item),
        at: time_of(&item, "timestamp").unwrap_or_else(|| reader.moment()),
        raw: item,
    })))
}

/// Reads one item of `statuses` of the field `calls`.
pub(in crate::webhook) fn call_status(
    reader: &mut Reader<'_>,
    item: Value,
) -> Result<Inbound, Value> {
    let Some(call_id) = text_of(&item, "id") else { return Err(item) };
    let Some(status) = word_of(&item, "status", CallStatusKind::from_meta) else {
        return Err(item);
    };
    if let CallStatusKind::Other(word) = &status {
        reader.count(word);
    }
    let contact = contact_of(&reader.contacts, &item, "recipient_id", "recipient_user_id");
    Ok(Inbound::CallStatus(Box::new(CallStatus {
        call_id,
        status,
        recipient: completed(identity(&item, "recipient_id", "recipient_user_id"), contact),
        profile: contact.map(Profile::read).unwrap_or_default(),
        callback_data: text_of(&item, "biz_opaque_callback_data"),
        at: time_of(&item, "timestamp").unwrap_or_else(|| reader.moment()),
        raw: item,
    })))
}
