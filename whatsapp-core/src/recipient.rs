//! One person of a campaign. How far the message came stands in the ledger line it points at.

use crate::campaign::{CampaignRules, GaveUp, Route};
use crate::send::{Attempt, SendError, SendState};
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

/// One line of a campaign's proof report: a person, what was tried, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportLine {
    /// The line of the ledger; the message has the same id. Reports are in its order.
    pub send: Id<Send>,
    /// Where it went, as Meta was told it: phone with plus sign, or business-scoped id.
    pub address: String,
    /// The name at the time of reading; `None` when there is none, or the person was deleted.
    pub name: Option<String>,
    /// How far it has come.
    pub state: SendState,
    /// How many tries there were, with those that Meta provably did not accept.
    pub attempts: i64,
    /// The tries before the latest one, oldest first: those that Meta provably did not accept, and those after
    /// which a person, or a rule of the campaign, had the message sent again.
    pub earlier: Vec<PastAttempt>,
    /// The latest try, as it went to Meta in `biz_opaque_callback_data`. `None` before the first, and while
    /// the line waits again because Meta provably did not accept the one before.
    pub attempt: Option<Attempt>,
    /// Meta's id; there is one as soon as we learnt that Meta accepted.
    pub wamid: Option<String>,
    /// Why it failed or was left out.
    pub error: Option<SendError>,
    /// When each state was reached, in the order learnt. Moments from `sent` on are Meta's, in whole seconds;
    /// the others are ours. Says nothing of tries that Meta provably did not accept.
    pub timeline: Vec<(SendState, Timestamp)>,
}

/// A try that was followed by another one, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PastAttempt {
    /// Of which line.
    pub send: Id<Send>,
    /// Its name, as it went to Meta.
    pub attempt: Attempt,
    /// How far it came: `failed` when Meta provably did not accept it.
    pub state: SendState,
    /// Meta's id, if Meta gave one.
    pub wamid: Option<String>,
    /// Why it failed.
    pub error: Option<SendError>,
    /// When it was put aside for the next one.
    pub at: Timestamp,
}

impl PastAttempt {
    /// How far it came for whoever learns more of it. Meta now and then accepts what it has answered with an error
    /// that passes: a try that failed without an id of Meta's is as open as one that is under way.
    ///
    /// ```
    /// use whatsapp_core::recipient::PastAttempt;
    /// use whatsapp_core::{Attempt, DeliveryStatus, Id, SendState, Timestamp};
    /// let attempt = Attempt::from_bytes([1; 16]);
    /// let (send, at) = (Id::from_uuid(uuid::Uuid::nil()), Timestamp::ZERO);
    /// let past = PastAttempt { send, attempt, state: SendState::Failed, wamid: None, error: None, at };
    /// assert_eq!(past.known().after(DeliveryStatus::Sent), Some(SendState::Sent));
    /// let told = PastAttempt { wamid: Some("wamid.x".into()), ..past };
    /// assert_eq!(told.known().after(DeliveryStatus::Sent), None);
    /// ```
    #[must_use]
    pub fn known(&self) -> SendState {
        match self.state {
            SendState::Failed if self.wamid.is_none() => SendState::Sending,
            state => state,
        }
    }
}

impl ReportLine {
    /// When it reached this state, for what follows an attempt the latest one; `None` if it never did, or nobody
    /// told us.
    #[must_use]
    pub fn reached(&self, state: SendState) -> Option<Timestamp> {
        let latest = self.timeline.iter().rposition(|(s, _)| *s == SendState::Queued).unwrap_or(0);
        let from = if state == SendState::Queued { 0 } else { latest };
        self.timeline.iter().skip(from).find(|(reached, _)| *reached == state).map(|(_, at)| *at)
    }
    /// By which way the latest try went, or the next one goes if none is under way.
    #[must_use]
    pub fn route(&self, rules: &CampaignRules) -> Route {
        rules.route(self.failures())
    }
    /// The earlier tries, each with the way it went.
    pub fn earlier_by_route(
        &self,
        rules: &CampaignRules,
    ) -> impl Iterator<Item = (Route, &PastAttempt)> {
        self.earlier.iter().enumerate().map(|(n, past)| {
            let before = self.earlier.iter().take(n).filter_map(|past| past.error.as_ref());
            (rules.route(before), past)
        })
    }
    /// Why the campaign gave somebody up, where that is more than why the latest try failed.
    #[must_use]
    pub fn gave_up(&self, rules: &CampaignRules) -> Option<GaveUp> {
        let error = self.error.as_ref().filter(|_| self.state == SendState::Failed)?;
        rules.gave_up(error, self.failures())
    }
    fn failures(&self) -> impl Iterator<Item = &SendError> {
        self.earlier.iter().filter_map(|past| past.error.as_ref())
    }
}

/// How often one cause of failure happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureTally {
    /// The cause.
    pub error: SendError,
    /// How often.
    pub count: i64,
}
