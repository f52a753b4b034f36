//! Applying what was kept: batches of calls in one transaction. Messages and statuses of a channel are written in bulk,
//! in a savepoint; should that fail, and for everything else, each change has a savepoint of its own, so that one poison
//! event fails alone, and what panics fails as what is refused. Applying a call twice changes nothing the second time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures_util::FutureExt as _;
use whatsapp_cloud::webhook::{Change, Inbound, Parsed, StatusUpdate, parse_counted};
use whatsapp_core::event::JournalEntry;
use whatsapp_core::{By, Channel, Class, Classified as _, Id, Tenant, Timestamp};
use whatsapp_storage::{Mode, SystemTx};

use super::letters::{self, Letter};
use super::route::Router;
use super::verdict::{Applied, Verdicts, settle};
use super::{account, phone_app, receive, status};
use crate::Error;
use crate::platform::Inner;
use crate::weather::Step;
use crate::work::Said;

/// So many calls are applied in one transaction where nothing else is known.
pub(crate) const BATCH: u32 = 256;
/// What is shared by the changes of a batch.
pub(super) struct Batch<'a> {
    pub(super) inner: &'a Inner,
    pub(super) received_at: Timestamp,
    /// Whether somebody had this call applied again: then it is of the past.
    pub(super) replayed: bool,
    /// Whether it was tried before, so that newer ones may have overtaken it.
    pub(super) waited: bool,
}

type Statuses = HashMap<(Id<Tenant>, Id<Channel>), Vec<(usize, StatusUpdate)>>;

/// A channel and what its customers wrote.
type Post = (Arc<Channel>, Vec<Letter>);

/// What is applied in bulk as soon as nothing stands in between.
#[derive(Default)]
struct Gathered {
    /// Customers' messages, by channel; whatever else a call tells comes after those that were told before it.
    letters: BTreeMap<(Id<Tenant>, Id<Channel>), Post>,
    /// Statuses come last: a line is there before anything is told of it.
    statuses: Statuses,
}

/// Applies up to `limit` waiting calls; answers how many were looked at. They are read and understood before the
/// writer is asked for: whoever keeps new calls waits for no longer than the writing takes.
///
/// # Errors
/// When the store fails; then the calls still wait.
pub(crate) async fn project_batch(inner: &Inner, limit: u32) -> Result<usize, Error> {
    if !inner.weather.may(Step::Webhooks) {
        return Ok(0);
    }
    let mut look = inner.store.system(Mode::Read).await?;
    let entries = look.journal().pending(inner.env.now(), limit).await?;
    drop(look);
    if entries.is_empty() {
        return Ok(0);
    }
    let mut verdicts = Verdicts::new(entries.len());
    let understood = understand(&entries, &mut verdicts);
    let (mut router, mut gathered) = (Router::default(), Gathered::default());
    let mut tx = inner.store.system(Mode::Write).await?;
    // Another node may have applied some of them since, and newer ones: what was then says nothing of now.
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let open: HashSet<_> = tx.journal().hold_open(&ids).await?.into_iter().collect();
    for (of, changes) in understood.into_iter().filter(|(of, _)| open.contains(&of.entry.id)) {
        let book = (&mut gathered, &mut verdicts);
        let applied = survived(apply_call(inner, &mut *tx, &mut router, of, changes, book)).await;
        // A number of which this node cannot read something stops nobody else's calls.
        if let Err(error) = blame(applied)? {
            verdicts.fail(of.call, error.to_string());
        }
    }
    apply_letters(inner, &mut *tx, &mut gathered, &mut verdicts).await?;
    for ((tenant, channel), told) in gathered.statuses {
        apply_statuses(inner, &mut *tx, tenant, channel, told, &mut verdicts).await?;
    }
    let jobs = verdicts.jobs;
    settle(inner, &mut *tx, &entries, verdicts).await?;
    tx.commit().await?;
    inner.wake.applied(jobs);
    Ok(entries.len())
}

/// What a call itself is to blame for, inside. When the store is in the way no call is: all of them wait.
fn blame<T>(applied: Result<T, Error>) -> Result<Result<T, Error>, Error> {
    match applied {
        Err(error) if error.class() == Class::Unavailable => Err(error),
        applied => Ok(applied),
    }
}

/// What panics is to blame itself, and nothing else of the batch: what it wrote in its savepoint is taken back. Its words
/// may hold what a customer wrote, so they stand in no note.
fn survived<T>(
    work: impl Future<Output = Result<T, Error>>,
) -> impl Future<Output = Result<T, Error>> {
    AssertUnwindSafe(work).catch_unwind().map(|done| done.unwrap_or_else(|_| Err(panicked())))
}

fn panicked() -> Error {
    Error::Internal("the program panicked over it: the log of that moment says where".into())
}

/// What each call tells; one that cannot be read fails.
fn understand<'e>(
    entries: &'e [JournalEntry],
    verdicts: &mut Verdicts,
) -> Vec<(Of<'e>, Vec<Change>)> {
    let mut understood = Vec::with_capacity(entries.len());
    for (call, entry) in entries.iter().enumerate() {
        match catch_unwind(|| parse_counted(&entry.body, entry.received_at)) {
            Ok(Ok(Parsed { changes, unknown, .. })) => {
                note_unknown(&unknown);
                understood.push((Of { call, entry }, changes));
            }
            Ok(Err(error)) => verdicts.fail(call, format!("malformed: {error}")),
            Err(_) => verdicts.fail(call, panicked().to_string()),
        }
    }
    understood
}

