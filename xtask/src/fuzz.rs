//! `cargo xtask fuzz [target] [--seconds N]`: looks for inputs that break what must never break, with the nightly
//! compiler's instruments. The kept corpus is replayed by the ordinary tests; this makes it longer.

use crate::fail::Outcome;
use crate::{paths, proc};
use std::fs;

const SECONDS: u32 = 300;

/// Runs one target, or all in turn, each for so many seconds.
///
/// # Errors
/// When an input broke a target (it is then in `whatsapp-cloud/fuzz/artifacts`), or the tools are missing.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let (targets, seconds) = read(arguments, &known()?)?;
    need_tools()?;
    for target in targets {
        println!("== {target}, {seconds} s");
        let mut cargo = proc::command("cargo");
        cargo.current_dir(paths::root().join("whatsapp-cloud/fuzz"));
        // What is found goes to the first folder; the kept corpus is only read.
        let found = paths::root().join("target/fuzz").join(&target);
        fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
        cargo.args(["+nightly", "fuzz", "run", "--fuzz-dir", ".", &target]);
        cargo.arg(found).arg(format!("corpus/{target}")).arg("--");
        cargo.arg(format!("-max_total_time={seconds}"));
        proc::run(&mut cargo)?;
    }
    Ok(())
}

/// The targets there are: one file each.
fn known() -> Outcome<Vec<String>> {
    let folder = paths::root().join("whatsapp-cloud/fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = files
        .flatten()
        .filter_map(|file| file.path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

fn read(arguments: &[String], known: &[String]) -> Outcome<(Vec<String>, u32)> {
    let (mut chosen, mut seconds) = (Vec::new(), SECONDS);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let number = words.next().and_then(|number| number.parse().ok());
            seconds = number.ok_or("write --seconds and a whole number")?;
        } else if known.contains(word) {
            chosen.push(word.clone());
        } else {
            return Err(
                format!("there is no target `{word}`; there are {}", known.join(", ")).into()
            );
        }
    }
    Ok((if chosen.is_empty() { known.to_vec() } else { chosen }, seconds))
}

fn need_tools() -> Outcome {
    if proc::capture(proc::command("cargo").args(["+nightly", "--version"])).is_err() {
        return Err("fuzzing needs the nightly compiler: `rustup toolchain install nightly`".into());
    }
    if proc::capture(proc::command("cargo").args(["fuzz", "--version"])).is_ok() {
        return Ok(());
    }
    eprintln!("xtask: installing cargo-fuzz, once, from source");
    proc::run(proc::command("cargo").args(["install", "--locked", "cargo-fuzz"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn all_targets_run_unless_one_is_named() {
        let known = words("a b");
        assert!(read(&[], &known).is_ok_and(|got| got == (known.clone(), SECONDS)));
        let one = read(&words("b --seconds 5"), &known);
        assert!(one.is_ok_and(|got| got == (words("b"), 5)));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let known = words("a b");
        for wrong in ["c", "--seconds", "--seconds x", "a --fast"] {
            assert!(read(&words(wrong), &known).is_err(), "{wrong}");
        }
    }
}
