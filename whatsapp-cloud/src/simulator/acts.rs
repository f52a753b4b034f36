//! What customers do, kind by kind, in the shape in which webhooks tell it. An act that WhatsApp would not let
//! happen is refused with what to do instead. Never tells anything itself.

use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::world::{World, Wrote};

/// How long a person may edit what they wrote.
const EDIT: Span = Span::minutes(15);
/// How long a person may delete what they wrote.
const REVOKE: Span = Span::hours(48);
/// How long a permission to call holds that is not for ever.
const CALLS: Span = Span::hours(7 * 24);

/// Who does it, to which number, when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doing<'a> {
    pub(super) number: &'a str,
    pub(super) who: &'a str,
    pub(super) now: Timestamp,
}

type Done = Result<Value, String>;

fn text<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn need<'v>(object: &'v Value, key: &str, example: &str) -> Result<&'v str, String> {
    text(object, key).ok_or_else(|| format!("{key} is missing: write {example}"))
}

/// The parts of a message beside its type: its object under the kind, and what stands next to it.
pub(super) fn parts(
    world: &World,
    doing: Doing<'_>,
    kind: &str,
    given: Value,
) -> Result<Map<String, Value>, String> {
    let object = match kind {
        "text" => written(given),
        "reaction" => {
            need(&given, "message_id", r#"{"message_id": "wamid.…", "emoji": "👍"}"#)?;
            Ok(given)
        }
        "location" => location(given),
        "contacts" => contacts(given),
        "button" => button(&given),
        "interactive" => interactive(doing, &given),
        "order" => order(given),
        "edit" => edit(world, doing, &given),
        "revoke" => {
            let original = original(world, doing, &given, REVOKE, "deleted", "2 days")?;
            Ok(json!({"original_message_id": original.wamid}))
        }
        "unsupported" => return unsupported(&given),
        _ => Ok(given),
    };
    let object = object.map_err(|why| format!("{kind}: {why}"))?;
    let mut parts = Map::new();
    if !object.is_null() {
        parts.insert(kind.to_owned(), object);
    }
    Ok(parts)
}

fn written(given: Value) -> Done {
    need(&given, "body", r#"{"body": "Hello"}"#)?;
    Ok(given)
}

fn location(given: Value) -> Done {
    for key in ["latitude", "longitude"] {
        if !given.get(key).is_some_and(Value::is_number) {
            return Err(format!(
                r#"{key} must be a number: write {{"latitude": 41.02, "longitude": 28.97}}"#
            ));
        }
    }
    Ok(given)
}

fn contacts(given: Value) -> Done {
    match given.as_array() {
        Some(cards) if !cards.is_empty() && cards.iter().all(Value::is_object) => Ok(given),
        _ => Err(r#"write a list of cards: [{"name": {"formatted_name": "Ana"}, "phones": [{"phone": "+5511…"}]}]"#.to_owned()),
    }
}

/// A tap on a template's quick reply: without a payload of its own it sends its label.
fn button(given: &Value) -> Done {
    let label = text(given, "text").or_else(|| text(given, "payload"));
    let label = label
        .ok_or_else(|| r#"text is missing: write {"text": "Yes", "payload": "yes"}"#.to_owned())?;
    let payload = text(given, "payload").unwrap_or(label);
    Ok(json!({"payload": payload, "text": label}))
}

fn interactive(doing: Doing<'_>, given: &Value) -> Done {
    let kinds = "button_reply, list_reply, nfm_reply or call_permission_reply";
    let kind = text(given, "type").ok_or_else(|| format!("type is missing: write {kinds}"))?;
    let picked = given.get(kind).unwrap_or(&Value::Null);
    let picked = match kind {
        "button_reply" | "list_reply" => {
            let example = r#"{"id": "yes", "title": "Yes"}"#;
            let mut reply = json!({
                "id": need(picked, "id", example)?, "title": need(picked, "title", example)?,
            });
            let words = text(picked, "description").filter(|_| kind == "list_reply");
            if let (Some(words), Some(map)) = (words, reply.as_object_mut()) {
                map.insert("description".into(), json!(words));
            }
            reply
        }
        "nfm_reply" => answered_form(picked)?,
        "call_permission_reply" => call_permission(doing, picked)?,
        other => return Err(format!("type {other} is no answer: write {kinds}")),
    };
    Ok(json!({"type": kind, kind: picked}))
}

/// An answered flow or address form. Meta gives the answers as a text that holds JSON.
fn answered_form(given: &Value) -> Done {
    let example = r#"{"name": "flow", "response_json": {"flow_token": "…"}}"#;
    let name = need(given, "name", example)?;
    let answers = match given.get("response_json") {
        Some(Value::String(answers)) => {
            let read: Result<Value, _> = serde_json::from_str(answers);
            read.map_err(|error| format!("response_json holds no JSON: {error}"))?;
            answers.clone()
        }
        Some(answers @ Value::Object(_)) => answers.to_string(),
        _ => return Err(format!("response_json is missing: write {example}")),
    };
    let body = text(given, "body").unwrap_or("Sent");
    Ok(json!({"name": name, "body": body, "response_json": answers}))
}

fn call_permission(doing: Doing<'_>, given: &Value) -> Done {
    let example = r#"{"response": "accept"} or {"response": "reject"}"#;
    let response = need(given, "response", example)?;
    if response == "reject" {
        return Ok(json!({"response": "reject", "response_source": "user_action"}));
    }
    if response != "accept" {
        return Err(format!("response {response} is none: write {example}"));
    }
    let permanent = given.get("is_permanent").and_then(Value::as_bool).unwrap_or(false);
    let mut answer =
        json!({"response": "accept", "is_permanent": permanent, "response_source": "user_action"});
    if let Some(map) = answer.as_object_mut().filter(|_| !permanent) {
        let expires = (doing.now + CALLS).seconds().to_string();
        map.insert("expiration_timestamp".into(), json!(expires));
    }
    Ok(answer)
}

fn order(given: Value) -> Done {
    let example = r#"{"catalog_id": "1", "product_items": [{"product_retailer_id": "A", "quantity": 1, "item_price": 9.5, "currency": "EUR"}]}"#;
    need(&given, "catalog_id", example)?;
    let items = given.get("product_items").and_then(Value::as_array);
    let whole = |item: &Value| {
        text(item, "product_retailer_id").is_some()
            && ["quantity", "item_price", "currency"].iter().all(|key| item.get(key).is_some())
    };
    match items {
        Some(items) if !items.is_empty() && items.iter().all(whole) => Ok(given),
        _ => Err(format!("product_items is not whole: write {example}")),
    }
}

/// A message of this person to this number that may still be changed.
fn original<'w>(
    world: &'w World,
    doing: Doing<'_>,
    given: &Value,
    within: Span,
    what: &str,
    how_long: &str,
) -> Result<&'w Wrote, String> {
    let id = need(given, "original_message_id", r#"{"original_message_id": "wamid.…"}"#)?;
    let mine = |wrote: &&Wrote| {
        wrote.wamid == id && wrote.number == doing.number && wrote.from == doing.who
    };
    let found = world.wrote.iter().find(mine);
    let wrote = found.ok_or_else(|| {
        "original_message_id is no message of this person to this number".to_owned()
    })?;
    if doing.now - wrote.at > within {
        return Err(format!("a message can be {what} only for {how_long}"));
    }
    Ok(wrote)
}

/// New words for a text or under a file: `{"original_message_id", "body"}`, or Meta's own shape.
fn edit(world: &World, doing: Doing<'_>, given: &Value) -> Done {
    let wrote = original(world, doing, given, EDIT, "edited", "15 minutes")?;
    let kind = text(&wrote.message, "type").unwrap_or("text");
    if !["text", "image", "video", "document"].contains(&kind) {
        return Err(format!("a message of type {kind} has no words to edit"));
    }
    let within = given.get("message").unwrap_or(&Value::Null);
    let words = text(given, "body")
        .or_else(|| text(within.get(kind)?, if kind == "text" { "body" } else { "caption" }));
    let words = words.ok_or_else(|| {
        r#"body is missing: write {"original_message_id": "wamid.…", "body": "the new words"}"#
            .to_owned()
    })?;
    let mut object = wrote.message.get(kind).cloned().unwrap_or_else(|| json!({}));
    if let Some(map) = object.as_object_mut() {
        let key = if kind == "text" { "body" } else { "caption" };
        map.insert(key.into(), json!(words));
    }
    let message = json!({"type": kind, kind: object});
    Ok(json!({"original_message_id": wrote.wamid, "message": message}))
}

/// What cannot be passed on, and why: Meta's code, title and details.
const UNREADABLE: [(i64, &str, &str); 3] = [
    (131_051, "Message type unknown", "Message type is currently not supported."),
    (
        131_052,
        "Media file size too big. Max file size we currently support: 100MB. Please communicate with your customer to send a media file that is smaller than 100MB",
        "Media file size too big.",
    ),
    (131_060, "This message is currently unavailable.", "This message is currently unavailable."),
];

/// A message that WhatsApp does not pass on, of a type if one is given, and for a reason: a poll (131051, if no
/// code is given), a file over 100 MB (131052), what the Business app keeps for itself (131060).
fn unsupported(given: &Value) -> Result<Map<String, Value>, String> {
    let code = given.get("code").map_or(Some(131_051), Value::as_i64);
    let known = UNREADABLE.iter().find(|row| Some(row.0) == code);
    let (code, title, details) = known.ok_or("unsupported: code is 131051, 131052 or 131060")?;
    let error =
        json!({"code": code, "title": title, "message": title, "error_data": {"details": details}});
    let mut parts = Map::new();
    parts.insert("errors".into(), json!([error]));
    if let Some(kind) = text(given, "type") {
        parts.insert("unsupported".into(), json!({"type": kind}));
    }
    Ok(parts)
}