/// A call that is applied, and its place in the batch.
#[derive(Clone, Copy)]
struct Of<'e> {
    call: usize,
    entry: &'e JournalEntry,
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
    of: Of<'_>,
    changes: Vec<Change>,
    (gathered, verdicts): (&mut Gathered, &mut Verdicts),
) -> Result<(), Error> {
    let (call, entry) = (of.call, of.entry);
    let (received_at, replayed) = (entry.received_at, entry.replays > 0);
    if changes.is_empty() {
        verdicts.note(call, Applied::Raw);
    }
    for change in changes {
        let targets = match &change.phone_number_id {
            Some(number) => {
                router.number(inner, tx, number, entry.verified_by).await?.into_iter().collect()
            }
            None => router.account(inner, tx, &change.waba_id, entry.verified_by).await?,
        };
        if targets.is_empty() {
            verdicts.note(call, Applied::Unrouted);
            continue;
        }
        for (tenant, channel) in targets {
            match &change.inbound {
                Inbound::Status(update) => {
                    let told = gathered.statuses.entry((tenant, channel.id)).or_default();
                    told.push((call, StatusUpdate::clone(update)));
                }
                Inbound::Message(message) => {
                    let place = gathered.letters.entry((tenant, channel.id));
                    let (_, letters) = place.or_insert_with(|| (channel, Vec::new()));
                    let message = message.clone();
                    letters.push(Letter { call, received_at, replayed, message });
                }
                other => {
                    apply_letters(inner, tx, gathered, verdicts).await?;
                    let batch = Batch { inner, received_at, replayed, waited: entry.tries > 0 };
                    alone(&batch, tx, (tenant, &channel), other, verdicts, call).await?;
                }
            }
        }
    }
    Ok(())
}

/// All gathered messages, those of one channel at once; if that fails, each alone, so that a poison one fails alone.
async fn apply_letters(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    gathered: &mut Gathered,
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    for ((tenant, _), (channel, letters)) in std::mem::take(&mut gathered.letters) {
        match blame(survived(together(inner, tx, tenant, &channel, &letters)).await)? {
            Ok((applied, jobs)) => {
                verdicts.jobs |= jobs;
                for (letter, applied) in letters.iter().zip(applied) {
                    verdicts.note(letter.call, applied);
                }
            }
            Err(error) => {
                tracing::debug!(%error, "messages are applied one by one");
                for letter in letters {
                    let (batch, call) = (letter.batch(inner), letter.call);
                    let message = Inbound::Message(letter.message);
                    alone(&batch, tx, (tenant, &channel), &message, verdicts, call).await?;
                }
            }
        }
    }
    Ok(())
}

async fn together(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    tenant: Id<Tenant>,
    channel: &Channel,
    letters: &[Letter],
) -> Result<(Vec<Applied>, bool), Error> {
    let mut scope = tx.enter(tenant).await?;
    let mut said = Said::default();
    let applied = letters::apply(inner, &mut *scope, &mut said, channel, letters).await?;
    let jobs = said.asks_for_jobs();
    said.write(&mut *scope, &By::System, &inner.env).await?;
    scope.commit().await?;
    Ok((applied, jobs))
}

async fn alone(
    batch: &Batch<'_>,
    tx: &mut dyn SystemTx,
    (tenant, channel): (Id<Tenant>, &Channel),
    inbound: &Inbound,
    verdicts: &mut Verdicts,
    call: usize,
) -> Result<(), Error> {
    match blame(survived(apply_one(batch, tx, tenant, channel, inbound)).await)? {
        Ok((applied, jobs)) => {
            verdicts.note(call, applied);
            verdicts.jobs |= jobs;
        }
        Err(error) => {
            tracing::warn!(%error, call, "a webhook change could not be applied");
            verdicts.fail(call, error.to_string());
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
) -> Result<(Applied, bool), Error> {
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
    let jobs = said.asks_for_jobs();
    said.write(&mut *scope, &By::System, &batch.inner.env).await?;
    scope.commit().await?;
    Ok((applied, jobs))
}

/// All statuses of one channel at once; if that fails, each alone, so that a poison one fails alone.
async fn apply_statuses(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    told: Vec<(usize, StatusUpdate)>,
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    let all = survived(note_statuses(inner, tx, tenant, channel, &told, verdicts)).await;
    if blame(all)?.is_ok() {
        return Ok(());
    }
    for one in &told {
        let alone = std::slice::from_ref(one);
        let noted = survived(note_statuses(inner, tx, tenant, channel, alone, verdicts)).await;
        if let Err(error) = blame(noted)? {
            tracing::warn!(%error, "a status could not be applied");
            verdicts.fail(one.0, error.to_string());
        }
    }
    Ok(())
}

async fn note_statuses(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    told: &[(usize, StatusUpdate)],
    verdicts: &mut Verdicts,
) -> Result<(), Error> {
    let mut scope = tx.enter(tenant).await?;
    let mut said = Said::default();
    let found = status::apply(inner, &mut *scope, &mut said, channel, told).await?;
    verdicts.jobs |= said.asks_for_jobs();
    said.write(&mut *scope, &By::System, &inner.env).await?;
    scope.commit().await?;
    for ((index, _), found) in told.iter().zip(found) {
        match found {
            status::Found::Line(applied) => verdicts.note(*index, applied),
            status::Found::Stray => verdicts.stray(*index),
        }
    }
    Ok(())
}
