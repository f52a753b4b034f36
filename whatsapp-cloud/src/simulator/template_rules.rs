//! Templates as they are sent: does the filled-in template fit the approved one? And the text people read.

use serde_json::Value;

use super::error::GraphError;

/// Finds the template and checks the parameters against it.
pub(super) fn check<'a>(all: &'a [Value], sent: &Value) -> Result<&'a Value, GraphError> {
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
    for part in parts(template) {
        let kind = text(part, "type").to_ascii_lowercase();
        match kind.as_str() {
            "header" if text(part, "format") == "TEXT" => {
                texts(part, "header", parameters(sent, "header", None), named)?;
            }
            "header" => media_header(part, sent)?,
            "body" => {
                let given = parameters(sent, "body", None);
                texts(part, "body", given, named)?;
                if fill(text(part, "text"), given).chars().count() > 1_024 {
                    return Err(GraphError::new(
                        132_005,
                        "The body is longer than 1024 characters.",
                    ));
                }
            }
            "buttons" => buttons(part, sent)?,
            _ => {}
        }
    }
    Ok(template)
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn parts(template: &Value) -> impl Iterator<Item = &Value> {
    template.get("components").and_then(Value::as_array).into_iter().flatten()
}

/// The parameters given for a component; `index` is a button's.
pub(super) fn parameters<'a>(sent: &'a Value, kind: &str, index: Option<usize>) -> &'a [Value] {
    let component =
        sent.get("components").and_then(Value::as_array).into_iter().flatten().find(|c| {
            let same_index = index.is_none_or(|index| {
                c.get("index").is_some_and(|i| {
                    i.as_str()
                        .and_then(|t| t.parse().ok())
                        .or_else(|| i.as_u64().and_then(|n| usize::try_from(n).ok()))
                        == Some(index)
                })
            });
            text(c, "type").eq_ignore_ascii_case(kind) && same_index
        });
    component.and_then(|c| c.get("parameters")).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The names or numbers in double braces.
pub(super) fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in text.split("{{").skip(1) {
        if let Some((name, _)) = piece.split_once("}}")
            && !found.contains(&name.trim())
        {
            found.push(name.trim());
        }
    }
    found
}

fn texts(part: &Value, place: &str, given: &[Value], named: bool) -> Result<(), GraphError> {
    let wanted = variables(text(part, "text"));
    if wanted.len() != given.len() {
        let details = format!(
            "{place}: number of localizable_params ({}) does not match the expected number of params ({})",
            given.len(),
            wanted.len()
        );
        return Err(GraphError::new(132_000, details));
    }
    for parameter in given {
        if named && !wanted.contains(&text(parameter, "parameter_name")) {
            return Err(GraphError::new(
                132_012,
                format!("{place}: Parameter name is missing or empty"),
            ));
        }
        let kind = text(parameter, "type");
        let value = text(parameter, "text");
        if kind == "text" && value.is_empty() {
            return Err(GraphError::new(131_008, format!("{place}: text is required.")));
        }
        if value.contains(['\n', '\t']) || value.contains("     ") {
            let details = format!(
                "{place}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
            );
            return Err(GraphError::new(132_018, details));
        }
    }
    Ok(())
}

fn media_header(part: &Value, sent: &Value) -> Result<(), GraphError> {
    let format = text(part, "format").to_ascii_lowercase();
    let given = parameters(sent, "header", None);
    let [parameter] = given else {
        return Err(GraphError::new(
            132_012,
            format!(
                "header: Format mismatch, expected {}, received UNKNOWN",
                format.to_uppercase()
            ),
        ));
    };
    let object = parameter.get(&format);
    let there = object.is_some_and(|o| o.get("link").is_some() || o.get("id").is_some());
    if text(parameter, "type") == format && (there || format == "location") {
        return Ok(());
    }
    Err(GraphError::new(
        132_012,
        format!("header: Format mismatch, expected {}", format.to_uppercase()),
    ))
}

fn buttons(part: &Value, sent: &Value) -> Result<(), GraphError> {
    let all = part.get("buttons").and_then(Value::as_array).into_iter().flatten();
    for (index, button) in all.enumerate() {
        if !text(button, "url").contains("{{") {
            continue;
        }
        if parameters(sent, "button", Some(index)).len() != 1 {
            let details =
                format!("buttons: Button at index {index} of type Url requires a parameter");
            return Err(GraphError::new(131_008, details));
        }
    }
    Ok(())
}

fn fill(template: &str, given: &[Value]) -> String {
    variables(template).iter().enumerate().fold(template.to_owned(), |filled, (index, name)| {
        let by_name = given.iter().find(|p| text(p, "parameter_name") == *name);
        let value = by_name.or_else(|| given.get(index)).map_or("", |p| text(p, "text"));
        filled.replace(&format!("{{{{{name}}}}}"), value)
    })
}
