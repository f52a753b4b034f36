//! Typed messages as the content that the rest of the workspace keeps and sends.

use serde_json::Value;
use whatsapp_core::Content;

use super::action::Action;
use super::basic::{Location, Reaction, Text, written};
use super::contacts::Contacts;
use super::envelope::Body;
use super::interactive::Interactive;
use super::template::TemplateMessage;

fn other(kind: &str, body: Value) -> Content {
    Content::Other { kind: kind.to_owned(), body }
}

impl From<Text> for Content {
    fn from(text: Text) -> Self {
        Self::Text { body: text.body, preview_url: text.preview_url.unwrap_or(false) }
    }
}

impl From<Location> for Content {
    fn from(place: Location) -> Self {
        match (place.latitude.degrees(), place.longitude.degrees()) {
            (Some(latitude), Some(longitude)) => {
                Self::Location { latitude, longitude, name: place.name, address: place.address }
            }
            _ => other("location", written(&place)),
        }
    }
}

impl From<Reaction> for Content {
    fn from(reaction: Reaction) -> Self {
        Self::Reaction { wamid: reaction.message_id, emoji: reaction.emoji }
    }
}

impl From<Contacts> for Content {
    fn from(cards: Contacts) -> Self {
        other("contacts", written(&cards))
    }
}

impl<A: Clone + Into<Action>> From<Interactive<A>> for Content {
    fn from(interactive: Interactive<A>) -> Self {
        other("interactive", written(&interactive))
    }
}

impl From<TemplateMessage> for Content {
    fn from(template: TemplateMessage) -> Self {
        other("template", written(&template))
    }
}

impl From<Body> for Content {
    fn from(body: Body) -> Self {
        match body {
            Body::Text(text) => text.into(),
            Body::Location(place) => place.into(),
            Body::Reaction(reaction) => reaction.into(),
            body => other(body.kind(), body.object()),
        }
    }
}
