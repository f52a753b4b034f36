//! How the fake Graph server behaves: latencies from a log-normal curve through their median and their 99th
//! percentile, and failures by chance from a fixed seed.

use std::f64::consts::TAU;
use std::time::Duration;

use serde::Deserialize;

/// Standard deviations from the median to the 99th percentile of a normal curve.
const P99: f64 = 2.326;

/// What happens to a message that was within its quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Accept,
    /// A bare status of HTTP, not accepted.
    Status(u16),
    /// The connection breaks; not accepted.
    Reset,
    /// It is accepted, and the connection breaks.
    AcceptThenReset,
}

impl Fate {
    pub(crate) const fn accepts(self) -> bool {
        matches!(self, Self::Accept | Self::AcceptThenReset)
    }
}

/// The settings, and the state of chance.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Weather {
    /// Latency in milliseconds; none without it.
    p50_ms: f64,
    p99_ms: f64,
    /// Shares from 0 to 1.
    status_500: f64,
    status_503: f64,
    reset: f64,
    accept_then_reset: f64,
    #[serde(skip)]
    drawn: u64,
}

impl Weather {
    /// What happens to the next message, and after how long it is answered.
    pub(crate) fn next(&mut self) -> (Fate, Duration) {
        let mut left = self.chance();
        let shares = [
            (self.status_500, Fate::Status(500)),
            (self.status_503, Fate::Status(503)),
            (self.reset, Fate::Reset),
            (self.accept_then_reset, Fate::AcceptThenReset),
        ];
        let mut fate = Fate::Accept;
        for (share, other) in shares {
            if left < share {
                fate = other;
                break;
            }
            left -= share;
        }
        (fate, self.latency())
    }
    fn latency(&mut self) -> Duration {
        if self.p50_ms <= 0.0 {
            return Duration::ZERO;
        }
        let sigma = (self.p99_ms.max(self.p50_ms) / self.p50_ms).ln() / P99;
        // Box and Muller: two even chances make a normal one.
        let (one, other) = (self.chance().max(f64::MIN_POSITIVE), self.chance());
        let normal = (-2.0 * one.ln()).sqrt() * (TAU * other).cos();
        Duration::from_secs_f64(self.p50_ms * (sigma * normal).exp() / 1_000.0)
    }
    /// Chance from 0 to 1, by SplitMix64.
    fn chance(&mut self) -> f64 {
        self.drawn = self.drawn.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.drawn;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Weather};

    #[test]
    fn latencies_have_the_median_and_the_tail_that_were_asked_for() {
        let mut weather = Weather { p50_ms: 60.0, p99_ms: 400.0, ..Weather::default() };
        let mut millis: Vec<_> = (0..20_000).map(|_| weather.next().1.as_millis()).collect();
        millis.sort_unstable();
        assert!((57..=63).contains(&millis[10_000]), "{}", millis[10_000]);
        assert!((350..=450).contains(&millis[19_800]), "{}", millis[19_800]);
    }

    #[test]
    fn each_failure_has_its_share() {
        let mut weather =
            Weather { status_500: 0.02, accept_then_reset: 0.01, ..Weather::default() };
        let fates: Vec<_> = (0..10_000).map(|_| weather.next().0).collect();
        let count = |fate| fates.iter().filter(|one| **one == fate).count();
        assert!((150..=250).contains(&count(Fate::Status(500))));
        assert!((60..=140).contains(&count(Fate::AcceptThenReset)));
        assert_eq!(count(Fate::Reset), 0);
    }
}
