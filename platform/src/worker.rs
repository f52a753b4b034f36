//! The background as one future: applies webhooks, sends, looks after campaigns, tells consoles, does jobs,
//! cleans up. Run it in the server's process or in another; several nodes share the work by leases.

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use whatsapp_core::{Lane, Span, Timestamp};
use whatsapp_storage::Mode;

use crate::platform::Inner;
use crate::weather::Step;
use crate::{Error, Platform, campaign, events, inbound, jobs, outbound, wake, weather};

/// So many rows are removed in one transaction: others write meanwhile.
const TRIM: u32 = 2_000;
/// The lease of who removes what is past its time.
const CLEANING: &str = "cleaning";
/// Sessions end after seven days at the latest.
const SESSIONS: Span = Span::days(8);
/// How often old rows are removed.
const CLEAN_EVERY: Span = Span::hours(1);

/// The lease of who applies webhook calls.
pub(crate) const INBOUND: &str = "inbound";

/// The background of a platform.
#[derive(Debug)]
pub struct Worker {
    platform: Platform,
}

impl Worker {
    pub(crate) const fn new(platform: Platform) -> Self {
        Self { platform }
    }

    /// Runs until `stop` is cancelled, then until what is under way is settled.
    ///
    /// A store that fails is asked again, at the start as later.
    pub async fn run(self, stop: CancellationToken) {
        let inner = self.platform.0;
        // The folder's lock proves that the predecessor is dead: its leases end now, not in a minute.
        while inner.store.exclusive() && !stop.is_cancelled() {
            let Err(error) = seize(&inner).await else { break };
            tracing::error!(%error, "the background cannot begin yet");
            tokio::select! {
                () = tokio::time::sleep(inner.settings.poll.to_std()) => {}
                () = stop.cancelled() => {}
            }
        }
        // Before anything begins: on a node whose clock is wrong, nothing may.
        weather::look(&inner).await;
        let mut tasks = JoinSet::new();
        tasks.spawn(kept_up("weather", Arc::clone(&inner), stop.clone(), weather::watch));
        tasks.spawn(kept_up("webhooks", Arc::clone(&inner), stop.clone(), project));
        tasks.spawn(kept_up("sending", Arc::clone(&inner), stop.clone(), outbound::run_pumps));
        tasks.spawn(kept_up("campaigns", Arc::clone(&inner), stop.clone(), campaign::care));
        tasks.spawn(kept_up("events", Arc::clone(&inner), stop.clone(), events::run_events));
        tasks.spawn(kept_up("word between nodes", Arc::clone(&inner), stop.clone(), wake::carry));
        tasks.spawn(kept_up("cleaning", Arc::clone(&inner), stop.clone(), clean));
        for lane in Lane::ALL {
            let jobs = |inner, stop| jobs::run_jobs(inner, *lane, stop);
            tasks.spawn(kept_up(lane.as_str(), Arc::clone(&inner), stop.clone(), jobs));
        }
        while tasks.join_next().await.is_some() {}
    }
}

async fn seize(inner: &Inner) -> Result<(), Error> {
    let mut tx = inner.store.system(Mode::Write).await?;
    tx.leases().seize_all().await?;
    Ok(tx.commit().await?)
}

/// Runs a part of the background, and again if it should end badly: one bad row must not silence the rest.
async fn kept_up<F>(
    name: &'static str,
    inner: Arc<Inner>,
    stop: CancellationToken,
    part: impl Fn(Arc<Inner>, CancellationToken) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let ended = tokio::spawn(part(Arc::clone(&inner), stop.clone())).await;
        let Err(error) = ended else { return inner.weather.rest(name) };
        tracing::error!(%error, part = name, "a part of the background ended badly and begins again");
        tokio::time::sleep(inner.settings.poll.to_std()).await;
        if stop.is_cancelled() {
            return;
        }
    }
}

/// Webhook calls that follow one another this closely are applied together.
const GATHER: Span = Span::millis(10);

