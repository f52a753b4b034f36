//! `cargo xtask simulate --seeds N [--from M] | --seed N`: the real code under seeds, with simulated time, Meta,
//! crashes and faults. The tests tell 5,000 of these stories each time; this tells as many as you like.

use crate::fail::Outcome;
use crate::proc;

/// Tells them, in a build that is fast.
///
/// # Errors
/// When a story does not hold: its seed and the command that replays it are printed.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let mut cargo = proc::cargo();
    cargo.args(["bench", "--quiet", "--package", "whatsapp-platform", "--features", "testing"]);
    cargo.args(["--bench", "simulate", "--"]).args(arguments);
    proc::run(&mut cargo)
}
