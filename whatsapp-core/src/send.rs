//! The ledger of outgoing messages: one line for each, and the one rule of how it moves.
//!
//! ```text
//! queued -> sending(attempt) -> accepted -> sent -> delivered -> read
//! sending -> queued       only with proof that Meta did not accept
//! sending -> failed       definite rejection
//! sending -> ambiguous    time-out, reset, bare 5xx, crash, lost lease
//! ambiguous -> whatever a status webhook that carries the attempt says
//! ambiguous -> unconfirmed   the hold is over; a person may resend
//! queued -> skipped        cancelled, opted out, window closed, template paused
//! ```
//!
//! Never sends anything: see the platform's `outbound`.

use serde::{Deserialize, Serialize};

use crate::channel::words;
use crate::{Campaign, Channel, Contact, Id, Message, Timestamp};

words! {
    /// How far an outgoing message has come.
    SendState {
        /// Waits for its turn.
        Queued = "queued",
        /// The attempt is committed, bytes may be out.
        Sending = "sending",
        /// We do not know whether Meta has it.
        Ambiguous = "ambiguous",
        /// We never learnt it. Nothing resends it but a person.
        Unconfirmed = "unconfirmed",
        /// Meta answered with an id.
        Accepted = "accepted",
        /// On its way to the device.
        Sent = "sent",
        /// Meta's final no.
        Failed = "failed",
        /// On the device.
        Delivered = "delivered",
        /// Opened.
        Read = "read",
        /// Was not sent, for a reason of ours.
        Skipped = "skipped",
    }
}

impl SendState {
    /// The order in which states override each other once an attempt was made. What is learnt of an
    /// attempt, in whatever order and however often, leads to the greatest of all it was told: so
    /// `delivered` overrides `failed`, `failed` overrides `sent`, and nothing goes backwards.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::Queued => 0,
            Self::Sending => 2,
            Self::Ambiguous => 3,
            Self::Unconfirmed => 4,
            Self::Accepted => 5,
            Self::Sent => 6,
            Self::Failed => 7,
            Self::Delivered => 8,
            Self::Read => 9,
            Self::Skipped => 10,
        }
    }
    /// The state with this rank, as stores keep it.
    #[must_use]
    pub fn from_rank(rank: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.rank() == rank)
    }
    /// The state after `status` was learnt of an attempt in this state; `None` if nothing changes.
    ///
    /// ```
    /// use whatsapp_core::{DeliveryStatus, SendState};
    /// assert_eq!(SendState::Read.after(DeliveryStatus::Delivered), None);
    /// assert_eq!(SendState::Failed.after(DeliveryStatus::Delivered), Some(SendState::Delivered));
    /// ```
    #[must_use]
    pub fn after(self, status: DeliveryStatus) -> Option<Self> {
        let next = status.state();
        let attempted = self.rank() >= Self::Sending.rank() && self != Self::Skipped;
        (attempted && next.rank() > self.rank()).then_some(next)
    }
    /// Whether the campaign must still wait for it.
    #[must_use]
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::Ambiguous)
    }
    /// Whether a person may send the same content again.
    #[must_use]
    pub const fn is_resendable(self) -> bool {
        matches!(self, Self::Failed | Self::Unconfirmed | Self::Skipped)
    }
}

words! {
    /// What Meta tells of a message it accepted.
    DeliveryStatus {
        /// The answer to the call, or a status that only says so.
        Accepted = "accepted",
        /// On its way.
        Sent = "sent",
        /// On the device.
        Delivered = "delivered",
        /// Opened, or a voice note played.
        Read = "read",
        /// Meta's final no.
        Failed = "failed",
    }
}

impl DeliveryStatus {
    /// The state it stands for.
    #[must_use]
    pub const fn state(self) -> SendState {
        match self {
            Self::Accepted => SendState::Accepted,
            Self::Sent => SendState::Sent,
            Self::Delivered => SendState::Delivered,
            Self::Read => SendState::Read,
            Self::Failed => SendState::Failed,
        }
    }
}

words! {
    /// Who goes first: an agent's answer never waits behind a campaign.
    Priority {
        /// A person answers.
        Interactive = "interactive",
        /// A program sends one message.
        Transactional = "transactional",
        /// A flow sends.
        Automation = "automation",
        /// A campaign sends.
        Campaign = "campaign",
    }
}

impl Priority {
    /// Smaller goes first.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::Interactive => 0,
            Self::Transactional => 1,
            Self::Automation => 2,
            Self::Campaign => 3,
        }
    }
    /// The priority with this rank, as stores keep it.
    #[must_use]
    pub fn from_rank(rank: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.rank() == rank)
    }
    /// Whether somebody waits for it this moment: room is kept free for these.
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Interactive | Self::Transactional)
    }
}

/// The name of one try to send one message: 128 random bits, committed before the first byte goes out,
/// carried as `biz_opaque_callback_data`. Says nothing about anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Attempt(uuid::Uuid);

