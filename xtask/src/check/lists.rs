//! What the rules of `tidy` and `unused` make an exception for, each with its reason. A new entry
//! here is a decision that a reviewer sees; nothing else of the checks needs an edit for it.

/// Files that may construct an HTTP client. Everywhere else a client is handed in, so that no
/// request leaves without the guard of its place.
pub(crate) const HTTP_CLIENTS: &[(&str, &str)] = &[
    ("whatsapp-cloud/src/client.rs", "Meta's Graph API, its host fixed by the host product"),
    ("server/tests/kill/meta.rs", "a test's own client, to loopback only"),
    ("server/tests/weather/process.rs", "a test's own client, to loopback only"),
];

/// Files that may use what `clippy.toml` disallows, beside those above.
pub(crate) const EXEMPTIONS: &[(&str, &str)] = &[
    ("whatsapp-core/src/env.rs", "the system's clock and chance, the only ones"),
    ("xtask/src/check.rs", "durations for the person at the terminal"),
    ("server/tests/kill/meta.rs", "a test's own HTTP client, to loopback only"),
    ("server/tests/weather/process.rs", "a test's own HTTP client, and how long a start takes"),
    ("platform/benches/engine/clock.rs", "a bench measures real time"),
    ("whatsapp-cloud/benches/client.rs", "a bench measures real time"),
    ("whatsapp-cloud/benches/webhook.rs", "a bench measures real time"),
];

/// Folders whose code acts inside one tenant and therefore never names one: the scope it is given
/// has the tenant, and nothing it could be told by a request can change that.
pub(crate) const INSIDE_A_TENANT: &[&str] = &[
    "platform/src/workspace/",
    "server/src/console/",
    "server/src/v1/",
    "storage/src/repo/",
    "storage/src/sql/repo/",
];

/// The part of those that looks across tenants.
pub(crate) const ACROSS_TENANTS: &[&str] =
    &["storage/src/repo/system/", "storage/src/sql/repo/system/"];

/// Files whose tests may wait for real time.
pub(crate) const WAITING_TESTS: &[(&str, &str)] = &[
    ("server/tests/kill/main.rs", "real processes are killed at random moments of real sending"),
    ("server/tests/kill/life.rs", "a campaign of real processes ends when it ends"),
    ("server/tests/kill/meta.rs", "real processes send when they send"),
    ("server/tests/weather/process.rs", "real processes are waited for"),
    ("server/tests/it/sockets.rs", "what is not read in time shows in real time alone"),
    ("storage/tests/it/line.rs", "a slow line to a database is slow in real time"),
    ("platform/tests/it/running.rs", "nodes run in real time"),
    ("platform/tests/it/lanes.rs", "a real pump is tried with calls that hang"),
    ("server/tests/it/nodes.rs", "nodes run in real time"),
];

/// Dependencies which no source names, by package and dependency.
pub(crate) const UNNAMED: &[(&str, &str, &str)] = &[
    ("whatsapp-load", "reqwest", "in the files it shares with the kill test of the server"),
    ("whatsapp-load", "rustls", "in the files it shares with the kill test of the server"),
];

/// Licences that every user of the SDK can live with.
pub(crate) const LICENCES: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "Unlicense",
    "CC0-1.0",
];

/// Allowed besides for what a browser loads from us: fonts, used as they are.
pub(crate) const FRONT_END_LICENCES: &[&str] = &["OFL-1.1"];

/// Packages of the front end whose `package.json` names no licence, with where it was read.
pub(crate) const UNNAMED_LICENCES: &[(&str, &str)] =
    &[("xmlhttprequest-ssl", "MIT, by the LICENSE file of the package")];

/// Allowed for a package of the registry alone: its files stay as they were published, and their
/// licence asks for no more than that.
pub(crate) const UNMODIFIED_ONLY: &[&str] = &["MPL-2.0"];

/// Packages that must not be in the tree, with the reason.
pub(crate) const BANNED: &[(&str, &str)] = &[
    ("openssl-sys", "TLS is rustls with ring, the same on every system"),
    ("native-tls", "TLS is rustls with ring, the same on every system"),
    ("aws-lc-rs", "TLS is rustls with ring; this one costs 40 s to compile"),
    ("aws-lc-sys", "TLS is rustls with ring; this one costs 40 s to compile"),
    ("openssl", "TLS is rustls with ring, the same on every system"),
];
