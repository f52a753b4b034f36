//! What can go wrong in a use case, as situations. Never knows an HTTP status: the server translates.

use std::borrow::Cow;

use whatsapp_cloud::CloudError;
use whatsapp_core::{Class, Classified, Detail, Permission, Span};
use whatsapp_storage::StorageError;

/// A use case could not be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A rule about the thing itself was broken: wrong input or wrong state.
    #[error(transparent)]
    Rule(#[from] whatsapp_core::Error),
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Meta refused or failed.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The file store failed.
    #[error("the file store cannot be reached")]
    Files(#[from] object_store::Error),
    /// There is no such thing, or it is another tenant's: nobody can tell which.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Not signed in, or not any more.
    #[error("{message}")]
    Unauthenticated {
        /// A stable code such as `LOGIN_FAILED`.
        code: &'static str,
        /// What to do.
        message: &'static str,
    },
    /// Signed in, but this is not allowed.
    #[error("you may not do this: it needs the permission {}", .0.as_str())]
    Forbidden(Permission),
    /// Too often.
    #[error("{message}")]
    Limited {
        /// A stable code such as `RATE_LIMITED`.
        code: &'static str,
        /// How long to wait.
        after: Span,
        /// What happened.
        message: String,
    },
    /// A part of the platform that this needs was not given, or does not answer.
    #[error("{0}")]
    Unavailable(String),
    /// Our mistake; the text is for the log only.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// An input is wrong.
    #[must_use]
    pub fn invalid(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self::Rule(whatsapp_core::Error::invalid(code, field, message))
    }
    /// A state forbids it.
    #[must_use]
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Rule(whatsapp_core::Error::conflict(code, message))
    }
}

impl Classified for Error {
    fn class(&self) -> Class {
        match self {
            Self::Rule(e) => e.class(),
            Self::Storage(e) => e.class(),
            Self::Cloud(e) => e.class(),
            Self::Files(_) | Self::Unavailable(_) => Class::Unavailable,
            Self::NotFound(_) => Class::NotFound,
            Self::Unauthenticated { .. } => Class::Unauthenticated,
            Self::Forbidden(_) => Class::Forbidden,
            Self::Limited { after, .. } => Class::Limited { after: *after },
            Self::Internal(_) => Class::Internal,
        }
    }
    fn code(&self) -> Cow<'static, str> {
        match self {
            Self::Rule(e) => e.code(),
            Self::Storage(e) => e.code(),
            Self::Cloud(e) => e.code(),
            Self::Files(_) => "FILES_UNAVAILABLE".into(),
            Self::Unavailable(_) => "UNAVAILABLE".into(),
            Self::NotFound(what) => {
                format!("{}_NOT_FOUND", what.replace(' ', "_").to_uppercase()).into()
            }
            Self::Unauthenticated { code, .. } | Self::Limited { code, .. } => (*code).into(),
            Self::Forbidden(_) => "PERMISSION_DENIED".into(),
            Self::Internal(_) => "INTERNAL".into(),
        }
    }
    fn details(&self) -> Vec<Detail> {
        match self {
            Self::Rule(e) => e.details(),
            Self::Cloud(e) => e.details(),
            _ => Vec::new(),
        }
    }
}
