//! Campaigns as the API shows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::recipient::FailureTally;
use whatsapp_core::{By, Id, Phone, Timestamp};
use whatsapp_platform::workspace::{CampaignView, Forecast, NewCampaign, Preview, RecipientView};

use super::campaign_rules::{CampaignRules, CampaignRulesInput};
use super::message::MessageError;
use super::template::VariableValues;
use super::{Named, time, time_of};

/// One template to many people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Campaign {
    id: String,
    name: String,
    channel_id: String,
    template: CampaignTemplate,
    audience: Audience,
    variables: BTreeMap<String, String>,
    /// `draft`, `scheduled`, `preparing`, `sending`, `paused`, `completed`, `failed` or `cancelled`.
    #[schema(example = "sending")]
    status: &'static str,
    /// Why it is paused, failed or slow.
    #[schema(required = true)]
    reason: Option<String>,
    /// What holds it back while it is being sent, though nobody paused it.
    #[schema(required = true)]
    waiting: Option<CampaignWaiting>,
    counts: CampaignCounts,
    /// At most so many messages a second.
    #[schema(required = true)]
    rate: Option<u32>,
    rules: CampaignRules,
    #[schema(required = true)]
    scheduled_at: Option<String>,
    #[schema(required = true)]
    started_at: Option<String>,
    #[schema(required = true)]
    completed_at: Option<String>,
    #[schema(required = true)]
    created_by: Option<Named>,
    created_at: String,
    revision: i64,
}

/// What holds a campaign back, and until when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CampaignWaiting {
    /// `budget`: as many new people were written to as the portfolio may in a day; `usage`: nearly all calls that
    /// Meta allows were made; `slowed`: Meta said "too fast" a moment ago; `meta_away`: Meta does not answer; `quality`: people judge the number
    /// badly; `own_rate`: its own rate; `channel_paused`, `channel_disconnected`.
    #[schema(example = "budget")]
    reason: &'static str,
    /// Until when, as far as is known now.
    #[schema(required = true)]
    until: Option<String>,
}

impl From<core::Waiting> for CampaignWaiting {
    fn from(waiting: core::Waiting) -> Self {
        Self { reason: waiting.reason.as_str(), until: time_of(waiting.until) }
    }
}

/// What a campaign sends.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CampaignTemplate {
    id: String,
    name: String,
    language: String,
}

/// How many people are how far. `sent` holds `delivered`, which holds `read`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CampaignCounts {
    total: i64,
    waiting: i64,
    sent: i64,
    delivered: i64,
    read: i64,
    failed: i64,
    skipped: i64,
    /// Not known yet.
    unknown: i64,
    /// Never learnt.
    unconfirmed: i64,
}

impl From<core::Counts> for CampaignCounts {
    fn from(c: core::Counts) -> Self {
        Self {
            total: c.total,
            waiting: c.waiting,
            sent: c.ever_sent(),
            delivered: c.ever_delivered(),
            read: c.read,
            failed: c.failed,
            skipped: c.skipped,
            unknown: c.ambiguous,
            unconfirmed: c.unconfirmed,
        }
    }
}

impl From<CampaignView> for Campaign {
    fn from(view: CampaignView) -> Self {
        let CampaignView { campaign, template, created_by_name, waiting, .. } = view;
        let (name, language) = template.map_or_else(Default::default, |t| (t.name, t.language));
        let author = |id: String| Named { id, name: created_by_name.unwrap_or_default() };
        Self {
            id: campaign.id.to_string(),
            name: campaign.name,
            channel_id: campaign.channel.to_string(),
            template: CampaignTemplate { id: campaign.template.to_string(), name, language },
            audience: campaign.audience.into(),
            variables: campaign
                .variables
                .iter()
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .collect(),
            status: campaign.status.as_str(),
            reason: campaign.reason,
            waiting: waiting.map(CampaignWaiting::from),
            counts: campaign.counts.into(),
            rate: campaign.rate,
            rules: campaign.rules.into(),
            scheduled_at: time_of(campaign.scheduled_at),
            started_at: time_of(campaign.started_at),
            completed_at: time_of(campaign.completed_at),
            created_by: match &campaign.created_by {
                By::User(id) => Some(author(id.to_string())),
                By::ApiKey(id) => Some(author(id.to_string())),
                _ => None,
            },
            created_at: time(campaign.created_at),
            revision: campaign.revision,
        }
    }
}

/// To whom: everybody in any of the parts, each once.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Audience {
    #[schema(value_type = Vec<String>)]
    group_ids: Vec<Id<core::Group>>,
    #[schema(value_type = Vec<String>)]
    contact_ids: Vec<Id<core::Contact>>,
    /// Numbers with their country code; unknown ones become contacts.
    #[schema(value_type = Vec<String>)]
    phones: Vec<Phone>,
    tags: Vec<String>,
}

impl From<core::Audience> for Audience {
    fn from(a: core::Audience) -> Self {
        Self { group_ids: a.group_ids, contact_ids: a.contact_ids, phones: a.phones, tags: a.tags }
    }
}
impl From<Audience> for core::Audience {
    fn from(a: Audience) -> Self {
        Self { group_ids: a.group_ids, contact_ids: a.contact_ids, phones: a.phones, tags: a.tags }
    }
}

