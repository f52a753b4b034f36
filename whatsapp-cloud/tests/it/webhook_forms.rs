//! Each webhook call of the reference in its typed form, as a snapshot: a file more in the folder is a test more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use whatsapp_cloud::signup::read_event;
use whatsapp_cloud::webhook::{Inbound, Parsed, parse_counted};
use whatsapp_core::Timestamp;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_100);

/// The calls of the reference, by name without `webhook_`.
fn calls() -> BTreeMap<String, PathBuf> {
    fixtures("webhook_")
}

fn fixtures(prefix: &str) -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = std::fs::read_dir(folder).expect("fixtures").map(|file| file.expect("file").path());
    let named = |path: PathBuf| {
        let name = path.file_stem()?.to_str()?.strip_prefix(prefix)?.to_owned();
        Some((name, path))
    };
    files.filter_map(named).collect()
}

fn read(path: &Path) -> Parsed {
    let body = std::fs::read(path).expect("a fixture");
    parse_counted(&body, NOW).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The debug form without what is absent and without the raw copies: what a reader of the snapshot must judge.
fn told(parsed: &impl std::fmt::Debug) -> String {
    let debug = format!("{parsed:#?}");
    let mut out: Vec<String> = Vec::new();
    let mut end_of_raw: Option<String> = None;
    for line in debug.lines() {
        if let Some(end) = &end_of_raw {
            if line == end {
                end_of_raw = None;
            }
            continue;
        }
        let plain = line.trim_start();
        let indent = " ".repeat(line.len() - plain.len());
        let is_copy = plain.starts_with("raw: ") || plain.starts_with("value: Object");
        if is_copy && !out.last().is_some_and(|l| l.contains("field: ")) {
            end_of_raw = plain.ends_with('{').then(|| format!("{indent}}},"));
            continue;
        }
        let absent = [": None,", ": [],", ": {},", ": \"\",", ": false,", ": Plain,"];
        if absent.iter().any(|word| plain.ends_with(word)) {
            continue;
        }
        out.push(line.to_owned());
        while shorten(&mut out) {}
    }
    out.join("\n")
}

/// Joins `Some(` with its only line, and drops what has nothing in it; whether it did.
fn shorten(lines: &mut Vec<String>) -> bool {
    let [.., before, last] = lines.as_slice() else { return false };
    if before.trim_start() == "Change {" || !last.trim_start().starts_with(['}', ')']) {
        return false;
    }
    if before.ends_with('{') {
        lines.truncate(lines.len() - 2);
        return true;
    }
    let [.., open, only, close] = lines.as_slice() else { return false };
    let indent = |line: &str| line.len() - line.trim_start().len();
    if !open.ends_with('(') || indent(open) != indent(close) || only.ends_with(['{', '[']) {
        return false;
    }
    let joined = format!("{open}{}{}", only.trim().trim_end_matches(','), close.trim());
    lines.truncate(lines.len() - 3);
    lines.push(joined);
    true
}

#[test]
fn every_call_has_its_typed_form() {
    let calls = calls();
    assert!(calls.len() >= 157, "only {} calls", calls.len());
    for (name, path) in calls {
        insta::assert_snapshot!(format!("webhook_{name}"), told(&read(&path)));
    }
}

#[test]
fn only_what_nobody_can_know_stays_raw() {
    let raw =
        |parsed: &Parsed| parsed.changes.iter().any(|c| matches!(c.inbound, Inbound::Raw { .. }));
    let of = |keep: &dyn Fn(&Parsed) -> bool| -> BTreeSet<String> {
        calls().into_iter().filter(|(_, path)| keep(&read(path))).map(|(name, _)| name).collect()
    };
    // Every field of the reference has its type.
    assert_eq!(of(&raw), BTreeSet::new());
    // An invented kind of message is a message all the same, and counted.
    assert_eq!(
        of(&|parsed| !parsed.unknown.is_empty()),
        BTreeSet::from(["msg_future_type".to_owned()])
    );
}

#[test]
fn every_event_of_the_signup_window_has_its_typed_form() {
    let events = fixtures("es_event_");
    assert!(events.len() >= 5, "only {} events", events.len());
    for (name, path) in events {
        let data = std::fs::read_to_string(&path).expect("a fixture");
        let event = read_event("https://www.facebook.com", &data).expect(&name);
        insta::assert_snapshot!(format!("es_event_{name}"), told(&event));
    }
}

/// Words that the kind of the event says already.
const SAID_BY_THE_FORM: [(&str, &str); 16] = [
    ("messaging_product", "whatsapp"),
    ("action_type", "marketing_messages_link_click"),
    ("category", "marketing_messages"),
    ("event", "FLOW_STATUS_CHANGE"),
    ("max_daily_conversation_per_phone", "-1"),
    ("max_daily_conversations_per_business", "TIER_2K"),
    ("object", "whatsapp_business_account"),
    ("reason", "NONE"),
    ("type", "customer_identity_changed"),
    ("type", "interactive"),
    ("type", "system"),
    ("type", "unknown"),
    ("type", "user_changed_number"),
    ("type", "user_changed_user_id"),
    ("username", "@aylink"),
    ("waba_ban_state", "SCHEDULE_FOR_DISABLE"),
];

#[test]
fn every_fact_of_a_call_is_in_its_typed_form() {
    let mut lost = Vec::new();
    for (name, path) in calls() {
        let body = std::fs::read(&path).expect("a fixture");
        let call: serde_json::Value = serde_json::from_slice(&body).expect("json");
        let told = folded(&told(&read(&path)));
        facts(&call["entry"], "", &mut |key, fact| {
            let plain = key == "field" || SAID_BY_THE_FORM.contains(&(key, fact));
            if !plain && !told.contains(&folded(fact)) {
                lost.push(format!("{name}: {key} {fact}"));
            }
        });
    }
    assert!(lost.is_empty(), "lost {lost:#?}");
}

/// Meta's `GROUP_MARKETING` is our `GroupMarketing`.
fn folded(text: &str) -> String {
    text.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

fn facts(value: &serde_json::Value, key: &str, look: &mut dyn FnMut(&str, &str)) {
    match value {
        serde_json::Value::String(text) => look(key, format!("{text:?}").trim_matches('"')),
        serde_json::Value::Number(number) => look(key, &number.to_string()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| facts(item, key, look)),
        serde_json::Value::Object(map) => map.iter().for_each(|(key, part)| facts(part, key, look)),
        _ => {}
    }
}
