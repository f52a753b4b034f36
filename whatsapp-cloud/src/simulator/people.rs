//! Customers: they write, tap, react, send pictures, open conversations and stop marketing, when told to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use whatsapp_core::{MediaKind, Phone, Timestamp};

use super::fact::Fact;
use super::ids;
use super::world::World;

/// What a customer does: the body of `POST /_sim/inbound`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Act {
    from: String,
    name: Option<String>,
    phone_number_id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A picture of one grey point, for those who send one without bytes.
const POINT: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

impl World {
    /// A customer as this world names people: number with plus sign, or business-scoped id.
    pub(super) fn person(text: &str) -> Result<String, String> {
        let text = text.trim();
        if text.contains('.') && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok(text.to_owned());
        }
        let phone = text.parse().or_else(|_| Phone::from_wa_id(text));
        phone
            .map(|phone: Phone| phone.as_str().to_owned())
            .map_err(|_| format!("from: {text} is neither a phone number nor a user id"))
    }
    /// The number a customer writes to: the given one, else the first.
    pub(super) fn own_number(&self, given: Option<&str>) -> Result<String, String> {
        let first = self.wabas.first().and_then(|waba| waba.numbers.first());
        match given {
            Some(id) => self.number(id),
            None => first,
        }
        .map(|number| number.id.clone())
        .ok_or_else(|| "phone_number_id: there is no such number".to_owned())
    }
    /// A customer writes, taps, reacts or sends a file. Gives the message's id.
    pub(super) fn write(&mut self, now: Timestamp, act: Act) -> Result<String, String> {
        let from = Self::person(&act.from)?;
        let number = self.own_number(act.phone_number_id.as_deref())?;
        let kind = act.kind.unwrap_or_else(|| "text".to_owned());
        let mut message = act.rest;
        let mut object = message.remove(&kind).unwrap_or(Value::Null);
        let wrong = |what: &str| Err(format!("{kind}: {what}"));
        match kind.as_str() {
            "text" if object.get("body").and_then(Value::as_str).is_none() => {
                return wrong("give a body");
            }
            "reaction" if object.get("message_id").and_then(Value::as_str).is_none() => {
                return wrong("give a message_id");
            }
            "button" | "interactive" | "location" if !object.is_object() => {
                return wrong("give its object");
            }
            _ => {}
        }
        if MediaKind::parse(&kind).is_some() {
            object = self.file_of(now, &number, &kind, &object)?;
        }
        if !object.is_null() {
            message.insert(kind.clone(), object);
        }
        message.insert("type".into(), json!(kind));
        let wamid = ids::wamid(&mut self.chance(), &from, false);
        self.happen(Fact::Wrote {
            wamid: wamid.clone(),
            number,
            from,
            name: act.name.filter(|name| !name.trim().is_empty()),
            at: now,
            message: Value::Object(message),
        });
        Ok(wamid)
    }
    /// The wire object of a customer's file: an upload's `id`, or base64 in `data`, or a built-in picture.
    fn file_of(
        &mut self,
        now: Timestamp,
        number: &str,
        kind: &str,
        given: &Value,
    ) -> Result<Value, String> {
        let text = |key: &str| given.get(key).and_then(Value::as_str);
        let id = match text("id") {
            Some(id) => id.to_owned(),
            None => {
                let data = STANDARD.decode(text("data").unwrap_or(POINT));
                let bytes = data.map_err(|_| format!("{kind}.data: this is not base64"))?;
                let mime = text("mime_type").unwrap_or("image/png").to_owned();
                let name = text("filename").unwrap_or("file").to_owned();
                self.store_file(now, number, mime, name, Bytes::from(bytes))
            }
        };
        let file =
            self.files.get(&id).ok_or_else(|| format!("{kind}.id: there is no such file"))?;
        let mut object = Map::new();
        object.insert("id".into(), json!(id));
        object.insert("mime_type".into(), json!(file.mime));
        let hash: Vec<u8> = (0..file.sha256.len() / 2)
            .filter_map(|i| file.sha256.get(i * 2..i * 2 + 2))
            .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
            .collect();
        object.insert("sha256".into(), json!(STANDARD.encode(hash)));
        for key in ["caption", "voice", "animated"] {
            object.extend(given.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        if kind == "document" {
            object.insert("filename".into(), json!(file.filename));
        }
        Ok(Value::Object(object))
    }
    /// A customer opens the conversation.
    #[cfg(feature = "simulator")]
    pub(super) fn open(&mut self, now: Timestamp, number: &str, who: &str) -> Result<(), String> {
        let who = Self::person(who)?;
        let unread = self
            .sent
            .iter()
            .any(|s| s.number == number && s.to == who && s.status(now) == "delivered");
        if unread {
            self.happen(Fact::Opened { number: number.to_owned(), who, at: now });
        }
        Ok(())
    }
    /// A customer stops marketing, or wants it again.
    pub(super) fn wish(
        &mut self,
        now: Timestamp,
        number: Option<&str>,
        who: &str,
        stop: bool,
    ) -> Result<(), String> {
        let (who, number) = (Self::person(who)?, self.own_number(number)?);
        self.happen(Fact::Wished { number, who, stop, at: now });
        Ok(())
    }
}
