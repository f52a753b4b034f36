//! The world outside, as far as the platform needs it besides store and Meta. Files are an `object_store`.

use async_trait::async_trait;
use whatsapp_core::event::Recorded;

/// Hands events to the people who have the console open. It must not wait for them.
#[async_trait]
pub trait Realtime: std::fmt::Debug + Send + Sync + 'static {
    /// Events in the log's order, once each for this node, after their commit.
    async fn publish(&self, events: &[Recorded]);
}
