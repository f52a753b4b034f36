//! One result of a load scenario: its figures as a table. What is reached and what is missed follows from the stored
//! numbers alone.

use crate::fail::Outcome;
use serde_json::Value;

/// A table with the machine it was measured on.
pub(super) fn section(result: &Value) -> Outcome<String> {
    let rows = result.get("rows").and_then(Value::as_array).ok_or("a result without rows")?;
    let engine = match text(result, "/engine") {
        "sqlite" => "SQLite",
        "postgres" => "PostgreSQL",
        other => other,
    };
    let mut lines = vec![
        format!("**{engine}**{}", if flag(result, "/quick") { " (short run)" } else { "" }),
        String::new(),
        "| figure | here | baseline | ratio | must | moonshot | verdict |".to_owned(),
        "| --- | ---: | ---: | ---: | --- | --- | --- |".to_owned(),
    ];
    lines.extend(rows.iter().map(row));
    lines.push(String::new());
    lines.push(machine(result));
    for note in result.get("notes").and_then(Value::as_array).into_iter().flatten() {
        lines.push(String::new());
        lines.push(note.as_str().unwrap_or_default().to_owned());
    }
    Ok(lines.join("\n"))
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn flag(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

fn number(value: &Value, pointer: &str) -> Option<f64> {
    value.pointer(pointer).and_then(Value::as_f64)
}

fn row(row: &Value) -> String {
    let unit = text(row, "/unit");
    let goal = match text(row, "/goal") {
        "" => String::new(),
        goal => format!("{goal}: "),
    };
    let base = number(row, "/base/value")
        .map(|value| format!("{} ({})", short(value), text(row, "/base/name")))
        .unwrap_or_default();
    let ratio = ratio(row).map(|ratio| format!("x {}", short(ratio))).unwrap_or_default();
    let here = number(row, "/value").map_or_else(|| "?".to_owned(), short);
    format!(
        "| {goal}{} | {here} {unit} | {base} | {ratio} | {} | {} | {} |",
        text(row, "/figure"),
        bar(row, "must"),
        bar(row, "moonshot"),
        verdict(row)
    )
}

fn ratio(row: &Value) -> Option<f64> {
    let (value, base) = (number(row, "/value")?, number(row, "/base/value")?);
    (base.abs() > f64::EPSILON).then_some(value / base)
}

fn bar(row: &Value, name: &str) -> String {
    let Some(limit) = number(row, &format!("/{name}/limit")) else { return String::new() };
    let sense = if text(row, &format!("/{name}/sense")) == "least" { "≥" } else { "≤" };
    let times = if text(row, &format!("/{name}/of")) == "ratio" { "x " } else { "" };
    format!("{sense} {times}{}", short(limit))
}

/// Whether a bar is reached; `None` when there is none, or nothing to compare.
fn reached(row: &Value, name: &str) -> Option<bool> {
    let limit = number(row, &format!("/{name}/limit"))?;
    let of_ratio = text(row, &format!("/{name}/of")) == "ratio";
    let seen = if of_ratio { ratio(row) } else { number(row, "/value") };
    let least = text(row, &format!("/{name}/sense")) == "least";
    // A figure that is missing, or no number, has reached nothing.
    Some(seen.is_some_and(|seen| if least { seen >= limit } else { seen <= limit }))
}

fn verdict(row: &Value) -> &'static str {
    match (reached(row, "must"), reached(row, "moonshot")) {
        (Some(false), _) => "**missed**",
        (Some(true), Some(true)) => "moonshot reached",
        (Some(true), _) => "reached",
        (None, _) => "",
    }
}

fn machine(result: &Value) -> String {
    let postgres = match text(result, "/machine/postgres") {
        "" => String::new(),
        version => format!(", PostgreSQL {version}"),
    };
    let cores = number(result, "/machine/cores").unwrap_or_default();
    let memory = number(result, "/machine/memory_gib").unwrap_or_default();
    let busy = number(result, "/machine/busy").unwrap_or_default() * 100.0;
    let load = number(result, "/machine/load_average").unwrap_or_default();
    // What others take away, the figures lack.
    let quiet = if busy <= 5.0 {
        "quiet before the run".to_owned()
    } else {
        format!("**not quiet**: {busy:.0} % of the processor was taken before the run")
    };
    format!(
        "{}, commit {}: {cores:.0} cores, {memory:.0} GiB, Linux {}{postgres}; {quiet} (load average {load:.2}).",
        text(result, "/machine/date"),
        text(result, "/machine/commit"),
        text(result, "/machine/kernel"),
    )
}

/// A number for people: three digits that count, thousands apart.
pub(super) fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if !(f64::EPSILON..100.0).contains(&size) => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), ""), |(w, r)| (w, r));
    let rest = rest.trim_end_matches('0');
    let mut grouped = String::new();
    for (place, digit) in whole.chars().rev().enumerate() {
        if place > 0 && place % 3 == 0 && digit.is_ascii_digit() {
            grouped.insert(0, ',');
        }
        grouped.insert(0, digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::{section, short, verdict};
    use serde_json::json;

    #[test]
    fn numbers_are_short_and_grouped() {
        let texts = [20_200.4, 0.0, 0.0514, 98.26, 1.5, -1_234.0, 3.0].map(short);
        assert_eq!(texts, ["20,200", "0", "0.051", "98.3", "1.5", "-1,234", "3"]);
    }

    #[test]
    fn a_verdict_follows_from_the_numbers() {
        let row = |value: f64| {
            json!({"value": value, "base": {"name": "b", "value": 10.0},
                "must": {"of": "ratio", "sense": "least", "limit": 0.5},
                "moonshot": {"of": "ratio", "sense": "least", "limit": 0.9}})
        };
        assert_eq!(verdict(&row(4.0)), "**missed**");
        assert_eq!(verdict(&row(6.0)), "reached");
        assert_eq!(verdict(&row(9.0)), "moonshot reached");
        assert_eq!(verdict(&json!({"value": 1.0})), "");
        let most = json!({"of": "value", "sense": "most", "limit": 0.0});
        assert_eq!(verdict(&json!({"value": null, "must": most})), "**missed**");
        assert_eq!(
            verdict(&json!({"value": 0.0, "must": most, "moonshot": most})),
            "moonshot reached"
        );
    }

    #[test]
    fn a_busy_machine_is_named() {
        let result = |busy: f64| {
            json!({"engine": "sqlite", "quick": true, "rows": [], "notes": ["Told."],
                "machine": {"busy": busy, "cores": 2, "memory_gib": 24.0, "kernel": "6.1", "date": "2026-01-01", "commit": "abc", "load_average": 1.5}})
        };
        let text = section(&result(0.4)).unwrap();
        assert!(text.starts_with("**SQLite** (short run)") && text.ends_with("Told."), "{text}");
        assert!(text.contains("**not quiet**: 40 %"), "{text}");
        assert!(section(&result(0.01)).unwrap().contains("quiet before the run"));
    }
}
