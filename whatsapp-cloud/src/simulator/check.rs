//! The form of a message: what Meta refuses at once. Knows no state but which files exist.

use serde_json::Value;

use super::error::GraphError;

const KINDS: [&str; 11] = [
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

/// Checks the envelope and the object under its type.
pub(super) fn message(body: &Value, has_file: impl Fn(&str) -> bool) -> Result<(), GraphError> {
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("text");
    if !KINDS.contains(&kind) {
        return Err(GraphError::new(100, format!("type must be one of {}.", KINDS.join(", "))));
    }
    let data = body.get("biz_opaque_callback_data");
    if data.is_some_and(|data| !matches!(data.as_str(), Some(text) if text.chars().count() <= 512))
    {
        return Err(invalid("biz_opaque_callback_data", "at most 512 characters"));
    }
    let object = body.get(kind).ok_or_else(|| missing(kind))?;
    match kind {
        "text" => length(object, "body", 1, 4_096),
        "image" | "video" | "audio" | "document" | "sticker" => file(kind, object, has_file),
        "location" => ["latitude", "longitude"].iter().try_for_each(|key| {
            let there = object.get(key).is_some_and(|v| v.is_number() || v.is_string());
            if there { Ok(()) } else { Err(missing(key)) }
        }),
        "reaction" => required(object, "message_id").map(drop),
        "contacts" => contacts(object),
        "interactive" => interactive(object),
        _ => required(object, "name")
            .and_then(|_| required(object.get("language").unwrap_or(&Value::Null), "code"))
            .map(drop),
    }
}

fn missing(key: &str) -> GraphError {
    GraphError::new(131_008, format!("Parameter {key} is required."))
}

fn invalid(key: &str, why: &str) -> GraphError {
    GraphError::new(131_009, format!("Parameter {key}: {why}."))
}

fn required<'a>(object: &'a Value, key: &str) -> Result<&'a str, GraphError> {
    object.get(key).and_then(Value::as_str).filter(|t| !t.is_empty()).ok_or_else(|| missing(key))
}

fn length(object: &Value, key: &str, least: usize, most: usize) -> Result<(), GraphError> {
    let Some(text) = object.get(key).and_then(Value::as_str) else { return Err(missing(key)) };
    if (least..=most).contains(&text.chars().count()) {
        return Ok(());
    }
    Err(invalid(key, &format!("{least} to {most} characters")))
}

fn at_most(object: &Value, key: &str, most: usize) -> Result<(), GraphError> {
    if object.get(key).is_some() { length(object, key, 0, most) } else { Ok(()) }
}

fn file(kind: &str, object: &Value, has_file: impl Fn(&str) -> bool) -> Result<(), GraphError> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    match (text("id"), text("link")) {
        (Some(id), None) if has_file(id) => {}
        (Some(_), None) => return Err(invalid("id", "there is no such file of this number")),
        (None, Some(link)) if link.starts_with("https://") || link.starts_with("http://") => {}
        (None, Some(_)) => return Err(invalid("link", "must be a web address")),
        (None, None) => return Err(missing("id or link")),
        (Some(_), Some(_)) => return Err(GraphError::new(100, "Give either id or link.")),
    }
    if matches!(kind, "audio" | "sticker") && object.get("caption").is_some() {
        return Err(GraphError::new(100, format!("A {kind} has no caption.")));
    }
    at_most(object, "caption", 1_024)
}

fn contacts(object: &Value) -> Result<(), GraphError> {
    let cards = object.as_array().filter(|cards| (1..=257).contains(&cards.len()));
    let cards = cards.ok_or_else(|| invalid("contacts", "1 to 257 cards"))?;
    cards.iter().try_for_each(|card| {
        required(card.get("name").unwrap_or(&Value::Null), "formatted_name").map(drop)
    })
}

fn interactive(object: &Value) -> Result<(), GraphError> {
    let kind = required(object, "type")?;
    let action = object.get("action").ok_or_else(|| missing("action"))?;
    let most = if kind == "list" { 4_096 } else { 1_024 };
    if let Some(body) = object.get("body") {
        length(body, "text", 1, most)?;
    } else if kind != "product" {
        return Err(missing("body"));
    }
    if let Some(footer) = object.get("footer") {
        length(footer, "text", 1, 60)?;
    }
    match kind {
        "button" => {
            let buttons = items(action, "buttons", 1, 3)?;
            let replies: Vec<&Value> =
                buttons.iter().map(|b| b.get("reply").unwrap_or(&Value::Null)).collect();
            each(&replies, 20, 256)
        }
        "list" => {
            length(action, "button", 1, 20)?;
            let sections = items(action, "sections", 1, 10)?;
            let rows: Vec<&Value> = sections
                .iter()
                .flat_map(|s| s.get("rows").and_then(Value::as_array).into_iter().flatten())
                .collect();
            if !(1..=10).contains(&rows.len()) {
                return Err(invalid("rows", "1 to 10 in all"));
            }
            for row in &rows {
                at_most(row, "description", 72)?;
            }
            each(&rows, 24, 200)
        }
        _ => Ok(()),
    }
}

