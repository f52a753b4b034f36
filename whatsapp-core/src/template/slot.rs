//! What a sender gives to a template, found in Meta's components. Never judges a value.

use serde_json::Value;

use super::{Category, Template, Variable};
use crate::interpolate;

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line of text.
    Text,
    /// An address of the web.
    Link,
    /// A number of degrees, on either side of zero.
    Degrees {
        /// At most so many.
        most: u8,
    },
    /// A moment.
    Moment,
    /// A code of at most 20 characters.
    Coupon,
    /// A payload of at most 256 characters.
    Payload,
    /// Products, in sections.
    Products,
    /// A JSON object.
    Object,
    /// A whole number of minutes.
    Minutes,
}

/// A variable and what Meta wants under it.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) variable: Variable,
    pub(super) required: bool,
    pub(super) kind: Kind,
}

/// One entry of Meta's `components`, of the template or of a card.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) value: &'a Value,
    /// Empty, or `card.0.`.
    pub(super) prefix: &'a str,
    /// Of a one-time code's template.
    pub(super) otp: bool,
}

/// All of them, in the order people read them.
pub(super) fn slots(template: &Template) -> Vec<Slot> {
    let mut all = Vec::new();
    for part in parts(template) {
        all.extend(part.slots());
        for (index, card) in part.cards() {
            let prefix = card_prefix(index);
            for inner in list(card, "components") {
                let inner = Part { value: inner, prefix: &prefix, otp: false };
                all.extend(inner.slots());
            }
        }
    }
    all
}

/// The template's own components.
pub(super) fn parts(template: &Template) -> impl Iterator<Item = Part<'_>> {
    let otp = template.category == Category::Authentication;
    let all = template.components.as_array().into_iter().flatten();
    all.map(move |value| Part { value, prefix: "", otp })
}

pub(super) fn card_prefix(index: usize) -> String {
    format!("card.{index}.")
}

pub(super) fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A word of Meta's, in small letters.
pub(super) fn word(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl<'a> Part<'a> {
    pub(super) fn kind(&self) -> String {
        word(self.value, "type")
    }
    pub(super) fn format(&self) -> String {
        word(self.value, "format")
    }
    pub(super) fn text(&self) -> &'a str {
        text(self.value, "text")
    }
    pub(super) fn buttons(&self) -> impl Iterator<Item = (usize, &'a Value)> + use<'a> {
        list(self.value, "buttons").enumerate()
    }
    pub(super) fn cards(&self) -> impl Iterator<Item = (usize, &'a Value)> + use<'a> {
        list(self.value, "cards").enumerate()
    }
    pub(super) fn key(&self, rest: &str) -> String {
        format!("{}{rest}", self.prefix)
    }
    /// Whether a button takes the one-time code that the body has.
    pub(super) fn takes_code(&self, button: &Value) -> bool {
        word(button, "type") == "otp" || (self.otp && text(button, "url").contains("{{"))
    }

    fn slots(&self) -> Vec<Slot> {
        match self.kind().as_str() {
            "header" => self.header(),
            "body" => self.texts("body"),
            "limited_time_offer" if self.offer_ends() => {
                vec![self.slot("offer", "offer.expires_at", Kind::Moment)]
            }
            "buttons" => {
                self.buttons().flat_map(|(index, button)| self.button(index, button)).collect()
            }
            _ => Vec::new(),
        }
    }
    pub(super) fn offer_ends(&self) -> bool {
        let offer = self.value.get("limited_time_offer");
        offer.and_then(|o| o.get("has_expiration")).and_then(Value::as_bool).unwrap_or(true)
    }
    fn header(&self) -> Vec<Slot> {
        match self.format().as_str() {
            "text" => self.texts("header"),
            "document" => vec![
                self.slot("header", "header.media", Kind::Link),
                self.slot("header", "header.filename", Kind::Text).optional(),
            ],
            "image" | "video" | "gif" => vec![self.slot("header", "header.media", Kind::Link)],
            "location" => vec![
                self.slot("header", "header.latitude", Kind::Degrees { most: 90 }),
                self.slot("header", "header.longitude", Kind::Degrees { most: 180 }),
                self.slot("header", "header.name", Kind::Text).optional(),
                self.slot("header", "header.address", Kind::Text).optional(),
            ],
            "product" => vec![
                self.slot("header", "header.product", Kind::Text),
                self.slot("header", "header.catalog", Kind::Text),
            ],
            _ => Vec::new(),
        }
    }
    fn button(&self, index: usize, button: &Value) -> Vec<Slot> {
        let key = format!("button.{index}");
        let slot = |kind| self.slot("button", &key, kind).sample(first_sample(button));
        let more = |end: &str, kind| self.slot("button", &format!("{key}.{end}"), kind).optional();
        match word(button, "type").as_str() {
            _ if self.takes_code(button) => vec![slot(Kind::Text).optional()],
            "quick_reply" => vec![slot(Kind::Payload).optional()],
            "copy_code" => vec![slot(Kind::Coupon)],
            "flow" => vec![slot(Kind::Text).optional(), more("data", Kind::Object)],
            "catalog" => vec![slot(Kind::Text).optional()],
            "mpm" => vec![slot(Kind::Products), more("thumbnail", Kind::Text)],
            "voice_call" => vec![slot(Kind::Minutes).optional()],
            _ if text(button, "url").contains("{{") => vec![slot(Kind::Text)],
            _ => Vec::new(),
        }
    }
    fn slot(&self, component: &'static str, key: &str, kind: Kind) -> Slot {
        // A button's value has no name of its own; its number is in the key.
        let name = if component == "button" { "1" } else { key.rsplit('.').next().unwrap_or(key) };
        let component = if self.prefix.is_empty() { component } else { "card" };
        let (key, name) = (self.key(key), name.to_owned());
        Slot { variable: Variable { key, component, name, sample: None }, required: true, kind }
    }
    /// The variables of a text, each once.
    pub(super) fn texts(&self, component: &'static str) -> Vec<Slot> {
        let mut names: Vec<String> = Vec::new();
        interpolate::fill(self.text(), |name| {
            if !names.iter().any(|n| n == name) {
                names.push(name.to_owned());
            }
            Some(String::new())
        });
        if self.otp && component == "body" && self.text().is_empty() {
            names.push("1".to_owned()); // Meta writes the text of a one-time code
        }
        let all = names.into_iter().enumerate().map(|(index, name)| {
            let mut slot = self.slot(component, &format!("{component}.{name}"), Kind::Text);
            slot.variable.sample = self.text_sample(component, index, &name);
            slot.variable.name = name;
            slot
        });
        all.collect()
    }
    fn text_sample(&self, component: &str, index: usize, name: &str) -> Option<String> {
        let example = self.value.get("example")?;
        let named = list(example, &format!("{component}_text_named_params"))
            .find(|p| text(p, "param_name") == name)
            .and_then(|p| p.get("example"));
        let positional = example
            .pointer(&format!("/body_text/0/{index}"))
            .or_else(|| example.pointer(&format!("/header_text/{index}")));
        named.or(positional).and_then(Value::as_str).map(str::to_owned)
    }
}

impl Slot {
    fn optional(mut self) -> Self {
        self.required = false;
        self
    }
    fn sample(mut self, sample: Option<String>) -> Self {
        self.variable.sample = sample;
        self
    }
}

/// Meta's samples of a button are a text or a list of one.
fn first_sample(button: &Value) -> Option<String> {
    let example = button.get("example")?;
    example.get(0).unwrap_or(example).as_str().map(str::to_owned)
}
