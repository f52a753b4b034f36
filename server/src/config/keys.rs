//! Secrets of the instance: given, or made once and kept in `DATA_DIR/keys`, readable by the owner alone. In
//! production none is made.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use whatsapp_core::{Env, Secret};

use super::parse::{Reader, looks_like_example, weakness};

pub(super) struct Keys<'e> {
    folder: PathBuf,
    production: bool,
    /// Whether only to look: then nothing is made.
    dry: bool,
    env: &'e Env,
}

impl<'e> Keys<'e> {
    pub(super) fn new(data_dir: &Path, production: bool, dry: bool, env: &'e Env) -> Self {
        Self { folder: data_dir.join("keys"), production, dry, env }
    }
    /// A secret that production demands.
    pub(super) fn secret(&mut self, read: &mut Reader<'_>, name: &'static str) -> Secret {
        match read.optional(name) {
            Some(text) => {
                // A weak one is as bad in development: the data it protects outlive the moment.
                if let Some(why) = weakness(text) {
                    read.wrong(name, why);
                }
                Secret::from(text)
            }
            None if self.production => {
                read.wrong(name, "is required in production: 32 characters of chance or more");
                Secret::from("")
            }
            None => self.kept(read, name),
        }
    }
    /// A token that others show us.
    pub(super) fn token(&mut self, read: &mut Reader<'_>, name: &'static str) -> Secret {
        match read.optional(name) {
            Some(text) => {
                if self.production && text.len() < 8 {
                    read.wrong(name, "has fewer than 8 characters");
                } else if self.production && looks_like_example(text) {
                    read.wrong(name, "is one of the documentation's examples");
                }
                Secret::from(text)
            }
            None if self.production => {
                read.wrong(name, "is required in production: 8 characters of chance or more");
                Secret::from("")
            }
            None => self.kept(read, name),
        }
    }
    fn kept(&self, read: &mut Reader<'_>, name: &'static str) -> Secret {
        if self.dry {
            return Secret::from("");
        }
        match keep(&self.folder, &name.to_lowercase(), self.env) {
            Ok(secret) => secret,
            Err(error) => {
                let folder = self.folder.display();
                read.wrong("DATA_DIR", format!("keys cannot be kept in {folder}: {error}"));
                Secret::from("")
            }
        }
    }
}

/// Reads a secret, or makes it once.
fn keep(folder: &Path, name: &str, env: &Env) -> io::Result<Secret> {
    let file = folder.join(name);
    if let Ok(text) = fs::read_to_string(&file)
        && !text.trim().is_empty()
    {
        return Ok(Secret::from(text.trim()));
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let text = URL_SAFE_NO_PAD.encode(env.bytes::<36>());
    write_private(&file, text.as_bytes())?;
    Ok(Secret::new(text))
}

/// Writes a file that only its owner can read, whole or not at all.
///
/// # Errors
/// When the disk does not take it.
pub(crate) fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = file.with_extension("new");
    let mut out =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&half, file)
}