fn items<'a>(
    object: &'a Value,
    key: &str,
    least: usize,
    most: usize,
) -> Result<&'a Vec<Value>, GraphError> {
    let list = object.get(key).and_then(Value::as_array).ok_or_else(|| missing(key))?;
    if (least..=most).contains(&list.len()) {
        return Ok(list);
    }
    Err(invalid(key, &format!("{least} to {most} entries")))
}

/// Buttons and rows: short titles, and ids of which none comes twice.
fn each(choices: &[&Value], title: usize, id: usize) -> Result<(), GraphError> {
    let mut ids = Vec::new();
    for choice in choices {
        length(choice, "title", 1, title)?;
        length(choice, "id", 1, id)?;
        ids.push(choice.get("id").and_then(Value::as_str));
    }
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(invalid("id", "each id only once"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(body: &Value) -> Result<(), i64> {
        message(body, |id| id == "9").map_err(|error| error.code())
    }

    fn reply(id: &str, title: &str) -> Value {
        json!({"type": "reply", "reply": {"id": id, "title": title}})
    }

    fn buttons(buttons: &[Value]) -> Value {
        json!({"type": "interactive", "interactive": {
            "type": "button", "body": {"text": "Which?"}, "action": {"buttons": buttons}}})
    }

    #[test]
    fn what_has_the_right_form_passes() {
        let rows: Vec<_> = (0..10).map(|n| json!({"id": n.to_string(), "title": "t"})).collect();
        for body in [
            json!({"text": {"body": "x".repeat(4_096)}}),
            json!({"type": "image", "image": {"id": "9", "caption": "x".repeat(1_024)}}),
            json!({"type": "document", "document": {"link": "https://a.example/a.pdf", "filename": "a.pdf"}}),
            json!({"type": "audio", "audio": {"id": "9", "voice": true}}),
            json!({"type": "location", "location": {"latitude": "1.5", "longitude": 2}}),
            json!({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}}),
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Ana"}}]}),
            json!({"type": "template", "template": {"name": "a", "language": {"code": "en"}}}),
            buttons(&[reply("a", "Yes"), reply("b", &"x".repeat(20)), reply("c", "No")]),
            json!({"type": "interactive", "interactive": {"type": "list", "body": {"text": "Pick"},
                "action": {"button": "Open", "sections": [{"title": "s", "rows": rows}]}}}),
        ] {
            assert_eq!(check(&body), Ok(()), "{body}");
        }
    }

    #[test]
    fn what_is_missing_is_131008_and_what_is_wrong_is_131009_or_100() {
        let rows: Vec<_> = (0..11).map(|n| json!({"id": n.to_string(), "title": "t"})).collect();
        for (code, body) in [
            (100, json!({"type": "hologram", "hologram": {}})),
            (131_008, json!({"type": "text"})),
            (131_008, json!({"type": "text", "text": {}})),
            (131_009, json!({"type": "text", "text": {"body": ""}})),
            (131_009, json!({"type": "text", "text": {"body": "x".repeat(4_097)}})),
            (131_008, json!({"type": "image", "image": {}})),
            (131_009, json!({"type": "image", "image": {"id": "8"}})),
            (131_009, json!({"type": "image", "image": {"link": "file:///etc/passwd"}})),
            (100, json!({"type": "image", "image": {"id": "9", "link": "https://a.example"}})),
            (100, json!({"type": "sticker", "sticker": {"id": "9", "caption": "no"}})),
            (131_008, json!({"type": "location", "location": {"latitude": 1}})),
            (131_008, json!({"type": "reaction", "reaction": {"emoji": "x"}})),
            (131_009, json!({"type": "contacts", "contacts": []})),
            (131_008, json!({"type": "template", "template": {"name": "a"}})),
            (131_009, buttons(&[])),
            (
                131_009,
                buttons(&[reply("a", "1"), reply("b", "2"), reply("c", "3"), reply("d", "4")]),
            ),
            (131_009, buttons(&[reply("a", &"x".repeat(21))])),
            (131_009, buttons(&[reply("a", "1"), reply("a", "2")])),
            (
                131_009,
                json!({"type": "interactive", "interactive": {"type": "list", "body": {"text": "Pick"},
                "action": {"button": "Open", "sections": [{"title": "s", "rows": rows}]}}}),
            ),
            (131_009, json!({"text": {"body": "x"}, "biz_opaque_callback_data": "x".repeat(513)})),
        ] {
            assert_eq!(check(&body), Err(code), "{body}");
        }
    }
}
