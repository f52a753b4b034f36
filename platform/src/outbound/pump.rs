//! The pump of one channel: holds its lease, paces, sends. One loop turn is one transaction (write what was
//! learnt, claim, begin). What it began goes out slot by slot while the next turn gathers, so that a turn is made of what
//! comes together in some ten milliseconds and not of one message. Calls that are open when the pump stops are settled by
//! whoever pumps next: as `ambiguous`, for nothing else is known of them.

mod flow;
mod salvage;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
#[cfg(feature = "testing")]
use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use whatsapp_cloud::Access;
use whatsapp_core::channel::ChannelState;
use whatsapp_core::send::SendError;
use whatsapp_core::{By, Channel, Id, Secret, Span, Tenant, Timestamp};
use whatsapp_storage::repo::Moved;
use whatsapp_storage::{Mode, TenantTx};

use super::batch::{self, Begun};
#[cfg(feature = "testing")]
use super::call;
use super::call::Outcome;
use super::door::Door;
use super::heed::{self, settle};
use super::lanes::{Lanes, Turn};
use super::line::Gate;
use crate::Error;
use crate::jobs::Task;
use crate::platform::Inner;
use crate::work::Said;

/// A pump with nothing to do ends after so many idle turns.
const IDLE_TURNS: u32 = 4;
pub(super) struct Pump {
    inner: Arc<Inner>,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    epoch: i64,
    lanes: Lanes,
    door: Arc<Door>,
    /// Begun, and waiting for their slots until the clock is moved on.
    #[cfg(feature = "testing")]
    ready: VecDeque<(Timestamp, Begun)>,
    /// When the last turn was over.
    turned_at: Timestamp,
    /// Somebody said that there is something to send.
    woken: bool,
    calls: JoinSet<()>,
    answers: mpsc::Receiver<Outcome>,
    answer: mpsc::Sender<Outcome>,
    gave_up_at: Timestamp,
    /// When Meta was last asked about the number.
    asked_at: Timestamp,
    idle: u32,
    /// The credential of the last turn, and as it was sealed.
    access: Option<(Secret, Access)>,
    /// Whether what a predecessor left is settled.
    recovered: bool,
    /// A call ended without an answer of any kind.
    broken: bool,
    /// What the turn that is under way begins: while its commit is in doubt, it is certain that nothing of it went out.
    beginning: Vec<Begun>,
    gate: Gate,
}

impl Pump {
    pub(super) fn new(
        inner: Arc<Inner>,
        tenant: Id<Tenant>,
        channel: Id<Channel>,
        epoch: i64,
    ) -> Self {
        let (answer, answers) = mpsc::channel(inner.settings.concurrency.max(1) * 2);
        let gate = Gate::new(inner.lines.of(channel));
        let lanes = Lanes::new(inner.settings.pacing.clone());
        Self {
            inner,
            tenant,
            channel,
            epoch,
            lanes,
            door: Arc::default(),
            #[cfg(feature = "testing")]
            ready: VecDeque::new(),
            turned_at: Timestamp::ZERO,
            woken: false,
            calls: JoinSet::new(),
            answers,
            answer,
            gave_up_at: Timestamp::ZERO,
            asked_at: Timestamp::ZERO,
            idle: 0,
            access: None,
            recovered: false,
            broken: false,
            beginning: Vec::new(),
            gate,
        }
    }

    pub(super) fn lease_name(channel: Id<Channel>) -> String {
        format!("pump:{channel}")
    }

