//! How fast a number may send. Pure: time comes in, permits go out, nothing waits here.
//!
//! The next free slot is `max(now, last + gap)`: what was not used is lost, so no burst follows a pause and a
//! sliding second never holds more than the quota.

use whatsapp_core::{Span, Timestamp};

/// Slots this near are given out at once, so that a pump need not wake for each message.
const LOOKAHEAD: Span = Span::millis(20);
/// What is left of that, in a second, while a queue is worked off.
const CATCH_UP: Span = Span::millis(5);
const SECOND: i64 = 1_000_000;
/// A refusal answers for all that were under way with it: further ones in this time say nothing new.
const SLOW_DOWN_ONCE_IN: Span = Span::seconds(1);
/// So much of the full rate comes back each second.
const RECOVERY_PART: i64 = 20;

/// Gives permits to send over one number.
///
/// ```
/// use whatsapp_cloud::pace::Pacer;
/// use whatsapp_core::{Span, Timestamp};
/// let mut pacer = Pacer::new(80);
/// let now = Timestamp::from_seconds(1);
/// let granted = pacer.take(now, 1_000);
/// assert!(granted >= 1 && granted <= 3);
/// assert_eq!(pacer.take(now, 1_000), 0);
/// assert!(pacer.ready_at(now) > now);
/// ```
#[derive(Clone, Debug)]
pub struct Pacer {
    full: u32,
    /// Permits per second at present, times 1,000, so that recovery can be gradual at low rates.
    rate_milli: i64,
    last: Option<Timestamp>,
    /// How far ahead slots have been given out at most.
    reach: Span,
    hold_until: Timestamp,
    slowed_at: Option<Timestamp>,
    recovered_at: Timestamp,
    /// Slower than this it does not become, times 1,000.
    floor_milli: i64,
}

