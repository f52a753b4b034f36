//! Settings of the process: the only reader of environment variables and of `.env`. Everything that is wrong is
//! reported at once; nothing is repaired in silence.

mod keys;
mod parse;
mod raw;
mod report;

use std::net::IpAddr;
use std::path::PathBuf;

use whatsapp_core::{Env, Secret, Span};

pub(crate) use keys::write_private;
pub use raw::{RawSettings, SETTINGS, Setting};
pub use report::{Problem, Problems, markdown, redacted};

use parse::Reader;
pub(crate) use parse::{is_loopback, parse_span};

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// `NODE_ENV=production`.
    pub production: bool,
    /// Where to listen.
    pub host: IpAddr,
    /// On which port; 0 takes a free one.
    pub port: u16,
    /// The address under which people reach us.
    pub public_url: String,
    /// Where this process keeps its things.
    pub data_dir: PathBuf,
    /// The database.
    pub database_url: Secret,
    /// Keys signed cursors.
    pub session_secret: Secret,
    /// Seals stored secrets.
    pub seal_key: Secret,
    /// Other sites whose pages may call `/api/v1`.
    pub cors_origins: Vec<String>,
    /// Meta's Graph API.
    pub graph_base_url: String,
    /// Its version.
    pub graph_version: String,
    /// The platform's own app at Meta.
    pub meta_app_id: Option<String>,
    /// Its secret; verifies webhooks.
    pub meta_app_secret: Option<Secret>,
    /// What Meta shows when it checks the webhook's address.
    pub verify_token: Secret,
    /// Where files are kept.
    pub upload_dir: PathBuf,
    /// The largest file, in bytes.
    pub max_file_size: usize,
    /// How long an ambiguous message waits for a status.
    pub ambiguous_hold: Span,
    /// The same for one-time codes.
    pub ambiguous_hold_codes: Span,
    /// How long leases last.
    pub lease: Span,
    /// How long events are kept.
    pub keep_events: Span,
    /// How long the raw calls of webhooks are kept.
    pub keep_journal: Span,
    /// At most so many connections to PostgreSQL.
    pub database_connections: u32,
    /// What the product is called.
    pub brand: String,
    /// Which log lines are written.
    pub log: String,
    /// How long the process that is to end says so before it stops listening.
    pub drain_delay: Span,
    /// Sending pauses when a disk has less room than this, in bytes; `None` is the platform's own judgement.
    pub disk_reserve: Option<u64>,
}

impl Config {
    /// Checks the given settings and completes them; keys that are not given are read from, or written into,
    /// `DATA_DIR/keys`.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn new(raw: &RawSettings, env: &Env) -> Result<Self, Problems> {
        Self::read(raw, env, false)
    }
    /// Checks the given settings and writes nothing.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn check(raw: &RawSettings, env: &Env) -> Result<(), Problems> {
        Self::read(raw, env, true).map(drop)
    }
    fn read(raw: &RawSettings, env: &Env, dry: bool) -> Result<Self, Problems> {
        let mut read = Reader::new(raw);
        let production = read.production();
        let data_dir = PathBuf::from(read.text("DATA_DIR"));
        let host = read.parsed("HOST", "an IP address such as 127.0.0.1 or 0.0.0.0");
        let port: u16 = read.parsed("PORT", "a port from 0 to 65535").unwrap_or_default();
        let mut keys = keys::Keys::new(&data_dir, production, dry, env);
        let config = Self {
            production,
            host: host.unwrap_or(IpAddr::from([127, 0, 0, 1])),
            port,
            public_url: read.public_url(production, port),
            database_url: read.database(&data_dir),
            session_secret: keys.secret(&mut read, "SESSION_SECRET"),
            seal_key: keys.secret(&mut read, "SEAL_KEY"),
            cors_origins: read.origins(),
            graph_base_url: read.web_address("GRAPH_BASE_URL", production),
            graph_version: read.version(),
            meta_app_id: read.digits("META_APP_ID"),
            meta_app_secret: read.optional_secret("META_APP_SECRET", production),
            verify_token: keys.token(&mut read, "WEBHOOK_VERIFY_TOKEN"),
            upload_dir: read
                .optional("UPLOAD_DIR")
                .map_or_else(|| data_dir.join("uploads"), PathBuf::from),
            max_file_size: read.parsed("MAX_FILE_SIZE", "a number of bytes").unwrap_or_default(),
            ambiguous_hold: read.span("AMBIGUOUS_HOLD"),
            ambiguous_hold_codes: read.span("AMBIGUOUS_HOLD_CODES"),
            lease: read.span("LEASE"),
            keep_events: read.retention("KEEP_EVENTS", Span::hours(1)),
            keep_journal: read.retention("KEEP_JOURNAL", Span::days(7)),
            database_connections: read.connections(),
            brand: read.text("BRAND_NAME"),
            log: read.log(),
            drain_delay: read.delay("DRAIN_DELAY"),
            disk_reserve: read.bytes("DISK_RESERVE"),
            data_dir,
        };
        read.mail();
        if raw.get("SEAL_KEY").is_some() && raw.get("SEAL_KEY") == raw.get("SESSION_SECRET") {
            read.wrong("SEAL_KEY", "is the same as SESSION_SECRET: each needs its own");
        }
        if production && config.data_dir.join(crate::demo::FILE).exists() {
            read.wrong(
                "DATA_DIR",
                "this folder holds demonstration data with known passwords: use another one",
            );
        }
        read.finish(config)
    }
}

/// Reads `.env` of the working folder, if there is one, into what clap then finds in the environment.
///
/// # Errors
/// When there is one and it cannot be read.
pub fn load_dotenv() -> Result<(), String> {
    match dotenvy::dotenv() {
        Err(error) if !error.not_found() => Err(format!("the file .env cannot be read: {error}")),
        _ => Ok(()),
    }
}
