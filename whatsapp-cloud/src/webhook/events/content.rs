//! What a message says: the content that everybody knows, and the kinds that only Meta has. Used for customers'
//! messages, for the business's own from its phone, for edits and for history.

use serde_json::Value;
use whatsapp_core::message::Media;
use whatsapp_core::{Content, MediaKind, Timestamp};

use super::order::Order;
use super::shared_contact::{self, SharedContact};
use crate::webhook::wire::{
    any_text, decimal, flag, flag_of, list, part, scrub, str_of, text_of, time_of, word_of,
};

/// A file that a customer sent.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboundMedia {
    /// Meta's id, good for seven days.
    pub provider_id: String,
    /// What kind of file.
    pub kind: MediaKind,
    /// Its MIME type.
    pub mime: String,
    /// SHA-256 as Meta writes it, usually base64.
    pub sha256: Option<String>,
    /// The name of a document.
    pub filename: Option<String>,
    /// The words under it.
    pub caption: Option<String>,
    /// A sound recorded as a voice note.
    pub voice: bool,
    /// A sticker that moves.
    pub animated: bool,
    /// Where it lies for some minutes; fetching it needs the access token.
    pub url: Option<String>,
}

/// What a message is beside its [`Content`]: the kinds that only Meta has.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InboundDetails {
    /// Nothing: the content says it all, or the kind is unknown.
    Plain,
    /// A cart was sent.
    Order(Order),
    /// Contact cards were shared.
    Contacts(Vec<SharedContact>),
    /// A flow or an address message was filled in.
    FlowReply(FlowReply),
    /// A person allowed calls, or did not.
    CallPermission(CallPermissionReply),
    /// A person opened the chat for the first time. (Meta documents it as not working at present.)
    RequestWelcome,
    /// An earlier message was edited.
    Edit(Box<Edit>),
    /// An earlier message was deleted by its writer.
    Revoke {
        /// Meta's id of that message.
        original_wamid: String,
    },
    /// A place has a link.
    Place {
        /// The link.
        url: String,
    },
    /// WhatsApp has it, Meta's interface has not. The message's `errors` say why.
    Unsupported(UnsupportedMessage),
}

/// What was filled in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FlowReply {
    /// `flow`, `address_message` …
    pub name: Option<String>,
    /// What the person sees.
    pub body: Option<String>,
    /// The token given when the flow was sent.
    pub flow_token: Option<String>,
    /// The answers; null if `response_json` is no JSON.
    pub response: Value,
    /// The answers as they came.
    pub response_json: String,
}

/// Whether a person may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallPermissionReply {
    /// Whether it was allowed.
    pub accepted: bool,
    /// Whether it holds until it is taken back.
    pub permanent: Option<bool>,
    /// Until when it holds.
    pub expires_at: Option<Timestamp>,
    /// `user_action` or `automatic`.
    pub source: Option<String>,
}

/// A message as it is after the edit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Edit {
    /// Meta's id of the message that was edited.
    pub original_wamid: String,
    /// Meta's word for its kind.
    pub kind: String,
    /// What it says now.
    pub content: Content,
    /// The file it has now.
    pub media: Option<InboundMedia>,
    /// The message it answers.
    pub reply_to: Option<String>,
}

/// What Meta could not pass on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnsupportedMessage {
    /// What it is, if Meta says: `poll`, `button`, `edit` …
    pub kind: Option<String>,
}

/// What a message says.
pub(super) struct Body {
    pub(super) content: Content,
    pub(super) media: Option<InboundMedia>,
    pub(super) details: InboundDetails,
}

/// Reads the object under the message's kind.
pub(super) fn read(item: &Value, kind: &str) -> Body {
    let body = item.get(kind).unwrap_or(&Value::Null);
    if let Some(media) = MediaKind::parse(kind).and_then(|kind| media(kind, body)) {
        let content = media.content();
        return Body { content, media: Some(media), details: InboundDetails::Plain };
    }
    let unreadable = || Content::Unsupported { reason: reason(item) };
    let content = match plain(kind, body) {
        Some(content) => content,
        None if matches!(kind, "unsupported" | "unknown") => unreadable(),
        // A file without an id was refused by Meta on the way, and the errors say why.
        None if item.get("errors").is_some() => unreadable(),
        None => Content::Other { kind: kind.to_owned(), body: body.clone() },
    };
    Body { content, media: None, details: details(item, kind, body) }
}

fn plain(kind: &str, body: &Value) -> Option<Content> {
    Some(match kind {
        "text" => Content::Text { body: any_text(body, "body"), preview_url: false },
        "location" => Content::Location {
            latitude: decimal(body, "latitude")?,
            longitude: decimal(body, "longitude")?,
            name: text_of(body, "name"),
            address: text_of(body, "address"),
        },
        "reaction" => Content::Reaction {
            wamid: text_of(body, "message_id")?,
            emoji: any_text(body, "emoji"),
        },
        "button" => {
            Content::Button { payload: any_text(body, "payload"), text: any_text(body, "text") }
        }
        "interactive" => reply(body)?,
        _ => return None,
    })
}

