//! Groups of templates, moving them between accounts, and how they did. Read leniently; everything Meta said is
//! kept.

use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use crate::answer::data;
use crate::webhook::{plain_text, text_of};

/// Which templates to copy from another account of the same portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MigrationQuery {
    /// The account that has them.
    pub source_waba_id: String,
    /// Which page of them, from 0.
    pub page_number: Option<u32>,
    /// How many on a page.
    pub count: Option<u32>,
}

impl MigrationQuery {
    /// All from this account.
    #[must_use]
    pub fn from(source_waba_id: impl Into<String>) -> Self {
        Self { source_waba_id: source_waba_id.into(), page_number: None, count: None }
    }
    /// One page of so many.
    #[must_use]
    pub const fn page(mut self, number: u32, count: u32) -> Self {
        self.page_number = Some(number);
        self.count = Some(count);
        self
    }
}

/// What was copied.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Migration {
    /// The ids that were copied, of the source.
    pub migrated: Vec<String>,
    /// The ids that were not, with Meta's reason.
    pub failed: Vec<(String, String)>,
    /// Everything Meta said.
    pub raw: Value,
}

impl Migration {
    pub(crate) fn read(answer: &Value) -> Self {
        let migrated = answer.get("migrated_templates").and_then(Value::as_array);
        let failed = answer.get("failed_templates").and_then(Value::as_object);
        let reason = |(id, why): (&String, &Value)| {
            (id.clone(), plain_text(why).unwrap_or_else(|| why.to_string()))
        };
        Self {
            migrated: migrated.into_iter().flatten().filter_map(plain_text).collect(),
            failed: failed.into_iter().flatten().map(reason).collect(),
            raw: answer.clone(),
        }
    }
}

/// A group of templates that are judged together.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TemplateGroup {
    /// Meta's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// The ids of its templates, where Meta told them.
    pub template_ids: Vec<String>,
    /// Everything Meta said of it.
    pub raw: Value,
}

impl TemplateGroup {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let members = value.get("whatsapp_business_templates");
        let list = members.and_then(|m| m.get("data").or(Some(m))).and_then(Value::as_array);
        let id_of = |entry: &Value| text_of(entry, "id").or_else(|| plain_text(entry));
        Some(Self {
            id: text_of(value, "id")?,
            name: text_of(value, "name").unwrap_or_default(),
            description: text_of(value, "description"),
            template_ids: list.into_iter().flatten().filter_map(id_of).collect(),
            raw: value.clone(),
        })
    }
}

/// A group to make or to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateGroupDraft {
    /// Its name.
    pub name: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// The ids of templates to put in.
    pub add: Vec<String>,
    /// The ids of templates to take out; not of a new group.
    pub remove: Vec<String>,
}

impl TemplateGroupDraft {
    /// A group of this name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }
    /// With what it is about.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }
    /// With these templates.
    #[must_use]
    pub fn with_templates<T: Into<String>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.add.extend(ids.into_iter().map(Into::into));
        self
    }
    /// Without these templates.
    #[must_use]
    pub fn without_templates<T: Into<String>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.remove.extend(ids.into_iter().map(Into::into));
        self
    }
    pub(crate) fn to_wire(&self, new: bool) -> Value {
        let mut map = Map::new();
        let texts = [("name", &self.name), ("description", &self.description)];
        map.extend(texts.into_iter().filter_map(|(k, v)| Some((k.to_owned(), json!(v.as_ref()?)))));
        let add = if new { "whatsapp_business_templates" } else { "add_templates" };
        for (key, ids) in [(add, &self.add), ("remove_templates", &self.remove)] {
            if !ids.is_empty() {
                map.insert(key.to_owned(), json!(ids));
            }
        }
        Value::Object(map)
    }
}

