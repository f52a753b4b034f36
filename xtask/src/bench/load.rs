//! The load scenarios: builds the server as it is released and the program that plays them, starts a private PostgreSQL
//! that waits for its disk, and keeps what they leave. It measures nothing itself.

use super::{Wish, page};
use crate::fail::{During, Outcome};
use crate::postgres::Postgres;
use crate::{paths, proc, test};
use std::fs;
use std::path::Path;

/// One scenario.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) shows: &'static str,
}

/// All of them, in the order of the page.
pub(super) const SCENARIOS: [Scenario; 12] = [
    Scenario { name: "ingest", shows: "signed webhook calls a second, durably taken (G1–G3)" },
    Scenario {
        name: "burst",
        shows: "kill -9 in a burst of calls: nothing lost, nothing twice (G4)",
    },
    Scenario {
        name: "send",
        shows: "campaigns on one and ten numbers at 1,000 messages/s (G5, G6)",
    },
    Scenario { name: "duplex", shows: "the same while every status comes back (G7)" },
    Scenario {
        name: "faults",
        shows: "a Graph server that fails: nobody twice, all accounted for (G8)",
    },
    Scenario { name: "kill", shows: "a thousand kill -9, frozen nodes, a crashing database (G8)" },
    Scenario { name: "memory", shows: "peak memory with lists of 100,000 and a million (G9)" },
    Scenario { name: "lanes", shows: "an agent's answer while a campaign is sent" },
    Scenario { name: "fanout", shows: "webhook to the events of a thousand consoles (G10)" },
    Scenario { name: "inbox", shows: "pages, conversations, search at a million people (G11)" },
    Scenario { name: "growth", shows: "the same load on 10,000 to ten million messages (G12)" },
    Scenario { name: "start", shows: "cold start, idleness, size (G15)" },
];

/// Plays scenarios on one database or both.
///
/// # Errors
/// When something cannot be built or started, or a scenario could not be played.
pub(super) fn run(names: &[&str], wish: &Wish) -> Outcome {
    build()?;
    let programs = test::target_folder()?.join("release");
    let results = test::target_folder()?.join("bench");
    let mut failure = None;
    for engine in ["sqlite", "postgres"] {
        if wish.engine.as_deref().is_some_and(|wanted| wanted != engine) {
            continue;
        }
        let postgres = if engine == "postgres" { Some(Postgres::durable()?) } else { None };
        let mut load = proc::command(&programs.join("load").to_string_lossy());
        load.arg("run").args(names).args(["--engine", engine, "--out"]).arg(&results);
        load.env("LOAD_SERVER", programs.join("whatsapp-server"));
        load.env("LOAD_COMMIT", commit()?);
        if wish.quick {
            load.arg("--quick");
        }
        if let Some(postgres) = &postgres {
            load.envs(postgres.handles());
        }
        failure = proc::run(&mut load).err().or(failure);
        if wish.write {
            for name in names {
                keep(&results, &format!("{name}.{engine}.json"))?;
            }
        }
    }
    if wish.write {
        page::write()?;
    }
    failure.map_or(Ok(()), Err)
}

fn build() -> Outcome {
    let mut cargo = proc::cargo();
    cargo.args(["build", "--release", "--quiet"]);
    cargo.args(["--package", "whatsapp-server", "--package", "whatsapp-load"]);
    // The simulated Meta of the scenario `kill`; the server has it built in anyway.
    cargo.args(["--package", "whatsapp-cloud", "--features", "whatsapp-cloud/simulator", "--bins"]);
    proc::run(&mut cargo)
}

/// What is measured: the commit, with a mark when there is more than it.
fn commit() -> Outcome<String> {
    let mut git = proc::command("git");
    let commit = proc::capture(git.args(["rev-parse", "--short=10", "HEAD"]))?;
    let mut git = proc::command("git");
    let changed = proc::capture(git.args(["status", "--porcelain"]))?;
    let mark = if changed.trim().is_empty() { "" } else { " with changes" };
    Ok(format!("{}{mark}", commit.trim()))
}

/// A result becomes part of the repository.
fn keep(results: &Path, name: &str) -> Outcome {
    let from = results.join(name);
    // A scenario that could not be played has left none; what was kept before stays.
    if !from.is_file() {
        return Ok(());
    }
    let folder = paths::root().join(page::RESULTS);
    fs::create_dir_all(&folder).during(page::RESULTS)?;
    fs::rename(&from, folder.join(name))
        .or_else(|_| fs::copy(&from, folder.join(name)).map(drop))
        .during(name)
}