fn reply(body: &Value) -> Option<Content> {
    let kind = text_of(body, "type").filter(|k| k == "button_reply" || k == "list_reply")?;
    let chosen = body.get(&kind)?;
    Some(Content::Reply {
        id: any_text(chosen, "id"),
        title: any_text(chosen, "title"),
        description: text_of(chosen, "description"),
        kind,
    })
}

impl InboundMedia {
    fn content(&self) -> Content {
        Content::Media(Media {
            kind: self.kind,
            media: None,
            link: None,
            caption: self.caption.clone(),
            filename: self.filename.clone(),
            voice: self.voice,
        })
    }
}

fn media(kind: MediaKind, body: &Value) -> Option<InboundMedia> {
    Some(InboundMedia {
        provider_id: text_of(body, "id")?,
        kind,
        mime: text_of(body, "mime_type").unwrap_or_else(|| "application/octet-stream".to_owned()),
        sha256: text_of(body, "sha256"),
        filename: text_of(body, "filename"),
        caption: text_of(body, "caption"),
        voice: flag(body, "voice"),
        animated: flag(body, "animated"),
        url: text_of(body, "url"),
    })
}

fn details(item: &Value, kind: &str, body: &Value) -> InboundDetails {
    let found = match kind {
        "order" => part(item, "order").map(|order| InboundDetails::Order(Order::read(order))),
        "contacts" => body.as_array().filter(|cards| !cards.is_empty()).map(|cards| {
            InboundDetails::Contacts(cards.iter().map(shared_contact::read).collect())
        }),
        "interactive" => interactive(body),
        "request_welcome" => Some(InboundDetails::RequestWelcome),
        "edit" => edit(body).map(|edit| InboundDetails::Edit(Box::new(edit))),
        "revoke" => text_of(body, "original_message_id")
            .map(|original_wamid| InboundDetails::Revoke { original_wamid }),
        "location" => text_of(body, "url").map(|url| InboundDetails::Place { url }),
        "unsupported" | "unknown" => {
            let kind = item.get("unsupported").and_then(|u| text_of(u, "type"));
            Some(InboundDetails::Unsupported(UnsupportedMessage { kind }))
        }
        _ => None,
    };
    found.unwrap_or(InboundDetails::Plain)
}

fn interactive(body: &Value) -> Option<InboundDetails> {
    match str_of(body, "type")? {
        "nfm_reply" => {
            let reply = part(body, "nfm_reply")?;
            // Meta writes JSON within a text; what comes as an object is as good.
            let (response_json, mut response) = match reply.get("response_json") {
                Some(Value::String(text)) => {
                    (text.clone(), serde_json::from_str(text).unwrap_or_default())
                }
                Some(object @ Value::Object(_)) => (object.to_string(), object.clone()),
                _ => (String::new(), Value::Null),
            };
            scrub(&mut response); // a text within the text
            Some(InboundDetails::FlowReply(FlowReply {
                name: text_of(reply, "name"),
                body: text_of(reply, "body"),
                flow_token: text_of(&response, "flow_token"),
                response,
                response_json,
            }))
        }
        "call_permission_reply" => {
            let reply = part(body, "call_permission_reply")?;
            Some(InboundDetails::CallPermission(CallPermissionReply {
                accepted: word_of(reply, "response", |word| word.eq_ignore_ascii_case("accept"))?,
                permanent: flag_of(reply, "is_permanent"),
                expires_at: time_of(reply, "expiration_timestamp"),
                source: text_of(reply, "response_source"),
            }))
        }
        _ => None,
    }
}

fn edit(body: &Value) -> Option<Edit> {
    let original_wamid = text_of(body, "original_message_id")?;
    let message = part(body, "message")?;
    let kind = str_of(message, "type")?;
    // An edit of an edit cannot be: what is inside is read as content alone.
    let inside = message.get(kind).unwrap_or(&Value::Null);
    let media = MediaKind::parse(kind).and_then(|kind| media(kind, inside));
    let content = match (&media, plain(kind, inside)) {
        (_, Some(content)) => content,
        (Some(media), None) => media.content(),
        (None, None) => Content::Other { kind: kind.to_owned(), body: inside.clone() },
    };
    let reply_to = part(message, "context").and_then(|context| text_of(context, "id"));
    Some(Edit { original_wamid, kind: kind.to_owned(), content, media, reply_to })
}

fn reason(item: &Value) -> String {
    let first = list(item, "errors").next();
    let details = first.and_then(|e| {
        e.get("error_data")
            .and_then(|data| text_of(data, "details"))
            .or_else(|| text_of(e, "details"))
            .or_else(|| text_of(e, "title"))
    });
    let kind = item.get("unsupported").and_then(|u| text_of(u, "type"));
    match (details, kind) {
        (Some(details), Some(kind)) => format!("{kind}: {details}"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => "WhatsApp could not pass this message on".to_owned(),
    }
}
