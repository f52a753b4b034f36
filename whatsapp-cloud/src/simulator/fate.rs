//! What becomes of a message that was accepted: why it fails later, which statuses follow and when, what waits
//! for a phone to be switched on or for Meta's look at a template.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use whatsapp_core::{Span, Timestamp};

use super::accept::Door;
use super::chance::Chance;
use super::fact::{Fact, Planned};
use super::group_sends::{card_of, is_group};
use super::hooks::Slot;
use super::tuning::Speed;
use super::world::{Sent, World};
use super::{items, pricing, regions};

/// A message about to be accepted.
pub(super) struct Sending<'a> {
    pub(super) number: &'a str,
    pub(super) to: &'a str,
    pub(super) body: &'a Value,
    /// The template's entry of Meta's list.
    pub(super) template: Option<&'a Value>,
    /// Whether the person wrote in the last 24 hours.
    pub(super) open: bool,
    pub(super) now: Timestamp,
    pub(super) door: Door,
}

impl Sending<'_> {
    /// The template's category in capitals; `None` of free-form messages.
    pub(super) fn category(&self) -> Option<&str> {
        self.template.map(|t| t.get("category").and_then(Value::as_str).unwrap_or("UTILITY"))
    }
    pub(super) fn template_id(&self) -> Option<&str> {
        self.template.and_then(|template| template.get("id")).and_then(Value::as_str)
    }
    fn is_marketing(&self) -> bool {
        self.category() == Some("MARKETING")
    }
}

/// What a message waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Waits {
    /// For the person's phone.
    Phone,
    /// For Meta's look at its template.
    Review,
}

/// What Meta does with the messages of a template that it looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "the word of the control route")]
pub(super) enum Hold {
    /// New messages are accepted and wait.
    Hold,
    /// New messages are accepted as paused, and fail.
    Pause,
    /// What waits goes out, and new messages as well.
    Release,
    /// What waits fails.
    Drop,
}

/// Somebody who came by an advertisement.
#[derive(Clone, Copy, Debug)]
struct Entry {
    came: Timestamp,
    /// Until when all is free: from the business' answer on.
    until: Option<Timestamp>,
}

type Pair = (String, String);

/// What the world remembers about messages under way.
#[derive(Debug, Default)]
pub(super) struct Fates {
    /// Person → places in `sent` that wait for their phone.
    parked: HashMap<String, Vec<usize>>,
    /// Template's id → what Meta does with it.
    held: BTreeMap<String, Hold>,
    /// Template's id → places in `sent` that wait for it.
    waiting: BTreeMap<String, Vec<usize>>,
    entries: HashMap<Pair, Entry>,
    /// (number, month) → free-form messages.
    service: HashMap<Pair, u32>,
}

/// How long after the customer came the business must answer, and how long all is free then.
const ENTRY_ANSWER: Span = Span::hours(24);
const ENTRY_FREE: Span = Span::hours(72);

impl Fates {
    /// Until when everything to this person is free, if it is now or would be with an answer now.
    pub(super) fn free_entry(&self, number: &str, who: &str, now: Timestamp) -> Option<Timestamp> {
        let entry = self.entries.get(&(number.to_owned(), who.to_owned()))?;
        match entry.until {
            Some(until) => Some(until).filter(|until| now < *until),
            None => Some(now + ENTRY_FREE).filter(|_| now - entry.came < ENTRY_ANSWER),
        }
    }
    /// Free-form messages of a number in this month.
    pub(super) fn service_messages(&self, number: &str, now: Timestamp) -> u32 {
        self.service.get(&(number.to_owned(), pricing::month(now))).copied().unwrap_or_default()
    }
    /// A customer came by an advertisement.
    pub(super) fn came(&mut self, number: &str, who: &str, at: Timestamp) {
        let entry = Entry { came: at, until: None };
        self.entries.insert((number.to_owned(), who.to_owned()), entry);
    }
    /// Counts an accepted message at its place. `phones` are whose it waits for, if it waits for a phone.
    pub(super) fn count(
        &mut self,
        place: usize,
        sent: &Sent,
        template: Option<&str>,
        phones: Vec<String>,
    ) {
        let pair = (sent.number.clone(), sent.to.clone());
        if let Some(entry) = self.entries.get_mut(&pair)
            && entry.until.is_none()
            && sent.at - entry.came < ENTRY_ANSWER
        {
            entry.until = Some(sent.at + ENTRY_FREE);
        }
        if sent.charge.as_ref().is_some_and(|charge| charge.category == "service") {
            let month = (sent.number.clone(), pricing::month(sent.at));
            *self.service.entry(month).or_default() += 1;
        }
        match (sent.waits, template) {
            (Some(Waits::Phone), _) => {
                for who in phones {
                    self.park(who, place);
                }
            }
            (Some(Waits::Review), Some(id)) => {
                self.waiting.entry(id.to_owned()).or_default().push(place);
            }
            _ => {}
        }
    }
    /// The message at this place waits for somebody's phone.
    pub(super) fn park(&mut self, who: String, place: usize) {
        self.parked.entry(who).or_default().push(place);
    }
    /// What Meta does with a template's messages.
    pub(super) fn hold(&self, template: Option<&str>) -> Option<Hold> {
        self.held.get(template?).copied()
    }
}

