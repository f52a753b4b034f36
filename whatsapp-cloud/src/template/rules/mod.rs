//! Meta's rules of templates, written once: the client refuses a draft by them before the call, the simulator
//! answers by them as Meta does. Never more strict than Meta where Meta's own words are unclear.

mod authentication;
mod broken;
mod buttons;
mod cards;
#[cfg(test)]
mod tests;
mod text;

use serde_json::Value;
use whatsapp_core::template::Category;
use whatsapp_core::template::limits::{BODY_MAX, HEADER_MAX};

use super::{LANGUAGES, LibraryDraft, TemplateDraft, TemplateEdit};

pub use broken::{Broken, Rule};
pub use buttons::{BUTTON_TEXT_MAX, BUTTONS_MAX, PHONE_MAX, URL_MAX};
pub use cards::{CARD_BUTTONS_MAX, CARDS_MAX};

pub(crate) use text::names;

/// Characters of a name.
pub const NAME_MAX: usize = 512;
/// Characters of a footer.
pub const FOOTER_MAX: usize = 60;
/// Characters of the body of a limited offer.
pub const OFFER_BODY_MAX: usize = 600;
/// Characters of the offer itself.
pub const OFFER_MAX: usize = 16;
/// Templates that can be deleted in one call.
pub const DELETE_MAX: usize = 100;
/// Templates whose figures can be asked for in one call.
pub const ANALYTICS_MAX: usize = 10;

type Checked = Result<(), Broken>;

/// Whether Meta would take this draft.
///
/// ```
/// use whatsapp_cloud::template::{Body, TemplateDraft, rules};
/// let draft = TemplateDraft::utility("order", "en_US").body(Body::new("{{1}} is on its way.").samples(["A-1"]));
/// let broken = rules::check_draft(&draft).expect_err("it begins with a variable");
/// assert_eq!((broken.field.as_str(), broken.rule), ("components[0].text", rules::Rule::Edge));
/// ```
///
/// # Errors
/// [`Broken`]: the first rule that it breaks.
pub fn check_draft(draft: &TemplateDraft) -> Result<(), Broken> {
    check_wire(&draft.to_wire())
}

/// Whether Meta would take this body of `POST /{waba}/message_templates`, a library entry's too.
///
/// # Errors
/// [`Broken`]: the first rule that it breaks.
pub fn check_wire(draft: &Value) -> Result<(), Broken> {
    check_name(word(draft, "name"))?;
    check_language("language", word(draft, "language"))?;
    let category = Category::parse(&word(draft, "category").to_ascii_lowercase());
    let category = category.ok_or_else(|| {
        Broken::new("category", Rule::Category, "write MARKETING, UTILITY or AUTHENTICATION")
    })?;
    check_ttl(draft, Some(category))?;
    if let Some(entry) = draft.get("library_template_name") {
        let there = entry.as_str().is_some_and(|name| !name.is_empty());
        let wrong = || Broken::new("library_template_name", Rule::Parts, "name an entry");
        return if there { Ok(()) } else { Err(wrong()) };
    }
    let components = draft.get("components").and_then(Value::as_array);
    let components = components
        .ok_or_else(|| Broken::new("components", Rule::Parts, "a template has components"))?;
    check_components(components, Some(category), named(draft)?)
}

/// Whether Meta would take this template of its library.
///
/// # Errors
/// [`Broken`]: the first rule that it breaks.
pub fn check_library(draft: &LibraryDraft) -> Result<(), Broken> {
    check_wire(&draft.to_wire())
}

/// Whether Meta would take this change, as far as it can be said without the template.
///
/// # Errors
/// [`Broken`]: the first rule that it breaks.
pub fn check_edit(edit: &TemplateEdit) -> Result<(), Broken> {
    check_edit_wire(&edit.to_wire(), edit.category)
}

/// As [`check_edit`], of the body of `POST /{template}`. `category` is the one it will have, if that is known.
///
/// # Errors
/// [`Broken`]: the first rule that it breaks.
pub fn check_edit_wire(edit: &Value, category: Option<Category>) -> Result<(), Broken> {
    check_ttl(edit, category)?;
    match edit.get("components").and_then(Value::as_array) {
        Some(components) => {
            let format = named(edit)?.or_else(|| uses_names(components).then_some(true));
            check_components(components, category, format)
        }
        None if ["category", "message_send_ttl_seconds"].iter().any(|k| edit.get(k).is_some()) => {
            Ok(())
        }
        None => Err(Broken::new("components", Rule::Parts, "say what to change")),
    }
}

fn uses_names(components: &[Value]) -> bool {
    let named =
        |part: &Value| names(word(part, "text")).iter().any(|name| name.parse::<u32>().is_err());
    components.iter().any(named)
}

fn check_name(name: &str) -> Checked {
    let count = name.chars().count();
    if count > NAME_MAX {
        return Err(Broken::over("name", NAME_MAX, count, "characters"));
    }
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || !name.bytes().all(good) {
        let why = "a name has only small letters, digits and underscores";
        return Err(Broken::new("name", Rule::Name, why));
    }
    Ok(())
}

/// Whether Meta has this language.
pub(crate) fn check_language(field: &str, code: &str) -> Checked {
    if LANGUAGES.contains(&code) {
        return Ok(());
    }
    Err(Broken::new(field, Rule::Language, format!("WhatsApp has no language {code:?}")))
}

