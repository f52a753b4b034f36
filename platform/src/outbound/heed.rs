//! What Meta's answer to one message means for the channel, the campaign and the person, in the transaction
//! that records the answer. Never sends.

use whatsapp_core::campaign::Route;
use whatsapp_core::channel::{ChannelState, Problem};
use whatsapp_core::send::SendError;
use whatsapp_core::{Campaign, Channel, Event, Id, Timestamp};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::Moved;

use super::call::{Outcome, Signal};
use super::record_moves;
use crate::Error;
use crate::inbound::opt_out;
use crate::platform::Inner;
use crate::work::Said;

/// Writes what follows from lines that moved, because of these answers or otherwise: counts, another try where a
/// campaign's rules know one, and what an answer means beyond its line.
pub(super) async fn settle(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    (channel, answers): (Id<Channel>, &[Outcome]),
    moved: &[Moved],
) -> Result<(), Error> {
    record_moves(tx, said, moved).await?;
    let again = crate::campaign::climb(inner, tx, said, moved).await?;
    record_moves(tx, said, &again).await?;
    for outcome in answers {
        let goes_on = again.iter().any(|line| line.id == outcome.begun.send);
        heed(inner, tx, said, (channel, goes_on), outcome).await?;
    }
    Ok(())
}

async fn heed(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    (channel, goes_on): (Id<Channel>, bool),
    outcome: &Outcome,
) -> Result<(), Error> {
    match &outcome.signal {
        Signal::Quiet | Signal::SlowDown(_) | Signal::PairRate => Ok(()),
        Signal::Disconnect(why) => {
            let (state, now) = (ChannelState::Disconnected, inner.env.now());
            stop_channel(tx, said, channel, (state, now), why).await
        }
        Signal::PauseChannel(why) => {
            let (state, now) = (ChannelState::Paused, inner.env.now());
            stop_channel(tx, said, channel, (state, now), why).await
        }
        // Whoever is tried in another way, or was, tells nothing of the way that the others go.
        Signal::PauseTemplate(why) => match outcome.begun.campaign {
            Some(campaign) if outcome.begun.route == Route::Usual && !goes_on => {
                pause_campaign(tx, said, campaign, why).await
            }
            _ => Ok(()),
        },
        Signal::OptOut => opt_out(inner, tx, said, outcome.begun.contact).await,
    }
}

/// Stops a channel and pauses what is being sent over it, saying why.
pub(super) async fn stop_channel(
    tx: &mut dyn TenantTx,
    said: &mut Said,
    id: Id<Channel>,
    (state, now): (ChannelState, Timestamp),
    why: &SendError,
) -> Result<(), Error> {
    let Some(mut channel) = tx.channels().hold(id).await? else { return Ok(()) };
    if channel.state != state {
        let why = Problem { code: why.code.clone(), message: why.message.clone() };
        channel.turn(state, Some(why), now);
        tx.channels().update(&channel).await?;
        said.emit(Event::ChannelUpdated { channel: channel.id });
    }
    for campaign in tx.campaigns().sending().await?.into_iter().filter(|c| c.channel == id) {
        pause_campaign(tx, said, campaign.id, why).await?;
    }
    Ok(())
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
