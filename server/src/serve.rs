//! Starts the parts of a running server in their order and ends them in the reverse one.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use object_store::local::LocalFileSystem;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use whatsapp_cloud::{GraphClient, GraphSettings};
use whatsapp_core::Env;
use whatsapp_platform::{Platform, Settings};
use whatsapp_storage::{Options, SqlStore, Store};

use crate::commands::said;
use crate::config::Config;
use crate::disk::Folders;
use crate::listen::{self, Bounds};
use crate::{Health, Hub, ServerSettings, router};

/// What is finished in this time is finished; the rest is taken up after the next start.
const DRAIN: Duration = Duration::from_secs(25);

/// What is to run.
pub(crate) struct Plan {
    pub(crate) config: Config,
    pub(crate) listener: TcpListener,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) url: String,
    pub(crate) simulator_url: Option<String>,
    pub(crate) metrics: Option<PrometheusHandle>,
}

impl Plan {
    pub(crate) fn new(
        config: Config,
        listener: TcpListener,
        store: Arc<dyn Store>,
    ) -> Result<Self, String> {
        let port = listener.local_addr().map_err(said)?.port();
        // With port 0 only the listener knows which one it became.
        let url = match config.port {
            0 => config.public_url.replace(":0", &format!(":{port}")),
            _ => config.public_url.clone(),
        };
        Ok(Self { config, listener, store, url, simulator_url: None, metrics: None })
    }
}

/// Opens the configured database.
pub(crate) async fn open_store(config: &Config, env: Env) -> Result<Arc<dyn Store>, String> {
    std::fs::create_dir_all(&config.data_dir).map_err(|error| {
        format!("the folder {} cannot be made: {error}", config.data_dir.display())
    })?;
    let options = Options { max_connections: config.database_connections, ..Options::default() };
    let url = config.database_url.expose();
    let store = SqlStore::connect_with(url, env, options).await.map_err(said)?;
    Ok(Arc::new(store))
}

/// Puts the platform together as the settings say, and brings the schema up to date.
pub(crate) async fn platform(
    config: &Config,
    url: &str,
    store: Arc<dyn Store>,
    hub: Arc<Hub>,
) -> Result<Platform, String> {
    let folder = &config.upload_dir;
    std::fs::create_dir_all(folder)
        .map_err(|e| format!("the folder {} cannot be made: {e}", folder.display()))?;
    let files = LocalFileSystem::new_with_prefix(folder).map_err(said)?;
    let graph = GraphSettings::default()
        .with_base(config.graph_base_url.clone())
        .with_version(config.graph_version.clone());
    let mut settings = Settings::default();
    settings.ambiguous_hold = config.ambiguous_hold;
    settings.ambiguous_hold_codes = config.ambiguous_hold_codes;
    settings.lease = config.lease;
    settings.keep_events = config.keep_events;
    settings.keep_journal = config.keep_journal;
    settings.disk_reserve = config.disk_reserve;
    settings.app_secret.clone_from(&config.meta_app_secret);
    settings.verify_token = Some(config.verify_token.clone());
    url.clone_into(&mut settings.public_url);
    let builder = Platform::builder()
        .shared_store(store)
        .cloud(GraphClient::new(graph).map_err(said)?)
        .files(files)
        .disk(Folders::of(config));
    let builder = builder.seal_key(config.seal_key.clone()).realtime(hub).settings(settings);
    builder.build().await.map_err(said)
}

/// A running server.
pub(crate) struct Running {
    pub(crate) platform: Platform,
    pub(crate) url: String,
    drain_delay: Duration,
    health: Arc<Health>,
    hub: Arc<Hub>,
    stop: CancellationToken,
    worker: JoinHandle<()>,
    server: JoinHandle<()>,
}

/// Starts everything.
pub(crate) async fn start(plan: Plan) -> Result<Running, String> {
    let drain_delay = plan.config.drain_delay.as_micros();
    let drain_delay = Duration::from_micros(u64::try_from(drain_delay).map_err(said)?);
    let Plan { config, listener, store, url, simulator_url, metrics } = plan;
    let (hub, health, stop) = (Hub::new(), Arc::new(Health::default()), CancellationToken::new());
    let platform = platform(&config, &url, store, hub.clone()).await?;
    let worker = tokio::spawn(work(platform.clone(), health.clone(), stop.clone()));
    let mut settings =
        ServerSettings::new(url.clone(), config.session_secret).with_hub(hub.clone());
    settings.cors_origins = config.cors_origins;
    settings.brand = config.brand;
    settings.simulator_url = simulator_url;
    settings.max_file_size = config.max_file_size;
    settings.development = !config.production;
    settings.loopback = config.host.is_loopback();
    settings.health = health.clone();
    settings.metrics = metrics;
    let app = router(platform.clone(), settings);
    let server = tokio::spawn(listen::serve(listener, app, Bounds::default(), stop.clone()));
    Ok(Running { platform, url, drain_delay, health, hub, stop, worker, server })
}

/// Runs the worker, and says so when it ends unasked.
async fn work(platform: Platform, health: Arc<Health>, stop: CancellationToken) {
    platform.worker().run(stop.clone()).await;
    if !stop.is_cancelled() {
        health.lose_worker();
    }
}

impl Running {
    /// Serves until somebody asks it to end, then ends in order: a second request ends it at once.
    pub(crate) async fn until_stopped(self) -> Result<(), String> {
        asked_to_end().await?;
        tracing::info!("ending: finishing what has begun");
        tokio::select! {
            done = self.end() => done,
            again = asked_to_end() => again,
        }
    }
    async fn end(self) -> Result<(), String> {
        self.health.drain();
        // Balancers look once in a while: whoever still sends here is served meanwhile.
        tokio::time::sleep(self.drain_delay).await;
        self.stop.cancel();
        self.hub.close().await;
        let parts = async { (self.worker.await, self.server.await) };
        match tokio::time::timeout(DRAIN, parts).await {
            Ok((worker, server)) => worker.and(server).map_err(said),
            Err(_) => {
                tracing::warn!("not everything was finished in time; the next start takes it up");
                Ok(())
            }
        }
    }
}

async fn asked_to_end() -> Result<(), String> {
    let mut terminate = signal(SignalKind::terminate()).map_err(said)?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(said),
    }
}
