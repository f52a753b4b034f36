//! The ledger of outgoing messages. Every write names the state it starts from; zero rows changed means stop.

use async_trait::async_trait;
use whatsapp_core::send::{Attempt, DeliveryStatus, SendError};
use whatsapp_core::{
    Campaign, Channel, Contact, Conversation, Counts, Id, Send, SendState, Timestamp,
};

use crate::StorageError;

/// What a pump wants to take.
#[derive(Clone, Debug)]
pub struct ClaimRequest {
    /// Over which number.
    pub channel: Id<Channel>,
    /// Lines whose `not_before` is not later.
    pub now: Timestamp,
    /// At most so many.
    pub limit: u32,
    /// Of these at most so many that nobody waits for: flows' and campaigns'.
    pub lower: u32,
    /// Of these at most so many of campaigns.
    pub bulk: u32,
    /// The campaigns whose lines may go, each with its own most, in the order in which they take turns: one line
    /// of each, then a second of each.
    pub campaigns: Vec<(Id<Campaign>, u32)>,
    /// Addresses to which nothing goes now.
    pub held: Vec<String>,
}

/// What becomes of a line that was claimed and does not begin now.
#[derive(Clone, Debug)]
pub enum Unclaim {
    /// It stays in the queue, and goes not before this moment.
    Requeue(Timestamp),
    /// Left out, for this reason.
    Skip(SendError),
}

/// Something learnt of an attempt.
#[derive(Clone, Debug)]
pub struct Learnt {
    /// Of which: the attempt where it is known, else Meta's id.
    pub of: AttemptRef,
    /// What.
    pub what: Lesson,
    /// When it happened, for the timeline.
    pub at: Timestamp,
}

/// Names an attempt.
#[derive(Clone, Debug)]
pub enum AttemptRef {
    /// By its own name (callback data).
    Attempt(Attempt),
    /// By Meta's id.
    Wamid(String),
}

/// What can be learnt of an attempt.
#[derive(Clone, Debug)]
pub enum Lesson {
    /// Meta told its state; with Meta's id, and the error when it failed.
    Status {
        /// How far.
        status: DeliveryStatus,
        /// Meta's id.
        wamid: Option<String>,
        /// Why it failed.
        error: Option<SendError>,
    },
    /// Whether Meta has it is not known.
    Doubtful,
    /// Meta certainly does not have it and it may be tried again: back to `queued`, without its attempt.
    /// Only a line that is `sending` moves.
    NotAccepted {
        /// Not before.
        not_before: Timestamp,
        /// Why not.
        error: SendError,
    },
}

/// A line that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub id: Id<Send>,
    /// In which conversation its message is.
    pub conversation: Option<Id<Conversation>>,
    /// For whom.
    pub contact: Id<Contact>,
    /// For which campaign.
    pub campaign: Option<Id<Campaign>>,
    /// From.
    pub from: SendState,
    /// To.
    pub to: SendState,
}

/// The ledger: one line for each outgoing message of a tenant.
#[async_trait]
pub trait SendStore: std::marker::Send {
    /// Keeps new lines.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, sends: &[Send]) -> Result<(), StorageError>;
    /// Those of them that exist, in no order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn many(&mut self, ids: &[Id<Send>]) -> Result<Vec<Send>, StorageError>;
    /// Up to `limit` queued lines of a channel whose time has come, best priority first, then oldest; of one
    /// address at most one that is not a campaign's, so that what is said to a person stays in order. Lines of
    /// campaigns that are not named or not being sent stay. Nobody else can claim them until this unit ends; what
    /// it does not [`begin`](Self::begin) is queued as before.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn claim(&mut self, request: &ClaimRequest) -> Result<Vec<Send>, StorageError>;
    /// `queued` → `sending` with its attempt, under the lease's epoch; a line that was begun under a later one stays.
    /// Answers the lines that moved.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn begin(
        &mut self,
        epoch: i64,
        attempts: &[(Id<Send>, Attempt)],
        now: Timestamp,
    ) -> Result<Vec<Id<Send>>, StorageError>;
    /// `queued` → `queued` for later, or → `skipped` with a reason. Answers the lines whose state changed.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn unclaim(
        &mut self,
        items: &[(Id<Send>, Unclaim)],
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
    /// Writes what is learnt of attempts, whoever holds the channel: monotone by [`SendState::rank`]. A line that no longer
    /// has this attempt, or has come further, stays. Answers the lines that moved.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn learn(
        &mut self,
        channel: Id<Channel>,
        learnt: &[Learnt],
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
    /// After a new holder of the channel got `epoch`: lines `sending` under an older one → `ambiguous`.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn recover(
        &mut self,
        channel: Id<Channel>,
        epoch: i64,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
    /// `ambiguous` since before `before`, one-time codes since before `codes_before` → `unconfirmed`.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn give_up(
        &mut self,
        channel: Id<Channel>,
        before: Timestamp,
        codes_before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
    /// Addresses of a channel with lines that Meta sent back and that still wait, each with the last moment: for
    /// whoever takes over the channel.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn returned(
        &mut self,
        channel: Id<Channel>,
        now: Timestamp,
    ) -> Result<Vec<(String, Timestamp)>, StorageError>;
    /// Up to `limit` lines of a campaign that are queued → `skipped` with a reason.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn skip_campaign(
        &mut self,
        campaign: Id<Campaign>,
        error: &SendError,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
    /// The campaign's lines counted one by one: the truth that the kept counts must equal.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn tally(&mut self, campaign: Id<Campaign>) -> Result<Counts, StorageError>;
}
