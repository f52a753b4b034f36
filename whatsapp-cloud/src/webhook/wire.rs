//! Lenient readers: ids and times as text or number, absent and empty alike. Never fails, never guesses.

use serde_json::Value;
use whatsapp_core::{Identity, Phone, Timestamp};

/// From here on a number that was not written as a whole one has lost digits.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A text, or a number as text; blank is absent.
pub(crate) fn text_of(value: &Value, key: &str) -> Option<String> {
    plain_text(value.get(key)?)
}

/// As [`text_of`], of the value itself.
pub(crate) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => {
            let cut = number.is_f64() && number.as_f64().is_none_or(|n| n.abs() >= EXACT);
            (!cut).then(|| number.to_string())
        }
        _ => None,
    }
}

/// A text that may be empty.
pub(super) fn any_text(value: &Value, key: &str) -> String {
    str_of(value, key).unwrap_or_default().to_owned()
}

/// A text, borrowed; it may be empty.
pub(super) fn str_of<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// One of Meta's words; blank is absent.
pub(super) fn word_of<T>(value: &Value, key: &str, read: impl Fn(&str) -> T) -> Option<T> {
    str_of(value, key).filter(|word| !word.trim().is_empty()).map(read)
}

/// A part that is an object.
pub(super) fn part<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|part| part.is_object())
}

pub(super) fn flag(value: &Value, key: &str) -> bool {
    flag_of(value, key).unwrap_or(false)
}

/// A yes or no, also if written as text.
pub(super) fn flag_of(value: &Value, key: &str) -> Option<bool> {
    match value.get(key)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// A whole number, also if written as text or with an empty fraction (`2.0`).
pub(super) fn number(value: &Value, key: &str) -> Option<i64> {
    let plain = match value.get(key)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => return None,
    };
    plain.or_else(|| whole(decimal(value, key)?))
}

/// The whole number that this is exactly, if it is one.
fn whole(number: f64) -> Option<i64> {
    if number.fract() != 0.0 || number.abs() >= EXACT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and far from the limits")]
    let whole = number as i64;
    Some(whole)
}

pub(super) fn decimal(value: &Value, key: &str) -> Option<f64> {
    match value.get(key)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|n| n.is_finite())
}

/// The last second of the year 9999: later than that is no moment, and arithmetic stays far from its limits.
const LAST_SECOND: i64 = 253_402_300_799;

/// Seconds since the epoch, as text or number.
pub(super) fn time_of(value: &Value, key: &str) -> Option<Timestamp> {
    number(value, key)
        .filter(|seconds| (1..=LAST_SECOND).contains(seconds))
        .map(Timestamp::from_seconds)
}

/// The entries of a list; nothing if it is none.
pub(super) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The entries of a list that are texts or whole numbers.
pub(super) fn texts(value: &Value, key: &str) -> Vec<String> {
    list(value, key).filter_map(plain_text).collect()
}

pub(super) fn phone_of(value: &Value, key: &str) -> Option<Phone> {
    match value.get(key)? {
        Value::String(digits) if digits.trim().is_empty() => None,
        Value::String(digits) => Phone::from_wa_id(digits).ok(),
        other => Phone::from_wa_id(&plain_text(other)?).ok(),
    }
}

/// A person, from the keys that hold the number and the business-scoped id.
pub(super) fn identity(value: &Value, phone_key: &str, bsuid_key: &str) -> Identity {
    Identity { phone: phone_of(value, phone_key), bsuid: text_of(value, bsuid_key) }
}

pub(super) const fn is_somebody(identity: &Identity) -> bool {
    identity.phone.is_some() || identity.bsuid.is_some()
}

/// Replaces the NUL character, which databases refuse, in all texts and keys.
pub(super) fn scrub(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('\0') => *text = text.replace('\0', "\u{fffd}"),
        Value::Array(items) => items.iter_mut().for_each(scrub),
        Value::Object(map) => {
            map.values_mut().for_each(scrub);
            if map.keys().any(|key| key.contains('\0')) {
                let clean = |(key, part): (String, Value)| (key.replace('\0', "\u{fffd}"), part);
                *map = std::mem::take(map).into_iter().map(clean).collect();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_keeps_every_digit_or_is_absent() {
        let call: Value = serde_json::from_str(
            r#"{"a": 18446744073709551615, "b": 9007199254740993, "c": 99999999999999999999, "d": " ", "e": 1.5}"#,
        )
        .expect("json");
        assert_eq!(text_of(&call, "a").as_deref(), Some("18446744073709551615"));
        assert_eq!(text_of(&call, "b").as_deref(), Some("9007199254740993"));
        assert_eq!(text_of(&call, "c"), None, "its last digits are lost already");
        assert_eq!(text_of(&call, "d"), None);
        assert_eq!(text_of(&call, "e").as_deref(), Some("1.5"));
    }

    #[test]
    fn times_and_flags_are_read_as_text_or_not() {
        let call = json!({"a": "1790000000", "b": 1_790_000_000, "c": "soon", "d": -5, "g": i64::MAX, "e": "TRUE", "f": true});
        let at = Some(Timestamp::from_seconds(1_790_000_000));
        assert_eq!((time_of(&call, "a"), time_of(&call, "b")), (at, at));
        for odd in ["c", "d", "g", "h"] {
            assert_eq!(time_of(&call, odd), None, "{odd}");
        }
        assert_eq!(
            (flag_of(&call, "e"), flag_of(&call, "f"), flag_of(&call, "a")),
            (Some(true), Some(true), None)
        );
    }

    #[test]
    fn a_whole_number_may_come_with_an_empty_fraction_and_is_never_rounded() {
        let call = json!({"a": 2.0, "b": "3.0", "c": 2.5, "d": 1e300, "e": "-4", "f": true});
        let read = ["a", "b", "c", "d", "e", "f"].map(|key| number(&call, key));
        assert_eq!(read, [Some(2), Some(3), None, None, Some(-4), None]);
    }
}
