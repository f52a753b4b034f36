//! Webhook calls as they came, kept before they were answered.

use async_trait::async_trait;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome, VerifiedBy};
use whatsapp_core::{Id, Page, PageRequest, Timestamp};

use crate::StorageError;

/// A webhook call that just came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCall {
    /// Its id, of the moment `received_at` (`Env::id_at`): calls are walked by their ids, in time too.
    pub id: Id<JournalEntry>,
    /// SHA-256 of the bytes and their signer.
    pub hash: [u8; 32],
    /// The bytes.
    pub body: Vec<u8>,
    /// Which app's secret verified it.
    pub verified_by: VerifiedBy,
    /// When it came.
    pub received_at: Timestamp,
}

/// The inbound journal. A call is open (`pending`) from when it is kept until it is settled, and again when somebody has
/// it applied again.
#[async_trait]
pub trait JournalStore: std::marker::Send {
    /// Keeps calls, which are open from then on. Answers for each whether it is new; one whose hash is known (within the kept 30 days) falls away.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn append(&mut self, calls: &[NewCall]) -> Result<Vec<bool>, StorageError>;
    /// Up to `limit` open calls, oldest first, whose next try is due.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn pending(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StorageError>;
    /// Those of them that are open, held against others until this unit ends: whoever applies calls that he read before
    /// applies none that another one has settled since, and none at the same time as another.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn hold_open(
        &mut self,
        ids: &[Id<JournalEntry>],
    ) -> Result<Vec<Id<JournalEntry>>, StorageError>;
    /// Notes what became of calls that are open. What somebody else settled meanwhile stays as it is: whoever stood
    /// still while another applied the same calls finds nothing new in them, and that is not what became of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn settle(
        &mut self,
        outcomes: &[(Id<JournalEntry>, JournalOutcome, Option<String>)],
    ) -> Result<(), StorageError>;
    /// One more try of an open call was in vain; the next is at `at`.
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
    /// How many calls had each outcome. Walks along a whole key: for a person who asks, not for a gauge.
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
