//! Applying what was kept: batches of calls in one transaction, each change in a savepoint of its own, so
//! that one poison event fails alone. Applying a call twice changes nothing the second time.

use std::collections::{BTreeMap, HashMap};

use whatsapp_cloud::webhook::{Change, Inbound, Parsed, StatusUpdate, parse_counted};
use whatsapp_core::event::{JournalEntry, JournalOutcome};
use whatsapp_core::{By, Channel, Id, Span, Tenant, Timestamp};
use whatsapp_storage::{Mode, SystemTx};

use super::route::Router;
use super::{account, phone_app, receive, status};
use crate::Error;
use crate::platform::Inner;
use crate::work::Said;

/// So many calls are applied in one transaction.
const BATCH: u32 = 256;
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

#[derive(Default)]
struct Verdict {
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

/// What is shared by the changes of a batch.
pub(super) struct Batch<'a> {
    pub(super) inner: &'a Inner,
    pub(super) received_at: Timestamp,
    /// Whether somebody had this call applied again: then it is of the past.
    pub(super) replayed: bool,
}

type Statuses = HashMap<(Id<Tenant>, Id<Channel>), Vec<(usize, StatusUpdate)>>;

/// Applies up to a batch of waiting calls; answers how many were looked at.
///
/// # Errors
/// When the store fails; then the calls still wait.
pub(crate) async fn project_batch(inner: &Inner) -> Result<usize, Error> {
    let mut tx = inner.store.system(Mode::Write).await?;
    let entries = tx.journal().pending(inner.env.now(), BATCH).await?;
    if entries.is_empty() {
        return Ok(0);
    }
    let mut verdicts: Vec<Verdict> = entries.iter().map(|_| Verdict::default()).collect();
    let mut router = Router::default();
    let mut statuses = Statuses::new();
    for (index, (entry, verdict)) in entries.iter().zip(verdicts.iter_mut()).enumerate() {
        match parse_counted(&entry.body, entry.received_at) {
            Ok(Parsed { changes, unknown, .. }) => {
                note_unknown(&unknown);
                apply_call(
                    inner,
                    &mut *tx,
                    &mut router,
                    entry,
                    changes,
                    (index, verdict),
                    &mut statuses,
                )
                .await?
            }
            Err(error) => verdict.failure = Some(format!("malformed: {error}")),
        }
    }
    for ((tenant, channel), told) in statuses {
        apply_statuses(inner, &mut *tx, tenant, channel, told, &mut verdicts).await;
    }
    settle(inner, &mut *tx, &entries, verdicts).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(entries.len())
}

/// Counts what Meta sends and this version does not know. It is kept in the journal all the same.
fn note_unknown(unknown: &BTreeMap<String, u32>) {
    for (what, times) in unknown {
        metrics::counter!("whatsapp_inbound_unknown_total").increment(u64::from(*times));
        tracing::info!(what, times, "Meta told something that this version does not know");
    }
}

async fn apply_call(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    router: &mut Router,
    entry: &JournalEntry,
    changes: Vec<Change>,
    (index, verdict): (usize, &mut Verdict),
    statuses: &mut Statuses,
) -> Result<(), Error> {
    let batch = Batch { inner, received_at: entry.received_at, replayed: entry.replays > 0 };
    if changes.is_empty() {
        verdict.note(Applied::Raw);
    }
    for change in changes {
        let targets = match &change.phone_number_id {
            Some(number) => {
                router.number(inner, tx, number, entry.verified_by).await?.into_iter().collect()
            }
            None => router.account(inner, tx, &change.waba_id, entry.verified_by).await?,
        };
        if targets.is_empty() {
            verdict.note(Applied::Unrouted);
            continue;
        }
        if let Inbound::Status(update) = change.inbound {
            for (tenant, channel) in targets {
                statuses
                    .entry((tenant, channel.id))
                    .or_default()
                    .push((index, StatusUpdate::clone(&update)));
            }
            continue;
        }
        for (tenant, channel) in targets {
            match apply_one(&batch, tx, tenant, &channel, &change.inbound).await {
                Ok(applied) => verdict.note(applied),
                Err(error) => {
                    tracing::warn!(%error, call = %entry.id, "a webhook change could not be applied");
                    verdict.failure = Some(error.to_string());
                }
            }
        }
    }
    Ok(())
}

/// One change in its savepoint: on failure nothing of it remains.
async fn apply_one(
    batch: &Batch<'_>,
    tx: &mut dyn SystemTx,
    tenant: Id<Tenant>,
    channel: &Channel,
    inbound: &Inbound,
) -> Result<Applied, Error> {
    let mut scope = tx.enter(tenant).await?;
    let mut said = Said::default();
    let applied = match inbound {
        Inbound::Message(message) => {
            receive::message(batch, &mut *scope, &mut said, channel, message).await?
        }
        Inbound::UserPreference(preference) => {
            receive::preference(batch, &mut *scope, &mut said, preference).await?
        }
        Inbound::IdentityChanged(change) => {
            receive::identity(batch, &mut *scope, &mut said, change).await?
        }
        Inbound::Echo(echo) => {
            phone_app::echo(batch, &mut *scope, &mut said, channel, echo).await?
        }
        Inbound::ContactSync(sync) => {
            phone_app::address_book(batch, &mut *scope, &mut said, sync).await?
        }
        // A ban, a category, a quality, a limit of then says nothing of now: these are read from Meta anew.
        Inbound::Account(_)
        | Inbound::BusinessCapability(_)
        | Inbound::NumberQuality(_)
        | Inbound::TemplateQuality(_)
        | Inbound::TemplateCategory(_)
            if batch.replayed =>
        {
            Applied::Raw
        }
        other => account::apply(batch, &mut *scope, &mut said, channel, other).await?,
    };
    said.write(&mut *scope, &By::System, &batch.inner.env).await?;
    scope.commit().await?;
    Ok(applied)
}

/// All statuses of one channel at once; if that fails, each alone, so that a poison one fails alone.
async fn apply_statuses(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    told: Vec<(usize, StatusUpdate)>,
    verdicts: &mut [Verdict],
) {
    if note_statuses(inner, tx, tenant, channel, &told, verdicts).await.is_ok() {
        return;
    }
    for one in &told {
        let alone = std::slice::from_ref(one);
        if let Err(error) = note_statuses(inner, tx, tenant, channel, alone, verdicts).await {
            tracing::warn!(%error, "a status could not be applied");
            if let Some(verdict) = verdicts.get_mut(one.0) {
                verdict.failure = Some(error.to_string());
            }
        }
    }
}

async fn note_statuses(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    told: &[(usize, StatusUpdate)],
    verdicts: &mut [Verdict],
) -> Result<(), Error> {
    let mut scope = tx.enter(tenant).await?;
    let mut said = Said::default();
    let found = status::apply(inner, &mut *scope, &mut said, channel, told).await?;
    said.write(&mut *scope, &By::System, &inner.env).await?;
    scope.commit().await?;
    for ((index, _), found) in told.iter().zip(found) {
        let Some(verdict) = verdicts.get_mut(*index) else { continue };
        match found {
            status::Found::Line(applied) => verdict.note(applied),
            status::Found::Stray => verdict.stray = true,
        }
    }
    Ok(())
}

async fn settle(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    entries: &[JournalEntry],
    verdicts: Vec<Verdict>,
) -> Result<(), Error> {
    let now = inner.env.now();
    let mut outcomes = Vec::with_capacity(entries.len());
    for (entry, verdict) in entries.iter().zip(verdicts) {
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
