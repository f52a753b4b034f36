//! Where time, ids and chance come from: the one place of the whole project that asks the system.

use std::fmt;
use std::sync::Arc;

use uuid::{Builder, Uuid};

use crate::{Id, Timestamp};

/// Tells the time.
pub trait Clock: fmt::Debug + std::marker::Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// Makes chance.
pub trait Entropy: fmt::Debug + std::marker::Send + Sync {
    /// Fills `bytes` with unpredictable values (predictable ones from a seed in tests).
    fn fill(&self, bytes: &mut [u8]);
}

/// Time, ids and chance as one cheap value. Same clock and seed, same run.
#[derive(Clone, Debug)]
pub struct Env {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Env {
    /// From parts: for simulations and tests.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy }
    }
    /// The system's clock and the system's chance.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemEntropy))
    }
    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
    /// A new id: a uuid v7 of the present millisecond.
    #[must_use]
    pub fn id<T>(&self) -> Id<T> {
        Id::from_uuid(self.uuid())
    }
    /// A new raw uuid v7.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        let mut random = [0_u8; 10];
        self.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().micros().div_euclid(1_000)).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
    /// A new id of that moment: such ids have the order of their moments, to the microsecond.
    #[must_use]
    pub fn id_at<T>(&self, at: Timestamp) -> Id<T> {
        let micros = at.micros().max(0);
        let mut random: [u8; 10] = self.bytes();
        // The twelve bits behind the milliseconds: ten for the microseconds, two left to chance.
        let [high, low, ..] = &mut random;
        let within = (micros % 1_000) * 4 + i64::from(*low & 3);
        [*high, *low] = u16::try_from(within).unwrap_or_default().to_be_bytes();
        let millis = u64::try_from(micros / 1_000).unwrap_or_default();
        Id::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
    /// So many random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0_u8; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
    /// A number from 0 up to but not including `below`; 0 when `below` is 0.
    #[must_use]
    pub fn below(&self, below: u64) -> u64 {
        u64::from_le_bytes(self.bytes()).checked_rem(below).unwrap_or_default()
    }
    /// One of `items`, each equally likely.
    #[must_use]
    pub fn pick<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(items.len()).unwrap_or(u64::MAX));
        items.get(usize::try_from(index).unwrap_or_default())
    }
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let micros = since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX));
        Timestamp::from_micros(micros)
    }
}

/// The system's chance.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for chance")]
    #[expect(
        clippy::expect_used,
        reason = "without the system's random source no token would be safe"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system's random source answers");
    }
}

#[cfg(any(test, feature = "testing"))]
pub use testing::{ManualClock, SeededEntropy};

#[cfg(any(test, feature = "testing"))]
mod testing {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::{Clock, Entropy};
    use crate::{Span, Timestamp};

    /// A clock that stands still until it is moved.
    #[derive(Debug)]
    pub struct ManualClock(AtomicI64);

    impl ManualClock {
        /// Starts at `at`.
        #[must_use]
        pub fn at(at: Timestamp) -> Self {
            Self(AtomicI64::new(at.micros()))
        }
        /// Moves forward (or back, with a negative span).
        pub fn advance(&self, by: Span) {
            self.0.fetch_add(by.as_micros(), Ordering::SeqCst);
        }
        /// Sets the moment.
        pub fn set(&self, at: Timestamp) {
            self.0.store(at.micros(), Ordering::SeqCst);
        }
    }
    impl Clock for ManualClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(self.0.load(Ordering::SeqCst))
        }
    }

    /// Chance from a seed (SplitMix64): the same seed gives the same bytes.
    #[derive(Debug)]
    pub struct SeededEntropy(Mutex<u64>);

    impl SeededEntropy {
        /// From a seed.
        #[must_use]
        pub fn new(seed: u64) -> Self {
            Self(Mutex::new(seed))
        }
    }
    impl Entropy for SeededEntropy {
        fn fill(&self, bytes: &mut [u8]) {
            let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            for chunk in bytes.chunks_mut(8) {
                *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut z = *state;
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                for (slot, byte) in chunk.iter_mut().zip((z ^ (z >> 31)).to_le_bytes()) {
                    *slot = byte;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Contact;

    fn env(seed: u64) -> Env {
        let clock = ManualClock::at(Timestamp::from_seconds(1_700_000_000));
        Env::new(Arc::new(clock), Arc::new(SeededEntropy::new(seed)))
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(env(7).id::<Contact>(), env(7).id::<Contact>());
        assert_ne!(env(7).id::<Contact>(), env(8).id::<Contact>());
    }

    #[test]
    fn ids_of_moments_have_their_order_to_the_microsecond() {
        let env = env(7);
        let at = Timestamp::from_micros;
        let ids = [0, 1, 2, 999, 1_000, 1_001, 1_700_000_000_000_000, 1_700_000_000_000_001]
            .map(|micros| env.id_at::<Contact>(at(micros)));
        assert!(ids.is_sorted(), "{ids:?}");
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7));
        let (moment, next) = (at(1_700_000_000_000_999), at(1_700_000_000_001_000));
        for _ in 0..100 {
            let id = env.id_at::<Contact>(moment);
            assert!(Id::least_at(moment) <= id && id < Id::least_at(next));
        }
        assert_ne!(env.id_at::<Contact>(moment), env.id_at(moment));
    }

    #[test]
    fn a_pick_from_nothing_is_nothing() {
        assert_eq!(env(1).pick::<u8>(&[]), None);
    }
}
