//! The rules of the envelope: to whom, what it answers, what comes back with its statuses.

use std::borrow::Cow;

use super::at::At;
use super::broken::{Broken, Kind};

/// The longest callback data, in characters.
const CALLBACK_MAX: usize = 512;

pub(super) fn check(message: At<'_>) -> Result<(), Broken> {
    message.one_of("recipient_type", &["individual", "group"])?;
    match (message.get("to"), message.get("recipient")) {
        (Some(to), None) => drop(to.length(usize::MAX)?),
        (None, Some(recipient)) => drop(recipient.length(usize::MAX)?),
        (None, None) => return Err(message.broken_at("to", Kind::Missing)),
        (Some(_), Some(recipient)) => {
            return Err(recipient.broken(Kind::NotAllowed(Cow::Borrowed("there is a to already"))));
        }
    }
    if message.get("recipient_type").is_some_and(|kind| kind.value == "group") {
        group(message)?;
    }
    if let Some(context) = message.get("context") {
        context.need_text("message_id")?;
    }
    if let Some(data) = message.get("biz_opaque_callback_data") {
        data.at_most(CALLBACK_MAX)?;
    }
    if let Some(hash) = message.get("recipient_identity_key_hash") {
        hash.length(usize::MAX)?;
    }
    message.one_of("product_policy", &["CLOUD_API_FALLBACK", "STRICT"])
}

/// A group takes texts, files and templates
/// (<https://developers.facebook.com/docs/whatsapp/cloud-api/groups>).
fn group(message: At<'_>) -> Result<(), Broken> {
    message.without("recipient", "a group is addressed by to")?;
    let Some(kind) = message.get("type") else { return Ok(()) };
    if ["location", "contacts", "reaction", "interactive"].contains(&kind.text()?) {
        let why = "a group takes texts, files and templates";
        return Err(kind.broken(Kind::NotAllowed(Cow::Borrowed(why))));
    }
    Ok(())
}

/// A kind of message, or of interactive message, that is not in Meta's documentation. The client lets it pass,
/// because Meta may add one; who stands in for Meta refuses it.
#[cfg(any(feature = "testing", test))]
pub(crate) fn unknown(wire: &serde_json::Value) -> Option<Broken> {
    let refused = |at: At<'_>, list: &[&str]| {
        let word = at.text().ok().unwrap_or_default();
        let why = super::words(list);
        (!list.contains(&word)).then(|| at.broken(Kind::NotAllowed(why)))
    };
    let message = At::root(wire);
    if let Some(broken) = message.get("type").and_then(|kind| refused(kind, &super::kinds::KNOWN)) {
        return Some(broken);
    }
    let kind = message.get("interactive")?.get("type")?;
    refused(kind, &super::interactive::KNOWN)
}
