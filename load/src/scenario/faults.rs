//! `faults`: a campaign to a Graph server that fails in each way that matters: a bare 500, a bare 503, a connection
//! reset before the message was taken, and one reset after it. Nobody twice, and everybody accounted for.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::Asked;
use crate::Outcome;
use crate::node::Node;
use crate::report::{Report, Row, at_least, at_most};
use crate::stage::Stage;
use crate::wire;

/// How long a message of unknown fate waits for its status.
const HOLD: &str = "12s";

/// What the proof report says, against what was accepted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) people: usize,
    pub(super) accepted: usize,
    pub(super) twice: usize,
    /// Accepted, yet we say otherwise; or the other way round.
    pub(super) wrong: usize,
    /// In no final state.
    pub(super) open: usize,
    pub(super) unconfirmed: usize,
    pub(super) failed: usize,
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("faults");
    let people = asked.choose(3_000, 30_000);
    let mut stage = Stage::set(asked.engine, 1).await?;
    stage.hold = HOLD.into();
    stage.people(people).await?;
    stage.graph.order("quota", &json!(1_000)).await?;
    let weather = json!({"p50_ms": 60.0, "p99_ms": 400.0, "status_500": 0.02, "status_503": 0.01, "reset": 0.01, "accept_then_reset": 0.01});
    stage.graph.order("weather", &weather).await?;
    let node = Node::start(&stage).await?;
    stage.statuses_to(&node.address).await?;
    let one = stage.numbers.first().ok_or("a stage has a number")?;
    let campaign = node.campaign(&one.template, &one.group).await?;
    let patience = Duration::from_secs(people / 100 + 120);
    node.completed(&campaign, patience).await?;
    let csv = proof(&node, &campaign).await?;
    let count = judged(&csv, &stage.graph.accepted().await?)?;
    let none = |what: &str, value: usize| {
        Row::new(what, value as f64, "people").goal("G8", at_most(0.0), at_most(0.0))
    };
    let whole = Row::new("people with a line in the proof report", count.people as f64, "people");
    report.row(whole.goal("G8", at_least(people as f64), at_least(people as f64)));
    report.row(none("sent twice", count.twice));
    report.row(none("whose line is not what Meta knows", count.wrong));
    report.row(none("without an end", count.open));
    report.row(Row::new("accepted", count.accepted as f64, "people"));
    report.row(Row::new("unconfirmed, none of them accepted", count.unconfirmed as f64, "people"));
    report.row(Row::new("refused for good", count.failed as f64, "people"));
    report.note(format!("2 % of the calls are answered with a bare 500, 1 % with a bare 503, 1 % are reset, 1 % are accepted and then reset. A message of unknown fate waits {HOLD} for a status; every accepted one comes back as sent, delivered and read."));
    Ok(report)
}

/// The proof report of a campaign.
pub(super) async fn proof(node: &Node, campaign: &str) -> Outcome<String> {
    let path = format!("/api/v1/campaigns/{campaign}/report");
    let reply = wire::once(&node.address, "GET", &path, &node.program(), b"").await?;
    if reply.status != 200 {
        return Err(format!("the proof report: {}", reply.status).into());
    }
    Ok(String::from_utf8(reply.body)?)
}

/// Holds the proof report against what was accepted: an object of numbers with how often.
pub(super) fn judged(csv: &str, accepted: &Value) -> Outcome<Count> {
    let truth: HashMap<&str, u64> = accepted
        .as_object()
        .into_iter()
        .flatten()
        .map(|(to, times)| (to.trim_start_matches('+'), times.as_u64().unwrap_or_default()))
        .collect();
    let mut lines = csv.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| {
        let at = head.iter().position(|word| word.trim_matches('"') == name);
        at.ok_or_else(|| format!("the proof report has no column {name}"))
    };
    let (address, state) = (column("address")?, column("state")?);
    let mut count = Count { accepted: truth.len(), ..Count::default() };
    count.twice = truth.values().filter(|times| **times > 1).count();
    let mut seen = HashSet::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default().trim_matches('"');
        let to = cell(address).trim_start_matches(['\'', '+']);
        seen.insert(to.to_owned());
        count.people += 1;
        let went_out = match cell(state) {
            "accepted" | "sent" | "delivered" | "read" => true,
            "unconfirmed" => {
                count.unconfirmed += 1;
                false
            }
            "failed" => {
                count.failed += 1;
                false
            }
            _ => {
                count.open += 1;
                continue;
            }
        };
        count.wrong += usize::from(went_out != truth.contains_key(to));
    }
    count.wrong += truth.keys().filter(|to| !seen.contains(**to)).count();
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::{Count, judged};
    use serde_json::json;

    #[test]
    fn a_report_is_held_against_what_was_accepted() {
        let csv =
            "n,address,state\n1,+1,read\n2,+2,unconfirmed\n3,+3,queued\n4,+4,failed\n5,+5,sent\n";
        let count = judged(csv, &json!({"+1": 2, "+2": 1, "+9": 1})).unwrap();
        let expected = Count {
            people: 5,
            accepted: 3,
            twice: 1,
            // +2 was accepted, +5 was not, +9 has no line.
            wrong: 3,
            open: 1,
            unconfirmed: 1,
            failed: 1,
        };
        assert_eq!(count, expected);
    }
}
