//! Messages as the API shows them, and as callers write them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::message::{Media, TemplateContent};
use whatsapp_core::send::SendError;
use whatsapp_core::{By, Content, Id, MediaKind, MediaState, SendState};
use whatsapp_platform::workspace::MessageView;

use super::time;
use crate::error::ApiError;
use crate::state::Answer;

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
    /// `contact`, `user`, `campaign`, `api` or `system`.
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

/// The word callers know; that a pump has claimed a line is nobody's business.
pub(crate) const fn status_word(state: SendState) -> &'static str {
    match state {
        SendState::Queued | SendState::Claimed => "queued",
        other => other.as_str(),
    }
}

impl From<&SendError> for MessageError {
    fn from(error: &SendError) -> Self {
        let meta = error.code.strip_prefix("META_").and_then(|code| code.parse().ok());
        let advice = meta.map(|code| whatsapp_cloud::explain(code).advice.to_owned());
        Self { code: error.code.clone(), message: error.message.clone(), advice }
    }
}

impl MessageAuthor {
    fn new(by: &By, name: Option<&str>) -> Self {
        let (kind, id) = match by {
            By::User(id) => ("user", Some(id.to_string())),
            By::ApiKey(id) => ("api", Some(id.to_string())),
            By::Contact(id) => ("contact", Some(id.to_string())),
            By::Campaign(id) => ("campaign", Some(id.to_string())),
            By::System => ("system", None),
        };
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
            author: MessageAuthor::new(&message.by, view.author_name.as_deref()),
            status: send.map(|send| status_word(send.state)),
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
        let status = status_word(*state);
        if !entries.iter().any(|entry| entry.status == status) {
            entries.push(TimelineEntry { status, at: time(*at) });
        }
    }
    entries
}

fn reaction(message: &core::Message) -> Option<Reaction> {
    let Content::Reaction { emoji, .. } = &message.content else { return None };
    let author = MessageAuthor::new(&message.by, None);
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

/// A text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextInput {
    /// 1 to 4,096 characters.
    pub(crate) body: String,
    /// Ask for a preview of the first link.
    #[serde(default)]
    pub(crate) preview_url: bool,
}

/// A file: one that was uploaded before, or one under a public address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MediaInput {
    #[schema(value_type = Option<String>)]
    media_id: Option<Id<core::MediaObject>>,
    /// A public `https` address, instead of `media_id`.
    link: Option<String>,
    caption: Option<String>,
    filename: Option<String>,
}

/// A place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocationInput {
    latitude: f64,
    longitude: f64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    address: Option<String>,
}

/// What may be sent: `type` names the one object that says it, as in Meta's own API.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) kind: String,
    pub(crate) text: Option<TextInput>,
    pub(crate) media: Vec<(MediaKind, MediaInput)>,
    pub(crate) location: Option<LocationInput>,
}

impl Parts {
    /// The one thing that is said.
    ///
    /// # Errors
    /// 400 `MESSAGE_INVALID` when there is no object for the type, or one for another type.
    pub(crate) fn content(mut self) -> Answer<Content> {
        let wrong =
            |field: &str, why: String| Err(ApiError::invalid("MESSAGE_INVALID", field, why));
        let count = usize::from(self.text.is_some())
            + self.media.len()
            + usize::from(self.location.is_some());
        if count > 1 {
            return wrong("type", "give only the object that type names".into());
        }
        let kind = std::mem::take(&mut self.kind);
        match (kind.as_str(), self.text, self.media.pop(), self.location) {
            ("text", Some(text), _, _) => {
                Ok(Content::Text { body: text.body, preview_url: text.preview_url })
            }
            ("location", _, _, Some(place)) => Ok(Content::Location {
                latitude: place.latitude,
                longitude: place.longitude,
                name: place.name,
                address: place.address,
            }),
            (word, _, Some((kind, file)), _) if kind.as_str() == word => media_input(kind, file),
            ("text" | "image" | "video" | "audio" | "document" | "sticker" | "location", ..) => {
                wrong(&kind, format!("a message of type {kind} needs an object {kind}"))
            }
            _ => {
                wrong("type", "use text, image, video, audio, document, sticker or location".into())
            }
        }
    }
}

fn media_input(kind: MediaKind, file: MediaInput) -> Answer<Content> {
    if file.media_id.is_some() == file.link.is_some() {
        let field = format!("{}.media_id", kind.as_str());
        return Err(ApiError::invalid("MESSAGE_INVALID", &field, "give either media_id or link"));
    }
    let MediaInput { media_id: media, link, caption, filename } = file;
    Ok(Content::Media(Media { kind, media, link, caption, filename, voice: false }))
}

macro_rules! message_body {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            /// `text`, `image`, `video`, `audio`, `document`, `sticker` or `location`.
            #[serde(rename = "type")]
            kind: String,
            #[serde(default)]
            text: Option<TextInput>,
            #[serde(default)]
            image: Option<MediaInput>,
            #[serde(default)]
            video: Option<MediaInput>,
            #[serde(default)]
            audio: Option<MediaInput>,
            #[serde(default)]
            document: Option<MediaInput>,
            #[serde(default)]
            sticker: Option<MediaInput>,
            #[serde(default)]
            location: Option<LocationInput>,
            $($(#[$field_doc])* pub(crate) $field: $kind,)*
        }
        impl $name {
            /// Takes out what is said.
            pub(crate) fn parts(&mut self) -> Parts {
                let files = [
                    (MediaKind::Image, self.image.take()),
                    (MediaKind::Video, self.video.take()),
                    (MediaKind::Audio, self.audio.take()),
                    (MediaKind::Document, self.document.take()),
                    (MediaKind::Sticker, self.sticker.take()),
                ];
                Parts {
                    kind: std::mem::take(&mut self.kind),
                    text: self.text.take(),
                    media: files.into_iter().filter_map(|(kind, file)| file.map(|f| (kind, f))).collect(),
                    location: self.location.take(),
                }
            }
        }
    };
}
message_body! {
    /// A message in a conversation.
    SendMessageRequest {
        /// The message it answers.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        reply_to: Option<Id<core::Message>>,
    }
}
message_body! {
    /// A message to a number or contact, as Meta's own message object.
    SendRequest {
        /// A number with its country code, or a contact's id.
        to: String,
        /// Over which of your numbers; may be left out when there is one.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        channel_id: Option<Id<core::Channel>>,
    }
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
