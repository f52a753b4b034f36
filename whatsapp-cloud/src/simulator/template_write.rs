//! Creating and changing templates: what only Meta knows beyond the rules of a draft. Names, room, quotas, and what
//! a look at the text comes to.

use serde_json::{Map, Value, json};
use whatsapp_core::template::Category;
use whatsapp_core::{Span, Timestamp};

use super::error::GraphError;
use super::fact::Fact;
use super::shelf::{TemplateChange, Verdict};
use super::template_form as form;
use super::templates::{Made, refused, text};
use super::tuning::MessagingLimit;
use super::world::World;
use crate::template::rules;

const CREATED_PER_HOUR: usize = 100;
const STORED_MAX: usize = 6_000;
/// The same while the business is not verified.
const STORED_UNVERIFIED: usize = 250;
const EDITS_PER_MONTH: usize = 10;

impl World {
    /// How many templates an account keeps. A business beyond the first limit of messages is verified.
    pub(super) fn stored_max(&self) -> usize {
        if self.tier == MessagingLimit::Tier250 { STORED_UNVERIFIED } else { STORED_MAX }
    }
    /// A new template, or why not.
    pub(super) fn create_template(&mut self, now: Timestamp, waba: &str, draft: &Value) -> Made {
        rules::check_wire(draft).map_err(refused)?;
        let (name, language) = (text(draft, "name"), text(draft, "language"));
        self.check_room(waba, name, language, now)?;
        let mut chance = self.chance();
        let id = format!("1{}", chance.digits(15));
        let category = text(draft, "category").to_ascii_uppercase();
        let (components, at_once) = match draft.get("library_template_name") {
            Some(_) => (self.entry_parts(draft, &category)?, true),
            None if category == "AUTHENTICATION" => (form::code_components(draft, language), true),
            None => (form::components(self, draft, &mut chance)?, false),
        };
        let mut template = stored(draft, &id, components);
        put(&mut template, "quality_score", json!({"score": "UNKNOWN", "date": now.seconds()}));
        if !at_once && category == "UTILITY" && self.sells(&template) {
            put(&mut template, "category", json!("MARKETING"));
        }
        let by_hand = self.faults.templates.by_hand;
        let verdict = (!at_once && !by_hand).then(|| {
            let look = chance.span(self.faults.templates.review_ms);
            self.verdict(waba, &template, now + look)
        });
        put(&mut template, "status", json!(if at_once { "APPROVED" } else { "PENDING" }));
        let word = |key: &str| template.get(key).cloned();
        let answer = json!({"id": id, "status": word("status"), "category": word("category")});
        let change = Box::new(TemplateChange::Created { template, verdict });
        self.happen(Fact::Template { waba: waba.to_owned(), id, change, at: now });
        Ok(answer)
    }
    pub(super) fn check_room(
        &self,
        waba: &str,
        name: &str,
        language: &str,
        now: Timestamp,
    ) -> Result<(), GraphError> {
        let account = self.waba(waba).ok_or_else(|| GraphError::no_object(waba))?;
        if account
            .templates
            .iter()
            .any(|t| text(t, "name") == name && text(t, "language") == language)
        {
            let why = format!(
                "There is already {language} content for this template. You can create a new template and try again."
            );
            let title = "Content in This Language Already Exists";
            return Err(GraphError::user(Some(2_388_024), title, &why));
        }
        let locked = self.shelf.locked.get(&(waba.to_owned(), name.to_owned()));
        if locked.is_some_and(|until| now < *until) {
            let why = "New content can't be added while the existing content of this name is being deleted. Try again in 4 weeks or create a new template.";
            return Err(GraphError::user(
                Some(2_388_023),
                "Message Template Is Being Deleted",
                why,
            ));
        }
        let most = self.stored_max();
        if account.templates.len() >= most {
            let why = format!("The account has {most} templates. Delete some of them first.");
            return Err(GraphError::user(Some(2_388_019), "Template Limit Reached", &why));
        }
        let made = self.shelf.created.get(waba).into_iter().flatten();
        if made.filter(|at| now - **at < Span::hours(1)).count() >= CREATED_PER_HOUR {
            return Err(GraphError::new(80_008, "Too many templates were created in this hour."));
        }
        Ok(())
    }
    fn entry_parts(&self, draft: &Value, category: &str) -> Made {
        let (entry, language) = (text(draft, "library_template_name"), text(draft, "language"));
        let all = form::library();
        let found =
            all.iter().find(|e| text(e, "name") == entry && text(e, "language") == language);
        let found = found.ok_or_else(|| {
            let why = format!("The library has no {entry:?} in {language}.");
            GraphError::user(None, "Library template not found", &why)
        })?;
        if text(found, "category") != category {
            let why = format!("{entry} is of the category {}.", text(found, "category"));
            return Err(GraphError::user(None, "The category does not fit", &why));
        }
        form::library_components(found, draft)
    }
    fn sells(&self, template: &Value) -> bool {
        let words = texts(template);
        self.faults.templates.marketing_words.iter().any(|word| words.contains(word.as_str()))
    }
    /// What a look at a template comes to.
    pub(super) fn verdict(&self, waba: &str, template: &Value, at: Timestamp) -> Verdict {
        let (plan, words) = (&self.faults.templates, texts(template));
        let rejected = |reason: &str, why: String, advice: &str| Verdict {
            at,
            status: "REJECTED".to_owned(),
            reason: reason.to_owned(),
            info: Some(json!({"reason": why, "recommendation": advice})),
        };
        if let Some(word) = plan.reject_words.iter().find(|word| words.contains(word.as_str())) {
            let why = format!("The text contains {word:?}.");
            return rejected("ABUSIVE_CONTENT", why, "Write it in other words.");
        }
        if plan.reject_categories.iter().any(|word| word == text(template, "category")) {
            let why = "The category does not fit the text.".to_owned();
            return rejected("INCORRECT_CATEGORY", why, "Choose another category.");
        }
        let twin = self
            .waba(waba)
            .and_then(|account| account.templates.iter().find(|other| is_twin(other, template)));
        if let Some(twin) = twin {
            let why = format!("The template {} has the same text.", text(twin, "name"));
            return rejected("INVALID_FORMAT", why, "Use the template that is there.");
        }
        Verdict { at, status: "APPROVED".to_owned(), reason: "NONE".to_owned(), info: None }
    }
    pub(super) fn edit_template(&mut self, now: Timestamp, id: &str, said: &Value) -> Made {
        let (waba, template) = self.template(id).ok_or_else(|| GraphError::no_object(id))?;
        let (waba, template) = (waba.to_owned(), template.clone());
        let status = text(&template, "status").to_owned();
        if !matches!(status.as_str(), "APPROVED" | "REJECTED" | "PAUSED") {
            let why = format!("A template that is {status} cannot be changed.");
            return Err(GraphError::user(Some(2_388_039), "Template Cannot Be Changed", &why));
        }
        for key in ["name", "language"] {
            if said.get(key).is_some_and(|value| Some(value) != template.get(key)) {
                let why = format!("The {key} of a template cannot be changed.");
                return Err(GraphError::user(None, "Template Cannot Be Changed", &why));
            }
        }
        let wanted = text(said, "category").to_ascii_uppercase();
        let category =
            if wanted.is_empty() { text(&template, "category").to_owned() } else { wanted };
        if status == "APPROVED" {
            self.check_edits(id, now, category == text(&template, "category"))?;
        }
        let kind = Category::parse(&category.to_ascii_lowercase());
        let kind = kind.ok_or_else(|| GraphError::new(100, "category is not one of Meta's."))?;
        let mut checked = said.clone();
        if said.get("parameter_format").is_none() {
            let format = template.get("parameter_format").cloned().unwrap_or_default();
            put(&mut checked, "parameter_format", format);
        }
        rules::check_edit_wire(&checked, Some(kind)).map_err(refused)?;
        self.change_template(now, (&waba, id), &checked, &template, category)
    }
    fn check_edits(&self, id: &str, now: Timestamp, same_category: bool) -> Result<(), GraphError> {
        let refuse =
            |why: &str| Err(GraphError::user(Some(2_388_039), "Template Cannot Be Changed", why));
        if !same_category {
            return refuse("The category of an approved template cannot be changed.");
        }
        let edits = self.shelf.lives.get(id).map(|life| life.edits.as_slice()).unwrap_or_default();
        let within = |span: Span| edits.iter().filter(|at| now - **at < span).count();
        if within(Span::hours(24)) >= 1 {
            return refuse("An approved template can be changed once in 24 hours.");
        }
        if within(Span::days(30)) >= EDITS_PER_MONTH {
            return refuse("An approved template can be changed ten times in 30 days.");
        }
        Ok(())
    }
    fn change_template(
        &mut self,
        now: Timestamp,
        (waba, id): (&str, &str),
        said: &Value,
        template: &Value,
        category: String,
    ) -> Made {
        let mut chance = self.chance();
        let mut fields = Map::new();
        let parts = said.get("components").is_some();
        if parts {
            let components = if category == "AUTHENTICATION" {
                form::code_components(said, text(template, "language"))
            } else {
                form::components(self, said, &mut chance)?
            };
            fields.insert("components".into(), components);
            let format = text(said, "parameter_format").to_ascii_uppercase();
            fields.insert("parameter_format".into(), json!(format));
        }
        fields.insert("category".into(), json!(category));
        if let Some(seconds) = said.get("message_send_ttl_seconds") {
            fields.insert("message_send_ttl_seconds".into(), seconds.clone());
        }
        let mut after = template.clone();
        if let Some(map) = after.as_object_mut() {
            map.extend(fields.clone());
        }
        if category == "UTILITY" && self.sells(&after) {
            fields.insert("category".into(), json!("MARKETING"));
        }
        let verdict = (parts && !self.faults.templates.by_hand).then(|| {
            let look = chance.span(self.faults.templates.review_ms);
            self.verdict(waba, &after, now + look)
        });
        let change = Box::new(TemplateChange::Edited { fields, verdict });
        self.happen(Fact::Template { waba: waba.to_owned(), id: id.to_owned(), change, at: now });
        let category = self.template(id).map(|(_, now)| text(now, "category").to_owned());
        Ok(json!({"success": true, "id": id, "name": text(template, "name"), "category": category}))
    }
}

