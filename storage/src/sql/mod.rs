//! Our own store: SQLite and PostgreSQL behind one type. The repositories are one text, compiled once for
//! each engine. Never chooses for the caller what belongs into one unit of work.

#[cfg(feature = "sqlite")]
pub mod backup;
mod convert;
mod fault;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod signals;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "postgres")]
mod statistics;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod steps;
#[cfg(feature = "testing")]
mod wipe;

use async_trait::async_trait;
use whatsapp_core::{Env, Id, Tenant, Timestamp};

use crate::{Mode, Place, StorageError, Store, SystemTx, TenantTx};

/// Which clock [`Store::now`] reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeaseClock {
    /// PostgreSQL's own, so that the nodes' clocks do not matter. (SQLite has none and reads the Env's.)
    #[default]
    Database,
    /// The Env's: where a clock is moved by hand.
    Env,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which clock leases are measured by.
    pub lease_clock: LeaseClock,
    /// At most so many connections (PostgreSQL).
    pub max_connections: u32,
    /// Give up the promise that a commit survives a power cut (it still survives a crash). Faster.
    pub synchronous_normal: bool,
    /// The file grows no further than this, in bytes (SQLite); what does not fit fails as on a full disk.
    pub max_bytes: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lease_clock: LeaseClock::Database,
            max_connections: 20,
            synchronous_normal: false,
            max_bytes: None,
        }
    }
}

/// A database of one of the two kinds.
#[derive(Debug)]
pub struct SqlStore(Engine);

#[derive(Debug)]
enum Engine {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::Engine),
    #[cfg(feature = "postgres")]
    Postgres(postgres::Engine),
}

/// Says the same to whichever engine there is.
macro_rules! either {
    ($self:expr, $engine:ident => $does:expr) => {
        match &$self.0 {
            #[cfg(feature = "sqlite")]
            Engine::Sqlite($engine) => $does,
            #[cfg(feature = "postgres")]
            Engine::Postgres($engine) => $does,
        }
    };
}

impl SqlStore {
    /// Opens `sqlite:PATH`, `sqlite::memory:` (a database of its own, gone with the store;
    /// without a memory file system it lies in the temporary folder meanwhile) or
    /// `postgres://…`. Does not migrate.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it cannot be reached, another process holds the SQLite file, or the
    /// address is of no known kind.
    pub async fn connect(url: &str, env: Env) -> Result<Self, StorageError> {
        Self::connect_with(url, env, Options::default()).await
    }

    /// Like [`Self::connect`], with settings.
    ///
    /// # Errors
    /// Like [`Self::connect`].
    pub async fn connect_with(url: &str, env: Env, options: Options) -> Result<Self, StorageError> {
        #[cfg(feature = "sqlite")]
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return sqlite::Engine::open(path, env, options).await.map(Engine::Sqlite).map(Self);
        }
        #[cfg(feature = "postgres")]
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres::Engine::open(url, env, options).await.map(Engine::Postgres).map(Self);
        }
        let scheme = url.split(':').next().unwrap_or_default();
        Err(StorageError::Unavailable(
            format!(
                "`{scheme}:` is no database this program was built for: use sqlite: or postgres:"
            )
            .into(),
        ))
    }

    /// Ends the connections after what is under way. Optional: dropping the store does it in the background.
    pub async fn close(&self) {
        either!(self, engine => engine.close().await);
    }

    /// For tests: everything is as after the first [`Store::migrate`], the counters too. What is under way on this
    /// store must have ended.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer or somebody still works on it.
    #[cfg(feature = "testing")]
    pub async fn wipe(&self) -> Result<(), StorageError> {
        match &self.0 {
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(engine) => wipe::sqlite(&engine.writer).await,
            #[cfg(feature = "postgres")]
            Engine::Postgres(engine) => wipe::postgres(&engine.pool).await,
        }
    }

    /// The settings in force that decide whether a commit is kept, as the database names them.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer.
    pub async fn settings(&self) -> Result<Vec<(String, String)>, StorageError> {
        either!(self, engine => engine.settings().await)
    }

    /// Where and how it is kept, for the log: the engine's name.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.0 {
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(_) => "sqlite",
            #[cfg(feature = "postgres")]
            Engine::Postgres(_) => "postgres",
        }
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn tenant(
        &self,
        tenant: Id<Tenant>,
        mode: Mode,
    ) -> Result<Box<dyn TenantTx>, StorageError> {
        either!(self, engine => engine.tenant(tenant.uuid(), mode).await)
    }
    async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError> {
        either!(self, engine => engine.system(mode).await)
    }
    async fn migrate(&self) -> Result<(), StorageError> {
        either!(self, engine => engine.migrate().await)
    }
    async fn now(&self) -> Result<Timestamp, StorageError> {
        either!(self, engine => engine.now().await)
    }
    async fn ping(&self) -> Result<(), StorageError> {
        either!(self, engine => engine.ping().await)
    }
    async fn place(&self) -> Result<Option<Place>, StorageError> {
        match &self.0 {
            // Moving the data folder is as good as leaving it where it is.
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(_) => Ok(None),
            #[cfg(feature = "postgres")]
            Engine::Postgres(engine) => engine.place().await.map(Some),
        }
    }
    fn exclusive(&self) -> bool {
        either!(self, engine => engine.exclusive())
    }
    fn signals(&self) -> Option<&dyn crate::signals::Signals> {
        match &self.0 {
            // One process alone has nobody to tell.
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(_) => None,
            #[cfg(feature = "postgres")]
            Engine::Postgres(engine) => Some(engine),
        }
    }
}
