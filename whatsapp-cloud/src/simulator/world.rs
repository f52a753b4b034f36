//! The pure state machine: facts go in, state and webhook items come out. Never reads a clock, never waits,
//! never touches a file or a socket; the same seed and the same calls give the same world.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use serde_json::Value;
use whatsapp_core::{Secret, Span, Timestamp};

use super::body::Body;
use super::chance::Chance;
use super::coexist::Echoed;
use super::error::GraphError;
use super::fact::{Fact, File, Planned, Terms};
use super::fate::{Fates, Waits};
use super::faults::{Faults, Rolls};
use super::group_sends::{is_group, partner};
use super::hooks::{Hooks, Item, Slot};
use super::items;
use super::limits::Meter;
use super::lines::Lines;
use super::office::Office;
use super::persons::People;
use super::pricing::Charge;
use super::seed::{self, App, Number, Waba};
use super::shelf::Shelf;
use super::tuning::MessagingLimit;
use crate::webhook::hmac_hex;

/// A message of a business that Meta accepted.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) wamid: String,
    pub(super) number: String,
    pub(super) to: String,
    pub(super) at: Timestamp,
    pub(super) body: Body,
    pub(super) plan: Vec<Planned>,
    /// Its template's category, in capitals.
    pub(super) category: Option<String>,
    pub(super) lives_seconds: Option<i64>,
    pub(super) charge: Option<Charge>,
    pub(super) waits: Option<Waits>,
}

impl Sent {
    /// The last status that is due by `now`.
    pub(super) fn status(&self, now: Timestamp) -> &str {
        let due = self.plan.iter().filter(|planned| planned.at <= now);
        due.max_by_key(|planned| planned.at).map_or("accepted", |planned| planned.status.as_str())
    }
}

/// A message of a customer.
#[derive(Clone, Debug)]
pub(super) struct Wrote {
    pub(super) wamid: String,
    pub(super) number: String,
    pub(super) from: String,
    pub(super) at: Timestamp,
    pub(super) message: Value,
    pub(super) seen: bool,
}

/// All there is.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) app: App,
    pub(super) wabas: Vec<Waba>,
    pub(super) faults: Faults,
    pub(super) sent: Vec<Sent>,
    pub(super) wrote: Vec<Wrote>,
    /// What owners wrote on the Business app.
    pub(super) echoes: Vec<Echoed>,
    /// Customer → the name of their profile.
    pub(super) names: HashMap<String, String>,
    /// (number, customer) → when the customer last wrote.
    pub(super) windows: HashMap<(String, String), Timestamp>,
    /// (number, customer) who want no marketing.
    pub(super) stopped: BTreeSet<(String, String)>,
    pub(super) typing: HashMap<(String, String), Timestamp>,
    pub(super) files: BTreeMap<String, File>,
    pub(super) bytes: HashMap<String, Bytes>,
    /// Account → its own callback address, if it has one.
    pub(super) callbacks: BTreeMap<String, Option<String>>,
    pub(super) hooks: Hooks,
    pub(super) meter: Meter,
    /// The app's own callback address, for accounts without one.
    pub(super) app_callback: Option<String>,
    pub(super) people: People,
    pub(super) office: Office,
    pub(super) lines: Lines,
    pub(super) fates: Fates,
    /// Templates' lives, and their samples.
    pub(super) shelf: Shelf,
    pub(super) rolls: Rolls,
    /// How many accepted messages are too old to be known one by one.
    pub(super) sends_gone: u64,
    /// Of how many people the portfolio's numbers may write to.
    pub(super) tier: MessagingLimit,
    /// How far the clock is ahead of the system's.
    pub(super) ahead: Span,
    /// What was refused, and other things worth telling; the newest last.
    pub(super) log: Vec<Value>,
    /// How many answers were given, for their trace ids. Not part of what happened.
    pub(super) answers: u64,
    pub(super) facts: u64,
    fresh: Vec<Fact>,
}