impl Pacer {
    /// For a number that may send so many messages a second (at least one).
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let full = per_second.max(1);
        Self {
            full,
            rate_milli: i64::from(full) * 1_000,
            last: None,
            reach: LOOKAHEAD,
            hold_until: Timestamp::ZERO,
            slowed_at: None,
            recovered_at: Timestamp::ZERO,
            floor_milli: 500,
        }
    }
    /// However often it is told to slow down, it keeps so many a second, as far as the number's quota allows; half
    /// a message a second without this.
    #[must_use]
    pub fn at_least(mut self, per_second: u32) -> Self {
        self.keep_at_least(per_second);
        self
    }
    /// As [`Pacer::at_least`], from now on.
    pub fn keep_at_least(&mut self, per_second: u32) {
        self.floor_milli = (i64::from(per_second) * 1_000).max(500);
    }
    /// The number's quota changed.
    pub fn set_rate(&mut self, per_second: u32) {
        let full = per_second.max(1);
        let was_full = self.rate_milli >= i64::from(self.full) * 1_000;
        self.full = full;
        let most = i64::from(full) * 1_000;
        self.rate_milli = if was_full { most } else { self.rate_milli.min(most) };
    }
    /// How many of `want` messages may go out now.
    pub fn take(&mut self, now: Timestamp, want: usize) -> usize {
        self.slots(now, LOOKAHEAD, want).len()
    }
    /// The next free slots within `ahead` from now, at most `want` of them, for whoever sends each message at its own
    /// moment.
    ///
    /// ```
    /// use whatsapp_cloud::pace::Pacer;
    /// use whatsapp_core::{Span, Timestamp};
    /// let (mut pacer, now) = (Pacer::new(80), Timestamp::from_seconds(1));
    /// let slots = pacer.slots(now, Span::millis(100), 1_000);
    /// assert_eq!(slots.len(), 8);
    /// assert_eq!(slots[0], now);
    /// assert!(slots[7] > now + Span::millis(80));
    /// ```
    pub fn slots(&mut self, now: Timestamp, ahead: Span, want: usize) -> Vec<Timestamp> {
        self.recover(now);
        if now < self.hold_until {
            return Vec::new();
        }
        self.reach = self.reach.max(ahead);
        self.follow(now);
        let mut slots = Vec::new();
        while slots.len() < want {
            let slot = self.free_at(now);
            if slot > now + ahead {
                break;
            }
            self.last = Some(slot);
            slots.push(slot);
        }
        slots
    }
    /// The next free slot, however far it is; it is taken.
    pub fn next_slot(&mut self, now: Timestamp) -> Timestamp {
        self.recover(now);
        self.follow(now);
        let slot = self.free_at(now);
        self.reach = self.reach.max(slot - now);
        self.last = Some(slot);
        slot
    }
    /// The last slot really is as late as this: whoever sends stood still, and what it has left goes out from there on.
    pub fn delay_to(&mut self, now: Timestamp, last: Timestamp) {
        self.reach = self.reach.max(last - now);
        self.last = self.last.map(|known| known.max(last));
    }
    /// A clock that was set back must not silence the number until it has caught up.
    fn follow(&mut self, now: Timestamp) {
        let gap = self.gap();
        self.last = self.last.filter(|last| *last <= now + self.reach + gap);
    }
    /// The next free slot; without change.
    #[must_use]
    pub fn free_at(&self, now: Timestamp) -> Timestamp {
        let slot = self.last.map_or(now, |last| last + self.gap());
        slot.max(now).max(self.hold_until)
    }
    /// When [`Pacer::take`] next gives at least one.
    #[must_use]
    pub fn ready_at(&self, now: Timestamp) -> Timestamp {
        let slot = self.last.map_or(now, |last| last + self.gap() - LOOKAHEAD);
        slot.max(now).max(self.hold_until)
    }
    /// Meta said "too fast": halves the rate, at most once a second.
    pub fn slow_down(&mut self, now: Timestamp) {
        self.recover(now);
        if self.slowed_at.is_some_and(|at| now - at < SLOW_DOWN_ONCE_IN) {
            return;
        }
        self.slowed_at = Some(now);
        self.recovered_at = now;
        let least = self.floor_milli.min(self.rate_milli);
        self.rate_milli = (self.rate_milli / 2).max(least);
    }
    /// Nothing goes out before this moment.
    pub fn hold_until(&mut self, at: Timestamp) {
        self.hold_until = self.hold_until.max(at);
    }
    /// Messages per second at present.
    #[must_use]
    pub fn rate(&self) -> u32 {
        u32::try_from((self.rate_milli / 1_000).max(1)).unwrap_or(self.full)
    }
    /// When it is at the full rate again if nobody slows it down meanwhile.
    #[must_use]
    pub fn full_at(&self, now: Timestamp) -> Timestamp {
        let most = i64::from(self.full) * 1_000;
        let missing = (most - self.rate_milli).max(0);
        let part = (most / RECOVERY_PART).max(1);
        let since = if missing == 0 { now } else { self.recovered_at };
        since + Span::micros(missing * SECOND / part)
    }
    /// Whether it goes slower than the number may.
    #[must_use]
    pub fn is_slowed(&self) -> bool {
        self.rate_milli < i64::from(self.full) * 1_000
    }

    /// The time between two messages: one second and the lookahead hold exactly the quota.
    #[must_use]
    pub fn gap(&self) -> Span {
        let room = (SECOND + LOOKAHEAD.as_micros()) * 1_000;
        Span::micros((room + self.rate_milli - 1) / self.rate_milli.max(1))
    }
    /// The least time between two messages where some are late for their slots: a little shorter than [`Pacer::gap`], so
    /// that a queue becomes empty again, and still no more than the quota in a sliding second.
    #[must_use]
    pub fn least_gap(&self) -> Span {
        let room = (SECOND + CATCH_UP.as_micros()) * 1_000;
        Span::micros((room + self.rate_milli - 1) / self.rate_milli.max(1))
    }
    fn recover(&mut self, now: Timestamp) {
        let most = i64::from(self.full) * 1_000;
        if self.rate_milli >= most {
            return;
        }
        let elapsed = (now - self.recovered_at).as_micros().clamp(0, 3_600 * SECOND);
        let gained = most / RECOVERY_PART * elapsed / SECOND;
        if gained > 0 {
            self.rate_milli = (self.rate_milli + gained).min(most);
            self.recovered_at = now;
        }
    }
}

