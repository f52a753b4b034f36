//! Looks after campaigns: starts what is due, ends what is decided, pauses what goes wrong, empties what was
//! cancelled.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use whatsapp_core::campaign::LateStart;
use whatsapp_core::send::SendError;
use whatsapp_core::{By, Campaign, CampaignStatus, Event, Id, Tenant};
use whatsapp_storage::{Mode, TenantTx};

use crate::Error;
use crate::jobs::{Done, Task};
use crate::outbound::record_moves;
use crate::platform::Inner;
use crate::work::Said;

/// So many lines are left out in one transaction.
const STEP: u32 = 2_000;
/// A campaign of which more than half of at least so many decided messages failed is paused.
const FAILURES_MIN: i64 = 50;

const DEADLINE: &str = "Its deadline passed. Whoever had not been written to by then was left out.";

/// Says in the ledger's form that a campaign's time was over.
pub(crate) fn too_late() -> SendError {
    let message = "The campaign's deadline passed before the message went out.";
    SendError { code: "DEADLINE_PASSED".into(), message: message.into() }
}

/// Runs until `stop`.
pub(crate) async fn care(inner: Arc<Inner>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        inner.weather.beat("campaigns");
        if let Err(error) = look(&inner).await {
            tracing::error!(%error, "campaigns could not be looked after");
        }
        tokio::select! {
            () = tokio::time::sleep(inner.settings.poll.to_std()) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// One look at all campaigns; answers whether any had to be looked after.
///
/// # Errors
/// When the store fails.
pub(crate) async fn look(inner: &Inner) -> Result<bool, Error> {
    if !inner.weather.may_begin() {
        return Ok(false);
    }
    let mut tx = inner.store.system(Mode::Read).await?;
    let tenants = tx.ledger().campaigns_due(inner.env.now()).await?;
    drop(tx);
    let any = !tenants.is_empty();
    for tenant in tenants {
        // One tenant's trouble is not another's.
        if let Err(error) = look_at(inner, tenant).await {
            tracing::error!(%error, %tenant, "a tenant's campaigns could not be looked after");
        }
    }
    Ok(any)
}

async fn look_at(inner: &Inner, tenant: Id<Tenant>) -> Result<(), Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let mut said = Said::default();
    for campaign in tx.campaigns().due(inner.env.now()).await? {
        start(inner, &mut *tx, &mut said, campaign).await?;
    }
    for campaign in tx.campaigns().sending().await? {
        advance(inner, &mut *tx, &mut said, campaign).await?;
    }
    for campaign in tx.campaigns().over_but_waiting().await? {
        let task = Task::EmptyCampaign { campaign };
        said.schedule(task.job(&inner.env, inner.env.now()));
    }
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(())
}

async fn start(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    mut campaign: Campaign,
) -> Result<(), Error> {
    let seen = campaign.revision;
    let now = inner.env.now();
    match campaign.late(now) {
        _ if campaign.is_past_deadline(now) => campaign.end(DEADLINE.into(), now)?,
        Some(LateStart::Ask) => campaign.ask(
            "It could not start at its time. Start it now, or end it: nobody was written to."
                .into(),
        )?,
        Some(LateStart::Skip) => campaign.end(
            "It could not start at its time, and its rules say to leave it out then.".into(),
            now,
        )?,
        Some(LateStart::Start) | None => {
            if let Err(error) = campaign.start(now) {
                campaign.fail(error.to_string(), now)?;
            }
        }
    }
    if tx.campaigns().update(&campaign, seen).await? {
        said.emit(Event::CampaignUpdated { campaign: campaign.id, status: campaign.status });
        if campaign.status == CampaignStatus::Preparing {
            let task = Task::ExpandCampaign { campaign: campaign.id, after: None };
            said.schedule(task.job(&inner.env, now));
        }
    }
    Ok(())
}

/// Ends a campaign when nobody is undecided; pauses it when most of what is decided failed.
async fn advance(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    mut campaign: Campaign,
) -> Result<(), Error> {
    let (seen, counts) = (campaign.revision, campaign.counts);
    let decided = counts.failed + counts.ever_sent();
    let now = inner.env.now();
    if counts.is_decided() {
        campaign.complete(now)?;
    } else if counts.waiting > 0 && campaign.is_past_deadline(now) {
        campaign.end(DEADLINE.into(), now)?;
    } else if counts.waiting > 0 && decided >= FAILURES_MIN && counts.failed * 2 > decided {
        campaign.pause(Some(
            "More than half of the messages failed. Look at the causes before you go on.".into(),
        ))?;
    } else {
        return Ok(());
    }
    if tx.campaigns().update(&campaign, seen).await? {
        said.emit(Event::CampaignUpdated { campaign: campaign.id, status: campaign.status });
    }
    Ok(())
}

/// Leaves out whoever still waits in a campaign that is over, some thousand at a time.
pub(crate) async fn empty(
    inner: &Inner,
    tenant: Id<Tenant>,
    campaign: Id<Campaign>,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let Some(found) = tx.campaigns().find(campaign).await? else { return Ok(Done::Done) };
    let why = match found.status {
        CampaignStatus::Cancelled if found.is_past_deadline(inner.env.now()) => too_late(),
        CampaignStatus::Cancelled => {
            SendError { code: "CANCELLED".into(), message: "The campaign was cancelled.".into() }
        }
        CampaignStatus::Failed => {
            SendError { code: "CANCELLED".into(), message: "The campaign could not go on.".into() }
        }
        _ => return Ok(Done::Done),
    };
    let moved = tx.sends().skip_campaign(campaign, &why, STEP, inner.env.now()).await?;
    let mut said = Said::default();
    record_moves(&mut *tx, &mut said, &moved).await?;
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(if moved.is_empty() { Done::Done } else { Done::Next(Task::EmptyCampaign { campaign }) })
}
