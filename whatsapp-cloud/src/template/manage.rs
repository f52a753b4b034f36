//! What the management of templates asks and answers, read leniently: everything Meta said is kept.

use serde_json::{Map, Value, json};
use whatsapp_core::TemplateStatus;
use whatsapp_core::template::Category;

use super::component::Component;
use super::draft::{Authentication, TemplateDraft};
use crate::answer::data;
use crate::webhook::{plain_text, text_of};

/// Meta's answer to a template it took. Whether it may be sent is told by webhook, unless it is approved at once.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CreatedTemplate {
    /// Meta's id.
    pub id: String,
    /// Its state.
    pub status: TemplateStatus,
    /// The category that Meta put it in: a utility text that sells becomes marketing.
    pub category: Option<Category>,
    /// Everything Meta said.
    pub raw: Value,
}

impl CreatedTemplate {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let word = |key: &str| text_of(value, key).unwrap_or_default();
        Some(Self {
            id: text_of(value, "id")?,
            status: TemplateStatus::from_meta(&word("status")),
            category: Category::parse(&word("category").to_ascii_lowercase()),
            raw: value.clone(),
        })
    }
}

/// What to change of a template. Its parts are replaced whole.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TemplateEdit {
    /// Another category; not of an approved one.
    pub category: Option<Category>,
    /// All parts anew.
    pub components: Option<Vec<Component>>,
    /// `NAMED` or `POSITIONAL`, where the new parts need it.
    pub parameter_format: Option<String>,
    /// For how many seconds Meta tries to deliver it.
    pub message_send_ttl_seconds: Option<i64>,
}

impl TemplateEdit {
    /// The parts of a draft instead of the present ones.
    #[must_use]
    pub fn parts_of(draft: TemplateDraft) -> Self {
        let parameter_format = draft.parameter_format;
        Self { components: Some(draft.components), parameter_format, ..Self::default() }
    }
    /// Another category.
    #[must_use]
    pub fn category(category: Category) -> Self {
        Self { category: Some(category), ..Self::default() }
    }
    /// With another time to deliver it, in seconds.
    #[must_use]
    pub const fn ttl_seconds(mut self, seconds: i64) -> Self {
        self.message_send_ttl_seconds = Some(seconds);
        self
    }
    /// Meta's JSON.
    #[must_use]
    pub fn to_wire(&self) -> Value {
        let mut map = Map::new();
        if let Some(category) = self.category {
            map.insert("category".into(), json!(category.as_str().to_ascii_uppercase()));
        }
        if let Some(components) = &self.components {
            map.insert("components".into(), json!(components));
        }
        if let Some(format) = &self.parameter_format {
            map.insert("parameter_format".into(), json!(format));
        }
        if let Some(seconds) = self.message_send_ttl_seconds {
            map.insert("message_send_ttl_seconds".into(), json!(seconds));
        }
        Value::Object(map)
    }
}

/// Which templates to list. Empty lists all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateFilter {
    /// Meta's word: `APPROVED`, `PENDING` …
    pub status: Option<String>,
    /// The whole name.
    pub name: Option<String>,
    /// Words of the name or the text.
    pub name_or_content: Option<String>,
    /// Words of the text.
    pub content: Option<String>,
    /// What it is for.
    pub category: Option<Category>,
    /// A language code.
    pub language: Option<String>,
    /// Meta's word: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality_score: Option<String>,
    /// How many on a page; 100 if absent.
    pub limit: Option<u32>,
}

impl TemplateFilter {
    /// All templates.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }
    /// Those of this name, in all languages.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
    /// Those in this state, in Meta's word.
    #[must_use]
    pub fn status(mut self, word: impl Into<String>) -> Self {
        self.status = Some(word.into());
        self
    }
    /// Those in this language.
    #[must_use]
    pub fn language(mut self, code: impl Into<String>) -> Self {
        self.language = Some(code.into());
        self
    }
    /// Those of this category.
    #[must_use]
    pub const fn category(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }
    /// Those with these words in the name or the text.
    #[must_use]
    pub fn search(mut self, words: impl Into<String>) -> Self {
        self.name_or_content = Some(words.into());
        self
    }
    /// Those of this quality, in Meta's word.
    #[must_use]
    pub fn quality(mut self, word: impl Into<String>) -> Self {
        self.quality_score = Some(word.into());
        self
    }
    /// So many on a page.
    #[must_use]
    pub const fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }
}

/// What came of lifting a pause.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Unpaused {
    /// Whether it was lifted.
    pub success: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Everything Meta said.
    pub raw: Value,
}

impl Unpaused {
    pub(crate) fn read(value: &Value) -> Self {
        Self {
            success: value.get("success").and_then(Value::as_bool).unwrap_or(false),
            reason: text_of(value, "reason"),
            raw: value.clone(),
        }
    }
}

