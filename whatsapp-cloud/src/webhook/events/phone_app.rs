//! Coexistence: a number that is also in the WhatsApp Business app. What the business does there, from the wire.

use serde_json::Value;
use whatsapp_core::{Content, Identity, Timestamp};

use super::content::{self, InboundDetails, InboundMedia};
use super::message::{Profile, completed, contact_of};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{identity, is_somebody, part, str_of, text_of, time_of, word_of};
use crate::webhook::words::meta_words;

/// A message that the business itself sent from its phone. It is outgoing: it opens no window and needs no answer.
///
/// <https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Echo {
    /// Meta's id.
    pub wamid: String,
    /// The business's number, digits only.
    pub from: Option<String>,
    /// To whom it went.
    pub to: Identity,
    /// What WhatsApp shows of that person.
    pub profile: Profile,
    /// The id of that person that holds across the businesses of one portfolio.
    pub parent_bsuid: Option<String>,
    /// When, by Meta's clock (in whole seconds).
    pub at: Timestamp,
    /// What.
    pub content: Content,
    /// The file.
    pub media: Option<InboundMedia>,
    /// What `content` has no form for: an edit, a deletion …
    pub details: InboundDetails,
    /// Meta's id of the message it answers.
    pub reply_to: Option<String>,
    /// The item of `message_echoes` as Meta wrote it.
    pub raw: Value,
}

/// A contact in the phone's address book was added, edited or removed.
///
/// <https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactSync {
    /// What was done.
    pub action: SyncAction,
    /// Who.
    pub identity: Identity,
    /// The whole name; absent when the contact was removed.
    pub full_name: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The person's username.
    pub username: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The item of `state_sync` as Meta wrote it.
    pub raw: Value,
}

meta_words! {
    /// What was done with a contact.
    SyncAction {
        /// Added or edited.
        Add = "add",
        /// Removed.
        Remove = "remove",
    }
}

/// Reads a message that was sent from the phone.
pub(in crate::webhook) fn echo(reader: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    let Some(wamid) = text_of(&item, "id") else { return Err(item) };
    let kind = str_of(&item, "type").filter(|kind| !kind.is_empty()).unwrap_or("unknown");
    let body = content::read(&item, kind);
    if matches!(body.content, Content::Other { .. }) && body.details == InboundDetails::Plain {
        reader.count(kind);
    }
    let contact = contact_of(&reader.contacts, &item, "to", "to_user_id");
    let to = completed(identity(&item, "to", "to_user_id"), contact);
    Ok(Inbound::Echo(Box::new(Echo {
        wamid,
        from: text_of(&item, "from"),
        to,
        profile: contact.map(Profile::read).unwrap_or_default(),
        parent_bsuid: text_of(&item, "to_parent_user_id"),
        at: time_of(&item, "timestamp").unwrap_or_else(|| reader.moment()),
        content: body.content,
        media: body.media,
        details: body.details,
        reply_to: part(&item, "context").and_then(|context| text_of(context, "id")),
        raw: item,
    })))
}

/// Reads a change in the phone's address book.
pub(in crate::webhook) fn contact_sync(
    reader: &mut Reader<'_>,
    item: Value,
) -> Result<Inbound, Value> {
    let contact = part(&item, "contact").unwrap_or(&Value::Null);
    let who = identity(contact, "phone_number", "user_id");
    let username = text_of(contact, "username");
    let Some(action) = word_of(&item, "action", SyncAction::from_meta) else { return Err(item) };
    if !is_somebody(&who) && username.is_none() {
        return Err(item);
    }
    let at = part(&item, "metadata").and_then(|metadata| time_of(metadata, "timestamp"));
    Ok(Inbound::ContactSync(Box::new(ContactSync {
        action,
        identity: who,
        full_name: text_of(contact, "full_name"),
        first_name: text_of(contact, "first_name"),
        username,
        at: at.unwrap_or_else(|| reader.moment()),
        raw: item,
    })))
}
