//! The event log's reading end: one sequencer gives positions after the commit, every node reads in order and
//! hands what is new to its open consoles. Never calls the world; losing a wake-up costs a poll, no event.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use whatsapp_core::event::Recorded;
use whatsapp_core::{Id, Span, Tenant};
use whatsapp_storage::Mode;

use crate::platform::Inner;
use crate::{Error, Platform};

/// So many events at once.
const BATCH: u32 = 500;
/// Events that follow one another this closely are given their positions together.
const GATHER: Span = Span::millis(20);
/// A console that missed more than this loads anew instead of catching up.
const CATCH_UP: i64 = 2_000;

/// Runs until `stop`.
pub(crate) async fn run_events(inner: Arc<Inner>, stop: CancellationToken) {
    let mut position = None;
    while !stop.is_cancelled() {
        inner.weather.beat("events");
        let busy = match tick(&inner, &mut position).await {
            Ok(busy) => busy,
            Err(error) => {
                tracing::error!(%error, "events could not be read");
                false
            }
        };
        if busy {
            continue;
        }
        tokio::time::sleep(GATHER.to_std()).await;
        tokio::select! {
            () = inner.wake.events.notified() => {}
            () = tokio::time::sleep(inner.settings.poll.to_std()) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Sequences and publishes a batch; answers whether there may be more.
///
/// # Errors
/// When the store fails.
pub(crate) async fn tick(inner: &Inner, position: &mut Option<i64>) -> Result<bool, Error> {
    let mut tx = inner.store.system(Mode::Read).await?;
    // A node begins at the end: what was before, its consoles load.
    let from = match *position {
        Some(position) => position,
        None => *position.insert(tx.event_log().head().await?),
    };
    // Nodes wait for each other to give positions, so none does it that need not.
    let sequenced = if tx.event_log().any_waiting().await? {
        drop(tx);
        let sequenced = sequence(inner).await?;
        tx = inner.store.system(Mode::Read).await?;
        sequenced
    } else {
        0
    };
    let more = sequenced >= u64::from(BATCH);
    // Where nobody is told, nothing is read.
    let Some(realtime) = &inner.realtime else { return Ok(more) };
    let events = tx.event_log().read(from, BATCH).await?;
    drop(tx);
    *position = Some(events.last().map_or(from, |last| last.position));
    if !events.is_empty() {
        realtime.publish(&events).await;
    }
    Ok(more || events.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX))
}

async fn sequence(inner: &Inner) -> Result<u64, Error> {
    let mut tx = inner.store.system(Mode::Write).await?;
    let sequenced = tx.event_log().sequence(BATCH).await?;
    tx.commit().await?;
    Ok(sequenced)
}

impl Platform {
    /// The last position of the event log: where a console that has just loaded begins.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn event_position(&self) -> Result<i64, Error> {
        let mut tx = self.0.store.system(Mode::Read).await?;
        Ok(tx.event_log().head().await?)
    }
    /// A tenant's events after a position, and the position reached. `None` when that is too long ago to catch up:
    /// load anew.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn events_since(
        &self,
        tenant: Id<Tenant>,
        after: i64,
    ) -> Result<Option<(Vec<Recorded>, i64)>, Error> {
        let mut tx = self.0.store.system(Mode::Read).await?;
        let (head, tail) = (tx.event_log().head().await?, tx.event_log().tail().await?);
        if after > head || head - after > CATCH_UP || (tail > 0 && after + 1 < tail) {
            return Ok(None);
        }
        let (mut events, mut at) = (Vec::new(), after);
        while at < head {
            let batch = tx.event_log().read(at, BATCH).await?;
            let Some(last) = batch.last() else { break };
            at = last.position;
            events.extend(batch.into_iter().filter(|e| e.tenant == tenant));
        }
        Ok(Some((events, at)))
    }
}
