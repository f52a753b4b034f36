//! The envelope of a webhook call. Reads all entries, changes and items; what is not understood stays raw and
//! never hides what is.

use serde_json::Value;
use whatsapp_core::Timestamp;

use super::wire::{list, scrub, text_of, time_of};
use super::{Change, Inbound, WebhookError, account, message, status};

/// Reads a verified call. `received_at` stands in where Meta gives no time.
///
/// # Errors
/// [`WebhookError::Malformed`] if it is not JSON or has no list of entries; nothing else is an error.
pub fn parse(body: &[u8], received_at: Timestamp) -> Result<Vec<Change>, WebhookError> {
    let root = read(body)?;
    let Some(entries) = root.get("entry").and_then(Value::as_array) else {
        return Err(WebhookError::Malformed("it has no list of entries".into()));
    };
    let mut out = Vec::new();
    for entry in entries {
        let waba_id = text_of(entry, "id").unwrap_or_default();
        for change in list(entry, "changes") {
            let field = [change, entry, &root].iter().find_map(|place| text_of(place, "field"));
            read_change(
                &mut Reader {
                    waba_id: &waba_id,
                    phone_number_id: None,
                    sent_at: time_of(entry, "time"),
                    received_at,
                    out: &mut out,
                },
                field.as_deref().unwrap_or_default(),
                change,
            );
        }
    }
    Ok(out)
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
    if let Ok(root) = read(body) {
        list(&root, "entry").for_each(|entry| look(entry, &mut found));
    }
    found.sort();
    found.dedup();
    found
}

/// What the readers of one change share.
pub(super) struct Reader<'a> {
    pub(super) waba_id: &'a str,
    pub(super) phone_number_id: Option<String>,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) received_at: Timestamp,
    out: &'a mut Vec<Change>,
}

impl Reader<'_> {
    pub(super) fn push(&mut self, inbound: Inbound) {
        self.out.push(Change {
            waba_id: self.waba_id.to_owned(),
            phone_number_id: self.phone_number_id.clone(),
            inbound,
        });
    }
    pub(super) fn raw(&mut self, field: &str, value: &Value) {
        self.push(Inbound::Raw { field: field.to_owned(), value: value.clone() });
    }
    /// The time of the call, else the time it came.
    pub(super) fn moment(&self) -> Timestamp {
        self.sent_at.unwrap_or(self.received_at)
    }
}

fn read_change(reader: &mut Reader<'_>, field: &str, change: &Value) {
    let Some(value) = change.get("value").filter(|value| value.is_object()) else {
        reader.raw(field, change);
        return;
    };
    reader.phone_number_id = value.get("metadata").and_then(|m| text_of(m, "phone_number_id"));
    match field {
        "messages" => read_messages(reader, value),
        "user_preferences" => account::preferences(reader, value),
        "user_id_update" => account::identities(reader, value),
        "message_template_status_update"
        | "message_template_quality_update"
        | "template_category_update" => account::template(reader, field, change, value),
        "phone_number_quality_update" => account::number(reader, value),
        "account_update" => account::account(reader, value),
        _ => reader.raw(field, value),
    }
}

fn read_messages(reader: &mut Reader<'_>, value: &Value) {
    let before = reader.out.len();
    for item in list(value, "messages") {
        message::read(reader, value, item);
    }
    for item in list(value, "statuses") {
        status::read(reader, item);
    }
    if reader.out.len() == before {
        reader.raw("messages", value); // errors, user actions, or something new
    } else {
        for (key, rest) in value.as_object().into_iter().flatten() {
            if matches!(key.as_str(), "errors" | "user_actions") {
                reader.raw("messages", &serde_json::json!({ (key.as_str()): rest }));
            }
        }
    }
}

fn read(body: &[u8]) -> Result<Value, WebhookError> {
    let parsed = serde_json::from_slice(body).or_else(|error| {
        let mended = mend_surrogates(body).ok_or(error)?;
        serde_json::from_slice(&mended)
    });
    let mut root: Value = parsed.map_err(|error| WebhookError::Malformed(error.to_string()))?;
    if !root.is_object() {
        return Err(WebhookError::Malformed("it is not an object".into()));
    }
    scrub(&mut root);
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
