//! Chance from a seed: the same seed and place give the same numbers, also after a restart.

use whatsapp_core::Span;

/// A stream of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of a seed at a place, e.g. the number of a fact.
    pub(super) const fn at(seed: u64, place: u64) -> Self {
        let mut chance = Self(seed ^ place.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        chance.next();
        chance
    }
    /// The stream of a seed under a name.
    pub(super) fn named(seed: u64, name: &str) -> Self {
        let place = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self::at(seed, place)
    }
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// From 0 up to but not including `below`.
    pub(super) fn below(&mut self, below: u64) -> u64 {
        self.next().checked_rem(below).unwrap_or_default()
    }
    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        // 53 bits are what a float holds exactly.
        let unit = u32::try_from(self.next() >> 32).map_or(0.0, f64::from) / 4_294_967_296.0;
        unit < probability
    }
    /// A length of time between two, in milliseconds.
    pub(super) fn span(&mut self, [from, to]: [u32; 2]) -> Span {
        let width = u64::from(to.saturating_sub(from)) + 1;
        let extra = i64::try_from(self.below(width)).unwrap_or_default();
        Span::millis(i64::from(from) + extra)
    }
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))).collect()
    }
    pub(super) fn hex(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| {
                char::from_digit(u32::try_from(self.below(16)).unwrap_or(0), 16).unwrap_or('0')
            })
            .collect()
    }
}
