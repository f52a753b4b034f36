//! The life of templates: what happened to each, and what is planned to happen to it. What is planned is told by
//! webhooks that wait already; a change takes them back. Never decides anything: facts do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::fact::Fact;
use super::hooks::{Item, Slot};
use super::template_items as told;
use super::uploads::Begun;
use super::world::World;

/// How long the name of a deleted template cannot be used.
pub(super) const NAME_LOCK: Span = Span::days(30);
/// How long a template is paused for the first and the second time.
const PAUSES: [Span; 2] = [Span::hours(3), Span::hours(6)];

/// What a look of Meta's comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Verdict {
    pub(super) at: Timestamp,
    /// `APPROVED` or `REJECTED`.
    pub(super) status: String,
    pub(super) reason: String,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) info: Option<Value>,
}

/// What happens to a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum TemplateChange {
    Created {
        /// In the form of Meta's list.
        template: Value,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<Verdict>,
    },
    Edited {
        /// The fields that are different.
        fields: Map<String, Value>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verdict: Option<Verdict>,
    },
    Deleted,
    /// How people react to it.
    Judged {
        score: String,
    },
    /// Another category: at once, or at a moment that is told beforehand.
    Category {
        to: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
    },
    /// A pause was lifted.
    Unpaused,
}

/// Why something is planned; a change takes back what it makes void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    State,
    Category,
}

/// What will be different at a moment.
#[derive(Debug)]
struct Coming {
    why: Why,
    at: Timestamp,
    fields: Map<String, Value>,
    /// The webhook items that tell it.
    items: Range<u64>,
}

/// What is known of a template beyond what Meta lists.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// When it was made; those of the beginning are older than anything.
    pub(super) born: Option<Timestamp>,
    /// When it was changed while it was approved.
    pub(super) edits: Vec<Timestamp>,
    pauses: usize,
    coming: Vec<Coming>,
}

/// All that is about templates and their samples.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) lives: BTreeMap<String, Life>,
    /// Account → when templates were created.
    pub(super) created: BTreeMap<String, Vec<Timestamp>>,
    /// (account, name) → until when the name of a deleted template is locked.
    pub(super) locked: BTreeMap<(String, String), Timestamp>,
    /// Accounts that count how their templates do.
    pub(super) insights: BTreeSet<String>,
    /// Group → its account and what Meta says of it.
    pub(super) groups: BTreeMap<String, (String, Value)>,
    pub(super) uploads: BTreeMap<String, Begun>,
}

fn fields<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

