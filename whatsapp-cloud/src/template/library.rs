//! Meta's library of ready templates: what it has, and making a template from an entry. Approved at once.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use whatsapp_core::template::Category;

use super::draft::upper_category;
use crate::webhook::text_of;

/// A template made from an entry of the library
/// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/template-library>).
///
/// ```
/// use whatsapp_cloud::template::{LibraryButtonInput, LibraryDraft};
/// let draft = LibraryDraft::new("delivery_done", "en_US", "delivery_update_1")
///     .button(LibraryButtonInput::url("https://shop.example/t/{{1}}", "https://shop.example/t/demo"));
/// assert_eq!(draft.to_wire()["category"], "UTILITY");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LibraryDraft {
    /// The name it will have.
    pub name: String,
    /// One of [`LANGUAGES`](super::LANGUAGES) in which the entry is there.
    pub language: String,
    /// What it is for; most entries are utility.
    #[serde(with = "upper_category")]
    pub category: Category,
    /// The entry.
    pub library_template_name: String,
    /// What the entry asks for its text, e.g. `add_track_package_link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library_template_body_inputs: Option<Map<String, Value>>,
    /// The business's own addresses and numbers, one for each button that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library_template_button_inputs: Option<Vec<LibraryButtonInput>>,
    /// Anything else of Meta's.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl LibraryDraft {
    /// A utility template from an entry.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        language: impl Into<String>,
        entry: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            language: language.into(),
            category: Category::Utility,
            library_template_name: entry.into(),
            library_template_body_inputs: None,
            library_template_button_inputs: None,
            extra: Map::new(),
        }
    }
    /// Of another category.
    #[must_use]
    pub const fn category(mut self, category: Category) -> Self {
        self.category = category;
        self
    }
    /// With something that the entry's text asks for.
    #[must_use]
    pub fn body_input(mut self, key: impl Into<String>, value: Value) -> Self {
        self.library_template_body_inputs.get_or_insert_default().insert(key.into(), value);
        self
    }
    /// With the address or number of the next button.
    #[must_use]
    pub fn button(mut self, input: LibraryButtonInput) -> Self {
        self.library_template_button_inputs.get_or_insert_default().push(input);
        self
    }
    /// Meta's JSON.
    #[must_use]
    pub fn to_wire(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default() // cannot fail: all keys are texts
    }
}

/// The business's own part of a library button.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[non_exhaustive]
pub enum LibraryButtonInput {
    /// A page.
    #[serde(rename = "URL")]
    Url {
        /// Its address.
        url: LibraryUrl,
    },
    /// A number to call.
    #[serde(rename = "PHONE_NUMBER")]
    PhoneNumber {
        /// The number.
        phone_number: String,
    },
    /// Something that we do not know, as it is.
    #[serde(untagged)]
    Other(Value),
}

impl LibraryButtonInput {
    /// A page whose address may end with `{{1}}`, and a sample of the whole address.
    #[must_use]
    pub fn url(base: impl Into<String>, sample: impl Into<String>) -> Self {
        let url = LibraryUrl { base_url: base.into(), url_suffix_example: Some(sample.into()) };
        Self::Url { url }
    }
    /// A number to call.
    #[must_use]
    pub fn phone_number(number: impl Into<String>) -> Self {
        Self::PhoneNumber { phone_number: number.into() }
    }
}

/// An address of a library button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LibraryUrl {
    /// May end with `{{1}}`.
    pub base_url: String,
    /// A sample of the whole address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_suffix_example: Option<String>,
}

/// What to look for in the library. Empty finds all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LibraryFilter {
    /// Words of the name or the text.
    pub search: Option<String>,
    /// Meta's word, e.g. `ORDER_MANAGEMENT`.
    pub topic: Option<String>,
    /// Meta's word, e.g. `DELIVERY_UPDATE`.
    pub usecase: Option<String>,
    /// Meta's word, e.g. `E_COMMERCE`.
    pub industry: Option<String>,
    /// A language code.
    pub language: Option<String>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

impl LibraryFilter {
    /// Entries with these words.
    #[must_use]
    pub fn search(text: impl Into<String>) -> Self {
        Self { search: Some(text.into()), ..Self::default() }
    }
    /// Entries in this language.
    #[must_use]
    pub fn language(mut self, code: impl Into<String>) -> Self {
        self.language = Some(code.into());
        self
    }
    /// Entries of this use.
    #[must_use]
    pub fn usecase(mut self, word: impl Into<String>) -> Self {
        self.usecase = Some(word.into());
        self
    }
    /// Entries of this topic.
    #[must_use]
    pub fn topic(mut self, word: impl Into<String>) -> Self {
        self.topic = Some(word.into());
        self
    }
    /// Entries for this industry.
    #[must_use]
    pub fn industry(mut self, word: impl Into<String>) -> Self {
        self.industry = Some(word.into());
        self
    }
    /// The page after this cursor.
    #[must_use]
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.after = Some(cursor.into());
        self
    }
}

/// An entry of the library.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LibraryTemplate {
    /// Its name, for [`LibraryDraft::library_template_name`].
    pub name: String,
    /// Its language.
    pub language: String,
    /// Meta's word for what it is for, as it came.
    pub category: String,
    /// Meta's word, as it came.
    pub topic: Option<String>,
    /// Meta's word, as it came.
    pub usecase: Option<String>,
    /// Its header, if it has one.
    pub header: Option<String>,
    /// Its text.
    pub body: String,
    /// Everything Meta said of it.
    pub raw: Value,
}

impl LibraryTemplate {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            name: text_of(value, "name")?,
            language: text_of(value, "language").unwrap_or_default(),
            category: text_of(value, "category").unwrap_or_default(),
            topic: text_of(value, "topic"),
            usecase: text_of(value, "usecase"),
            header: text_of(value, "header"),
            body: text_of(value, "body").unwrap_or_default(),
            raw: value.clone(),
        })
    }
}

/// One page of the library.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct LibraryPage {
    /// The entries.
    pub templates: Vec<LibraryTemplate>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}
