//! The ordered log. Positions have no gaps and are the order of the commits: a store with many writers gives them after
//! the commit, one sequencer at a time; one with a single writer may give them at the insertion.

use async_trait::async_trait;
use whatsapp_core::Timestamp;
use whatsapp_core::event::Recorded;

use crate::StorageError;

/// What happened, in one order.
#[async_trait]
pub trait EventLogStore: std::marker::Send {
    /// Gives positions to up to `limit` committed events that have none; answers how many. Two at once wait for each
    /// other. Where events have their positions from the insertion there is nothing to do.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn sequence(&mut self, limit: u32) -> Result<u64, StorageError>;
    /// Whether any event has no position yet. It locks nothing: ask before [`Self::sequence`], which makes nodes
    /// wait for each other.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn any_waiting(&mut self) -> Result<bool, StorageError>;
    /// Up to `limit` events after a position, in order.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn read(&mut self, after: i64, limit: u32) -> Result<Vec<Recorded>, StorageError>;
    /// The last position given; 0 when none was.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn head(&mut self) -> Result<i64, StorageError>;
    /// The first position still kept; 0 when none is.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn tail(&mut self) -> Result<i64, StorageError>;
    /// How far a consumer has read; 0 at first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn cursor(&mut self, consumer: &str) -> Result<i64, StorageError>;
    /// Notes how far a consumer has read.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn advance(&mut self, consumer: &str, position: i64) -> Result<(), StorageError>;
    /// Removes up to `limit` sequenced events older than `before`, the oldest first; answers how many.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn trim(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;
}
