//! A copy of an SQLite database while a server works on it: one moment of it, whole, checked before anybody relies on
//! it. Never writes to the database itself, never over a file that is there.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use whatsapp_core::SendState;

use super::fault;
use crate::StorageError;

/// How long a lock of somebody else's is waited for.
const BUSY: Duration = Duration::from_secs(10);

/// A copy could not be made. No file is left then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// Nothing is written over.
    #[error("{} exists: choose another name, or remove it", .0.display())]
    Exists(PathBuf),
    /// There is nothing to copy.
    #[error("there is no database {}", .0.display())]
    Missing(PathBuf),
    /// The address is of another kind of database.
    #[error(
        "only an SQLite database is copied here: PostgreSQL has tools of its own, such as pg_dump"
    )]
    OtherEngine,
    /// The disk does not take it.
    #[error("{} cannot be written", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// What was read back is not what it should be.
    #[error("the copy is not sound: {0}")]
    Unsound(String),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What was read back from a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The last step of its schema.
    pub schema: i64,
    /// How many lines of the ledger are in which state.
    pub lines: Vec<(SendState, i64)>,
    /// How many messages there are.
    pub messages: i64,
    /// Its size, in bytes.
    pub bytes: u64,
}

/// Copies the database of an address `sqlite:PATH` into a new file, which only its owner may read, and sets platform
/// settings in the copy; `settings` is asked when the copy's moment is past.
///
/// # Errors
/// [`BackupError`], by what stands in the way.
pub async fn take(
    url: &str,
    file: &Path,
    settings: impl FnOnce() -> Vec<(&'static str, serde_json::Value)>,
) -> Result<Copied, BackupError> {
    let source = source(url)?;
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let part = Part::beside(file)?;
    let schema = copy(&source, &part.0).await?;
    let copied = complete(&part.0, settings).await?;
    if copied.schema != schema {
        return Err(BackupError::Unsound("its schema is another one".into()));
    }
    part.keep_as(file).map_err(|error| refused(file, error))?;
    Ok(copied)
}

fn refused(file: &Path, error: std::io::Error) -> BackupError {
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
        _ => BackupError::File(file.to_owned(), error),
    }
}

/// The file of an address.
fn source(url: &str) -> Result<PathBuf, BackupError> {
    let path = url.strip_prefix("sqlite:").ok_or(BackupError::OtherEngine)?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = PathBuf::from(path.split('?').next().unwrap_or(path));
    if path.is_file() { Ok(path) } else { Err(BackupError::Missing(path)) }
}

async fn open(path: &Path) -> Result<SqliteConnection, StorageError> {
    let settings = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY);
    settings.connect().await.map_err(fault::statement)
}

/// Copies what is committed at one moment, whatever is written meanwhile; answers the schema's last step.
async fn copy(source: &Path, part: &Path) -> Result<i64, BackupError> {
    let not_utf8 = || BackupError::Unsound("its name is not in UTF-8".into());
    let part = part.to_str().ok_or_else(not_utf8)?;
    let mut from = open(source).await?;
    let schema = newest(&mut from).await?;
    let copied = sqlx::query("vacuum into $1").bind(part).execute(&mut from).await;
    copied.map_err(fault::statement)?;
    from.close().await.map_err(fault::statement)?;
    Ok(schema)
}

async fn newest(on: &mut SqliteConnection) -> Result<i64, StorageError> {
    let newest = sqlx::query_scalar::<_, Option<i64>>(super::steps::NEWEST).fetch_one(on).await;
    newest.map_err(fault::statement)?.ok_or_else(|| StorageError::corrupt("schema"))
}

/// Writes the settings into the copy, then reads all of it.
async fn complete(
    part: &Path,
    settings: impl FnOnce() -> Vec<(&'static str, serde_json::Value)>,
) -> Result<Copied, BackupError> {
    let mut on = open(part).await?;
    for (key, value) in settings() {
        let put = "insert into platform_settings (setting_key, setting_value) values ($1, $2)
            on conflict (setting_key) do update set setting_value = excluded.setting_value";
        let put = sqlx::query(put).bind(key).bind(value.to_string());
        put.execute(&mut on).await.map_err(fault::statement)?;
    }
    let words: Vec<String> = sqlx::query_scalar("pragma integrity_check")
        .fetch_all(&mut on)
        .await
        .map_err(fault::statement)?;
    if words != ["ok"] {
        return Err(BackupError::Unsound(words.join("; ")));
    }
    let strays = sqlx::query("pragma foreign_key_check").fetch_all(&mut on).await;
    if !strays.map_err(fault::statement)?.is_empty() {
        return Err(BackupError::Unsound("some of its rows point at nothing".into()));
    }
    let copied = counted(&mut on, part).await?;
    on.close().await.map_err(fault::statement)?;
    Ok(copied)
}

async fn counted(on: &mut SqliteConnection, part: &Path) -> Result<Copied, BackupError> {
    let lines: Vec<(i64, i64)> =
        sqlx::query_as("select state, count(*) from sends group by state order by state")
            .fetch_all(&mut *on)
            .await
            .map_err(fault::statement)?;
    let known = |(rank, lines)| {
        let state =
            SendState::from_rank(rank).ok_or_else(|| StorageError::corrupt("send state"))?;
        Ok((state, lines))
    };
    let messages = sqlx::query_scalar("select count(*) from messages").fetch_one(&mut *on).await;
    Ok(Copied {
        schema: newest(on).await?,
        lines: lines.into_iter().map(known).collect::<Result<_, StorageError>>()?,
        messages: messages.map_err(fault::statement)?,
        bytes: std::fs::metadata(part).map_err(|error| refused(part, error))?.len(),
    })
}

/// A copy that is not finished: gone when it is dropped.
struct Part(PathBuf);

impl Part {
    /// An empty file beside the one that is wanted, for its owner only.
    fn beside(file: &Path) -> Result<Self, BackupError> {
        let whole = std::path::absolute(file).map_err(|error| refused(file, error))?;
        let mut name = whole.into_os_string();
        name.push(".part");
        let path = PathBuf::from(name);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(|error| refused(&path, error))?;
        Ok(Self(path))
    }
    /// On the disk for good, then under its name; not over another file.
    fn keep_as(self, file: &Path) -> std::io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        match std::fs::hard_link(&self.0, file) {
            // Some file systems have one name for each file.
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists && !file.exists() => {
                std::fs::rename(&self.0, file)?;
            }
            linked => linked?,
        }
        let folder = self.0.parent().map(Path::to_owned);
        drop(self);
        // The name too.
        folder.map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let mut journal = self.0.clone().into_os_string();
        journal.push("-journal");
        for path in [self.0.clone(), PathBuf::from(journal)] {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    tracing::warn!(%error, path = %path.display(), "a half copy could not be removed");
                }
                _ => {}
            }
        }
    }
}