fn check_ttl(draft: &Value, category: Option<Category>) -> Checked {
    const FIELD: &str = "message_send_ttl_seconds";
    let Some(given) = draft.get(FIELD).filter(|value| !value.is_null()) else { return Ok(()) };
    let (least, most, endless) = match category {
        Some(Category::Authentication) => (30, 900, true),
        Some(Category::Utility) => (30, 43_200, true),
        Some(Category::Marketing) => (43_200, 2_592_000, false),
        None => (30, 2_592_000, true),
    };
    match given.as_i64() {
        Some(-1) if endless => Ok(()),
        Some(seconds) if (least..=most).contains(&seconds) => Ok(()),
        _ => {
            let why = format!("{least} to {most} seconds for this category");
            Err(Broken::new(FIELD, Rule::Ttl, why))
        }
    }
}

/// Whether its variables have names; `None` where it does not say.
fn named(draft: &Value) -> Result<Option<bool>, Broken> {
    match word(draft, "parameter_format").to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "named" => Ok(Some(true)),
        "positional" => Ok(Some(false)),
        _ => Err(Broken::new("parameter_format", Rule::Parts, "write NAMED or POSITIONAL")),
    }
}

pub(super) fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A word of Meta's, in capitals.
pub(super) fn upper(value: &Value, key: &str) -> String {
    word(value, key).to_ascii_uppercase()
}

pub(super) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A text that must be there and not be too long.
pub(super) fn within(field: &str, text: &str, limit: usize, rule: Rule) -> Checked {
    let count = text.chars().count();
    if text.trim().is_empty() {
        return Err(Broken::new(field, rule, format!("{field} must not be empty")));
    }
    if count > limit { Err(Broken::over(field, limit, count, "characters")) } else { Ok(()) }
}

/// What a check needs to know of the whole.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    category: Option<Category>,
    named: bool,
    offer: bool,
}

fn check_components(
    components: &[Value],
    category: Option<Category>,
    named: Option<bool>,
) -> Checked {
    let has = |kind: &str| components.iter().any(|part| upper(part, "type") == kind);
    let whole = Whole { category, named: named.unwrap_or(false), offer: has("LIMITED_TIME_OFFER") };
    let mut seen: Vec<String> = Vec::new();
    for (index, part) in components.iter().enumerate() {
        let (at, kind) = (format!("components[{index}]"), upper(part, "type"));
        if seen.contains(&kind) {
            return Err(Broken::new(at, Rule::Parts, format!("{kind} is there twice")));
        }
        seen.push(kind);
    }
    if !has("BODY") {
        return Err(Broken::new("components", Rule::Parts, "a template has a BODY"));
    }
    if category == Some(Category::Authentication) || authentication::is_code(components) {
        return authentication::check(components, category);
    }
    for (index, part) in components.iter().enumerate() {
        check_part(&format!("components[{index}]"), part, whole)?;
    }
    if whole.offer {
        cards::check_offer(components, whole)?;
    }
    cards::check_alone(components)
}

fn check_part(at: &str, part: &Value, whole: Whole) -> Checked {
    match upper(part, "type").as_str() {
        "HEADER" => check_header(at, part, whole),
        "BODY" => {
            let most = if whole.offer { OFFER_BODY_MAX } else { BODY_MAX };
            text::check_body(at, part, whole.named, most)
        }
        "FOOTER" => check_footer(at, part),
        "BUTTONS" => buttons::check(&format!("{at}.buttons"), list(part, "buttons"), whole.offer),
        "CAROUSEL" => cards::check_carousel(at, part, whole),
        "LIMITED_TIME_OFFER" | "CALL_PERMISSION_REQUEST" | "REQUEST_CONTACT_INFO" => Ok(()),
        other => {
            let why = format!("{other:?} is no part of a template");
            Err(Broken::new(format!("{at}.type"), Rule::Parts, why))
        }
    }
}

pub(super) fn check_header(at: &str, part: &Value, whole: Whole) -> Checked {
    let (format, field) = (upper(part, "format"), format!("{at}.format"));
    match format.as_str() {
        "TEXT" => text::check_header(at, part, whole.named, HEADER_MAX),
        "GIF" if whole.category.is_some_and(|c| c != Category::Marketing) => {
            Err(Broken::new(field, Rule::Category, "only marketing has a film that repeats"))
        }
        "IMAGE" | "VIDEO" | "GIF" | "DOCUMENT" => {
            let field = format!("{at}.example.header_handle");
            let handles = part.pointer("/example/header_handle").and_then(Value::as_array);
            let there = handles.is_some_and(|all| {
                all.first().and_then(Value::as_str).is_some_and(|handle| !handle.is_empty())
            });
            let why = "give the handle of a sample, from a resumable upload";
            if there { Ok(()) } else { Err(Broken::new(field, Rule::Sample, why)) }
        }
        "LOCATION" | "PRODUCT" => Ok(()),
        other => Err(Broken::new(field, Rule::Header, format!("{other:?} is no kind of header"))),
    }
}

fn check_footer(at: &str, part: &Value) -> Checked {
    let (field, text) = (format!("{at}.text"), word(part, "text"));
    within(&field, text, FOOTER_MAX, Rule::Footer)?;
    if text.contains("{{") {
        return Err(Broken::new(field, Rule::Footer, "a footer has no variables"));
    }
    Ok(())
}
