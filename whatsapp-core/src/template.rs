//! Texts that Meta approved, and filling them in. Never talks to Meta.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::channel::words;
use crate::message::TemplateContent;
use crate::{Channel, Contact, Error, Id, Quality, Timestamp, interpolate};

/// A message template of one account, in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Our id.
    pub id: Id<Self>,
    /// The channel through which it was found; templates belong to the account (WABA) of it.
    pub channel: Id<Channel>,
    /// Meta's id.
    pub meta_id: String,
    /// Its name: lower case letters, digits, underscores.
    pub name: String,
    /// Meta's language code, e.g. `pt_BR`.
    pub language: String,
    /// What it is for.
    pub category: Category,
    /// Whether it may be sent.
    pub status: TemplateStatus,
    /// How people react to it.
    pub quality: Quality,
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// Whether its variables have numbers or names.
    pub named: bool,
    /// Meta's `components` array, as it came.
    pub components: Value,
    /// When Meta or we last changed it.
    pub updated_at: Timestamp,
}

words! {
    /// What a template is for; sets its price and its rules.
    Category {
        /// Offers and news; needs consent.
        Marketing = "marketing",
        /// About something the customer did.
        Utility = "utility",
        /// One-time codes.
        Authentication = "authentication",
    }
}
words! {
    /// Whether a template may be sent.
    TemplateStatus {
        /// It may.
        Approved = "approved",
        /// Meta is looking at it.
        Pending = "pending",
        /// Meta refused it.
        Rejected = "rejected",
        /// Stopped for a while, since people did not like it.
        Paused = "paused",
        /// Stopped for good.
        Disabled = "disabled",
        /// The refusal is being looked at again.
        InAppeal = "in_appeal",
        /// Being deleted.
        PendingDeletion = "pending_deletion",
        /// Gone at Meta.
        Deleted = "deleted",
        /// Put away.
        Archived = "archived",
        /// Too many templates.
        LimitExceeded = "limit_exceeded",
        /// A word of Meta's that we do not know; it is not sendable.
        Unknown = "unknown",
    }
}
impl TemplateStatus {
    /// Reads Meta's word (`APPROVED`, `REINSTATED` …).
    #[must_use]
    pub fn from_meta(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "reinstated" | "flagged" | "unarchived" => Self::Approved, // events that leave it sendable
            lower => Self::parse(lower).unwrap_or(Self::Unknown),
        }
    }
}

/// Values for a template's variables: `body.1` → text. The text may hold `{{name|fallback}}` placeholders
/// that stand for fields of the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// From pairs; a bare key such as `1` or `first_name` means the body's.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(key, value)| {
                    (if key.contains('.') { key } else { format!("body.{key}") }, value)
                })
                .collect(),
        )
    }
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
    /// All pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// One variable of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// `body.1`, `header.1`, `button.0`; with names `body.first_name`.
    pub key: String,
    /// `header`, `body` or `button`.
    pub component: &'static str,
    /// The number or name in the braces.
    pub name: String,
    /// The sample given to Meta.
    pub sample: Option<String>,
}

impl Template {
    /// Whether it may be sent.
    ///
    /// # Errors
    /// `TEMPLATE_NOT_APPROVED` with its status.
    pub fn may_send(&self) -> Result<(), Error> {
        if self.status == TemplateStatus::Approved {
            return Ok(());
        }
        let message = format!(
            "template {} ({}) is {}: only approved templates can be sent",
            self.name,
            self.language,
            self.status.as_str()
        );
        Err(Error::conflict("TEMPLATE_NOT_APPROVED", message))
    }
    /// Its text variables, in the order people read them.
    #[must_use]
    pub fn variables(&self) -> Vec<Variable> {
        self.parts().flat_map(|part| part.variables()).collect()
    }
    /// Fills it in for one person.
    ///
    /// # Errors
    /// `TEMPLATE_VARIABLES` when a value is missing, empty, has a line break, a tab or more than four spaces
    /// in a row, when a key names no variable, or when the text is over 1,024 characters.
    pub fn fill(
        &self,
        variables: &Variables,
        contact: Option<&Contact>,
    ) -> Result<TemplateContent, Error> {
        let known = self.variables();
        if let Some((key, _)) = variables
            .iter()
            .find(|(key, _)| !known.iter().any(|v| v.key == *key) && !key.ends_with(".media"))
        {
            let names: Vec<_> = known.iter().map(|v| v.key.as_str()).collect();
            return Err(wrong(
                key,
                format!("this template has no variable {key}; it has: {}", names.join(", ")),
            ));
        }
        let mut values = BTreeMap::new();
        for variable in &known {
            values.insert(variable.key.clone(), self.value(variable, variables, contact)?);
        }
        let mut out = TemplateContent {
            template: self.id,
            name: self.name.clone(),
            language: self.language.clone(),
            components: json!([]),
            header: None,
            body: String::new(),
            footer: None,
            buttons: Vec::new(),
        };
        let mut components = Vec::new();
        for part in self.parts() {
            part.fill(&values, variables, self.named, &mut components, &mut out)?;
        }
        if out.body.chars().count() > 1024 {
            return Err(wrong(
                "body",
                "the text with its values is longer than 1,024 characters".into(),
            ));
        }
        out.components = Value::Array(components);
        Ok(out)
    }
    fn value(
        &self,
        variable: &Variable,
        variables: &Variables,
        contact: Option<&Contact>,
    ) -> Result<String, Error> {
        let given = variables.get(&variable.key).unwrap_or_default();
        let filled = interpolate::fill(given, |name| contact.and_then(|c| c.value(name)));
        let text = filled.text.trim().to_owned();
        if text.is_empty() {
            return Err(wrong(
                &variable.key,
                format!("give a value for {} of template {}", variable.key, self.name),
            ));
        }
        if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
            return Err(wrong(
                &variable.key,
                "values may not have line breaks, tabs or more than four spaces in a row".into(),
            ));
        }
        Ok(text)
    }
    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.components.as_array().into_iter().flatten().map(Part)
    }
}

