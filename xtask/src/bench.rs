//! `cargo xtask bench [name…]`: what is fast is measured here, each figure beside its baseline of the same run.
//! Never part of the tests: a loaded machine must not fail them.

use crate::fail::Outcome;
use crate::proc;

/// One bench: its name, the crate that has it, and what it shows.
struct Bench {
    name: &'static str,
    package: &'static str,
    shows: &'static str,
}

const BENCHES: [Bench; 3] = [
    Bench {
        name: "webhook",
        package: "whatsapp-cloud",
        shows: "verify and read webhooks beside HMAC and a plain JSON parse; build a template message",
    },
    Bench {
        name: "client",
        package: "whatsapp-cloud",
        shows: "the client beside a bare socket loop, to the simulator",
    },
    Bench {
        name: "engine",
        package: "whatsapp-platform",
        shows: "webhook calls taken and applied, campaigns sent over ten numbers, beside the least statements that would do",
    },
];

/// Runs all benches, or those named.
///
/// # Errors
/// When there is no bench of a name, or one missed what it must reach.
pub(crate) fn run(names: &[String]) -> Outcome {
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|b| b.name != **name)) {
        let known: Vec<String> =
            BENCHES.iter().map(|bench| format!("  {:<10} {}", bench.name, bench.shows)).collect();
        return Err(
            format!("there is no bench `{unknown}`; there are\n{}", known.join("\n")).into()
        );
    }
    let mut failed = Vec::new();
    for bench in BENCHES.iter().filter(|b| names.is_empty() || names.iter().any(|n| n == b.name)) {
        println!("== {}: {}", bench.name, bench.shows);
        let mut cargo = proc::cargo();
        cargo.args(["bench", "--quiet", "--package", bench.package, "--bench", bench.name]);
        if let Err(failure) = proc::run(&mut cargo) {
            println!("{failure}");
            failed.push(bench.name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("these benches failed: {}", failed.join(", ")).into())
}
