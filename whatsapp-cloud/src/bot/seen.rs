//! What has come already. Meta repeats calls, so the same change is handled once; the memory is bounded.

use std::collections::{HashSet, VecDeque};

use crate::webhook::{Change, Inbound};

/// So many messages and statuses are remembered; Meta repeats within minutes when it is answered.
pub const REMEMBERED: usize = 20_000;

#[derive(Debug, Default)]
pub(super) struct Seen {
    keys: HashSet<String>,
    order: VecDeque<String>,
}

impl Seen {
    /// Whether this has not come before. Changes without an id of their own are always new.
    pub(super) fn is_new(&mut self, change: &Change) -> bool {
        let (kind, id) = match &change.inbound {
            Inbound::Message(message) | Inbound::GroupMessage(message) => {
                ("message", &message.wamid)
            }
            Inbound::Echo(echo) => ("echo", &echo.wamid),
            Inbound::Status(status) | Inbound::GroupStatus(status) => {
                let played = status.played.then_some("played");
                (played.unwrap_or(status.status.as_str()), &status.wamid)
            }
            _ => return true,
        };
        // Of a message to a group each member has a status.
        let who = match &change.inbound {
            Inbound::Status(status) | Inbound::GroupStatus(status) => {
                super::context::address(&status.recipient)
            }
            _ => String::new(),
        };
        let number = change.phone_number_id.as_deref().unwrap_or_default();
        let key = format!("{number} {kind} {id} {who}");
        if !self.keys.insert(key.clone()) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        true
    }
}
