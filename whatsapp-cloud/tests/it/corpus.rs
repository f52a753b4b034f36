//! Replays the fuzzers' kept corpus, and a little around each of its files: what once broke never breaks again.

use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "they are public in the fuzzers' own crate")]
mod targets;

/// The whole corpus stays below this, so that it may live beside the code.
const BYTES_MAX: usize = 1_000_000;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn files(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = corpus().join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|file| file.expect("a file"))
        .map(|file| {
            let bytes = std::fs::read(file.path()).expect("a file");
            (file.file_name().to_string_lossy().into_owned(), bytes)
        })
        .collect();
    files.sort();
    files
}

/// Calls the target with each file, with beginnings of it and with single bytes changed: always the same ones.
fn replay(target: &str, check: fn(&[u8])) {
    let files = files(target);
    assert!(!files.is_empty(), "{target} has no corpus");
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = |below: usize| {
        chance =
            chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(chance >> 33).expect("31 bits") % below.max(1)
    };
    for (name, bytes) in files {
        println!("{target}/{name}"); // shown if it breaks
        check(&bytes);
        for _ in 0..16 {
            let end = draw(bytes.len() + 1);
            check(bytes.get(..end).unwrap_or_default());
            let mut other = bytes.clone();
            let (at, to) = (draw(bytes.len()), draw(256));
            if let Some(byte) = other.get_mut(at) {
                *byte = u8::try_from(to).expect("a byte");
            }
            check(&other);
        }
    }
}

#[test]
fn webhook_calls_of_the_corpus_are_read() {
    replay("webhook_parse", targets::webhook_parse);
}

#[test]
fn signatures_of_the_corpus_hold() {
    replay("signature", targets::signature);
}

#[test]
fn statuses_of_the_corpus_lead_forward() {
    replay("status_application", targets::status_application);
}

#[test]
fn components_of_the_corpus_are_checked() {
    replay("template_components", targets::template_components);
}

#[test]
fn the_corpus_is_small_and_every_target_has_one() {
    let targets = corpus().with_file_name("fuzz_targets");
    let mut bytes = 0;
    for target in std::fs::read_dir(targets).expect("targets") {
        let name = target.expect("a file").path();
        let name = name.file_stem().expect("a name").to_string_lossy().into_owned();
        bytes += files(&name).iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    }
    assert!(bytes < BYTES_MAX, "{bytes} bytes");
}