/// Which statuses follow, from acceptance or from when the phone is on again.
pub(super) struct Course<'a> {
    pub(super) body: &'a Value,
    /// Whether the person wrote lately: who has, reads.
    pub(super) open: bool,
    pub(super) receipts: bool,
    /// Sent was told before.
    pub(super) resumes: bool,
    pub(super) off: bool,
    pub(super) at: Timestamp,
}

pub(super) fn course(speed: &Speed, chance: &mut Chance, of: &Course<'_>) -> Vec<Planned> {
    let mut plan = Vec::new();
    let mut at = of.at;
    if !of.resumes {
        at = at + chance.span(speed.sent_ms);
        plan.push(Planned::new("sent", at));
    }
    // Of a reaction only this is told.
    let reaction = of.body.get("type").and_then(Value::as_str) == Some("reaction");
    if reaction || of.off || (speed.never_delivered > 0.0 && chance.happens(speed.never_delivered))
    {
        return plan;
    }
    at = at + chance.span(speed.delivered_ms);
    let reads = (of.open || chance.happens(speed.read_probability)) && of.receipts;
    let skips = reads && speed.skip_delivered > 0.0 && chance.happens(speed.skip_delivered);
    if !skips {
        plan.push(Planned::new("delivered", at));
    }
    if reads {
        at = at + chance.span(speed.read_ms);
        plan.push(Planned::new("read", at));
        let voice = of.body.pointer("/audio/voice").and_then(Value::as_bool) == Some(true);
        if voice && chance.happens(speed.played_probability) {
            plan.push(Planned::new("played", at + chance.span(speed.played_ms)));
        }
    }
    plan
}

