//! Who goes when several want to: what the number's pace leaves, agents and programs before flows before campaigns,
//! campaigns in turns, each within its own rate, all within the portfolio's budget. Part of the open calls is kept
//! for whom somebody waits for. Decides what a turn may claim; never sends.

use std::collections::HashMap;

use whatsapp_cloud::pace::Pacer;
use whatsapp_core::{Campaign, Channel, Event, Id, Span, Timestamp, WaitReason, Waiting};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::{ClaimRequest, Running};

use super::batch::Begun;
use super::budget::{self, Budget};
use super::call::{Outcome, Signal};
use super::door::Door;
use super::governor::Governor;
use super::people::People;
use crate::Error;
use crate::platform::Pacing;
use crate::work::Said;

/// A wait that ends within this time is no news for a page; nor is a change of its end by less than the second.
const NO_NEWS: Span = Span::seconds(2);
const SAME_END: Span = Span::seconds(5);

pub(super) struct Lanes {
    pacing: Pacing,
    governor: Governor,
    people: People,
    /// Pacers of campaigns that asked for a rate of their own.
    own: HashMap<Id<Campaign>, Pacer>,
    /// Which campaign has the first turn.
    first: usize,
    /// Whether there may be more, as the last turn saw it.
    more: Option<More>,
}

#[derive(Clone, Copy)]
struct More {
    direct: bool,
    bulk: bool,
    /// When the first campaign that goes at a rate of its own may go on.
    own: Option<Timestamp>,
}

/// What a turn finds.
pub(super) struct Turn<'a> {
    pub(super) channel: &'a Channel,
    pub(super) running: &'a [Running],
    /// How many calls may be open at once, and how many are.
    pub(super) concurrency: usize,
    pub(super) open: usize,
    /// Whether Meta does not answer.
    pub(super) broken: bool,
    pub(super) now: Timestamp,
}