impl World {
    /// The account and the entry of a template.
    pub(super) fn template(&self, id: &str) -> Option<(&str, &Value)> {
        let has = |t: &&Value| t.get("id").is_some_and(|own| own == id);
        self.wabas
            .iter()
            .find_map(|waba| Some((waba.id.as_str(), waba.templates.iter().find(has)?)))
    }
    fn template_map(&mut self, id: &str) -> Option<&mut Map<String, Value>> {
        let all = self.wabas.iter_mut().flat_map(|waba| &mut waba.templates);
        all.filter_map(Value::as_object_mut).find(|t| t.get("id").is_some_and(|own| own == id))
    }
    fn word(&self, id: &str, key: &str) -> String {
        let word = self.template(id).and_then(|(_, t)| t.get(key)).and_then(Value::as_str);
        word.unwrap_or_default().to_owned()
    }
    /// Carries out what was planned for until now.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let due = |life: &Life| life.coming.iter().any(|coming| coming.at <= now);
        let ids = self.shelf.lives.iter().filter(|(_, life)| due(life));
        for id in ids.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            let Some(life) = self.shelf.lives.get_mut(&id) else { continue };
            let (mut done, rest): (Vec<_>, Vec<_>) =
                std::mem::take(&mut life.coming).into_iter().partition(|c| c.at <= now);
            life.coming = rest;
            done.sort_by_key(|coming| coming.at);
            if let Some(map) = self.template_map(&id) {
                map.extend(done.into_iter().flat_map(|coming| coming.fields));
            }
        }
    }
    /// Plans a change and has it told then.
    fn plan_for(
        &mut self,
        id: &str,
        why: Why,
        at: Timestamp,
        fields: Map<String, Value>,
        tells: Vec<(&'static str, Value)>,
    ) {
        let Some((waba, _)) = self.template(id) else { return };
        let (waba, first) = (waba.to_owned(), self.hooks.next);
        for (field, value) in tells {
            self.push(Item::new(waba.clone(), None, at, Slot::Account(field, at), None, value));
        }
        let items = first..self.hooks.next;
        let life = self.shelf.lives.entry(id.to_owned()).or_default();
        life.coming.push(Coming { why, at, fields, items });
    }
    /// Takes back what was planned and has become void.
    fn take_back(&mut self, id: &str, why: Why) {
        let Some(life) = self.shelf.lives.get_mut(id) else { return };
        let (void, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut life.coming).into_iter().partition(|coming| coming.why == why);
        life.coming = rest;
        let items: Vec<u64> = void.into_iter().flat_map(|coming| coming.items).collect();
        self.hooks.told(&items);
    }
    /// A state from a moment on, and its webhook.
    fn plan_state(
        &mut self,
        id: &str,
        at: Timestamp,
        event: &str,
        reason: &str,
        more: Map<String, Value>,
    ) {
        let Some((_, template)) = self.template(id) else { return };
        let value = told::state(template, event, reason, more);
        let state = fields([
            ("status", json!(told::stored(event))),
            ("rejected_reason", json!(if event == "REJECTED" { reason } else { "NONE" })),
        ]);
        self.plan_for(id, Why::State, at, state, vec![(told::STATE, value)]);
    }
    fn plan_verdict(&mut self, id: &str, verdict: &Verdict) {
        let info = verdict.info.clone().map(|info| ("rejection_info", info));
        let more = info.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        self.plan_state(id, verdict.at, &verdict.status, &verdict.reason, more);
    }

    /// What happens around templates.
    pub(super) fn apply_shelf(&mut self, fact: Fact) {
        match fact {
            Fact::Insights { waba, .. } => drop(self.shelf.insights.insert(waba)),
            Fact::TemplateGroup { waba, id, group: Some(group), .. } => {
                self.shelf.groups.insert(id, (waba, group));
            }
            Fact::TemplateGroup { id, group: None, .. } => drop(self.shelf.groups.remove(&id)),
            Fact::UploadBegun { id, sig, mime, length, .. } => {
                let begun = Begun { sig, mime, length, received: 0, handle: None };
                self.shelf.uploads.insert(id, begun);
            }
            Fact::UploadWent { id, received, handle, .. } => {
                if let Some(begun) = self.shelf.uploads.get_mut(&id) {
                    begun.received = received;
                    begun.handle = handle;
                }
            }
            // All others are handled where they come most often.
            _ => {}
        }
    }
    /// Somebody said by hand what becomes of a template.
    pub(super) fn apply_reviewed(&mut self, id: &str, event: &str, reason: &str, at: Timestamp) {
        self.settle(at);
        self.take_back(id, Why::State);
        let more = match event {
            "PAUSED" => told::info("RATE_LIMITING_PAUSE", "Your template has been paused."),
            "REINSTATED" => told::info("UNPAUSE", "Your template has been unpaused."),
            "DISABLED" => told::disabled(at),
            _ => Map::new(),
        };
        self.plan_state(id, at, event, reason, more);
        self.settle(at);
    }
    /// Something happened to a template.
    pub(super) fn apply_template(
        &mut self,
        waba: &str,
        id: &str,
        change: TemplateChange,
        at: Timestamp,
    ) {
        self.settle(at);
        match change {
            TemplateChange::Created { template, verdict } => {
                self.apply_created(waba, id, template, verdict.as_ref(), at);
            }
            TemplateChange::Edited { fields, verdict } => {
                self.apply_edited(id, fields, verdict.as_ref(), at);
            }
            TemplateChange::Deleted => self.apply_template_deleted(waba, id, at),
            TemplateChange::Judged { score } => self.apply_quality(id, &score, at),
            TemplateChange::Category { to, from } => self.apply_category(id, &to, from, at),
            TemplateChange::Unpaused => {
                self.take_back(id, Why::State);
                self.reinstate(id, at);
            }
        }
        self.settle(at);
    }
    fn apply_created(
        &mut self,
        waba: &str,
        id: &str,
        template: Value,
        verdict: Option<&Verdict>,
        at: Timestamp,
    ) {
        let approved = template.get("status").is_some_and(|status| status == "APPROVED");
        let Some(account) = self.wabas.iter_mut().find(|account| account.id == waba) else {
            return;
        };
        account.templates.push(template);
        self.shelf.lives.entry(id.to_owned()).or_default().born = Some(at);
        self.shelf.created.entry(waba.to_owned()).or_default().push(at);
        match verdict {
            Some(verdict) => self.plan_verdict(id, verdict),
            None if approved => self.plan_state(id, at, "APPROVED", "NONE", Map::new()),
            None => {}
        }
    }
    fn apply_edited(
        &mut self,
        id: &str,
        changed: Map<String, Value>,
        verdict: Option<&Verdict>,
        at: Timestamp,
    ) {
        let approved = self.word(id, "status") == "APPROVED";
        self.take_back(id, Why::State);
        let parts = changed.contains_key("components");
        if let Some(map) = self.template_map(id) {
            map.extend(changed);
            if parts {
                map.insert("status".into(), json!("PENDING"));
            }
        }
        let life = self.shelf.lives.entry(id.to_owned()).or_default();
        if approved {
            life.edits.push(at);
        }
        let Some(verdict) = verdict else { return };
        self.plan_verdict(id, verdict);
        if verdict.status == "APPROVED"
            && let Some((_, template)) = self.template(id)
        {
            let tells = vec![(told::COMPONENTS, told::components(template))];
            self.plan_for(id, Why::State, verdict.at, Map::new(), tells);
        }
    }
    fn apply_template_deleted(&mut self, waba: &str, id: &str, at: Timestamp) {
        self.take_back(id, Why::State);
        self.take_back(id, Why::Category);
        self.shelf.lives.remove(id);
        let Some((_, template)) = self.template(id) else { return };
        let status = template.get("status").and_then(Value::as_str).unwrap_or_default();
        let was_good = matches!(status, "APPROVED" | "PAUSED");
        let event = if was_good { "PENDING_DELETION" } else { "DELETED" };
        let value = told::state(template, event, "", Map::new());
        if was_good {
            let key = (waba.to_owned(), self.word(id, "name"));
            self.shelf.locked.insert(key, at + NAME_LOCK);
        }
        let slot = Slot::Account(told::STATE, at);
        self.push(Item::new(waba.to_owned(), None, at, slot, None, value));
        if let Some(account) = self.wabas.iter_mut().find(|account| account.id == waba) {
            account.templates.retain(|t| t.get("id").is_none_or(|own| own != id));
        }
    }
    fn apply_quality(&mut self, id: &str, score: &str, at: Timestamp) {
        let Some((waba, template)) = self.template(id) else { return };
        let before = template.pointer("/quality_score/score").and_then(Value::as_str);
        let (before, waba) = (before.unwrap_or("UNKNOWN").to_owned(), waba.to_owned());
        let value = told::quality(template, &before, score);
        if let Some(map) = self.template_map(id) {
            map.insert("quality_score".into(), json!({"score": score, "date": at.seconds()}));
        }
        if before != score {
            let slot = Slot::Account(told::QUALITY, at);
            self.push(Item::new(waba, None, at, slot, None, value));
        }
        if score == "RED" && self.word(id, "status") == "APPROVED" {
            self.pause(id, at);
        }
    }
    /// The first time for three hours, the second for six, the third for good.
    fn pause(&mut self, id: &str, at: Timestamp) {
        self.take_back(id, Why::State);
        let life = self.shelf.lives.entry(id.to_owned()).or_default();
        let turn = life.pauses;
        life.pauses += 1;
        let Some(span) = PAUSES.get(turn) else {
            self.plan_state(id, at, "DISABLED", "NONE", told::disabled(at));
            return;
        };
        let (title, hours) = if turn == 0 { ("FIRST_PAUSE", 3) } else { ("SECOND_PAUSE", 6) };
        let until = at + *span;
        let why = format!(
            "Your WhatsApp message template has been paused for {hours} hours until {} because it continued to have issues.",
            until.to_rfc3339()
        );
        self.plan_state(id, at, "PAUSED", "NONE", told::info(title, &why));
        self.reinstate(id, until);
    }
    fn reinstate(&mut self, id: &str, at: Timestamp) {
        let why = "Your WhatsApp message template has been unpaused.";
        self.plan_state(id, at, "REINSTATED", "NONE", told::info("UNPAUSE", why));
    }
    fn apply_category(&mut self, id: &str, to: &str, from: Option<Timestamp>, at: Timestamp) {
        self.take_back(id, Why::Category);
        let Some((_, template)) = self.template(id) else { return };
        let before = self.word(id, "category");
        if before == to {
            return;
        }
        let done = told::category_done(template, &before, to);
        if let Some(moment) = from.filter(|moment| *moment > at) {
            let coming = told::category_coming(template, &before, to, moment);
            let mark = fields([("correct_category", json!(to))]);
            self.plan_for(id, Why::Category, at, mark, vec![(told::CATEGORY, coming)]);
        }
        let changed = fields([
            ("category", json!(to)),
            ("previous_category", json!(before)),
            ("correct_category", json!("")),
        ]);
        let moment = from.unwrap_or(at).max(at);
        self.plan_for(id, Why::Category, moment, changed, vec![(told::CATEGORY, done)]);
    }
}
