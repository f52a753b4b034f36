//! The door of a number: what is begun has its slots, but whoever stood still for a moment must not send all that is
//! overdue at once. Nobody passes earlier than a gap after whoever passed before. That gap is a little shorter than the one
//! between slots: else each message that a timer woke late would make all that follow late for good. Never sends.

use std::sync::{Mutex, PoisonError};

use whatsapp_core::{Span, Timestamp};

#[derive(Debug, Default)]
pub(super) struct Door(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    gap: Span,
    /// When the last one passed, or will.
    last: Timestamp,
    /// How many have a slot and have not come yet.
    expected: i64,
}

impl Door {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
    /// So many more will come, and from now on with this gap; answers when the last of those before them will pass
    /// at the earliest.
    pub(super) fn expect(&self, n: usize, gap: Span) -> Timestamp {
        self.with(|state| {
            let before = Span::micros(gap.as_micros().saturating_mul(state.expected));
            state.gap = gap;
            state.expected += i64::try_from(n).unwrap_or(i64::MAX);
            state.last + before
        })
    }
    /// Somebody's slot has come; answers when he passes.
    pub(super) fn pass(&self, now: Timestamp) -> Timestamp {
        self.with(|state| {
            state.expected -= 1;
            // A clock that was set back closes no door.
            let due = state.last + state.gap;
            let far = Span::micros(state.gap.as_micros().saturating_mul(state.expected.max(0) + 2));
            state.last = if due > now + far.max(LATEST) { now } else { due.max(now) };
            state.last
        })
    }
    /// Somebody had his turn and missed it: he is expected once more.
    pub(super) fn come_again(&self) {
        self.with(|state| state.expected += 1);
    }
    /// Somebody who was expected does not come.
    pub(super) fn forget(&self) {
        self.with(|state| state.expected -= 1);
    }
}

/// A queue at the door that is longer than this comes of a clock that was set back.
const LATEST: Span = Span::seconds(5);

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
    const GAP: Span = Span::millis(1);

    #[test]
    fn who_is_in_time_passes_at_once() {
        let door = Door::default();
        door.expect(3, GAP);
        for nth in 0..3 {
            let slot = NOW + Span::millis(nth);
            assert_eq!(door.pass(slot), slot);
        }
    }

    #[test]
    fn after_standing_still_they_pass_one_by_one_and_new_ones_come_after_them() {
        let door = Door::default();
        door.expect(100, GAP);
        let late = NOW + Span::millis(70);
        let passed: Vec<_> = (0..70).map(|_| door.pass(late)).collect();
        assert!(passed.windows(2).all(|two| two[1] - two[0] == GAP), "no burst");
        assert_eq!(door.expect(5, GAP), late + Span::millis(69 + 30), "thirty have not come yet");
    }

    #[test]
    fn who_stood_still_at_the_door_passes_after_whoever_is_there() {
        let door = Door::default();
        door.expect(3, GAP);
        let first = door.pass(NOW);
        // Both had their turns and stood still until long after: the second turn of each is a gap after the other's.
        door.pass(NOW);
        let later = NOW + Span::millis(50);
        door.come_again();
        door.come_again();
        let passed = [door.pass(later), door.pass(later)];
        assert_eq!((first, passed), (NOW, [later, later + GAP]));
        assert_eq!(door.expect(1, GAP), later + GAP + GAP, "one has not come yet");
    }

    #[test]
    fn a_clock_that_was_set_back_closes_no_door() {
        let door = Door::default();
        door.expect(2, GAP);
        door.pass(NOW);
        let back = NOW - Span::hours(1);
        assert_eq!(door.pass(back), back);
    }
}
