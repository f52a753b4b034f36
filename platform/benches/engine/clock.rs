//! Real time and the processor's.

use std::time::Instant;

/// Ticks of the processor's clock in a second, as Linux counts for programs.
const TICKS: f64 = 100.0;

/// Since a moment.
pub(crate) struct Watch {
    at: Instant,
    cpu: f64,
}

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    pub(crate) fn start() -> Self {
        Self { at: Instant::now(), cpu: 0.0 }.with_cpu()
    }
    fn with_cpu(mut self) -> Self {
        self.cpu = cpu_seconds();
        self
    }
    pub(crate) fn millis(&self) -> f64 {
        self.at.elapsed().as_secs_f64() * 1_000.0
    }
    /// Prints the rate, and the processor's time for each.
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    pub(crate) fn tell(&self, what: &str, n: usize) {
        let (seconds, n) = (self.at.elapsed().as_secs_f64(), n as f64);
        let cpu = (cpu_seconds() - self.cpu) * 1e6 / n;
        println!("{what:<34}{:>10.0} a second {cpu:>8.1} µs of CPU each", n / seconds);
    }
}

/// What this process has used; zero where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks = after.split(' ').skip(11).take(2).filter_map(|t| t.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}
