//! `cargo xtask check`: every rule of the house, one step each. It never stops at the first
//! failure, and changes nothing unless `--fix` is given.

mod docs;
mod features;
mod frontend;
mod generated;
mod layers;
mod licences;
mod lists;
mod metadata;
mod rust_file;
mod sizes;
mod spdx;
mod sql_rule;
mod sql_text;
mod tidy;
mod unused;

use crate::fail::Outcome;
use crate::proc;
use std::process::Command;
use std::time::Instant;

/// One rule or one tool, by the name it can be asked for.
struct Step {
    name: &'static str,
    run: fn(fix: bool) -> Outcome,
}

/// The quick ones first. The console is built (by `budgets`) before the server is compiled, which
/// embeds it and would be compiled again.
const STEPS: [Step; 17] = [
    Step { name: "fmt", run: fmt },
    Step { name: "layers", run: layers::check },
    Step { name: "sizes", run: sizes::check },
    Step { name: "tidy", run: tidy::check },
    Step { name: "docs", run: docs::check },
    Step { name: "licences", run: licences::check },
    Step { name: "unused", run: unused::check },
    Step { name: "lock", run: frontend::lock },
    Step { name: "lint", run: frontend::lint },
    Step { name: "typecheck", run: frontend::typecheck },
    Step { name: "borders", run: frontend::borders },
    Step { name: "i18n", run: frontend::i18n },
    Step { name: "budgets", run: frontend::budgets },
    Step { name: "clippy", run: clippy },
    Step { name: "features", run: features::check },
    Step { name: "sql", run: generated::sql },
    Step { name: "openapi", run: generated::openapi },
];

/// Runs all steps, or those named; `--fix` repairs what a tool can repair.
///
/// # Errors
/// When a step failed or there is no step of a given name.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let fix = arguments.iter().any(|argument| argument == "--fix");
    let names: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| *argument != "--fix").collect();
    let steps = chosen(&names)?;
    let mut failed = Vec::new();
    for step in steps {
        println!("{:<10} …", step.name);
        let (result, seconds) = timed(|| (step.run)(fix));
        match result {
            Ok(()) => println!("{:<10} ok      {seconds:>6.1} s", step.name),
            Err(failure) => {
                println!("{failure}");
                println!("{:<10} FAILED  {seconds:>6.1} s", step.name);
                failed.push(step.name);
            }
        }
    }
    if failed.is_empty() {
        println!("all checks passed");
        return Ok(());
    }
    Err(format!("these checks failed: {}", failed.join(", ")).into())
}

fn chosen(names: &[&str]) -> Outcome<Vec<&'static Step>> {
    let unknown: Vec<&str> =
        names.iter().copied().filter(|name| STEPS.iter().all(|step| step.name != *name)).collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!(
            "no check is called {}; there are {}",
            unknown.join(", "),
            known.join(", ")
        )
        .into());
    }
    Ok(STEPS.iter().filter(|step| names.is_empty() || names.contains(&step.name)).collect())
}

#[expect(clippy::disallowed_methods, reason = "a duration for the person at the terminal")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// Turns findings, one line each, into a step's result.
fn verdict(mut findings: Vec<String>) -> Outcome {
    if findings.is_empty() {
        return Ok(());
    }
    findings.sort();
    findings.dedup();
    Err(findings.join("\n").into())
}

fn fmt(fix: bool) -> Outcome {
    let mut cargo = proc::cargo();
    cargo.args(["fmt", "--all"]);
    if !fix {
        // Names are enough: whoever reads them runs `cargo fmt`.
        cargo.args(["--check", "--message-format", "short"]);
    }
    proc::run(&mut cargo)
}

/// The same packages, targets and features as `test`, so that build scripts and procedural macros
/// are compiled once for both.
fn clippy(_fix: bool) -> Outcome {
    let mut cargo: Command = proc::cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]);
    proc::run(&mut cargo)
}

#[cfg(test)]
mod tests {
    use super::{STEPS, chosen, verdict};

    #[test]
    fn steps_are_chosen_by_name_and_run_in_the_houses_order() {
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
        let names: Vec<&str> =
            chosen(&["tidy", "layers"]).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(names, ["layers", "tidy"]);
        assert!(chosen(&["nonsense"]).is_err());
    }

    #[test]
    fn findings_are_told_once_and_in_order() {
        assert!(verdict(Vec::new()).is_ok());
        let failure = verdict(vec!["b".into(), "a".into(), "b".into()]).unwrap_err();
        assert_eq!(failure.to_string(), "a\nb");
    }
}
