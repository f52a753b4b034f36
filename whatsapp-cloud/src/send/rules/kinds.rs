//! The rules of the plain kinds: text, files, places, cards, reactions.
//! Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>

use serde_json::Value;

use super::at::At;
use super::broken::{Broken, Kind};

/// The kinds of message there are.
pub(super) const KNOWN: [&str; 11] = [
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "template",
    "interactive",
];

const TEXT_MAX: usize = 4_096;
const CAPTION_MAX: usize = 1_024;
const CARDS_MAX: usize = 257;

/// The kind as a word that lives as long as the program.
pub(super) fn known(kind: &str) -> Option<&'static str> {
    KNOWN.into_iter().find(|known| *known == kind)
}

pub(super) fn text(object: At<'_>) -> Result<(), Broken> {
    object.need("body")?.length(TEXT_MAX)?;
    flag(object, "preview_url")
}

/// A file: by id or by link, and only with the parts that its kind has.
pub(super) fn file(object: At<'_>, kind: &str) -> Result<(), Broken> {
    source(object)?;
    if let Some(caption) = object.get("caption") {
        if matches!(kind, "audio" | "sticker") {
            return object.without("caption", "only pictures, films and documents have one");
        }
        caption.at_most(CAPTION_MAX)?;
    }
    if let Some(name) = object.get("filename") {
        if kind != "document" {
            return object.without("filename", "only documents have one");
        }
        name.text()?;
    }
    if kind != "audio" {
        object.without("voice", "only a sound can be a voice note")?;
    }
    flag(object, "voice")
}

/// Exactly one of `id` and `link`.
pub(super) fn source(object: At<'_>) -> Result<(), Broken> {
    match (object.get("id"), object.get("link")) {
        (Some(id), None) => id.length(usize::MAX).map(drop),
        (None, Some(link)) => link.web_address(),
        (None, None) => Err(object.broken_at("id", Kind::Missing)),
        (Some(_), Some(link)) => {
            Err(link.broken(Kind::NotAllowed("give either id or link".into())))
        }
    }
}

pub(super) fn location(object: At<'_>) -> Result<(), Broken> {
    degrees(object.need("latitude")?, 90.0)?;
    degrees(object.need("longitude")?, 180.0)?;
    for key in ["name", "address"] {
        if let Some(at) = object.get(key) {
            at.text()?;
        }
    }
    Ok(())
}

fn degrees(at: At<'_>, most: f64) -> Result<(), Broken> {
    let number = match at.value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match number {
        Some(degrees) if (-most..=most).contains(&degrees) => Ok(()),
        _ => Err(at.invalid(format!("write degrees from -{most} to {most}"))),
    }
}

pub(super) fn reaction(object: At<'_>) -> Result<(), Broken> {
    object.need_text("message_id")?;
    object.need("emoji")?.text().map(drop)
}

pub(super) fn contacts(cards: At<'_>) -> Result<(), Broken> {
    let all = cards.items()?;
    cards.count(cards.value.as_array().map_or(0, Vec::len), 1, CARDS_MAX, "contacts")?;
    all.into_iter().try_for_each(card)
}

fn card(card: At<'_>) -> Result<(), Broken> {
    card.need("name")?.need_text("formatted_name")?;
    if let Some(birthday) = card.get("birthday")
        && !is_date(birthday.text()?)
    {
        return Err(birthday.invalid("write a date like 1990-12-31"));
    }
    for key in ["addresses", "emails", "phones", "urls"] {
        if let Some(list) = card.get(key) {
            drop(list.items()?);
        }
    }
    Ok(())
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut part = |digits: usize, least: u16, most: u16| {
        parts.next().is_some_and(|part| {
            part.len() == digits
                && part.bytes().all(|b| b.is_ascii_digit())
                && part.parse().is_ok_and(|number| (least..=most).contains(&number))
        })
    };
    part(4, 1, 9_999) && part(2, 1, 12) && part(2, 1, 31) && parts.next().is_none()
}

/// Yes or no, if it is there.
fn flag(object: At<'_>, key: &'static str) -> Result<(), Broken> {
    match object.get(key) {
        Some(at) if !at.value.is_boolean() => Err(at.invalid("write true or false")),
        _ => Ok(()),
    }
}
