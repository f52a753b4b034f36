//! Texts and their variables: which there are, where they stand, and whether each has a sample.

use serde_json::Value;

use super::{Broken, Checked, Rule, list, within, word};

/// So many letters and digits there must be around each variable. Meta gives no number; this is less than any
/// text that is known to be taken.
const LETTERS_FOR_EACH: usize = 3;

/// The names or numbers in double braces, each once, in order.
pub(crate) fn names(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (name, _) in text.split("{{").skip(1).filter_map(|piece| piece.split_once("}}")) {
        if !found.contains(&name.trim()) {
            found.push(name.trim());
        }
    }
    found
}

/// As [`names`], but only if they are written as Meta wants them.
pub(crate) fn variables<'a>(
    field: &str,
    text: &'a str,
    named: bool,
    rule: Rule,
) -> Result<Vec<&'a str>, Broken> {
    let opened = text.matches("{{").count();
    let all: Vec<&str> =
        text.split("{{").skip(1).filter_map(|p| p.split_once("}}")).map(|(name, _)| name).collect();
    if all.len() != opened || text.matches("}}").count() != opened {
        return Err(Broken::new(field, rule, "double braces that do not close"));
    }
    if text.contains("}}{{") {
        let why = "two variables next to each other: put words between them";
        return Err(Broken::new(field, rule, why));
    }
    let names = names(text);
    for (index, name) in names.iter().enumerate() {
        let first = name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        let word = first
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let number = name.parse() == Ok(index + 1);
        let why = match (named, word, number) {
            (true, true, _) | (false, _, true) => continue,
            (true, ..) => {
                format!("{{{{{name}}}}}: names have small letters, digits and underscores")
            }
            (false, true, _) => format!("{{{{{name}}}}} has a name: say parameter_format NAMED"),
            (false, false, false) => {
                format!("{{{{{name}}}}}: variables are {{{{1}}}}, {{{{2}}}} … in order")
            }
        };
        return Err(Broken::new(field, rule, why));
    }
    Ok(names)
}

/// A body, with its samples.
pub(super) fn check_body(at: &str, part: &Value, named: bool, most: usize) -> Checked {
    let (field, text) = (format!("{at}.text"), word(part, "text"));
    within(&field, text, most, Rule::Body)?;
    let names = variables(&field, text, named, Rule::Body)?;
    if names.is_empty() {
        return Ok(());
    }
    let whole = text.trim();
    if whole.starts_with("{{") || whole.ends_with("}}") {
        let why = "a text must not begin or end with a variable: put words around it";
        return Err(Broken::new(field, Rule::Edge, why));
    }
    let count = whole.matches("{{").count();
    if letters_around(whole) < count * LETTERS_FOR_EACH {
        let why = format!("{count} variables are too many for so little text");
        return Err(Broken::new(field, Rule::Density, why));
    }
    let positional = part.pointer("/example/body_text/0").and_then(Value::as_array);
    check_samples(at, "body_text", part, &names, named, positional)
}

/// A header's text, with its sample.
pub(super) fn check_header(at: &str, part: &Value, named: bool, most: usize) -> Checked {
    let (field, text) = (format!("{at}.text"), word(part, "text"));
    within(&field, text, most, Rule::Header)?;
    if text.contains(['\n', '\r', '*']) {
        let why = "a header has no line breaks and no bold letters";
        return Err(Broken::new(field, Rule::Header, why));
    }
    let names = variables(&field, text, named, Rule::Header)?;
    if names.len() > 1 {
        return Err(Broken::new(field, Rule::Header, "a header has at most one variable"));
    }
    let positional = part.pointer("/example/header_text").and_then(Value::as_array);
    check_samples(at, "header_text", part, &names, named, positional)
}

fn check_samples(
    at: &str,
    key: &str,
    part: &Value,
    names: &[&str],
    named: bool,
    positional: Option<&Vec<Value>>,
) -> Checked {
    let good = |sample: Option<&Value>| {
        sample.and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
    };
    let key = if named { format!("{key}_named_params") } else { key.to_owned() };
    let samples = part.get("example").map_or(&[][..], |example| list(example, &key));
    let missing = names.iter().enumerate().find(|(index, name)| {
        if named {
            let own = samples.iter().find(|sample| word(sample, "param_name") == **name);
            !good(own.and_then(|sample| sample.get("example")))
        } else {
            !good(positional.and_then(|row| row.get(*index)))
        }
    });
    if let Some((_, name)) = missing {
        let why = format!("give a sample for {{{{{name}}}}}");
        return Err(Broken::new(format!("{at}.example.{key}"), Rule::Sample, why));
    }
    let count = if named { samples.len() } else { positional.map_or(0, Vec::len) };
    if count > names.len() {
        let why = format!("{count} samples for {} variables", names.len());
        return Err(Broken::new(format!("{at}.example.{key}"), Rule::Sample, why));
    }
    Ok(())
}

fn letters_around(text: &str) -> usize {
    let outside = text.split("{{").enumerate().map(|(index, piece)| {
        if index == 0 { piece } else { piece.split_once("}}").map_or("", |(_, rest)| rest) }
    });
    outside.flat_map(str::chars).filter(|c| c.is_alphanumeric()).count()
}
