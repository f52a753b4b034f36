//! What Meta tells of a person: wishes, other numbers and ids, another device, taps on links.

use serde_json::Value;
use whatsapp_core::{Identity, Timestamp};

use super::message::{IdentityKey, Profile, completed, contact_of};
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{identity, is_somebody, part, phone_of, str_of, text_of, time_of};

/// A customer wants no marketing any more, or wants it again.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/user-preferences>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserPreference {
    /// Who.
    pub identity: Identity,
    /// What WhatsApp shows of that person.
    pub profile: Profile,
    /// True: no more marketing.
    pub stop: bool,
    /// Meta's words.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The item as Meta wrote it.
    pub raw: Value,
}

/// A customer has another number or id than before.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#messages-object>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityChange {
    /// Meta's id of the message that says so, if it is one.
    pub wamid: Option<String>,
    /// As known so far.
    pub before: Identity,
    /// From now on; what is `None` did not change.
    pub after: Identity,
    /// What WhatsApp shows of that person.
    pub profile: Profile,
    /// The id that held across the businesses of one portfolio.
    pub parent_before: Option<String>,
    /// The one that holds now.
    pub parent_after: Option<String>,
    /// Meta's words.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The item as Meta wrote it.
    pub raw: Value,
}

/// A customer's device key is another.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers#identity-change-check>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityKeyChange {
    /// Meta's id of the message that says so.
    pub wamid: Option<String>,
    /// Whose.
    pub identity: Identity,
    /// The new key.
    pub key: Option<IdentityKey>,
    /// Meta's words.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The item as Meta wrote it.
    pub raw: Value,
}

/// A customer did something with a message of ours.
///
/// <https://developers.facebook.com/docs/whatsapp/marketing-messages-lite-api>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserAction {
    /// What.
    pub kind: UserActionKind,
    /// When.
    pub at: Timestamp,
    /// The item as Meta wrote it.
    pub raw: Value,
}

/// What a customer did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserActionKind {
    /// Tapped a link of a marketing message.
    MarketingLinkClick {
        /// `cta` (the button) or `body` (a link in the text).
        component: Option<String>,
        /// Meta's id of the click.
        click_id: Option<String>,
        /// The product.
        product_id: Option<String>,
        /// The token that stands for the message.
        tracking_token: Option<String>,
    },
    /// Something this version does not know, in Meta's word.
    Other(String),
}

/// Reads a system message of the customer's chat.
pub(super) fn system(reader: &Reader<'_>, item: Value) -> Result<Inbound, Value> {
    let word = part(&item, "system").and_then(|system| str_of(system, "type"));
    let found = match word {
        Some("customer_identity_changed") => {
            key_change(reader, &item).map(|change| Inbound::IdentityKeyChanged(Box::new(change)))
        }
        Some(word) => system_change(reader, &item, word)
            .map(|change| Inbound::IdentityChanged(Box::new(change))),
        None => None,
    };
    let Some(mut inbound) = found else { return Err(item) };
    match &mut inbound {
        Inbound::IdentityKeyChanged(change) => change.raw = item,
        Inbound::IdentityChanged(change) => change.raw = item,
        _ => {}
    }
    Ok(inbound)
}

fn system_change(reader: &Reader<'_>, item: &Value, word: &str) -> Option<IdentityChange> {
    let system = part(item, "system")?;
    let mut before = identity(item, "from", "from_user_id");
    before.phone = before.phone.or_else(|| phone_of(system, "customer"));
    let mut after = identity(system, "wa_id", "user_id");
    match word {
        "user_changed_number" => {
            after.phone = after.phone.or_else(|| phone_of(system, "new_wa_id"))
        }
        "user_changed_user_id" => {}
        _ => return None,
    }
    (is_somebody(&before) && is_somebody(&after)).then(|| IdentityChange {
        wamid: text_of(item, "id"),
        before,
        after,
        profile: contact_of(&reader.contacts, item, "from", "from_user_id")
            .map(Profile::read)
            .unwrap_or_default(),
        parent_before: text_of(item, "from_parent_user_id"),
        parent_after: text_of(system, "parent_user_id"),
        detail: text_of(system, "body"),
        at: time_of(item, "timestamp").unwrap_or_else(|| reader.moment()),
        raw: Value::Null,
    })
}

