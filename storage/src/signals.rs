//! Word between the nodes that share a store: that there is something to do. Never carries what there is, and never
//! has to arrive: whoever hears nothing looks by itself.

use async_trait::async_trait;
use uuid::Uuid;

use crate::StorageError;

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Webhook calls were kept.
    Journal,
    /// Events were said.
    Events,
    /// Jobs are due.
    Jobs,
    /// Messages want to go out.
    Sends,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Journal, Self::Events, Self::Jobs, Self::Sends];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Events => "events",
            Self::Jobs => "jobs",
            Self::Sends => "sends",
        }
    }
    /// The topic of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == word)
    }
}

/// What a node said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which node: its own word comes back to it.
    pub from: Uuid,
    /// What there is to do.
    pub topics: Vec<Topic>,
}

/// A store that can carry word.
#[async_trait]
pub trait Signals: std::fmt::Debug + std::marker::Send + Sync {
    /// Tells every node that listens.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer.
    async fn tell(&self, from: Uuid, topics: &[Topic]) -> Result<(), StorageError>;
    /// Begins to listen; what was said before is not heard.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer, or cannot carry word after all.
    async fn listen(&self) -> Result<Box<dyn Listening>, StorageError>;
}

/// Somebody who listens, until dropped.
#[async_trait]
pub trait Listening: std::marker::Send {
    /// The next word.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the connection was lost: word may have been missed meanwhile. Listen anew.
    async fn next(&mut self) -> Result<Heard, StorageError>;
}
