//! Customers: they write, tap, react, send pictures, open conversations and stop marketing, when told to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use whatsapp_core::{MediaKind, Phone, Timestamp};

use super::acts::{self, Doing};
use super::fact::Fact;
use super::persons::Person;
use super::world::World;
use super::{ids, silence};
use crate::send::media_rules::UploadKind;

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

/// A WebP of one clear point.
const STICKER: &str = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

/// The bytes of a file that a customer sends: base64 in `data`, or something built in.
fn given_or_built_in(kind: &str, given: &Value) -> Result<(Vec<u8>, String), String> {
    let text = |key: &str| given.get(key).and_then(Value::as_str);
    let read =
        |data: &str| STANDARD.decode(data).map_err(|_| format!("{kind}.data: this is not base64"));
    let mime = |usual: &str| text("mime_type").unwrap_or(usual).to_owned();
    match (text("data"), kind) {
        (Some(data), _) => Ok((read(data)?, mime("image/png"))),
        (None, "image") => Ok((read(POINT)?, mime("image/png"))),
        (None, "sticker") => Ok((read(STICKER)?, mime("image/webp"))),
        (None, "audio") => Ok((silence::voice_note(), mime("audio/ogg; codecs=opus"))),
        (None, "document") => Ok((b"Hello!\n".to_vec(), mime("text/plain"))),
        (None, _) => Err(format!(
            "{kind}: give the id of an upload (POST /_sim/media), or base64 in data with mime_type"
        )),
    }
}

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
        let given = act.phone_number_id.as_deref();
        let number = match act.rest.get("group_id").map(|id| id.as_str().unwrap_or_default()) {
            Some(group) => self.check_writes_into(group, &from, given, now)?,
            None => self.own_number(given)?,
        };
        if self.has_blocked(&number, &from) {
            return Err(format!("from: {from} has blocked this business; unblock it first"));
        }
        let kind = act.kind.unwrap_or_else(|| "text".to_owned());
        let mut message = act.rest;
        let mut object = message.remove(&kind).unwrap_or(Value::Null);
        if MediaKind::parse(&kind).is_some() {
            object = self.file_of(now, &number, &kind, &object)?;
        }
        let doing = Doing { number: &number, who: &from, now };
        message.extend(acts::parts(self, doing, &kind, object)?);
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
                let (bytes, mime) = given_or_built_in(kind, given)?;
                let name = text("filename").unwrap_or("file").to_owned();
                self.store_file(now, number, mime, name, Bytes::from(bytes), true)
            }
        };
        let moves = kind == "sticker"
            && self.bytes.get(&id).is_some_and(|bytes| {
                UploadKind::of("image/webp", bytes) == Ok(UploadKind::AnimatedSticker)
            });
        let file =
            self.file(now, &id).ok_or_else(|| format!("{kind}.id: there is no such file"))?;
        let mut object = Map::new();
        object.insert("id".into(), json!(id));
        object.insert("mime_type".into(), json!(file.mime));
        let hash: Vec<u8> = (0..file.sha256.len() / 2)
            .filter_map(|i| file.sha256.get(i * 2..i * 2 + 2))
            .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
            .collect();
        object.insert("sha256".into(), json!(STANDARD.encode(hash)));
        let said = |key: &str| given.get(key).and_then(Value::as_bool);
        match kind {
            "audio" => drop(object.insert("voice".into(), json!(said("voice").unwrap_or(false)))),
            "sticker" => {
                let moves = said("animated").unwrap_or(moves);
                object.insert("animated".into(), json!(moves));
            }
            _ => object.extend(text("caption").map(|words| ("caption".to_owned(), json!(words)))),
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
    /// Whether a customer blocked this number's business.
    pub(super) fn has_blocked(&self, number: &str, who: &str) -> bool {
        let blocks = self.person_of(who).and_then(|person| person.blocks.as_ref());
        blocks.is_some_and(|all| all.contains(number))
    }
    /// A customer blocks a number's business, or lets it in again. No webhook tells it: messages simply no longer
    /// arrive.
    pub(super) fn block(
        &mut self,
        now: Timestamp,
        number: &str,
        who: &str,
        block: bool,
    ) -> Result<(), String> {
        let (who, number) = (Self::person(who)?, self.own_number(Some(number))?);
        let mut all = self.person_of(&who).and_then(|p| p.blocks.clone()).unwrap_or_default();
        if block {
            all.insert(number);
        } else {
            all.remove(&number);
        }
        self.change_person(now, &who, Person { blocks: Some(all), ..Person::default() })
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
