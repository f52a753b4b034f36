//! What an operator does with a fenced database: look at what is pending, and let it go on. What the backup believes to
//! be waiting may have been sent by the database that was lost, so it goes on without it unless he knows better. Never
//! decides that by itself.

use whatsapp_core::{
    By, Campaign, CampaignStatus, Event, Id, Lane, PageRequest, Span, Tenant, Timestamp,
};
use whatsapp_storage::repo::Waiting;
use whatsapp_storage::{Mode, TenantTx};

use crate::fence::Fence;
use crate::jobs::Task;
use crate::outbound::record_moves;
use crate::platform::Inner;
use crate::work::Said;
use crate::{Error, Platform};

/// So many lines are changed in one transaction.
const STEP: u32 = 2_000;
/// So many jobs are looked at in one statement.
const JOBS: u32 = 500;
/// Every job is due by then.
const EVER: Span = Span::days(3_650);

/// What waits behind a fence, of all tenants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Messages that are not decided.
    pub lines: Waiting,
    /// Campaigns whose list of people is being made.
    pub preparing: usize,
    /// Campaigns that are being sent.
    pub sending: usize,
    /// Campaigns whose time to start came.
    pub due: usize,
    /// Campaigns that start later.
    pub scheduled: usize,
    /// Jobs that wait or were running.
    pub jobs: i64,
}

/// What becomes of the messages that a backup believes to be waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// They may have been sent after the backup: they are `unconfirmed`, and only a person sends them again.
    /// Campaigns that had begun, or whose time came, are paused.
    Unconfirmed,
    /// Nothing ran after the backup: everything goes on where it was.
    Send,
}

/// What a confirmation changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// Messages that are `unconfirmed` now.
    pub unconfirmed: usize,
    /// Campaigns that are paused now.
    pub paused: usize,
    /// Wishes to try people of campaigns again that were put aside.
    pub put_aside: usize,
}

/// A fenced database in an operator's hands.
#[derive(Debug)]
pub struct Restore<'p>(&'p Inner);

impl Platform {
    /// The fence of a database that may lie behind the world: whether there is one, what is pending, the end of it.
    #[must_use]
    pub fn restore(&self) -> Restore<'_> {
        Restore(&self.0)
    }
}

impl Restore<'_> {
    /// The fence, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn fence(&self) -> Result<Option<Fence>, Error> {
        crate::fence::read(&*self.0.store).await
    }
    /// Fences the database by hand: after a restore in place, which leaves no trace. One that is there stays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set(&self) -> Result<Fence, Error> {
        self.0.put_fence().await
    }
    /// What waits.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pending(&self) -> Result<Pending, Error> {
        let now = self.0.env.now();
        let mut pending = Pending::default();
        for tenant in self.tenants().await? {
            let mut tx = self.0.store.tenant(tenant, Mode::Read).await?;
            let lines = tx.doubts().waiting().await?;
            pending.lines.queued += lines.queued;
            pending.lines.sending += lines.sending;
            pending.lines.ambiguous += lines.ambiguous;
            pending.preparing += campaigns(&mut *tx, CampaignStatus::Preparing).await?.len();
            pending.sending += campaigns(&mut *tx, CampaignStatus::Sending).await?.len();
            let scheduled = campaigns(&mut *tx, CampaignStatus::Scheduled).await?;
            let due = scheduled.iter().filter(|campaign| is_due(campaign, now)).count();
            pending.due += due;
            pending.scheduled += scheduled.len() - due;
        }
        let mut tx = self.0.store.system(Mode::Read).await?;
        pending.jobs = tx.job_queue().unfinished().await?;
        Ok(pending)
    }
    /// Lets everything go on. May be repeated when it breaks off: the fence falls last.
    ///
    /// # Errors
    /// `NOT_FENCED` when there is no fence; when the store fails.
    pub async fn confirm(&self, backlog: Backlog) -> Result<Confirmed, Error> {
        let fence = self.fence().await?.ok_or_else(|| {
            Error::conflict("NOT_FENCED", "this database is not fenced: nothing waits for you")
        })?;
        let mut confirmed = Confirmed::default();
        if backlog == Backlog::Unconfirmed {
            for tenant in self.tenants().await? {
                confirmed.paused += hold_campaigns(self.0, tenant, fence).await?;
                confirmed.unconfirmed += doubt(self.0, tenant, fence).await?;
            }
            confirmed.put_aside = put_aside(self.0, fence).await?;
        }
        self.0.remove_fence().await?;
        Ok(confirmed)
    }
    async fn tenants(&self) -> Result<Vec<Id<Tenant>>, Error> {
        let mut tx = self.0.store.system(Mode::Read).await?;
        let (mut tenants, mut page) = (Vec::new(), PageRequest::first(PageRequest::MAX));
        loop {
            let found = tx.tenants().page(&page).await?;
            tenants.extend(found.items.iter().map(|tenant| tenant.id));
            if found.next.is_none() {
                return Ok(tenants);
            }
            page = page.after(found.next);
        }
    }
}

