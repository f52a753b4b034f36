//! `{{name|fallback}}` in texts, replaced in one pass. Values are never read again, so a value that looks
//! like a placeholder stays what it is; a placeholder that names nothing becomes its fallback.

/// What came of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The text with its values.
    pub text: String,
    /// Placeholders that had neither value nor fallback; they were left empty.
    pub missing: Vec<String>,
}

/// Replaces every placeholder by what `value` knows of it.
///
/// A placeholder is two braces around a name of `A–Z a–z 0–9 _ .` (at most 64 characters), optionally a bar
/// and a fallback. Anything else in braces stays as it is, as ordinary marketing text needs it to.
///
/// ```
/// use whatsapp_core::interpolate::fill;
/// let filled = fill("Hello {{name|friend}}, {50% off}!", |_| None);
/// assert_eq!(filled.text, "Hello friend, {50% off}!");
/// assert!(filled.missing.is_empty());
/// ```
pub fn fill(template: &str, mut value: impl FnMut(&str) -> Option<String>) -> Filled {
    let mut filled = Filled { text: String::with_capacity(template.len()), missing: Vec::new() };
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.text.push_str(before);
        match after.split_once("}}").and_then(|(inner, tail)| placeholder(inner).map(|p| (p, tail)))
        {
            Some(((name, fallback), tail)) => {
                match value(name).or_else(|| fallback.map(str::to_owned)) {
                    Some(text) => filled.text.push_str(&text),
                    None => filled.missing.push(name.to_owned()),
                }
                rest = tail;
            }
            None => {
                filled.text.push_str("{{");
                rest = after;
            }
        }
    }
    filled.text.push_str(rest);
    filled
}

fn placeholder(inner: &str) -> Option<(&str, Option<&str>)> {
    let (name, fallback) = match inner.split_once('|') {
        Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
        None => (inner.trim(), None),
    };
    let good = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    good.then_some((name, fallback))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_text_with_braces_stays_as_it_is() {
        for text in
            ["50% off {#1 pick} today", "{{ not a name! }}", "{{name", "}} {{", "{% sale %}", ""]
        {
            assert_eq!(fill(text, |_| Some("X".into())).text, text, "{text}");
        }
    }

    #[test]
    fn what_has_no_value_and_no_fallback_is_named() {
        let filled = fill("{{a}}-{{b|}}", |_| None);
        assert_eq!((filled.text.as_str(), filled.missing), ("-", vec!["a".to_owned()]));
    }

    proptest! {
        #[test]
        fn a_hostile_value_appears_exactly_as_it_is(value in ".*") {
            let filled = fill("<{{name}}>", |_| Some(value.clone()));
            prop_assert_eq!(filled.text, format!("<{value}>"));
        }
    }
}
