//! What is doubtful after a restore: a backup believes that everything which was sent after it still waits.

use async_trait::async_trait;
use whatsapp_core::Timestamp;

use super::Moved;
use crate::StorageError;

/// How many lines of a tenant wait or are under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Wait for their turn.
    pub queued: i64,
    /// Were being sent.
    pub sending: i64,
    /// Wait for word whether Meta has them.
    pub ambiguous: i64,
}

/// Lines of which another database may know more than this one.
#[async_trait]
pub trait DoubtStore: std::marker::Send {
    /// How many lines there are that are not decided.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn waiting(&mut self) -> Result<Waiting, StorageError>;
    /// Up to `limit` lines that are queued and have not changed after `until` → `unconfirmed`, so that nothing but a
    /// person sends them again. Of lines that were being sent, [`SendStore::recover`](super::SendStore::recover)
    /// thinks the same.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn doubt(
        &mut self,
        until: Timestamp,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError>;
}