pub(super) fn put(value: &mut Value, key: &str, to: Value) {
    if let Some(map) = value.as_object_mut() {
        map.insert(key.to_owned(), to);
    }
}

/// A template as Meta's list shows it.
pub(super) fn stored(draft: &Value, id: &str, components: Value) -> Value {
    let format = text(draft, "parameter_format").to_ascii_uppercase();
    let format = if format.is_empty() { "POSITIONAL".to_owned() } else { format };
    let mut template = json!({
        "id": id, "name": draft.get("name"), "language": draft.get("language"),
        "category": text(draft, "category").to_ascii_uppercase(), "status": "PENDING",
        "sub_category": draft.get("sub_category").cloned().unwrap_or_else(|| json!("CUSTOM")),
        "parameter_format": format, "components": components,
        "quality_score": {"score": "UNKNOWN"}, "rejected_reason": "NONE", "correct_category": "",
    });
    for key in
        ["message_send_ttl_seconds", "library_template_name", "cta_url_link_tracking_opted_out"]
    {
        if let Some(value) = draft.get(key) {
            put(&mut template, key, value.clone());
        }
    }
    template
}

/// All its words, in small letters.
fn texts(template: &Value) -> String {
    let parts = template.get("components").and_then(Value::as_array).into_iter().flatten();
    let words: Vec<String> = parts.map(|part| text(part, "text").to_lowercase()).collect();
    words.join("\n")
}

/// Whether two templates of a language have the same body and footer. One-time codes all have.
fn is_twin(one: &Value, two: &Value) -> bool {
    let part = |template: &Value, kind: &str| {
        let parts = template.get("components").and_then(Value::as_array).into_iter().flatten();
        let found = parts.into_iter().find(|part| text(part, "type") == kind);
        found.map(|part| text(part, "text").to_owned())
    };
    let code = |template: &Value| text(template, "category") == "AUTHENTICATION";
    text(one, "id") != text(two, "id")
        && !code(one)
        && !code(two)
        && text(one, "language") == text(two, "language")
        && ["BODY", "FOOTER"].iter().all(|kind| part(one, kind) == part(two, kind))
}