/// How many webhook calls are applied in one transaction: as many as are done in this time, for whoever keeps new
/// ones waits for it.
struct Portion(u32);

impl Portion {
    const LEAST: u32 = 32;
    const MOST: u32 = 1_024;
    const TIME: Span = Span::millis(10);

    /// Learns how long it took to apply so many; answers whether more may wait.
    fn took(&mut self, time: Span, applied: usize) -> bool {
        let full = u32::try_from(applied).unwrap_or(u32::MAX) >= self.0;
        if time > Self::TIME {
            self.0 = (self.0 / 2).max(Self::LEAST);
        } else if full && time < Span::micros(Self::TIME.as_micros() / 2) {
            self.0 = (self.0 * 2).min(Self::MOST);
        }
        full
    }
}

/// A call that waits so long to be kept goes before those that wait to be applied.
const PRESSED: Span = Span::millis(10);
/// But not for longer than this at a time: what is kept is applied too, however many come.
const WAY: Span = Span::millis(250);

/// In a flood, calls are kept and answered first, so that Meta need not send them again; what is kept is applied with
/// what they leave.
async fn give_way(inner: &Inner) {
    let begin = inner.env.now();
    let pressed = |now| inner.journal.waiting_since().is_some_and(|since| now - since >= PRESSED);
    loop {
        let now = inner.env.now();
        // A clock that was set back ends it too.
        if !pressed(now) || now - begin >= WAY || now < begin {
            return;
        }
        tokio::time::sleep(PRESSED.to_std()).await;
    }
}

/// Applies kept webhook calls. One node at a time, so that a customer's messages keep their order.
async fn project(inner: Arc<Inner>, stop: CancellationToken) {
    let (mut held_until, mut portion) = (Timestamp::ZERO, Portion(inbound::BATCH));
    while !stop.is_cancelled() {
        inner.weather.beat("webhooks");
        let begin = inner.env.now();
        if !inner.weather.may(Step::Webhooks) {
            if held_until > Timestamp::ZERO {
                held_until = Timestamp::ZERO;
                leave(&inner).await;
            }
            tokio::select! {
                () = tokio::time::sleep(inner.settings.poll.to_std()) => continue,
                () = stop.cancelled() => break,
            }
        }
        let (ours, applied) = match hold(&inner, INBOUND, &mut held_until).await {
            Ok(true) => (true, inbound::project_batch(&inner, portion.0).await),
            Ok(false) => (false, Ok(0)),
            Err(error) => (false, Err(error)),
        };
        match applied {
            Ok(0) => {}
            Ok(n) => {
                if portion.took(inner.env.now() - begin, n) {
                    give_way(&inner).await;
                    continue;
                }
                tokio::time::sleep(GATHER.to_std()).await;
            }
            Err(error) => tracing::error!(%error, "webhook calls could not be applied"),
        }
        tokio::select! {
            // Another node's turn: only its end is of interest, and nobody tells of that.
            () = inner.wake.journal.notified(), if ours => {}
            () = tokio::time::sleep(inner.settings.poll.to_std()) => {}
            () = stop.cancelled() => {}
        }
    }
    leave(&inner).await;
}

/// The next node, or this one after its restart, need not wait for the lease to end.
async fn leave(inner: &Inner) {
    if let Err(error) = give_back(inner, INBOUND).await {
        tracing::warn!(%error, "a lease could not be given back");
    }
}

async fn give_back(inner: &Inner, name: &str) -> Result<(), Error> {
    let mut tx = inner.store.system(Mode::Write).await?;
    tx.leases().release(name, inner.node).await?;
    Ok(tx.commit().await?)
}

