//! How the world changes by facts that are rarer than messages.

use serde_json::json;
use whatsapp_core::{Span, Timestamp};

use super::compact::Gone;
use super::fact::{Fact, Planned};
use super::group_sends::partner;
use super::world::{Sent, World};

impl World {
    pub(super) fn apply_rarer(&mut self, fact: Fact) {
        match fact {
            Fact::Untold { items, at } => {
                let lost = self.hooks.failed(&self.faults.webhooks, &items, at);
                if lost > 0 {
                    let at = at.to_rfc3339();
                    self.note(json!({"at": at, "what": "webhook given up", "items": lost}));
                }
            }
            Fact::Rolled { met, used } => self.rolls.count(&met, used),
            Fact::Called { waba, at } => self.meter.called(&waba, at),
            Fact::Person { who, change, at } => self.apply_person(&who, *change, at),
            Fact::Moved { from, to, at } => self.apply_moved(&from, &to, at),
            Fact::Renewed { who, user_id, at } => self.apply_renewed(&who, user_id, at),
            Fact::Line { number, change, at } => self.apply_line(&number, *change, at),
            Fact::Tier { tier, at } => self.apply_tier(tier, at),
            Fact::Judged { template, what, at } => self.apply_judged(&template, what, at),
            Fact::Done { deed, at } => self.apply_deed(*deed, at),
            Fact::Announced { waba, field, value, at } => {
                self.apply_announced(waba, &field, value, at);
            }
            Fact::Listens { url } => self.app_callback = url,
            Fact::Gone { gone } => self.apply_gone(*gone),
            Fact::Onboarded { number, shares_history, past, at } => {
                self.apply_onboarded(&number, shares_history, *past, at);
            }
            Fact::Synced { number, of_history, media, at } => {
                self.apply_synced(&number, of_history, &media, at);
            }
            Fact::Echoed { wamid, number, to, message, at } => {
                self.apply_echoed(&wamid, &number, &to, &message, at);
            }
            Fact::Kept { number, who, name, at } => {
                self.apply_kept(&number, &who, name.as_deref(), at);
            }
            Fact::Left { number, event, reason, by, at } => {
                self.apply_left(&number, &event, &reason, &by, at);
            }
            Fact::Template { waba, id, change, at } => {
                self.apply_template(&waba, &id, *change, at);
            }
            other => self.apply_shelf(other),
        }
    }
    /// What a shortened log no longer tells one by one.
    pub(super) fn apply_gone(&mut self, gone: Gone) {
        // This line itself was counted as one.
        self.facts = (self.facts + gone.facts).saturating_sub(1);
        self.hooks.next += gone.items;
        self.rolls.skip(gone.rolls);
        self.sends_gone += gone.sends;
        for (who, met) in gone.people {
            self.names.extend(met.name.map(|name| (who.clone(), name)));
            self.meet(&who);
            for number in met.by {
                self.known(&who, &number);
            }
        }
    }
    /// Whoever opens a conversation reads what was delivered and not read yet.
    pub(super) fn apply_opened(&mut self, number: &str, who: &str, at: Timestamp) {
        let mut told = Vec::new();
        let theirs = |sent: &&mut Sent| sent.number == number && sent.to == who;
        for sent in self.sent.iter_mut().filter(theirs) {
            // What is older than Meta keeps messages is not read any more.
            if at - sent.at > Span::days(30) || sent.status(at) != "delivered" {
                continue;
            }
            sent.plan.retain(|planned| planned.status != "read");
            let read = Planned::new("read", at);
            sent.plan.push(read.clone());
            told.push((sent.clone(), read));
        }
        for (sent, read) in told {
            self.tell_status(&sent, &read);
        }
    }
    pub(super) fn apply_seen(&mut self, wamid: &str, typing: bool, at: Timestamp) {
        let Some(seen) = self.wrote.iter().rev().find(|wrote| wrote.wamid == wamid) else { return };
        let (number, until) = (seen.number.clone(), seen.at);
        let from = partner(&seen.message, &seen.from).to_owned();
        for wrote in &mut self.wrote {
            let same = partner(&wrote.message, &wrote.from) == from;
            if wrote.number == number && same && wrote.at <= until {
                wrote.seen = true;
            }
        }
        if typing {
            self.typing.insert((number, from), at + Span::seconds(25));
        }
    }
}
