//! The load scenarios: what the product does under a flood, beside the least programs that do the same job, each in a
//! process of its own so that its processor time and memory can be told apart. `cargo xtask bench` builds it and runs
//! it; it judges nothing and never writes into the repository: it leaves a result file for each scenario.

mod base;
mod child;
mod flood;
mod graph;
mod history;
mod hooks;
mod machine;
mod node;
mod postgres;
mod report;
mod scenario;
mod seed;
mod serve;
mod spread;
mod stage;
mod wire;

use std::process::ExitCode;

/// Whatever went wrong, as a sentence.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
/// The end of anything here.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

const HELP: &str = "\
load <role>, started by `cargo xtask bench`:

  run [name…] --engine sqlite|postgres --out FOLDER [--quick]     the scenarios
  graph                                                           a fake Graph server
  base NAME [url]                                                 a baseline

Environment: LOAD_SERVER names the server's program, PRIVATE_POSTGRES a database server's address.
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    match runtime.block_on(dispatch(&words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> ExitCode {
    eprintln!("load: {failure}");
    ExitCode::FAILURE
}

async fn dispatch(words: &[String]) -> Outcome {
    match words.split_first() {
        Some((role, rest)) if role == "run" => scenario::run(rest).await,
        Some((role, _)) if role == "graph" => graph::run().await,
        Some((role, rest)) if role == "base" => base::run(rest).await,
        _ => Err(HELP.into()),
    }
}
