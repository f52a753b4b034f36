//! What Meta accepted against what we say of everybody: nobody twice, nobody lost, and whoever is unconfirmed or refused
//! is exactly who was never accepted. `cargo xtask bench kill` judges by it too.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::meta::text;

/// How the simulated Meta refuses a person for good here.
const REFUSED: &str = "META_131026";

/// What was found. Whatever a campaign went through, all lists are empty at its end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Numbers that Meta accepted more than once.
    pub(crate) twice: Vec<String>,
    /// Accepted, and we have no line of them, or one that says otherwise.
    pub(crate) lost: Vec<String>,
    /// We say that they were accepted, and they were not.
    pub(crate) invented: Vec<String>,
    /// In a state that is no end.
    pub(crate) open: Vec<String>,
    /// Failed for another reason than Meta's refusal.
    pub(crate) failed_otherwise: Vec<String>,
    /// How many of the campaign have no line at all, or one too many.
    pub(crate) missing: usize,
}

/// Judges a campaign to so many people.
pub(crate) fn judge(accepted: &[Value], recipients: &[Value], people: usize) -> Verdict {
    let mut verdict = Verdict { missing: recipients.len().abs_diff(people), ..Verdict::default() };
    let mut truth: BTreeMap<&str, usize> = BTreeMap::new();
    for send in accepted {
        *truth.entry(text(send, "/to")).or_default() += 1;
    }
    let twice = truth.iter().filter(|(_, times)| **times > 1);
    verdict.twice = twice.map(|(phone, _)| (*phone).to_owned()).collect();
    let mut ours = BTreeSet::new();
    for recipient in recipients {
        let phone = text(recipient, "/contact/phone");
        match text(recipient, "/state") {
            "accepted" | "sent" | "delivered" | "read" => drop(ours.insert(phone)),
            "failed" if text(recipient, "/error/code") != REFUSED => {
                verdict.failed_otherwise.push(phone.to_owned());
            }
            "unconfirmed" | "failed" => {}
            other => verdict.open.push(format!("{phone} is {other}")),
        }
    }
    let theirs: BTreeSet<_> = truth.keys().copied().collect();
    let only = |a: &BTreeSet<&str>, b: &BTreeSet<&str>| {
        a.difference(b).map(|phone| (*phone).to_owned()).collect::<Vec<_>>()
    };
    (verdict.lost, verdict.invented) = (only(&theirs, &ours), only(&ours, &theirs));
    verdict
}
