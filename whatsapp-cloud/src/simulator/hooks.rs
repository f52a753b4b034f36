//! Webhooks: what is to be told and when; doubled, late and out of order as the fault plan says, again after
//! growing gaps, given up after seven days. Never posts anything.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use whatsapp_core::{Span, Timestamp};

use super::chance::Chance;
use super::tuning::WebhookFaults;

/// Under which field and key of a change an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Messages,
    Statuses,
    Preferences,
    UserIds,
    Echoes,
    StateSync,
    History,
    /// Files of the past that customers sent …
    HistoryMessages,
    /// … and that the business sent.
    HistoryEchoes,
    /// One of the fields about groups.
    Groups(&'static str),
    /// Calls by voice …
    Voice,
    /// … and whether they are heard.
    VoiceStatus,
    /// A field of the account, with the time of the entry. It always goes to the app's own address.
    Account(&'static str, Timestamp),
}

/// One thing to be told.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) waba: String,
    pub(super) number: Option<String>,
    pub(super) due: Timestamp,
    /// When it was due for the first time.
    pub(super) born: Timestamp,
    pub(super) slot: Slot,
    /// Whose card stands beside it.
    pub(super) who: Option<String>,
    pub(super) value: Value,
    pub(super) tries: u32,
}

impl Item {
    pub(super) const fn new(
        waba: String,
        number: Option<String>,
        due: Timestamp,
        slot: Slot,
        who: Option<String>,
        value: Value,
    ) -> Self {
        Self { waba, number, due, born: due, slot, who, value, tries: 0 }
    }
}

/// A call to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookCall {
    /// The account it is about; the first one, if there are several.
    pub waba_id: String,
    /// Where it goes; nowhere, if nobody listens.
    pub url: Option<String>,
    /// The items it tells, to say what became of it.
    pub(super) items: Vec<u64>,
    /// The bytes.
    pub body: Vec<u8>,
    /// The value of `X-Hub-Signature-256`.
    pub signature: String,
}

/// Meta's own limit of a call's updates.
const MOST_UPDATES: u32 = 1_000;

/// What is to be told and what is under way.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    /// How many items there ever were: the next one's id.
    pub(super) next: u64,
    /// How many items were given up.
    pub(super) given_up: u64,
    waiting: BTreeMap<(Timestamp, u64), Item>,
    /// Item → its moment in `waiting`.
    places: HashMap<u64, Timestamp>,
    flying: HashMap<u64, Item>,
    /// While a log is read: the items that it says were told.
    pub(super) settled: Settled,
}

/// A set of items, as bits.
#[derive(Debug, Default)]
pub(super) struct Settled(Vec<u64>);

