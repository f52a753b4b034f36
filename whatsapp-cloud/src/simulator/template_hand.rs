//! What somebody decides about a template by hand, in place of Meta: its state, its quality, its category.

use serde::Deserialize;
use serde_json::Value;
use whatsapp_core::{Span, Timestamp};

use super::fact::Fact;
use super::shelf::TemplateChange;
use super::world::World;

/// What is to become of it; also the body of `POST /_sim/templates/{id}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Decision {
    /// Meta's word of the event: `APPROVED`, `REJECTED`, `PAUSED`, `DISABLED`, `REINSTATED` …
    pub(super) status: Option<String>,
    /// Why, in Meta's word.
    pub(super) reason: String,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`. Red pauses an approved one.
    pub(super) quality: Option<String>,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION` …
    pub(super) category: Option<String>,
    /// … after so many seconds, which is told beforehand; at once if absent.
    pub(super) in_seconds: Option<i64>,
}

const STATES: [&str; 15] = [
    "APPROVED",
    "PENDING",
    "REJECTED",
    "PAUSED",
    "DISABLED",
    "FLAGGED",
    "REINSTATED",
    "IN_APPEAL",
    "LOCKED",
    "LIMIT_EXCEEDED",
    "PENDING_DELETION",
    "DELETED",
    "ARCHIVED",
    "UNARCHIVED",
    "UNPAUSED",
];
const QUALITIES: [&str; 4] = ["GREEN", "YELLOW", "RED", "UNKNOWN"];
const CATEGORIES: [&str; 3] = ["MARKETING", "UTILITY", "AUTHENTICATION"];

fn one_of(word: &str, words: &[&str], key: &str) -> Result<String, String> {
    let word = word.to_ascii_uppercase();
    if words.contains(&word.as_str()) {
        return Ok(word);
    }
    Err(format!("{key}: one of {}", words.join(", ")))
}

impl World {
    /// Decides about a template.
    pub(super) fn decide(
        &mut self,
        now: Timestamp,
        id: &str,
        decision: &Decision,
    ) -> Result<(), String> {
        let (waba, _) = self.template(id).ok_or("there is no such template")?;
        let waba = waba.to_owned();
        let mut changes = Vec::new();
        if let Some(score) = &decision.quality {
            let score = one_of(score, &QUALITIES, "quality")?;
            changes.push(TemplateChange::Judged { score });
        }
        if let Some(category) = &decision.category {
            let to = one_of(category, &CATEGORIES, "category")?;
            let from = decision.in_seconds.map(|seconds| now + Span::seconds(seconds.max(0)));
            changes.push(TemplateChange::Category { to, from });
        }
        let status = match &decision.status {
            Some(status) => Some(one_of(status, &STATES, "status")?),
            None if changes.is_empty() => return Err("say status, quality or category".to_owned()),
            None => None,
        };
        for change in changes {
            let (waba, id, change) = (waba.clone(), id.to_owned(), Box::new(change));
            self.happen(Fact::Template { waba, id, change, at: now });
        }
        let Some(status) = status else { return Ok(()) };
        let status = if status == "UNPAUSED" { "REINSTATED".to_owned() } else { status };
        let none = decision.reason.is_empty();
        let reason = if none { "NONE".to_owned() } else { decision.reason.clone() };
        self.happen(Fact::Reviewed { waba, id: id.to_owned(), status, reason, at: now });
        Ok(())
    }
    /// Meta looks at a template again.
    pub(super) fn review(
        &mut self,
        now: Timestamp,
        id: &str,
        status: &str,
        reason: &str,
    ) -> Result<(), String> {
        let (status, reason) = (Some(status.to_owned()), reason.to_owned());
        self.decide(now, id, &Decision { status, reason, ..Decision::default() })
    }
    /// As [`World::decide`], in its words.
    pub(super) fn decide_in_words(
        &mut self,
        now: Timestamp,
        id: &str,
        decision: Value,
    ) -> Result<(), String> {
        let decision = serde_json::from_value(decision).map_err(|error| error.to_string())?;
        self.decide(now, id, &decision)
    }
}