/// A campaign to be made, or the new text of a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignInput {
    name: String,
    #[schema(value_type = String)]
    template_id: Id<core::Template>,
    /// The template's channel; may be left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(crate) channel_id: Option<Id<core::Channel>>,
    audience: Audience,
    #[serde(default)]
    variables: VariableValues,
    #[serde(default, deserialize_with = "super::moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    scheduled_at: Option<Timestamp>,
    /// At most so many messages a second.
    #[serde(default)]
    rate: Option<u32>,
    #[serde(default)]
    rules: CampaignRulesInput,
}

impl From<CampaignInput> for NewCampaign {
    fn from(body: CampaignInput) -> Self {
        Self {
            name: body.name,
            template: body.template_id,
            audience: body.audience.into(),
            variables: body.variables.into(),
            rate: body.rate,
            rules: body.rules.into(),
            scheduled_at: body.scheduled_at,
        }
    }
}

/// What a campaign would do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CampaignPreviewRequest {
    #[schema(value_type = String)]
    pub(crate) template_id: Id<core::Template>,
    pub(crate) audience: Audience,
    #[serde(default)]
    pub(crate) variables: VariableValues,
}

/// Who would get it, and what it would say.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CampaignPreview {
    selected: i64,
    opted_out: i64,
    unreachable: i64,
    duplicates: i64,
    missing_values: i64,
    total: i64,
    samples: Vec<PreviewSample>,
    forecast: CampaignForecast,
}

/// When a campaign would have reached everybody if it began now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CampaignForecast {
    /// How many people the business portfolio may write to first in 24 hours; null where there is no limit or none is
    /// known.
    #[schema(required = true)]
    limit: Option<u32>,
    /// How many of them are left for campaigns now. People who wrote in the last 24 hours do not count.
    #[schema(required = true)]
    left: Option<u32>,
    /// Messages per second at the number's level.
    per_second: u32,
    /// Not before this moment the last person gets it; null when nobody does.
    #[schema(required = true)]
    done_at: Option<String>,
}

impl From<Forecast> for CampaignForecast {
    fn from(forecast: Forecast) -> Self {
        Self {
            limit: forecast.limit,
            left: forecast.left,
            per_second: forecast.per_second,
            done_at: time_of(forecast.done_at),
        }
    }
}

/// The text for one person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewSample {
    name: String,
    #[schema(required = true)]
    phone: Option<String>,
    text: String,
}

impl From<Preview> for CampaignPreview {
    fn from(preview: Preview) -> Self {
        let samples = preview.samples.into_iter().map(|sample| PreviewSample {
            name: sample.name,
            phone: sample.phone.map(String::from),
            text: sample.text,
        });
        Self {
            selected: preview.selected,
            opted_out: preview.opted_out,
            unreachable: preview.unreachable,
            duplicates: preview.duplicates,
            missing_values: preview.missing_values,
            total: preview.total,
            samples: samples.collect(),
            forecast: preview.forecast.into(),
        }
    }
}

/// One person of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recipient {
    contact: RecipientContact,
    #[schema(example = "delivered")]
    state: &'static str,
    #[schema(required = true)]
    error: Option<MessageError>,
    /// The message, once there is one.
    #[schema(required = true)]
    message_id: Option<String>,
    #[schema(required = true)]
    conversation_id: Option<String>,
    /// By which way the latest try went, or the next one goes: `usual`, `marketing_messages` (the Marketing Messages API)
    /// or `fallback` (the utility template of the campaign's rules).
    #[schema(example = "usual")]
    route: &'static str,
    /// Why the campaign gave this person up: `tried` (every way that its rules allow) or `over` (it ended, or its deadline
    /// passed, before the next try). `null` where the error is the whole reason.
    #[schema(required = true)]
    gave_up: Option<&'static str>,
    updated_at: String,
}

/// The person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecipientContact {
    id: String,
    #[schema(required = true)]
    name: Option<String>,
    #[schema(required = true)]
    phone: Option<String>,
}

impl From<RecipientView> for Recipient {
    fn from(view: RecipientView) -> Self {
        let recipient = view.recipient;
        let phone = recipient.address.starts_with('+').then_some(recipient.address);
        let contact =
            RecipientContact { id: recipient.contact.to_string(), name: recipient.name, phone };
        Self {
            contact,
            state: recipient.state.as_str(),
            error: recipient.error.as_ref().map(MessageError::from),
            message_id: recipient
                .conversation
                .map(|_| recipient.send.cast::<core::Message>().to_string()),
            conversation_id: recipient.conversation.map(|id| id.to_string()),
            route: view.route.as_str(),
            gave_up: view.gave_up.map(core::campaign::GaveUp::as_str),
            updated_at: time(recipient.updated_at),
        }
    }
}

/// One reason for failing, and how often.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CampaignFailure {
    code: String,
    message: String,
    #[schema(required = true)]
    advice: Option<String>,
    count: i64,
}

impl From<FailureTally> for CampaignFailure {
    fn from(tally: FailureTally) -> Self {
        let MessageError { code, message, advice } = MessageError::from(&tally.error);
        Self { code, message, advice, count: tally.count }
    }
}

impl CampaignInput {
    /// The template it names.
    ///
    /// # Errors
    /// 404 when there is none.
    pub(crate) async fn template(
        &self,
        desk: &crate::http::extract::Desk,
    ) -> crate::state::Answer<core::Template> {
        Ok(desk.templates().find(self.template_id).await?)
    }
}
