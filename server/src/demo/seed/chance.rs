//! Chance from a fixed seed, so that every demonstration has the same people; and ids whose time is the time of
//! the thing, so that lists sort as they would have grown.

use std::sync::Mutex;

use uuid::Builder;
use whatsapp_core::{Id, Span, Timestamp};

/// Numbers that look like chance and are the same every time.
#[derive(Debug)]
pub(super) struct Chance(Mutex<u64>);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
    pub(super) fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub(super) fn below(&self, below: u64) -> u64 {
        self.next().checked_rem(below).unwrap_or_default()
    }
    /// Whether one of so many comes true.
    pub(super) fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }
    pub(super) fn pick<'a, T>(&self, items: &'a [T], otherwise: &'a T) -> &'a T {
        let index = usize::try_from(self.below(items.len() as u64)).unwrap_or_default();
        items.get(index).unwrap_or(otherwise)
    }
    pub(super) fn minutes(&self, from: i64, to: i64) -> Span {
        let range = u64::try_from(to - from).unwrap_or_default();
        Span::minutes(from + i64::try_from(self.below(range)).unwrap_or_default())
    }
    pub(super) fn id<T>(&self, at: Timestamp) -> Id<T> {
        let mut random = [0_u8; 10];
        for (slot, byte) in random
            .iter_mut()
            .zip(self.next().to_le_bytes().into_iter().chain(self.next().to_le_bytes()))
        {
            *slot = byte;
        }
        let millis = u64::try_from(at.micros().div_euclid(1_000)).unwrap_or_default();
        Id::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
