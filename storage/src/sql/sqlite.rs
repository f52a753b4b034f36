//! SQLite: one writer, four readers, write-ahead log, checkpoints in the background, and a lock that lets no
//! second process in. Never used by two processes at once.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use uuid::Uuid;
use whatsapp_core::{Env, Timestamp};

use super::{Options, fault, steps};
use crate::{Mode, StorageError, SystemTx, TenantTx};

type Db = sqlx::Sqlite;

/// A checked query for rows. The comment keeps the two engines' metadata apart.
macro_rules! q {
    ($row:ty, lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query_as!($row, "/*lite*/ " $(+ $l)+ $(, $a)*)
    };
    ($row:ty, $($s:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query_as!($row, "/*lite*/ " $(+ $s)+ $(, $a)*)
    };
}
/// A checked query for one column.
macro_rules! one {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query_scalar!("/*lite*/ " $(+ $l)+ $(, $a)*)
    };
    ($($s:literal)+ $(, $a:expr)* $(,)?) => { sqlx::query_scalar!("/*lite*/ " $(+ $s)+ $(, $a)*) };
}
/// A checked statement without rows.
macro_rules! x {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query!("/*lite*/ " $(+ $l)+ $(, $a)*)
    };
    ($($s:literal)+ $(, $a:expr)* $(,)?) => { sqlx::query!("/*lite*/ " $(+ $s)+ $(, $a)*) };
}

/// One writer: the order of insertion is that of the commits, so an event has its position from its insertion.
const SEQUENCED_AT_ONCE: bool = true;

/// SQLite has no row-level security; the tenant in every statement is its only wall.
mod wall {
    use sqlx::{Sqlite, Transaction};
    use uuid::Uuid;

    pub(super) async fn enter(_: &mut Transaction<'_, Sqlite>, _: Uuid) -> Result<(), sqlx::Error> {
        Ok(())
    }
    pub(super) async fn leave(_: &mut Transaction<'_, Sqlite>) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

/// A file does not stop answering: nothing is to be watched.
#[derive(Clone, Debug)]
struct Watch;

impl Watch {
    async fn statement<T>(&self, work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
        work.await
    }
}

#[path = "repo/mod.rs"]
mod repo;
#[path = "unit.rs"]
mod unit;

use unit::{SqlSystem, SqlTenant};

/// Settings that decide whether a commit is kept.
const SETTINGS: [(&str, &str); 5] = [
    ("journal_mode", "PRAGMA journal_mode"),
    ("synchronous", "PRAGMA synchronous"),
    ("foreign_keys", "PRAGMA foreign_keys"),
    ("busy_timeout", "PRAGMA busy_timeout"),
    ("wal_autocheckpoint", "PRAGMA wal_autocheckpoint"),
];

/// How long a reader waits for its turn.
const READER_WAIT: Duration = Duration::from_secs(2);
/// How long a writer does: behind everybody who writes before it, the batches of the background among them.
const WRITER_WAIT: Duration = Duration::from_secs(10);
const CHECKPOINT_EVERY: Duration = Duration::from_millis(500);
/// Pages the writer keeps, and each reader: minus kibibytes. What is not among them is in the system's own cache; mapping
/// the file into memory instead made the process as large as the file.
const WRITER_CACHE: &str = "-32768";
const READER_CACHE: &str = "-8192";
/// So many rows are read ahead of whoever asked for them: where fewer fit, two threads wait for each other in turns.
const ROWS: usize = 512;
/// The size of a page, in bytes.
const PAGE: u64 = 4_096;
/// How long the log may grow, in pages, before it is made to begin anew: 64 MiB.
const LONG_LOG: i64 = 16_384;
/// How long that waits for readers at the first length; twice as long at twice that length, and so on, up to the second
/// one: readers that are there all the time must not let the log grow for ever.
const CUT_WAIT: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// The pools of one file.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) writer: SqlitePool,
    readers: SqlitePool,
    env: Env,
    checkpointer: tokio::task::JoinHandle<()>,
    /// Held as long as the store lives; the operating system frees it when the process dies.
    _lock: File,
    /// Where a database that is not to be kept lies.
    scratch: Option<PathBuf>,
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.checkpointer.abort();
        if let Some(folder) = &self.scratch
            && let Err(error) = std::fs::remove_dir_all(folder)
        {
            tracing::warn!(%error, "a scratch database could not be removed");
        }
    }
}

impl Engine {
    pub(super) async fn open(path: &str, env: Env, options: Options) -> Result<Self, StorageError> {
        let path = path.split('?').next().unwrap_or(path);
        if path.is_empty() || path.starts_with(":memory:") {
            let folder = scratch().map_err(|e| StorageError::Unavailable(e.into()))?;
            let settings = settings(options).synchronous(SqliteSynchronous::Off);
            let file = folder.join("scratch.db");
            return Self::open_file(&file, env, (settings, "0"), Some(folder)).await;
        }
        let durable = if options.synchronous_normal { "1" } else { "2" };
        Self::open_file(Path::new(path), env, (settings(options), durable), None).await
    }

