//! How much a number may send: in any second, to one person, to how many people; and how often an account may be
//! asked about. Pure; time comes in.

use std::collections::{HashMap, HashSet, VecDeque};

use whatsapp_core::{Span, Timestamp};

use super::tuning::Limits;

const DAY: Span = Span::hours(24);
const HOUR: Span = Span::hours(1);

/// What was sent and asked lately.
#[derive(Debug, Default)]
pub(super) struct Meter {
    seconds: HashMap<String, VecDeque<Timestamp>>,
    /// When the last borrowed message of a pair is paid back.
    pairs: HashMap<(String, String), Timestamp>,
    /// Outside the window, of all numbers: person → when last.
    reached: HashMap<String, Timestamp>,
    /// The same in order, to forget who was reached more than a day ago.
    order: VecDeque<(Timestamp, String)>,
    marketing: HashMap<String, VecDeque<Timestamp>>,
    calls: HashMap<String, VecDeque<Timestamp>>,
}

fn lately(times: &VecDeque<Timestamp>, span: Span, now: Timestamp) -> usize {
    times.iter().rev().take_while(|at| now - **at < span).count()
}

fn forget(times: &mut VecDeque<Timestamp>, span: Span, now: Timestamp) {
    while times.front().is_some_and(|at| now - *at >= span) {
        times.pop_front();
    }
}

