//! Calls: their signalling, not their sound. **Experimental**: this may change with any release.

use crate::api::Recipient;
use crate::lenient::{answers, words};
use crate::{CloudError, bounds};

words! {
    /// Whether a description is an offer or an answer.
    SdpKind {
        /// Of the one who calls.
        Offer = "offer",
        /// Of the one who is called.
        Answer = "answer",
    }
    /// Whether a business may call somebody.
    CallPermissionStatus {
        /// It may.
        Granted = "granted",
        /// For a time.
        Temporary = "temporary",
        /// For ever, until it is taken back.
        Permanent = "permanent",
        /// It was asked for.
        Pending = "pending",
        /// It may not.
        Denied = "denied",
        /// No longer.
        Expired = "expired",
        /// It was never asked for.
        NoPermission = "no_permission",
    }
}

/// A session description (SDP, RFC 8866).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallSession {
    /// Offer or answer.
    pub kind: SdpKind,
    /// The description.
    pub sdp: String,
}

impl CallSession {
    /// Of the one who calls.
    #[must_use]
    pub fn offer(sdp: impl Into<String>) -> Self {
        Self { kind: SdpKind::Offer, sdp: sdp.into() }
    }
    /// Of the one who is called.
    #[must_use]
    pub fn answer(sdp: impl Into<String>) -> Self {
        Self { kind: SdpKind::Answer, sdp: sdp.into() }
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        bounds::filled("session.sdp", &self.sdp)?;
        match self.sdp.starts_with("v=0") {
            true => Ok(()),
            false => Err(CloudError::invalid("session.sdp", "a description begins with v=0")),
        }
    }
}

/// A call to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewCall {
    /// To whom.
    pub to: Recipient,
    /// Our offer.
    pub session: CallSession,
    /// Comes back in every webhook of this call; at most 512 characters, nothing personal.
    pub callback_data: String,
}

impl NewCall {
    /// A call with an offer.
    #[must_use]
    pub fn new(to: Recipient, offer: impl Into<String>) -> Self {
        Self { to, session: CallSession::offer(offer), callback_data: String::new() }
    }
    /// With data that comes back in every webhook of it.
    #[must_use]
    pub fn callback_data(mut self, data: impl Into<String>) -> Self {
        self.callback_data = data.into();
        self
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        self.session.check()?;
        bounds::chars("biz_opaque_callback_data", &self.callback_data, bounds::CALL_DATA_MAX)
    }
}

answers! {
    /// How often something may be done in a time.
    CallLimit {
        /// The time, e.g. `PT24H`.
        period("time_period"): Option<String>,
        /// How often at most.
        most("max_allowed"): Option<i64>,
        /// How often it was done.
        used("current_usage"): Option<i64>,
        /// Until when, in seconds since 1970.
        until("limit_expiration_time"): Option<i64>,
    }
    /// Something that may be done or not: `start_call`, `send_call_permission_request`.
    CallAction {
        /// What.
        name("action_name"): String,
        /// Whether it may be done now.
        allowed("can_perform_action"): bool,
        /// How often.
        limits: Vec<CallLimit>,
    }
    /// A permission.
    CallGrant {
        /// Whether it is given.
        status: Option<CallPermissionStatus>,
        /// Until when, in seconds since 1970.
        expires("expiration_time"): Option<i64>,
    }
    /// Whether a business may call somebody.
    CallPermission {
        /// The permission.
        permission: Option<CallGrant>,
        /// What may be done now.
        actions: Vec<CallAction>,
    }
}

impl CallPermission {
    /// Whether this may be done now, e.g. `start_call`.
    #[must_use]
    pub fn allows(&self, action: &str) -> bool {
        self.actions.iter().any(|known| known.name == action && known.allowed)
    }
}
