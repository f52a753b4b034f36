//! A customer's message, from the wire. A kind we do not know is still a message of this customer.

use serde_json::Value;
use whatsapp_core::{Content, Identity, Timestamp};

use super::content::{self, InboundDetails, InboundMedia};
use super::person;
use super::referral::{Referral, ReferredProduct};
use super::status::{StatusError, errors};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{flag, flag_of, identity, is_somebody, part, str_of, text_of, time_of};

/// A message from a customer.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#messages-object>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InboundMessage {
    /// Meta's id; the natural key.
    pub wamid: String,
    /// Who: at least one handle is there.
    pub identity: Identity,
    /// The id of the writer that holds across the businesses of one portfolio.
    pub parent_bsuid: Option<String>,
    /// What to call the writer: the name of the profile, else the username.
    pub profile_name: Option<String>,
    /// What WhatsApp shows of the writer.
    pub profile: Profile,
    /// The group it was written in. (Experimental.)
    pub group_id: Option<String>,
    /// When, by Meta's clock (in whole seconds).
    pub at: Timestamp,
    /// What. A file's [`whatsapp_core::message::Media::media`] is `None`: see `media`.
    pub content: Content,
    /// The file to fetch.
    pub media: Option<InboundMedia>,
    /// What `content` has no form for: orders, contact cards, answers of flows, edits …
    pub details: InboundDetails,
    /// Meta's id of the message it answers or taps on.
    pub reply_to: Option<String>,
    /// Who wrote that message: our number, or the customer.
    pub reply_to_author: Identity,
    /// Whether it was forwarded.
    pub forwarded: bool,
    /// Whether it was forwarded more than five times.
    pub frequently_forwarded: bool,
    /// The product the customer asks about.
    pub referred_product: Option<ReferredProduct>,
    /// The advert or post the customer came from.
    pub referral: Option<Box<Referral>>,
    /// The key of the customer's device, if the number checks identities.
    pub identity_key: Option<IdentityKey>,
    /// Meta's `from_logical_id`, on some taps.
    pub logical_id: Option<String>,
    /// What Meta could not pass on, and why.
    pub errors: Vec<StatusError>,
    /// The item of `messages` as Meta wrote it.
    pub raw: Value,
}

/// What WhatsApp shows of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The name the person gave.
    pub name: Option<String>,
    /// The person's username, without `@`.
    pub username: Option<String>,
    /// The country, in two letters.
    pub country: Option<String>,
}

/// The key of a customer's device: another one may be another person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityKey {
    /// A hash of the key.
    pub hash: String,
    /// Whether the business has acknowledged it.
    pub acknowledged: Option<bool>,
    /// Since when it holds.
    pub created_at: Option<Timestamp>,
}

/// Reads one item of `messages`.
pub(in crate::webhook) fn message(reader: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    let kind = str_of(&item, "type").filter(|kind| !kind.is_empty()).unwrap_or("unknown");
    let group = item.get("group_id").filter(|group| !group.is_null());
    if kind == "system" && group.is_none() {
        return person::system(reader, item);
    }
    // What was said in a group must never pass as said to us alone.
    if group.is_some() && text_of(&item, "group_id").is_none() {
        return Err(item);
    }
    let Some(mut message) = read(reader, &item, kind) else { return Err(item) };
    if matches!(message.content, Content::Other { .. }) && message.details == InboundDetails::Plain
    {
        reader.count(kind);
    }
    message.raw = item;
    Ok(match message.group_id {
        Some(_) => Inbound::GroupMessage(message),
        None => Inbound::Message(message),
    })
}

