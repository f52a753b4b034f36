//! The one door to a tenant's data: a unit of work that knows who acts, collects what happened and what
//! must follow, and commits all of it at once. Never calls the world.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use whatsapp_core::event::AuditEntry;
use whatsapp_core::{By, Campaign, Counts, Env, Event, Id, JobSpec, Permission, SendState};
use whatsapp_storage::repo::{Call, Claim};
use whatsapp_storage::{Mode, TenantScope, TenantTx};

use crate::platform::Inner;
use crate::{Actor, Error};

/// What a unit of work says beside its rows.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// What lines of campaigns moved, to be counted.
    counts: BTreeMap<Id<Campaign>, Counts>,
    events: Vec<Event>,
    jobs: Vec<JobSpec>,
}

impl Said {
    pub(crate) fn emit(&mut self, event: Event) {
        self.events.push(event);
    }
    /// A line of a campaign moved.
    pub(crate) fn count(&mut self, campaign: Id<Campaign>, from: SendState, to: SendState) {
        self.counts.entry(campaign).or_default().step(from, to);
    }
    pub(crate) fn schedule(&mut self, job: JobSpec) {
        self.jobs.push(job);
    }
    /// Whether a job was asked for that is not written yet.
    pub(crate) const fn asks_for_jobs(&self) -> bool {
        !self.jobs.is_empty()
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.events.is_empty() && self.jobs.is_empty()
    }
    /// Writes counts, events and jobs into the transaction whose rows they speak of. Last of all: two units that hold
    /// a campaign and a channel or a conversation must not wait for one another.
    pub(crate) async fn write<T: TenantScope + ?Sized>(
        &mut self,
        tx: &mut T,
        by: &By,
        env: &Env,
    ) -> Result<(), Error> {
        let now = env.now();
        for (campaign, delta) in std::mem::take(&mut self.counts) {
            if delta != Counts::default() {
                tx.campaigns().add_counts(campaign, &delta).await?;
                self.emit(Event::CampaignProgressed { campaign });
            }
        }
        if !self.events.is_empty() {
            let events: Vec<_> = self.events.drain(..).map(|event| (env.id(), event)).collect();
            tx.outbox().append(&events, by, now).await?;
        }
        for job in self.jobs.drain(..) {
            tx.jobs().schedule(&job).await?;
        }
        Ok(())
    }
}

/// A unit of work of one actor in one tenant. Dropped without [`Work::commit`], nothing of it happened.
pub struct Work<'p> {
    tx: Box<dyn TenantTx>,
    platform: &'p Inner,
    actor: &'p Actor,
    said: Said,
}

impl std::fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("actor", &self.actor).finish_non_exhaustive()
    }
}

impl<'p> Work<'p> {
    pub(crate) async fn open(
        platform: &'p Inner,
        actor: &'p Actor,
        permission: Permission,
        mode: Mode,
    ) -> Result<Self, Error> {
        actor.require(permission)?;
        let tx = platform.store.tenant(actor.tenant(), mode).await?;
        Ok(Self { tx, platform, actor, said: Said::default() })
    }
    /// Time, ids and chance.
    #[must_use]
    pub fn env(&self) -> &Env {
        &self.platform.env
    }
    /// Says what happened; others hear it after the commit.
    pub fn emit(&mut self, event: Event) {
        self.said.emit(event);
    }
    /// Says what must follow; it is done after the commit.
    pub fn schedule(&mut self, job: JobSpec) {
        self.said.schedule(job);
    }
    /// Notes a line in the audit log.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit(&mut self, action: &str, target: String) -> Result<(), Error> {
        let entry = AuditEntry {
            id: self.platform.env.id(),
            by: self.actor.by().clone(),
            action: action.to_owned(),
            target,
            at: self.platform.env.now(),
        };
        Ok(self.tx.audit().append(&entry).await?)
    }
    /// Takes an idempotency key in this unit. `Some` is the id of what an earlier call with it made.
    ///
    /// # Errors
    /// `IDEMPOTENCY_KEY_REUSED` when the key was used for another body.
    pub async fn claim(&mut self, call: Option<&Call>) -> Result<Option<String>, Error> {
        let Some(call) = call else { return Ok(None) };
        match self.tx.idempotency().claim(call, self.platform.env.now()).await? {
            Claim::Fresh => Ok(None),
            Claim::Done { resource, .. } => Ok(Some(resource)),
            Claim::Mismatch => Err(Error::invalid(
                "IDEMPOTENCY_KEY_REUSED",
                "Idempotency-Key",
                "this Idempotency-Key was used for another request: use a new one",
            )),
        }
    }
    /// Notes what the call with the key made.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn made<T: whatsapp_core::Entity>(
        &mut self,
        call: Option<&Call>,
        id: Id<T>,
    ) -> Result<(), Error> {
        if let Some(call) = call {
            self.tx.idempotency().attach(call, &id.to_string()).await?;
        }
        Ok(())
    }
    /// Makes rows, events and jobs happen at once, then wakes those who wait for them.
    ///
    /// # Errors
    /// When the store fails; then nothing of it happened, unless the answer to the commit itself was lost.
    pub async fn commit(mut self) -> Result<(), Error> {
        let loud = !self.said.is_empty();
        self.said.write(&mut *self.tx, self.actor.by(), &self.platform.env).await?;
        self.tx.commit().await?;
        if loud {
            self.platform.wake.all();
        }
        Ok(())
    }
}

impl Deref for Work<'_> {
    type Target = dyn TenantTx;
    fn deref(&self) -> &Self::Target {
        &*self.tx
    }
}
impl DerefMut for Work<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.tx
    }
}