fn wrong(key: &str, message: String) -> Error {
    Error::invalid("TEMPLATE_VARIABLES", &format!("variables.{key}"), message)
}

/// One entry of Meta's `components`.
struct Part<'a>(&'a Value);

impl Part<'_> {
    fn word(&self, field: &str) -> String {
        self.0.get(field).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
    }
    fn text(&self) -> &str {
        self.0.get("text").and_then(Value::as_str).unwrap_or_default()
    }
    fn buttons(&self) -> impl Iterator<Item = (usize, &Value)> {
        self.0.get("buttons").and_then(Value::as_array).into_iter().flatten().enumerate()
    }
    fn variables(&self) -> Vec<Variable> {
        match self.word("type").as_str() {
            "header" if self.word("format") == "text" => self.text_variables("header"),
            "body" => self.text_variables("body"),
            "buttons" => self
                .buttons()
                .filter_map(|(index, button)| {
                    let url = button.get("url").and_then(Value::as_str)?;
                    url.contains("{{").then(|| Variable {
                        key: format!("button.{index}"),
                        component: "button",
                        name: "1".into(),
                        sample: button
                            .pointer("/example/0")
                            .and_then(Value::as_str)
                            .map(str::to_owned),
                    })
                })
                .collect(),
            _ => Vec::new(),
        }
    }
    fn text_variables(&self, component: &'static str) -> Vec<Variable> {
        let mut names: Vec<String> = Vec::new();
        interpolate::fill(self.text(), |name| {
            if !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
            Some(String::new())
        });
        let sample = |index: usize, name: &str| -> Option<String> {
            let example = self.0.get("example")?;
            let named =
                example.get(format!("{component}_text_named_params")).and_then(Value::as_array);
            let by_name = named.and_then(|list| {
                list.iter()
                    .find(|p| p.get("param_name").and_then(Value::as_str) == Some(name))?
                    .get("example")
            });
            let positional = example
                .pointer(&format!("/body_text/0/{index}"))
                .or_else(|| example.pointer(&format!("/header_text/{index}")));
            by_name.or(positional).and_then(Value::as_str).map(str::to_owned)
        };
        names
            .into_iter()
            .enumerate()
            .map(|(index, name)| Variable {
                key: format!("{component}.{name}"),
                component,
                sample: sample(index, &name),
                name,
            })
            .collect()
    }
    fn fill(
        &self,
        values: &BTreeMap<String, String>,
        given: &Variables,
        named: bool,
        components: &mut Vec<Value>,
        out: &mut TemplateContent,
    ) -> Result<(), Error> {
        let kind = self.word("type");
        match kind.as_str() {
            "header" if self.word("format") == "text" => {
                out.header = Some(self.filled_text("header", values));
                self.push_text("header", values, named, components);
            }
            "header" => self.push_media_header(given, components)?,
            "body" => {
                out.body = self.filled_text("body", values);
                self.push_text("body", values, named, components);
            }
            "footer" => out.footer = Some(self.text().to_owned()),
            "buttons" => {
                for (index, button) in self.buttons() {
                    out.buttons.push(
                        button.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    );
                    if let Some(value) = values.get(&format!("button.{index}")) {
                        components.push(json!({"type": "button", "sub_type": "url", "index": index.to_string(), "parameters": [{"type": "text", "text": value}]}));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
    fn filled_text(&self, component: &str, values: &BTreeMap<String, String>) -> String {
        interpolate::fill(self.text(), |name| values.get(&format!("{component}.{name}")).cloned())
            .text
    }
    fn push_text(
        &self,
        component: &'static str,
        values: &BTreeMap<String, String>,
        named: bool,
        components: &mut Vec<Value>,
    ) {
        let parameters: Vec<Value> = self
            .text_variables(component)
            .into_iter()
            .filter_map(|variable| {
                let text = values.get(&variable.key)?;
                Some(if named {
                    json!({"type": "text", "parameter_name": variable.name, "text": text})
                } else {
                    json!({"type": "text", "text": text})
                })
            })
            .collect();
        if !parameters.is_empty() {
            components.push(json!({"type": component, "parameters": parameters}));
        }
    }
    /// A header that is a picture, film or document takes its address from `header.media`.
    fn push_media_header(
        &self,
        given: &Variables,
        components: &mut Vec<Value>,
    ) -> Result<(), Error> {
        let format = self.word("format");
        if !matches!(format.as_str(), "image" | "video" | "document") {
            return Ok(());
        }
        let link = given
            .get("header.media")
            .filter(|link| link.starts_with("https://") || link.starts_with("http://"));
        let link = link.ok_or_else(|| {
            wrong(
                "header.media",
                format!(
                    "this template has a {format} header: give its https address as header.media"
                ),
            )
        })?;
        components.push(json!({"type": "header", "parameters": [{"type": format, (format.as_str()): {"link": link}}]}));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(components: Value, named: bool) -> Template {
        Template {
            id: Id::from_uuid(uuid::Uuid::nil()),
            channel: Id::from_uuid(uuid::Uuid::nil()),
            meta_id: "1".into(),
            name: "hello".into(),
            language: "en".into(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            quality: Quality::Unknown,
            rejected_reason: None,
            named,
            components,
            updated_at: Timestamp::ZERO,
        }
    }

    fn hello() -> Template {
        template(
            json!([
                {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["17"]}},
                {"type": "BODY", "text": "Hi {{1}}, {{2}} off", "example": {"body_text": [["Ana", "10%"]]}},
                {"type": "FOOTER", "text": "Bye"},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}, {"type": "URL", "text": "See", "url": "https://a.example/{{1}}"}]}
            ]),
            false,
        )
    }

    fn vars(pairs: &[(&str, &str)]) -> Variables {
        Variables::from_pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn variables_are_found_in_header_body_and_buttons_with_their_samples() {
        let found: Vec<_> = hello().variables().into_iter().map(|v| (v.key, v.sample)).collect();
        let expected = [
            ("header.1", Some("17")),
            ("body.1", Some("Ana")),
            ("body.2", Some("10%")),
            ("button.1", None),
        ];
        assert_eq!(found, expected.map(|(k, s)| (k.to_owned(), s.map(str::to_owned))));
    }

    #[test]
    fn a_filled_template_has_meta_s_components_and_the_text_people_read() {
        let filled = hello()
            .fill(&vars(&[("header.1", "17"), ("1", "Ana"), ("2", "10%"), ("button.1", "x")]), None)
            .expect("fills");
        assert_eq!(filled.body, "Hi Ana, 10% off");
        assert_eq!(filled.header.as_deref(), Some("Order 17"));
        assert_eq!(
            filled.components,
            json!([
                {"type": "header", "parameters": [{"type": "text", "text": "17"}]},
                {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "10%"}]},
                {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "x"}]}
            ])
        );
    }

    #[test]
    fn a_missing_value_an_unknown_key_and_a_line_break_are_each_named() {
        let full = [("header.1", "17"), ("1", "Ana"), ("2", "10%"), ("button.1", "x")];
        for (drop, add, field) in [
            ("1", None, "variables.body.1"),
            ("", Some(("body.9", "x")), "variables.body.9"),
            ("2", Some(("2", "a\nb")), "variables.body.2"),
        ] {
            let pairs: Vec<_> = full.into_iter().filter(|(k, _)| *k != drop).chain(add).collect();
            match hello().fill(&vars(&pairs), None) {
                Err(Error::Invalid { code: "TEMPLATE_VARIABLES", field: Some(named), .. }) => {
                    assert_eq!(named, field)
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn named_variables_carry_their_names() {
        let t = template(json!([{"type": "BODY", "text": "Hi {{first_name}}"}]), true);
        let filled = t.fill(&vars(&[("first_name", "{{name|friend}}")]), None).expect("fills");
        assert_eq!(
            filled.components,
            json!([{"type": "body", "parameters": [{"type": "text", "parameter_name": "first_name", "text": "friend"}]}])
        );
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_not_filled_again() {
        let t = template(json!([{"type": "BODY", "text": "Hi {{1}}"}]), false);
        let mut contact = Contact::new(
            crate::NewContact::with_phone("+5511981234567".parse().expect("valid")),
            crate::ContactSource::Manual,
            &crate::Env::system(),
        )
        .expect("valid");
        contact.name = Some("{{phone}}".into());
        assert_eq!(
            t.fill(&vars(&[("1", "{{name}}")]), Some(&contact)).expect("fills").body,
            "Hi {{phone}}"
        );
    }
}