impl World {
    /// Why an accepted message fails later, if it does.
    pub(super) fn fails_later(&self, sending: &Sending<'_>) -> Option<i64> {
        let Sending { number, to, body, open, now, .. } = *sending;
        let hash = body.get("recipient_identity_key_hash").and_then(Value::as_str);
        if !is_group(to) && hash.is_some_and(|hash| hash != self.identity_hash(to)) {
            return Some(137_000);
        }
        if let Some(code) = self.faults.recipients.get(to) {
            return Some(*code);
        }
        if self.is_unreachable(number, to) {
            return Some(131_026);
        }
        if sending.template.is_none() && !open {
            return Some(131_047);
        }
        if let Some(code) = self.refers_wrongly(sending) {
            return Some(code);
        }
        sending.template?; // the rest is about templates
        if sending.is_marketing() {
            if self.stopped.contains(&(number.to_owned(), to.to_owned())) {
                return Some(131_050);
            }
            let limits = &self.faults.limits;
            let capped = !open
                && limits
                    .marketing_per_person
                    .is_some_and(|most| self.meter.marketing(to, now) >= most);
            if capped || (limits.us_marketing_paused && regions::is_us(to)) {
                return Some(131_049);
            }
        }
        if self.fates.hold(sending.template_id()) == Some(Hold::Pause) {
            return Some(132_015);
        }
        let over = !is_group(to)
            && !open
            && self.meter.is_new(to, now)
            && self.meter.reached(now) >= self.tier.people();
        over.then_some(131_048)
    }
    /// The statuses of an accepted message, and what it waits for.
    pub(super) fn plan(
        &self,
        chance: &mut Chance,
        sending: &Sending<'_>,
        fails: Option<i64>,
    ) -> (Vec<Planned>, Option<Waits>) {
        let speed = &self.faults.speed;
        if let Some(code) = fails {
            let at = sending.now + chance.span(speed.sent_ms);
            return (vec![Planned::failed(at, code)], None);
        }
        if self.fates.hold(sending.template_id()) == Some(Hold::Hold) {
            return (Vec::new(), Some(Waits::Review));
        }
        if is_group(sending.to) {
            return self.group_plan(chance, sending);
        }
        let off = self.is_off(sending.to);
        let of = Course {
            body: sending.body,
            open: sending.open,
            receipts: self.shows_receipts(sending.to),
            resumes: false,
            off,
            at: sending.now,
        };
        (course(speed, chance, &of), off.then_some(Waits::Phone))
    }
    /// Meta looks at a template's messages: holds them, lets them go, or drops them.
    pub(super) fn judge(
        &mut self,
        now: Timestamp,
        template: &str,
        what: Hold,
    ) -> Result<(), String> {
        let has = |t: &Value| t.get("id").is_some_and(|id| id == template);
        if !self.wabas.iter().any(|waba| waba.templates.iter().any(has)) {
            return Err("there is no such template".to_owned());
        }
        self.happen(Fact::Judged { template: template.to_owned(), what, at: now });
        Ok(())
    }
    pub(super) fn apply_judged(&mut self, template: &str, what: Hold, at: Timestamp) {
        if matches!(what, Hold::Hold | Hold::Pause) {
            self.fates.held.insert(template.to_owned(), what);
            return;
        }
        self.fates.held.remove(template);
        for place in self.fates.waiting.remove(template).unwrap_or_default() {
            match what {
                Hold::Release => self.resume(place, at, false),
                _ => {
                    let failed = Planned::failed(at, 132_015);
                    self.add_statuses(place, vec![failed]);
                }
            }
        }
    }
    /// A message that waited goes on.
    fn resume(&mut self, place: usize, at: Timestamp, resumes: bool) {
        let Some(sent) = self.sent.get(place) else { return };
        if is_group(&sent.to) {
            return self.resume_group(place, None, at);
        }
        let open = self.window_is_open(&sent.number, &sent.to, at);
        let (off, receipts) = (self.is_off(&sent.to), self.shows_receipts(&sent.to));
        let mut chance = Chance::named(self.seed, &format!("{} {}", sent.wamid, at.micros()));
        let body = sent.body.value();
        let of = Course { body: &body, open, receipts, resumes, off, at };
        let plan = course(&self.faults.speed, &mut chance, &of);
        if off {
            self.fates.park(sent.to.clone(), place);
        }
        self.add_statuses(place, plan);
    }
    pub(super) fn add_statuses(&mut self, place: usize, plan: Vec<Planned>) {
        let Some(sent) = self.sent.get_mut(place) else { return };
        sent.waits = None;
        sent.plan.extend(plan.iter().cloned());
        let sent = sent.clone();
        for planned in &plan {
            self.tell_status(&sent, planned);
        }
    }
    pub(super) fn tell_status(&mut self, sent: &Sent, planned: &Planned) {
        if self.hooks.pass(self.seed, &self.faults.webhooks, true) {
            return;
        }
        let item = items::status(self, sent, planned);
        let card = card_of(sent, planned);
        self.tell(&sent.number, planned.at, Slot::Statuses, card, item);
    }
}

/// How long Meta tries to deliver: ten minutes a code, thirty days anything else, or as the template says.
fn lives(sent: &Sent) -> Span {
    let own = sent.lives_seconds.map(Span::seconds);
    own.unwrap_or(match sent.category.as_deref() {
        Some("AUTHENTICATION") => Span::minutes(10),
        _ => Span::days(30),
    })
}

/// A phone is on again: what is not too old is delivered. The rest is dropped, and nobody is told.
pub(super) fn deliver_parked(world: &mut World, who: &str, at: Timestamp) {
    for place in world.fates.parked.remove(who).unwrap_or_default() {
        match world.sent.get(place).filter(|sent| at - sent.at < lives(sent)) {
            Some(sent) if is_group(&sent.to) => world.resume_group(place, Some(who), at),
            Some(_) => world.resume(place, at, true),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::body::Body;
    use super::*;

    #[test]
    fn a_code_lives_ten_minutes_and_anything_else_thirty_days_or_as_its_template_says() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let sent = |category: &str, lives_seconds| Sent {
            wamid: String::new(),
            number: String::new(),
            to: String::new(),
            at: now,
            body: Body::new(&json!({})),
            plan: Vec::new(),
            category: Some(category.to_owned()),
            lives_seconds,
            charge: None,
            waits: None,
        };
        assert_eq!(lives(&sent("AUTHENTICATION", None)), Span::minutes(10));
        assert_eq!(lives(&sent("UTILITY", None)), Span::days(30));
        assert_eq!(lives(&sent("UTILITY", Some(30))), Span::seconds(30));
    }
}
