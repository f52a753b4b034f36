//! The pump of one channel: holds its lease, paces, sends. One loop turn is one transaction (write what was
//! learnt, claim, begin) and then the calls it began. Calls that are open when the pump stops are settled by
//! whoever pumps next: as `ambiguous`, for nothing else is known of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use whatsapp_cloud::Access;
use whatsapp_cloud::pace::Pacer;
use whatsapp_core::channel::{ChannelState, Problem};
use whatsapp_core::send::SendError;
use whatsapp_core::{By, Campaign, Channel, Event, Id, Span, Tenant, Timestamp};
use whatsapp_storage::repo::ClaimRequest;
use whatsapp_storage::{Mode, TenantTx};

use super::batch::{self, Begun};
use super::call::{self, Outcome, Signal};
use super::record_moves;
use crate::Error;
use crate::inbound::opt_out;
use crate::platform::Inner;
use crate::work::Said;

/// A pump with nothing to do ends after so many idle turns.
const IDLE_TURNS: u32 = 4;

pub(super) struct Pump {
    inner: Arc<Inner>,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    epoch: i64,
    pacer: Pacer,
    /// Pacers of campaigns that asked for a rate of their own.
    campaigns: HashMap<Id<Campaign>, Pacer>,
    calls: JoinSet<()>,
    answers: mpsc::Receiver<Outcome>,
    answer: mpsc::Sender<Outcome>,
    gave_up_at: Timestamp,
    /// When the first campaign that is held back by its own rate may go on.
    held_until: Option<Timestamp>,
    idle: u32,
    /// Whether what a predecessor left is settled.
    recovered: bool,
}

impl Pump {
    pub(super) fn new(
        inner: Arc<Inner>,
        tenant: Id<Tenant>,
        channel: Id<Channel>,
        epoch: i64,
    ) -> Self {
        let (answer, answers) = mpsc::channel(inner.settings.concurrency.max(1) * 2);
        Self {
            inner,
            tenant,
            channel,
            epoch,
            pacer: Pacer::new(80),
            campaigns: HashMap::new(),
            calls: JoinSet::new(),
            answers,
            answer,
            gave_up_at: Timestamp::ZERO,
            held_until: None,
            idle: 0,
            recovered: false,
        }
    }

    pub(super) fn lease_name(channel: Id<Channel>) -> String {
        format!("pump:{channel}")
    }

    /// Runs until there is nothing more to do, the lease is lost, or `stop`.
    pub(super) async fn run(mut self, stop: CancellationToken) -> Result<(), Error> {
        let mut learnt = Vec::new();
        loop {
            let stopping = stop.is_cancelled();
            match self.turn(&learnt, stopping, !self.recovered).await {
                Ok(Some(begun)) => {
                    self.after(&std::mem::take(&mut learnt), &begun);
                    self.start(begun).await?;
                }
                Ok(None) => {
                    tracing::warn!(channel = %self.channel, "the lease of a channel was lost; its pump stops");
                    return Ok(());
                }
                // Nothing of the turn happened. What was learnt is kept and written when the store is back.
                Err(error) => {
                    tracing::error!(%error, channel = %self.channel, "a pump could not write")
                }
            }
            let open = !self.calls.is_empty() || !learnt.is_empty() || !self.answers.is_empty();
            if !open && (stopping || (self.idle >= IDLE_TURNS && !self.busy().await?)) {
                break;
            }
            self.wait(&mut learnt, &stop).await;
        }
        self.release().await
    }

    /// Turn after turn with the calls in between, one by one, until there is nothing to do at this moment.
    /// Answers whether there was anything; `None` when the lease was lost.
    #[cfg(feature = "testing")]
    pub(super) async fn drain(&mut self) -> Result<Option<bool>, Error> {
        let (mut learnt, mut worked) = (Vec::new(), false);
        loop {
            let Some(begun) = self.turn(&learnt, false, !self.recovered).await? else {
                return Ok(None);
            };
            self.after(&std::mem::take(&mut learnt), &begun);
            if begun.is_empty() {
                return Ok(Some(worked));
            }
            worked = true;
            let access = self.access().await?;
            for begun in begun {
                learnt.push(call::send(&self.inner, &access, begun).await);
            }
        }
    }

    async fn access(&self) -> Result<Access, Error> {
        let mut tx = self.inner.store.tenant(self.tenant, Mode::Read).await?;
        let channel = tx.channels().find(self.channel).await?.ok_or(Error::NotFound("channel"))?;
        drop(tx);
        self.inner.access(self.tenant, &channel)
    }

    async fn release(&self) -> Result<(), Error> {
        let mut tx = self.inner.store.system(Mode::Write).await?;
        tx.leases().release(&Self::lease_name(self.channel), self.inner.node).await?;
        Ok(tx.commit().await?)
    }

