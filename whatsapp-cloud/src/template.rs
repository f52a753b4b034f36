//! Templates as Meta lists them, read leniently: what is unknown stays raw. Never invents an approval.

use serde_json::Value;
use whatsapp_core::template::Category;
use whatsapp_core::{Channel, Env, Id, Quality, Template, TemplateStatus, Timestamp};

use crate::webhook::text_of;

/// A template as Meta has it. [`RemoteTemplate::into_template`] makes our noun of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoteTemplate {
    /// Meta's id.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore: `pt_BR`.
    pub language: String,
    /// What it is for. A word we do not know counts as marketing: the strictest rules.
    pub category: Category,
    /// Whether it may be sent. A word we do not know is not sendable.
    pub status: TemplateStatus,
    /// How people react to it.
    pub quality: Quality,
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// Whether its variables have names.
    pub named: bool,
    /// Meta's `components` array.
    pub components: Value,
}

impl RemoteTemplate {
    /// Reads one entry of Meta's list; `None` without id, name or language.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let word = |key: &str| text_of(value, key).unwrap_or_default();
        let quality = value.pointer("/quality_score/score").and_then(Value::as_str);
        let components = value.get("components").filter(|c| c.is_array()).cloned();
        Some(Self {
            meta_id: text_of(value, "id")?,
            name: text_of(value, "name")?,
            language: normal_language(&text_of(value, "language")?),
            category: Category::parse(&word("category").to_ascii_lowercase())
                .unwrap_or(Category::Marketing),
            status: TemplateStatus::from_meta(&word("status")),
            quality: Quality::from_meta(quality.unwrap_or_default()),
            rejected_reason: text_of(value, "rejected_reason")
                .filter(|reason| !reason.eq_ignore_ascii_case("none")),
            named: word("parameter_format").eq_ignore_ascii_case("named"),
            components: components.unwrap_or_else(|| Value::Array(Vec::new())),
        })
    }
    /// Our noun, with a new id.
    #[must_use]
    pub fn into_template(self, channel: Id<Channel>, env: &Env) -> Template {
        self.with_id(env.id(), channel, env.now())
    }
    /// Our noun, with the id it has already.
    #[must_use]
    pub fn with_id(self, id: Id<Template>, channel: Id<Channel>, at: Timestamp) -> Template {
        Template {
            id,
            channel,
            meta_id: self.meta_id,
            name: self.name,
            language: self.language,
            category: self.category,
            status: self.status,
            quality: self.quality,
            rejected_reason: self.rejected_reason,
            named: self.named,
            components: self.components,
            updated_at: at,
        }
    }
}

/// Meta's lists write `en_US`, some webhooks `en-US`.
pub(crate) fn normal_language(language: &str) -> String {
    language.replace('-', "_")
}
