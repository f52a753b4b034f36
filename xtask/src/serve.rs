//! `cargo xtask run` and `cargo xtask dev`: the product on this machine. They never touch data
//! outside the demo's folder, and leave no process behind.

use crate::fail::{During, Outcome};
use crate::proc::{self, Guard};
use crate::{paths, test, web};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

/// Folders whose change makes `dev` build the server again.
const SERVER_SOURCES: [&str; 5] =
    ["whatsapp-core/src", "whatsapp-cloud/src", "storage", "platform/src", "server/src"];

/// Builds everything and becomes the demo server.
///
/// # Errors
/// When something is missing or does not build.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    web::build()?;
    build_server()?;
    let rest = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    Err(proc::become_program(demo()?.args(rest)))
}

/// Runs the server and Vite beside each other; a change to a Rust file rebuilds and restarts the
/// server, Vite reloads the rest by itself.
///
/// # Errors
/// When the first build fails or Vite ends.
pub(crate) fn dev(arguments: &[String]) -> Outcome {
    web::build()?;
    web::install()?;
    build_server()?;
    let rest = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let mut server = Some(Running::start(demo()?.args(rest))?);
    let mut vite = Running::start(&mut web::npm(&["run", "dev"]))?;
    let mut seen = times()?;
    loop {
        thread::sleep(Duration::from_millis(500));
        if vite.child.try_wait().during("vite")?.is_some() {
            return Err("Vite has ended".into());
        }
        let now = times()?;
        if now == seen {
            continue;
        }
        seen = now;
        match build_server() {
            Ok(()) => {
                // The old one first: two servers cannot have the same data folder and port.
                drop(server.take());
                server = Some(Running::start(demo()?.args(rest))?);
            }
            Err(failure) => eprintln!("xtask: {failure}; the former server goes on"),
        }
    }
}

/// Both binaries of the server's package: the demo starts the simulator as a process of its own.
fn build_server() -> Outcome {
    proc::run(proc::cargo().args(["build", "--package", "whatsapp-server", "--bins"]))
}

fn demo() -> Outcome<Command> {
    let binary = test::target_folder()?.join("debug/whatsapp-server");
    let mut server = proc::command(&binary.to_string_lossy());
    server.arg("demo");
    Ok(server)
}

/// A child with all its descendants, stopped when dropped and when we die.
struct Running {
    child: Child,
    _guard: Guard,
}

impl Running {
    fn start(command: &mut Command) -> Outcome<Self> {
        // A group of its own, so that npm's children end with npm.
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        let child = child.during(proc::words(command))?;
        // No `--` before the group: dash, the shell of Debian, does not know it.
        let script = "kill -TERM \"-$1\" 2>/dev/null; n=0; \
            while kill -0 \"-$1\" 2>/dev/null && [ $n -lt 30 ]; do sleep 0.1; n=$((n+1)); done; \
            kill -KILL \"-$1\" 2>/dev/null";
        let guard = Guard::start(script, &[&child.id().to_string()], None)?;
        Ok(Self { child, _guard: guard })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut shell = proc::command("sh");
        shell.args(["-c", "kill -TERM \"-$1\"", "stop", &self.child.id().to_string()]);
        // A group that is gone already is what we want; the guard has the last word anyway.
        let _ = shell.stderr(Stdio::null()).status();
        if let Err(error) = self.child.wait() {
            eprintln!("xtask: {error}");
        }
    }
}

/// When each source of the server was last changed.
fn times() -> Outcome<BTreeMap<PathBuf, SystemTime>> {
    let mut times = BTreeMap::new();
    for folder in SERVER_SOURCES {
        let folder = paths::root().join(folder);
        if !folder.is_dir() {
            continue;
        }
        for file in paths::files_below(&folder, &|_| true)? {
            // An editor replaces files; one that is gone in this moment is back in the next.
            if let Ok(time) = fs::metadata(&file).and_then(|data| data.modified()) {
                times.insert(file, time);
            }
        }
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::Running;
    use crate::proc;
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::Stdio;

    #[test]
    fn a_dropped_child_takes_its_own_children_along() {
        let mut shell = proc::command("sh");
        shell.args(["-c", "(sleep 20; echo survived) & echo ready; wait"]).stdout(Stdio::piped());
        let mut running = Running::start(&mut shell).unwrap();
        let mut output = BufReader::new(running.child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        drop(running);
        // The pipe ends when the last of the family has.
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}
