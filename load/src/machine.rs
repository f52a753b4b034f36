//! On what it was measured, and whether anything else was busy then. No names, no paths.

use std::fs;
use std::time::Duration;

use serde::Serialize;
use whatsapp_core::Env;

/// How long the machine is watched before a scenario.
const WATCH: Duration = Duration::from_secs(2);

/// The machine before a scenario.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Machine {
    cores: usize,
    memory_gib: f64,
    kernel: String,
    postgres: Option<String>,
    date: String,
    commit: String,
    /// The share of the processor that others took while nothing of ours ran, from 0 to 1.
    busy: f64,
    load_average: f64,
}

/// Watches the machine for a moment.
pub(crate) async fn look(postgres: Option<String>) -> Machine {
    let before = ticks();
    tokio::time::sleep(WATCH).await;
    let after = ticks();
    let (busy, all) = (after.0 - before.0, after.1 - before.1);
    let now = Env::system().now().to_rfc3339();
    Machine {
        cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        memory_gib: memory_gib(),
        kernel: read("/proc/sys/kernel/osrelease"),
        postgres,
        date: now.split('T').next().unwrap_or_default().to_owned(),
        commit: std::env::var("LOAD_COMMIT").unwrap_or_default(),
        busy: if all > 0.0 { busy / all } else { 1.0 },
        load_average: first_number(&read("/proc/loadavg")),
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}

fn first_number(text: &str) -> f64 {
    text.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or_default()
}

fn memory_gib() -> f64 {
    let text = read("/proc/meminfo");
    let line = text.lines().find(|line| line.starts_with("MemTotal:"));
    (line.map(first_number).unwrap_or_default() / 1_048_576.0).round()
}

/// What all processors did so far: busy, and altogether.
fn ticks() -> (f64, f64) {
    spent(read("/proc/stat").lines().next().unwrap_or_default())
}

/// The fourth and fifth number are idleness and waiting for the disk.
fn spent(line: &str) -> (f64, f64) {
    let numbers: Vec<f64> =
        line.split_whitespace().skip(1).take(8).filter_map(|word| word.parse().ok()).collect();
    let all: f64 = numbers.iter().sum();
    let idle: f64 = numbers.iter().skip(3).take(2).sum();
    (all - idle, all)
}

#[cfg(test)]
mod tests {
    use super::spent;

    #[test]
    fn waiting_for_the_disk_is_not_being_busy() {
        assert_eq!(spent("cpu  10 1 5 80 4 0 0 0 0 0"), (16.0, 100.0));
    }
}
