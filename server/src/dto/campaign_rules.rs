//! A campaign's rules for bad weather, and the wish to try people again, as the API shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_core::campaign::{self as core, LateStart};
use whatsapp_core::{Id, SendState, Template, Timestamp};
use whatsapp_platform::workspace::Retry;

use super::time_of;
use crate::error::ApiError;
use crate::state::Answer;

/// What a campaign does when things do not go as planned.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CampaignRules {
    /// When it could not start within an hour of its time: `ask` a person, `start` all the same, or `skip` it.
    #[schema(example = "ask")]
    late_start: &'static str,
    /// Nothing goes out from this moment on.
    #[schema(required = true)]
    deadline: Option<String>,
    /// How often somebody whom Meta held back (131049) is tried again, a day later each time.
    hold_back_tries: u8,
    /// Whether he is then tried once over the Marketing Messages API.
    marketing_messages: bool,
    /// The utility template that he gets in the end, with the same values.
    #[schema(required = true)]
    fallback_template_id: Option<String>,
}

impl From<core::CampaignRules> for CampaignRules {
    fn from(rules: core::CampaignRules) -> Self {
        Self {
            late_start: rules.late_start.as_str(),
            deadline: time_of(rules.deadline),
            hold_back_tries: rules.hold_back_tries,
            marketing_messages: rules.marketing_messages,
            fallback_template_id: rules.fallback_template.map(|id| id.to_string()),
        }
    }
}

/// What a campaign shall do when things do not go as planned.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CampaignRulesInput {
    /// When it could not start within an hour of its time: `ask` (without it), `start` or `skip`.
    #[schema(value_type = Option<String>)]
    late_start: Option<LateStart>,
    /// Nothing goes out from this moment on.
    #[serde(deserialize_with = "super::moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    deadline: Option<Timestamp>,
    /// How often somebody whom Meta held back (131049) is tried again, a day later each time: 0 to 3.
    hold_back_tries: u8,
    /// Whether he is then tried once over the Marketing Messages API. Only for a marketing template.
    marketing_messages: bool,
    /// The utility template that he gets in the end: approved, of the same account, with no variable that the campaign's
    /// template does not have. Only for a marketing template.
    #[schema(value_type = Option<String>)]
    fallback_template_id: Option<Id<Template>>,
}

impl From<CampaignRulesInput> for core::CampaignRules {
    fn from(body: CampaignRulesInput) -> Self {
        let mut rules = Self::default();
        rules.late_start = body.late_start.unwrap_or(rules.late_start);
        (rules.deadline, rules.hold_back_tries) = (body.deadline, body.hold_back_tries);
        rules.marketing_messages = body.marketing_messages;
        rules.fallback_template = body.fallback_template_id;
        rules
    }
}

/// Whom to try again.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignRetry {
    /// `failed`, `unconfirmed` or both. Of the unconfirmed, some may have it already and get it twice.
    #[schema(example = json!(["failed"]))]
    states: Vec<String>,
    /// Of the failed, only those with these codes, e.g. `META_131049`; all without it.
    #[serde(default)]
    codes: Option<Vec<String>>,
}

impl CampaignRetry {
    pub(crate) fn read(self) -> Answer<Retry> {
        let mut retry = Retry { codes: self.codes, ..Retry::default() };
        for state in &self.states {
            match SendState::parse(state) {
                Some(SendState::Failed) => retry.failed = true,
                Some(SendState::Unconfirmed) => retry.unconfirmed = true,
                _ => {
                    let why = "only `failed` and `unconfirmed` can be tried again";
                    return Err(ApiError::invalid("CAMPAIGN_RETRY", "states", why));
                }
            }
        }
        Ok(retry)
    }
}