impl Settled {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    fn place(id: u64) -> (usize, u64) {
        (usize::try_from(id / 64).unwrap_or(usize::MAX), 1 << (id % 64))
    }
    fn has(&self, id: u64) -> bool {
        let (word, bit) = Self::place(id);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }
    #[cfg(feature = "simulator")]
    pub(super) fn add(&mut self, id: u64) {
        let (word, bit) = Self::place(id);
        if self.0.len() <= word {
            self.0.resize((word + 1).max(self.0.len() * 2), 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= bit;
        }
    }
}

/// By how much later than asked an item is due, and how long after it comes a second time; `None` if it is never
/// told. The same for an item each time it is asked.
fn timing(
    seed: u64,
    id: u64,
    faults: &WebhookFaults,
    status: bool,
) -> Option<(Span, Option<Span>)> {
    let mut chance = Chance::at(seed ^ 0x5151, id);
    if status && chance.happens(faults.drop_statuses) {
        return None;
    }
    let mut wait = chance.span(faults.delay_ms).as_micros();
    if chance.happens(faults.disorder) {
        wait += chance.span([200, 2_000]).as_micros();
    }
    if status && faults.late_statuses > 0.0 && chance.happens(faults.late_statuses) {
        wait += chance.span(faults.late_ms).as_micros();
    }
    let second = chance.happens(faults.duplicate).then(|| chance.span([0, 1_500]));
    Some((Span::micros(wait), second))
}

impl Hooks {
    pub(super) fn push(&mut self, seed: u64, faults: &WebhookFaults, mut item: Item) {
        let status = item.slot == Slot::Statuses;
        let Some((wait, second)) = timing(seed, self.next, faults, status) else {
            self.next += 1;
            return;
        };
        item.due = item.due + wait;
        item.born = item.due;
        if let Some(later) = second {
            let due = item.due + later;
            self.insert(Item { due, ..item.clone() });
        }
        self.insert(item);
    }
    /// Whether the next item is known to have been told, in a log that is being read: then it need not be made.
    pub(super) fn pass(&mut self, seed: u64, faults: &WebhookFaults, status: bool) -> bool {
        if self.settled.is_empty() {
            return false;
        }
        let count = match timing(seed, self.next, faults, status) {
            Some((_, Some(_))) => 2,
            Some((_, None)) => 1,
            None => {
                self.next += 1;
                return true;
            }
        };
        let done = (self.next..self.next + count).all(|id| self.settled.has(id));
        if done {
            self.next += count;
        }
        done
    }
    fn insert(&mut self, item: Item) {
        self.wait(self.next, item);
        self.next += 1;
    }
    fn wait(&mut self, id: u64, item: Item) {
        self.places.insert(id, item.due);
        self.waiting.insert((item.due, id), item);
    }
    /// When the next item is due.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.keys().next().map(|(due, _)| *due)
    }
    /// How many items are waiting or under way.
    #[cfg(feature = "simulator")]
    pub(super) fn open_items(&self) -> usize {
        self.waiting.len() + self.flying.len()
    }
    /// Whether anything with an id in this range is still to be told.
    #[cfg(feature = "simulator")]
    pub(super) fn owes(&self, ids: std::ops::Range<u64>) -> bool {
        ids.into_iter().any(|id| self.places.contains_key(&id) || self.flying.contains_key(&id))
    }
    fn leave(&mut self, id: u64) -> Option<Item> {
        let flying = self.flying.remove(&id);
        let due = self.places.remove(&id);
        flying.or_else(|| due.and_then(|due| self.waiting.remove(&(due, id))))
    }
    /// Items that were told, or that nobody wants.
    pub(super) fn told(&mut self, items: &[u64]) {
        for id in items {
            self.leave(*id);
        }
    }
    /// The call failed: its items come again, later each time, or never. Gives how many were given up.
    pub(super) fn failed(
        &mut self,
        faults: &WebhookFaults,
        items: &[u64],
        now: Timestamp,
    ) -> usize {
        let mut lost = 0;
        for id in items {
            let Some(mut item) = self.leave(*id) else { continue };
            let doubled = faults.retry_first_ms.saturating_mul(1 << item.tries.min(20));
            let gap = Span::millis(i64::from(doubled.min(faults.retry_max_ms).max(1)));
            if now + gap - item.born > Span::seconds(i64::from(faults.give_up_seconds)) {
                lost += 1;
                continue;
            }
            item.tries += 1;
            item.due = now + gap;
            self.wait(*id, item);
        }
        self.given_up += u64::try_from(lost).unwrap_or_default();
        lost
    }
    /// Takes what is due, in groups of one address and of a size that varies. `address` tells where an item
    /// goes; items of several accounts come together as often as the plan says.
    pub(super) fn take(
        &mut self,
        seed: u64,
        faults: &WebhookFaults,
        now: Timestamp,
        address: impl Fn(&Item) -> String,
    ) -> Vec<Vec<(u64, Item)>> {
        let later = self.waiting.split_off(&(now + Span::micros(1), 0));
        let due = std::mem::replace(&mut self.waiting, later);
        let most = u64::from(faults.batch.clamp(1, MOST_UPDATES));
        let mut groups: Vec<Vec<(u64, Item)>> = Vec::new();
        let mut open: HashMap<String, (usize, u64)> = HashMap::new();
        for ((_, id), item) in due {
            let (mixed, own) = (address(&item), format!("{} {}", item.waba, address(&item)));
            let place = [&mixed, &own]
                .into_iter()
                .find(|key| open.get(*key).is_some_and(|(_, room)| *room > 0));
            if let Some((index, room)) = place.and_then(|key| open.get_mut(key))
                && let Some(group) = groups.get_mut(*index)
            {
                *room -= 1;
                group.push((id, item));
                continue;
            }
            // A call is as its first item says: the same after a restart.
            let mut chance = Chance::at(seed ^ 0xCA11, id);
            let room = chance.below(most);
            let key = if chance.happens(faults.mix_accounts) { mixed } else { own };
            open.insert(key, (groups.len(), room));
            groups.push(vec![(id, item)]);
        }
        for (id, item) in groups.iter().flatten() {
            self.places.remove(id);
            self.flying.insert(*id, item.clone());
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn one() -> Hooks {
        let mut hooks = Hooks::default();
        let item = Item::new("1".into(), None, NOW, Slot::Messages, None, json!({}));
        hooks.push(7, &WebhookFaults { delay_ms: [0, 0], ..WebhookFaults::default() }, item);
        hooks
    }

    #[test]
    fn who_never_answers_is_asked_less_and_less_often_and_given_up_after_seven_days() {
        let faults = WebhookFaults { retry_max_ms: 3_600_000, ..WebhookFaults::default() };
        let (mut hooks, mut now, mut gaps) = (one(), NOW, Vec::new());
        while let Some(due) = hooks.next_due() {
            gaps.push(due - now);
            now = due;
            let group = hooks.take(7, &faults, now, |_| String::new()).remove(0);
            hooks.failed(&faults, &[group[0].0], now);
        }
        assert!(gaps.windows(2).skip(1).all(|pair| pair[0] <= pair[1]), "growing: {gaps:?}");
        let lived = now - NOW;
        assert!(lived <= Span::days(7) && lived > Span::hours(6 * 24 + 22), "{lived:?}");
        assert_eq!((hooks.given_up, hooks.next_due()), (1, None));
    }

    #[test]
    fn what_was_told_does_not_come_again_even_if_it_was_never_taken() {
        let mut hooks = one();
        hooks.told(&[0]);
        assert_eq!(hooks.next_due(), None);
        let mut hooks = one();
        let faults = WebhookFaults::default();
        assert_eq!(hooks.take(7, &faults, NOW, |_| String::new()).len(), 1);
        hooks.told(&[0]);
        assert_eq!(hooks.failed(&faults, &[0], NOW), 0);
        assert_eq!(hooks.next_due(), None);
    }
}