fn key_change(reader: &Reader<'_>, item: &Value) -> Option<IdentityKeyChange> {
    let system = part(item, "system")?;
    let mut who = identity(item, "from", "from_user_id");
    who.phone = who.phone.or_else(|| phone_of(system, "customer"));
    is_somebody(&who).then(|| IdentityKeyChange {
        wamid: text_of(item, "id"),
        identity: who,
        key: IdentityKey::read(item).or_else(|| {
            let hash = text_of(system, "identity")?; // as it was in 2021
            Some(IdentityKey { hash, acknowledged: None, created_at: None })
        }),
        detail: text_of(system, "body"),
        at: time_of(item, "timestamp").unwrap_or_else(|| reader.moment()),
        raw: Value::Null,
    })
}

/// Reads who wants marketing and who does not.
pub(in crate::webhook) fn preference(
    reader: &mut Reader<'_>,
    item: Value,
) -> Result<Inbound, Value> {
    let stop = match str_of(&item, "value").unwrap_or_default() {
        word if word.eq_ignore_ascii_case("stop") => true,
        word if word.eq_ignore_ascii_case("resume") => false,
        _ => return Err(item),
    };
    let about = str_of(&item, "category").filter(|about| !about.is_empty());
    let contact = contact_of(&reader.contacts, &item, "wa_id", "user_id");
    let who = completed(identity(&item, "wa_id", "user_id"), contact);
    if about.unwrap_or("marketing_messages") != "marketing_messages" || !is_somebody(&who) {
        return Err(item);
    }
    Ok(Inbound::UserPreference(Box::new(UserPreference {
        identity: who,
        profile: contact.map(Profile::read).unwrap_or_default(),
        stop,
        detail: text_of(&item, "detail"),
        at: time_of(&item, "timestamp").unwrap_or_else(|| reader.moment()),
        raw: item,
    })))
}

/// Reads whose business-scoped id is another now.
pub(in crate::webhook) fn identity_change(
    reader: &mut Reader<'_>,
    item: Value,
) -> Result<Inbound, Value> {
    let both = |key: &str| {
        let ids = part(&item, key);
        (ids.and_then(|i| text_of(i, "previous")), ids.and_then(|i| text_of(i, "current")))
    };
    let (previous, current) = both("user_id");
    let (parent_before, parent_after) = both("parent_user_id");
    let before = Identity { phone: phone_of(&item, "wa_id"), bsuid: previous };
    let after = Identity { phone: None, bsuid: current };
    let card = changed_card(&reader.contacts, &item, [&before.bsuid, &after.bsuid]);
    let profile = card.map(Profile::read).unwrap_or_default();
    if !is_somebody(&before) || !is_somebody(&after) {
        return Err(item);
    }
    Ok(Inbound::IdentityChanged(Box::new(IdentityChange {
        wamid: None,
        before,
        after,
        profile,
        parent_before,
        parent_after,
        detail: text_of(&item, "detail"),
        at: time_of(&item, "timestamp").unwrap_or_else(|| reader.moment()),
        raw: item,
    })))
}

/// The card of a person with two ids: the one that names either or the number, else the only one.
fn changed_card<'a>(
    contacts: &'a Value,
    item: &Value,
    ids: [&Option<String>; 2],
) -> Option<&'a Value> {
    let either = |card: &&Value| {
        let id = text_of(card, "user_id");
        id.is_some() && ids.contains(&&id)
    };
    contact_of(contacts, item, "wa_id", "no such key").or_else(|| {
        let cards = contacts.as_array()?;
        cards.iter().find(either).or(match cards.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    })
}

/// Reads what a customer did.
pub(in crate::webhook) fn action(reader: &mut Reader<'_>, item: Value) -> Result<Inbound, Value> {
    let Some(word) = text_of(&item, "action_type") else { return Err(item) };
    let kind = match part(&item, "marketing_messages_link_click_data") {
        Some(click) if word == "marketing_messages_link_click" => {
            UserActionKind::MarketingLinkClick {
                component: text_of(click, "click_component"),
                click_id: text_of(click, "click_id"),
                product_id: text_of(click, "product_id"),
                tracking_token: text_of(click, "tracking_token"),
            }
        }
        _ => {
            reader.count(&word);
            UserActionKind::Other(word)
        }
    };
    let at = time_of(&item, "timestamp").unwrap_or_else(|| reader.moment());
    Ok(Inbound::UserAction(Box::new(UserAction { kind, at, raw: item })))
}
