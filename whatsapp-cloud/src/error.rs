//! What can go wrong between us and Meta, as situations. The question that matters is asked of each:
//! is it proved that Meta did not accept the message? Never decides what to do about it.

use std::borrow::Cow;

use whatsapp_core::{Class, Classified, Detail, Span};

use crate::codes::{ErrorClass, Explanation, Situation, explain, explain_with_subcode};

/// Meta's error body, read leniently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderError {
    /// Meta's code; everything branches on it.
    pub code: i64,
    /// Meta's finer code.
    pub subcode: Option<i64>,
    /// Meta's words, for the log.
    pub message: String,
    /// Meta's details.
    pub details: Option<String>,
    /// The id by which Meta's support finds the call.
    pub trace: Option<String>,
    /// The HTTP status; a hint only.
    pub http_status: u16,
    /// What the answer held beside the error: some calls were carried out in part.
    pub beside: Option<Box<serde_json::Value>>,
}

impl std::fmt::Display for ProviderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What is missing (33) is told by who knows whether it is the number or something else.
        let subcode = self.subcode.filter(|subcode| *subcode != 33);
        write!(f, "{}", explain_with_subcode(self.code, subcode).message)?;
        if let Some(details) = self.details.as_deref().filter(|d| !d.is_empty()) {
            write!(f, " (Meta {}: {details})", self.code)
        } else {
            write!(f, " (Meta {}: {})", self.code, self.message)
        }
    }
}

/// A call to Meta failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CloudError {
    /// Meta's definite no to this message or call; asking again gives the same answer.
    #[error("{0}")]
    Refused(ProviderError),
    /// The number or app sends too fast: slow down, then try again.
    #[error("{error}")]
    RateLimited {
        /// Not before this long.
        after: Span,
        /// Meta's answer.
        error: ProviderError,
    },
    /// Too much to one person: this person waits, others go on.
    #[error("{error}")]
    PairRate {
        /// Not before this long.
        after: Span,
        /// Meta's answer.
        error: ProviderError,
    },
    /// The template cannot be sent now: paused, disabled or gone. Other templates go on.
    #[error("{0}")]
    Template(ProviderError),
    /// The token or its permissions no longer hold: the channel is disconnected until somebody reconnects it.
    #[error("{0}")]
    Token(ProviderError),
    /// The number or account is held back (spam, policy, payment, registration): pause the channel, tell people.
    #[error("{0}")]
    Account(ProviderError),
    /// Meta said that it cannot serve now, with an error body: it did not accept. Try again.
    #[error("{error}")]
    Temporary {
        /// Not before this long.
        after: Span,
        /// Meta's answer.
        error: ProviderError,
    },
    /// No connection came to be: not a byte of the request was written.
    #[error("WhatsApp's servers could not be reached: {reason}")]
    Unreachable {
        /// Why.
        reason: String,
    },
    /// Bytes were written and no understandable answer came: Meta may or may not have accepted.
    #[error("it is not known whether WhatsApp accepted the message: {reason}")]
    Ambiguous {
        /// Why.
        reason: String,
        /// The HTTP status, if one came.
        http_status: Option<u16>,
    },
    /// The message cannot be written in Meta's form. Nothing was sent.
    #[error("{message}")]
    Invalid {
        /// The field.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// The message goes over one of Meta's limits. Nothing was sent.
    #[error("{field} has {actual} {unit}; WhatsApp takes at most {limit}")]
    OverLimit {
        /// The field, as the way to it in Meta's JSON: `interactive.action.buttons[1].reply.title`.
        field: String,
        /// What Meta takes at most.
        limit: u64,
        /// What the message has.
        actual: u64,
        /// Of what: `characters`, `bytes`, `buttons`, …
        unit: &'static str,
    },
    /// The address of a file no longer holds: locate it again, or it is gone.
    #[error("the file is no longer at this address")]
    MediaGone,
    /// A file or answer is larger than was asked for.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
}