    /// Runs until there is nothing more to do, the lease is lost, the store fails, or `stop`. Whatever the
    /// end, what is learnt of the open calls is written first.
    pub(super) async fn run(mut self, stop: CancellationToken) -> Result<(), Error> {
        let mut learnt = Vec::new();
        loop {
            // A node that may not begin anything leaves the channel to one that may.
            let stopping = stop.is_cancelled() || !self.inner.weather.may_begin();
            self.gate.look(&self.inner, self.access.as_ref().map(|(_, access)| access));
            let began_at = self.inner.env.now();
            match self.turn(&learnt, stopping, !self.recovered).await {
                Ok(Some(begun)) => {
                    self.after(&std::mem::take(&mut learnt), &begun);
                    if self.is_late(began_at) {
                        learnt = self.all_unsent(begun);
                    } else {
                        self.start(begun);
                    }
                }
                // Another node has the channel, or it is not known what became of this turn: whoever pumps
                // next, under a new epoch, settles what this pump left behind.
                Ok(None) => {
                    tracing::warn!(channel = %self.channel, "the lease of a channel was lost");
                    return self.salvage(learnt).await;
                }
                Err(error) => {
                    tracing::error!(%error, channel = %self.channel, "a pump could not write");
                    let beginning = std::mem::take(&mut self.beginning);
                    learnt.extend(self.all_unsent(beginning));
                    return self.salvage(learnt).await;
                }
            }
            if self.broken {
                // Its line has no answer and never gets one: whoever pumps next, under a new epoch, settles it.
                return self.salvage(learnt).await;
            }
            let open = !self.calls.is_empty() || !learnt.is_empty() || !self.answers.is_empty();
            if !open && (stopping || (self.idle >= IDLE_TURNS && !self.busy().await?)) {
                break;
            }
            self.wait(&mut learnt, &stop).await;
        }
        self.release().await
    }

    #[cfg(feature = "testing")]
    pub(super) const fn epoch(&self) -> i64 {
        self.epoch
    }

    /// What [`Pump::run`] does, with the calls one by one between the turns, until there is nothing to do at this
    /// moment. Answers whether there was anything; `None` when the pump is at its end, in peace or because the
    /// lease was lost.
    #[cfg(feature = "testing")]
    pub(super) async fn drain(&mut self) -> Result<Option<bool>, Error> {
        let (mut learnt, mut worked) = (Vec::new(), false);
        loop {
            self.gate.look_now(&self.inner, self.access.as_ref().map(|(_, access)| access)).await;
            let began_at = self.inner.env.now();
            let begun = match self.turn(&learnt, false, !self.recovered).await {
                Ok(Some(begun)) => begun,
                Ok(None) => return self.write_last(&learnt).await.map(|()| None),
                Err(error) => {
                    let beginning = std::mem::take(&mut self.beginning);
                    learnt.extend(self.all_unsent(beginning));
                    return self.write_last(&learnt).await.and(Err(error));
                }
            };
            self.after(&std::mem::take(&mut learnt), &begun);
            if self.is_late(began_at) {
                learnt = self.all_unsent(begun);
                continue;
            }
            let begun = self.with_slots(begun);
            self.ready.extend(begun);
            let Some((_, access)) = self.access.clone() else { return Ok(Some(worked)) };
            let now = self.inner.env.now();
            if self.ready.front().is_none_or(|(slot, _)| *slot > now) {
                break;
            }
            worked = true;
            while let Some((slot, begun)) = self.ready.pop_front_if(|(slot, _)| *slot <= now) {
                self.door.pass(slot);
                let line = &self.gate.line;
                learnt.push(if line.lets_go(&self.inner) {
                    call::send(&self.inner, &access, line, begun).await
                } else {
                    call::unsent(begun, now)
                });
            }
        }
        if self.idle >= IDLE_TURNS && !self.busy().await? {
            self.release().await?;
            return Ok(None);
        }
        Ok(Some(worked))
    }

    #[cfg(feature = "testing")]
    async fn write_last(&self, learnt: &[Outcome]) -> Result<(), Error> {
        if learnt.is_empty() { Ok(()) } else { self.write_learnt(learnt).await }
    }

    async fn release(&self) -> Result<(), Error> {
        let mut tx = self.inner.store.system(Mode::Write).await?;
        tx.leases().release(&Self::lease_name(self.channel), self.inner.node).await?;
        Ok(tx.commit().await?)
    }

    fn after(&mut self, learnt: &[Outcome], begun: &[Begun]) {
        let quiet = learnt.is_empty() && begun.is_empty() && self.open() == 0;
        self.turned_at = self.inner.env.now();
        self.recovered = true;
        self.idle = if quiet { self.idle.saturating_add(1) } else { 0 };
    }

