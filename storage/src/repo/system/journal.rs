//! Webhook calls as they came, kept before they were answered.

use async_trait::async_trait;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome};
use whatsapp_core::{Id, Page, PageRequest, Timestamp};

use crate::StorageError;

/// The inbound journal.
#[async_trait]
pub trait JournalStore: std::marker::Send {
    /// Keeps calls. Answers for each whether it is new; one whose hash is known (within the kept 30 days) falls away.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<Vec<bool>, StorageError>;
    /// Up to `limit` calls that wait, oldest first, whose next try is due.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn pending(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StorageError>;
    /// Notes what became of calls.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn settle(
        &mut self,
        outcomes: &[(Id<JournalEntry>, JournalOutcome, Option<String>)],
    ) -> Result<(), StorageError>;
    /// One more try was in vain; the next is at `at`.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn postpone(
        &mut self,
        id: Id<JournalEntry>,
        at: Timestamp,
        note: &str,
    ) -> Result<(), StorageError>;
    /// Newest first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(
        &mut self,
        filter: &JournalFilter,
        page: &PageRequest,
    ) -> Result<Page<JournalEntry>, StorageError>;
    /// Has calls applied again that are settled, from `now` on; answers how many.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn replay(
        &mut self,
        ids: &[Id<JournalEntry>],
        now: Timestamp,
    ) -> Result<u64, StorageError>;
    /// How many calls had each outcome.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn counts(&mut self) -> Result<Vec<(JournalOutcome, i64)>, StorageError>;
    /// Removes up to `limit` settled calls received before `before`, the oldest first; answers how many.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn trim(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;
}
