//! Settings: everything wrong is said at once, production is strict, nothing shows a secret.

use whatsapp_core::{Env, Span};
use whatsapp_server::config::{Config, RawSettings, SETTINGS, markdown, redacted};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn raw(data: &tempfile::TempDir) -> RawSettings {
    RawSettings { data_dir: Some(data.path().display().to_string()), ..RawSettings::default() }
}

/// What production needs.
fn production(data: &tempfile::TempDir) -> RawSettings {
    RawSettings {
        node_env: Some("production".into()),
        public_url: Some("https://chat.example.com".into()),
        session_secret: Some("q8Zr1LmV5xT0bN7cW3yK9dF2hJ6gS4pA".into()),
        seal_key: Some("mB7vC1xZ5nL9kJ3hG6fD2sA8qW4eR0tY".into()),
        webhook_verify_token: Some("tulip-42-harbour".into()),
        ..raw(data)
    }
}

fn wrong(raw: &RawSettings) -> Vec<&'static str> {
    let problems = Config::new(raw, &Env::system()).expect_err("this must be refused");
    problems.0.iter().map(|problem| problem.name).collect()
}

#[test]
fn without_any_setting_it_is_a_development_server_on_this_machine() {
    let data = folder();
    let config = Config::new(&raw(&data), &Env::system()).expect("good");
    assert!(!config.production && config.host.is_loopback());
    assert_eq!((config.port, config.public_url.as_str()), (5000, "http://127.0.0.1:5000"));
    assert_eq!((config.ambiguous_hold, config.lease), (Span::hours(24), Span::seconds(60)));
    assert_eq!(config.ambiguous_hold_codes, Span::minutes(5));
    assert!(config.database_url.expose().starts_with("sqlite:"));
}

