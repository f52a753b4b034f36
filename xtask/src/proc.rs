//! Other programs: started, watched, stopped. Nothing here hides a program's output, and no
//! program outlives us: a guard of its own cleans up even when we are killed.

use crate::fail::{During, Failure, Outcome};
use crate::paths;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A program to start at the repository's root.
///
/// What Cargo told *us* about our own package is taken out: crates whose build script looks at
/// such variables (ring does) would be compiled again by every nested Cargo.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "NEXTEST"];
        if ours.iter().any(|prefix| text.starts_with(prefix)) || text == "CARGO_PRIMARY_PACKAGE" {
            command.env_remove(&name);
        }
    }
    command
}

/// Cargo itself, the one that started us.
pub(crate) fn cargo() -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
}

/// How a command reads in a message: program and arguments, without its folder.
pub(crate) fn words(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut text = program
        .file_name()
        .map_or_else(|| "?".into(), std::ffi::OsStr::to_string_lossy)
        .into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Runs to the end with our own input and output.
///
/// # Errors
/// When it cannot be started or ends with anything but success.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().during(words(command))?;
    if status.success() { Ok(()) } else { Err(ended(command, status)) }
}

/// The sentence for a program that ended badly.
pub(crate) fn ended(command: &Command, status: ExitStatus) -> Failure {
    format!("`{}` failed ({status})", words(command)).into()
}

/// Runs to the end and answers what it printed on standard output.
///
/// # Errors
/// When it cannot be started, fails (its error text is in the message) or prints no UTF-8.
pub(crate) fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().during(words(command))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}\n{}", ended(command, output.status), error.trim_end()).into());
    }
    String::from_utf8(output.stdout).during(words(command))
}

/// Which of a program's two outputs to read.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Error,
}

/// Runs to the end, shows the chosen output as it comes and hands each line to `look`.
///
/// # Errors
/// When it cannot be started or its output cannot be read.
pub(crate) fn watch(
    command: &mut Command,
    stream: Stream,
    mut look: impl FnMut(&str),
) -> Outcome<ExitStatus> {
    match stream {
        Stream::Out => command.stdout(Stdio::piped()),
        Stream::Error => command.stderr(Stdio::piped()),
    };
    let mut child = command.spawn().during(words(command))?;
    let pipe: Option<Box<dyn Read>> = match stream {
        Stream::Out => child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read>),
        Stream::Error => child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read>),
    };
    for line in BufReader::new(pipe.unwrap_or_else(|| Box::new(std::io::empty()))).split(b'\n') {
        let line = line.during(words(command))?;
        let text = String::from_utf8_lossy(&line);
        match stream {
            Stream::Out => println!("{text}"),
            Stream::Error => eprintln!("{text}"),
        }
        look(&text);
    }
    child.wait().during(words(command))
}

/// Becomes the other program; comes back only when that failed.
pub(crate) fn become_program(command: &mut Command) -> Failure {
    let error = command.exec();
    format!("{}: {error}", words(command)).into()
}

/// A small shell that waits for our end, whatever that is (return, panic, Ctrl-C, `kill -9`), and
/// then runs its script. It works because the pipe to it closes when we go.
pub(crate) struct Guard {
    shell: Child,
}

impl Guard {
    /// Starts the guard; `$1`… in `script` are `arguments`. `user` runs it as somebody else.
    ///
    /// # Errors
    /// When no shell can be started.
    pub(crate) fn start(script: &str, arguments: &[&str], user: Option<User>) -> Outcome<Self> {
        let mut shell = command("/bin/sh");
        shell.arg("-c").arg(format!("read -r _; {script}")).arg("guard").args(arguments);
        // A group of its own: the terminal's Ctrl-C must not reach the one who cleans up after it.
        shell.process_group(0).current_dir("/");
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(user) = user {
            shell.uid(user.uid).gid(user.gid);
        }
        Ok(Self { shell: shell.spawn().during("starting the guard")? })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(mut pipe) = self.shell.stdin.take() {
            // A pipe that is already closed wakes the guard just as well.
            let _ = pipe.write_all(b"\n");
        }
        if let Err(error) = self.shell.wait() {
            eprintln!("xtask: cleaning up: {error}");
        }
    }
}

/// A user of this machine to run a program as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// Its number.
    pub(crate) uid: u32,
    /// The number of its first group.
    pub(crate) gid: u32,
}

#[cfg(test)]
mod tests {
    use super::{Guard, capture, command, words};
    use std::fs;

    #[test]
    fn the_guard_runs_its_script_when_dropped() {
        let folder = crate::tools::scratch("guard").unwrap();
        let mark = folder.path().join("mark");
        let guard = Guard::start("echo done > \"$1\"", &[&mark.to_string_lossy()], None).unwrap();
        assert!(!mark.exists());
        drop(guard);
        assert_eq!(fs::read_to_string(mark).unwrap(), "done\n");
    }

    #[test]
    fn a_failing_program_says_its_words_and_its_error() {
        let mut shell = command("sh");
        shell.args(["-c", "echo broken >&2; exit 3"]);
        let text = capture(&mut shell).unwrap_err().to_string();
        assert!(text.contains("sh -c") && text.contains("broken") && text.contains('3'), "{text}");
        assert!(words(&shell).starts_with("sh -c"));
    }
}
