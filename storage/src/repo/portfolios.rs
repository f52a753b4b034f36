//! Whom a business portfolio wrote to first: one count for all its numbers. Never decides who may be written to.

use async_trait::async_trait;
use whatsapp_core::{Id, Portfolio, Send, Timestamp};

use crate::StorageError;

/// A tenant's portfolios. Moments of `since` are what [`Portfolio::since`] answers: who was written to at or
/// before it counts no more.
#[async_trait]
pub trait PortfolioStore: std::marker::Send {
    /// Notes how many people it may write to first in a day; `None` where there is no limit. A portfolio that was not
    /// known is from now on.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn know(&mut self, id: &str, limit: Option<u32>) -> Result<(), StorageError>;
    /// As it stands, without waiting for anybody.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: &str) -> Result<Option<Portfolio>, StorageError>;
    /// As it stands, and held until the end of the unit: two pumps of one portfolio take turns.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn hold(&mut self, id: &str) -> Result<Option<Portfolio>, StorageError>;
    /// Forgets who counts no more and counts the others one by one. Call it on one that is held.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn recount(
        &mut self,
        id: &str,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Portfolio>, StorageError>;
    /// These people are written to now; who did not count does from now on. Each address at most once.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails, or there is no such portfolio.
    async fn reach(
        &mut self,
        id: &str,
        people: &[(String, Id<Send>)],
        since: Timestamp,
        now: Timestamp,
    ) -> Result<(), StorageError>;
    /// These lines failed: who counts only because of one of them counts no more. Waits for nobody: what it cannot
    /// take back at once stays counted.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn give_back(&mut self, lines: &[Id<Send>]) -> Result<(), StorageError>;
    /// When the `nth` (from 1) of those who count by their age was written to; `None` when there are fewer.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn nth_oldest(
        &mut self,
        id: &str,
        nth: i64,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, StorageError>;
}