    fn after(&mut self, learnt: &[Outcome], begun: &[Begun]) {
        let quiet = learnt.is_empty() && begun.is_empty() && self.calls.is_empty();
        self.recovered = true;
        self.idle = if quiet { self.idle.saturating_add(1) } else { 0 };
        if learnt.iter().any(|o| o.signal == Signal::SlowDown) {
            self.pacer.slow_down(self.inner.env.now());
        }
    }

    /// Whether the channel still has undecided lines, so that the pump must stay.
    async fn busy(&mut self) -> Result<bool, Error> {
        let mut tx = self.inner.store.system(Mode::Read).await?;
        let busy = tx.ledger().busy_channels(self.inner.env.now()).await?;
        Ok(busy.iter().any(|(_, channel)| *channel == self.channel))
    }

    /// One transaction: keep the lease, write what was learnt, claim and begin. `None` when the lease was lost:
    /// then nothing of it happened.
    async fn turn(
        &mut self,
        learnt: &[Outcome],
        stopping: bool,
        recover: bool,
    ) -> Result<Option<Vec<Begun>>, Error> {
        let inner = Arc::clone(&self.inner);
        let lease_now = inner.store.now().await?;
        let mut system = inner.store.system(Mode::Write).await?;
        let until = lease_now + inner.settings.lease;
        if !system
            .leases()
            .renew(&Self::lease_name(self.channel), inner.node, self.epoch, until)
            .await?
        {
            return Ok(None);
        }
        let mut said = Said::default();
        let mut tx = system.enter(self.tenant).await?;
        let begun = self.work(&mut *tx, &mut said, learnt, stopping, recover).await?;
        let loud = !said.is_empty();
        said.write(&mut *tx, &By::System, &inner.env).await?;
        tx.commit().await?;
        system.commit().await?;
        if loud {
            inner.wake.events.notify_one();
        }
        Ok(Some(begun))
    }

    async fn work(
        &mut self,
        tx: &mut dyn TenantTx,
        said: &mut Said,
        learnt: &[Outcome],
        stopping: bool,
        recover: bool,
    ) -> Result<Vec<Begun>, Error> {
        let now = self.inner.env.now();
        let hold = self.inner.settings.ambiguous_hold;
        let mut moved = Vec::new();
        if recover {
            // What a predecessor left: claimed lines go back, open calls become ambiguous.
            moved.extend(tx.sends().recover(self.channel, self.epoch, now).await?);
        }
        if !learnt.is_empty() {
            let lessons: Vec<_> = learnt.iter().map(|o| o.learnt.clone()).collect();
            moved.extend(tx.sends().learn(self.channel, &lessons, now).await?);
        }
        if now - self.gave_up_at >= Span::micros((hold.as_micros() / 10).clamp(100_000, 60_000_000))
        {
            moved.extend(tx.sends().give_up(self.channel, now - hold, now).await?);
            self.gave_up_at = now;
        }
        for outcome in learnt {
            self.heed(tx, said, outcome).await?;
        }
        record_moves(tx, said, &moved).await?;
        let channel = tx.channels().find(self.channel).await?;
        match channel.filter(|c| c.state == ChannelState::Connected && !stopping) {
            Some(channel) => self.begin(tx, said, &channel, now).await,
            None => Ok(Vec::new()),
        }
    }

    async fn begin(
        &mut self,
        tx: &mut dyn TenantTx,
        said: &mut Said,
        channel: &Channel,
        now: Timestamp,
    ) -> Result<Vec<Begun>, Error> {
        self.pacer.set_rate(channel.throughput);
        let free = self.inner.settings.concurrency.saturating_sub(self.calls.len());
        let limit = u32::try_from(self.pacer.take(now, free)).unwrap_or(u32::MAX);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let held = self.held(tx, channel, now).await?;
        // A campaign with a rate of its own goes one by one: its next slot is known only after this one.
        let limit = if self.campaigns.is_empty() { limit } else { 1 };
        let request = ClaimRequest {
            channel: self.channel,
            now,
            limit,
            epoch: self.epoch,
            campaigns: true,
            held,
        };
        let begun = batch::begin(&self.inner, tx, said, channel, &request).await?;
        for campaign in begun.iter().filter_map(|b| b.campaign) {
            if let Some(pacer) = self.campaigns.get_mut(&campaign) {
                pacer.take(now, 1);
            }
        }
        Ok(begun)
    }

