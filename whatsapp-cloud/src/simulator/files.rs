//! Files: kept by id, given out under addresses that hold for five minutes and only with the token.

use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use whatsapp_core::{MediaKind, Span, Timestamp};

use super::chance::Chance;
use super::error::GraphError;
use super::fact::{Fact, File};
use super::faults::Route;
use super::routes::{Call, Carried, Node, Row, row};
use super::world::World;
use crate::send::media_rules;
use crate::transport::Verb;

/// The routes of files.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Post, Node::Number, "media", Route::Media, upload),
    row(Verb::Get, Node::File, "", Route::Media, locate),
    row(Verb::Delete, Node::File, "", Route::Media, delete),
];

fn upload(world: &mut World, call: &Call) -> Result<Value, GraphError> {
    match &call.carried {
        Carried::Form { fields, file: Some(file) }
            if fields.get("messaging_product").is_some_and(|product| product == "whatsapp") =>
        {
            world.upload(call.now, call.id(), &file.mime, &file.name, file.bytes.clone())
        }
        _ => Err(GraphError::new(100, "messaging_product and file are required.")),
    }
}

fn locate(world: &mut World, call: &Call) -> Result<Value, GraphError> {
    world.locate(call.now, call.id(), call.query("phone_number_id"), &call.base)
}

fn delete(world: &mut World, call: &Call) -> Result<Value, GraphError> {
    world.delete_file(call.now, call.id())
}

const ADDRESS_HOLDS: Span = Span::minutes(5);

impl World {
    /// A business uploads a file.
    fn upload(
        &mut self,
        now: Timestamp,
        number: &str,
        mime: &str,
        filename: &str,
        bytes: Bytes,
    ) -> Result<Value, GraphError> {
        MediaKind::of_mime(mime).map_err(|_| {
            GraphError::new(100, format!("Param file must be a file with one of the supported types. Received file of type '{mime}'."))
        })?;
        media_rules::check_file(mime, &bytes)
            .map_err(|error| GraphError::new(131_053, error.to_string()))?;
        let id = self.store_file(now, number, mime.to_owned(), filename.to_owned(), bytes, false);
        Ok(json!({ "id": id }))
    }
    /// Keeps a file and gives its id.
    pub(super) fn store_file(
        &mut self,
        now: Timestamp,
        number: &str,
        mime: String,
        filename: String,
        bytes: Bytes,
        received: bool,
    ) -> String {
        let id = format!("1{}", self.chance().digits(15));
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let size = bytes.len();
        self.bytes.insert(id.clone(), bytes);
        let number = number.to_owned();
        self.happen(Fact::Uploaded(File {
            id: id.clone(),
            number,
            mime,
            filename,
            sha256,
            size,
            at: now,
            received,
        }));
        id
    }
    /// Where a file is. `base` is the simulator's own address.
    fn locate(
        &self,
        now: Timestamp,
        id: &str,
        number: Option<&str>,
        base: &str,
    ) -> Result<Value, GraphError> {
        let found = match number {
            Some(number) => self.file_for(now, number, id),
            None => self.file(now, id),
        };
        let file = found.ok_or_else(|| GraphError::no_object(id))?;
        let until = (now + ADDRESS_HOLDS).seconds();
        let hash = self.address_hash(id, until);
        Ok(json!({
            "messaging_product": "whatsapp",
            "url": format!("{base}/_media/?mid={id}&ext={until}&hash={hash}"),
            "mime_type": file.mime, "sha256": file.sha256, "file_size": file.size, "id": id,
        }))
    }
    /// The bytes under an address; `None` if it does not hold.
    pub(super) fn fetch(
        &self,
        now: Timestamp,
        id: &str,
        until: i64,
        hash: &str,
    ) -> Option<(String, Bytes)> {
        let good = hash == self.address_hash(id, until) && now.seconds() <= until;
        self.file(now, id).and_then(|_| self.bytes_of(id)).filter(|_| good)
    }
    /// The bytes of a file, for the phone page.
    pub(super) fn bytes_of(&self, id: &str) -> Option<(String, Bytes)> {
        Some((self.files.get(id)?.mime.clone(), self.bytes.get(id)?.clone()))
    }
    fn delete_file(&mut self, now: Timestamp, id: &str) -> Result<Value, GraphError> {
        if self.file(now, id).is_none() {
            return Err(GraphError::no_object(id));
        }
        self.happen(Fact::Deleted { id: id.to_owned() });
        Ok(json!({"success": true}))
    }
    fn address_hash(&self, id: &str, until: i64) -> String {
        Chance::named(self.seed, &format!("{id}{until}{}", self.app.secret)).hex(24)
    }
}
