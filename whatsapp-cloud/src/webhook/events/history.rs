//! Coexistence: what was said before the number came to us. Nothing of it is new, and nothing opens a window.

use serde_json::Value;
use whatsapp_core::{Content, Identity, Timestamp};

use super::content::{self, InboundDetails, InboundMedia};
use super::message::{completed, contact_of};
use super::status::{StatusError, errors};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{identity, list, number, part, str_of, text_of, time_of, word_of};
use crate::webhook::words::meta_words;

/// Meta's code for "the business does not share its history".
const DECLINED: i64 = 2_593_109;

/// A piece of what was said before, or the refusal to share it.
///
/// <https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// How far back: 0 is the last day, 1 to day 90, 2 to day 180.
    pub phase: Option<i64>,
    /// The place of this piece in the phase.
    pub chunk_order: Option<i64>,
    /// How much has come, 0 to 100. At 100 all has.
    pub progress: Option<i64>,
    /// The chats.
    pub threads: Vec<HistoryThread>,
    /// Why nothing comes.
    pub errors: Vec<StatusError>,
    /// The item of `history` as Meta wrote it.
    pub raw: Value,
}

/// A chat with one person.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HistoryThread {
    /// Meta's id of it: the person's number, digits only.
    pub id: Option<String>,
    /// With whom.
    pub identity: Identity,
    /// The person's username.
    pub username: Option<String>,
    /// What was said.
    pub messages: Vec<HistoryMessage>,
}

/// A message of former times.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HistoryMessage {
    /// Meta's id.
    pub wamid: String,
    /// Who wrote it: the person or our number.
    pub from: Identity,
    /// To whom, if our number wrote it.
    pub to: Identity,
    /// When.
    pub at: Option<Timestamp>,
    /// Meta's word for its kind. `media_placeholder`: its file comes as an event of its own, or never.
    pub kind: String,
    /// What.
    pub content: Content,
    /// The file.
    pub media: Option<InboundMedia>,
    /// What `content` has no form for.
    pub details: InboundDetails,
    /// How far it came.
    pub status: Option<HistoryStatus>,
    /// The message as Meta wrote it; null within a [`History`], whose own `raw` has it.
    pub raw: Value,
}

meta_words! {
    /// How far a message of former times came.
    HistoryStatus {
        /// Not sent yet.
        Pending = "PENDING",
        /// On its way.
        Sent = "SENT",
        /// On the device.
        Delivered = "DELIVERED",
        /// Opened.
        Read = "READ",
        /// Played.
        Played = "PLAYED",
        /// It failed.
        Error = "ERROR",
    }
}

impl History {
    /// Whether the business refused to share its history: then nothing more comes.
    #[must_use]
    pub fn is_declined(&self) -> bool {
        self.errors.iter().any(|error| error.code == DECLINED)
    }
    /// Whether all has come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.progress.is_some_and(|percent| percent >= 100)
    }
}

impl HistoryMessage {
    /// Whether its file comes as an event of its own.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        self.kind == "media_placeholder"
    }
}

/// Reads one item of `history`.
pub(in crate::webhook) fn history(reader: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    let metadata = part(&item, "metadata").unwrap_or(&Value::Null);
    let history = History {
        phase: number(metadata, "phase"),
        chunk_order: number(metadata, "chunk_order"),
        progress: number(metadata, "progress"),
        threads: list(&item, "threads").map(thread).collect(),
        errors: errors(&item),
        raw: Value::Null,
    };
    // A thread without an id of a message would lose it; its raw form has it, but somebody should know.
    let lost = |thread: &Value| list(thread, "messages").any(|m| text_of(m, "id").is_none());
    if list(&item, "threads").any(lost) {
        reader.count("message without id");
    }
    match history.phase.is_none() && history.threads.is_empty() && history.errors.is_empty() {
        true => Err(item),
        false => Ok(Inbound::History(Box::new(History { raw: item, ..history }))),
    }
}

fn thread(thread: &Value) -> HistoryThread {
    let context = part(thread, "context").unwrap_or(&Value::Null);
    let id = text_of(thread, "id");
    let mut who = identity(context, "wa_id", "user_id");
    who.phone = who.phone.or_else(|| identity(thread, "id", "").phone);
    HistoryThread {
        id,
        identity: who,
        username: text_of(context, "username"),
        messages: list(thread, "messages").filter_map(message).collect(),
    }
}

fn message(item: &Value) -> Option<HistoryMessage> {
    let kind = str_of(item, "type").filter(|kind| !kind.is_empty()).unwrap_or("unknown");
    let body = content::read(item, kind);
    Some(HistoryMessage {
        wamid: text_of(item, "id")?,
        from: identity(item, "from", "from_user_id"),
        to: identity(item, "to", "to_user_id"),
        at: time_of(item, "timestamp"),
        kind: kind.to_owned(),
        content: body.content,
        media: body.media,
        details: body.details,
        status: part(item, "history_context")
            .and_then(|context| word_of(context, "status", HistoryStatus::from_meta)),
        raw: Value::Null,
    })
}

/// Reads the file of a message that was only mentioned.
pub(in crate::webhook) fn history_media(
    reader: &mut Reader<'_>,
    item: Value,
) -> Result<Inbound, Value> {
    let Some(mut message) = message(&item) else { return Err(item) };
    let contact = contact_of(&reader.contacts, &item, "from", "from_user_id");
    message.from = completed(message.from, contact);
    message.raw = item;
    Ok(Inbound::HistoryMedia(Box::new(message)))
}
