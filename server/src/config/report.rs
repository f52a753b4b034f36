//! What is wrong, what holds, and the documented table, as texts. Never shows a secret.

use std::fmt::{self, Write as _};

use super::raw::{RawSettings, SETTINGS};

/// One wrong setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which one.
    pub name: &'static str,
    /// Why.
    pub why: String,
}

/// Everything that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => write!(f, "one setting is wrong:")?,
            n => write!(f, "{n} settings are wrong:")?,
        }
        for Problem { name, why } in &self.0 {
            write!(f, "\n  {name} {why}")?;
        }
        Ok(())
    }
}
impl std::error::Error for Problems {}

/// All settings with where they come from; secrets only as given or not.
#[must_use]
pub fn redacted(raw: &RawSettings) -> String {
    let mut out = String::new();
    for setting in SETTINGS {
        let value = match (raw.get(setting.name), setting.secret) {
            (Some(text), true) => format!("(given, {} characters)", text.chars().count()),
            (Some(text), false) => text.to_owned(),
            (None, _) => format!("{} (default)", setting.default),
        };
        let unused = raw.get(setting.name).is_some() && setting.about.ends_with("Not used yet.");
        let note = if unused { "   (not used yet)" } else { "" };
        let _ = writeln!(out, "{:<22} {value}{note}", setting.name);
    }
    out
}

/// The table of the handbook.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| Variable | Default | Meaning |\n|---|---|---|\n");
    for setting in SETTINGS {
        let secret = if setting.secret { " *(secret)*" } else { "" };
        let _ = writeln!(
            out,
            "| `{}` | {} | {}{secret} |",
            setting.name, setting.default, setting.about
        );
    }
    out
}