#[test]
fn keys_that_are_not_given_are_made_once_and_only_the_owner_reads_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = folder();
    let first = Config::new(&raw(&data), &Env::system()).expect("good");
    let again = Config::new(&raw(&data), &Env::system()).expect("good");
    assert_eq!(first.session_secret, again.session_secret);
    assert_eq!(first.seal_key, again.seal_key);
    assert_ne!(first.session_secret, first.seal_key);
    for file in ["session_secret", "seal_key", "webhook_verify_token"] {
        let path = data.path().join("keys").join(file);
        let mode = std::fs::metadata(path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let data = folder();
    let raw = RawSettings {
        port: Some("many".into()),
        public_url: Some("chat.example.com".into()),
        database_url: Some("mysql://x".into()),
        lease: Some("soon".into()),
        graph_version: Some("25".into()),
        cors_origins: Some("https://a.example/path".into()),
        smtp_from: Some("nobody".into()),
        ..raw(&data)
    };
    let expected = [
        "PORT",
        "PUBLIC_URL",
        "DATABASE_URL",
        "CORS_ORIGINS",
        "GRAPH_VERSION",
        "LEASE",
        "SMTP_FROM",
    ];
    assert_eq!(wrong(&raw), expected);
}

#[test]
fn production_refuses_what_is_weak_missing_or_copied_from_a_handbook() {
    let data = folder();
    Config::new(&production(&data), &Env::system()).expect("good");
    let bare = RawSettings { node_env: Some("production".into()), ..raw(&data) };
    assert_eq!(wrong(&bare), ["PUBLIC_URL", "SESSION_SECRET", "SEAL_KEY", "WEBHOOK_VERIFY_TOKEN"]);
    for weak in ["short", "your-random-secret-string-minimum-32-chars", &"ab".repeat(20)] {
        let raw = RawSettings { session_secret: Some(weak.into()), ..production(&data) };
        assert_eq!(wrong(&raw), ["SESSION_SECRET"], "{weak}");
    }
    let plain =
        RawSettings { public_url: Some("http://chat.example.com".into()), ..production(&data) };
    assert_eq!(wrong(&plain), ["PUBLIC_URL"]);
    let loopback =
        RawSettings { public_url: Some("http://127.0.0.1:5000".into()), ..production(&data) };
    Config::new(&loopback, &Env::system()).expect("behind a proxy on this machine");
}

#[test]
fn production_refuses_tokens_of_handbooks_and_one_secret_for_two_things() {
    let data = folder();
    for token in ["my-custom-verify-token-12345", "your_custom_webhook_verify_token", "short"] {
        let raw = RawSettings { webhook_verify_token: Some(token.into()), ..production(&data) };
        assert_eq!(wrong(&raw), ["WEBHOOK_VERIFY_TOKEN"], "{token}");
    }
    let twice = production(&data);
    let twice = RawSettings { seal_key: twice.session_secret.clone(), ..twice };
    assert_eq!(wrong(&twice), ["SEAL_KEY"]);
    assert!(!data.path().join("keys").exists(), "production makes no key");
}

#[test]
fn a_check_writes_nothing() {
    let data = folder();
    let raw = RawSettings {
        data_dir: Some(data.path().join("new").display().to_string()),
        ..RawSettings::default()
    };
    Config::check(&raw, &Env::system()).expect("good");
    assert!(!data.path().join("new").exists());
}

#[test]
fn filters_ports_and_lengths_of_time_are_read_strictly() {
    let data = folder();
    let raw = |name: &str, value: &str| {
        let (value, raw) = (Some(value.to_owned()), raw(&data));
        match name {
            "LOG" => RawSettings { log: value, ..raw },
            "SMTP_PORT" => RawSettings { smtp_port: value, ..raw },
            "LEASE" => RawSettings { lease: value, ..raw },
            "DRAIN_DELAY" => RawSettings { drain_delay: value, ..raw },
            _ => RawSettings { ambiguous_hold: value, ..raw },
        }
    };
    let bad = [
        ("LOG", "info,whatsapp=loudest"),
        ("SMTP_PORT", "0"),
        ("SMTP_PORT", "65536"),
        ("LEASE", "0s"),
        ("LEASE", "31d"),
        ("AMBIGUOUS_HOLD", "9000000d"),
        ("DRAIN_DELAY", "6m"),
    ];
    for (name, value) in bad {
        assert_eq!(wrong(&raw(name, value)), [name], "{value}");
    }
    let good =
        [("LOG", "info,whatsapp_platform=debug"), ("SMTP_PORT", "587"), ("AMBIGUOUS_HOLD", "30d")];
    for (name, value) in good {
        Config::new(&raw(name, value), &Env::system()).expect(value);
    }
    let now = Config::new(&raw("DRAIN_DELAY", "0"), &Env::system()).expect("good");
    assert_eq!(now.drain_delay, Span::ZERO);
}

#[test]
fn production_refuses_a_demonstration_folder() {
    let data = folder();
    std::fs::write(data.path().join(whatsapp_server::demo::FILE), "{}").expect("a file");
    assert_eq!(wrong(&production(&data)), ["DATA_DIR"]);
}

#[test]
fn what_is_printed_holds_no_secret() {
    let data = folder();
    let raw = RawSettings {
        database_url: Some("postgresql://u:hunter2-hunter2@h/d".into()),
        meta_app_secret: Some("0123456789abcdef0123456789abcdef".into()),
        smtp_host: Some("mail.example".into()),
        ..production(&data)
    };
    let text = redacted(&raw);
    let config = Config::new(&raw, &Env::system()).expect("good");
    let all = format!("{text}{config:?}");
    for secret in ["hunter2", "0123456789abcdef", "q8Zr1Lm", "mB7vC1x"] {
        assert!(!all.contains(secret), "{secret}");
    }
    assert!(text.contains("mail.example   (not used yet)"));
}

#[test]
fn the_handbooks_table_is_the_servers_own() {
    let handbook = include_str!("../../../docs/operating/configuration.md");
    assert!(
        handbook.contains(markdown().trim_end()),
        "write `whatsapp-server config table` into the handbook"
    );
    assert!(SETTINGS.len() > 20);
}
