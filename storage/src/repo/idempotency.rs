//! Answers to calls that may come twice.

use async_trait::async_trait;
use whatsapp_core::Timestamp;

use crate::StorageError;

/// A call that names itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The `Idempotency-Key`.
    pub key: String,
    /// The route it came by, and the caller, so that keys of different callers do not meet.
    pub route: String,
    /// SHA-256 of the body.
    pub fingerprint: [u8; 32],
}

/// What became of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is new and now ours.
    Fresh,
    /// The same call was made before.
    Done {
        /// What it made.
        resource: String,
        /// Its answer, if it was kept.
        answer: Option<(u16, Vec<u8>)>,
    },
    /// The key was used for another body.
    Mismatch,
}

/// Which calls were done already.
#[async_trait]
pub trait IdempotencyStore: std::marker::Send {
    /// Takes the key in this transaction, or says what became of it. A concurrent holder is waited for.
    /// Keys older than 24 hours are forgotten.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn claim(&mut self, call: &Call, now: Timestamp) -> Result<Claim, StorageError>;
    /// Notes what the call made, in this transaction: `msg_…`.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn attach(&mut self, call: &Call, resource: &str) -> Result<(), StorageError>;
    /// Keeps the answer, if none is kept.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn answer(&mut self, call: &Call, status: u16, body: &[u8]) -> Result<(), StorageError>;
}
