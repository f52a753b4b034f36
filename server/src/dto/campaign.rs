//! Campaigns as the API shows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::recipient::FailureTally;
use whatsapp_core::{By, Id, Phone, Timestamp};
use whatsapp_platform::workspace::{CampaignView, NewCampaign, Preview};

use super::campaign_rules::{CampaignRules, CampaignRulesInput};
use super::message::{MessageError, status_word};
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
        let CampaignView { campaign, template, created_by_name, .. } = view;
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

impl From<core::Recipient> for Recipient {
    fn from(recipient: core::Recipient) -> Self {
        let phone = recipient.address.starts_with('+').then_some(recipient.address);
        let contact =
            RecipientContact { id: recipient.contact.to_string(), name: recipient.name, phone };
        Self {
            contact,
            state: status_word(recipient.state),
            error: recipient.error.as_ref().map(MessageError::from),
            message_id: recipient
                .conversation
                .map(|_| recipient.send.cast::<core::Message>().to_string()),
            conversation_id: recipient.conversation.map(|id| id.to_string()),
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
