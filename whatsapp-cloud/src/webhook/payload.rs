//! The bytes of a webhook call: JSON with Meta's oddities. What it tells is read in `read`; never an error
//! because of what is merely unknown.

use std::collections::BTreeMap;

use serde_json::Value;
use whatsapp_core::Timestamp;

use super::read::read_call;
use super::wire::{list, scrub, text_of};
use super::{Change, WebhookError};

/// What a call tells, and how much of it this version does not know.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Parsed {
    /// Everything it tells, in Meta's order. What is unknown is among it, raw.
    pub changes: Vec<Change>,
    /// How often something unknown was met, by field and word: `messages/hologram`, `messaging_handovers`.
    /// Also where the event around the unknown word has a type.
    pub unknown: BTreeMap<String, u32>,
}

/// Reads a verified call. `received_at` stands in where Meta gives no time.
///
/// See <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components>.
///
/// # Errors
/// [`WebhookError::Malformed`] if it is not JSON or has no list of entries; nothing else is an error.
pub fn parse(body: &[u8], received_at: Timestamp) -> Result<Vec<Change>, WebhookError> {
    parse_counted(body, received_at).map(|parsed| parsed.changes)
}

/// Reads a verified call and counts what is not known: a number to watch after Meta's releases.
///
/// # Errors
/// As [`parse`].
pub fn parse_counted(body: &[u8], received_at: Timestamp) -> Result<Parsed, WebhookError> {
    let Value::Object(root) = json(body)? else {
        return Err(WebhookError::Malformed("it is not an object".into()));
    };
    read_call(root, received_at)
}

/// The ids of the numbers that a call, not yet verified, claims to be about: to look up whose secret to try.
#[must_use]
pub fn peek_phone_number_ids(body: &[u8]) -> Vec<String> {
    peek(body, |entry, found| {
        for change in list(entry, "changes") {
            let metadata = change.get("value").and_then(|value| value.get("metadata"));
            found.extend(metadata.and_then(|m| text_of(m, "phone_number_id")));
        }
    })
}

/// The ids of the accounts that a call, not yet verified, claims to be about.
#[must_use]
pub fn peek_waba_ids(body: &[u8]) -> Vec<String> {
    peek(body, |entry, found| found.extend(text_of(entry, "id")))
}

fn peek(body: &[u8], look: impl Fn(&Value, &mut Vec<String>)) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(root) = json(body) {
        list(&root, "entry").for_each(|entry| look(entry, &mut found));
    }
    found.sort();
    found.dedup();
    found
}

fn json(body: &[u8]) -> Result<Value, WebhookError> {
    let malformed = |why: &dyn std::fmt::Display| WebhookError::Malformed(why.to_string());
    let text = std::str::from_utf8(body).map_err(|error| malformed(&error))?;
    let parsed = serde_json::from_str(text).or_else(|error| {
        let mended = mend_surrogates(body).ok_or(error)?;
        serde_json::from_slice(&mended)
    });
    let mut root: Value = parsed.map_err(|error| malformed(&error))?;
    // The only way to write that character in JSON; a search of the bytes is cheaper than a walk of the tree.
    if text.contains("\\u0000") {
        scrub(&mut root);
    }
    Ok(root)
}

/// A text cut in the middle of an emoji has half a surrogate pair, which JSON readers refuse. It must not cost
/// us the whole call: each lonely half becomes the replacement character. `None` if there is none.
fn mend_surrogates(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut mended = false;
    let mut rest = body;
    while let Some((first, tail)) = rest.split_first() {
        if *first != b'\\' {
            out.push(*first);
            rest = tail;
            continue;
        }
        let length = match escape_unit(rest) {
            Some(0xD800..=0xDBFF)
                if rest
                    .get(6..)
                    .and_then(escape_unit)
                    .is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) =>
            {
                12
            }
            Some(0xD800..=0xDFFF) => {
                mended = true;
                out.extend_from_slice(b"\\ufffd");
                rest = rest.get(6..)?;
                continue;
            }
            Some(_) => 6,
            None => 2, // another escape, such as \\ or \n
        };
        let (whole, after) = rest.split_at_checked(length)?;
        out.extend_from_slice(whole);
        rest = after;
    }
    mended.then_some(out)
}

/// The value of a `\uXXXX` at the beginning.
fn escape_unit(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    let text = std::str::from_utf8(digits).ok()?;
    digits.iter().all(u8::is_ascii_hexdigit).then(|| u32::from_str_radix(text, 16).ok())?
}
