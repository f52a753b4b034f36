//! Chance from a seed, so that a run of blows is the same run again.

/// Chance from a seed.
pub(crate) struct Chance(u64);

impl Default for Chance {
    fn default() -> Self {
        Self(0x9E37_79B9)
    }
}

impl Chance {
    pub(crate) fn upto(&mut self, from: u64, until: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from + (self.0 >> 33) % (until - from)
    }
    pub(crate) fn below(&mut self, below: u64) -> usize {
        usize::try_from(self.upto(0, below)).unwrap_or_default()
    }
}
