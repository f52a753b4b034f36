//! The pure state machine: facts go in, state and webhook items come out. Never reads a clock, never waits,
//! never touches a file or a socket; the same seed and the same calls give the same world.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use serde_json::Value;
use whatsapp_core::{Secret, Span, Timestamp};

use super::chance::Chance;
use super::error::GraphError;
use super::fact::{Fact, File, Planned};
use super::faults::Faults;
use super::hooks::{Hooks, Item, Slot};
use super::limits::Meter;
use super::seed::{self, App, Number, Waba};
use crate::webhook::hmac_hex;

/// A message of a business that Meta accepted.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) wamid: String,
    pub(super) number: String,
    pub(super) to: String,
    pub(super) at: Timestamp,
    pub(super) body: Value,
    pub(super) plan: Vec<Planned>,
}

impl Sent {
    /// The last status that is due by `now`.
    pub(super) fn status(&self, now: Timestamp) -> &str {
        let due = self.plan.iter().filter(|planned| planned.at <= now);
        due.max_by_key(|planned| planned.at).map_or("accepted", |planned| planned.status.as_str())
    }
    pub(super) fn kind(&self) -> &str {
        self.body.get("type").and_then(Value::as_str).unwrap_or("text")
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
    /// How far the clock is ahead of the system's.
    pub(super) ahead: Span,
    /// What was refused, and other things worth telling; the newest last.
    pub(super) log: Vec<Value>,
    pub(super) fault_chance: Chance,
    facts: u64,
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
            names: HashMap::new(),
            windows: HashMap::new(),
            stopped: BTreeSet::new(),
            typing: HashMap::new(),
            files: BTreeMap::new(),
            bytes: HashMap::new(),
            callbacks: BTreeMap::new(),
            hooks: Hooks::default(),
            meter: Meter::default(),
            ahead: Span::ZERO,
            log: Vec::new(),
            fault_chance: Chance::named(seed, "faults"),
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
            Fact::Sent { wamid, number, to, at, body, plan } => {
                self.apply_sent(Sent { wamid, number, to, at, body, plan });
            }
            Fact::Wrote { wamid, number, from, name, at, message } => {
                if let Some(name) = name {
                    self.names.insert(from.clone(), name);
                }
                let key = (number.clone(), from.clone());
                let last = self.windows.entry(key).or_insert(at);
                *last = (*last).max(at);
                let wrote = Wrote { wamid, number, from, at, message, seen: false };
                self.tell(
                    &wrote.number.clone(),
                    at,
                    Slot::Messages,
                    super::hooks::message(self, &wrote),
                );
                self.wrote.push(wrote);
            }
            Fact::Opened { number, who, at } => self.apply_opened(&number, &who, at),
            Fact::Wished { number, who, stop, at } => {
                let item = super::hooks::wish(&who, stop, at);
                let key = (number.clone(), who);
                if stop {
                    self.stopped.insert(key)
                } else {
                    self.stopped.remove(&key)
                };
                self.tell(&number, at, Slot::Preferences, item);
            }
            Fact::Seen { wamid, typing, at } => self.apply_seen(&wamid, typing, at),
            Fact::Uploaded(file) => drop(self.files.insert(file.id.clone(), file)),
            Fact::Deleted { id } => {
                self.files.remove(&id);
                self.bytes.remove(&id);
            }
            Fact::Subscribed { waba, url } => drop(self.callbacks.insert(waba, url)),
            Fact::Unsubscribed { waba } => drop(self.callbacks.remove(&waba)),
            Fact::Reviewed { waba, id, status, reason, at } => {
                self.apply_reviewed(&waba, &id, &status, &reason, at);
            }
            Fact::Planned { faults } => self.faults = *faults,
            Fact::Clock { ahead } => self.ahead = Span::micros(ahead),
            Fact::Told { items } => self.hooks.told(&items),
        }
    }

    fn apply_sent(&mut self, sent: Sent) {
        self.meter.count(&self.faults.limits, &sent.number, &sent.to, sent.at);
        self.typing.remove(&(sent.number.clone(), sent.to.clone()));
        for planned in &sent.plan {
            let item = super::hooks::status(&sent, planned);
            self.tell(&sent.number, planned.at, Slot::Statuses, item);
        }
        self.sent.push(sent);
    }
    /// Whoever opens a conversation reads what was delivered and not read yet.
    fn apply_opened(&mut self, number: &str, who: &str, at: Timestamp) {
        let mut told = Vec::new();
        for sent in self.sent.iter_mut().filter(|sent| sent.number == number && sent.to == who) {
            if sent.status(at) != "delivered" {
                continue;
            }
            sent.plan.retain(|planned| planned.status != "read");
            let read = Planned { status: "read".into(), at, error: None };
            told.push(super::hooks::status(sent, &read));
            sent.plan.push(read);
        }
        for item in told {
            self.tell(number, at, Slot::Statuses, item);
        }
    }
    fn apply_seen(&mut self, wamid: &str, typing: bool, at: Timestamp) {
        let Some(seen) = self.wrote.iter().rev().find(|wrote| wrote.wamid == wamid) else { return };
        let (number, from, until) = (seen.number.clone(), seen.from.clone(), seen.at);
        for wrote in &mut self.wrote {
            if wrote.number == number && wrote.from == from && wrote.at <= until {
                wrote.seen = true;
            }
        }
        if typing {
            self.typing.insert((number, from), at + Span::seconds(25));
        }
    }
    fn apply_reviewed(&mut self, waba: &str, id: &str, status: &str, reason: &str, at: Timestamp) {
        let account = self.wabas.iter_mut().find(|account| account.id == waba);
        let template = account
            .and_then(|a| a.templates.iter_mut().find(|t| t.get("id").is_some_and(|i| i == id)));
        let Some(map) = template.and_then(Value::as_object_mut) else { return };
        map.insert("status".into(), Value::from(status));
        map.insert("rejected_reason".into(), Value::from(reason));
        let value = super::hooks::review(map, status, reason);
        let waba = waba.to_owned();
        self.push(Item { waba, number: None, due: at, slot: Slot::Template(at), value, tries: 0 });
    }
    fn tell(&mut self, number: &str, at: Timestamp, slot: Slot, value: Value) {
        let waba = self.waba_of(number).map(|waba| waba.id.clone()).unwrap_or_default();
        let number = Some(number.to_owned());
        self.push(Item { waba, number, due: at, slot, value, tries: 0 });
    }
    fn push(&mut self, item: Item) {
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
    /// Whether free-form messages may go to this person.
    pub(super) fn window_is_open(&self, number: &str, who: &str, now: Timestamp) -> bool {
        let last = self.windows.get(&(number.to_owned(), who.to_owned())).copied();
        whatsapp_core::Window::after(last).is_open(now)
    }
    /// Every call needs the app's token.
    pub(super) fn check_token(&self, token: &str) -> Result<(), GraphError> {
        if token == self.app.token { Ok(()) } else { Err(GraphError::bad_token()) }
    }
    /// Whoever gives `appsecret_proof` must give the right one. A wrong token is told first.
    pub(super) fn check_proof(&self, token: &str, proof: &str) -> Result<(), GraphError> {
        self.check_token(token)?;
        let right = hmac_hex(&Secret::from(self.app.secret.as_str()), token.as_bytes());
        if right.as_deref() == Some(proof) { Ok(()) } else { Err(GraphError::bad_proof()) }
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