/// One page of groups.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GroupPage {
    /// The groups.
    pub groups: Vec<TemplateGroup>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// Of which templates, and when, to ask how they did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnalyticsQuery {
    /// From this moment, at most 90 days ago.
    pub start: Timestamp,
    /// To this moment.
    pub end: Timestamp,
    /// At most ten ids, of templates or of groups.
    pub ids: Vec<String>,
    /// Meta's words; empty asks for sent, delivered, read, clicked and cost.
    pub metrics: Vec<String>,
    /// `cloud_api` or `marketing_messages_lite_api`; Meta's default if absent.
    pub product_type: Option<String>,
    /// Whether a day begins when it does in the account's time zone.
    pub use_waba_timezone: bool,
}

impl AnalyticsQuery {
    /// These templates between two moments.
    #[must_use]
    pub fn new<T: Into<String>>(
        start: Timestamp,
        end: Timestamp,
        ids: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            start,
            end,
            ids: ids.into_iter().map(Into::into).collect(),
            metrics: Vec::new(),
            product_type: None,
            use_waba_timezone: false,
        }
    }
    /// Only these figures.
    #[must_use]
    pub fn metrics<T: Into<String>>(mut self, words: impl IntoIterator<Item = T>) -> Self {
        self.metrics = words.into_iter().map(Into::into).collect();
        self
    }
}

/// How one template did on one day.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TemplateFigures {
    /// Meta's id of the template, or of the group.
    pub template_id: String,
    /// When the day begins.
    pub start: Option<Timestamp>,
    /// When it ends.
    pub end: Option<Timestamp>,
    /// How many were sent.
    pub sent: Option<u64>,
    /// How many arrived.
    pub delivered: Option<u64>,
    /// How many were read.
    pub read: Option<u64>,
    /// How often each button was tapped.
    pub clicked: Vec<ButtonClicks>,
    /// What it cost.
    pub cost: Vec<TemplateCost>,
    /// Everything Meta said of it.
    pub raw: Value,
}

/// How often a button was tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ButtonClicks {
    /// Meta's word: `quick_reply_button`, `unique_url_button`, `url_button`.
    pub kind: String,
    /// What stands on it.
    pub text: String,
    /// How often.
    pub count: u64,
}

/// One figure of the cost, in the account's currency.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TemplateCost {
    /// Meta's word: `amount_spent`, `cost_per_delivered`, `cost_per_url_button_click`.
    pub kind: String,
    /// How much; Meta leaves it out where nothing can be said.
    pub value: Option<f64>,
}

impl TemplateFigures {
    pub(crate) fn read_all(answer: &Value) -> Vec<Self> {
        data(answer)
            .flat_map(|entry| {
                entry.get("data_points").and_then(Value::as_array).into_iter().flatten()
            })
            .filter_map(Self::read)
            .collect()
    }
    fn read(value: &Value) -> Option<Self> {
        let number = |key: &str| text_of(value, key)?.parse::<u64>().ok();
        let moment = |key: &str| Some(Timestamp::from_seconds(text_of(value, key)?.parse().ok()?));
        let list = |key: &str| value.get(key).and_then(Value::as_array).into_iter().flatten();
        let clicks = |entry: &Value| {
            Some(ButtonClicks {
                kind: text_of(entry, "type")?,
                text: text_of(entry, "button_content").unwrap_or_default(),
                count: text_of(entry, "count")?.parse().ok()?,
            })
        };
        let cost = |entry: &Value| {
            let amount = entry.get("value").and_then(Value::as_f64);
            Some(TemplateCost { kind: text_of(entry, "type")?, value: amount })
        };
        Some(Self {
            template_id: text_of(value, "template_id")
                .or_else(|| text_of(value, "template_group_id"))?,
            start: moment("start"),
            end: moment("end"),
            sent: number("sent"),
            delivered: number("delivered"),
            read: number("read"),
            clicked: list("clicked").filter_map(clicks).collect(),
            cost: list("cost").filter_map(cost).collect(),
            raw: value.clone(),
        })
    }
}
