//! How much a number may send: in any second, and to one person. Pure; time comes in.

use std::collections::{HashMap, VecDeque};

use whatsapp_core::{Span, Timestamp};

use super::faults::Limits;

/// What was sent lately.
#[derive(Debug, Default)]
pub(super) struct Meter {
    seconds: HashMap<String, VecDeque<Timestamp>>,
    /// When the last borrowed message of a pair is paid back.
    pairs: HashMap<(String, String), Timestamp>,
}

impl Meter {
    /// Meta's code, if one more message of `number` to `to` is too much now.
    pub(super) fn refuses(
        &mut self,
        limits: &Limits,
        number: &str,
        to: &str,
        now: Timestamp,
    ) -> Option<i64> {
        let sent = self.seconds.entry(number.to_owned()).or_default();
        while sent.front().is_some_and(|at| now - *at >= Span::seconds(1)) {
            sent.pop_front();
        }
        if sent.len() >= usize::try_from(limits.per_second).unwrap_or(usize::MAX) {
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
        sent.push_back(now);
        let most = usize::try_from(limits.per_second).unwrap_or(usize::MAX).max(1);
        while sent.len() > most {
            sent.pop_front();
        }
        let gap = Span::seconds(i64::from(limits.pair_gap_seconds));
        let paid = self.pairs.entry((number.to_owned(), to.to_owned())).or_insert(now);
        *paid = (*paid).max(now) + gap;
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
            assert_eq!(meter.refuses(&limits, "1", &to, NOW), None);
            meter.count(&limits, "1", &to, NOW);
        }
        assert_eq!(meter.refuses(&limits, "1", "x", NOW + Span::millis(999)), Some(130_429));
        assert_eq!(meter.refuses(&limits, "2", "x", NOW), None, "another number is free");
        assert_eq!(meter.refuses(&limits, "1", "x", NOW + Span::seconds(1)), None);
    }

    #[test]
    fn one_person_gets_forty_five_at_once_and_then_one_in_six_seconds() {
        let (limits, mut meter) = (Limits::default(), Meter::default());
        for _ in 0..45 {
            assert_eq!(meter.refuses(&limits, "1", "ana", NOW), None);
            meter.count(&limits, "1", "ana", NOW);
        }
        assert_eq!(meter.refuses(&limits, "1", "ana", NOW + Span::seconds(5)), Some(131_056));
        assert_eq!(meter.refuses(&limits, "1", "bia", NOW + Span::seconds(5)), None);
        let later = NOW + Span::seconds(6);
        assert_eq!(meter.refuses(&limits, "1", "ana", later), None);
        meter.count(&limits, "1", "ana", later);
        assert_eq!(meter.refuses(&limits, "1", "ana", later), Some(131_056));
    }
}
