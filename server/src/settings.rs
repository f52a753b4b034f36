//! What the router needs to know beside the platform. Never read from the environment here: see `config`.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use url::Url;
use whatsapp_core::Secret;

use crate::config::is_loopback;
use crate::realtime::Hub;
use crate::state::Health;

/// Settings of the router.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerSettings {
    /// The address under which people reach us, without a slash at the end.
    pub public_url: String,
    /// Keys signed cursors. At least 32 characters of chance.
    pub session_secret: Secret,
    /// Origins of other sites whose pages may call `/api/v1`.
    pub cors_origins: Vec<String>,
    /// What the product is called.
    pub brand: String,
    /// Where the simulator's phone is, in a demo.
    pub simulator_url: Option<String>,
    /// The largest file that may be uploaded, in bytes.
    pub max_file_size: usize,
    /// Whether pages of a development server on loopback count as ours.
    pub development: bool,
    /// Whether only this machine reaches us: then pages under its own names count as ours.
    pub loopback: bool,
    /// Tells open consoles what happened. The platform must have been built with the same one.
    pub hub: Option<Arc<Hub>>,
    /// What `/metrics` shows.
    pub metrics: Option<PrometheusHandle>,
    /// What `/readyz` looks at beside the store.
    pub health: Arc<Health>,
    /// No answer takes longer: then it is 503.
    pub request_limit: Duration,
    /// So many requests are served at the same time; more are turned away with 503 at once.
    pub in_flight: usize,
    /// So many of Meta's calls besides.
    pub in_flight_of_meta: usize,
}

impl ServerSettings {
    /// Settings with the defaults of production.
    #[must_use]
    pub fn new(public_url: impl Into<String>, session_secret: Secret) -> Self {
        let public_url = public_url.into();
        Self {
            loopback: Url::parse(&public_url).is_ok_and(|url| is_loopback(&url)),
            public_url: public_url.trim_end_matches('/').to_owned(),
            session_secret,
            cors_origins: Vec::new(),
            brand: "WhatsApp Console".into(),
            simulator_url: None,
            max_file_size: 100 * 1024 * 1024,
            development: false,
            hub: None,
            metrics: None,
            health: Arc::new(Health::default()),
            request_limit: Duration::from_secs(30),
            in_flight: 1_024,
            in_flight_of_meta: 512,
        }
    }
    /// With live events for open consoles.
    #[must_use]
    pub fn with_hub(mut self, hub: Arc<Hub>) -> Self {
        self.hub = Some(hub);
        self
    }
    /// Whether people reach us over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
    /// The name of the session's cookie: with `__Host-` a browser accepts it only over TLS, for this host alone.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-sid" } else { "sid" }
    }
    /// Scheme, host and port of the public address, as browsers write an origin.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        Url::parse(&self.public_url).ok().map(|url| url.origin().ascii_serialization())
    }
}