impl Attempt {
    /// From 128 random bits.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(uuid::Uuid::from_bytes(bytes))
    }
    /// As stores keep it.
    #[must_use]
    pub const fn from_uuid(uuid: uuid::Uuid) -> Self {
        Self(uuid)
    }
    /// As stores keep it.
    #[must_use]
    pub const fn uuid(self) -> uuid::Uuid {
        self.0
    }
    /// The callback data: 32 hex digits.
    #[must_use]
    pub fn callback_data(self) -> String {
        self.0.simple().to_string()
    }
    /// Reads callback data; `None` if it is not ours.
    #[must_use]
    pub fn parse(callback_data: &str) -> Option<Self> {
        (callback_data.len() == 32)
            .then(|| uuid::Uuid::try_parse(callback_data).ok())
            .flatten()
            .map(Self)
    }
}

/// Why a message failed or was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendError {
    /// A code: Meta's as `META_131026`, ours as `OPTED_OUT`.
    pub code: String,
    /// What it means, in plain words.
    pub message: String,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Send {
    /// Its id; the message has the same.
    pub id: Id<Self>,
    /// Over which number.
    pub channel: Id<Channel>,
    /// To whom.
    pub contact: Id<Contact>,
    /// Phone with plus sign, or business-scoped id: as it goes to Meta.
    pub address: String,
    /// For which campaign.
    pub campaign: Option<Id<Campaign>>,
    /// Who goes first.
    pub priority: Priority,
    /// Whether it carries a one-time code: then it is not waited for as long as for other messages.
    pub is_code: bool,
    /// How far it has come.
    pub state: SendState,
    /// The latest try.
    pub attempt: Option<Attempt>,
    /// How many tries there were.
    pub attempts: i64,
    /// Not before this moment.
    pub not_before: Timestamp,
    /// The claim that holds it; every write of a pump names it.
    pub epoch: i64,
    /// Meta's id.
    pub wamid: Option<String>,
    /// Why it failed or was left out.
    pub error: Option<SendError>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When its state last changed.
    pub updated_at: Timestamp,
    /// When each state was reached, for the timeline: `(state, moment)` in the order learnt.
    pub timeline: Vec<(SendState, Timestamp)>,
}

impl Send {
    /// The message of this line.
    #[must_use]
    pub const fn message(&self) -> Id<Message> {
        self.id.cast()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn learnt() -> impl Strategy<Value = Vec<DeliveryStatus>> {
        prop::collection::vec(prop::sample::select(DeliveryStatus::ALL), 0..12)
    }

    fn settle(from: SendState, told: &[DeliveryStatus]) -> SendState {
        told.iter().fold(from, |state, status| state.after(*status).unwrap_or(state))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn any_order_and_any_doubling_of_statuses_gives_the_same_state(told in learnt(), seed in any::<u64>()) {
            let mut shuffled: Vec<_> = told.iter().chain(told.iter()).copied().collect();
            let n = shuffled.len();
            for i in 0..n {
                let j = usize::try_from(seed.rotate_left(u32::try_from(i).unwrap_or(0)) % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or(0);
                shuffled.swap(i, j);
            }
            for from in [SendState::Sending, SendState::Ambiguous, SendState::Unconfirmed] {
                prop_assert_eq!(settle(from, &told), settle(from, &shuffled));
            }
        }
    }

    #[test]
    fn what_was_never_attempted_learns_nothing() {
        for state in [SendState::Queued, SendState::Skipped] {
            assert_eq!(state.after(DeliveryStatus::Read), None);
        }
    }

    #[test]
    fn failed_overrides_sent_and_delivered_overrides_failed() {
        assert_eq!(SendState::Sent.after(DeliveryStatus::Failed), Some(SendState::Failed));
        assert_eq!(SendState::Failed.after(DeliveryStatus::Sent), None);
        assert_eq!(SendState::Failed.after(DeliveryStatus::Delivered), Some(SendState::Delivered));
        assert_eq!(SendState::Delivered.after(DeliveryStatus::Failed), None);
    }

    #[test]
    fn agents_go_before_programs_before_flows_before_campaigns() {
        let ranks = Priority::ALL.iter().map(|priority| priority.rank());
        assert!(ranks.eq(0..4), "in the order of the list");
        assert_eq!(Priority::ALL.first(), Some(&Priority::Interactive));
        assert_eq!(Priority::ALL.last(), Some(&Priority::Campaign));
    }

    #[test]
    fn ranks_are_read_back() {
        for state in SendState::ALL {
            assert_eq!(SendState::from_rank(state.rank()), Some(*state));
        }
    }

    #[test]
    fn callback_data_of_others_is_not_ours() {
        assert_eq!(Attempt::parse("order-17"), None);
        let attempt = Attempt::from_bytes([7; 16]);
        assert_eq!(Attempt::parse(&attempt.callback_data()), Some(attempt));
    }
}
