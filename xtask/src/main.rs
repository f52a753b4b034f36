//! The one command of this repository: `cargo xtask <command>`.
//!
//! It checks, tests, runs and regenerates; it never holds product code and no product crate
//! depends on it. Each command lives in the file of its name, with its tests.

mod bench;
mod check;
mod fail;
mod fuzz;
mod hash;
mod independent;
mod paths;
mod postgres;
mod proc;
mod serve;
mod simulate;
mod sqlx;
mod tally;
mod test;
mod tools;
mod web;

use fail::Outcome;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  run [-- args]      build everything and start the demo
  test [filter…]     every test, on both databases and in a browser (--rust, --web, --browser,
                     --independent)
  check [step…]      every rule of the house (--fix repairs what can be repaired)
  bench [name…]      measure, each figure beside its baseline of the same run
  fuzz [target…]     look for inputs that break the parsers (--seconds N for each)
  simulate           the real code under seeds: --seeds N [--from M], or --seed N with its log
  dev [-- args]      the demo's server and Vite, both with reload
  web                build the console when its sources changed
  sqlx               prepare the metadata of the checked SQL, on both databases
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next();
    let rest: Vec<String> = arguments.collect();
    match dispatch(command.as_deref(), &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_told() {
                eprintln!("xtask: {failure}");
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Option<&str>, rest: &[String]) -> Outcome {
    match command {
        Some("run") => serve::run(rest),
        Some("test") => test::run(rest),
        Some("check") => check::run(rest),
        Some("bench") => bench::run(rest),
        Some("fuzz") => fuzz::run(rest),
        Some("simulate") => simulate::run(rest),
        Some("dev") => serve::dev(rest),
        Some("web") => web::build(),
        Some("sqlx") => sqlx::prepare(),
        None | Some("help" | "-h" | "--help") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("there is no command `{other}`\n\n{HELP}").into()),
    }
}
