//! What Meta tells of templates. The content says what it is: Meta's own samples have the wrong field.

use serde_json::Value;
use whatsapp_core::{Quality, TemplateStatus, Timestamp};

use crate::template::normal_language;
use crate::webhook::Inbound;
use crate::webhook::read::Reader;
use crate::webhook::wire::{list, part, text_of, time_of};

/// A template may or may not be sent any more.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#message_template_status_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateStatusUpdate {
    /// Meta's id of the template.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore.
    pub language: String,
    /// Its category, in Meta's word.
    pub category: Option<String>,
    /// The state that follows from Meta's word.
    pub status: TemplateStatus,
    /// Meta's word, e.g. `FLAGGED`.
    pub word: String,
    /// Why, if Meta says: in its own words, else its code.
    pub reason: Option<String>,
    /// Meta's code for the reason, e.g. `INVALID_FORMAT`.
    pub reason_code: Option<String>,
    /// What would help, if Meta says.
    pub recommendation: Option<String>,
    /// Which pause or lock it is: `FIRST_PAUSE`, `SECOND_PAUSE`, `RATE_LIMITING_PAUSE`, `UNPAUSE`, `DISABLED`.
    pub title: Option<String>,
    /// Meta's words about that.
    pub description: Option<String>,
    /// When it is disabled.
    pub disable_at: Option<Timestamp>,
    /// When, if the call says.
    pub at: Option<Timestamp>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// How people react to a template.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#message_template_quality_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateQualityUpdate {
    /// Meta's id of the template.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore.
    pub language: String,
    /// The judgement so far.
    pub previous: Option<Quality>,
    /// The new judgement.
    pub quality: Quality,
    /// When, if the call says.
    pub at: Option<Timestamp>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// A template changed its category.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#template_category_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateCategoryUpdate {
    /// Meta's id of the template.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore.
    pub language: String,
    /// The category it had, if it changed already.
    pub previous: Option<String>,
    /// The category it has now, in Meta's word.
    pub category: String,
    /// The category it will get, if the change is yet to come.
    pub coming: Option<String>,
    /// When it will get it.
    pub coming_at: Option<Timestamp>,
    /// When, if the call says.
    pub at: Option<Timestamp>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// The words of a template changed.
///
/// <https://developers.facebook.com/docs/whatsapp/business-management-api/webhooks/components#message_template_components_update>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateComponentsUpdate {
    /// Meta's id of the template.
    pub meta_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore.
    pub language: String,
    /// The heading.
    pub title: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// The line below.
    pub footer: Option<String>,
    /// The buttons.
    pub buttons: Vec<TemplateButton>,
    /// When, if the call says.
    pub at: Option<Timestamp>,
    /// The value as Meta wrote it.
    pub raw: Value,
}

/// A button of a template whose words changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateButton {
    /// `URL`, `PHONE_NUMBER`, `QUICK_REPLY` …
    pub kind: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
    /// Whom it calls.
    pub phone_number: Option<String>,
}

/// Which template, and when.
struct About {
    meta_id: String,
    name: String,
    language: String,
    at: Option<Timestamp>,
}

/// Reads a template's change.
pub(in crate::webhook) fn template(reader: &mut Reader<'_>, raw: Value) -> Result<Inbound, Value> {
    let Some(meta_id) = text_of(&raw, "message_template_id") else { return Err(raw) };
    let about = About {
        meta_id,
        name: text_of(&raw, "message_template_name").unwrap_or_default(),
        language: normal_language(&text_of(&raw, "message_template_language").unwrap_or_default()),
        at: reader.sent_at,
    };
    if let Some(score) = text_of(&raw, "new_quality_score") {
        let About { meta_id, name, language, at } = about;
        let quality = Quality::from_meta(&score);
        let previous = text_of(&raw, "previous_quality_score").map(|p| Quality::from_meta(&p));
        let update = TemplateQualityUpdate { meta_id, name, language, previous, quality, at, raw };
        return Ok(Inbound::TemplateQuality(Box::new(update)));
    }
    if let Some(category) = text_of(&raw, "new_category") {
        return Ok(Inbound::TemplateCategory(Box::new(category_update(about, category, raw))));
    }
    if let Some(word) = text_of(&raw, "event") {
        if TemplateStatus::from_meta(&word) == TemplateStatus::Unknown {
            reader.count(&word);
        }
        return Ok(Inbound::TemplateStatus(Box::new(status_update(about, word, raw))));
    }
    let parts = ["element", "title", "footer", "buttons"];
    match parts.iter().any(|part| raw.get(format!("message_template_{part}")).is_some()) {
        true => Ok(Inbound::TemplateComponents(Box::new(components_update(about, raw)))),
        false => Err(raw),
    }
}

fn category_update(about: About, category: String, raw: Value) -> TemplateCategoryUpdate {
    let About { meta_id, name, language, at } = about;
    TemplateCategoryUpdate {
        meta_id,
        name,
        language,
        previous: text_of(&raw, "previous_category"),
        category,
        coming: text_of(&raw, "correct_category"),
        coming_at: time_of(&raw, "category_update_timestamp"),
        at,
        raw,
    }
}

fn status_update(about: About, word: String, raw: Value) -> TemplateStatusUpdate {
    let About { meta_id, name, language, at } = about;
    let of = |block: &str, key| part(&raw, block).and_then(|block| text_of(block, key));
    let description = of("other_info", "description");
    let said = |reason: &String| !reason.eq_ignore_ascii_case("none");
    let code = text_of(&raw, "reason");
    let reason = of("rejection_info", "reason")
        .or_else(|| code.clone())
        .or_else(|| description.clone())
        .filter(said);
    TemplateStatusUpdate {
        meta_id,
        name,
        language,
        category: text_of(&raw, "message_template_category"),
        status: TemplateStatus::from_meta(&word),
        word,
        reason,
        reason_code: code.filter(said),
        recommendation: of("rejection_info", "recommendation"),
        title: of("other_info", "title"),
        description,
        disable_at: part(&raw, "disable_info").and_then(|info| time_of(info, "disable_date")),
        at,
        raw,
    }
}

fn components_update(about: About, raw: Value) -> TemplateComponentsUpdate {
    let About { meta_id, name, language, at } = about;
    let button = |button: &Value| TemplateButton {
        kind: text_of(button, "message_template_button_type"),
        text: text_of(button, "message_template_button_text"),
        url: text_of(button, "message_template_button_url"),
        phone_number: text_of(button, "message_template_button_phone_number"),
    };
    TemplateComponentsUpdate {
        meta_id,
        name,
        language,
        title: text_of(&raw, "message_template_title"),
        body: text_of(&raw, "message_template_element"),
        footer: text_of(&raw, "message_template_footer"),
        buttons: list(&raw, "message_template_buttons").map(button).collect(),
        at,
        raw,
    }
}
