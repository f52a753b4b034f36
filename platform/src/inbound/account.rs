//! What Meta tells of templates, numbers and accounts.

use whatsapp_cloud::webhook::{AccountUpdate, BusinessCapability, Inbound, MessagingLimit};
use whatsapp_core::channel::{ChannelState, Problem};
use whatsapp_core::template::Category;
use whatsapp_core::{Channel, Event, Template, Timestamp};
use whatsapp_storage::TenantTx;

use super::project::Batch;
use super::verdict::Applied;
use crate::Error;
use crate::jobs::Task;
use crate::work::Said;

pub(super) async fn apply(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    inbound: &Inbound,
) -> Result<Applied, Error> {
    let now = batch.inner.env.now();
    match inbound {
        Inbound::TemplateStatus(update) => {
            let about = (channel, update.meta_id.as_str(), update.at);
            change_template(batch, tx, said, about, |template| {
                template.status = update.status;
                template.rejected_reason.clone_from(&update.reason);
            })
            .await
        }
        Inbound::TemplateQuality(update) => {
            let about = (channel, update.meta_id.as_str(), update.at);
            change_template(batch, tx, said, about, |template| template.quality = update.quality)
                .await
        }
        Inbound::TemplateCategory(update) => {
            let Some(category) = Category::parse(&update.category.to_ascii_lowercase()) else {
                return Ok(Applied::Raw);
            };
            let about = (channel, update.meta_id.as_str(), update.at);
            change_template(batch, tx, said, about, |template| template.category = category).await
        }
        Inbound::Account(update) => account(batch, tx, said, channel, update).await,
        // A limit says not of when it is: one that had to wait may be a past one.
        Inbound::BusinessCapability(told) if !batch.waited => capability(tx, channel, told).await,
        Inbound::BusinessCapability(_) | Inbound::NumberQuality(_) => {
            // A quality names neither the number's id nor what there is to know: that is read from Meta.
            let task = Task::SyncNumber { channel: channel.id };
            said.schedule(task.job(&batch.inner.env, now));
            Ok(Applied::Changed)
        }
        _ => Ok(Applied::Raw),
    }
}

/// Until when what is known of a template counts as told by Meta. (A template that was read by us a moment ago
/// may still be told of by an event of the same second.)
fn told_until(template: &Template, now: Timestamp) -> Timestamp {
    Timestamp::from_seconds(template.updated_at.min(now).seconds())
}

/// Changes what is known of a template. What happened before the last thing that is known of it, and is told later, says
/// nothing of now: that is read from Meta.
async fn change_template(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    (channel, meta_id, at): (&Channel, &str, Option<Timestamp>),
    change: impl Fn(&mut Template),
) -> Result<Applied, Error> {
    let (env, at) = (&batch.inner.env, at.unwrap_or(batch.received_at));
    let mut applied = Applied::Raw;
    for known in
        tx.templates().by_meta_id(meta_id).await?.into_iter().filter(|t| t.channel == channel.id)
    {
        applied = applied.max(Applied::Duplicate);
        let mut template = known.clone();
        change(&mut template);
        if at < told_until(&known, env.now()) {
            if template != known {
                let task = Task::SyncTemplates { channel: channel.id };
                said.schedule(task.job(env, env.now()));
            }
            continue;
        }
        template.updated_at = known.updated_at.min(env.now()).max(at);
        if template != known && tx.templates().upsert(&template).await?.is_some() {
            said.emit(Event::TemplateUpdated { template: template.id });
            applied = Applied::Changed;
        }
    }
    Ok(applied)
}

/// How many people the portfolio may write to first.
async fn capability(
    tx: &mut dyn TenantTx,
    channel: &Channel,
    told: &BusinessCapability,
) -> Result<Applied, Error> {
    let limit = match told.messaging_limit {
        Some(MessagingLimit::People(people)) => u32::try_from(people).ok(),
        Some(MessagingLimit::Unlimited) => None,
        _ => return Ok(Applied::Raw),
    };
    if tx.portfolios().find(&channel.portfolio).await?.is_some_and(|known| known.limit == limit) {
        return Ok(Applied::Duplicate);
    }
    tx.portfolios().know(&channel.portfolio, limit).await?;
    Ok(Applied::Changed)
}

/// Only what stops sending is acted on; everything else is kept raw.
async fn account(
    batch: &Batch<'_>,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: &Channel,
    update: &AccountUpdate,
) -> Result<Applied, Error> {
    let reinstated =
        update.value.pointer("/ban_info/waba_ban_state").and_then(serde_json::Value::as_str)
            == Some("REINSTATE");
    let (state, message) = match update.event.as_str() {
        _ if reinstated => return Ok(Applied::Raw), // a person reconnects the channel when it is well again
        "DISABLED_UPDATE" | "ACCOUNT_RESTRICTION" => (
            ChannelState::Paused,
            "WhatsApp restricted this account. Open WhatsApp Manager to see why.",
        ),
        "PARTNER_REMOVED"
        | "PARTNER_APP_UNINSTALLED"
        | "ACCOUNT_OFFBOARDED"
        | "ACCOUNT_DELETED" => (
            ChannelState::Disconnected,
            "The account no longer lets this app work for it. Reconnect the channel.",
        ),
        _ => return Ok(Applied::Raw),
    };
    let Some(mut known) = tx.channels().hold(channel.id).await? else { return Ok(Applied::Raw) };
    // Who connected it since, or stopped it, knew more than what happened before and is told only now.
    let at = update.at.unwrap_or(batch.received_at);
    if known.state == state || known.is_past(at) {
        return Ok(Applied::Duplicate);
    }
    let problem = Problem { code: update.event.clone(), message: message.to_owned() };
    known.turn(state, Some(problem), at);
    tx.channels().update(&known).await?;
    said.emit(Event::ChannelUpdated { channel: known.id });
    Ok(Applied::Changed)
}