/// How long a person waits who was sent too much: 4ⁿ seconds as Meta asks, at least 6 and at most an hour.
#[must_use]
pub fn pair_wait(refusals: u32) -> Span {
    Span::seconds(4_i64.saturating_pow(refusals.min(6)).clamp(6, 3_600))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp::from_seconds(1_700_000_000);

    /// Asks at the given steps and returns the moment of each permit.
    fn run(pacer: &mut Pacer, steps: &[i64], want: usize) -> Vec<i64> {
        let mut now = START;
        let mut sent = Vec::new();
        for step in steps {
            now = now + Span::micros(*step);
            let granted = pacer.take(now, want);
            sent.extend(std::iter::repeat_n(now.micros(), granted));
        }
        sent
    }

    proptest! {
        #[test]
        fn no_sliding_second_holds_more_than_the_quota(
            rate in 1_u32..1_200,
            steps in prop::collection::vec(0_i64..400_000, 1..200),
            want in 1_usize..2_000,
        ) {
            let sent = run(&mut Pacer::new(rate), &steps, want);
            for (index, first) in sent.iter().enumerate() {
                let within = sent[index..].iter().take_while(|at| **at < first + SECOND).count();
                prop_assert!(within <= usize::try_from(rate).unwrap(), "{within} in a second at {rate}");
            }
        }
    }

    proptest! {
        #[test]
        fn slots_given_out_ahead_hold_the_quota_and_are_in_order(
            rate in 1_u32..1_200,
            steps in prop::collection::vec((0_i64..400_000, 0_usize..300), 1..200),
        ) {
            let (mut pacer, mut now, mut sent) = (Pacer::new(rate), START, Vec::new());
            for (step, want) in steps {
                now = now + Span::micros(step);
                sent.extend(pacer.slots(now, Span::millis(150), want).iter().map(|at| at.micros()));
            }
            prop_assert!(sent.is_sorted());
            for (index, first) in sent.iter().enumerate() {
                let within = sent[index..].iter().take_while(|at| **at < first + SECOND).count();
                prop_assert!(within <= usize::try_from(rate).unwrap(), "{within} in a second at {rate}");
            }
        }
    }

    #[test]
    fn a_pause_is_followed_by_no_burst() {
        let mut pacer = Pacer::new(80);
        pacer.take(START, 10);
        assert!(pacer.take(START + Span::hours(1), 1_000) <= 3);
    }

    #[test]
    fn a_busy_pump_reaches_the_quota_but_for_two_percent() {
        let mut pacer = Pacer::new(1_000);
        let sent = run(&mut pacer, &[10_000; 1_000], 10_000); // ten seconds in steps of 10 ms
        assert!((9_700..=10_000).contains(&sent.len()), "{}", sent.len());
    }

    #[test]
    fn a_queue_becomes_empty_within_the_quota() {
        for rate in [1, 20, 80, 1_000] {
            let pacer = Pacer::new(rate);
            let least = pacer.least_gap();
            assert!(least < pacer.gap(), "{rate}: whoever is late stays late");
            assert!(least.as_micros() * i64::from(rate) > SECOND, "{rate}: more than the quota");
        }
    }

    #[test]
    fn many_refusals_at_once_halve_once_and_it_recovers_in_seconds() {
        let mut pacer = Pacer::new(80);
        for _ in 0..50 {
            pacer.slow_down(START);
        }
        assert_eq!(pacer.rate(), 40);
        assert!(pacer.is_slowed());
        pacer.take(START + Span::seconds(5), 1);
        assert_eq!(pacer.rate(), 60);
        pacer.take(START + Span::seconds(30), 1);
        assert!(!pacer.is_slowed());
    }

    #[test]
    fn it_never_stops_by_slowing_down() {
        let mut pacer = Pacer::new(1);
        for second in 0..100 {
            pacer.slow_down(START + Span::seconds(second * 2));
        }
        assert_eq!(pacer.take(START + Span::seconds(300), 1), 1);
    }

    #[test]
    fn it_keeps_the_least_rate_and_never_more_than_it_had() {
        let mut pacer = Pacer::new(80).at_least(10);
        for second in 0..10 {
            pacer.slow_down(START + Span::seconds(second));
        }
        assert_eq!(pacer.rate(), 10);
        let mut slow = Pacer::new(5).at_least(10);
        slow.slow_down(START);
        assert_eq!(slow.rate(), 5, "a least rate above the quota changes nothing");
    }

    #[test]
    fn it_tells_when_it_is_at_the_full_rate_again() {
        let mut pacer = Pacer::new(80);
        assert_eq!(pacer.full_at(START), START);
        pacer.slow_down(START);
        let full = pacer.full_at(START);
        assert_eq!(full, START + Span::seconds(10));
        pacer.take(full, 1);
        assert!(!pacer.is_slowed());
    }

    #[test]
    fn ready_at_names_the_moment_at_which_a_permit_is_given() {
        let mut pacer = Pacer::new(80);
        pacer.take(START, 100);
        let at = pacer.ready_at(START);
        assert_eq!(pacer.clone().take(at - Span::micros(1), 1), 0);
        assert_eq!(pacer.take(at, 1), 1);
        pacer.hold_until(START + Span::minutes(1));
        assert_eq!(pacer.ready_at(START), START + Span::minutes(1));
    }

    #[test]
    fn a_person_waits_at_least_six_seconds_and_ever_longer() {
        let waits: Vec<_> = (0..6).map(|n| pair_wait(n).as_micros() / SECOND).collect();
        assert_eq!(waits, [6, 6, 16, 64, 256, 1_024]);
    }
}
