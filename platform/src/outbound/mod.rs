//! How we speak. One ledger and one engine for agents, programs and campaigns: a pump for each channel with
//! work, on one node at a time. Nothing else in the platform sends a message.

mod batch;
mod breaker;
mod call;
mod heed;
mod line;
mod policy;
mod pump;
mod pumps;

use std::collections::BTreeMap;

use whatsapp_core::event::Advanced;
use whatsapp_core::{Campaign, Counts, Event, Id, SendState};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::Moved;

pub(crate) use line::Lines;
#[cfg(feature = "testing")]
pub(crate) use pumps::ManualPumps;
pub(crate) use pumps::run_pumps;

use crate::Error;
use crate::work::Said;

/// Writes what follows from lines that moved, in the transaction in which they moved: the campaigns' counts,
/// and one event for the whole batch.
pub(crate) async fn record_moves(
    tx: &mut dyn TenantTx,
    said: &mut Said,
    moved: &[Moved],
) -> Result<(), Error> {
    let mut deltas: BTreeMap<Id<Campaign>, Counts> = BTreeMap::new();
    let mut items = Vec::new();
    for line in moved {
        metrics::counter!("whatsapp_outbound_messages_total", "state" => line.to.as_str())
            .increment(1);
        if let Some(campaign) = line.campaign {
            deltas.entry(campaign).or_default().step(line.from, line.to);
        }
        if let Some(conversation) = line.conversation {
            items.push(Advanced { conversation, message: line.id.cast(), state: line.to });
        }
    }
    if !items.is_empty() {
        said.emit(Event::MessagesAdvanced { items });
    }
    for (campaign, delta) in deltas {
        if delta != Counts::default() {
            tx.campaigns().add_counts(campaign, &delta).await?;
            said.emit(Event::CampaignProgressed { campaign });
        }
    }
    Ok(())
}

/// Counts messages that reached a state.
pub(crate) fn count(state: SendState, messages: usize) {
    let messages = u64::try_from(messages).unwrap_or_default();
    metrics::counter!("whatsapp_outbound_messages_total", "state" => state.as_str())
        .increment(messages);
}
