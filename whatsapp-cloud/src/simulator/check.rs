//! The form of a message: what Meta refuses at once, with Meta's codes. The rules themselves are the client's
//! (`send/rules`); here is added what only Meta knows: which kinds there are at all, and which files exist.

use serde_json::Value;

use super::error::GraphError;
use super::refers;
use crate::send::rules::{Broken, Kind, check_message, unknown};

/// Checks the envelope and the object under its type.
pub(super) fn message(body: &Value, has_file: impl Fn(&str) -> bool) -> Result<(), GraphError> {
    if let Some(broken) = unknown(body) {
        return Err(refusal(&broken));
    }
    check_message(body).map_err(|broken| refusal(&broken))?;
    match refers::files(body).filter_map(|(_, file)| refers::id_of(file)).find(|id| !has_file(id)) {
        Some(_) => {
            Err(GraphError::new(131_009, "Parameter id: there is no such file of this number."))
        }
        None => Ok(()),
    }
}

/// Meta's code for a rule that is not kept.
fn refusal(broken: &Broken) -> GraphError {
    let of_template = broken.field.starts_with("template.") && broken.field.ends_with("].text");
    let code = match &broken.kind {
        Kind::TooLong { .. } if of_template => 132_005,
        Kind::Invalid(_) if of_template => 132_018,
        Kind::Missing => 131_008,
        Kind::NotAllowed(_) => 100,
        Kind::TooLong { .. }
        | Kind::TooMany { .. }
        | Kind::TooFew { .. }
        | Kind::NotUnique
        | Kind::Invalid(_) => 131_009,
    };
    GraphError::new(code, format!("Parameter {broken}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(body: &Value) -> Result<(), i64> {
        let mut body = body.clone();
        body["to"] = json!("+5511981234567");
        message(&body, |id| id == "9").map_err(|error| error.code())
    }

    fn reply(id: &str, title: &str) -> Value {
        json!({"type": "reply", "reply": {"id": id, "title": title}})
    }

    fn buttons(buttons: &[Value]) -> Value {
        json!({"type": "interactive", "interactive": {
            "type": "button", "body": {"text": "Which?"}, "action": {"buttons": buttons}}})
    }

    fn headed(header: &Value) -> Value {
        let mut body = buttons(&[reply("a", "Yes")]);
        body["interactive"]["header"] = header.clone();
        body
    }

    fn header(parameter: &Value) -> Value {
        json!([{"type": "header", "parameters": [parameter]}])
    }

    fn template(parameter: &Value) -> Value {
        json!({"type": "template", "template": {"name": "a", "language": {"code": "en"},
            "components": header(parameter)}})
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
            headed(&json!({"type": "video", "video": {"id": "9"}})),
            template(&json!({"type": "image", "image": {"id": "9"}})),
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
            (131_009, headed(&json!({"type": "video", "video": {"id": "8"}}))),
            (131_009, template(&json!({"type": "image", "image": {"id": "8"}}))),
            (
                131_009,
                json!({"type": "template", "template": {"name": "a", "language": {"code": "en"},
                "components": [{"type": "carousel", "cards": [
                    {"card_index": 0, "components": header(&json!({"type": "image", "image": {"id": "9"}}))},
                    {"card_index": 1, "components": header(&json!({"type": "image", "image": {"id": "8"}}))}]}]}}),
            ),
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
