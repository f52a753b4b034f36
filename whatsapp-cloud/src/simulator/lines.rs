//! What the world knows of each business number beyond its name: throughput, registration, whom it may and may
//! not write to, where its webhooks go.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use whatsapp_core::Timestamp;

use super::chance::Chance;
use super::coexist::Coexistence;
use super::fact::Fact;
use super::hooks::{Item, Slot};
use super::tuning::MessagingLimit;
use super::world::World;

/// How fast a number may send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Throughput {
    #[default]
    Standard,
    High,
    /// It is also on the Business app.
    Coexistence,
}

/// Meta's judgement of a number. It is told to whoever asks; no webhook tells it any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Rating {
    #[default]
    Green,
    Yellow,
    Red,
    Unknown,
}

/// A change of a number: what is absent stays. Also the body of `POST /_sim/numbers/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LineChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) registered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) throughput: Option<Throughput>,
    /// Only to these people, as a test number; for everybody again if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) block: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unblock: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quality: Option<Rating>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identity_check: Option<bool>,
    /// Where its webhooks go; to the account's address again if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) callback: Option<String>,
}

/// A business number.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) unregistered: bool,
    pub(super) throughput: Throughput,
    /// Until when it cannot be used, because it is being made faster.
    pub(super) upgrades_until: Option<Timestamp>,
    pub(super) allowed: BTreeSet<String>,
    pub(super) blocked: BTreeSet<String>,
    pub(super) quality: Rating,
    pub(super) identity_check: bool,
    pub(super) callback: Option<String>,
    pub(super) coexistence: Option<Coexistence>,
}

/// The business numbers by id; whoever is not in is as a number is at first.
pub(super) type Lines = BTreeMap<String, Line>;

/// How a number is at first.
static FIRST: Line = Line {
    unregistered: false,
    throughput: Throughput::Standard,
    upgrades_until: None,
    allowed: BTreeSet::new(),
    blocked: BTreeSet::new(),
    quality: Rating::Green,
    identity_check: false,
    callback: None,
    coexistence: None,
};

impl World {
    /// What holds for a number.
    pub(super) fn line(&self, number: &str) -> &Line {
        self.lines.get(number).unwrap_or(&FIRST)
    }
    /// Messages that a number may send in any second.
    pub(super) fn per_second(&self, number: &str) -> u32 {
        let limits = &self.faults.limits;
        match self.line(number).throughput {
            Throughput::Standard => limits.per_second,
            Throughput::High => limits.per_second_high.max(limits.per_second),
            Throughput::Coexistence => limits.per_second_coexistence,
        }
    }
    /// Why a number may not send to somebody now, as Meta's code.
    pub(super) fn line_refuses(&self, number: &str, who: &str, now: Timestamp) -> Option<i64> {
        let line = self.line(number);
        if line.unregistered {
            return Some(133_010);
        }
        if line.upgrades_until.is_some_and(|until| now < until) {
            return Some(131_057);
        }
        if !line.allowed.is_empty() && !line.allowed.contains(who) {
            return Some(131_030);
        }
        line.blocked.contains(who).then_some(130_403)
    }
    /// Something about a number is different from now on.
    pub(super) fn change_line(
        &mut self,
        now: Timestamp,
        number: &str,
        mut change: LineChange,
    ) -> Result<(), String> {
        let number = self.own_number(Some(number))?;
        for people in [&mut change.allow, &mut change.block, &mut change.unblock] {
            let named = people.take().map(|all| all.iter().map(|who| Self::person(who)).collect());
            *people = named.transpose()?;
        }
        self.happen(Fact::Line { number, change: Box::new(change), at: now });
        Ok(())
    }
    pub(super) fn apply_line(&mut self, number: &str, change: LineChange, at: Timestamp) {
        let faster = change.throughput == Some(Throughput::High)
            && self.line(number).throughput != Throughput::High;
        let line = self.lines.entry(number.to_owned()).or_default();
        if let Some(registered) = change.registered {
            line.unregistered = !registered;
        }
        line.throughput = change.throughput.unwrap_or(line.throughput);
        line.allowed = change.allow.unwrap_or_else(|| std::mem::take(&mut line.allowed));
        line.blocked.extend(change.block.unwrap_or_default());
        for who in change.unblock.unwrap_or_default() {
            line.blocked.remove(&who);
        }
        line.quality = change.quality.unwrap_or(line.quality);
        line.identity_check = change.identity_check.unwrap_or(line.identity_check);
        if let Some(callback) = change.callback {
            line.callback = Some(callback).filter(|url| !url.is_empty());
        }
        if faster {
            self.upgrade(number, at);
        }
    }
    /// The number is made faster, which takes up to a minute; then it is told.
    fn upgrade(&mut self, number: &str, at: Timestamp) {
        let until =
            at + Chance::named(self.seed, &format!("upgrade {number}")).span([10_000, 60_000]);
        self.lines.entry(number.to_owned()).or_default().upgrades_until = Some(until);
        let display = self.number(number).map(|n| n.phone.trim_start_matches('+').to_owned());
        let value = json!({
            "display_phone_number": display, "event": "THROUGHPUT_UPGRADE",
            "max_daily_conversations_per_business": self.tier.as_str(),
        });
        self.tell_account(number, until, "phone_number_quality_update", value);
    }
    /// Another limit for all numbers of the portfolio; all its accounts are told.
    pub(super) fn apply_tier(&mut self, tier: MessagingLimit, at: Timestamp) {
        if tier == self.tier {
            return;
        }
        self.tier = tier;
        let value = json!({
            "max_daily_conversations_per_business": tier.as_str(),
            "max_phone_numbers_per_business": if tier == MessagingLimit::Tier250 { 2 } else { 20 },
        });
        let numbers: Vec<String> = self
            .wabas
            .iter()
            .filter_map(|waba| waba.numbers.first())
            .map(|number| number.id.clone())
            .collect();
        for number in numbers {
            self.tell_account(&number, at, "business_capability_update", value.clone());
        }
    }
    /// Tells something of the account's own fields, which always goes to the app's address.
    pub(super) fn tell_account(
        &mut self,
        number: &str,
        at: Timestamp,
        field: &'static str,
        value: serde_json::Value,
    ) {
        let waba = self.waba_of(number).map(|waba| waba.id.clone()).unwrap_or_default();
        self.push(Item::new(waba, None, at, Slot::Account(field, at), None, value));
    }
}
