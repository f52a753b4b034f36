//! The past of a Business app as webhooks: in phases and chunks, files as placeholders first and apart later.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::chance::Chance;
use super::hooks::Slot;
use super::ids;
use super::past::{Past, PastMessage, PastThread};
use super::world::World;

/// Message → the file that was made for it.
pub(super) type Files = BTreeMap<String, String>;

/// Files that are older are not given out.
const FILES_FROM: Span = Span::days(14);
/// How old what is told in a phase may be.
const PHASES: [Span; 3] = [Span::days(1), Span::days(90), Span::days(180)];
/// Conversations in one chunk.
const CHUNK: usize = 3;
/// From chunk to chunk.
const STEP: Span = Span::millis(1_500);

const POINT: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

/// The id of a message of the past: always the same.
fn wamid(seed: u64, number: &str, who: &str, message: &PastMessage) -> String {
    let place = format!("{number} {who} {} {}", message.at, message.text);
    ids::wamid(&mut Chance::named(seed, &place), who, message.by_business)
}

/// Keeps the files of the past that are new enough.
pub(super) fn files(world: &mut World, number: &str, now: Timestamp) -> Files {
    let past = world.line(number).coexistence.as_ref().map(|own| own.past.clone());
    let mut made = Files::new();
    for thread in past.unwrap_or_default().threads {
        for message in &thread.messages {
            let age = now - Timestamp::from_seconds(message.at);
            if !message.picture || age > FILES_FROM {
                continue;
            }
            let Ok(bytes) = STANDARD.decode(POINT) else { continue };
            let (mime, name) = ("image/png".to_owned(), "picture.png".to_owned());
            let id = world.store_file(now, number, mime, name, Bytes::from(bytes), true);
            made.insert(wamid(world.seed, number, &thread.who, message), id);
        }
    }
    made
}

/// Tells the past: phase by phase, chunk by chunk, and then the files.
pub(super) fn tell(world: &mut World, number: &str, past: &Past, media: &Files, at: Timestamp) {
    let mut chunks = Vec::new();
    let mut younger = Span::micros(-1);
    for (phase, oldest) in PHASES.into_iter().enumerate() {
        let of_phase = |message: &&PastMessage| {
            let age = at - Timestamp::from_seconds(message.at);
            age > younger && age <= oldest
        };
        let mut threads = Vec::new();
        for thread in &past.threads {
            let messages: Vec<&PastMessage> = thread.messages.iter().filter(of_phase).collect();
            if !messages.is_empty() {
                threads.push(thread_value(world, number, thread, &messages));
            }
        }
        chunks.extend(threads.chunks(CHUNK).map(|part| (phase, part.to_vec())));
        younger = oldest;
    }
    if chunks.is_empty() {
        chunks.push((2, Vec::new())); // nothing to tell is told, too
    }
    let total = chunks.len();
    let mut due = at;
    for (order, (phase, threads)) in chunks.into_iter().enumerate() {
        due = due + STEP;
        let progress = (order + 1) * 100 / total.max(1);
        let metadata = json!({"phase": phase, "chunk_order": order + 1, "progress": progress});
        let value = json!({"metadata": metadata, "threads": threads});
        world.tell(number, due, Slot::History, None, value);
    }
    for thread in &past.threads {
        for message in &thread.messages {
            let wamid = wamid(world.seed, number, &thread.who, message);
            if let Some(file) = media.get(&wamid) {
                due = due + STEP;
                tell_file(world, number, &thread.who, message, &wamid, file, due);
            }
        }
    }
}

fn thread_value(
    world: &World,
    number: &str,
    thread: &PastThread,
    messages: &[&PastMessage],
) -> Value {
    let mut context = Map::new();
    world.name_person(&mut context, &thread.who, ["wa_id", "user_id", "parent_user_id"]);
    let messages: Vec<Value> = messages
        .iter()
        .map(|message| {
            let id = wamid(world.seed, number, &thread.who, message);
            let content = match message.picture {
                true => json!({"type": "media_placeholder"}),
                false => json!({"type": "text", "text": {"body": message.text}}),
            };
            let mut item = message_value(world, number, &thread.who, message, &id, &content);
            if let Some(map) = item.as_object_mut() {
                map.insert("history_context".into(), json!({"status": "READ"}));
            }
            item
        })
        .collect();
    let id = world.wa_id(&thread.who).unwrap_or_else(|| thread.who.clone());
    json!({"id": id, "context": context, "messages": messages})
}

fn message_value(
    world: &World,
    number: &str,
    who: &str,
    message: &PastMessage,
    id: &str,
    content: &Value,
) -> Value {
    let at = Timestamp::from_seconds(message.at);
    if message.by_business {
        return world.echo_item(id, number, who, content, at);
    }
    let mut item = Map::new();
    world.name_person(&mut item, who, ["from", "from_user_id", "from_parent_user_id"]);
    item.insert("id".into(), json!(id));
    item.insert("timestamp".into(), json!(at.seconds().to_string()));
    item.extend(content.as_object().cloned().unwrap_or_default());
    Value::Object(item)
}

fn tell_file(
    world: &mut World,
    number: &str,
    who: &str,
    message: &PastMessage,
    wamid: &str,
    file: &str,
    due: Timestamp,
) {
    let Some(kept) = world.files.get(file) else { return };
    let image = json!({
        "id": file, "mime_type": kept.mime, "sha256": base64(&kept.sha256), "caption": message.text,
    });
    let content = json!({"type": "image", "image": image});
    let item = message_value(world, number, who, message, wamid, &content);
    let slot = if message.by_business { Slot::HistoryEchoes } else { Slot::HistoryMessages };
    world.tell(number, due, slot, None, item);
}

/// Of hexadecimal digits, as webhooks tell a digest.
fn base64(digits: &str) -> String {
    let bytes: Vec<u8> = (0..digits.len() / 2)
        .filter_map(|place| digits.get(place * 2..place * 2 + 2))
        .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect();
    STANDARD.encode(bytes)
}
