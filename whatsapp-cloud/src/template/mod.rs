//! Templates: as a business writes them ([`TemplateDraft`]), the rules they must keep ([`rules`]), and as Meta lists
//! them, read leniently: what is unknown stays raw. Never invents an approval.

mod button;
mod component;
mod draft;
mod group;
mod language;
mod library;
mod manage;
pub mod rules;

pub use button::{Button, OtpType, SupportedApp};
pub use component::{
    Body, Card, Carousel, Component, Example, Footer, Header, HeaderFormat, LimitedTimeOffer,
    NamedSample, Offer,
};
pub use draft::{Authentication, TemplateDraft};
pub use group::{
    AnalyticsQuery, ButtonClicks, GroupPage, Migration, MigrationQuery, TemplateCost,
    TemplateFigures, TemplateGroup, TemplateGroupDraft,
};
pub use language::LANGUAGES;
pub use library::{
    LibraryButtonInput, LibraryDraft, LibraryFilter, LibraryPage, LibraryTemplate, LibraryUrl,
};
pub use manage::{
    AuthenticationPreview, AuthenticationUpsert, ComparisonFigure, CreatedTemplate, PreviewQuery,
    TemplateComparison, TemplateEdit, TemplateFilter, Unpaused, UpsertedTemplate,
};

use serde_json::Value;
use whatsapp_core::template::Category;
use whatsapp_core::{Channel, Env, Id, Quality, Template, TemplateStatus, Timestamp};

use crate::webhook::text_of;

/// A template as Meta has it. [`RemoteTemplate::into_template`] makes our noun of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
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
    /// Meta's finer category, e.g. `CUSTOM`, as it came.
    pub sub_category: Option<String>,
    /// Since when its quality is what it is.
    pub quality_since: Option<Timestamp>,
    /// The category that Meta will put it in, if another than now.
    pub correct_category: Option<Category>,
    /// The category it had before Meta changed it.
    pub previous_category: Option<Category>,
    /// For how many seconds Meta tries to deliver it; -1 is thirty days.
    pub message_send_ttl_seconds: Option<i64>,
    /// The entry of Meta's library that it was made from.
    pub library_template_name: Option<String>,
    /// Meta's word on whether it can be sent: `AVAILABLE`, `LIMITED`, `BLOCKED`, as it came.
    pub can_send_message: Option<String>,
    /// Whether links in it are counted.
    pub link_tracking: Option<bool>,
    /// Everything Meta said of it.
    pub raw: Value,
}

impl RemoteTemplate {
    /// Reads one entry of a list, where a template without name or language is none.
    pub(crate) fn read_entry(value: &Value) -> Option<Self> {
        Self::read(value).filter(|read| !read.name.is_empty() && !read.language.is_empty())
    }
    /// Reads Meta's object; `None` without an id. A name or language that was not told is empty.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let word = |key: &str| text_of(value, key).unwrap_or_default();
        let quality = value.pointer("/quality_score/score").and_then(Value::as_str);
        let components = value.get("components").filter(|c| c.is_array()).cloned();
        let category = |key: &str| Category::parse(&word(key).to_ascii_lowercase());
        Some(Self {
            meta_id: text_of(value, "id")?,
            name: word("name"),
            language: normal_language(&word("language")),
            category: category("category").unwrap_or(Category::Marketing),
            status: TemplateStatus::from_meta(&word("status")),
            quality: Quality::from_meta(quality.unwrap_or_default()),
            rejected_reason: text_of(value, "rejected_reason")
                .filter(|reason| !reason.eq_ignore_ascii_case("none")),
            named: word("parameter_format").eq_ignore_ascii_case("named"),
            components: components.unwrap_or_else(|| Value::Array(Vec::new())),
            sub_category: text_of(value, "sub_category"),
            quality_since: value
                .get("quality_score")
                .and_then(|score| text_of(score, "date")?.parse().ok())
                .map(Timestamp::from_seconds),
            correct_category: category("correct_category"),
            previous_category: category("previous_category"),
            message_send_ttl_seconds: text_of(value, "message_send_ttl_seconds")
                .and_then(|seconds| seconds.parse().ok()),
            library_template_name: text_of(value, "library_template_name")
                .filter(|name| !name.is_empty()),
            can_send_message: value
                .get("health_status")
                .and_then(|health| text_of(health, "can_send_message")),
            link_tracking: value
                .get("cta_url_link_tracking_opted_out")
                .and_then(Value::as_bool)
                .map(|out| !out),
            raw: value.clone(),
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
