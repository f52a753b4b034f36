//! What applying calls came to, and what the journal is told of it. Never applies anything.

use whatsapp_core::Span;
use whatsapp_core::event::{JournalEntry, JournalOutcome};
use whatsapp_storage::SystemTx;

use crate::Error;
use crate::platform::Inner;

/// A call that failed so often is put aside for a person.
const TRIES: i64 = 10;
/// A status of a message we never heard of is looked for so often.
const STRAY_TRIES: i64 = 4;

/// What applying one change came to; the greatest of a call is the call's outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Applied {
    /// Nothing in it was new.
    Duplicate,
    /// Of a kind we only keep.
    Raw,
    /// For a number that is nobody's.
    Unrouted,
    /// Something changed.
    Changed,
}

/// What came of one call.
#[derive(Default)]
pub(super) struct Verdict {
    best: Option<Applied>,
    unrouted: bool,
    failure: Option<String>,
    stray: bool,
}

impl Verdict {
    fn note(&mut self, applied: Applied) {
        self.unrouted |= applied == Applied::Unrouted;
        self.best = self.best.max(Some(applied));
        let outcome = match applied {
            Applied::Duplicate => "duplicate",
            Applied::Raw => "raw",
            Applied::Unrouted => "unrouted",
            Applied::Changed => "applied",
        };
        metrics::counter!("whatsapp_inbound_events_total", "outcome" => outcome).increment(1);
    }
}

/// What came of a batch: of each call, and whether any of them asks for a job.
pub(super) struct Verdicts {
    of: Vec<Verdict>,
    pub(super) jobs: bool,
}

impl Verdicts {
    pub(super) fn new(calls: usize) -> Self {
        Self { of: std::iter::repeat_with(Verdict::default).take(calls).collect(), jobs: false }
    }
    pub(super) fn note(&mut self, call: usize, applied: Applied) {
        if let Some(verdict) = self.of.get_mut(call) {
            verdict.note(applied);
        }
    }
    pub(super) fn fail(&mut self, call: usize, why: String) {
        if let Some(verdict) = self.of.get_mut(call) {
            verdict.failure = Some(why);
        }
    }
    pub(super) fn stray(&mut self, call: usize) {
        if let Some(verdict) = self.of.get_mut(call) {
            verdict.stray = true;
        }
    }
}

/// Notes of each call what it came to, and when those that are not settled are looked at again.
pub(super) async fn settle(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    entries: &[JournalEntry],
    verdicts: Verdicts,
) -> Result<(), Error> {
    let now = inner.env.now();
    let mut outcomes = Vec::with_capacity(entries.len());
    for (entry, verdict) in entries.iter().zip(verdicts.of) {
        let malformed = verdict.failure.as_deref().is_some_and(|f| f.starts_with("malformed"));
        match verdict.failure {
            Some(why) if malformed || entry.tries + 1 >= TRIES => {
                metrics::counter!("whatsapp_inbound_events_total", "outcome" => "quarantined")
                    .increment(1);
                tracing::error!(call = %entry.id, why, "a webhook call was put aside");
                outcomes.push((entry.id, JournalOutcome::Quarantined, Some(why)));
            }
            Some(why) => {
                let wait = Span::millis(200 << entry.tries.clamp(0, 10));
                tx.journal().postpone(entry.id, now + wait, &why).await?;
            }
            None if verdict.stray && entry.tries + 1 < STRAY_TRIES => {
                // The status may have overtaken the row it speaks of: look again soon.
                tx.journal()
                    .postpone(
                        entry.id,
                        now + Span::millis(500 << entry.tries.clamp(0, 6)),
                        "a status before its message",
                    )
                    .await?;
            }
            None => {
                let outcome = match verdict.best {
                    _ if verdict.unrouted => JournalOutcome::Unrouted,
                    Some(Applied::Changed) => JournalOutcome::Applied,
                    Some(Applied::Duplicate) => JournalOutcome::Duplicate,
                    _ => JournalOutcome::Raw,
                };
                if outcome == JournalOutcome::Unrouted {
                    tracing::warn!(call = %entry.id, "a webhook call has a number or account that no channel of its app has");
                }
                outcomes.push((entry.id, outcome, None));
            }
        }
    }
    Ok(tx.journal().settle(&outcomes).await?)
}
