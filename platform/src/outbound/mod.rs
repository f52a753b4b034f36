//! How we speak. One ledger and one engine for agents, programs and campaigns: a pump for each channel with
//! work, on one node at a time. Nothing else in the platform sends a message.

mod batch;
mod breaker;
mod budget;
mod call;
mod compose;
mod door;
mod governor;
mod heed;
mod lanes;
mod line;
mod people;
mod policy;
mod pump;
mod pumps;

use whatsapp_core::event::Advanced;
use whatsapp_core::{Event, SendState};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::Moved;

pub(crate) use budget::for_campaigns;
pub(crate) use line::Lines;
#[cfg(feature = "testing")]
pub(crate) use pumps::ManualPumps;
pub(crate) use pumps::run_pumps;

use crate::Error;
use crate::work::Said;

/// Says what follows from lines that moved, in the transaction in which they moved: the campaigns' counts,
/// and one event for the whole batch.
pub(crate) async fn record_moves(
    tx: &mut dyn TenantTx,
    said: &mut Said,
    moved: &[Moved],
) -> Result<(), Error> {
    let (mut items, mut failed) = (Vec::new(), Vec::new());
    for line in moved {
        metrics::counter!("whatsapp_outbound_messages_total", "state" => line.to.as_str())
            .increment(1);
        if let Some(campaign) = line.campaign {
            said.count(campaign, line.from, line.to);
        }
        if line.to == SendState::Failed {
            failed.push(line.id);
        }
        if let Some(conversation) = line.conversation {
            items.push(Advanced { conversation, message: line.id.cast(), state: line.to });
        }
    }
    if !items.is_empty() {
        said.emit(Event::MessagesAdvanced { items });
    }
    if !failed.is_empty() {
        // Whom Meta did not reach does not count for the portfolio.
        tx.portfolios().give_back(&failed).await?;
    }
    Ok(())
}

/// Counts messages that reached a state.
pub(crate) fn count(state: SendState, messages: usize) {
    let messages = u64::try_from(messages).unwrap_or_default();
    metrics::counter!("whatsapp_outbound_messages_total", "state" => state.as_str())
        .increment(messages);
}

/// What the tests of the parts share.
#[cfg(test)]
mod tests {
    use whatsapp_cloud::usage::Usage;
    use whatsapp_cloud::{OutgoingMessage, Recipient};
    use whatsapp_core::campaign::Route;
    use whatsapp_core::{Attempt, Channel, ChannelState, Content, Id, Quality, Secret, Timestamp};
    use whatsapp_storage::repo::{AttemptRef, Learnt, Lesson};

    use super::batch::Begun;
    use super::call::{Outcome, Signal};

    /// A number in good order.
    pub(super) fn channel() -> Channel {
        Channel {
            id: Id::from_uuid(uuid::Uuid::nil()),
            name: "Main".into(),
            phone: "+5511981234567".parse().expect("valid"),
            verified_name: String::new(),
            phone_number_id: "1".into(),
            waba_id: "2".into(),
            portfolio: "3".into(),
            messaging_limit: None,
            token_sealed: Secret::from("x"),
            app_secret_sealed: None,
            state: ChannelState::Connected,
            problem: None,
            state_at: Timestamp::ZERO,
            quality: Quality::Green,
            throughput: 80,
            pace: None,
            last_inbound_at: None,
            created_at: Timestamp::ZERO,
        }
    }
    /// A message on its way.
    pub(super) fn begun(address: &str, campaign: bool) -> Begun {
        let nil = uuid::Uuid::nil();
        Begun {
            send: Id::from_uuid(nil),
            campaign: campaign.then(|| Id::from_uuid(nil)),
            route: Route::Usual,
            contact: Id::from_uuid(nil),
            address: address.to_owned(),
            attempt: Attempt::from_bytes([0; 16]),
            tries: 0,
            message: OutgoingMessage::new(Recipient::from_address(address), Content::text("x")),
        }
    }
    fn not_accepted(address: &str, campaign: bool, at: Timestamp, signal: Signal) -> Outcome {
        let begun = begun(address, campaign);
        let error = whatsapp_core::SendError { code: "META_1".into(), message: "no".into() };
        let (of, what) =
            (AttemptRef::Attempt(begun.attempt), Lesson::NotAccepted { not_before: at, error });
        Outcome { learnt: Learnt { of, what, at }, begun, signal, usage: Usage::default() }
    }
    /// Meta could not take it; it goes again at that moment.
    pub(super) fn to_be_tried_again(address: &str, campaign: bool, at: Timestamp) -> Outcome {
        not_accepted(address, campaign, at, Signal::Quiet)
    }
    /// Meta refused it because this person got too much; it goes again at that moment.
    pub(super) fn refused_for_pair(address: &str, campaign: bool, at: Timestamp) -> Outcome {
        not_accepted(address, campaign, at, Signal::PairRate)
    }
}
