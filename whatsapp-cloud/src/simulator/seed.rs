//! What is in the world at its beginning, from the seed: an app, two businesses, their numbers and templates.

use serde_json::{Value, json};

use super::chance::Chance;

/// An app that owns the subscription.
#[derive(Clone, Debug)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) token: String,
}

/// A business account.
#[derive(Clone, Debug)]
pub(super) struct Waba {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) numbers: Vec<Number>,
    /// In the form of Meta's list.
    pub(super) templates: Vec<Value>,
}

/// A business phone number.
#[derive(Clone, Debug)]
pub(super) struct Number {
    pub(super) id: String,
    /// With plus sign.
    pub(super) phone: String,
    pub(super) display: String,
}

impl Number {
    fn new(
        chance: &mut Chance,
        country: &str,
        area: &str,
        first: &str,
        groups: [usize; 2],
    ) -> Self {
        let [left, right] = groups;
        let (left, right) = (chance.digits(left - first.len()), chance.digits(right));
        let display = format!("+{country} {area} {first}{left}-{right}");
        let digits: String = display.chars().filter(char::is_ascii_digit).collect();
        Self { id: format!("1{}", chance.digits(14)), display, phone: format!("+{digits}") }
    }
}

pub(super) fn app(seed: u64) -> App {
    let mut chance = Chance::named(seed, "app");
    App {
        id: format!("7{}", chance.digits(14)),
        secret: chance.hex(32),
        token: format!("EAASIM{}", chance.hex(90)),
    }
}

pub(super) fn wabas(seed: u64) -> Vec<Waba> {
    let mut chance = Chance::named(seed, "accounts");
    let aurora = Number::new(&mut chance, "55", "11", "9", [5, 4]);
    let harbor = Number::new(&mut chance, "44", "7911", "1", [3, 3]);
    [("Casa Aurora", aurora), ("Blue Harbor Supplies", harbor)]
        .into_iter()
        .map(|(name, number)| {
            let id = format!("1{}", chance.digits(14));
            Waba { id, name, numbers: vec![number], templates: templates(&mut chance) }
        })
        .collect()
}

fn body(text: &str, samples: &[&str]) -> Value {
    if samples.is_empty() {
        return json!({"type": "BODY", "text": text});
    }
    json!({"type": "BODY", "text": text, "example": {"body_text": [samples]}})
}

fn quick_replies(texts: &[&str]) -> Value {
    let buttons: Vec<_> =
        texts.iter().map(|text| json!({"type": "QUICK_REPLY", "text": text})).collect();
    json!({"type": "BUTTONS", "buttons": buttons})
}

fn templates(chance: &mut Chance) -> Vec<Value> {
    let order =
        "Hi {{1}}, your order {{2}} is on its way. You can answer here if anything is not right.";
    let pedido =
        "Olá {{1}}, o seu pedido {{2}} está a caminho. Responda aqui se algo não estiver certo.";
    let all = [
        (
            "order_update",
            "en_US",
            "UTILITY",
            "APPROVED",
            "GREEN",
            json!([body(order, &["Ana", "A-1042"])]),
        ),
        (
            "order_update",
            "pt_BR",
            "UTILITY",
            "APPROVED",
            "GREEN",
            json!([body(pedido, &["Ana", "A-1042"])]),
        ),
        (
            "autumn_offer",
            "en_US",
            "MARKETING",
            "APPROVED",
            "GREEN",
            json!([
                {"type": "HEADER", "format": "TEXT", "text": "Autumn week"},
                body("Hi {{1}}, this week everything for house and garden is {{2}} off. Shall we put something aside for you?", &["Ana", "20%"]),
                {"type": "FOOTER", "text": "Reply STOP to opt out"},
                quick_replies(&["Shop now", "Stop promotions"]),
            ]),
        ),
        (
            "new_collection",
            "en_US",
            "MARKETING",
            "APPROVED",
            "YELLOW",
            json!([
                {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2U="]}},
                body("Hello {{1}}, our new collection has arrived. Be the first to see it.", &["Ana"]),
                {"type": "FOOTER", "text": "Reply STOP to opt out"},
                {"type": "BUTTONS", "buttons": [
                    {"type": "URL", "text": "See it", "url": "https://shop.example/new/{{1}}", "example": ["https://shop.example/new/ana"]},
                    {"type": "QUICK_REPLY", "text": "Stop promotions"},
                ]},
            ]),
        ),
        (
            "appointment_reminder",
            "en_US",
            "UTILITY",
            "APPROVED",
            "UNKNOWN",
            json!([
                {"type": "BODY", "text": "Hi {{first_name}}, we expect you on {{day}} at ten. Can you come?",
                 "example": {"body_text_named_params": [
                    {"param_name": "first_name", "example": "Ana"}, {"param_name": "day", "example": "Monday"}]}},
                quick_replies(&["Yes", "Another day"]),
            ]),
        ),
        (
            "store_hours",
            "en_US",
            "UTILITY",
            "APPROVED",
            "GREEN",
            json!([body("We are open today from nine to six. See you soon!", &[]),]),
        ),
        (
            "loyalty_welcome",
            "en_US",
            "MARKETING",
            "PENDING",
            "UNKNOWN",
            json!([body(
                "Welcome to our circle of friends, {{1}}. Your first gift waits for you.",
                &["Ana"]
            ),]),
        ),
        (
            "flash_sale",
            "en_US",
            "MARKETING",
            "REJECTED",
            "UNKNOWN",
            json!([body(
                "Only today: everything for free, {{1}}!!! Click now or lose it.",
                &["Ana"]
            ),]),
        ),
        (
            "winter_clearance",
            "en_US",
            "MARKETING",
            "PAUSED",
            "RED",
            json!([body("Hi {{1}}, the last winter goods leave at half the price.", &["Ana"]),]),
        ),
    ];
    all.into_iter()
        .map(|(name, language, category, status, quality, components)| {
            let named = name == "appointment_reminder";
            json!({
                "id": format!("1{}", chance.digits(15)), "name": name, "language": language,
                "category": category, "status": status, "components": components,
                "parameter_format": if named { "NAMED" } else { "POSITIONAL" },
                "quality_score": {"score": quality},
                "rejected_reason": if status == "REJECTED" { "PROMOTIONAL" } else { "NONE" },
            })
        })
        .collect()
}