/// Takes or keeps a lease; touches the store only when a third of it is used up.
pub(crate) async fn hold(
    inner: &Inner,
    name: &str,
    held_until: &mut Timestamp,
) -> Result<bool, Error> {
    let lease = inner.settings.lease;
    let now = inner.store.now().await?;
    if now + Span::micros(lease.as_micros() * 2 / 3) < *held_until {
        return Ok(true);
    }
    let mut tx = inner.store.system(Mode::Write).await?;
    let epoch = tx.leases().acquire(name, inner.node, now, now + lease).await?;
    tx.commit().await?;
    *held_until = if epoch.is_some() { now + lease } else { Timestamp::ZERO };
    Ok(epoch.is_some())
}

/// Removes what is past its time.
async fn clean(inner: Arc<Inner>, stop: CancellationToken) {
    let mut held_until = Timestamp::ZERO;
    while !stop.is_cancelled() {
        // One node at a time: two would wait for each other's rows.
        let cleaned = match hold(&inner, CLEANING, &mut held_until).await {
            Ok(true) => clean_once(&inner).await,
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = cleaned {
            tracing::error!(%error, "old rows could not be removed");
        }
        tokio::select! {
            () = tokio::time::sleep(CLEAN_EVERY.to_std()) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Each in a transaction of its own: what cannot be removed now does not keep the others.
async fn clean_once(inner: &Inner) -> Result<(), Error> {
    let now = inner.env.now();
    let mut tx = inner.store.system(Mode::Write).await?;
    tx.sessions().trim(now - SESSIONS).await?;
    tx.rate_counters().trim(now - Span::days(2)).await?;
    tx.commit().await?;
    loop {
        let mut tx = inner.store.system(Mode::Write).await?;
        let gone = tx.event_log().trim(now - inner.settings.keep_events, TRIM).await?;
        tx.commit().await?;
        if gone < u64::from(TRIM) {
            break;
        }
    }
    loop {
        let mut tx = inner.store.system(Mode::Write).await?;
        let gone = tx.journal().trim(now - inner.settings.keep_journal, TRIM).await?;
        tx.commit().await?;
        if gone < u64::from(TRIM) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::inbound::waiting::{nobody_waits, somebody_waits};
    use crate::testing::TestPlatform;

    #[tokio::test]
    async fn what_is_kept_waits_while_calls_wait_to_be_kept() {
        let world = TestPlatform::start().await;
        let inner = &world.platform.0;
        assert!(give_way(inner).now_or_never().is_some(), "nobody waits");
        somebody_waits(&inner.journal, inner.env.now());
        assert!(give_way(inner).now_or_never().is_some(), "nobody has waited for long");
        world.clock.advance(PRESSED);
        let mut way = Box::pin(give_way(inner));
        assert!((&mut way).now_or_never().is_none(), "it goes first");
        assert_eq!(nobody_waits(&inner.journal), 1);
        way.await;
    }

    #[tokio::test]
    async fn in_the_longest_flood_what_is_kept_is_applied_after_a_quarter_of_a_second() {
        let world = TestPlatform::start().await;
        let inner = &world.platform.0;
        somebody_waits(&inner.journal, inner.env.now() - PRESSED);
        for moment in [WAY, Span::micros(-1)] {
            let mut way = Box::pin(give_way(inner));
            assert!((&mut way).now_or_never().is_none());
            world.clock.advance(moment);
            way.await;
        }
    }

    #[test]
    fn a_portion_grows_while_it_is_fast_and_full_and_shrinks_when_it_is_slow() {
        let mut portion = Portion(256);
        assert!(portion.took(Span::millis(1), 256), "there may be more");
        assert_eq!(portion.0, 512);
        assert!(!portion.took(Span::millis(1), 3), "that was all");
        assert_eq!(portion.0, 512);
        portion.took(Span::millis(11), 3);
        assert_eq!(portion.0, 256);
        for _ in 0..9 {
            portion.took(Span::seconds(1), 1_024);
        }
        assert_eq!(portion.0, Portion::LEAST);
        for _ in 0..9 {
            portion.took(Span::ZERO, 1_024);
        }
        assert_eq!(portion.0, Portion::MOST);
    }
}
