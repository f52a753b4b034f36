//! The real inbound, outbound, campaign and job code under one seed: virtual time, a simulated Meta that misbehaves,
//! one to three nodes that crash at any commit and any call, freeze and wake up, stores that fail, clocks that jump.
//! After every step the invariants are checked. Replay one seed by `cargo xtask simulate --seed N`, run many by
//! `cargo xtask simulate --seeds N`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up must end, loudly"
)]

mod fate;
mod judge;
mod node;
mod post;
mod run;
mod seeds;
mod weather;
mod work;

use whatsapp_core::Env;
use whatsapp_storage::sql::SqlStore;

use crate::run::Story;

/// One seed on a database of its own; gives its log.
async fn on_sqlite(seed: u64) -> Result<Vec<String>, String> {
    let connect = async |env: Env| SqlStore::connect("sqlite::memory:", env).await;
    Story::begin(seed, connect).await.tell().await
}

#[tokio::test]
async fn two_runs_of_a_seed_give_the_same_log_byte_for_byte() {
    for seed in [3, 44, 555] {
        let (one, other) = (on_sqlite(seed).await, on_sqlite(seed).await);
        let (one, other) = (one.expect("it holds"), other.expect("it holds"));
        assert!(one.len() > 50, "a story of {} lines is none", one.len());
        for (line, (one, other)) in one.iter().zip(&other).enumerate() {
            assert_eq!(one, other, "seed {seed}, line {line}");
        }
        assert_eq!(one.len(), other.len(), "seed {seed}");
    }
}

#[tokio::test]
async fn the_stories_hold_what_they_are_told_for() {
    let mut all = String::new();
    for seed in 0..60 {
        for line in on_sqlite(seed).await.expect("it holds") {
            all.push_str(&line);
            all.push('\n');
        }
    }
    for happens in [
        "crashes before a commit",
        "crashes after a commit",
        "crashes before a call",
        "crashes after a call",
        "freezes before a call",
        "freezes after a call",
        "wakes up",
        "commit fails before",
        "commit fails after",
        "the clock jumps",
        "is told again",
        "→ ambiguous",
        "→ unconfirmed",
        "→ read",
        "→ failed",
        "→ skipped",
        "campaign paused",
        "campaign resumed",
        "campaign cancelled",
        "reply is asked for again",
    ] {
        assert!(all.contains(happens), "in sixty stories never: {happens}");
    }
}
