//! Which rule a message breaks, and where. Never decides who is told how.

use std::borrow::Cow;
use std::fmt;

use crate::error::CloudError;

/// A rule that is not kept, at one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The way to the field, e.g. `interactive.action.buttons[1].reply.title`.
    pub(crate) field: String,
    /// What is wrong there.
    pub(crate) kind: Kind,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is not there.
    Missing,
    /// Too many characters.
    TooLong { limit: u64, actual: u64 },
    /// Too many entries, or too large a number; `unit` says of what.
    TooMany { limit: u64, actual: u64, unit: &'static str },
    /// Too few entries, or too small a number.
    TooFew { limit: u64, actual: u64, unit: &'static str },
    /// The same as one before it.
    NotUnique,
    /// Not of the form it must have.
    Invalid(Cow<'static, str>),
    /// May not be here.
    NotAllowed(Cow<'static, str>),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match &self.kind {
            Kind::Missing => write!(f, "{field} is required"),
            Kind::TooLong { limit, actual } => {
                write!(f, "{field} has {actual} characters; WhatsApp takes at most {limit}")
            }
            Kind::TooMany { limit, actual, unit } => {
                write!(f, "{field} has {actual} {unit}; WhatsApp takes at most {limit}")
            }
            Kind::TooFew { limit, actual, unit } => {
                write!(f, "{field} has {actual} {unit}; WhatsApp wants at least {limit}")
            }
            Kind::NotUnique => write!(f, "{field} is used twice; write each only once"),
            Kind::Invalid(why) => write!(f, "{field}: {why}"),
            Kind::NotAllowed(why) => write!(f, "{field} cannot be here: {why}"),
        }
    }
}

impl From<Broken> for CloudError {
    fn from(broken: Broken) -> Self {
        match broken.kind {
            Kind::TooLong { limit, actual } => {
                Self::OverLimit { field: broken.field, limit, actual, unit: "characters" }
            }
            Kind::TooMany { limit, actual, unit } => {
                Self::OverLimit { field: broken.field, limit, actual, unit }
            }
            _ => {
                let message = broken.to_string();
                Self::Invalid { field: broken.field, message }
            }
        }
    }
}
