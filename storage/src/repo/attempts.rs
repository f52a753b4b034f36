//! Tries of messages that were followed by another one.

use async_trait::async_trait;
use whatsapp_core::recipient::PastAttempt;
use whatsapp_core::{Campaign, Id, Send, SendState, Timestamp};

use super::Moved;
use crate::StorageError;

/// Which lines of a campaign somebody wants sent again.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of `failed` and `unconfirmed`, those in these states.
    pub states: Vec<SendState>,
    /// Of the failed ones, those with these codes; all without a list.
    pub codes: Option<Vec<String>>,
    /// Those whose state did not change after this moment: what fails anew is not meant.
    pub until: Timestamp,
}

/// The history of tries, and the one way by which a decided line is sent again.
#[async_trait]
pub trait AttemptStore: std::marker::Send {
    /// The tries of these lines that were followed by another one, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn past(&mut self, sends: &[Id<Send>]) -> Result<Vec<PastAttempt>, StorageError>;
    /// Up to `limit` lines of a campaign, by id.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn wanted(
        &mut self,
        campaign: Id<Campaign>,
        wanted: &Wanted,
        limit: u32,
    ) -> Result<Vec<Id<Send>>, StorageError>;
    /// Lines that are `failed` or `unconfirmed` → `queued`, not before the moment given; the try they had is put
    /// aside. Lines in other states stay. Should a status still come that says that the earlier try arrived
    /// after all, while the line waits, [`super::SendStore::learn`] takes it back out of the queue.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn again(
        &mut self,
        lines: &[(Id<Send>, Timestamp)],
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
}
