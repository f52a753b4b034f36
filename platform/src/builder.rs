//! Puts a platform together. What is missing is an error that names the line to write; nothing falls back
//! to a fake in silence.

use std::sync::Arc;

use object_store::ObjectStore;
use whatsapp_cloud::CloudApi;
use whatsapp_core::{Env, Secret};
use whatsapp_storage::Store;

use crate::inbound::JournalWriter;
use crate::outbound::Lines;
use crate::platform::Inner;
use crate::ports::{Disk, Realtime};
use crate::seal::Vault;
use crate::wake::Wake;
use crate::weather::Weather;
use crate::{Error, Platform, Settings, fence};

/// Collects the parts of a [`Platform`].
#[derive(Default)]
pub struct Builder {
    store: Option<Arc<dyn Store>>,
    cloud: Option<Arc<dyn CloudApi>>,
    files: Option<Arc<dyn ObjectStore>>,
    realtime: Option<Arc<dyn Realtime>>,
    disk: Option<Arc<dyn Disk>>,
    seal_keys: Vec<Secret>,
    env: Option<Env>,
    settings: Settings,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("store", &self.store)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Where everything is kept. Required.
    #[must_use]
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Arc::new(store));
        self
    }
    /// Who talks to Meta. Required.
    #[must_use]
    pub fn cloud(mut self, cloud: impl CloudApi + 'static) -> Self {
        self.cloud = Some(Arc::new(cloud));
        self
    }
    /// As [`Builder::store`], for a store that others hold too.
    #[must_use]
    pub fn shared_store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }
    /// As [`Builder::cloud`], for a client that others hold too.
    #[must_use]
    pub fn shared_cloud(mut self, cloud: Arc<dyn CloudApi>) -> Self {
        self.cloud = Some(cloud);
        self
    }
    /// Where files are kept. Required.
    #[must_use]
    pub fn files(mut self, files: impl ObjectStore) -> Self {
        self.files = Some(Arc::new(files));
        self
    }
    /// The key that seals secrets at rest, at least 32 characters. Required. Call it again for older keys.
    #[must_use]
    pub fn seal_key(mut self, key: Secret) -> Self {
        self.seal_keys.push(key);
        self
    }
    /// Who tells open consoles what happened. Without it they are not told.
    #[must_use]
    pub fn realtime(mut self, realtime: Arc<dyn Realtime>) -> Self {
        self.realtime = Some(realtime);
        self
    }
    /// The disk whose room is looked after while the worker runs. Without it none is.
    #[must_use]
    pub fn disk(mut self, disk: impl Disk) -> Self {
        self.disk = Some(Arc::new(disk));
        self
    }
    /// Another source of time and chance than the system's.
    #[must_use]
    pub fn env(mut self, env: Env) -> Self {
        self.env = Some(env);
        self
    }
    /// Other settings than the defaults.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
    /// Checks the parts and brings the schema up to date.
    ///
    /// # Errors
    /// `PLATFORM_INCOMPLETE` naming the missing call; `SEAL_KEY`; [`Error::Storage`] when the store fails.
    pub async fn build(self) -> Result<Platform, Error> {
        let missing = |line: &str| {
            Error::invalid(
                "PLATFORM_INCOMPLETE",
                "builder",
                format!("the platform needs a part: add {line}"),
            )
        };
        let env = self.env.unwrap_or_else(Env::system);
        let vault = Vault::new(&self.seal_keys, env.clone())?;
        let store =
            self.store.ok_or_else(|| missing(".store(SqlStore::connect(url, env).await?)"))?;
        // Before anything can begin: whether anything may.
        store.migrate().await?;
        let fence = fence::settle(&*store, &env).await?;
        let inner = Inner {
            cloud: self.cloud.ok_or_else(|| missing(".cloud(GraphClient::new(config)?)"))?,
            files: self
                .files
                .ok_or_else(|| missing(".files(LocalFileSystem::new_with_prefix(folder)?)"))?,
            realtime: self.realtime,
            vault,
            node: env.uuid(),
            env,
            settings: self.settings,
            wake: Wake::default(),
            journal: JournalWriter::default(),
            hashing: crate::password::Hashing::default(),
            rates: crate::session::Rates::default(),
            disk: self.disk,
            weather: Weather::of(fence),
            lines: Lines::default(),
            store,
        };
        Ok(Platform(Arc::new(inner)))
    }
}
