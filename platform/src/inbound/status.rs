//! How far our messages came: all statuses of a channel at once, monotone, by the attempt that was committed
//! before the message went out.

use std::collections::HashSet;

use whatsapp_cloud::explain;
use whatsapp_cloud::webhook::StatusUpdate;
use whatsapp_core::send::SendError;
use whatsapp_core::{Attempt, Channel, DeliveryStatus, Id, SendState};
use whatsapp_storage::TenantTx;
use whatsapp_storage::repo::{AttemptRef, Learnt, Lesson};

use super::receive::set_marketing;
use super::verdict::Applied;
use crate::Error;
use crate::outbound::record_moves;
use crate::platform::Inner;
use crate::work::Said;

/// Meta's code for "this person stopped your marketing".
const MARKETING_STOPPED: i64 = 131_050;

/// Whether a status found its message.
pub(super) enum Found {
    /// It did.
    Line(Applied),
    /// Not yet, or never: it carries no attempt of ours and its id is unknown.
    Stray,
}

pub(super) async fn apply(
    inner: &Inner,
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: Id<Channel>,
    told: &[(usize, StatusUpdate)],
) -> Result<Vec<Found>, Error> {
    let now = inner.env.now();
    let learnt: Vec<Learnt> = told.iter().map(|(_, update)| lesson(update)).collect();
    let moved = tx.sends().learn(channel, &learnt, now).await?;
    let wamids: Vec<_> = learnt.iter().filter_map(wamid_of).collect();
    let known: HashSet<String> = if wamids.is_empty() {
        HashSet::new()
    } else {
        tx.messages().known(channel, &wamids).await?.into_iter().collect()
    };
    let mut found = Vec::with_capacity(told.len());
    for ((_, update), lesson) in told.iter().zip(&learnt) {
        // A repetition says nothing new: the person may have come back since.
        if update.error.as_ref().is_some_and(|e| e.code == MARKETING_STOPPED)
            && let Some(contact) = tx.contacts().by_identity(&update.recipient).await?
            && moved.iter().any(|line| line.contact == contact.id && line.to == SendState::Failed)
        {
            set_marketing(inner, tx, said, contact, false, update.at).await?;
        }
        let stray = wamid_of(lesson).is_some_and(|wamid| !known.contains(wamid));
        let applied = if moved.is_empty() { Applied::Duplicate } else { Applied::Changed };
        found.push(if stray { Found::Stray } else { Found::Line(applied) });
    }
    record_moves(tx, said, &moved).await?;
    if told.iter().any(|(_, update)| update.error.is_some()) {
        let again = crate::campaign::climb(inner, tx, said, &moved).await?;
        record_moves(tx, said, &again).await?;
    }
    Ok(found)
}

/// The id of a message that is not known by its attempt.
const fn wamid_of(learnt: &Learnt) -> Option<&str> {
    match &learnt.of {
        AttemptRef::Wamid(wamid) => Some(wamid.as_str()),
        AttemptRef::Attempt(_) => None,
    }
}

fn lesson(update: &StatusUpdate) -> Learnt {
    let attempt = update.callback_data.as_deref().and_then(Attempt::parse);
    let error = update.error.as_ref().map(|e| {
        let plain = explain(e.code);
        SendError {
            code: format!("META_{}", e.code),
            message: format!("{} {}", plain.message, plain.advice).trim().to_owned(),
        }
    });
    Learnt {
        of: attempt.map_or_else(|| AttemptRef::Wamid(update.wamid.clone()), AttemptRef::Attempt),
        what: Lesson::Status {
            status: update.status,
            wamid: Some(update.wamid.clone()),
            error: error.filter(|_| update.status == DeliveryStatus::Failed),
        },
        at: update.at,
    }
}
