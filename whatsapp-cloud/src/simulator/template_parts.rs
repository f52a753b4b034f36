//! The parts of a sent template that are no texts: files, places, products, buttons, offers, cards.

use serde_json::Value;
use whatsapp_core::template::limits::{COUPON_MAX, PAYLOAD_MAX, PRODUCTS_MAX, SECTIONS_MAX};

use super::error::GraphError;
use super::template_rules::{Place, components, count, given, list, missing, parameters, text};

type Checked = Result<(), GraphError>;

fn mismatch(place: &str, expected: &str, received: &str) -> GraphError {
    let received = if received.is_empty() { "UNKNOWN" } else { received };
    let details = format!(
        "{place}: Format mismatch, expected {}, received {}",
        expected.to_uppercase(),
        received.to_uppercase()
    );
    GraphError::new(132_012, details)
}

pub(super) fn media_header(part: &Value, place: Place<'_>) -> Checked {
    let format = text(part, "format").to_ascii_lowercase();
    let name = place.of("header");
    let [parameter] = parameters(place.sent, "header", None) else {
        return Err(mismatch(&name, &format, ""));
    };
    let received = text(parameter, "type");
    // Meta takes the film of a header that repeats under either word.
    let kind = if format == "gif" && received == "video" { "video" } else { format.as_str() };
    let object = parameter.get(kind).filter(|_| received == kind);
    let object = object.ok_or_else(|| mismatch(&name, &format, received))?;
    let has = |key: &str| object.get(key).and_then(crate::webhook::plain_text).is_some();
    let needs = |keys: &[&str]| match keys.iter().find(|key| !has(key)) {
        Some(key) => Err(missing(&name, key)),
        None => Ok(()),
    };
    match kind {
        "location" => needs(&["latitude", "longitude"]),
        "product" => needs(&["product_retailer_id", "catalog_id"]),
        _ if has("id") || has("link") => Ok(()),
        _ => Err(missing(&name, "id or link")),
    }
}

pub(super) fn offer(part: &Value, place: Place<'_>) -> Checked {
    let ends = part.pointer("/limited_time_offer/has_expiration").and_then(Value::as_bool);
    if ends == Some(false) {
        return Ok(());
    }
    let name = place.of("limited_time_offer");
    let ms = parameters(place.sent, "limited_time_offer", None)
        .first()
        .and_then(|p| p.pointer("/limited_time_offer/expiration_time_ms"))
        .and_then(crate::webhook::plain_text)
        .and_then(|ms| ms.parse::<i64>().ok());
    let ms = ms.ok_or_else(|| missing(&name, "expiration_time_ms"))?;
    if ms <= place.now.micros().div_euclid(1_000) {
        return Err(GraphError::new(
            131_009,
            format!("{name}: expiration_time_ms is in the past."),
        ));
    }
    Ok(())
}

pub(super) fn carousel(part: &Value, place: Place<'_>) -> Checked {
    let sent = given(place.sent, "carousel", None);
    let sent: Vec<&Value> = sent.into_iter().flat_map(|c| list(c, "cards")).collect();
    let wanted = list(part, "cards").count();
    if sent.len() != wanted {
        let why = format!("carousel: {} cards were sent, the template has {wanted}", sent.len());
        return Err(GraphError::new(132_012, why));
    }
    for (index, card) in list(part, "cards").enumerate() {
        let own = |card: &&&Value| {
            card.get("card_index").and_then(Value::as_u64) == u64::try_from(index).ok()
        };
        let sent = sent.iter().find(own).ok_or_else(|| missing("carousel", "card_index"))?;
        components(card, Place { sent, card: Some(index), ..place })?;
    }
    Ok(())
}

pub(super) fn buttons(part: &Value, place: Place<'_>) -> Checked {
    let all: Vec<&Value> = list(part, "buttons").collect();
    for sent in list(place.sent, "components") {
        if !text(sent, "type").eq_ignore_ascii_case("button") {
            continue;
        }
        let index = sent.get("index").and_then(crate::webhook::plain_text);
        let index = index.and_then(|index| index.parse::<usize>().ok());
        let button = index.and_then(|index| all.get(index));
        let name = place.of("buttons");
        let button = button
            .ok_or_else(|| GraphError::new(131_009, format!("{name}: index names no button.")))?;
        let (wanted, sub_type) = (sub_type(button), text(sent, "sub_type"));
        if !sub_type.eq_ignore_ascii_case(wanted) {
            return Err(mismatch(&name, wanted, sub_type));
        }
    }
    for (index, button) in all.into_iter().enumerate() {
        check_button(index, button, place)?;
    }
    Ok(())
}

/// What Meta calls a button of the template in a message.
fn sub_type(button: &Value) -> &'static str {
    match text(button, "type").to_ascii_uppercase().as_str() {
        "QUICK_REPLY" => "quick_reply",
        "COPY_CODE" => "copy_code",
        "FLOW" => "flow",
        "MPM" => "mpm",
        "CATALOG" => "catalog",
        "VOICE_CALL" => "voice_call",
        "PHONE_NUMBER" => "phone_number",
        _ => "url",
    }
}

fn check_button(index: usize, button: &Value, place: Place<'_>) -> Checked {
    let given = parameters(place.sent, "button", Some(index));
    let name = place.of(&format!("buttons: Button at index {index}"));
    let first = given.first();
    let word = |key: &str| first.map(|p| text(p, key)).unwrap_or_default();
    match sub_type(button) {
        "url" if text(button, "url").contains("{{") => {
            if given.is_empty() {
                let details = format!("{name} of type Url requires a parameter");
                return Err(GraphError::new(131_008, details));
            }
            match (given.len(), word("type")) {
                (1, "text") if !word("text").is_empty() => Ok(()),
                (1, "text") => Err(missing(&name, "text")),
                (1, other) => Err(mismatch(&name, "text", other)),
                (many, _) => Err(count(&name, many, 1)),
            }
        }
        "url" | "phone_number" if !given.is_empty() => Err(count(&name, given.len(), 0)),
        "quick_reply" if first.is_some() => within(&name, word("payload"), "payload", PAYLOAD_MAX),
        "copy_code" => within(&name, word("coupon_code"), "coupon_code", COUPON_MAX),
        "mpm" => products(&name, first),
        "flow" | "catalog" if first.is_some_and(|p| text(p, "type") != "action") => {
            Err(mismatch(&name, "action", word("type")))
        }
        _ => Ok(()),
    }
}

fn within(name: &str, value: &str, key: &str, most: usize) -> Checked {
    if value.is_empty() {
        return Err(missing(name, key));
    }
    if value.chars().count() > most {
        let why = format!("{name}: {key} has at most {most} characters.");
        return Err(GraphError::new(131_009, why));
    }
    Ok(())
}

fn products(name: &str, parameter: Option<&Value>) -> Checked {
    let action = parameter.and_then(|p| p.get("action"));
    let action = action.ok_or_else(|| missing(name, "action"))?;
    if text(action, "thumbnail_product_retailer_id").is_empty() {
        return Err(missing(name, "thumbnail_product_retailer_id"));
    }
    let sections: Vec<&Value> = list(action, "sections").collect();
    let items = sections.iter().flat_map(|section| list(section, "product_items")).count();
    if sections.is_empty() || items == 0 {
        return Err(missing(name, "sections"));
    }
    if sections.len() > SECTIONS_MAX || items > PRODUCTS_MAX {
        let why = format!("{name}: at most {PRODUCTS_MAX} products in {SECTIONS_MAX} sections.");
        return Err(GraphError::new(131_009, why));
    }
    Ok(())
}
