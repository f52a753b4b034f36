//! Templates as the API shows them, and values for their variables.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use whatsapp_core as core;
use whatsapp_core::{Id, Variables};

use super::time;

/// A text that Meta approved, or not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Template {
    id: String,
    channel_id: String,
    name: String,
    #[schema(example = "pt_BR")]
    language: String,
    #[schema(example = "marketing")]
    category: &'static str,
    #[schema(example = "approved")]
    status: &'static str,
    quality: &'static str,
    #[schema(required = true)]
    rejected_reason: Option<String>,
    /// `positional` or `named`.
    parameter_format: &'static str,
    /// Meta's component objects.
    #[schema(value_type = Vec<Object>)]
    components: Value,
    variables: Vec<TemplateVariable>,
    updated_at: String,
}

/// One variable of a template.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateVariable {
    #[schema(example = "body.1")]
    key: String,
    /// `header`, `body` or `button`.
    component: &'static str,
    name: String,
    #[schema(required = true)]
    sample: Option<String>,
}

impl From<core::Template> for Template {
    fn from(template: core::Template) -> Self {
        let variable = |v: core::template::Variable| TemplateVariable {
            key: v.key,
            component: v.component,
            name: v.name,
            sample: v.sample,
        };
        Self {
            variables: template.variables().into_iter().map(variable).collect(),
            id: template.id.to_string(),
            channel_id: template.channel.to_string(),
            name: template.name,
            language: template.language,
            category: template.category.as_str(),
            status: template.status.as_str(),
            quality: template.quality.as_str(),
            rejected_reason: template.rejected_reason,
            parameter_format: if template.named { "named" } else { "positional" },
            components: template.components,
            updated_at: time(template.updated_at),
        }
    }
}

/// Which channel's templates to fetch from Meta.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateSync {
    #[schema(value_type = String)]
    pub(crate) channel_id: Id<core::Channel>,
}

/// How many templates Meta has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateSynced {
    pub(crate) synced: usize,
}

/// Values of a template's variables: `{"body.1": "{{name|friend}}", "2": "10%"}`.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct VariableValues(BTreeMap<String, String>);

impl From<VariableValues> for Variables {
    fn from(values: VariableValues) -> Self {
        Self::from_pairs(values.0)
    }
}

/// A template in a conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateMessageRequest {
    #[schema(value_type = String)]
    pub(crate) template_id: Id<core::Template>,
    #[serde(default)]
    pub(crate) variables: VariableValues,
}

/// A template to a number or contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendTemplateRequest {
    /// A number with its country code, or a contact's id.
    pub(crate) to: String,
    /// The template's name or id.
    pub(crate) template: String,
    /// Chooses among the languages of a name.
    #[serde(default)]
    pub(crate) language: Option<String>,
    #[serde(default)]
    pub(crate) variables: VariableValues,
    /// Over which of your numbers; may be left out when there is one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(crate) channel_id: Option<Id<core::Channel>>,
}
