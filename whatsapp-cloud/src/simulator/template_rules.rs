//! Templates as they are sent: does the filled-in template fit the approved one?

use serde_json::Value;
use whatsapp_core::Timestamp;
use whatsapp_core::template::limits::{BODY_MAX, CARD_BODY_MAX, CODE_MAX, HEADER_MAX};

use super::error::GraphError;
use super::template_parts as parts;
use crate::template::rules::names;

type Checked = Result<(), GraphError>;

/// What of a sent template is looked at: the whole, or a card of its carousel.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Whose `components` were sent.
    pub(super) sent: &'a Value,
    /// Whether its variables have names.
    pub(super) named: bool,
    /// Which card, if it is one.
    pub(super) card: Option<usize>,
    pub(super) now: Timestamp,
}

impl Place<'_> {
    /// A part's name as errors tell it.
    pub(super) fn of(&self, part: &str) -> String {
        match self.card {
            Some(index) => format!("carousel card {index}: {part}"),
            None => part.to_owned(),
        }
    }
}

/// Finds the template and checks the parameters against it.
pub(super) fn check<'a>(
    all: &'a [Value],
    sent: &Value,
    now: Timestamp,
) -> Result<&'a Value, GraphError> {
    let name = text(sent, "name");
    let language = sent.get("language").map(|l| text(l, "code")).unwrap_or_default();
    let found = all.iter().find(|t| text(t, "name") == name && text(t, "language") == language);
    let details = format!("template name ({name}) does not exist in {language}");
    let template = found.ok_or_else(|| GraphError::new(132_001, details.clone()))?;
    match text(template, "status") {
        "APPROVED" => {}
        "PAUSED" => return Err(GraphError::new(132_015, "The template is paused.")),
        "DISABLED" => return Err(GraphError::new(132_016, "The template is disabled.")),
        _ => return Err(GraphError::new(132_001, details)),
    }
    let named = text(template, "parameter_format") == "NAMED";
    let place = Place { sent, named, card: None, now };
    components(template, place)?;
    if text(template, "category") == "AUTHENTICATION" {
        code(sent)?;
    }
    Ok(template)
}

/// Each part of the template, and that nothing else was sent.
pub(super) fn components(template: &Value, place: Place<'_>) -> Checked {
    let has = |kind: &str| {
        list(template, "components").any(|p| text(p, "type").eq_ignore_ascii_case(kind))
    };
    for sent in list(place.sent, "components") {
        let kind = text(sent, "type").to_ascii_lowercase();
        let fits = match kind.as_str() {
            "tap_target_configuration" => true,
            "button" => has("buttons"),
            "header" | "body" | "carousel" | "limited_time_offer" => has(&kind),
            _ => {
                let why = format!("{} is no type of component.", place.of(&kind));
                return Err(GraphError::new(100, why));
            }
        };
        if !fits && list(sent, "parameters").next().is_some() {
            return Err(count(&place.of(&kind), list(sent, "parameters").count(), 0));
        }
    }
    for part in list(template, "components") {
        match text(part, "type").to_ascii_lowercase().as_str() {
            "header" if text(part, "format") == "TEXT" => {
                texts(part, "header", place, HEADER_MAX)?;
            }
            "header" => parts::media_header(part, place)?,
            "body" => {
                let most = if place.card.is_some() { CARD_BODY_MAX } else { BODY_MAX };
                texts(part, "body", place, most)?;
            }
            "buttons" => parts::buttons(part, place)?,
            "limited_time_offer" => parts::offer(part, place)?,
            "carousel" => parts::carousel(part, place)?,
            _ => {}
        }
    }
    Ok(())
}

/// A one-time code stands in the body and, the same, in the button.
fn code(sent: &Value) -> Checked {
    let first = |kind: &str, index| {
        let given = parameters(sent, kind, index).first();
        given.map(|p| text(p, "text")).unwrap_or_default()
    };
    let (body, button) = (first("body", None), first("button", Some(0)));
    if body != button {
        let why = "The code in the button must be the code in the body.";
        return Err(GraphError::new(131_009, why));
    }
    if body.chars().count() > CODE_MAX {
        let why = format!("A code has at most {CODE_MAX} characters.");
        return Err(GraphError::new(131_009, why));
    }
    Ok(())
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The component that was given; `index` is a button's.
pub(super) fn given<'a>(sent: &'a Value, kind: &str, index: Option<usize>) -> Option<&'a Value> {
    list(sent, "components").find(|c| {
        let same_index = index.is_none_or(|index| {
            let own = c.get("index").and_then(crate::webhook::plain_text);
            own.and_then(|own| own.parse().ok()) == Some(index)
        });
        text(c, "type").eq_ignore_ascii_case(kind) && same_index
    })
}

/// The parameters given for a component; `index` is a button's.
pub(super) fn parameters<'a>(sent: &'a Value, kind: &str, index: Option<usize>) -> &'a [Value] {
    let given = given(sent, kind, index).and_then(|c| c.get("parameters"));
    given.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn count(place: &str, given: usize, wanted: usize) -> GraphError {
    let details = format!(
        "{place}: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
    );
    GraphError::new(132_000, details)
}

pub(super) fn missing(place: &str, what: &str) -> GraphError {
    GraphError::new(131_008, format!("{place}: {what} is required."))
}

fn texts(part: &Value, kind: &str, place: Place<'_>, most: usize) -> Checked {
    let (given, name) = (parameters(place.sent, kind, None), place.of(kind));
    let wanted = names(text(part, "text"));
    if wanted.len() != given.len() {
        return Err(count(&name, given.len(), wanted.len()));
    }
    for parameter in given {
        if place.named && !wanted.contains(&text(parameter, "parameter_name")) {
            let details = format!("{name}: Parameter name is missing or empty");
            return Err(GraphError::new(132_012, details));
        }
        let value = shown(parameter).ok_or_else(|| {
            let details = format!("{name}: Format mismatch, expected text, currency or date_time");
            GraphError::new(132_012, details)
        })?;
        if value.trim().is_empty() {
            return Err(GraphError::new(132_018, format!("{name}: Param text cannot be empty")));
        }
        if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
            let details = format!(
                "{name}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
            );
            return Err(GraphError::new(132_018, details));
        }
    }
    if fill(text(part, "text"), given).chars().count() > most {
        let details = format!("{name}: the text with its values is longer than {most} characters");
        return Err(GraphError::new(132_005, details));
    }
    Ok(())
}

/// What people see of a parameter; nothing if it has not the form of its type.
fn shown(parameter: &Value) -> Option<&str> {
    match text(parameter, "type") {
        "text" => parameter.get("text").and_then(Value::as_str),
        "currency" => {
            let money = parameter.get("currency")?;
            let code = text(money, "code").len() == 3;
            let amount = money.get("amount_1000").is_some_and(Value::is_number);
            money.get("fallback_value").and_then(Value::as_str).filter(|_| code && amount)
        }
        "date_time" => parameter.pointer("/date_time/fallback_value").and_then(Value::as_str),
        "group_id" => parameter.get("group_id").and_then(Value::as_str),
        _ => None,
    }
}

fn fill(template: &str, given: &[Value]) -> String {
    names(template).iter().enumerate().fold(template.to_owned(), |filled, (index, name)| {
        let by_name = given.iter().find(|p| text(p, "parameter_name") == *name);
        let value = by_name.or_else(|| given.get(index)).and_then(shown).unwrap_or_default();
        filled.replace(&format!("{{{{{name}}}}}"), value)
    })
}