fn read(reader: &Reader<'_>, item: &Value, kind: &str) -> Option<Box<InboundMessage>> {
    let contact = contact_of(&reader.contacts, item, "from", "from_user_id");
    let who = completed(identity(item, "from", "from_user_id"), contact);
    if !is_somebody(&who) {
        return None;
    }
    let wamid = text_of(item, "id")?;
    let profile = contact.map(Profile::read).unwrap_or_default();
    let parent = text_of(item, "from_parent_user_id");
    let context = part(item, "context").unwrap_or(&Value::Null);
    let body = content::read(item, kind);
    let frequently_forwarded = flag(context, "frequently_forwarded");
    Some(Box::new(InboundMessage {
        wamid,
        identity: who,
        parent_bsuid: parent.or_else(|| contact.and_then(|c| text_of(c, "parent_user_id"))),
        profile_name: profile.name.clone().or_else(|| profile.username.clone()),
        profile,
        group_id: text_of(item, "group_id"),
        at: time_of(item, "timestamp").unwrap_or_else(|| reader.moment()),
        content: body.content,
        media: body.media,
        details: body.details,
        reply_to: text_of(context, "id"),
        reply_to_author: identity(context, "from", "from_user_id"),
        forwarded: frequently_forwarded || flag(context, "forwarded"),
        frequently_forwarded,
        referred_product: part(context, "referred_product").map(ReferredProduct::read),
        referral: part(item, "referral").map(|r| Box::new(Referral::read(r))),
        identity_key: IdentityKey::read(item).or_else(|| contact.and_then(IdentityKey::read)),
        logical_id: text_of(item, "from_logical_id"),
        errors: errors(item),
        raw: Value::Null,
    }))
}

impl Profile {
    /// Reads the profile on a card of `contacts`.
    pub(super) fn read(contact: &Value) -> Self {
        let profile = part(contact, "profile").unwrap_or(&Value::Null);
        Self {
            name: text_of(profile, "name"),
            username: text_of(profile, "username")
                .map(|name| name.strip_prefix('@').map_or_else(|| name.clone(), str::to_owned)),
            country: text_of(profile, "country_code"),
        }
    }
}

impl IdentityKey {
    /// Reads the key from a message (an object) or from a card of `contacts` (a bare hash).
    pub(super) fn read(place: &Value) -> Option<Self> {
        if let Some(key) = part(place, "identity") {
            return Some(Self {
                hash: text_of(key, "hash")?,
                acknowledged: flag_of(key, "acknowledged"),
                created_at: time_of(key, "created_timestamp"),
            });
        }
        let hash = text_of(place, "identity_key_hash")?;
        Some(Self { hash, acknowledged: None, created_at: None })
    }
}

/// The card of a person: the one that names the same, or the only one where the item names nobody.
pub(super) fn contact_of<'a>(
    contacts: &'a Value,
    item: &Value,
    phone_key: &str,
    bsuid_key: &str,
) -> Option<&'a Value> {
    let cards = contacts.as_array()?;
    let same = |card: &&Value| {
        alike(card.get("wa_id"), item.get(phone_key))
            || alike(card.get("user_id"), item.get(bsuid_key))
    };
    cards.iter().find(same).or_else(|| match cards.as_slice() {
        [only] if !is_somebody(&identity(item, phone_key, bsuid_key)) => Some(only),
        _ => None,
    })
}

/// Whether both are there and say the same, with or without a plus sign, as text or number.
fn alike(one: Option<&Value>, other: Option<&Value>) -> bool {
    let plain = |text: &Value| match text {
        Value::String(text) => Some(text.trim_start_matches('+').to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match (one, other) {
        (Some(Value::String(one)), Some(Value::String(other))) if one == other => !one.is_empty(),
        (Some(one), Some(other)) => {
            plain(one).is_some_and(|text| !text.is_empty() && Some(text) == plain(other))
        }
        _ => false,
    }
}

/// A person with the handles that the card adds.
pub(super) fn completed(mut who: Identity, contact: Option<&Value>) -> Identity {
    if let Some(contact) = contact
        && (who.phone.is_none() || who.bsuid.is_none())
    {
        let card = identity(contact, "wa_id", "user_id");
        who.phone = who.phone.or(card.phone);
        who.bsuid = who.bsuid.or(card.bsuid);
    }
    who
}

#[cfg(test)]
mod tests;
