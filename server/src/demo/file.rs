//! What a demonstration keeps beside its database, in one file that only its owner can read.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use whatsapp_core::{Env, Secret};

use super::FILE;
use crate::commands::said;
use crate::config::write_private;

/// What is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    file: PathBuf,
    pub(super) verify_token: Secret,
    /// The key of the first business, since the database has only its digest.
    pub(super) api_key: Option<Secret>,
    /// Where the simulator listened, so that an open phone page still works after a restart.
    pub(super) simulator_port: Option<u16>,
}

impl Kept {
    /// Reads it, or makes it.
    pub(super) fn load(data: &Path, env: &Env) -> Result<Self, String> {
        fs::create_dir_all(data)
            .map_err(|e| format!("the folder {} cannot be made: {e}", data.display()))?;
        let file = data.join(FILE);
        let known: Value = match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|e| format!("{} is damaged: {e}", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Value::Null,
            Err(error) => return Err(format!("{} cannot be read: {error}", file.display())),
        };
        let text = |key: &str| known.get(key).and_then(Value::as_str).map(Secret::from);
        let port = known.get("simulator_port").and_then(Value::as_u64);
        let kept = Self {
            verify_token: text("verify_token")
                .unwrap_or_else(|| Secret::new(URL_SAFE_NO_PAD.encode(env.bytes::<18>()))),
            api_key: text("api_key"),
            simulator_port: port.and_then(|port| u16::try_from(port).ok()),
            file,
        };
        kept.save()?;
        Ok(kept)
    }
    /// Writes it, whole or not at all.
    pub(super) fn save(&self) -> Result<(), String> {
        let text = json!({
            "what": "A demonstration: its passwords are known to everybody.",
            "verify_token": self.verify_token.expose(),
            "api_key": self.api_key.as_ref().map(Secret::expose),
            "simulator_port": self.simulator_port,
        });
        write_private(&self.file, text.to_string().as_bytes()).map_err(said)
    }
}
