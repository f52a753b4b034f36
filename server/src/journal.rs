//! The command `journal`: what Meta told, as it came; what could not be understood or was for nobody; and how to have
//! it applied again.

use clap::{Args, Subcommand};
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome};
use whatsapp_core::{Env, Timestamp};
use whatsapp_platform::JournalQuery;

use crate::commands::{opened, print, said};
use crate::config::{RawSettings, parse_span};

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// How many calls had each outcome.
    Counts,
    /// The newest calls that fit, one line each.
    List(ListArguments),
    /// Has the calls that fit applied again. What is there already is not taken twice.
    Replay(Wanted),
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    wanted: Wanted,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// Print the bytes of each call too.
    #[arg(long)]
    body: bool,
}

/// Which calls: everything that is asked for must hold.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct Wanted {
    /// `quarantined` could not be understood or failed every time, `unrouted` was for a number that is nobody's;
    /// also `applied`, `duplicate`, `raw`, `pending`.
    #[arg(long)]
    outcome: Option<String>,
    /// Only from then on: a moment (RFC 3339), or how long ago (`2h`, `7d`).
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only before then.
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// Only calls that name this number, by Meta's id.
    #[arg(long, value_name = "PHONE_NUMBER_ID")]
    number: Option<String>,
    /// Only calls whose note holds these words.
    #[arg(long, value_name = "WORDS")]
    error: Option<String>,
    /// All of them.
    #[arg(long)]
    all: bool,
}

impl Wanted {
    fn read(&self, now: Timestamp) -> Result<JournalQuery, String> {
        let outcome = self.outcome.as_deref().map(|word| {
            JournalOutcome::parse(word).ok_or_else(|| format!("there is no outcome {word}"))
        });
        let moment = |when: &Option<String>| when.as_deref().map(|when| moment(when, now));
        Ok(JournalQuery {
            filter: JournalFilter {
                outcome: outcome.transpose()?,
                from: moment(&self.since).transpose()?,
                until: moment(&self.until).transpose()?,
            },
            number: self.number.clone(),
            error: self.error.clone(),
        })
    }
}

fn moment(when: &str, now: Timestamp) -> Result<Timestamp, String> {
    let ago = parse_span(when).map(|ago| now - ago);
    ago.or_else(|| Timestamp::parse_rfc3339(when)).ok_or_else(|| {
        format!("{when:?} is no time: write 2h, 7d, or a moment like 2026-03-02T09:00:00Z")
    })
}

pub(crate) async fn run(raw: &RawSettings, command: JournalCommand) -> Result<(), String> {
    let now = Env::system().now();
    let (_, platform) = opened(raw).await?;
    let journal = platform.journal();
    match command {
        JournalCommand::Counts => {
            let counts = journal.counts().await.map_err(said)?;
            let lines = counts.iter().map(|(outcome, n)| format!("{:<12} {n}", outcome.as_str()));
            print(&lines.collect::<Vec<_>>().join("\n"))
        }
        JournalCommand::List(list) => {
            let calls = journal.list(&list.wanted.read(now)?, list.limit).await.map_err(said)?;
            let lines = calls.iter().map(|call| line(call, list.body));
            print(&lines.collect::<Vec<_>>().join("\n"))
        }
        JournalCommand::Replay(wanted) => {
            let replayed = journal.replay(&wanted.read(now)?).await.map_err(said)?;
            print(&format!("{replayed} calls are applied again by the next server that runs."))
        }
    }
}

fn line(call: &JournalEntry, body: bool) -> String {
    let note = call.note.as_deref().unwrap_or_default();
    let (at, outcome) = (call.received_at.to_rfc3339(), call.outcome.as_str());
    let mut line = format!("{} {at} {outcome:<12} {} bytes  {note}", call.id, call.body.len());
    if body {
        line.push('\n');
        line.push_str(&String::from_utf8_lossy(&call.body));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_moment_or_how_long_ago() {
        let now = Timestamp::from_seconds(1_772_442_000);
        assert_eq!(moment("2h", now), Ok(Timestamp::from_seconds(1_772_434_800)));
        assert_eq!(moment("2026-03-02T09:00:00Z", now), Ok(now));
        assert!(moment("yesterday", now).is_err_and(|why| why.contains("yesterday")));
    }
}
