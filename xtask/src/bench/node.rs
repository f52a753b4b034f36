//! How far one node goes: the figures of `docs/operating/scaling.md`, out of the same stored results as those of
//! `docs/performance.md`.

use super::figure::short;
use super::page::{RESULTS, replaced};
use crate::fail::{During, Outcome};
use crate::paths;
use serde_json::Value;
use std::fs;

const PAGE: &str = "docs/operating/scaling.md";
const MARK: &str = "one node";
/// A scenario, its figure, and what it says to somebody who plans.
const FIGURES: [(&str, &str, &str); 9] = [
    ("ingest", "taken durably a second, p99 under 50 ms", "webhook calls kept before their answer"),
    ("ingest", "applied a second, from what waited", "webhook calls applied, from what waited"),
    (
        "send",
        "one number: share of its 1,000 messages a second",
        "one number of 1,000 messages a second: its share",
    ),
    ("send", "ten numbers: together", "ten such numbers together"),
    (
        "duplex",
        "3 x 1,000 messages/s: share of the quota",
        "three such numbers with all their statuses: their share",
    ),
    (
        "lanes",
        "an answer reaches Meta, p95, while a campaign is sent",
        "an agent's answer beside a campaign, p95",
    ),
    ("fanout", "call to event, p99", "from a webhook call to the event at 1,000 consoles, p99"),
    ("memory", "peak with 1000000 people", "memory while a million people are sent to"),
    ("inbox", "first page, p99", "first page of an inbox of a million people, p99"),
];

/// Writes the table anew.
///
/// # Errors
/// When the page or a result cannot be read, or the page has no place for it.
pub(super) fn write() -> Outcome {
    let text = rendered(&paths::read(PAGE)?)?;
    fs::write(paths::root().join(PAGE), text).during(PAGE)
}

fn rendered(page: &str) -> Outcome<String> {
    let mut table = String::from("| one node | SQLite | PostgreSQL |\n| --- | ---: | ---: |");
    for (scenario, figure, says) in FIGURES {
        let lite = value(scenario, "sqlite", figure)?;
        let pg = value(scenario, "postgres", figure)?;
        table.push_str(&format!("\n| {says} | {lite} | {pg} |"));
    }
    replaced(page, MARK, &table)
}

/// The figure as it was measured; one of a short run says so.
fn value(scenario: &str, engine: &str, figure: &str) -> Outcome<String> {
    let name = format!("{RESULTS}/{scenario}.{engine}.json");
    if !paths::root().join(&name).is_file() {
        return Ok("–".into());
    }
    let result: Value = serde_json::from_str(&paths::read(&name)?).during(&name)?;
    let rows = result.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
    let row = rows.iter().find(|row| row.get("figure").and_then(Value::as_str) == Some(figure));
    let measured = row.and_then(|row| {
        let unit = row.get("unit").and_then(Value::as_str)?;
        Some(format!("{} {unit}", short(row.get("value").and_then(Value::as_f64)?)))
    });
    let quick = result.get("quick").and_then(Value::as_bool) == Some(true);
    Ok(match measured {
        Some(text) if quick => format!("{text} (short run)"),
        Some(text) => text,
        None => "–".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::{PAGE, rendered};
    use crate::paths;

    #[test]
    fn the_guide_says_what_the_stored_results_say() {
        let page = paths::read(PAGE).unwrap();
        let message = "docs/operating/scaling.md was edited by hand: run cargo xtask bench page";
        assert!(rendered(&page).unwrap() == page, "{message}");
    }
}