    /// Campaigns whose own rate has no room now.
    async fn held(
        &mut self,
        tx: &mut dyn TenantTx,
        channel: &Channel,
        now: Timestamp,
    ) -> Result<Vec<Id<Campaign>>, Error> {
        let mut running = HashMap::new();
        for campaign in tx.campaigns().sending().await? {
            if let Some(rate) = campaign
                .rate
                .filter(|rate| campaign.channel == self.channel && *rate < channel.throughput)
            {
                let pacer = self.campaigns.remove(&campaign.id);
                let mut pacer = pacer.unwrap_or_else(|| Pacer::new(rate));
                pacer.set_rate(rate);
                running.insert(campaign.id, pacer);
            }
        }
        self.campaigns = running;
        let waiting = self.campaigns.iter().map(|(id, pacer)| (*id, pacer.ready_at(now)));
        let waiting: Vec<_> = waiting.filter(|(_, at)| *at > now).collect();
        self.held_until = waiting.iter().map(|(_, at)| *at).min();
        Ok(waiting.into_iter().map(|(id, _)| id).collect())
    }

    /// What an answer means for channel, campaign and person, in the transaction that records it.
    async fn heed(
        &self,
        tx: &mut dyn TenantTx,
        said: &mut Said,
        outcome: &Outcome,
    ) -> Result<(), Error> {
        match &outcome.signal {
            Signal::Quiet | Signal::SlowDown => Ok(()),
            Signal::Disconnect(why) => {
                self.stop_channel(tx, said, ChannelState::Disconnected, why).await
            }
            Signal::PauseChannel(why) => {
                self.stop_channel(tx, said, ChannelState::Paused, why).await
            }
            Signal::PauseTemplate(why) => match outcome.begun.campaign {
                Some(campaign) => pause_campaign(tx, said, campaign, why).await,
                None => Ok(()),
            },
            Signal::OptOut => opt_out(&self.inner, tx, said, outcome.begun.contact).await,
        }
    }

    async fn stop_channel(
        &self,
        tx: &mut dyn TenantTx,
        said: &mut Said,
        state: ChannelState,
        why: &SendError,
    ) -> Result<(), Error> {
        let Some(mut channel) = tx.channels().find(self.channel).await? else { return Ok(()) };
        if channel.state != state {
            channel.state = state;
            channel.problem =
                Some(Problem { code: why.code.clone(), message: why.message.clone() });
            tx.channels().update(&channel).await?;
            said.emit(Event::ChannelUpdated { channel: channel.id });
        }
        for campaign in
            tx.campaigns().sending().await?.into_iter().filter(|c| c.channel == self.channel)
        {
            pause_campaign(tx, said, campaign.id, why).await?;
        }
        Ok(())
    }

    async fn start(&mut self, begun: Vec<Begun>) -> Result<(), Error> {
        if begun.is_empty() {
            return Ok(());
        }
        let access = self.access().await?;
        for begun in begun {
            let (inner, access, answer) =
                (Arc::clone(&self.inner), access.clone(), self.answer.clone());
            self.calls.spawn(async move {
                let outcome = call::send(&inner, &access, begun).await;
                // A pump that is gone leaves the line to its successor, which calls it ambiguous.
                let _gone = answer.send(outcome).await;
            });
        }
        Ok(())
    }

    /// Until an answer comes, there is a slot and something to send, or it is time to look.
    async fn wait(&mut self, learnt: &mut Vec<Outcome>, stop: &CancellationToken) {
        let now = self.inner.env.now();
        let poll = self.inner.settings.poll;
        let slot = if self.idle == 0 { self.pacer.ready_at(now) } else { now + poll };
        let slot = self.held_until.map_or(slot, |at| slot.min(at)).min(now + poll);
        let pause = (slot - now).max(Span::millis(1));
        tokio::select! {
            outcome = self.answers.recv() => learnt.extend(outcome),
            () = self.inner.wake.sends.notified() => {}
            () = tokio::time::sleep(pause.to_std()) => {}
            () = stop.cancelled(), if self.calls.is_empty() => {}
        }
        while let Ok(outcome) = self.answers.try_recv() {
            learnt.push(outcome);
        }
        while self.calls.try_join_next().is_some() {}
    }
}

async fn pause_campaign(
    tx: &mut dyn TenantTx,
    said: &mut Said,
    id: Id<Campaign>,
    why: &SendError,
) -> Result<(), Error> {
    let Some(mut campaign) = tx.campaigns().find(id).await? else { return Ok(()) };
    let seen = campaign.revision;
    // Somebody else may have paused or ended it already: then there is nothing to do.
    if campaign.pause(Some(why.message.clone())).is_ok()
        && tx.campaigns().update(&campaign, seen).await?
    {
        said.emit(Event::CampaignUpdated { campaign: id, status: campaign.status });
    }
    Ok(())
}

/// For the set of channels that are pumped on this node.
pub(super) type Running = HashSet<Id<Channel>>;