impl CloudError {
    /// A message that cannot be written.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.to_owned(), message: message.into() }
    }
    /// Sorts Meta's error body into its situation. `retry_after` is what the answer's header asked for.
    #[must_use]
    pub fn from_provider(error: ProviderError, retry_after: Option<Span>) -> Self {
        let explanation = explain_with_subcode(error.code, error.subcode);
        let after = retry_after.unwrap_or(explanation.after);
        match explanation.situation {
            Situation::SlowDown => Self::RateLimited { after, error },
            Situation::PairRate => Self::PairRate { after, error },
            Situation::Template => Self::Template(error),
            Situation::Token => Self::Token(error),
            Situation::Account => Self::Account(error),
            Situation::Temporary => Self::Temporary { after, error },
            Situation::Final
            | Situation::Recipient
            | Situation::MarketingStopped
            | Situation::MarketingLimited
            | Situation::WindowClosed => Self::Refused(error),
        }
    }
    /// Whether it is proved that Meta did not accept: only an error body of Meta's, or that not a byte of the
    /// request was written. Only then may a message be sent again by a machine (rule S2).
    #[must_use]
    pub const fn proof_not_accepted(&self) -> bool {
        match self {
            Self::Refused(_)
            | Self::RateLimited { .. }
            | Self::PairRate { .. }
            | Self::Template(_)
            | Self::Token(_)
            | Self::Account(_)
            | Self::Temporary { .. }
            | Self::Unreachable { .. }
            | Self::Invalid { .. }
            | Self::OverLimit { .. } => true,
            Self::Ambiguous { .. } | Self::MediaGone | Self::TooLarge { .. } => false,
        }
    }
    /// Meta's error body, if there was one.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderError> {
        match self {
            Self::Refused(error)
            | Self::Template(error)
            | Self::Token(error)
            | Self::Account(error)
            | Self::RateLimited { error, .. }
            | Self::PairRate { error, .. }
            | Self::Temporary { error, .. } => Some(error),
            _ => None,
        }
    }
    /// Meta's code in plain words, if there was one.
    #[must_use]
    pub fn explanation(&self) -> Option<Explanation> {
        let error = self.provider()?;
        let fine = explain_with_subcode(error.code, error.subcode);
        // What is not there is lost access only where it is the number or the account itself.
        let elsewhere = matches!(self, Self::Refused(_)) && fine.situation == Situation::Token;
        Some(if elsewhere { explain(error.code) } else { fine })
    }
    /// What to do about it, in one word.
    ///
    /// ```
    /// use whatsapp_cloud::{CloudError, ErrorClass};
    /// let lost = CloudError::Ambiguous { reason: "the connection broke".into(), http_status: None };
    /// assert_eq!(lost.error_class(), ErrorClass::Ambiguous);
    /// ```
    #[must_use]
    pub const fn error_class(&self) -> ErrorClass {
        match self {
            Self::RateLimited { .. } => ErrorClass::SlowDown,
            Self::PairRate { .. } | Self::Temporary { .. } | Self::Unreachable { .. } => {
                ErrorClass::RetryAfter
            }
            Self::Template(_) | Self::Account(_) => ErrorClass::NeedsPerson,
            Self::Token(_) => ErrorClass::Disconnect,
            Self::Ambiguous { .. } => ErrorClass::Ambiguous,
            Self::Refused(_)
            | Self::Invalid { .. }
            | Self::OverLimit { .. }
            | Self::MediaGone
            | Self::TooLarge { .. } => ErrorClass::Permanent,
        }
    }
    /// How long to wait before asking again, where asking again makes sense.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Span> {
        match self {
            Self::RateLimited { after, .. }
            | Self::PairRate { after, .. }
            | Self::Temporary { after, .. } => Some(*after),
            Self::Unreachable { .. } => Some(Span::seconds(2)),
            _ => None,
        }
    }
}

impl Classified for CloudError {
    fn class(&self) -> Class {
        match self {
            Self::Refused(_) | Self::Template(_) | Self::Token(_) | Self::Account(_) => {
                Class::Refused
            }
            Self::RateLimited { .. }
            | Self::PairRate { .. }
            | Self::Temporary { .. }
            | Self::Unreachable { .. }
            | Self::Ambiguous { .. } => Class::Upstream,
            Self::Invalid { .. } | Self::OverLimit { .. } | Self::TooLarge { .. } => Class::Invalid,
            Self::MediaGone => Class::NotFound,
        }
    }
    fn code(&self) -> Cow<'static, str> {
        if let Some(error) = self.provider() {
            return Cow::Owned(format!("META_{}", error.code));
        }
        Cow::Borrowed(match self {
            Self::Unreachable { .. } => "META_UNREACHABLE",
            Self::Ambiguous { .. } => "META_AMBIGUOUS",
            Self::MediaGone => "MEDIA_GONE",
            Self::TooLarge { .. } => "MEDIA_TOO_LARGE",
            Self::OverLimit { .. } => "MESSAGE_OVER_LIMIT",
            _ => "INVALID_MESSAGE",
        })
    }
    fn details(&self) -> Vec<Detail> {
        match self {
            Self::Invalid { field, message } => {
                vec![Detail { field: field.clone(), message: message.clone() }]
            }
            Self::OverLimit { field, .. } => {
                vec![Detail { field: field.clone(), message: self.to_string() }]
            }
            _ => Vec::new(),
        }
    }
}
