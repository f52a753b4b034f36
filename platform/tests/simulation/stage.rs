//! Where one story is told after another: a database that is opened once and empty at the beginning of each, and a
//! clock that begins at the same Monday. Nothing of a story reaches the next.

use std::sync::Arc;

use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::{Env, Timestamp};
use whatsapp_storage::sql::{LeaseClock, Options, SqlStore};
use whatsapp_storage::{StorageError, Store as _};

use crate::run::Story;

/// No story has more nodes at work at once.
const CONNECTIONS: u32 = 6;

/// A database and its clock.
pub(crate) struct Stage {
    pub(crate) store: Arc<SqlStore>,
    pub(crate) clock: Arc<ManualClock>,
}

impl Stage {
    /// A Monday morning: when every story begins.
    pub(crate) const START: Timestamp = Timestamp::from_seconds(1_772_442_000);

    /// In memory.
    pub(crate) async fn sqlite() -> Result<Self, StorageError> {
        Self::open("sqlite::memory:").await
    }
    /// On a database that nobody else uses.
    pub(crate) async fn open(url: &str) -> Result<Self, StorageError> {
        let clock = Arc::new(ManualClock::at(Self::START));
        // The store asks for the time only; chance is the stories' own.
        let env = Env::new(Arc::clone(&clock) as _, Arc::new(SeededEntropy::new(0)));
        let options = Options {
            lease_clock: LeaseClock::Env,
            max_connections: CONNECTIONS,
            ..Options::default()
        };
        let store = SqlStore::connect_with(url, env, options).await?;
        store.migrate().await?;
        Ok(Self { store: Arc::new(store), clock })
    }
    /// The story of a seed, told to its end; gives its log.
    pub(crate) async fn tell(&self, seed: u64) -> Result<Vec<String>, String> {
        self.store.wipe().await.map_err(|error| format!("the stage is not empty: {error}"))?;
        self.clock.set(Self::START);
        Story::begin(seed, self).await.tell().await
    }
}
