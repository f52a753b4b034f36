//! Another process: started, measured by what the kernel says of it, ended when nobody holds it any more.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;

/// The kernel's clock for processor time ticks a hundred times a second on every Linux.
const TICKS: f64 = 100.0;
/// How long a program may take until it says where it listens.
const START: Duration = Duration::from_secs(60);

/// A running process.
pub(crate) struct Process {
    child: Child,
    id: u32,
}

impl Process {
    /// Starts it. Its standard output can be read line by line.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        let child = command.kill_on_drop(true).spawn()?;
        let id = child.id().ok_or("a process that has just been started has ended")?;
        Ok(Self { child, id })
    }
    /// This program in another role; it says where it listens in its first line.
    pub(crate) async fn role(words: &[&str]) -> Outcome<(Self, String)> {
        let (process, told) = Self::telling(words).await?;
        let address = told.get("address").and_then(Value::as_str);
        Ok((process, address.ok_or("a process of ours does not say where it listens")?.to_owned()))
    }
    /// This program in another role, with all that it says in its first line.
    pub(crate) async fn telling(words: &[&str]) -> Outcome<(Self, Value)> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut process = Self::start(command.args(words).stdout(Stdio::piped()))?;
        let told = process.first_line().await?;
        Ok((process, told))
    }
    /// The first line of its output, as JSON.
    async fn first_line(&mut self) -> Outcome<Value> {
        let out = self.child.stdout.take().ok_or("its output is not ours to read")?;
        let mut line = String::new();
        let read = async { BufReader::new(out).read_line(&mut line).await };
        tokio::time::timeout(START, read).await??;
        serde_json::from_str(&line).map_err(|_| format!("it said: {line}").into())
    }
    /// `kill -9`, and waits until it is gone.
    pub(crate) async fn kill(&mut self) -> Outcome {
        // It may be gone already; what counts is that it is.
        drop(self.child.start_kill());
        self.child.wait().await?;
        Ok(())
    }
    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> Outcome<bool> {
        Ok(self.child.try_wait()?.is_some())
    }
    /// Processor time so far, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        cpu(self.id)
    }
    /// The most memory it ever had resident, in MB.
    pub(crate) fn peak(&self) -> f64 {
        peak(self.id)
    }
    /// What it has resident now, in MB.
    pub(crate) fn resident(&self) -> f64 {
        memory(self.id, "VmRSS:")
    }
}

/// Processor time of a process and of its children that have ended, in seconds.
pub(crate) fn cpu(id: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    ticks(&text) / TICKS
}

/// Fields 14 to 17 of `/proc/ID/stat`; the name before them may hold anything.
fn ticks(stat: &str) -> f64 {
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    after.split_whitespace().skip(11).take(4).filter_map(|word| word.parse::<f64>().ok()).sum()
}

/// The most memory a process ever had resident, in MB.
pub(crate) fn peak(id: u32) -> f64 {
    memory(id, "VmHWM:")
}

fn memory(id: u32, what: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(what));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse().ok());
    kib.unwrap_or(0.0) * 1_024.0 / 1_000_000.0
}

/// Processor time of a process with everything that descends from it: a database server's connections.
pub(crate) fn cpu_of_family(id: u32) -> f64 {
    family(id).into_iter().map(cpu).sum()
}

/// The process and its living children.
fn family(id: u32) -> Vec<u32> {
    let mut all = vec![id];
    let Ok(entries) = fs::read_dir("/proc") else { return all };
    for entry in entries.flatten() {
        let Some(other) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(format!("/proc/{other}/stat")).unwrap_or_default();
        let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        if after.split_whitespace().nth(1).and_then(|word| word.parse().ok()) == Some(id) {
            all.push(other);
        }
    }
    all
}

/// The server's program.
pub(crate) fn server() -> Outcome<PathBuf> {
    let path = std::env::var_os("LOAD_SERVER").ok_or("LOAD_SERVER does not name the server")?;
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn processor_time_is_read_behind_whatever_the_name_is() {
        let stat = "12 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 100 20 3 4 20 0 9 0 1";
        assert_eq!(ticks(stat), 127.0);
        assert_eq!(ticks(""), 0.0);
    }
}
