//! The world outside, as far as the platform needs it besides store and Meta. Files are an `object_store`.

use async_trait::async_trait;
use whatsapp_core::event::Recorded;

/// How much a disk holds, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// What this process may still write.
    pub free: u64,
    /// All of it.
    pub total: u64,
}

/// The disk that this node writes to: its database's where that is a file, and that of its files.
#[async_trait]
pub trait Disk: std::fmt::Debug + Send + Sync + 'static {
    /// How much room there is.
    ///
    /// # Errors
    /// Why it cannot be told, in words for operators.
    async fn room(&self) -> Result<Room, String>;
}

/// Hands events to the people who have the console open. It must not wait for them.
#[async_trait]
pub trait Realtime: std::fmt::Debug + Send + Sync + 'static {
    /// Events in the log's order, once each for this node, after their commit.
    async fn publish(&self, events: &[Recorded]);
}
