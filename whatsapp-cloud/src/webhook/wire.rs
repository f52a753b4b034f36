//! Lenient readers: ids and times as text or number, absent and empty alike. Never fails, never guesses.

use serde_json::Value;
use whatsapp_core::{Identity, Phone, Timestamp};

/// A text, or a whole number as text; blank is absent.
pub(crate) fn text_of(value: &Value, key: &str) -> Option<String> {
    plain_text(value.get(key)?)
}

/// As [`text_of`], of the value itself.
pub(crate) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text that may be empty.
pub(super) fn any_text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub(super) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// A number, also if written as text.
pub(super) fn number(value: &Value, key: &str) -> Option<i64> {
    match value.get(key)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub(super) fn decimal(value: &Value, key: &str) -> Option<f64> {
    match value.get(key)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|n| n.is_finite())
}

/// Seconds since the epoch, as text or number.
pub(super) fn time_of(value: &Value, key: &str) -> Option<Timestamp> {
    number(value, key).filter(|seconds| *seconds > 0).map(Timestamp::from_seconds)
}

/// The entries of a list; nothing if it is none.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn phone_of(value: &Value, key: &str) -> Option<Phone> {
    text_of(value, key).and_then(|digits| Phone::from_wa_id(&digits).ok())
}

/// A person, from the keys that hold the number and the business-scoped id.
pub(super) fn identity(value: &Value, phone_key: &str, bsuid_key: &str) -> Identity {
    Identity { phone: phone_of(value, phone_key), bsuid: text_of(value, bsuid_key) }
}

pub(super) const fn is_somebody(identity: &Identity) -> bool {
    identity.phone.is_some() || identity.bsuid.is_some()
}

/// Replaces the NUL character, which databases refuse, in all texts.
pub(super) fn scrub(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::Object(map) => map.values_mut().for_each(scrub),
        _ => {}
    }
}
