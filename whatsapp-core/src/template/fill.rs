//! Filling a template in for one person: values are checked first, then Meta's components and the text people
//! read are written. Never fills a value again that looks like a placeholder.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::limits::{BODY_MAX, CARD_BODY_MAX};
use super::parameter::{Given, check};
use super::slot::{Kind, Part, Slot, card_prefix, list, parts, slots, text, word};
use super::{Template, Variables, wrong};
use crate::message::TemplateContent;
use crate::{Contact, Error, interpolate};

pub(super) fn fill(
    template: &Template,
    variables: &Variables,
    contact: Option<&Contact>,
) -> Result<TemplateContent, Error> {
    let known = slots(template);
    let stranger = |key: &str| !known.iter().any(|slot| slot.variable.key == key);
    if let Some((key, _)) =
        variables.iter().find(|(key, _)| stranger(key) && !key.ends_with(".media"))
    {
        let names: Vec<_> = known.iter().map(|slot| slot.variable.key.as_str()).collect();
        let names = names.join(", ");
        return Err(wrong(key, format!("this template has no variable {key}; it has: {names}")));
    }
    let mut values = BTreeMap::new();
    for slot in &known {
        if let Some(value) = value(template, slot, variables, contact)? {
            values.insert(slot.variable.key.clone(), value);
        }
    }
    let mut out = TemplateContent {
        template: template.id,
        name: template.name.clone(),
        language: template.language.clone(),
        components: json!([]),
        header: None,
        body: String::new(),
        footer: None,
        buttons: Vec::new(),
    };
    let given = Given::new(values, template.named);
    out.components = Value::Array(components(template, &given, &mut out)?);
    Ok(out)
}

/// A value as it is sent; `None` where none is needed and none is given.
fn value(
    template: &Template,
    slot: &Slot,
    variables: &Variables,
    contact: Option<&Contact>,
) -> Result<Option<String>, Error> {
    let key = &slot.variable.key;
    let given = variables.get(key).unwrap_or_default();
    // Data of a flow is JSON, in which braces are its own.
    let text = match slot.kind {
        Kind::Object => given.trim().to_owned(),
        _ => {
            let filled = interpolate::fill(given, |name| contact.and_then(|c| c.value(name)));
            filled.text.trim().to_owned()
        }
    };
    if text.is_empty() {
        let why = match slot.kind {
            _ if !slot.required => return Ok(None),
            Kind::Link => format!(
                "template {} begins with a file: give its https address as {key}",
                template.name
            ),
            _ => format!("give a value for {key} of template {}", template.name),
        };
        return Err(wrong(key, why));
    }
    check(key, slot.kind, &text)?;
    Ok(Some(text))
}

fn components(
    template: &Template,
    given: &Given,
    out: &mut TemplateContent,
) -> Result<Vec<Value>, Error> {
    let mut all = Vec::new();
    for part in parts(template) {
        match part.kind().as_str() {
            "header" => {
                if part.format() == "text" {
                    out.header = Some(read(&part, "header", given));
                }
                all.extend(given.header(&part));
            }
            "body" => {
                out.body = read(&part, "body", given);
                within("body", &out.body, BODY_MAX)?;
                all.extend(given.body(&part));
            }
            "footer" => out.footer = Some(part.text().to_owned()),
            "limited_time_offer" => all.extend(given.offer(&part)?),
            "buttons" => {
                out.buttons.extend(part.buttons().map(|(_, button)| label(button)));
                all.extend(given.buttons(&part)?);
            }
            "carousel" => all.push(carousel(&part, given)?),
            _ => {}
        }
    }
    Ok(all)
}

/// All cards, in order: Meta wants each of them, also one without values.
fn carousel(part: &Part<'_>, given: &Given) -> Result<Value, Error> {
    let mut cards = Vec::new();
    for (index, card) in part.cards() {
        let prefix = card_prefix(index);
        let mut components = Vec::new();
        for value in list(card, "components") {
            let part = Part { value, prefix: &prefix, otp: false };
            match part.kind().as_str() {
                "header" => components.extend(given.header(&part)),
                "body" => {
                    within(&part.key("body"), &read(&part, "body", given), CARD_BODY_MAX)?;
                    components.extend(given.body(&part));
                }
                "buttons" => components.extend(given.buttons(&part)?),
                _ => {}
            }
        }
        cards.push(json!({"card_index": index, "components": components}));
    }
    Ok(json!({"type": "carousel", "cards": cards}))
}

/// A text as people read it.
fn read(part: &Part<'_>, component: &str, given: &Given) -> String {
    let value =
        |name: &str| given.get(&part.key(&format!("{component}.{name}"))).map(str::to_owned);
    if part.text().is_empty() {
        return value("1").unwrap_or_default(); // a one-time code, to which Meta writes the words
    }
    interpolate::fill(part.text(), value).text
}

fn within(key: &str, filled: &str, most: usize) -> Result<(), Error> {
    if filled.chars().count() <= most {
        return Ok(());
    }
    let most = if most == BODY_MAX { "1,024".to_owned() } else { most.to_string() };
    Err(wrong(key, format!("the text with its values is longer than {most} characters")))
}

/// What stands on a button; some have words that only the app knows.
fn label(button: &Value) -> String {
    let words = match word(button, "type").as_str() {
        "copy_code" => "Copy offer code",
        "mpm" => "View items",
        "catalog" => "View catalog",
        _ => "",
    };
    Some(text(button, "text")).filter(|text| !text.is_empty()).unwrap_or(words).to_owned()
}
