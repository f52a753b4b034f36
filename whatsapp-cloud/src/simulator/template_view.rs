//! What a person sees of a template: its words with the values in them, its header, offer, buttons and cards.
//! Never checks anything: what comes here was accepted.

use serde_json::{Map, Value, json};

use super::template_rules::{list, parameters, text};
use crate::template::rules::names;

/// What the person sees: `{header, media, body, footer, offer, buttons, cards}`, each where there is one.
pub(super) fn rendered(all: &[Value], sent: &Value) -> Value {
    let language = sent.get("language").map(|l| text(l, "code")).unwrap_or_default();
    let found = all
        .iter()
        .find(|t| text(t, "name") == text(sent, "name") && text(t, "language") == language);
    Value::Object(found.map(|template| shown(template, sent)).unwrap_or_default())
}

/// The parts of a template, or of a card of its carousel, with the values that were sent for them.
fn shown(template: &Value, sent: &Value) -> Map<String, Value> {
    let mut out = Map::new();
    for part in list(template, "components") {
        let kind = text(part, "type").to_ascii_lowercase();
        match kind.as_str() {
            "header" => header(part, sent, &mut out),
            "body" => drop(out.insert("body".into(), json!(body(part, sent)))),
            "footer" => drop(out.insert("footer".into(), json!(footer(part)))),
            "buttons" => drop(out.insert("buttons".into(), buttons(part, sent))),
            "limited_time_offer" => drop(out.insert("offer".into(), offer(part, sent))),
            "carousel" => drop(out.insert("cards".into(), cards(part, sent))),
            "call_permission_request" | "request_contact_info" => {
                out.insert("asks".into(), json!(kind));
            }
            _ => {}
        }
    }
    out
}

fn header(part: &Value, sent: &Value, out: &mut Map<String, Value>) {
    let given = parameters(sent, "header", None);
    let format = text(part, "format").to_ascii_lowercase();
    if format == "text" {
        out.insert("header".into(), json!(fill(text(part, "text"), given)));
        return;
    }
    let object = given.first().and_then(|parameter| parameter.get(&format));
    out.insert("media".into(), json!({"kind": format, "object": object}));
}

fn body(part: &Value, sent: &Value) -> String {
    let given = parameters(sent, "body", None);
    let words = text(part, "text");
    if !words.is_empty() {
        return fill(words, given);
    }
    // An authentication template has no words of its own: Meta writes them.
    let code = given.first().map(value).unwrap_or_default();
    let advice = part.get("add_security_recommendation").and_then(Value::as_bool) == Some(true);
    let more = if advice { " For your security, do not share this code." } else { "" };
    format!("*{code}* is your verification code.{more}")
}

fn footer(part: &Value) -> String {
    match part.get("code_expiration_minutes").and_then(Value::as_u64) {
        Some(minutes) => format!("This code expires in {minutes} minutes."),
        None => text(part, "text").to_owned(),
    }
}

fn offer(part: &Value, sent: &Value) -> Value {
    let defined = part.get("limited_time_offer").unwrap_or(&Value::Null);
    let given = parameters(sent, "limited_time_offer", None).first();
    let ends = given.and_then(|p| p.pointer("/limited_time_offer/expiration_time_ms"));
    json!({"text": text(defined, "text"), "ends_ms": ends})
}

fn cards(part: &Value, sent: &Value) -> Value {
    let given = sent.get("components").and_then(Value::as_array).into_iter().flatten();
    let mut carousels = given.filter(|c| text(c, "type").eq_ignore_ascii_case("carousel"));
    let filled = carousels.next().and_then(|c| c.get("cards")).and_then(Value::as_array);
    let defined = part.get("cards").and_then(Value::as_array).into_iter().flatten();
    defined
        .enumerate()
        .map(|(index, card)| {
            let own = filled.into_iter().flatten().find(|card| {
                let place = card.get("card_index").and_then(Value::as_u64);
                place.and_then(|place| usize::try_from(place).ok()) == Some(index)
            });
            Value::Object(shown(card, own.unwrap_or(&Value::Null)))
        })
        .collect()
}