impl Lanes {
    pub(super) fn new(pacing: Pacing) -> Self {
        Self {
            governor: Governor::new(pacing.clone()),
            pacing,
            people: People::default(),
            own: HashMap::new(),
            first: 0,
            more: None,
        }
    }
    /// What a predecessor left.
    pub(super) fn know(&mut self, returned: Vec<(String, Timestamp)>) {
        self.people.know(returned);
    }
    /// What the answers to the calls say of speed and order.
    pub(super) fn learn(&mut self, outcomes: &[Outcome], now: Timestamp) {
        for outcome in outcomes {
            self.people.answered(outcome);
            self.governor.used(now, outcome.usage);
            if let Signal::SlowDown(after) = outcome.signal {
                self.governor.too_fast(now, after);
            }
        }
    }
    /// What this turn may claim, and what of it the portfolio leaves.
    pub(super) async fn open(
        &mut self,
        tx: &mut dyn TenantTx,
        turn: &Turn<'_>,
    ) -> Result<(ClaimRequest, Budget), Error> {
        self.governor.set(turn.channel, turn.now);
        let budget = budget::open(tx, turn.channel, &self.pacing, turn.now).await?;
        Ok((self.request(turn, budget), budget))
    }
    fn request(&mut self, turn: &Turn<'_>, budget: Budget) -> ClaimRequest {
        let kept = self.pacing.reserve.min(turn.concurrency / 2);
        let free = turn.concurrency.saturating_sub(turn.open);
        let lower = free.saturating_sub(kept);
        let room = self.governor.room(turn.now, free, lower);
        let bulk = budget.people.map_or(room.bulk, |people| room.bulk.min(people));
        ClaimRequest {
            channel: turn.channel.id,
            now: turn.now,
            limit: count(room.all),
            lower: count(lower.min(room.all)),
            bulk: count(bulk),
            campaigns: self.turns(turn, count(bulk)),
            held: self.people.held(turn.now),
        }
    }
    /// The campaigns in the order of their turns, each with its most. Another one begins each time.
    fn turns(&mut self, turn: &Turn<'_>, most: u32) -> Vec<(Id<Campaign>, u32)> {
        let (running, full) = (turn.running, turn.channel.throughput);
        self.own.retain(|id, _| running.iter().any(|campaign| campaign.id == *id));
        let mut turns = Vec::with_capacity(running.len());
        for campaign in running {
            let Some(rate) = campaign.rate.filter(|rate| *rate < full) else {
                self.own.remove(&campaign.id);
                turns.push((campaign.id, most));
                continue;
            };
            let pacer = self.own.entry(campaign.id).or_insert_with(|| Pacer::new(rate));
            pacer.set_rate(rate);
            let wanted = usize::try_from(most).unwrap_or(usize::MAX);
            // Not ahead: what it begins goes out in the number's next slot, not in its own.
            let own = count(pacer.clone().take(turn.now, wanted));
            if own > 0 {
                turns.push((campaign.id, own));
            }
        }
        self.first = self.first.wrapping_add(1);
        let from = self.first.checked_rem(turns.len()).unwrap_or(0);
        turns.rotate_left(from);
        turns
    }
    /// How many were claimed of what was asked for, and what of that was begun.
    pub(super) fn took(
        &mut self,
        turn: &Turn<'_>,
        asked: &ClaimRequest,
        (claimed, begun): (usize, &[Begun]),
    ) {
        let now = turn.now;
        for begun in begun {
            self.people.begun(begun, now);
            if let Some(pacer) = begun.campaign.and_then(|id| self.own.get_mut(&id)) {
                pacer.take(now, 1);
            }
        }
        let bulk = begun.iter().filter(|begun| begun.campaign.is_some()).count();
        self.governor.took(now, bulk);
        let direct = begun.len() - bulk;
        let full = turn.concurrency <= turn.open;
        let bulk_at = self.governor.bulk_ready_at(now);
        // They took what the pace left them, or it left them nothing. What else stands in their way is over when
        // an answer comes or a place of the portfolio becomes free: looked at with each poll.
        self.more = Some(More {
            direct: !full && (asked.limit == 0 || count(direct) == asked.limit),
            bulk: !turn.running.is_empty() && (claimed > direct || now < bulk_at),
            own: self.own.values().map(|pacer| pacer.ready_at(now)).filter(|at| now < *at).min(),
        });
    }
    /// Slots for so many messages, after those that wait at the door, whose gap is set.
    pub(super) fn slots(&mut self, now: Timestamp, n: usize, door: &Door) -> Vec<Timestamp> {
        self.governor.delay_to(now, door.expect(n, self.governor.least_gap()));
        (0..n).map(|_| self.governor.slot(now)).collect()
    }
    /// Nothing is to be expected, as long as a turn does not say so.
    pub(super) const fn rest(&mut self) {
        self.more = None;
    }
    /// When there may be more to send, if nobody rouses the pump before.
    pub(super) fn next_at(&self, now: Timestamp) -> Option<Timestamp> {
        let more = self.more?;
        let candidates = [
            more.direct.then(|| self.governor.ready_at(now)),
            more.bulk.then(|| self.governor.bulk_ready_at(now)),
            more.own,
            self.people.next_at(now),
        ];
        candidates.into_iter().flatten().min()
    }
    /// Writes why campaigns wait where any page can read it, when that changed.
    pub(super) async fn tell(
        &self,
        tx: &mut dyn TenantTx,
        said: &mut Said,
        turn: &Turn<'_>,
        budget: Budget,
    ) -> Result<(), Error> {
        let why = if turn.running.is_empty() { None } else { self.why(turn, budget) };
        let old = turn.channel.pace.filter(|old| old.until.is_none_or(|until| turn.now < until));
        let changed = match (old, why) {
            (None, None) => false,
            (Some(old), Some(new)) => {
                old.reason != new.reason
                    || old.until.zip(new.until).is_some_and(|(old, new)| new - old > SAME_END)
            }
            _ => true,
        };
        if !changed {
            return Ok(());
        }
        tx.channels().note_pace(turn.channel.id, why).await?;
        if old.map(|old| old.reason) != why.map(|why| why.reason) {
            for campaign in turn.running {
                said.emit(Event::CampaignProgressed { campaign: campaign.id });
            }
        }
        Ok(())
    }
    fn why(&self, turn: &Turn<'_>, budget: Budget) -> Option<Waiting> {
        if turn.broken {
            return Some(Waiting { reason: WaitReason::MetaAway, until: None });
        }
        let now = turn.now;
        let empty = budget.people == Some(0);
        let waits = empty.then_some(Waiting { reason: WaitReason::Budget, until: budget.frees_at });
        let why = waits.or_else(|| self.governor.reason(now))?;
        why.until.is_none_or(|until| until - now > NO_NEWS).then_some(why)
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::tests::{begun, channel};

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn campaign(n: u128, rate: Option<u32>) -> Running {
        Running { id: Id::from_uuid(uuid::Uuid::from_u128(n)), rate }
    }
    fn turn<'a>(channel: &'a Channel, running: &'a [Running], open: usize) -> Turn<'a> {
        Turn { channel, running, concurrency: 100, open, broken: false, now: NOW }
    }
    fn lanes() -> Lanes {
        let pacing = Pacing { reserve: 10, ..Pacing::default() };
        Lanes::new(pacing)
    }

    #[test]
    fn the_last_calls_are_kept_for_whom_somebody_waits_for() {
        let (channel, running) = (channel(), [campaign(1, None)]);
        let mut lanes = lanes();
        lanes.governor.set(&channel, NOW);
        for (open, lower, urgent) in
            [(0, true, true), (89, true, true), (90, false, true), (100, false, false)]
        {
            let asked = lanes.request(&turn(&channel, &running, open), Budget::default());
            assert_eq!((asked.lower > 0, asked.limit > 0), (lower, urgent), "{open} are open");
            assert_eq!(asked.bulk > 0, lower, "{open} are open");
        }
    }

    #[test]
    fn a_turn_that_cannot_change_anything_is_not_followed_by_another_at_once() {
        let (channel, running) = (channel(), [campaign(1, None)]);
        let mut lanes = lanes();
        lanes.governor.set(&channel, NOW);
        let empty = Budget { people: Some(0), frees_at: None };
        for (open, budget) in [(95, Budget::default()), (100, Budget::default()), (0, empty)] {
            let turn = turn(&channel, &running, open);
            let asked = lanes.request(&turn, budget);
            lanes.took(&turn, &asked, (0, &[]));
            assert_eq!(lanes.next_at(NOW), None, "{open} are open");
        }
    }

    #[test]
    fn an_idle_turn_costs_nobody_a_slot() {
        let channel = Channel { throughput: 1, ..channel() };
        let mut lanes = lanes();
        lanes.governor.set(&channel, NOW);
        for _ in 0..3 {
            let turn = turn(&channel, &[], 0);
            let asked = lanes.request(&turn, Budget::default());
            assert_eq!(asked.limit, 1);
            lanes.took(&turn, &asked, (0, &[]));
        }
    }

    #[test]
    fn campaigns_take_turns_at_the_first_place_and_keep_their_own_rate() {
        let (channel, running) =
            (channel(), [campaign(1, None), campaign(2, None), campaign(3, Some(1))]);
        let mut lanes = lanes();
        lanes.governor.set(&channel, NOW);
        let mut firsts = Vec::new();
        for _ in 0..3 {
            let asked = lanes.request(&turn(&channel, &running, 0), Budget::default());
            assert_eq!(asked.campaigns.len(), 3);
            let own = asked.campaigns.iter().find(|(id, _)| *id == running[2].id);
            assert_eq!(own.map(|(_, most)| *most), Some(1), "one a second");
            firsts.extend(asked.campaigns.first().map(|(id, _)| *id));
        }
        firsts.sort_unstable();
        assert_eq!(firsts, running.map(|campaign| campaign.id));
        let turn = turn(&channel, &running, 0);
        let asked = lanes.request(&turn, Budget::default());
        let mut gone = begun("+1", true);
        gone.campaign = Some(running[2].id);
        lanes.took(&turn, &asked, (1, &[gone]));
        let asked = lanes.request(&turn, Budget::default());
        assert!(asked.campaigns.iter().all(|(id, _)| *id != running[2].id), "its second is used");
    }

    #[test]
    fn an_empty_budget_stops_campaigns_alone_and_says_until_when() {
        let (channel, running) = (channel(), [campaign(1, None)]);
        let mut lanes = lanes();
        lanes.governor.set(&channel, NOW);
        let frees_at = Some(NOW + Span::hours(3));
        let asked =
            lanes.request(&turn(&channel, &running, 0), Budget { people: Some(0), frees_at });
        assert!(asked.limit > 0 && asked.bulk == 0);
        let budget = Budget { people: Some(0), frees_at };
        let why = Waiting { reason: WaitReason::Budget, until: frees_at };
        let mut turn = turn(&channel, &running, 0);
        assert_eq!(lanes.why(&turn, budget), Some(why));
        assert_eq!(lanes.why(&turn, Budget { people: Some(1), frees_at: None }), None);
        let soon = Some(NOW + Span::seconds(1));
        assert_eq!(lanes.why(&turn, Budget { people: Some(0), frees_at: soon }), None, "no news");
        turn.broken = true;
        let away = Waiting { reason: WaitReason::MetaAway, until: None };
        assert_eq!(lanes.why(&turn, budget), Some(away), "nothing goes out, budget or not");
    }
}
