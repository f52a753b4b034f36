//! Messages as the API shows them, and as callers write them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::message::{Media, TemplateContent};
use whatsapp_core::send::SendError;
use whatsapp_core::{By, Content, Id, MediaState};
use whatsapp_platform::workspace::MessageView;

use super::time;

/// One message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Message {
    id: String,
    conversation_id: String,
    /// `inbound`, `outbound` or `note`.
    direction: &'static str,
    #[serde(rename = "type")]
    #[schema(example = "text")]
    kind: String,
    /// Its form depends on `type`.
    #[schema(value_type = Object)]
    content: Value,
    author: MessageAuthor,
    /// How far an outgoing one has come.
    #[schema(required = true, example = "delivered")]
    status: Option<&'static str>,
    #[schema(required = true)]
    error: Option<MessageError>,
    timeline: Vec<TimelineEntry>,
    #[schema(required = true)]
    reply_to: Option<QuotedMessage>,
    reactions: Vec<Reaction>,
    created_at: String,
}

/// Who said it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MessageAuthor {
    /// `contact`, `user`, `campaign`, `api`, `phone` (the Business app on the number's phone) or `system`.
    kind: &'static str,
    #[schema(required = true)]
    id: Option<String>,
    #[schema(required = true)]
    name: Option<String>,
}

/// Why a message failed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct MessageError {
    #[schema(example = "META_131026")]
    pub(crate) code: String,
    pub(crate) message: String,
    #[schema(required = true)]
    pub(crate) advice: Option<String>,
}

/// When a message reached a state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct TimelineEntry {
    status: &'static str,
    at: String,
}

/// The message that this one answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct QuotedMessage {
    id: String,
    preview: String,
}

/// An emoji on a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Reaction {
    emoji: String,
    author: MessageAuthor,
}

impl From<&SendError> for MessageError {
    fn from(error: &SendError) -> Self {
        let meta = error.code.strip_prefix("META_").and_then(|code| code.parse().ok());
        let advice = meta.map(|code| whatsapp_cloud::explain(code).advice.to_owned());
        Self { code: error.code.clone(), message: error.message.clone(), advice }
    }
}

impl MessageAuthor {
    fn new(by: &By, name: Option<&str>, from_phone: bool) -> Self {
        let (kind, id) = match by {
            By::User(id) => ("user", Some(id.to_string())),
            By::ApiKey(id) => ("api", Some(id.to_string())),
            By::Contact(id) => ("contact", Some(id.to_string())),
            By::Campaign(id) => ("campaign", Some(id.to_string())),
            By::System => ("system", None),
        };
        // What went out and has no line of our ledger was written on the phone.
        let kind = if kind == "system" && from_phone { "phone" } else { kind };
        Self { kind, id, name: name.map(str::to_owned) }
    }
}

impl From<&MessageView> for Message {
    fn from(view: &MessageView) -> Self {
        let message = &view.message;
        let send = view.send.as_ref();
        let quoted = |(id, preview): &(Id<core::Message>, String)| QuotedMessage {
            id: id.to_string(),
            preview: preview.clone(),
        };
        Self {
            id: message.id.to_string(),
            conversation_id: message.conversation.to_string(),
            direction: message.direction.as_str(),
            kind: message.content.kind().to_owned(),
            content: content(view),
            author: MessageAuthor::new(
                &message.by,
                view.author_name.as_deref(),
                message.direction == core::Direction::Outbound && send.is_none(),
            ),
            status: send.map(|send| send.state.as_str()),
            error: send.and_then(|send| send.error.as_ref()).map(MessageError::from),
            timeline: timeline(view),
            reply_to: view.reply_to.as_ref().map(quoted),
            reactions: view.reactions.iter().filter_map(reaction).collect(),
            created_at: time(message.created_at),
        }
    }
}

/// When each state was reached, each word once.
pub(crate) fn timeline(view: &MessageView) -> Vec<TimelineEntry> {
    let mut entries: Vec<TimelineEntry> = Vec::new();
    for (state, at) in view.send.iter().flat_map(|send| &send.timeline) {
        let status = state.as_str();
        if !entries.iter().any(|entry| entry.status == status) {
            entries.push(TimelineEntry { status, at: time(*at) });
        }
    }
    entries
}

fn reaction(message: &core::Message) -> Option<Reaction> {
    let Content::Reaction { emoji, .. } = &message.content else { return None };
    let author = MessageAuthor::new(&message.by, None, false);
    (!emoji.is_empty()).then(|| Reaction { emoji: emoji.clone(), author })
}

fn content(view: &MessageView) -> Value {
    match &view.message.content {
        Content::Text { body, .. } => json!({ "body": body }),
        Content::Media(media) => media_content(media, view.media.as_ref()),
        Content::Location { latitude, longitude, name, address } => {
            json!({ "latitude": latitude, "longitude": longitude, "name": name, "address": address })
        }
        Content::Reaction { emoji, .. } => json!({ "emoji": emoji }),
        Content::Button { payload, text } => json!({ "text": text, "payload": payload }),
        Content::Reply { kind, id, title, description } => {
            json!({ "kind": kind, "title": title, "description": description, "id": id })
        }
        Content::Template(template) => template_content(template),
        Content::Other { body, .. } => body.clone(),
        Content::Unsupported { reason } => json!({ "reason": reason }),
        _ => json!({}),
    }
}

fn media_content(media: &Media, object: Option<&core::MediaObject>) -> Value {
    let state = object.map_or(MediaState::Ready, |object| object.state);
    json!({
        "media_id": media.media.map(|id| id.to_string()),
        "mime": object.map(|object| &object.mime),
        "caption": media.caption,
        "filename": media.filename.as_ref().or_else(|| object.and_then(|o| o.filename.as_ref())),
        "size": object.map(|object| object.size),
        "state": state.as_str(),
        "error": object.and_then(|object| object.error.as_ref()),
        "link": media.link,
    })
}

fn template_content(template: &TemplateContent) -> Value {
    let button = |text: &String| json!({ "type": "quick_reply", "text": text });
    json!({
        "template_id": template.template.to_string(),
        "name": template.name,
        "language": template.language,
        "header": template.header,
        "body": template.body,
        "footer": template.footer,
        "buttons": template.buttons.iter().map(button).collect::<Vec<_>>(),
    })
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MediaObject {
    id: String,
    kind: &'static str,
    mime: String,
    size: i64,
    #[schema(required = true)]
    filename: Option<String>,
}

impl From<core::MediaObject> for MediaObject {
    fn from(object: core::MediaObject) -> Self {
        Self {
            id: object.id.to_string(),
            kind: object.kind.as_str(),
            mime: object.mime,
            size: object.size,
            filename: object.filename,
        }
    }
}

/// An internal note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteInput {
    pub(crate) text: String,
}
