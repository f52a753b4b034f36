//! What a scenario leaves: figures beside their baselines and their goals, as JSON. Whether a goal is reached is for
//! whoever reads it; nothing is rounded or left out here.

use std::path::Path;

use serde::Serialize;

use crate::Outcome;
use crate::machine::Machine;

/// The result of one scenario on one database.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) scenario: &'static str,
    pub(crate) engine: &'static str,
    /// Whether it was a short run.
    pub(crate) quick: bool,
    pub(crate) machine: Machine,
    rows: Vec<Row>,
    notes: Vec<String>,
}

/// One figure.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    figure: String,
    value: f64,
    unit: &'static str,
    goal: Option<&'static str>,
    base: Option<Base>,
    must: Option<Bar>,
    moonshot: Option<Bar>,
}

#[derive(Debug, Serialize)]
struct Base {
    name: &'static str,
    value: f64,
}

/// What is to be reached.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Bar {
    /// `value`, or `ratio` to the baseline.
    of: &'static str,
    /// `least` or `most`.
    sense: &'static str,
    limit: f64,
}

/// The value itself must be at least so much.
pub(crate) const fn at_least(limit: f64) -> Bar {
    Bar { of: "value", sense: "least", limit }
}
/// The value itself must be at most so much.
pub(crate) const fn at_most(limit: f64) -> Bar {
    Bar { of: "value", sense: "most", limit }
}
/// So many times the baseline, or more.
pub(crate) const fn times_at_least(limit: f64) -> Bar {
    Bar { of: "ratio", sense: "least", limit }
}
/// So many times the baseline, or less.
pub(crate) const fn times_at_most(limit: f64) -> Bar {
    Bar { of: "ratio", sense: "most", limit }
}

impl Row {
    pub(crate) fn new(figure: impl Into<String>, value: f64, unit: &'static str) -> Self {
        let figure = figure.into();
        Self { figure, value, unit, goal: None, base: None, must: None, moonshot: None }
    }
    pub(crate) const fn base(mut self, name: &'static str, value: f64) -> Self {
        self.base = Some(Base { name, value });
        self
    }
    pub(crate) const fn goal(mut self, goal: &'static str, must: Bar, moonshot: Bar) -> Self {
        (self.goal, self.must, self.moonshot) = (Some(goal), Some(must), Some(moonshot));
        self
    }
}

impl Report {
    pub(crate) fn new(scenario: &'static str, engine: &'static str, quick: bool) -> Self {
        let machine = Machine::default();
        Self { scenario, engine, quick, machine, rows: Vec::new(), notes: Vec::new() }
    }
    /// Adds a figure, and says it.
    pub(crate) fn row(&mut self, row: Row) {
        let base = row.base.as_ref().map(|base| {
            format!("  ({} {}; x {:.2})", base.name, short(base.value), row.value / base.value)
        });
        println!(
            "   {}: {} {}{}",
            row.figure,
            short(row.value),
            row.unit,
            base.unwrap_or_default()
        );
        self.rows.push(row);
    }
    /// Adds a sentence for the reader.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
    /// Writes it into a folder.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(crate) fn write(&self, folder: &Path) -> Outcome {
        std::fs::create_dir_all(folder)?;
        let file = folder.join(format!("{}.{}.json", self.scenario, self.engine));
        std::fs::write(file, serde_json::to_string_pretty(self)? + "\n")?;
        Ok(())
    }
}

/// A number for the person at the terminal.
fn short(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