impl Meter {
    /// Meta's code, if one more message of `number` to `to` is too much now.
    pub(super) fn refuses(
        &self,
        limits: &Limits,
        per_second: u32,
        number: &str,
        to: &str,
        now: Timestamp,
    ) -> Option<i64> {
        let sent = self.seconds.get(number).map_or(0, |all| lately(all, Span::seconds(1), now));
        if sent >= usize::try_from(per_second).unwrap_or(usize::MAX) {
            return Some(130_429);
        }
        let gap = Span::seconds(i64::from(limits.pair_gap_seconds));
        let most = gap.as_micros().saturating_mul(i64::from(limits.pair_burst.max(1)) - 1);
        let paid = self.pairs.get(&(number.to_owned(), to.to_owned()));
        paid.is_some_and(|paid| (*paid - now).as_micros() > most).then_some(131_056)
    }
    /// Counts a message that was accepted.
    pub(super) fn count(&mut self, limits: &Limits, number: &str, to: &str, now: Timestamp) {
        let sent = self.seconds.entry(number.to_owned()).or_default();
        forget(sent, Span::seconds(1), now);
        sent.push_back(now);
        let gap = Span::seconds(i64::from(limits.pair_gap_seconds));
        if self.pairs.len() > 100_000 {
            self.pairs.retain(|_, paid| *paid > now);
        }
        let paid = self.pairs.entry((number.to_owned(), to.to_owned())).or_insert(now);
        *paid = (*paid).max(now) + gap;
    }
    /// Whether this person was not written to outside the window in the last day.
    pub(super) fn is_new(&self, to: &str, now: Timestamp) -> bool {
        self.reached.get(to).is_none_or(|at| now - *at >= DAY)
    }
    /// How many people were written to outside the window in the last day.
    pub(super) fn reached(&self, now: Timestamp) -> usize {
        let gone = self.order.iter().take_while(|(at, _)| now - *at >= DAY);
        let gone: HashSet<&str> = gone
            .filter(|(at, who)| self.reached.get(who) == Some(at))
            .map(|(_, who)| who.as_str())
            .collect();
        self.reached.len() - gone.len()
    }
    /// Counts a message outside the window that did not fail.
    pub(super) fn reach(&mut self, to: &str, marketing: bool, now: Timestamp) {
        while let Some((at, who)) = self.order.front()
            && now - *at >= DAY
        {
            if self.reached.get(who) == Some(at) {
                self.reached.remove(who);
            }
            self.order.pop_front();
        }
        self.reached.insert(to.to_owned(), now);
        self.order.push_back((now, to.to_owned()));
        if marketing {
            let times = self.marketing.entry(to.to_owned()).or_default();
            forget(times, DAY, now);
            times.push_back(now);
        }
    }
    /// How many marketing messages a person got outside the window in the last day.
    pub(super) fn marketing(&self, to: &str, now: Timestamp) -> u32 {
        let count = self.marketing.get(to).map_or(0, |times| lately(times, DAY, now));
        u32::try_from(count).unwrap_or(u32::MAX)
    }
    /// Counts a management call about an account.
    pub(super) fn called(&mut self, waba: &str, now: Timestamp) {
        let times = self.calls.entry(waba.to_owned()).or_default();
        forget(times, HOUR, now);
        times.push_back(now);
    }
    /// How many management calls about an account there were in the last hour, and in how many minutes it is
    /// fewer than `most` again.
    pub(super) fn calls(&self, waba: &str, most: u32, now: Timestamp) -> (u32, i64) {
        let Some(times) = self.calls.get(waba) else { return (0, 0) };
        let count = lately(times, HOUR, now);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let over = (count + 1).saturating_sub(most.max(1));
        let last = over.checked_sub(1).and_then(|at| times.get(times.len() - count + at));
        let wait = last.map_or(0, |at| (*at + HOUR - now).as_micros());
        (
            u32::try_from(count).unwrap_or(u32::MAX),
            (wait.max(0) + 59_999_999).div_euclid(60_000_000),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    #[test]
    fn the_eighty_first_message_of_a_second_is_too_much_and_the_next_second_is_free() {
        let (limits, mut meter) = (Limits::default(), Meter::default());
        for n in 0..80 {
            let to = n.to_string();
            assert_eq!(meter.refuses(&limits, 80, "1", &to, NOW), None);
            meter.count(&limits, "1", &to, NOW);
        }
        assert_eq!(meter.refuses(&limits, 80, "1", "x", NOW + Span::millis(999)), Some(130_429));
        assert_eq!(meter.refuses(&limits, 80, "2", "x", NOW), None, "another number is free");
        assert_eq!(meter.refuses(&limits, 1_000, "1", "x", NOW), None, "a faster number as well");
        assert_eq!(meter.refuses(&limits, 80, "1", "x", NOW + Span::seconds(1)), None);
    }

    #[test]
    fn one_person_gets_forty_five_at_once_and_then_one_in_six_seconds() {
        let (limits, mut meter) = (Limits::default(), Meter::default());
        for _ in 0..45 {
            assert_eq!(meter.refuses(&limits, 80, "1", "ana", NOW), None);
            meter.count(&limits, "1", "ana", NOW);
        }
        let refuses = |meter: &Meter, who: &str, at| meter.refuses(&limits, 80, "1", who, at);
        assert_eq!(refuses(&meter, "ana", NOW + Span::seconds(5)), Some(131_056));
        assert_eq!(refuses(&meter, "bia", NOW + Span::seconds(5)), None);
        let later = NOW + Span::seconds(6);
        assert_eq!(refuses(&meter, "ana", later), None);
        meter.count(&limits, "1", "ana", later);
        assert_eq!(refuses(&meter, "ana", later), Some(131_056));
    }

    #[test]
    fn people_are_counted_once_and_for_a_day_after_their_last_message() {
        let mut meter = Meter::default();
        meter.reach("ana", false, NOW);
        meter.reach("bia", true, NOW + Span::hours(1));
        meter.reach("ana", false, NOW + Span::hours(2));
        assert_eq!(meter.reached(NOW + Span::hours(3)), 2);
        assert_eq!(meter.reached(NOW + Span::hours(25)), 1, "bia's day is over, ana's is not");
        assert!(meter.is_new("bia", NOW + Span::hours(25)));
        assert_eq!(meter.marketing("bia", NOW + Span::hours(24)), 1);
        assert_eq!(meter.marketing("bia", NOW + Span::hours(25)), 0);
        meter.reach("eva", false, NOW + Span::hours(30));
        assert_eq!(meter.reached(NOW + Span::hours(30)), 1);
    }

    #[test]
    fn the_calls_of_an_hour_are_counted_and_it_is_told_when_there_is_room_again() {
        let mut meter = Meter::default();
        for n in 0..3 {
            meter.called("w", NOW + Span::minutes(n));
        }
        assert_eq!(meter.calls("w", 5, NOW + Span::minutes(3)), (3, 0));
        assert_eq!(meter.calls("w", 3, NOW + Span::minutes(3)), (3, 57));
        assert_eq!(meter.calls("w", 3, NOW + Span::minutes(60)), (2, 0));
    }
}