/// How two templates did against each other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TemplateComparison {
    /// The ids, the least blocked first.
    pub least_blocked: Vec<String>,
    /// How often each was sent.
    pub sends: Vec<ComparisonFigure>,
    /// Why people blocked after each, in Meta's words.
    pub block_reasons: Vec<ComparisonFigure>,
    /// Everything Meta said.
    pub raw: Value,
}

/// A figure of one template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComparisonFigure {
    /// Meta's id.
    pub template_id: String,
    /// A number or a word, as it came.
    pub value: String,
}

impl TemplateComparison {
    pub(crate) fn read(answer: &Value) -> Self {
        let metric =
            |name: &str| data(answer).find(|m| text_of(m, "metric").as_deref() == Some(name));
        let figures = |name: &str, key: &str| -> Vec<ComparisonFigure> {
            let list = metric(name).and_then(|m| m.get(key)).and_then(Value::as_array);
            let read = |entry: &Value| {
                let (template_id, value) = (text_of(entry, "key")?, text_of(entry, "value")?);
                Some(ComparisonFigure { template_id, value })
            };
            list.into_iter().flatten().filter_map(read).collect()
        };
        let order = metric("BLOCK_RATE").and_then(|m| m.get("order_by_relative_metric"));
        let order = order.and_then(Value::as_array).into_iter().flatten();
        Self {
            least_blocked: order.filter_map(plain_text).collect(),
            sends: figures("MESSAGE_SENDS", "number_values"),
            block_reasons: figures("TOP_BLOCK_REASON", "string_values"),
            raw: answer.clone(),
        }
    }
}

/// A one-time code's template in many languages at once; those that exist are changed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthenticationUpsert {
    /// The name of all.
    pub name: String,
    /// Language codes.
    pub languages: Vec<String>,
    /// What it is.
    pub code: Authentication,
    /// For how many seconds Meta tries to deliver it.
    pub message_send_ttl_seconds: Option<i64>,
}

impl AuthenticationUpsert {
    /// This template in these languages.
    #[must_use]
    pub fn new<T: Into<String>>(
        name: impl Into<String>,
        languages: impl IntoIterator<Item = T>,
        code: Authentication,
    ) -> Self {
        let languages = languages.into_iter().map(Into::into).collect();
        Self { name: name.into(), languages, code, message_send_ttl_seconds: None }
    }
    /// The draft in one of its languages, by which it is checked.
    #[must_use]
    pub fn draft(&self, language: &str) -> TemplateDraft {
        let draft = TemplateDraft::authentication(self.name.clone(), language, self.code.clone());
        TemplateDraft { message_send_ttl_seconds: self.message_send_ttl_seconds, ..draft }
    }
    /// Meta's JSON.
    #[must_use]
    pub fn to_wire(&self) -> Value {
        let mut wire = self.draft("").to_wire();
        if let Some(map) = wire.as_object_mut() {
            map.remove("language");
            map.insert("languages".into(), json!(self.languages));
        }
        wire
    }
}

/// One language of an upsert.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UpsertedTemplate {
    /// Meta's id.
    pub id: String,
    /// Its language.
    pub language: String,
    /// Its state.
    pub status: TemplateStatus,
    /// Everything Meta said of it.
    pub raw: Value,
}

impl UpsertedTemplate {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: text_of(value, "id")?,
            language: text_of(value, "language").unwrap_or_default(),
            status: TemplateStatus::from_meta(&text_of(value, "status").unwrap_or_default()),
            raw: value.clone(),
        })
    }
}

/// Of which one-time code's template to show the words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PreviewQuery {
    /// Language codes; empty shows all.
    pub languages: Vec<String>,
    /// With the advice not to share the code.
    pub security_recommendation: bool,
    /// With after how many minutes it no longer holds.
    pub expires_after_minutes: Option<u32>,
}

impl PreviewQuery {
    /// In these languages.
    #[must_use]
    pub fn new<T: Into<String>>(languages: impl IntoIterator<Item = T>) -> Self {
        let languages = languages.into_iter().map(Into::into).collect();
        Self { languages, ..Self::default() }
    }
    /// With the advice not to share the code.
    #[must_use]
    pub const fn security_recommendation(mut self) -> Self {
        self.security_recommendation = true;
        self
    }
    /// With after how many minutes it no longer holds.
    #[must_use]
    pub const fn expires_after_minutes(mut self, minutes: u32) -> Self {
        self.expires_after_minutes = Some(minutes);
        self
    }
}

/// Meta's words of a one-time code's template in one language.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthenticationPreview {
    /// The language.
    pub language: String,
    /// The text, with `{{1}}` for the code.
    pub body: String,
    /// The footer, if it has one.
    pub footer: Option<String>,
    /// What stands on the buttons.
    pub buttons: Vec<String>,
    /// Everything Meta said of it.
    pub raw: Value,
}

impl AuthenticationPreview {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let buttons = value.get("buttons").and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            language: text_of(value, "language")?,
            body: text_of(value, "body").unwrap_or_default(),
            footer: text_of(value, "footer"),
            buttons: buttons.filter_map(|button| text_of(button, "text")).collect(),
            raw: value.clone(),
        })
    }
}
