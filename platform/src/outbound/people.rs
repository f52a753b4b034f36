//! What concerns one person on one number: messages to them go one after the other, in their order, and whoever got
//! too much waits, whichever lane the next message comes from. Waiting is kept as the ledger's `not_before`, so a
//! pump that takes over knows it. Never sends.

use std::collections::{HashMap, HashSet};

use whatsapp_core::{Span, Timestamp};
use whatsapp_storage::repo::Lesson;

use super::batch::Begun;
use super::call::{Outcome, Signal};

/// Meta lets one person have a message in so long.
const GAP: Span = Span::seconds(6);
/// It lends 45 of them, so this long after a refusal nothing is owed any more.
const CALM: Span = Span::seconds(6 * 45);

#[derive(Default)]
pub(super) struct People {
    /// Who gets something at this moment that no campaign sends.
    served: HashSet<String>,
    waiting: HashMap<String, Wait>,
}

#[derive(Clone, Copy)]
struct Wait {
    until: Timestamp,
    /// Until then one message in each gap.
    calm_at: Timestamp,
}

impl People {
    /// What a predecessor left: lines that Meta sent back, and until when.
    pub(super) fn know(&mut self, returned: Vec<(String, Timestamp)>) {
        for (address, until) in returned {
            self.waiting.insert(address, Wait { until, calm_at: until + CALM });
        }
    }
    /// A message is on its way.
    pub(super) fn begun(&mut self, begun: &Begun, now: Timestamp) {
        if begun.campaign.is_none() {
            self.served.insert(begun.address.clone());
        }
        if let Some(wait) = self.waiting.get_mut(&begun.address).filter(|w| now < w.calm_at) {
            wait.until = wait.until.max(now + GAP);
        }
    }
    /// What became of it is known, or that nobody knows.
    pub(super) fn answered(&mut self, outcome: &Outcome) {
        let begun = &outcome.begun;
        let direct = begun.campaign.is_none();
        if direct {
            self.served.remove(&begun.address);
        }
        let Lesson::NotAccepted { not_before, .. } = outcome.learnt.what else { return };
        let refused = outcome.signal == Signal::PairRate;
        // A later message must not overtake the one that goes again. Nobody waits behind a campaign's but for Meta.
        if refused || direct {
            let calm_at = if refused { not_before + CALM } else { not_before };
            let old = self.waiting.get(&begun.address);
            let wait = Wait {
                until: old.map_or(not_before, |old| old.until.max(not_before)),
                calm_at: old.map_or(calm_at, |old| old.calm_at.max(calm_at)),
            };
            self.waiting.insert(begun.address.clone(), wait);
        }
    }
    /// To whom nothing may go now.
    pub(super) fn held(&mut self, now: Timestamp) -> Vec<String> {
        self.waiting.retain(|_, wait| now < wait.calm_at.max(wait.until));
        let waiting = self.waiting.iter().filter(|(_, wait)| now < wait.until);
        let mut held: Vec<_> = waiting.map(|(who, _)| who.clone()).collect();
        held.extend(self.served.iter().cloned());
        held.sort_unstable();
        held.dedup();
        held
    }
    /// When the first of those who wait may get something again.
    pub(super) fn next_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.waiting.values().map(|wait| wait.until).filter(|until| now < *until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::tests::{begun, refused_for_pair, to_be_tried_again};

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn later(seconds: i64) -> Timestamp {
        NOW + Span::seconds(seconds)
    }

    #[test]
    fn the_next_message_waits_until_the_one_before_is_decided() {
        let mut people = People::default();
        people.begun(&begun("+1", false), NOW);
        people.begun(&begun("+2", true), NOW);
        assert_eq!(people.held(NOW), ["+1"], "nobody waits behind a campaign's message");
        people.answered(&to_be_tried_again("+1", false, later(2)));
        assert_eq!(people.held(later(1)), ["+1"], "it would overtake");
        assert!(people.held(later(2)).is_empty());
    }

    #[test]
    fn who_got_too_much_waits_in_every_lane_and_then_gets_one_in_six_seconds() {
        let mut people = People::default();
        people.begun(&begun("+1", true), NOW);
        people.answered(&refused_for_pair("+1", true, later(16)));
        assert_eq!(people.held(later(15)), ["+1"]);
        assert_eq!(people.next_at(later(15)), Some(later(16)));
        assert!(people.held(later(16)).is_empty());
        people.begun(&begun("+1", true), later(16));
        assert_eq!(people.held(later(21)), ["+1"]);
        assert!(people.held(later(22)).is_empty());
        people.begun(&begun("+1", true), later(16 + 270));
        assert!(people.held(later(16 + 270)).is_empty(), "what was borrowed is paid back");
    }

    #[test]
    fn a_successor_knows_who_waits() {
        let mut people = People::default();
        people.know(vec![("+1".to_owned(), later(64))]);
        assert_eq!(people.held(later(63)), ["+1"]);
        assert!(people.held(later(64)).is_empty());
    }
}
