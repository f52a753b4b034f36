//! What can go wrong with a store, by what the caller can do about it. Never shows SQL or data.

use std::borrow::Cow;

use whatsapp_core::{Class, Classified};

/// A store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The store cannot be reached, or is too busy; nothing was changed.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + std::marker::Send + Sync>),
    /// Whether the commit happened is not known: ask again by key.
    #[error("the database did not answer the commit")]
    CommitUnknown(#[source] Box<dyn std::error::Error + std::marker::Send + Sync>),
    /// A stored value cannot be read, or a rule of the schema was broken: our mistake.
    #[error("the database refused or returned something unexpected")]
    Broken(#[source] Box<dyn std::error::Error + std::marker::Send + Sync>),
    /// The schema is newer than this program.
    #[error(
        "the database was migrated by a newer version of this program: upgrade the program first"
    )]
    NewerSchema,
}

impl StorageError {
    /// A stored value that does not mean anything.
    #[must_use]
    pub fn corrupt(what: &str) -> Self {
        Self::Broken(format!("a stored {what} cannot be read").into())
    }
}

impl Classified for StorageError {
    fn class(&self) -> Class {
        match self {
            Self::Unavailable(_) | Self::CommitUnknown(_) => Class::Unavailable,
            Self::Broken(_) | Self::NewerSchema => Class::Internal,
        }
    }
    fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self.class() {
            Class::Unavailable => "STORE_UNAVAILABLE",
            _ => "INTERNAL",
        })
    }
}
