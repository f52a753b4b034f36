//! Looks after campaigns: starts what is due, ends what is decided, pauses what goes wrong, empties what was
//! cancelled.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
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

/// Runs until `stop`.
pub(crate) async fn care(inner: Arc<Inner>, stop: CancellationToken) {
    while !stop.is_cancelled() {
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
    let mut tx = inner.store.system(Mode::Read).await?;
    let tenants = tx.ledger().campaigns_due(inner.env.now()).await?;
    drop(tx);
    let any = !tenants.is_empty();
    for tenant in tenants {
        let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
        let mut said = Said::default();
        for campaign in tx.campaigns().due(inner.env.now()).await? {
            start(inner, &mut *tx, &mut said, campaign).await?;
        }
        for campaign in tx.campaigns().sending().await? {
            advance(inner, &mut *tx, &mut said, campaign).await?;
        }
        said.write(&mut *tx, &By::System, &inner.env).await?;
        tx.commit().await?;
        inner.wake.all();
    }
    Ok(any)
}

async fn start(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    mut campaign: Campaign,
) -> Result<(), Error> {
    let seen = campaign.revision;
    campaign.start(inner.env.now())?;
    if tx.campaigns().update(&campaign, seen).await? {
        said.emit(Event::CampaignUpdated { campaign: campaign.id, status: campaign.status });
        said.schedule(
            Task::ExpandCampaign { campaign: campaign.id, after: None }
                .job(&inner.env, inner.env.now()),
        );
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
    if counts.is_decided() {
        campaign.complete(inner.env.now())?;
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

/// Leaves out whoever still waits in a cancelled campaign, some thousand at a time.
pub(crate) async fn empty(
    inner: &Inner,
    tenant: Id<Tenant>,
    campaign: Id<Campaign>,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let cancelled =
        tx.campaigns().find(campaign).await?.is_some_and(|c| c.status == CampaignStatus::Cancelled);
    if !cancelled {
        return Ok(Done::Done);
    }
    let why = SendError { code: "CANCELLED".into(), message: "The campaign was cancelled.".into() };
    let moved = tx.sends().skip_campaign(campaign, &why, STEP, inner.env.now()).await?;
    let mut said = Said::default();
    record_moves(&mut *tx, &mut said, &moved).await?;
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(if moved.is_empty() { Done::Done } else { Done::Next(Task::EmptyCampaign { campaign }) })
}
