//! How fast one number may go at this moment: one governor for agents, programs, flows and campaigns. Two paces:
//! that of the number, which all share, and that of campaigns within it. What warns early (usage, quality) slows
//! campaigns alone; what Meta refuses slows everything, but never so far that an agent's reply waits for seconds.
//! Pure: time comes in, nothing waits here.

use whatsapp_cloud::pace::Pacer;
use whatsapp_cloud::usage::Usage;
use whatsapp_core::{Channel, Quality, Span, Timestamp, WaitReason, Waiting};

use crate::platform::Pacing;

/// So much of the number's quota is begun ahead of its slots: a crash leaves at most so much in doubt beside the open
/// calls, and a turn may take so long before a slot is lost.
pub(super) const AHEAD: Span = Span::millis(150);
/// More is begun when so little of it is left.
const LOW: Span = Span::millis(75);
/// What Meta said of usage holds so long.
const USAGE_HOLDS: Span = Span::minutes(5);
/// A refusal that asks for so long a wait means an allowance of minutes or hours, not of this second.
const LONG: Span = Span::seconds(5);
/// At the end of what is allowed campaigns keep this part of their speed, in percent.
const USAGE_LEAST: u32 = 10;
/// However slow a number has become, an eighth of its speed is left for whoever waits.
const URGENT_PART: u32 = 8;

pub(super) struct Governor {
    pacing: Pacing,
    all: Pacer,
    bulk: Pacer,
    usage: Option<(Usage, Timestamp)>,
    held_until: Timestamp,
}

/// How many messages may go out now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) all: usize,
    /// Of these, campaigns'.
    pub(super) bulk: usize,
}

impl Governor {
    pub(super) fn new(pacing: Pacing) -> Self {
        let (all, bulk) = (Pacer::new(80), Pacer::new(80));
        Self { pacing, all, bulk, usage: None, held_until: Timestamp::ZERO }
    }
    /// What is known of the number by now.
    pub(super) fn set(&mut self, channel: &Channel, now: Timestamp) {
        let full = channel.throughput.max(1);
        self.all.set_rate(full);
        self.all.keep_at_least(full / URGENT_PART);
        let quality = match channel.quality {
            Quality::Green | Quality::Unknown => 100,
            Quality::Yellow => self.pacing.yellow_percent.min(100),
            Quality::Red => self.pacing.red_percent.min(100),
        };
        let share = u64::from(quality) * u64::from(self.usage_percent(now));
        let bulk = u64::from(full) * share / 10_000;
        self.bulk.set_rate(u32::try_from(bulk).unwrap_or(full));
    }
    /// How many of `free` may be begun now, and how many of `lower` may be campaigns'. Takes nothing.
    pub(super) fn room(&self, now: Timestamp, free: usize, lower: usize) -> Room {
        let all = self.all.clone().slots(now, AHEAD, free).len();
        Room { all, bulk: self.bulk.clone().slots(now, AHEAD, all.min(lower)).len() }
    }
    /// So many of campaigns were begun.
    pub(super) fn took(&mut self, now: Timestamp, bulk: usize) {
        self.bulk.slots(now, AHEAD, bulk);
    }
    /// When the next message goes out; it is taken.
    pub(super) fn slot(&mut self, now: Timestamp) -> Timestamp {
        self.all.next_slot(now)
    }
    /// The least time between two messages at the door.
    pub(super) fn least_gap(&self) -> Span {
        self.all.least_gap()
    }
    /// Those that have slots go out until then.
    pub(super) fn delay_to(&mut self, now: Timestamp, last: Timestamp) {
        self.all.delay_to(now, last);
    }
    /// When more of any lane should be begun.
    pub(super) fn ready_at(&self, now: Timestamp) -> Timestamp {
        now.max(self.all.free_at(now) - LOW)
    }
    /// When more of a campaign should be begun.
    pub(super) fn bulk_ready_at(&self, now: Timestamp) -> Timestamp {
        self.ready_at(now).max(self.bulk.free_at(now) - LOW).max(self.held_until)
    }
    /// Meta said "too fast", and how long to wait.
    pub(super) fn too_fast(&mut self, now: Timestamp, after: Span) {
        self.all.slow_down(now);
        self.bulk.slow_down(now);
        if after >= LONG {
            self.hold(now + after);
        }
    }
    /// Meta told how much of what is allowed was used.
    pub(super) fn used(&mut self, now: Timestamp, usage: Usage) {
        if usage == Usage::default() {
            return;
        }
        self.usage = Some((usage, now));
        if let Some(after) = usage.regain_after {
            self.hold(now + after);
        }
    }
    /// Why campaigns are slow, where somebody who looks at the number does not see it.
    pub(super) fn reason(&self, now: Timestamp) -> Option<Waiting> {
        let because = |reason, until| Some(Waiting { reason, until: Some(until) });
        if now < self.held_until {
            return because(WaitReason::Usage, self.held_until);
        }
        if self.bulk.is_slowed() {
            return because(WaitReason::Slowed, self.bulk.full_at(now));
        }
        let (_, at) = self.usage.filter(|_| self.usage_percent(now) < 100)?;
        because(WaitReason::Usage, at + USAGE_HOLDS)
    }