    async fn open_file(
        path: &Path,
        env: Env,
        (settings, durable): (SqliteConnectOptions, &str),
        scratch: Option<PathBuf>,
    ) -> Result<Self, StorageError> {
        let lock = lock(path)?;
        let base = settings.filename(path).create_if_missing(true);
        let writer = pool(1, WRITER_WAIT)
            .after_release(|connection, _| Box::pin(is_clean(connection)))
            .connect_with(base.clone().pragma("wal_autocheckpoint", "0"))
            .await
            .map_err(fault::statement)?;
        let readers = pool(4, READER_WAIT)
            .connect_with(base.clone().read_only(true).pragma("cache_size", READER_CACHE))
            .await
            .map_err(fault::statement)?;
        let cutting = base.pragma("cache_size", READER_CACHE);
        let cutting = pool(1, READER_WAIT).connect_lazy_with(cutting);
        let checkpointer = tokio::spawn(checkpoint(cutting));
        let engine = Self { writer, readers, env, checkpointer, _lock: lock, scratch };
        engine.check_settings(durable).await?;
        Ok(engine)
    }

    /// What the writer really runs with: a pragma that SQLite does not like is ignored silently.
    pub(super) async fn settings(&self) -> Result<Vec<(String, String)>, StorageError> {
        let mut settings = Vec::with_capacity(SETTINGS.len());
        for (name, query) in SETTINGS {
            let row = sqlx::query(query).fetch_one(&self.writer).await.map_err(fault::statement)?;
            let value = row.try_get_unchecked::<String, _>(0).map_err(fault::statement)?;
            settings.push((name.to_owned(), value));
        }
        Ok(settings)
    }

    async fn check_settings(&self, durable: &str) -> Result<(), StorageError> {
        let settings = self.settings().await?;
        let is = |name: &str, value: &str| settings.iter().any(|(n, v)| n == name && v == value);
        if is("journal_mode", "wal") && is("foreign_keys", "1") && is("synchronous", durable) {
            return Ok(());
        }
        Err(StorageError::Unavailable(
            "this file system cannot hold the database: it refuses the write-ahead log, or to wait for the disk".into(),
        ))
    }

    async fn begin(&self, mode: Mode) -> Result<sqlx::Transaction<'static, Db>, StorageError> {
        let begun = match mode {
            // Immediate: a transaction that read first and writes later would fail at once when busy.
            Mode::Write => self.writer.begin_with("BEGIN IMMEDIATE").await,
            Mode::Read => self.readers.begin().await,
        };
        begun.map_err(fault::statement)
    }

    pub(super) async fn tenant(
        &self,
        tenant: Uuid,
        mode: Mode,
    ) -> Result<Box<dyn TenantTx>, StorageError> {
        Ok(Box::new(SqlTenant::alone(self.begin(mode).await?, tenant, Watch)))
    }

    pub(super) async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError> {
        Ok(Box::new(SqlSystem::new(self.begin(mode).await?, Watch)))
    }

    pub(super) async fn migrate(&self) -> Result<(), StorageError> {
        steps::run(schema(), &self.writer).await
    }

    pub(super) async fn now(&self) -> Result<Timestamp, StorageError> {
        Ok(self.env.now())
    }

    /// Takes the write lock and writes a row, which a full or read-only disk refuses, and looks whether the schema is
    /// one we know.
    pub(super) async fn ping(&self) -> Result<(), StorageError> {
        let mut tx = self.begin(Mode::Write).await?;
        // Taken away first: where nothing changes SQLite writes nothing, and a full disk would not be noticed.
        sqlx::query("delete from platform_settings where setting_key = 'ping'")
            .execute(&mut *tx)
            .await
            .map_err(fault::statement)?;
        x!("insert into platform_settings (setting_key, setting_value) values ('ping', '1')
            on conflict (setting_key) do update set setting_value = excluded.setting_value")
        .execute(&mut *tx)
        .await
        .map_err(fault::statement)?;
        let newest = sqlx::query_scalar(steps::NEWEST).fetch_one(&mut *tx).await;
        steps::judge(newest.map_err(fault::statement)?, &schema())?;
        tx.commit().await.map_err(fault::commit)
    }

    pub(super) const fn exclusive(&self) -> bool {
        true
    }

    pub(super) async fn close(&self) {
        self.checkpointer.abort();
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A full or broken disk makes SQLite take a transaction back by itself, which the driver does not notice: it would
/// refuse every later one on this connection. Such a connection is replaced.
async fn is_clean(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // A dropped transaction's end is under way; this waits for it.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

fn schema() -> sqlx::migrate::Migrator {
    sqlx::migrate!("migrations/sqlite")
}

fn pool(connections: u32, wait: Duration) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(wait)
        .test_before_acquire(false)
}

fn settings(options: Options) -> SqliteConnectOptions {
    let synchronous = if options.synchronous_normal {
        SqliteSynchronous::Normal
    } else {
        SqliteSynchronous::Full
    };
    let settings = SqliteConnectOptions::new();
    let settings = match options.max_bytes {
        Some(bytes) => settings.pragma("max_page_count", (bytes / PAGE).max(1).to_string()),
        None => settings,
    };
    settings
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(300)
        .row_buffer_size(ROWS)
        .pragma("journal_size_limit", "268435456")
        .pragma("temp_store", "memory")
        .pragma("cache_size", WRITER_CACHE)
}

/// A new folder for a database that goes with the store: in memory where the system offers a file system
/// there, so that readers and the writer stand beside each other as they do on a disk.
fn scratch() -> std::io::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    loop {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = base.join(format!("whatsapp-scratch-{}-{n}", std::process::id()));
        match std::fs::create_dir(&folder) {
            // Left behind by a process that was killed and had our number.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            other => return other.map(|()| folder),
        }
    }
}

/// The file beside the database that only one process can lock.
fn lock(database: &Path) -> Result<File, StorageError> {
    if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| StorageError::Unavailable(e.into()))?;
    }
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|e| StorageError::Unavailable(e.into()))?;
    file.try_lock().map_err(|_| {
        StorageError::Unavailable(
            "another process uses this database: end it first, or choose another data folder"
                .into(),
        )
    })?;
    Ok(file)
}

