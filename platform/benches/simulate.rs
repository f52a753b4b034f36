//! As many simulated stories as asked for, on all cores: `cargo xtask simulate --seeds N [--from M]`; one of them with
//! its whole log: `cargo xtask simulate --seed N`. What a story is stands in `tests/simulation`.
#![expect(clippy::print_stdout, reason = "it says what it saw")]
#![expect(clippy::expect_used, clippy::panic, reason = "what cannot be set up must end, loudly")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

#[path = "../tests/simulation/fate.rs"]
mod fate;
#[path = "../tests/simulation/judge.rs"]
mod judge;
#[path = "../tests/simulation/node.rs"]
mod node;
#[path = "../tests/simulation/post.rs"]
mod post;
#[path = "../tests/simulation/run.rs"]
mod run;
#[path = "../tests/simulation/stage.rs"]
mod stage;
#[path = "../tests/simulation/weather.rs"]
mod weather;
#[path = "../tests/simulation/work.rs"]
mod work;

/// A word of progress after so many.
const TELL_EVERY: u64 = 1_000;

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().collect();
    let number = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1)?.parse::<u64>().ok()
    };
    if let Some(seed) = number("--seed") {
        let log = Teller::new()?.tell(seed)?;
        println!("{}\nseed {seed} holds", log.join("\n"));
        return Ok(());
    }
    let from = number("--from").unwrap_or(0);
    let seeds = number("--seeds").ok_or("write --seeds N, or --seed N for one with its log")?;
    many(from, seeds)
}

fn many(from: u64, seeds: u64) -> Result<(), String> {
    let next = Arc::new(AtomicU64::new(0));
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers: Vec<_> = (0..threads)
        .map(|_| {
            let next = Arc::clone(&next);
            thread::spawn(move || {
                let mut broken = Vec::new();
                let mut teller = Teller::new().expect("a stage is there");
                loop {
                    let nth = next.fetch_add(1, Ordering::SeqCst);
                    if nth >= seeds {
                        return broken;
                    }
                    if let Err(why) = teller.tell(from + nth) {
                        println!("{why}");
                        broken.push(from + nth);
                        // What a broken story left behind is not the next one's.
                        teller = Teller::new().expect("a stage is there");
                    }
                    if (nth + 1).is_multiple_of(TELL_EVERY) {
                        println!("{} stories", nth + 1);
                    }
                }
            })
        })
        .collect();
    let broken: Vec<u64> =
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect();
    println!("{seeds} stories from seed {from}, {} do not hold", broken.len());
    if broken.is_empty() { Ok(()) } else { Err(format!("do not hold: {broken:?}")) }
}

/// Where a thread of its own tells stories.
struct Teller {
    runtime: tokio::runtime::Runtime,
    stage: stage::Stage,
}

impl Teller {
    fn new() -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| e.to_string())?;
        let stage = runtime.block_on(stage::Stage::sqlite()).map_err(|e| e.to_string())?;
        Ok(Self { runtime, stage })
    }
    /// One story; gives its log.
    fn tell(&self, seed: u64) -> Result<Vec<String>, String> {
        let told = self.runtime.block_on(self.stage.tell(seed));
        told.map_err(|why| {
            format!("seed {seed}: {why}\nreplay it: cargo xtask simulate --seed {seed}")
        })
    }
}
