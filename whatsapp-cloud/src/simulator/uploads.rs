//! Resumable uploads: a session, bytes from a place on, and a handle when all are there. Keeps how much came, not
//! what: a handle is a sample for review and can never be sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use whatsapp_core::Timestamp;

use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::routes::{Call, Carried, Node, Row, row};
use super::world::World;
use crate::bounds::UPLOAD_TYPES;
use crate::transport::Verb;

/// The routes of resumable uploads.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Post, Node::App, "uploads", Route::Upload, begin),
    row(Verb::Post, Node::Upload, "", Route::Upload, go_on),
    row(Verb::Get, Node::Upload, "", Route::Upload, place),
];

const LENGTH_MAX: u64 = 100 * 1024 * 1024;

/// An upload that was begun.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub(super) sig: String,
    pub(super) mime: String,
    pub(super) length: u64,
    pub(super) received: u64,
    pub(super) handle: Option<String>,
}

type Made = Result<Value, GraphError>;

fn begin(world: &mut World, call: &Call) -> Made {
    let text = |key: &str| call.text(key).map(Option::unwrap_or_default);
    let mime = text("file_type")?;
    if !UPLOAD_TYPES.contains(&mime.as_str()) {
        let why = format!("file_type must be one of {}.", UPLOAD_TYPES.join(", "));
        return Err(GraphError::new(100, why));
    }
    let length = text("file_length")?.parse::<u64>().ok();
    let length = length.filter(|length| (1..=LENGTH_MAX).contains(length));
    let length =
        length.ok_or_else(|| GraphError::new(100, "file_length must be the length in bytes."))?;
    let mut chance = world.chance();
    let id = format!("upload:{}", STANDARD.encode(format!("1:attachment:{}", chance.hex(24))));
    let id = id.trim_end_matches('=').to_owned();
    let sig = format!("AR{}", chance.hex(20));
    world.happen(Fact::UploadBegun {
        id: id.clone(),
        sig: sig.clone(),
        name: text("file_name")?,
        mime,
        length,
        at: call.now,
    });
    Ok(json!({"id": format!("{id}?sig={sig}")}))
}

fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Begun, GraphError> {
    let begun = world.shelf.uploads.get(call.id());
    begun
        .filter(|begun| call.query("sig") == Some(begun.sig.as_str()))
        .ok_or_else(|| GraphError::no_object(call.id()))
}

fn place(world: &mut World, call: &Call) -> Made {
    let begun = find(world, call)?;
    let id = format!("{}?sig={}", call.id(), begun.sig);
    Ok(json!({"id": id, "file_offset": begun.received}))
}

fn go_on(world: &mut World, call: &Call) -> Made {
    let begun = find(world, call)?.clone();
    let Carried::Part { offset, bytes } = &call.carried else {
        return Err(GraphError::new(100, "The header file_offset is required."));
    };
    if *offset != begun.received {
        let why = format!("file_offset is {offset}; the upload goes on at {}.", begun.received);
        return Err(GraphError::new(100, why));
    }
    let received = begun.received + u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if received > begun.length {
        return Err(GraphError::new(100, "There are more bytes than file_length says."));
    }
    let whole = received == begun.length;
    let handle = begun.handle.or_else(|| whole.then(|| world.handle(&begun.mime, call.now)));
    world.happen(Fact::UploadWent {
        id: call.id().to_owned(),
        received,
        handle: handle.clone(),
        at: call.now,
    });
    Ok(match handle {
        Some(handle) => json!({ "h": handle }),
        None => json!({"id": format!("{}?sig={}", call.id(), begun.sig), "file_offset": received}),
    })
}

impl World {
    fn handle(&self, mime: &str, now: Timestamp) -> String {
        let mut chance = self.chance();
        let (kind, user) = (STANDARD.encode(mime), chance.digits(14));
        let until = now.seconds() + 86_400;
        format!(
            "4::{kind}:AR{}:e:{until}:{}:{user}:AR{}",
            chance.hex(20),
            self.app.id,
            chance.hex(6)
        )
    }
    /// Whether a handle was given out.
    pub(super) fn knows_handle(&self, handle: &str) -> bool {
        self.shelf.uploads.values().any(|begun| begun.handle.as_deref() == Some(handle))
    }
    /// The part of an upload that arrives before the connection breaks, where the plan says that it does.
    pub(super) fn cut_upload(&self, call: &Call) -> Option<Call> {
        let most = usize::try_from(self.faults.cut_uploads?).ok()?;
        let Carried::Part { offset, bytes } = &call.carried else { return None };
        if bytes.len() <= most {
            return None;
        }
        let part = Carried::Part { offset: *offset, bytes: bytes.slice(..most) };
        Some(Call { carried: part, ..call.clone() })
    }
}
