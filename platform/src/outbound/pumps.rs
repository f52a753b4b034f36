//! Starts a pump for each channel that has work and is not pumped by another node.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use whatsapp_core::{Channel, Id, Tenant};
use whatsapp_storage::Mode;

use super::pump::{Pump, Running};
use crate::Error;
use crate::platform::Inner;

/// Runs until `stop`, then until the open calls are settled.
pub(crate) async fn run_pumps(inner: Arc<Inner>, stop: CancellationToken) {
    let running: Arc<Mutex<Running>> = Arc::default();
    let mut pumps = JoinSet::new();
    while !stop.is_cancelled() {
        inner.weather.beat("sending");
        match start_due(&inner, &running).await {
            Ok(due) => {
                for (tenant, channel, epoch) in due {
                    let pump = Pump::new(Arc::clone(&inner), tenant, channel, epoch);
                    let (running, stop) = (Arc::clone(&running), stop.clone());
                    running.lock().unwrap_or_else(PoisonError::into_inner).insert(channel);
                    pumps.spawn(async move {
                        let _place = Place { running, channel };
                        if let Err(error) = pump.run(stop).await {
                            tracing::error!(%error, %channel, "a pump stopped");
                        }
                    });
                }
            }
            Err(error) => tracing::error!(%error, "channels with work could not be found"),
        }
        tokio::select! {
            () = inner.wake.sends.notified() => {}
            () = tokio::time::sleep(inner.settings.poll.to_std()) => {}
            () = stop.cancelled() => {}
        }
        while pumps.try_join_next().is_some() {}
    }
    while pumps.join_next().await.is_some() {}
}

/// A channel's place among the running ones: given back however its pump ends.
struct Place {
    running: Arc<Mutex<Running>>,
    channel: Id<Channel>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.channel);
    }
}

/// The channels with work whose lease could be had, with its epoch.
async fn start_due(
    inner: &Inner,
    running: &Mutex<Running>,
) -> Result<Vec<(Id<Tenant>, Id<Channel>, i64)>, Error> {
    if !inner.weather.may_begin() {
        return Ok(Vec::new());
    }
    let mut tx = inner.store.system(Mode::Read).await?;
    let mut busy = tx.ledger().busy_channels(inner.env.now()).await?;
    drop(tx);
    {
        let running = running.lock().unwrap_or_else(PoisonError::into_inner);
        busy.retain(|(_, channel)| !running.contains(channel));
    }
    if busy.is_empty() {
        return Ok(Vec::new());
    }
    let now = inner.store.now().await?;
    let mut due = Vec::new();
    let mut tx = inner.store.system(Mode::Write).await?;
    for (tenant, channel) in busy {
        // A lease of ours without a pump is what a failed pump left: given back first, so that the new
        // pump gets a new epoch and settles what the old one had begun.
        tx.leases().release(&Pump::lease_name(channel), inner.node).await?;
        if let Some(epoch) = tx
            .leases()
            .acquire(&Pump::lease_name(channel), inner.node, now, now + inner.settings.lease)
            .await?
        {
            due.push((tenant, channel, epoch));
        }
    }
    tx.commit().await?;
    Ok(due)
}

/// Pumps whose turns are asked for one by one, for a clock that is moved by hand.
#[cfg(feature = "testing")]
#[derive(Default)]
pub(crate) struct ManualPumps(Vec<(Id<Channel>, Pump)>);

#[cfg(feature = "testing")]
impl std::fmt::Debug for ManualPumps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.epochs()).finish()
    }
}

#[cfg(feature = "testing")]
impl ManualPumps {
    pub(crate) fn epochs(&self) -> Vec<(Id<Channel>, i64)> {
        self.0.iter().map(|(channel, pump)| (*channel, pump.epoch())).collect()
    }
    /// Everything that has a slot at this moment goes out; answers whether anything did.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn pump(&mut self, inner: &Arc<Inner>) -> Result<bool, Error> {
        let running = Mutex::new(self.0.iter().map(|(channel, _)| *channel).collect());
        for (tenant, channel, epoch) in start_due(inner, &running).await? {
            self.0.push((channel, Pump::new(Arc::clone(inner), tenant, channel, epoch)));
        }
        let (mut worked, mut lost, mut failed) = (false, Vec::new(), None);
        for (channel, pump) in &mut self.0 {
            match pump.drain().await {
                Ok(Some(any)) => worked |= any,
                Ok(None) => lost.push(*channel),
                Err(error) => {
                    lost.push(*channel);
                    failed = Some(error);
                }
            }
        }
        self.0.retain(|(channel, _)| !lost.contains(channel));
        failed.map_or(Ok(worked), Err)
    }
}
