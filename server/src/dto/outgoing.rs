//! What people and programs send, as Meta's own message object. Only forms; limits are the platform's.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use whatsapp_core::message::Media;
use whatsapp_core::{self as core, Content, Id, MediaKind};

use crate::error::ApiError;
use crate::state::Answer;

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
    /// The same under Meta's name for it.
    #[schema(value_type = Option<String>)]
    id: Option<String>,
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

/// A sign on another message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReactionInput {
    /// Meta's id of that message.
    message_id: String,
    /// The emoji; an empty one takes it back.
    emoji: String,
}

/// The one product there is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MessagingProduct {
    /// WhatsApp.
    Whatsapp,
}

/// Whom a message is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RecipientType {
    /// One person.
    Individual,
}

/// What may be sent: `type` names the one object that says it, as in Meta's own API.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) kind: String,
    pub(crate) text: Option<TextInput>,
    pub(crate) media: Vec<(MediaKind, MediaInput)>,
    pub(crate) location: Option<LocationInput>,
    /// Kinds that go to Meta as they are written: `interactive`, `contacts`.
    pub(crate) other: Vec<(&'static str, Value)>,
    pub(crate) reaction: Option<ReactionInput>,
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
            + self.other.len()
            + usize::from(self.location.is_some())
            + usize::from(self.reaction.is_some());
        if count > 1 {
            return wrong("type", "give only the object that type names".into());
        }
        let kind = std::mem::take(&mut self.kind);
        match (kind.as_str(), self.other.pop(), self.reaction.take()) {
            (word, Some((kind, body)), _) if kind == word => {
                return Ok(Content::Other { kind: kind.to_owned(), body });
            }
            ("reaction", _, Some(ReactionInput { message_id, emoji })) => {
                return Ok(Content::Reaction { wamid: message_id, emoji });
            }
            _ => {}
        }
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
            (
                "text" | "image" | "video" | "audio" | "document" | "sticker" | "location"
                | "interactive" | "contacts" | "reaction",
                ..,
            ) => wrong(&kind, format!("a message of type {kind} needs an object {kind}")),
            _ => wrong(
                "type",
                "use text, image, video, audio, document, sticker, location, interactive, contacts or \
                 reaction"
                    .into(),
            ),
        }
    }
}

fn media_input(kind: MediaKind, mut file: MediaInput) -> Answer<Content> {
    if let Some(id) = file.id.take() {
        // Uploads go through us, so that they can be sent over any number and again: Meta's own ids are not known here.
        let ours = id.parse().map_err(|_| {
            let field = format!("{}.id", kind.as_str());
            let why = "give the id of a file that was uploaded here (med_…), or a link";
            ApiError::invalid("MESSAGE_INVALID", &field, why)
        })?;
        file.media_id = Some(ours);
    }
    if file.media_id.is_some() == file.link.is_some() {
        let field = format!("{}.media_id", kind.as_str());
        return Err(ApiError::invalid("MESSAGE_INVALID", &field, "give either media_id or link"));
    }
    let MediaInput { media_id: media, link, caption, filename, .. } = file;
    Ok(Content::Media(Media { kind, media, link, caption, filename, voice: false }))
}

macro_rules! message_body {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            /// `text`, `image`, `video`, `audio`, `document`, `sticker`, `location`, `interactive`,
            /// `contacts` or `reaction`.
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
            /// Buttons, lists and more, in Meta's own form.
            #[serde(default)]
            #[schema(value_type = Option<Object>)]
            interactive: Option<Value>,
            /// Contact cards, in Meta's own form.
            #[serde(default)]
            #[schema(value_type = Option<Vec<Object>>)]
            contacts: Option<Value>,
            #[serde(default)]
            reaction: Option<ReactionInput>,
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
                    other: [("interactive", self.interactive.take()), ("contacts", self.contacts.take())]
                        .into_iter()
                        .filter_map(|(kind, body)| body.map(|b| (kind, b)))
                        .collect(),
                    reaction: self.reaction.take(),
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
        /// Meta's constant; may be left out.
        #[serde(default)]
        #[expect(dead_code, reason = "checked while it is read, and says nothing more")]
        messaging_product: Option<MessagingProduct>,
        /// Meta's constant; may be left out.
        #[serde(default)]
        #[expect(dead_code, reason = "checked while it is read, and says nothing more")]
        recipient_type: Option<RecipientType>,
        /// A number with its country code, or a contact's id.
        to: String,
        /// Over which of your numbers; may be left out when there is one.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        channel_id: Option<Id<core::Channel>>,
    }
}
