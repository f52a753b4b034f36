//! One person of a campaign. How far the message came stands in the ledger line it points at.

use crate::send::{SendError, SendState};
use crate::{Campaign, Contact, Conversation, Id, Send, Timestamp};

/// One person of a campaign, with the state of the ledger line.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    /// Of which campaign.
    pub campaign: Id<Campaign>,
    /// Who.
    pub contact: Id<Contact>,
    /// The line of the ledger.
    pub send: Id<Send>,
    /// Where the message is, once there is one.
    pub conversation: Option<Id<Conversation>>,
    /// The name at the time of reading.
    pub name: Option<String>,
    /// Where it goes.
    pub address: String,
    /// How far it has come.
    pub state: SendState,
    /// Why it failed or was left out.
    pub error: Option<SendError>,
    /// When that changed.
    pub updated_at: Timestamp,
}

/// How often one cause of failure happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureTally {
    /// The cause.
    pub error: SendError,
    /// How often.
    pub count: i64,
}