fn is_due(campaign: &Campaign, now: Timestamp) -> bool {
    campaign.scheduled_at.is_some_and(|at| at <= now)
}

/// All campaigns of a tenant with this status.
async fn campaigns(tx: &mut dyn TenantTx, status: CampaignStatus) -> Result<Vec<Campaign>, Error> {
    let (mut all, mut page) = (Vec::new(), PageRequest::first(PageRequest::MAX));
    loop {
        let found = tx.campaigns().page(Some(status), None, &page).await?;
        all.extend(found.items);
        if found.next.is_none() {
            return Ok(all);
        }
        page = page.after(found.next);
    }
}

/// What a campaign is told, if it may not simply go on.
fn reason(campaign: &Campaign, fence: Fence, now: Timestamp) -> Option<String> {
    let since = fence.since.to_rfc3339();
    let before = campaign.started_at.is_none_or(|started| started <= fence.since);
    let what = match campaign.status {
        CampaignStatus::Sending if before => {
            "Whoever was still waiting may have been written to since, and is unconfirmed: look at \
             the people, then go on without them or try them again."
        }
        CampaignStatus::Preparing if before => {
            "Its list of people was not complete, and people who are not on it may have been written \
             to since. Going on writes to them: end it unless you know that nobody was."
        }
        CampaignStatus::Scheduled if is_due(campaign, now) => {
            "Its time came meanwhile, and it may have been sent. Going on sends it: end it unless you \
             know that it was not."
        }
        _ => return None,
    };
    Some(format!("The database was restored and is as it was before {since}. {what}"))
}

/// Pauses what had begun and what should have; answers how many campaigns.
async fn hold_campaigns(inner: &Inner, tenant: Id<Tenant>, fence: Fence) -> Result<usize, Error> {
    let now = inner.env.now();
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let (mut said, mut held) = (Said::default(), 0);
    for status in [CampaignStatus::Preparing, CampaignStatus::Sending, CampaignStatus::Scheduled] {
        for mut campaign in campaigns(&mut *tx, status).await? {
            let Some(reason) = reason(&campaign, fence, now) else { continue };
            let seen = campaign.revision;
            match status {
                CampaignStatus::Scheduled => campaign.ask(reason)?,
                _ => campaign.pause(Some(reason))?,
            }
            // Who changed it at this moment is a person, who sees what it is.
            if tx.campaigns().update(&campaign, seen).await? {
                said.emit(Event::CampaignUpdated {
                    campaign: campaign.id,
                    status: campaign.status,
                });
                held += 1;
            }
        }
    }
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    Ok(held)
}

/// What the backup believes to be waiting is unconfirmed; answers how many messages. What was being sent is doubted by
/// whoever sends next, as after every crash: a status that Meta still has to tell finds it.
async fn doubt(inner: &Inner, tenant: Id<Tenant>, fence: Fence) -> Result<usize, Error> {
    let mut all = 0;
    loop {
        let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
        let moved = tx.doubts().doubt(fence.since, STEP, inner.env.now()).await?;
        if moved.is_empty() {
            return Ok(all);
        }
        all += moved.len();
        let mut said = Said::default();
        record_moves(&mut *tx, &mut said, &moved).await?;
        said.write(&mut *tx, &By::System, &inner.env).await?;
        tx.commit().await?;
    }
}

/// Puts aside what would send to people of a campaign again, asked for before the fence; answers how many wishes.
async fn put_aside(inner: &Inner, fence: Fence) -> Result<usize, Error> {
    let now = inner.env.now();
    let mut tx = inner.store.system(Mode::Write).await?;
    let (mut others, mut aside) = (Vec::new(), 0);
    loop {
        // What is taken is not due again before this is over.
        let token = inner.env.uuid();
        let until = now + EVER + EVER;
        let jobs = tx.job_queue().claim(Lane::Campaign, now + EVER, JOBS, until, token).await?;
        if jobs.is_empty() {
            break;
        }
        for job in jobs {
            let task = serde_json::from_value(job.spec.body);
            if matches!(task, Ok(Task::RetryCampaign { until, .. }) if until <= fence.since) {
                let why = "asked for before the database was restored: it may have been done";
                tx.job_queue().bury(job.spec.id, token, why).await?;
                aside += 1;
            } else {
                others.push((job.spec.id, token));
            }
        }
    }
    for (id, token) in others {
        tx.job_queue().retry(id, token, now, "the database was restored").await?;
    }
    tx.commit().await?;
    Ok(aside)
}
