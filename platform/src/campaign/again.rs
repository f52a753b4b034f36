//! People of a campaign who are tried again: because a person asked for it, or because Meta did not let the message
//! through and the campaign's rules know another try. Never begins a try itself: the line goes back into the queue.

use std::collections::HashMap;

use whatsapp_core::campaign::Next;
use whatsapp_core::{
    By, Campaign, CampaignStatus, Event, Id, Send, SendError, SendState, Template, Tenant,
    Timestamp,
};
use whatsapp_storage::repo::{Moved, Wanted};
use whatsapp_storage::{Mode, TenantTx};

use crate::Error;
use crate::jobs::{Done, Task};
use crate::outbound::record_moves;
use crate::platform::Inner;
use crate::work::Said;

/// So many lines in one transaction.
const STEP: u32 = 2_000;

/// Puts the next lines that somebody wants sent again back into the queue.
pub(crate) async fn retry(
    inner: &Inner,
    tenant: Id<Tenant>,
    id: Id<Campaign>,
    wanted: Wanted,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let now = inner.env.now();
    let Some(mut campaign) = tx.campaigns().find(id).await? else { return Ok(Done::Done) };
    let lines = tx.attempts().wanted(id, &wanted, STEP).await?;
    if lines.is_empty() {
        return Ok(Done::Done);
    }
    // Whoever asked reopened it; it may have completed since, or been ended by somebody. The update holds it
    // until this step has committed, so that nobody ends it in between.
    let seen = campaign.revision;
    if campaign.reopen(now).is_err() || !tx.campaigns().update(&campaign, seen).await? {
        return Ok(Done::Done);
    }
    let lines: Vec<_> = lines.into_iter().map(|line| (line, now)).collect();
    let moved = tx.attempts().again(&lines, now).await?;
    let mut said = Said::default();
    said.emit(Event::CampaignUpdated { campaign: id, status: campaign.status });
    record_moves(&mut *tx, &mut said, &moved).await?;
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    let Wanted { states, codes, until } = wanted;
    Ok(Done::Next(Task::RetryCampaign { campaign: id, states, codes, until }))
}

/// Lines that have just failed, and whose campaign knows another try, by the same way or by another: back in the queue,
/// in the transaction in which they failed.
pub(crate) async fn climb(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    moved: &[Moved],
) -> Result<Vec<Moved>, Error> {
    let failed =
        moved.iter().filter(|line| line.to == SendState::Failed && line.campaign.is_some());
    let failed: Vec<Id<Send>> = failed.map(|line| line.id).collect();
    if failed.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = tx.sends().many(&failed).await?;
    lines.retain(|line| line.error.as_ref().is_some_and(SendError::may_climb));
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let before = failures_before(tx, &lines).await?;
    let mut campaigns: HashMap<Id<Campaign>, Option<Campaign>> = HashMap::new();
    let (now, mut again) = (inner.env.now(), Vec::new());
    for line in &lines {
        let (Some(id), Some(error)) = (line.campaign, &line.error) else { continue };
        let campaign = match campaigns.get_mut(&id) {
            Some(known) => known,
            None => {
                let found = tx.campaigns().find(id).await?;
                campaigns.entry(id).or_insert(found)
            }
        };
        let Some(campaign) = campaign.as_mut() else { continue };
        let before = before.get(&line.id).into_iter().flatten();
        if let Next::Try { at, .. } = campaign.rules.next(error, before, now)
            && goes_on(tx, said, campaign, now).await?
        {
            again.push((line.id, at));
        }
    }
    Ok(tx.attempts().again(&again, now).await?)
}

/// Why earlier tries of these lines failed, oldest first.
pub(crate) async fn failures_before(
    tx: &mut dyn TenantTx,
    lines: &[Send],
) -> Result<HashMap<Id<Send>, Vec<SendError>>, Error> {
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    let mut before: HashMap<Id<Send>, Vec<SendError>> = HashMap::new();
    for past in tx.attempts().past(&ids).await? {
        before.entry(past.send).or_default().extend(past.error);
    }
    Ok(before)
}

/// Whether people of a campaign may be tried again. One that is completed, because everybody had been accepted
/// before somebody failed, goes on; one that was ended stays ended.
async fn goes_on(
    tx: &mut dyn TenantTx,
    said: &mut Said,
    campaign: &mut Campaign,
    now: Timestamp,
) -> Result<bool, Error> {
    if campaign.status != CampaignStatus::Completed {
        return Ok(!campaign.status.is_final());
    }
    let seen = campaign.revision;
    if campaign.reopen(now).is_err() || !tx.campaigns().update(campaign, seen).await? {
        return Ok(false);
    }
    said.emit(Event::CampaignUpdated { campaign: campaign.id, status: campaign.status });
    Ok(true)
}

/// Pauses what is being sent with a template whose text was changed: people chose what they had seen.
pub(crate) async fn pause_for_new_text(
    tx: &mut dyn TenantTx,
    said: &mut Said,
    template: Id<Template>,
) -> Result<(), Error> {
    let sending = tx.campaigns().sending().await?;
    for mut campaign in sending.into_iter().filter(|c| c.sends(template)) {
        let (seen, id) = (campaign.revision, campaign.id);
        let which = if campaign.template == template { "template" } else { "fall-back template" };
        campaign.pause(Some(format!(
            "The {which}'s text was changed while the campaign was being sent. Look at it, then resume."
        )))?;
        if tx.campaigns().update(&campaign, seen).await? {
            said.emit(Event::CampaignUpdated { campaign: id, status: campaign.status });
        }
    }
    Ok(())
}
