//! The settings as they are given: texts, from options or the environment, under the documented names. Checks
//! nothing.

use clap::Args;

/// One line of the documented table.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// What holds without it, in words.
    pub default: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Whether it must never be shown.
    pub secret: bool,
}

macro_rules! settings {
    ($($(#[$flag:ident])? $field:ident $name:literal = $default:literal, $about:literal;)+) => {
        /// Settings as given.
        #[derive(Args, Clone, Debug, Default)]
        pub struct RawSettings {
            $(#[doc = $about]
            #[arg(long, env = $name, hide_env_values = true, value_name = "VALUE", help = $about, help_heading = "Settings")]
            pub $field: Option<String>,)+
        }
        impl RawSettings {
            /// What was given under a name; blank is nothing.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<&str> {
                let found = match name {
                    $($name => self.$field.as_deref(),)+
                    _ => None,
                };
                found.map(str::trim).filter(|text| !text.is_empty())
            }
        }
        /// Every setting there is, in the documented order.
        pub const SETTINGS: &[Setting] = &[
            $(Setting { name: $name, default: $default, about: $about, secret: settings!(@secret $($flag)?) }),+
        ];
    };
    (@secret secret) => { true };
    (@secret) => { false };
}

settings! {
    node_env "NODE_ENV" = "development", "`production` refuses weak and missing secrets.";
    host "HOST" = "127.0.0.1", "The address to listen on.";
    port "PORT" = "5000", "The port to listen on; 0 takes a free one.";
    public_url "PUBLIC_URL" = "http://127.0.0.1:PORT", "The address under which people and Meta reach this server. https in production, unless it is loopback.";
    data_dir "DATA_DIR" = "./data", "The folder of this process: SQLite, keys, files.";
    #[secret] database_url "DATABASE_URL" = "sqlite:DATA_DIR/whatsapp.db", "sqlite:PATH, or postgresql://user:password@host:5432/name?sslmode=require.";
    #[secret] session_secret "SESSION_SECRET" = "generated", "At least 32 characters of chance; keys signed cursors. Required in production.";
    #[secret] seal_key "SEAL_KEY" = "generated", "At least 32 characters of chance; seals stored secrets. Required in production; without it they cannot be read.";
    cors_origins "CORS_ORIGINS" = "none", "Origins of other sites whose pages may call /api/v1, separated by commas.";
    meta_app_id "META_APP_ID" = "none", "The id of the platform's own app at Meta.";
    #[secret] meta_app_secret "META_APP_SECRET" = "none", "Its secret; verifies webhooks.";
    #[secret] webhook_verify_token "WEBHOOK_VERIFY_TOKEN" = "generated", "What Meta shows when it checks the webhook's address. Required in production.";
    graph_base_url "GRAPH_BASE_URL" = "https://graph.facebook.com", "Meta's Graph API.";
    graph_version "GRAPH_VERSION" = "v25.0", "Its version.";
    upload_dir "UPLOAD_DIR" = "DATA_DIR/uploads", "Where files are kept. Never served as they are.";
    max_file_size "MAX_FILE_SIZE" = "104857600", "The largest file in bytes; WhatsApp's own limits hold besides.";
    ambiguous_hold "AMBIGUOUS_HOLD" = "24h", "How long a message of unknown fate waits for a status before it is unconfirmed.";
    ambiguous_hold_codes "AMBIGUOUS_HOLD_CODES" = "5m", "The same for one-time codes; never longer than AMBIGUOUS_HOLD.";
    lease "LEASE" = "60s", "How long the work of a process that died is left alone.";
    keep_events "KEEP_EVENTS" = "30d", "How long events are kept for consoles that were away, 1h to 3650d.";
    keep_journal "KEEP_JOURNAL" = "30d", "How long the raw calls of webhooks are kept, 7d to 3650d: Meta repeats a call for seven days.";
    database_connections "DATABASE_CONNECTIONS" = "20", "At most so many connections of this process to PostgreSQL, 4 to 1000, and one to listen.";
    brand_name "BRAND_NAME" = "WhatsApp Console", "What the product is called.";
    log "LOG" = "info", "Which log lines are written, e.g. warn or info,whatsapp_platform=debug.";
    drain_delay "DRAIN_DELAY" = "1s", "How long `/readyz` answers 503 before a process that is to end stops listening; 0 for no time.";
    disk_reserve "DISK_RESERVE" = "5 % or 512 MiB", "Sending pauses, and `/readyz` answers 503, when a disk has fewer bytes left than this; without it, less than 5 % or 512 MiB, whichever is smaller.";
    smtp_host "SMTP_HOST" = "none", "The mail server. Not used yet.";
    smtp_port "SMTP_PORT" = "none", "Its port. Not used yet.";
    smtp_user "SMTP_USER" = "none", "The account there. Not used yet.";
    #[secret] smtp_pass "SMTP_PASS" = "none", "Its password. Not used yet.";
    smtp_from "SMTP_FROM" = "none", "The sender of mails. Not used yet.";
}
