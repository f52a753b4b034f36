//! How latencies are spread: every one is kept, so that a percentile is exact.

use std::time::Duration;

/// Latencies in microseconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spread(Vec<u32>);

impl Spread {
    pub(crate) fn add(&mut self, latency: Duration) {
        self.0.push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }
    pub(crate) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
    /// So many of a hundred were at most so long, in milliseconds; nothing measured is no time.
    pub(crate) fn percentile(&mut self, percent: f64) -> f64 {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        let at = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        let at = at.saturating_sub(1).min(last);
        self.0.get(at).map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    }
    pub(crate) fn p50(&mut self) -> f64 {
        self.percentile(50.0)
    }
    pub(crate) fn p95(&mut self) -> f64 {
        self.percentile(95.0)
    }
    pub(crate) fn p99(&mut self) -> f64 {
        self.percentile(99.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;
    use std::time::Duration;

    #[test]
    fn a_percentile_is_one_of_the_measured_values() {
        let mut spread = Spread::default();
        for millis in (1..=100).rev() {
            spread.add(Duration::from_millis(millis));
        }
        assert_eq!((spread.p50(), spread.p95(), spread.p99()), (50.0, 95.0, 99.0));
        assert_eq!((spread.percentile(100.0), spread.len()), (100.0, 100));
        assert_eq!(Spread::default().p99(), 0.0);
    }
}
