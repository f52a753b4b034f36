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
mod stage;
mod weather;
mod work;

use crate::stage::Stage;

async fn new_stage() -> Stage {
    Stage::sqlite().await.expect("a database opens")
}

/// The same story, word by word.
fn assert_same(seed: u64, one: &[String], other: &[String]) {
    assert!(one.len() > 20, "a story of {} lines is none", one.len());
    for (line, (one, other)) in one.iter().zip(other).enumerate() {
        assert_eq!(one, other, "seed {seed}, line {line}");
    }
    assert_eq!(one.len(), other.len(), "seed {seed}");
}

#[tokio::test]
async fn two_runs_of_a_seed_give_the_same_log_byte_for_byte() {
    for seed in [3, 44, 555] {
        let (one, other) = (new_stage().await.tell(seed).await, new_stage().await.tell(seed).await);
        assert_same(seed, &one.expect("it holds"), &other.expect("it holds"));
    }
}

#[tokio::test]
async fn the_stories_hold_what_they_are_told_for() {
    let mut all = String::new();
    let stage = new_stage().await;
    let mut fell_back = false;
    for seed in 0..60 {
        let story = stage.tell(seed).await.expect("it holds");
        let accepts =
            story.iter().filter_map(|line| line.split_once("Meta accepts ")?.1.split_once(" for "));
        // A campaign has one template: whoever gets another one gets the fall-back.
        let sent = accepts.map(|(what, _)| what).filter(|what| !what.starts_with("reply "));
        fell_back |= sent.collect::<std::collections::BTreeSet<_>>().len() > 1;
        for line in story {
            all.push_str(&line);
            all.push('\n');
        }
    }
    assert!(fell_back, "in sixty stories nobody got the fall-back");
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
