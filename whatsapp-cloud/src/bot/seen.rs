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
        let key = match &change.inbound {
            Inbound::Message(message) => message.wamid.clone(),
            Inbound::Status(status) => format!(
                "{} {} {}",
                status.wamid,
                if status.played { "played" } else { status.status.as_str() },
                super::context::address(&status.recipient)
            ),
            _ => return true,
        };
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
