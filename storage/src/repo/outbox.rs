//! Saying what happened, in the transaction in which it happened.

use async_trait::async_trait;
use whatsapp_core::{By, Event, Id, Timestamp};

use crate::StorageError;

/// The tenant's end of the event log.
#[async_trait]
pub trait OutboxStore: std::marker::Send {
    /// Appends events without position; the sequencer gives one after the commit.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn append(
        &mut self,
        events: &[(Id<Event>, Event)],
        by: &By,
        at: Timestamp,
    ) -> Result<(), StorageError>;
}