impl World {
    /// The world of a seed at its beginning.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            app: seed::app(seed),
            wabas: seed::wabas(seed),
            faults: Faults::default(),
            sent: Vec::new(),
            wrote: Vec::new(),
            echoes: Vec::new(),
            names: HashMap::new(),
            windows: HashMap::new(),
            stopped: BTreeSet::new(),
            typing: HashMap::new(),
            files: BTreeMap::new(),
            bytes: HashMap::new(),
            callbacks: BTreeMap::new(),
            hooks: Hooks::default(),
            meter: Meter::default(),
            app_callback: None,
            people: People::default(),
            office: Office::default(),
            lines: Lines::default(),
            fates: Fates::default(),
            shelf: Shelf::default(),
            rolls: Rolls::default(),
            sends_gone: 0,
            tier: MessagingLimit::default(),
            ahead: Span::ZERO,
            log: Vec::new(),
            answers: 0,
            facts: 0,
            fresh: Vec::new(),
        }
    }
    /// Chance for the next fact: the same after a restart.
    pub(super) const fn chance(&self) -> Chance {
        Chance::at(self.seed, self.facts)
    }
    /// Something happens now: it changes the world and waits to be written to the log.
    pub(super) fn happen(&mut self, fact: Fact) {
        self.fresh.push(fact.clone());
        self.apply(fact);
    }
    /// The facts since the last call, to be written before anybody is answered.
    pub(super) fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.fresh)
    }
    /// Changes the world; also how a log is read back.
    pub(super) fn apply(&mut self, fact: Fact) {
        self.facts += 1;
        match fact {
            Fact::Sent { wamid, number, to, at, body, plan, terms } => {
                let base = Sent {
                    wamid,
                    number,
                    to,
                    at,
                    body,
                    plan,
                    category: None,
                    lives_seconds: None,
                    charge: None,
                    waits: None,
                };
                self.apply_sent(base, terms.map(|terms| *terms));
            }
            Fact::Wrote { wamid, number, from, name, at, message } => {
                self.apply_wrote(Wrote { wamid, number, from, at, message, seen: false }, name);
            }
            Fact::Opened { number, who, at } => self.apply_opened(&number, &who, at),
            Fact::Wished { number, who, stop, at } => self.apply_wish(number, who, stop, at),
            Fact::Seen { wamid, typing, at } => self.apply_seen(&wamid, typing, at),
            Fact::Uploaded(file) => drop(self.files.insert(file.id.clone(), file)),
            Fact::Deleted { id } => {
                self.files.remove(&id);
                self.bytes.remove(&id);
            }
            Fact::Subscribed { waba, url } => drop(self.callbacks.insert(waba, url)),
            Fact::Unsubscribed { waba } => drop(self.callbacks.remove(&waba)),
            Fact::Reviewed { id, status, reason, at, .. } => {
                self.apply_reviewed(&id, &status, &reason, at);
            }
            Fact::Planned { faults } => {
                self.faults = *faults;
                self.rolls.start();
            }
            Fact::Clock { ahead } => self.ahead = Span::micros(ahead),
            Fact::Told { items } => self.hooks.told(&items),
            other => self.apply_rarer(other),
        }
    }
    fn apply_wrote(&mut self, wrote: Wrote, name: Option<String>) {
        // What a blocked person writes stays on their phone.
        if self.is_blocked(&wrote.number, &wrote.from) {
            self.wrote.push(wrote);
            return;
        }
        let Wrote { number, from, at, .. } = &wrote;
        self.names.extend(name.map(|name| (from.clone(), name)));
        self.open_window(number, partner(&wrote.message, from), *at);
        if wrote.message.get("referral").is_some() {
            self.fates.came(number, from, *at);
        }
        self.meet(&wrote.from);
        self.known(&wrote.from, &wrote.number);
        if !self.hooks.pass(self.seed, &self.faults.webhooks, false) {
            let item = items::message(self, &wrote);
            self.tell(&wrote.number, wrote.at, Slot::Messages, Some(&wrote.from), item);
        }
        self.wrote.push(wrote);
    }
    fn apply_wish(&mut self, number: String, who: String, stop: bool, at: Timestamp) {
        let item = items::wish(self, &who, stop, at);
        self.tell(&number, at, Slot::Preferences, Some(&who), item);
        if stop {
            self.stopped.insert((number, who));
        } else {
            self.stopped.remove(&(number, who));
        }
    }
    fn apply_sent(&mut self, mut sent: Sent, terms: Option<Terms>) {
        self.meter.count(&self.faults.limits, &sent.number, &sent.to, sent.at);
        self.typing.remove(&(sent.number.clone(), sent.to.clone()));
        if !is_group(&sent.to) {
            self.meet(&sent.to);
            self.known(&sent.to, &sent.number);
        }
        if let Some(terms) = terms {
            let failed = sent.plan.iter().any(|planned| planned.error.is_some());
            if terms.outside && terms.category.is_some() && !failed {
                let marketing = terms.category.as_deref() == Some("MARKETING");
                self.meter.reach(&sent.to, marketing, sent.at);
            }
            sent.category = terms.category;
            sent.lives_seconds = terms.lives_seconds;
            sent.charge = terms.charge;
            sent.waits = terms.waits;
            let phones = match sent.waits {
                Some(Waits::Phone) => self.phones_off(&sent.to),
                _ => Vec::new(),
            };
            self.fates.count(self.sent.len(), &sent, terms.template.as_deref(), phones);
        }
        for planned in &sent.plan {
            self.tell_status(&sent, planned);
        }
        self.sent.push(sent);
    }
    /// Tells something of a number, with the card of whom it is about.
    pub(super) fn tell(
        &mut self,
        number: &str,
        at: Timestamp,
        slot: Slot,
        who: Option<&str>,
        value: Value,
    ) {
        let waba = self.waba_of(number).map(|waba| waba.id.clone()).unwrap_or_default();
        let (number, who) = (Some(number.to_owned()), who.map(str::to_owned));
        self.push(Item::new(waba, number, at, slot, who, value));
    }
    pub(super) fn push(&mut self, item: Item) {
        self.hooks.push(self.seed, &self.faults.webhooks, item);
    }

    /// The account of a number.
    pub(super) fn waba_of(&self, number: &str) -> Option<&Waba> {
        self.wabas.iter().find(|waba| waba.numbers.iter().any(|n| n.id == number))
    }
    pub(super) fn waba(&self, id: &str) -> Option<&Waba> {
        self.wabas.iter().find(|waba| waba.id == id)
    }
    pub(super) fn number(&self, id: &str) -> Option<&Number> {
        self.wabas.iter().flat_map(|waba| &waba.numbers).find(|number| number.id == id)
    }
    /// This person wrote or called.
    pub(super) fn open_window(&mut self, number: &str, who: &str, at: Timestamp) {
        let last = self.windows.entry((number.to_owned(), who.to_owned())).or_insert(at);
        *last = (*last).max(at);
    }
    /// Whether free-form messages may go to this person.
    pub(super) fn window_is_open(&self, number: &str, who: &str, now: Timestamp) -> bool {
        let last = self.windows.get(&(number.to_owned(), who.to_owned())).copied();
        whatsapp_core::Window::after(last).is_open(now)
    }
    /// Whoever gives `appsecret_proof` must give the right one. A wrong token is told first.
    pub(super) fn check_proof(
        &self,
        token: &str,
        proof: &str,
        now: Timestamp,
    ) -> Result<(), GraphError> {
        self.check_token(token, now)?;
        let right = hmac_hex(&Secret::from(self.app.secret.as_str()), token.as_bytes());
        if right.as_deref() == Some(proof) { Ok(()) } else { Err(GraphError::bad_proof()) }
    }
    /// Takes over what another one noted, which is in no log.
    #[cfg(feature = "simulator")]
    pub(super) fn keep_notes(&mut self, other: &mut Self) {
        self.log = std::mem::take(&mut other.log);
        self.answers = other.answers;
    }
    /// Remembers something worth telling in `GET /_sim/log`.
    pub(super) fn note(&mut self, line: Value) {
        const KEPT: usize = 20_000;
        if self.log.len() >= KEPT {
            self.log.drain(..KEPT / 2);
        }
        self.log.push(line);
    }
}
