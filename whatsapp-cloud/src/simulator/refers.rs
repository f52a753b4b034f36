//! What a message refers to: files by id, and the message that a reaction is on. Whether they are there, and of
//! the right kind. Looks into no other part of a message.

use serde_json::Value;
use whatsapp_core::{MediaKind, Span, Timestamp};

use super::body::kind_of;
use super::fact::File;
use super::fate::Sending;
use super::world::World;

/// Meta keeps a file so long that was uploaded …
const UPLOADED_HOLDS: Span = Span::days(30);
/// … and so long one that a customer sent.
const RECEIVED_HOLDS: Span = Span::days(7);
/// A message can be reacted to for so long.
const REACTS_FOR: Span = Span::days(30);

const KINDS: [&str; 6] = ["image", "video", "audio", "document", "sticker", "gif"];

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Everything in a message that may hold a file under its kind.
fn holders(body: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    match kind_of(body) {
        "interactive" => {
            found.extend(body.pointer("/interactive/header"));
            let cards = list(body.pointer("/interactive/action/cards"));
            found.extend(cards.iter().filter_map(|card| card.get("header")));
        }
        "template" => {
            let outer = list(body.pointer("/template/components"));
            let cards = outer.iter().flat_map(|part| list(part.get("cards")));
            let inner = cards.flat_map(|card| list(card.get("components")));
            found.extend(outer.iter().chain(inner).flat_map(|part| list(part.get("parameters"))));
        }
        kind if KINDS.contains(&kind) => found.push(body),
        _ => {}
    }
    found
}

/// The files of a message that were uploaded, each with what it is sent as.
pub(super) fn files(body: &Value) -> impl Iterator<Item = (&'static str, &Value)> {
    holders(body).into_iter().flat_map(|holder| {
        KINDS.into_iter().filter_map(move |kind| Some((kind, holder.get(kind)?)))
    })
}

/// The id of an uploaded file.
pub(super) fn id_of(object: &Value) -> Option<&str> {
    object.get("id").and_then(Value::as_str)
}

/// Whether a file of this type can be sent as this. Any file that Meta takes can be a document.
fn fits(kind: &str, object: &Value, mime: &str) -> bool {
    let voice = object.get("voice").and_then(Value::as_bool) == Some(true);
    let class = MediaKind::of_mime(mime).ok();
    match kind {
        "document" => true,
        "gif" => class == Some(MediaKind::Video),
        "audio" if voice && !mime.starts_with("audio/ogg") => false,
        other => class == MediaKind::parse(other),
    }
}

impl World {
    /// A file, unless Meta has thrown it away by now.
    pub(super) fn file(&self, now: Timestamp, id: &str) -> Option<&File> {
        let holds = |file: &&File| {
            now - file.at < if file.received { RECEIVED_HOLDS } else { UPLOADED_HOLDS }
        };
        self.files.get(id).filter(holds)
    }
    /// The same, if this number may use it: it belongs to its account.
    pub(super) fn file_for(&self, now: Timestamp, number: &str, id: &str) -> Option<&File> {
        let waba = self.waba_of(number).map(|waba| &waba.id);
        let same = |file: &&File| self.waba_of(&file.number).map(|waba| &waba.id) == waba;
        self.file(now, id).filter(same)
    }
    /// Why an accepted message fails later for what it refers to, if it does.
    pub(super) fn refers_wrongly(&self, sending: &Sending<'_>) -> Option<i64> {
        let misfit = |(kind, object): (&str, &Value)| {
            let file = id_of(object).and_then(|id| self.file(sending.now, id));
            file.is_some_and(|file| !fits(kind, object, &file.mime))
        };
        if files(sending.body).any(misfit) {
            return Some(131_053);
        }
        if kind_of(sending.body) != "reaction" {
            return None;
        }
        let target = sending.body.pointer("/reaction/message_id").and_then(Value::as_str)?;
        (!self.takes_reaction(sending, target)).then_some(131_009)
    }
    /// Whether a message stands in this conversation, is young enough, was not taken back, and is no reaction.
    fn takes_reaction(&self, sending: &Sending<'_>, target: &str) -> bool {
        let (number, who) = (sending.number, sending.to);
        let young = |at: Timestamp| sending.now - at <= REACTS_FOR;
        let taken_back = || {
            let of = |m: &Value| m.pointer("/revoke/original_message_id").cloned();
            self.wrote.iter().any(|wrote| of(&wrote.message).is_some_and(|id| id == target))
        };
        let came = self.wrote.iter().find(|wrote| wrote.wamid == target);
        if let Some(came) = came {
            let ours = came.number == number && came.from == who && young(came.at);
            return ours && kind_of(&came.message) != "reaction" && !taken_back();
        }
        let own = self.sent.iter().find(|sent| sent.wamid == target);
        if let Some(own) = own {
            let ours = own.number == number && own.to == who && young(own.at);
            return ours && kind_of(&own.body.value()) != "reaction";
        }
        let echoed = self.echoes.iter().find(|echo| echo.wamid == target);
        echoed.is_some_and(|echo| echo.number == number && echo.to == who && young(echo.at))
    }
}
