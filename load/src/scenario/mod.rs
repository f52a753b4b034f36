//! The scenarios: each sets its stage, runs its baselines and the product one after the other in the same run, and
//! leaves one result for each database.

mod burst;
mod fanout;
mod faults;
mod growth;
mod inbox;
mod ingest;
mod kill;
mod lanes;
mod memory;
mod send;
mod start;

use std::path::PathBuf;

use crate::report::Report;
use crate::stage::Engine;
use crate::{Outcome, machine, postgres};

/// What was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) engine: Engine,
    /// Short runs: to see that it works.
    pub(crate) quick: bool,
}

impl Asked {
    /// A length that depends on how long one wants to wait.
    pub(crate) fn choose<T>(&self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }
    pub(crate) fn report(&self, scenario: &'static str) -> Report {
        Report::new(scenario, self.engine.name(), self.quick)
    }
}

const NAMES: [&str; 12] = [
    "ingest", "burst", "send", "duplex", "faults", "kill", "memory", "lanes", "fanout", "inbox",
    "growth", "start",
];

/// Each is a long story, kept aside of the one that calls it.
async fn play(name: &str, asked: &Asked) -> Outcome<Report> {
    match name {
        "ingest" => Box::pin(ingest::play(asked)).await,
        "burst" => Box::pin(burst::play(asked)).await,
        "send" => Box::pin(send::play(asked, false)).await,
        "duplex" => Box::pin(send::play(asked, true)).await,
        "faults" => Box::pin(faults::play(asked)).await,
        "kill" => Box::pin(kill::play(asked)).await,
        "memory" => Box::pin(memory::play(asked)).await,
        "lanes" => Box::pin(lanes::play(asked)).await,
        "fanout" => Box::pin(fanout::play(asked)).await,
        "inbox" => Box::pin(inbox::play(asked)).await,
        "growth" => Box::pin(growth::play(asked)).await,
        "start" => Box::pin(start::play(asked)).await,
        other => Err(format!("there is no scenario {other}").into()),
    }
}

/// Runs the named scenarios and writes their results.
///
/// # Errors
/// When one cannot be played to its end; the others are played all the same.
pub(crate) async fn run(words: &[String]) -> Outcome {
    let value = |name: &str| {
        let at = words.iter().position(|word| word == name)?;
        words.get(at + 1).cloned()
    };
    let engine = match value("--engine").as_deref() {
        Some("sqlite") => Engine::Sqlite,
        Some("postgres") => Engine::Postgres,
        _ => return Err("--engine is sqlite or postgres".into()),
    };
    let asked = Asked { engine, quick: words.iter().any(|word| word == "--quick") };
    let folder = PathBuf::from(value("--out").ok_or("--out names the results' folder")?);
    let chosen = NAMES.iter().filter(|name| words.iter().any(|word| word == **name));
    let mut failed = Vec::new();
    for name in chosen {
        println!("== {name} on {}", engine.name());
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(postgres::version().await?),
        };
        let machine = machine::look(postgres).await;
        let played = play(name, &asked).await;
        let written = played.and_then(|mut report| {
            report.machine = machine;
            report.write(&folder)
        });
        match written {
            Ok(()) => {}
            Err(failure) => {
                println!("   {failure}");
                failed.push(*name);
            }
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("these failed: {}", failed.join(", ")).into())
    }
}
