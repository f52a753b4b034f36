//! Many calls in one request: each part is a call of its own, answered as if it had come alone.

use serde_json::{Value, json};

use super::accept::Reply;
use super::error::GraphError;
use super::routes::{Call, Carried};
use super::world::World;
use crate::BATCH_MAX;
use crate::transport::Verb;

impl World {
    /// `POST /` with `batch`.
    pub(super) fn batch(&mut self, call: &Call, parts: &[Value]) -> Reply {
        if parts.len() > BATCH_MAX {
            let why =
                format!("Too many requests in batch message. Maximum batch size is {BATCH_MAX}");
            let error = GraphError::new(100, why);
            return Reply::Answer(error.status, error.body("A0"));
        }
        let rows = parts.iter().map(|part| self.part(call, part)).collect();
        Reply::Answer(200, Value::Array(rows))
    }
    fn part(&mut self, call: &Call, part: &Value) -> Value {
        let text = |key: &str| part.get(key).and_then(Value::as_str).unwrap_or_default();
        let verb = match text("method") {
            "POST" => Verb::Post,
            "DELETE" => Verb::Delete,
            _ => Verb::Get,
        };
        let (path, query) =
            text("relative_url").split_once('?').unwrap_or((text("relative_url"), ""));
        let alone = Call {
            verb,
            path: path.trim_matches('/').split('/').map(str::to_owned).collect(),
            query: pairs(query).collect(),
            carried: match text("body") {
                "" => Carried::Nothing,
                body => Carried::Json(form_value(pairs(body))),
            },
            ..call.clone()
        };
        written(self.serve(&alone))
    }
}

fn written(reply: Reply) -> Value {
    match reply {
        Reply::Answer(status, body) => json!({"code": status, "body": body.to_string()}),
        Reply::Bare(status) => json!({"code": status, "body": "<h1>Sorry</h1>"}),
        Reply::With(_, inner) => written(*inner),
        // The part ran into the time limit.
        Reply::Reset | Reply::Late(..) | Reply::Slow(..) => Value::Null,
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned()
}

/// The object that a form stands for: what reads as an object or a list is one.
pub(super) fn form_value(pairs: impl Iterator<Item = (String, String)>) -> Value {
    Value::Object(pairs.map(|(key, text)| (key, parameter(text))).collect())
}

/// Meta takes an object or a list as JSON text, too, wherever it takes parameters.
fn parameter(text: String) -> Value {
    match text.as_bytes().first() {
        Some(b'{' | b'[') => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        _ => Value::String(text),
    }
}

/// Reads parameters that came as JSON text within an object. Not for messages, whose texts are theirs.
#[cfg(feature = "simulator")]
pub(super) fn read_parameters(body: &mut Value) {
    for value in body.as_object_mut().into_iter().flatten().map(|(_, value)| value) {
        if let Value::String(text) = value {
            *value = parameter(std::mem::take(text));
        }
    }
}

#[cfg(all(test, feature = "simulator"))]
mod tests {
    use super::*;

    #[test]
    fn a_list_may_come_as_text_and_a_text_stays_one() {
        let mut body =
            json!({"commands": "[{\"command_name\": \"start\"}]", "name": "[half", "n": 1});
        read_parameters(&mut body);
        let commands = json!([{"command_name": "start"}]);
        assert_eq!(body, json!({"commands": commands, "name": "[half", "n": 1}));
    }
}
