//! Calls of the reference with a wrong part: never a panic, never an error, and nothing vanishes.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use whatsapp_cloud::webhook::{parse, parse_counted};
use whatsapp_core::Timestamp;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_100);

static CALLS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("fixtures")
        .map(|file| file.expect("file").path())
        .collect();
    files.retain(|path| {
        path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("webhook_"))
    });
    files.sort();
    let read = |path| serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("json");
    files.iter().map(read).collect()
});

/// How many things a call tells: the items of the lists that belong to the field, at least one for each change.
fn items(call: &Value) -> usize {
    let in_change = |change: &Value| {
        let lists: &[&str] = match change.get("field").and_then(Value::as_str).unwrap_or_default() {
            "messages" => &["messages", "statuses", "errors", "user_actions"],
            "smb_message_echoes" => &["message_echoes"],
            "smb_app_state_sync" => &["state_sync"],
            "history" => &["history", "messages", "message_echoes"],
            "user_preferences" => &["user_preferences"],
            "user_id_update" => &["user_id_update"],
            "automatic_events" => &["automatic_events"],
            "calls" => &["calls", "statuses"],
            word if word.starts_with("group_") && word.ends_with("_update") => &["groups"],
            _ => &[],
        };
        let list = |key: &str| change.get("value").and_then(|value| value.get(key)?.as_array());
        let len = |key: &&str| list(key).map_or(0, Vec::len);
        lists.iter().map(len).sum::<usize>().max(1)
    };
    let in_entry = |entry: &Value| match entry["changes"].as_array() {
        Some(changes) => changes.iter().map(in_change).sum(),
        None => 1,
    };
    call["entry"].as_array().into_iter().flatten().map(in_entry).sum()
}

/// Where the parts of a value are, each as a pointer.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Array(all) => {
            for (index, part) in all.iter().enumerate() {
                places(part, &format!("{at}/{index}"), out);
            }
        }
        Value::Object(all) => {
            for (key, part) in all {
                places(part, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {}
    }
}

#[derive(Clone, Debug)]
enum Wrong {
    Dropped,
    Swapped,
    Is(Value),
}

fn wrong() -> impl Strategy<Value = Wrong> {
    let odd = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(""),
        json!(" "),
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e300),
        json!("\u{0}"),
        json!("9".repeat(400)),
        json!([]),
        json!({}),
        json!([[[{}]]]),
        json!("group"),
        json!("system"),
    ]);
    prop_oneof![Just(Wrong::Dropped), Just(Wrong::Swapped), odd.prop_map(Wrong::Is)]
}

/// The same in the other form: `"7"` for `7`, an object for its only item, and the reverse.
fn swapped(value: &Value) -> Value {
    match value {
        Value::String(text) => text.parse::<u64>().map_or_else(|_| json!([text]), Into::into),
        Value::Number(number) => json!(number.to_string()),
        Value::Bool(flag) => json!(flag.to_string()),
        Value::Array(items) => items.first().cloned().unwrap_or_default(),
        Value::Object(_) => json!([value]),
        Value::Null => json!("null"),
    }
}

fn spoil(call: &mut Value, place: &str, wrong: &Wrong) {
    match wrong {
        Wrong::Dropped => {
            let Some((parent, key)) = place.rsplit_once('/') else { return };
            match call.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.remove(key)),
                Some(Value::Array(list)) => drop(list.remove(key.parse().expect("an index"))),
                _ => {}
            }
        }
        Wrong::Swapped => {
            if let Some(part) = call.pointer_mut(place) {
                *part = swapped(part);
            }
        }
        Wrong::Is(other) => {
            if let Some(part) = call.pointer_mut(place) {
                *part = other.clone();
            }
        }
    }
}

/// Whether it still is a call: an object with a list of entries.
fn is_call(call: &Value) -> bool {
    call.get("entry").is_some_and(Value::is_array)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn whatever_is_wrong_in_a_call_nothing_of_it_vanishes(
        which in any::<prop::sample::Index>(),
        wrongs in prop::collection::vec((any::<prop::sample::Index>(), wrong()), 1..4),
    ) {
        let mut call = which.get(&CALLS).clone();
        for (pick, wrong) in &wrongs {
            let mut all = Vec::new();
            places(&call, "", &mut all);
            spoil(&mut call, pick.get::<String>(&all), wrong);
        }
        let body = call.to_string();
        match parse_counted(body.as_bytes(), NOW) {
            Ok(parsed) => {
                prop_assert!(parsed.changes.len() >= items(&call), "{body} gave {parsed:?}");
                prop_assert_eq!(parse(body.as_bytes(), NOW), Ok(parsed.changes));
            }
            Err(error) => prop_assert!(!is_call(&call), "{body}: {error}"),
        }
    }
}

#[test]
fn every_part_of_every_call_may_be_absent_null_or_in_the_other_form() {
    for original in CALLS.iter() {
        let mut all = Vec::new();
        places(original, "", &mut all);
        for place in &all {
            for wrong in [Wrong::Dropped, Wrong::Swapped, Wrong::Is(Value::Null)] {
                let mut call = original.clone();
                spoil(&mut call, place, &wrong);
                let got = parse(call.to_string().as_bytes(), NOW);
                match got {
                    Ok(changes) => {
                        assert!(changes.len() >= items(&call), "{place} {wrong:?}: {call}");
                    }
                    Err(error) => assert!(!is_call(&call), "{place} {wrong:?}: {error}"),
                }
            }
        }
    }
}