/// Moves the log's pages into the database while nobody waits for it, so that no commit pays for a checkpoint. Who writes
/// all the time never leaves a moment in which the log could begin anew; one that grew too long is made to, right after a
/// checkpoint, when little is left to move: that holds the writer up for some milliseconds, and for [`cut_wait`] where a
/// reader stays. The file keeps its length, for cutting it off costs the writer many times that.
async fn checkpoint(pool: SqlitePool) {
    let mut before = None;
    loop {
        let log = move_pages(&pool).await.inspect_err(|error| {
            tracing::warn!(%error, "a checkpoint of the database failed; the next one may succeed");
        });
        let log = log.ok();
        // A log that did not grow: nobody writes.
        let times = if log.is_some() && log == before { 4 } else { 1 };
        before = log;
        tokio::time::sleep(CHECKPOINT_EVERY * times).await;
    }
}

/// Answers how many pages the log has.
async fn move_pages(pool: &SqlitePool) -> sqlx::Result<i64> {
    // Whether somebody was in the way, the pages in the log, and those that were moved.
    type Moved = (i64, i64, i64);
    let mut connection = pool.acquire().await?;
    let passive = sqlx::query_as::<_, Moved>("PRAGMA wal_checkpoint(PASSIVE)");
    let (_, log, _) = passive.fetch_one(&mut *connection).await?;
    if log > LONG_LOG {
        let wait = format!("PRAGMA busy_timeout = {}", cut_wait(log).as_millis());
        sqlx::query(AssertSqlSafe(wait)).execute(&mut *connection).await?;
        let restart = sqlx::query_as::<_, Moved>("PRAGMA wal_checkpoint(RESTART)");
        restart.fetch_one(&mut *connection).await?;
    }
    Ok(log)
}

/// How long a log of so many pages may keep the writer waiting for readers.
fn cut_wait(log: i64) -> Duration {
    let (first, most) = CUT_WAIT;
    let times = u32::try_from(log / LONG_LOG).unwrap_or(u32::MAX);
    first.checked_mul(times.max(1)).map_or(most, |wait| wait.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ping_of(engine: &Engine, query_only: &'static str) -> Result<(), StorageError> {
        sqlx::query(query_only).execute(&engine.writer).await.unwrap();
        engine.ping().await
    }

    #[test]
    fn the_longer_the_log_the_longer_it_waits_for_readers_and_never_long() {
        assert_eq!(cut_wait(LONG_LOG + 1), Duration::from_millis(50));
        assert_eq!(cut_wait(LONG_LOG * 10), Duration::from_millis(500));
        assert_eq!(cut_wait(i64::MAX), Duration::from_secs(2));
    }

    #[tokio::test]
    async fn a_disk_that_became_read_only_is_an_outage_that_ends_by_itself() {
        let engine = Engine::open(":memory:", Env::system(), Options::default()).await.unwrap();
        engine.migrate().await.unwrap();
        let refused = ping_of(&engine, "PRAGMA query_only = on").await;
        assert!(matches!(refused, Err(StorageError::Unavailable(_))), "{refused:?}");
        ping_of(&engine, "PRAGMA query_only = off").await.unwrap();
    }
}
