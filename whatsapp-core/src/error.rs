//! The taxonomy that every crate's error maps onto. Never knows an HTTP status: the server translates.

use std::borrow::Cow;

use serde::Serialize;

use crate::Span;

/// What the caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// Correct the input.
    Invalid,
    /// Sign in, or present a valid key.
    Unauthenticated,
    /// Ask somebody who may.
    Forbidden,
    /// The plan does not cover it.
    OverPlan,
    /// There is no such thing, or it is another tenant's.
    NotFound,
    /// Not in this state; reload.
    Conflict,
    /// Wait.
    Limited {
        /// How long.
        after: Span,
    },
    /// The other side's final no.
    Refused,
    /// The other side failed; try later.
    Upstream,
    /// We cannot serve now; try later.
    Unavailable,
    /// Our mistake.
    Internal,
}

/// One field that is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The field, as the caller named it: `text.body`.
    pub field: String,
    /// What to do about it.
    pub message: String,
}

/// What every error of ours can say of itself.
pub trait Classified {
    /// What the caller can do.
    fn class(&self) -> Class;
    /// A stable machine code, `UPPER_SNAKE`.
    fn code(&self) -> Cow<'static, str>;
    /// The fields concerned.
    fn details(&self) -> Vec<Detail> {
        Vec::new()
    }
}

/// A rule of this crate was broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input does not have the form it must have.
    #[error("{message}")]
    Invalid {
        /// A stable code such as `INVALID_PHONE`.
        code: &'static str,
        /// What is wrong, and what to do.
        message: String,
        /// The field, when there is one.
        field: Option<String>,
    },
    /// A thing is not in a state in which this can be done.
    #[error("{message}")]
    Conflict {
        /// A stable code such as `CAMPAIGN_STATE`.
        code: &'static str,
        /// What is in the way.
        message: String,
    },
}

impl Error {
    /// An input is wrong.
    #[must_use]
    pub fn invalid(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { code, message: message.into(), field: Some(field.to_owned()) }
    }
    /// A state forbids it.
    #[must_use]
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }
    pub(crate) fn invalid_id(prefix: &str) -> Self {
        let message =
            format!("this is not an id of the form {prefix}_…: copy it from an answer of the API");
        Self::Invalid { code: "INVALID_ID", message, field: None }
    }
}

impl Classified for Error {
    fn class(&self) -> Class {
        match self {
            Self::Invalid { .. } => Class::Invalid,
            Self::Conflict { .. } => Class::Conflict,
        }
    }
    fn code(&self) -> Cow<'static, str> {
        match self {
            Self::Invalid { code, .. } | Self::Conflict { code, .. } => Cow::Borrowed(code),
        }
    }
    fn details(&self) -> Vec<Detail> {
        match self {
            Self::Invalid { field: Some(field), message, .. } => {
                vec![Detail { field: field.clone(), message: message.clone() }]
            }
            _ => Vec::new(),
        }
    }
}