    /// How many are begun without an answer.
    fn open(&self) -> usize {
        #[cfg(feature = "testing")]
        let waiting = self.ready.len();
        #[cfg(not(feature = "testing"))]
        let waiting = 0;
        self.calls.len() + waiting
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
        self.beginning = self.work(&mut *tx, &mut said, learnt, stopping, recover).await?;
        let loud = !said.is_empty();
        said.write(&mut *tx, &By::System, &inner.env).await?;
        tx.commit().await?;
        system.commit().await?;
        if loud {
            inner.wake.events.notify_one();
        }
        Ok(Some(std::mem::take(&mut self.beginning)))
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
        let mut moved = Vec::new();
        self.lanes.rest();
        if recover {
            // What a predecessor left open becomes ambiguous.
            moved.extend(tx.sends().recover(self.channel, self.epoch, now).await?);
            self.lanes.know(tx.sends().returned(self.channel, now).await?);
        }
        if !learnt.is_empty() {
            let lessons: Vec<_> = learnt.iter().map(|o| o.learnt.clone()).collect();
            moved.extend(tx.sends().learn(self.channel, &lessons, now).await?);
            self.lanes.learn(learnt, now);
        }
        moved.extend(self.give_up(tx, now).await?);
        settle(&self.inner, tx, said, (self.channel, learnt), &moved).await?;
        let channel = tx.channels().find(self.channel).await?;
        let Some(channel) = channel.filter(|c| c.state == ChannelState::Connected && !stopping)
        else {
            return Ok(Vec::new());
        };
        // The credential is at hand before anything is begun: what is begun goes out.
        let known = self.access.as_ref().is_some_and(|(sealed, _)| *sealed == channel.token_sealed);
        match if known { Ok(None) } else { self.inner.access(self.tenant, &channel).map(Some) } {
            Ok(None) => {}
            Ok(Some(access)) => self.access = Some((channel.token_sealed.clone(), access)),
            Err(error) => {
                tracing::error!(%error, channel = %self.channel, "a channel's token cannot be read");
                let message = "The stored access token cannot be read. Reconnect the channel.";
                let why = SendError { code: "TOKEN_UNREADABLE".into(), message: message.into() };
                let state = (ChannelState::Disconnected, now);
                heed::stop_channel(tx, said, self.channel, state, &why).await?;
                return Ok(Vec::new());
            }
        }
        self.begin(tx, said, &channel, now).await
    }

    /// What was doubtful for too long stays unknown; looked at ten times within the shortest hold.
    async fn give_up(
        &mut self,
        tx: &mut dyn TenantTx,
        now: Timestamp,
    ) -> Result<Vec<Moved>, Error> {
        let settings = &self.inner.settings;
        let (hold, codes) = (settings.ambiguous_hold, settings.ambiguous_hold_codes);
        let often = hold.min(codes).as_micros() / 10;
        if now - self.gave_up_at < Span::micros(often.clamp(100_000, 60_000_000)) {
            return Ok(Vec::new());
        }
        self.gave_up_at = now;
        // A hold that was made shorter for all is not longer for codes.
        let codes = hold.min(codes);
        Ok(tx.sends().give_up(self.channel, now - hold, now - codes, now).await?)
    }

    async fn begin(
        &mut self,
        tx: &mut dyn TenantTx,
        said: &mut Said,
        channel: &Channel,
        now: Timestamp,
    ) -> Result<Vec<Begun>, Error> {
        let running = tx.campaigns().running(self.channel).await?;
        let open = self.open();
        let free = self.inner.settings.concurrency.saturating_sub(open);
        let free = self.gate.room(&self.inner, free);
        let (concurrency, broken) = (open + free, self.gate.is_broken());
        let turn = Turn { channel, running: &running, concurrency, open, broken, now };
        let (request, budget) = self.lanes.open(tx, &turn).await?;
        let (claimed, begun) = if request.limit == 0 {
            (0, Vec::new())
        } else {
            batch::begin(&self.inner, tx, said, channel, (&request, self.epoch)).await?
        };
        self.lanes.took(&turn, &request, (claimed, &begun));
        self.lanes.tell(tx, said, &turn, budget).await?;
        let well = free > 0 && !running.is_empty();
        if well && now - self.asked_at >= self.inner.settings.pacing.refresh {
            // Meta tells of a number's quality only to whoever asks.
            self.asked_at = now;
            said.schedule(Task::SyncNumber { channel: channel.id }.job(&self.inner.env, now));
        }
        self.gate.begun(begun.len());
        Ok(begun)
    }
}

/// For the set of channels that are pumped on this node.
pub(super) type Running = HashSet<Id<Channel>>;