    fn hold(&mut self, until: Timestamp) {
        self.held_until = self.held_until.max(until);
        self.bulk.hold_until(until);
    }
    /// Full speed up to the mark, from there in a line down to the least.
    fn usage_percent(&self, now: Timestamp) -> u32 {
        let Some((usage, at)) = self.usage else { return 100 };
        let (used, from) = (usage.percent().min(100), self.pacing.usage_from.min(99));
        if used <= from || now - at >= USAGE_HOLDS {
            return 100;
        }
        100 - (100 - USAGE_LEAST) * (used - from) / (100 - from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::tests::channel;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    /// How many messages go in ten seconds if there is always something to send: of all lanes, and campaigns alone.
    fn speed(governor: &Governor, channel: &Channel) -> (usize, usize) {
        let count = |bulk: bool| {
            let mut governor = Governor {
                pacing: governor.pacing.clone(),
                all: governor.all.clone(),
                bulk: governor.bulk.clone(),
                usage: governor.usage,
                held_until: governor.held_until,
            };
            let mut sent = 0;
            for step in 0..1_000 {
                let now = NOW + Span::millis(step * 10);
                governor.set(channel, now);
                let room = governor.room(now, 1_000, if bulk { 1_000 } else { 0 });
                let went = if bulk { Room { all: room.bulk, ..room } } else { room };
                governor.took(now, went.bulk);
                let slots = (0..went.all).map(|_| governor.slot(now));
                sent += slots.filter(|at| *at < NOW + Span::seconds(10)).count();
            }
            sent
        };
        (count(false), count(true))
    }
    fn governor() -> Governor {
        Governor::new(Pacing::default())
    }
    fn usage(percent: u32) -> Usage {
        let header = format!(r#"{{"call_count":{percent},"total_time":0,"total_cputime":0}}"#);
        Usage::read(Some(&header), None)
    }

    #[test]
    fn a_number_goes_at_its_level() {
        for (throughput, most) in [(20, 200), (80, 800), (1_000, 10_000)] {
            let channel = Channel { throughput, ..channel() };
            let (all, bulk) = speed(&governor(), &channel);
            assert!((most * 95 / 100..=most + 2).contains(&all), "{throughput}: {all}");
            assert!((most * 95 / 100..=most + 2).contains(&bulk), "{throughput}: {bulk}");
        }
    }

    #[test]
    fn judged_badly_only_campaigns_go_slower() {
        let yellow = Channel { quality: Quality::Yellow, ..channel() };
        let (all, bulk) = speed(&governor(), &yellow);
        assert!(all > 760 && (380..=402).contains(&bulk), "{all} {bulk}");
        let red = Channel { quality: Quality::Red, ..channel() };
        let (all, bulk) = speed(&governor(), &red);
        assert!(all > 760 && (70..=82).contains(&bulk), "{all} {bulk}");
    }

    #[test]
    fn near_the_end_of_what_is_allowed_campaigns_go_slower_in_a_line() {
        for (used, least, most) in [(80, 760, 802), (90, 400, 442), (100, 70, 82)] {
            let mut governor = governor();
            governor.used(NOW, usage(used));
            let (all, bulk) = speed(&governor, &channel());
            assert!(all > 760 && (least..=most).contains(&bulk), "{used} %: {all} {bulk}");
        }
        let mut governor = governor();
        governor.used(NOW, usage(90));
        governor.used(NOW, Usage::default());
        assert_eq!(governor.reason(NOW).map(|why| why.reason), Some(WaitReason::Usage));
        assert_eq!(
            governor.reason(NOW + USAGE_HOLDS),
            None,
            "what was said long ago holds no more"
        );
    }

    #[test]
    fn where_nothing_is_left_campaigns_wait_and_an_agent_does_not() {
        let header = r#"{"1":[{"call_count":100,"estimated_time_to_regain_access":7}]}"#;
        let mut governor = governor();
        governor.used(NOW, Usage::read(None, Some(header)));
        governor.set(&channel(), NOW);
        let room = governor.room(NOW + Span::minutes(6), 9, 9);
        assert!(room.all > 0 && room.bulk == 0, "{room:?}");
        let until = Some(NOW + Span::minutes(7));
        assert_eq!(governor.reason(NOW), Some(Waiting { reason: WaitReason::Usage, until }));
        assert!(governor.room(NOW + Span::minutes(7), 9, 9).bulk > 0);
    }

    #[test]
    fn however_often_it_was_too_fast_an_agent_waits_less_than_half_a_second() {
        for throughput in [20, 80, 1_000] {
            let (mut governor, channel) = (governor(), Channel { throughput, ..channel() });
            governor.set(&channel, NOW);
            for second in 0..60 {
                governor.too_fast(NOW + Span::seconds(second), Span::seconds(1));
            }
            let now = NOW + Span::seconds(60);
            let room = governor.room(now, 1_000, 1_000);
            governor.took(now, room.bulk);
            for _ in 0..room.all {
                governor.slot(now);
            }
            let wait = governor.ready_at(now) - now;
            assert!(wait < Span::millis(500), "{throughput}: {wait:?}");
            assert_eq!(governor.reason(now).map(|why| why.reason), Some(WaitReason::Slowed));
        }
    }

    #[test]
    fn a_refusal_for_minutes_holds_campaigns_for_them() {
        let mut governor = governor();
        governor.set(&channel(), NOW);
        governor.too_fast(NOW, Span::minutes(5));
        assert_eq!(governor.room(NOW + Span::minutes(4), 9, 9).bulk, 0);
        assert!(governor.room(NOW + Span::minutes(4), 9, 9).all > 0);
        assert!(governor.bulk_ready_at(NOW) >= NOW + Span::minutes(5));
    }
}
