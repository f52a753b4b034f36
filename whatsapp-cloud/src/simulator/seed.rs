//! What is in the world at its beginning, from the seed: an app, two businesses, their numbers and templates.

use serde_json::Value;

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

/// When Meta judged these templates' quality: 2025-09-01.
const JUDGED: i64 = 1_756_684_800;

/// The templates of an account, in the form of Meta's list, with ids of its own.
fn templates(chance: &mut Chance) -> Vec<Value> {
    let mut all: Vec<Value> =
        serde_json::from_str(include_str!("templates.json")).unwrap_or_default();
    for template in all.iter_mut().filter_map(Value::as_object_mut) {
        template.insert("id".into(), Value::from(format!("1{}", chance.digits(15))));
        let quality = template.get_mut("quality_score").and_then(Value::as_object_mut);
        if let Some(quality) = quality {
            quality.insert("date".into(), Value::from(JUDGED));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_template_is_there_in_each_account() {
        for waba in wabas(7) {
            for status in ["APPROVED", "PENDING", "REJECTED", "PAUSED"] {
                let has = |t: &Value| t.get("status").is_some_and(|s| s == status);
                assert!(waba.templates.iter().any(has), "{status} in {}", waba.name);
            }
        }
    }

    #[test]
    fn the_numbers_of_any_seed_are_numbers() {
        for seed in 0..500 {
            for number in wabas(seed).into_iter().flat_map(|waba| waba.numbers) {
                let phone: whatsapp_core::Phone = number.phone.parse().expect("a number");
                assert_eq!(number.display.parse(), Ok(phone));
            }
        }
    }
}
