//! The simulator under a client library that others wrote, in another language: if it cannot tell the simulator from
//! Meta in what it uses, neither need our users. Installs its pinned packages into a folder under `target`.

use crate::fail::{During, Outcome};
use crate::proc::{self, Stream};
use crate::tally::Tally;
use crate::{hash, paths, tools};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "whatsapp-cloud/tests/independent";

/// Runs the check against this `meta-simulator`; each line `ok` is a test.
///
/// # Errors
/// When Python or the packages cannot be had.
pub(crate) fn run(simulator: &Path, target: &Path) -> Outcome<Tally> {
    let python = environment(&target.join("independent"))?;
    let mut check = proc::command(&python.to_string_lossy());
    check.arg(paths::root().join(FOLDER).join("pywa_check.py")).arg("--binary").arg(simulator);
    let mut tally = Tally::default();
    let status = proc::watch(&mut check, Stream::Out, |line| {
        if line.trim_start().starts_with("ok ") {
            tally.passed += 1;
        }
    })?;
    Ok(tally.judged(status.success()))
}

/// Python with the pinned packages; made again when their list changed.
fn environment(folder: &Path) -> Outcome<PathBuf> {
    let wanted = format!("{FOLDER}/requirements.txt");
    let (python, mark) = (folder.join("bin/python"), folder.join("made-of"));
    let digest = hash::of_files(&paths::root(), &[paths::root().join(&wanted)])?;
    if python.is_file() && fs::read_to_string(&mark).is_ok_and(|made| made == digest) {
        return Ok(python);
    }
    make(folder)?;
    proc::run(
        proc::command(&python.to_string_lossy())
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--require-hashes", "--requirement", &wanted])
            .current_dir(paths::root()),
    )?;
    fs::write(&mark, digest).during(mark.display())?;
    Ok(python)
}

fn make(folder: &Path) -> Outcome {
    const PURPOSE: &str = "the check by an independent client";
    if tools::find(&["python3"]).is_none() {
        tools::install("python3", PURPOSE)?;
    }
    let made = |folder: &Path| {
        proc::run(proc::command("python3").args(["-m", "venv", "--clear"]).arg(folder))
    };
    // Debian packs the module apart from the language.
    made(folder).or_else(|_| {
        tools::install("python3-venv", PURPOSE)?;
        made(folder)
    })
}
