//! Groups. **Experimental**: Meta opens groups to few businesses, and this may change with any release.

use serde::{Deserialize, Serialize};

use crate::lenient::{answers, words};
use crate::{CloudError, bounds};

words! {
    /// Whether people who follow the link must be let in.
    JoinApproval {
        /// They must.
        Required = "approval_required",
        /// They come in by themselves.
        Automatic = "auto_approve",
    }
}

answers! {
    /// Somebody in a group.
    GroupPerson {
        /// Their number, in digits.
        wa_id: Option<String>,
        /// Their business-scoped id.
        user_id: Option<String>,
        /// Their username.
        username: Option<String>,
    }
    /// A group.
    Group {
        /// Meta's id of it: send to it with this.
        id: String,
        /// Its subject.
        subject: Option<String>,
        /// Its description.
        description: Option<String>,
        /// Whether people who follow the link must be let in.
        join_approval("join_approval_mode"): Option<JoinApproval>,
        /// Whether Meta has suspended it.
        suspended: Option<bool>,
        /// When it was made: seconds since 1970, or a date, as it came.
        created("creation_timestamp"): Option<String>,
        /// Who is in it, beside the business.
        people("participants"): Vec<GroupPerson>,
        /// How many.
        total("total_participant_count"): Option<i64>,
    }
    /// Somebody who wants to come in.
    JoinRequest {
        /// Meta's id of the request.
        id("join_request_id"): String,
        /// Their number, in digits.
        wa_id: Option<String>,
        /// Their business-scoped id.
        user_id: Option<String>,
        /// When they asked, in seconds since 1970.
        at("creation_timestamp"): Option<i64>,
    }
    /// Why a request could not be answered.
    FailedJoinRequest {
        /// Meta's id of the request.
        id("join_request_id"): String,
        /// Why, as it came.
        errors: serde_json::Value,
    }
    /// What became of requests to come in.
    JoinOutcome {
        /// Who was let in.
        approved("approved_join_requests"): Vec<String>,
        /// Who was refused.
        rejected("rejected_join_requests"): Vec<String>,
        /// What could not be answered.
        failed("failed_join_requests"): Vec<FailedJoinRequest>,
    }
}

/// A group to be made. Its id and its link come by webhook.
///
/// ```
/// use whatsapp_cloud::api::{JoinApproval, NewGroup};
/// let group = NewGroup::new("Weekend hike").description("Bring boots").approval(JoinApproval::Automatic);
/// assert!(group.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewGroup {
    /// Its subject, at most 128 characters.
    pub subject: String,
    /// Its description, at most 2,048 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether people who follow the link must be let in; they come in by themselves if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_approval_mode: Option<JoinApproval>,
}

impl NewGroup {
    /// With a subject only.
    #[must_use]
    pub fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), description: None, join_approval_mode: None }
    }
    /// With a description.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }
    /// With or without approval of those who follow the link.
    #[must_use]
    pub fn approval(mut self, mode: JoinApproval) -> Self {
        self.join_approval_mode = Some(mode);
        self
    }
    /// Whether Meta takes it.
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] with field, limit and actual value; [`CloudError::Invalid`] without a subject.
    pub fn check(&self) -> Result<(), CloudError> {
        bounds::filled("subject", &self.subject)?;
        check_texts(Some(&self.subject), self.description.as_deref())
    }
}

/// A change of a group. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupChange {
    /// Its subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl GroupChange {
    /// Changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Another subject.
    #[must_use]
    pub fn subject(mut self, text: impl Into<String>) -> Self {
        self.subject = Some(text.into());
        self
    }
    /// Another description.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        if *self == Self::default() {
            return Err(CloudError::invalid("group", "nothing is changed"));
        }
        check_texts(self.subject.as_deref(), self.description.as_deref())
    }
}

fn check_texts(subject: Option<&str>, description: Option<&str>) -> Result<(), CloudError> {
    bounds::chars("subject", subject.unwrap_or_default(), bounds::GROUP_SUBJECT_MAX)?;
    bounds::chars("description", description.unwrap_or_default(), bounds::GROUP_DESCRIPTION_MAX)
}