fn buttons(part: &Value, sent: &Value) -> Value {
    let all = part.get("buttons").and_then(Value::as_array).into_iter().flatten();
    all.enumerate()
        .map(|(index, button)| {
            let given = parameters(sent, "button", Some(index)).first();
            let label = text(button, "text");
            let payload = given.map(|p| text(p, "payload")).filter(|p| !p.is_empty());
            let url = fill(text(button, "url"), given.map_or(&[], std::slice::from_ref));
            let kind = text(button, "type").to_ascii_lowercase();
            let code = given.map(|p| text(p, "coupon_code")).filter(|code| !code.is_empty());
            let code = code.or_else(|| given.filter(|_| kind == "otp").map(|p| text(p, "text")));
            json!({
                "type": kind, "text": label, "payload": payload.unwrap_or(label), "url": url,
                "phone_number": text(button, "phone_number"), "code": code,
                "action": given.and_then(|p| p.get("action")),
            })
        })
        .collect()
}

/// The words of a value.
fn value(parameter: &Value) -> &str {
    let kind = text(parameter, "type");
    match parameter.get(kind) {
        Some(Value::String(words)) => words,
        Some(object) => text(object, "fallback_value"),
        None => "",
    }
}

fn fill(template: &str, given: &[Value]) -> String {
    names(template).iter().enumerate().fold(template.to_owned(), |filled, (index, name)| {
        let by_name = given.iter().find(|p| text(p, "parameter_name") == *name);
        let words = by_name.or_else(|| given.get(index)).map_or("", value);
        filled.replace(&format!("{{{{{name}}}}}"), words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carousel_shows_each_card_with_its_own_values() {
        let button = json!({"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "More"},
            {"type": "URL", "text": "Buy", "url": "https://shop.example/{{1}}"}]});
        let card = json!({"components": [{"type": "HEADER", "format": "IMAGE"}, button]});
        let template = json!({"name": "c", "language": "en", "components": [
            {"type": "BODY", "text": "Hi {{1}}"}, {"type": "CAROUSEL", "cards": [card, card]}]});
        let filled = |n: u8| {
            json!({"card_index": n, "components": [
                {"type": "header", "parameters": [{"type": "image", "image": {"id": n.to_string()}}]},
                {"type": "button", "sub_type": "url", "index": 1,
                 "parameters": [{"type": "text", "text": format!("item-{n}")}]}]})
        };
        let sent = json!({"name": "c", "language": {"code": "en"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            {"type": "carousel", "cards": [filled(0), filled(1)]}]});
        let view = rendered(&[template], &sent);
        assert_eq!(view["body"], "Hi Ana");
        assert_eq!(view["cards"][1]["media"]["object"]["id"], "1");
        assert_eq!(view["cards"][1]["buttons"][1]["url"], "https://shop.example/item-1");
        assert_eq!(view["cards"][0]["buttons"][0]["payload"], "More");
    }

    #[test]
    fn money_dates_offers_and_codes_are_shown_as_people_read_them() {
        let template = json!({"name": "o", "language": "en", "components": [
            {"type": "BODY", "text": "{{1}} until {{2}}."},
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Ends soon"}},
            {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "Copy code"}]}]});
        let sent = json!({"name": "o", "language": {"code": "en"}, "components": [
            {"type": "body", "parameters": [
                {"type": "currency", "currency": {"fallback_value": "€9.50"}},
                {"type": "date_time", "date_time": {"fallback_value": "Friday"}}]},
            {"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer",
                "limited_time_offer": {"expiration_time_ms": 5}}]},
            {"type": "button", "sub_type": "copy_code", "index": "0",
             "parameters": [{"type": "coupon_code", "coupon_code": "SAVE"}]}]});
        let view = rendered(&[template], &sent);
        assert_eq!(view["body"], "€9.50 until Friday.");
        assert_eq!(view["offer"], json!({"text": "Ends soon", "ends_ms": 5}));
        assert_eq!(view["buttons"][0]["code"], "SAVE");
    }
}
