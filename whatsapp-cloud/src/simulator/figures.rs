//! Figures of an account, counted from what this world sent: messages, conversations, prices. What is billed costs
//! a made-up hundredth each: a real price list is nowhere here.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use super::error::GraphError;
use super::office::Made;
use super::regions;
use super::seed::Waba;
use super::world::{Sent, World};

/// One parameter of a field: `.name(value)`.
fn parameter<'a>(field: &'a str, name: &str) -> Option<&'a str> {
    let start = field.find(&format!(".{name}("))? + name.len() + 2;
    let rest = field.get(start..)?;
    rest.get(..rest.find(')')?)
}

/// A list parameter: `.name(["a","b"])`. Empty means all.
fn list(field: &str, name: &str) -> Vec<String> {
    let text = parameter(field, name).unwrap_or_default();
    let entries = text.trim_matches(['[', ']']).split(',');
    let plain = entries.map(|entry| entry.trim().trim_matches(['"', '\'']).to_owned());
    plain.filter(|entry| !entry.is_empty()).collect()
}

/// What a field asks for.
struct Query {
    start: i64,
    end: i64,
    granularity: String,
    phones: Vec<String>,
    countries: Vec<String>,
    dimensions: Vec<String>,
}

impl Query {
    fn read(field: &str) -> Result<Self, GraphError> {
        // From 1970 to the end of 9999: nothing was sent before or after, and sums stay far from their limits.
        let moment = |seconds: &i64| (0..=253_402_300_799).contains(seconds);
        let number = |name: &str| parameter(field, name)?.parse::<i64>().ok().filter(moment);
        let wrong = |why: &str| GraphError::new(100, why);
        let (Some(start), Some(end)) = (number("start"), number("end")) else {
            return Err(wrong("start and end are required."));
        };
        let granularity = parameter(field, "granularity").unwrap_or_default().to_owned();
        let known = ["HALF_HOUR", "DAY", "DAILY", "MONTH", "MONTHLY"];
        if end <= start || !known.contains(&granularity.as_str()) {
            return Err(wrong("end must be after start; granularity: HALF_HOUR, DAY or MONTH."));
        }
        Ok(Self {
            start,
            end,
            granularity,
            phones: list(field, "phone_numbers"),
            countries: list(field, "country_codes"),
            dimensions: list(field, "dimensions"),
        })
    }
    /// The step of time that a moment is in.
    fn step(&self, at: Timestamp) -> Option<(i64, i64)> {
        let at = at.seconds();
        if !(self.start..self.end).contains(&at) {
            return None;
        }
        let length = match self.granularity.as_str() {
            "HALF_HOUR" => 1_800,
            "DAY" | "DAILY" => 86_400,
            _ => 30 * 86_400,
        };
        let from = self.start + (at - self.start) / length * length;
        Some((from, (from + length).min(self.end)))
    }
    fn wants(&self, world: &World, sent: &Sent) -> bool {
        let phone = digits(world, &sent.number);
        let fits = |all: &[String], one: &str| all.is_empty() || all.iter().any(|own| own == one);
        fits(&self.phones, &phone) && fits(&self.countries, regions::country(&sent.to))
    }
}

fn digits(world: &World, number: &str) -> String {
    let phone = world.number(number).map(|own| own.phone.trim_start_matches('+').to_owned());
    phone.unwrap_or_default()
}

/// When a message had a status.
fn when(sent: &Sent, statuses: &[&str]) -> Option<Timestamp> {
    let fits = sent.plan.iter().filter(|planned| statuses.contains(&planned.status.as_str()));
    fits.map(|planned| planned.at).min()
}

impl World {
    /// The figures that a field asks for; nothing if it is no field of figures.
    pub(super) fn figures(&self, waba: &Waba, name: &str, field: &str) -> Option<Made> {
        match name {
            "analytics" => Some(self.messages_counted(waba, field)),
            "conversation_analytics" => Some(self.divided(waba, field, false)),
            "pricing_analytics" => Some(self.divided(waba, field, true)),
            _ => None,
        }
    }
    fn sent_of<'a>(&'a self, waba: &'a Waba, query: &'a Query) -> impl Iterator<Item = &'a Sent> {
        let own = |sent: &&Sent| waba.numbers.iter().any(|number| number.id == sent.number);
        self.sent.iter().filter(own).filter(|sent| query.wants(self, sent))
    }
    fn messages_counted(&self, waba: &Waba, field: &str) -> Made {
        let query = Query::read(field)?;
        let mut steps: BTreeMap<(i64, i64), [u64; 2]> = BTreeMap::new();
        for sent in self.sent_of(waba, &query) {
            let moments = [when(sent, &["sent"]), when(sent, &["delivered", "read"])];
            for (place, at) in moments.into_iter().enumerate() {
                let Some(step) = at.and_then(|at| query.step(at)) else { continue };
                if let Some(count) = steps.entry(step).or_default().get_mut(place) {
                    *count += 1;
                }
            }
        }
        let point = |((start, end), [sent, delivered]): (&(i64, i64), &[u64; 2])| json!({"start": start, "end": end, "sent": sent, "delivered": delivered});
        let points: Vec<Value> = steps.iter().map(point).collect();
        let phones: Vec<String> = match query.phones.is_empty() {
            true => waba.numbers.iter().map(|number| digits(self, &number.id)).collect(),
            false => query.phones,
        };
        Ok(
            json!({"phone_numbers": phones, "granularity": query.granularity, "data_points": points}),
        )
    }
    /// By the dimensions that are asked for: of each step and each part, how many and what they cost.
    fn divided(&self, waba: &Waba, field: &str, by_price: bool) -> Made {
        let query = Query::read(field)?;
        let mut parts: BTreeMap<String, (Map<String, Value>, u64, u64)> = BTreeMap::new();
        for sent in self.sent_of(waba, &query) {
            let Some(step) = when(sent, &["delivered", "read"]).and_then(|at| query.step(at))
            else {
                continue;
            };
            let point = self.point(sent, step, &query, by_price);
            let billed = sent.charge.as_ref().is_some_and(|charge| charge.billable);
            let key = Value::Object(point.clone()).to_string();
            let part = parts.entry(key).or_insert((point, 0, 0));
            part.1 += 1;
            part.2 += u64::from(billed);
        }
        let count = if by_price { "volume" } else { "conversation" };
        let points: Vec<Value> = parts
            .into_values()
            .map(|(mut point, volume, billed)| {
                point.insert(count.into(), json!(volume));
                let hundredths = u32::try_from(billed).map_or(0.0, f64::from) / 100.0;
                point.insert("cost".into(), json!(hundredths));
                Value::Object(point)
            })
            .collect();
        Ok(json!({"data": [{"data_points": points}]}))
    }
    fn point(
        &self,
        sent: &Sent,
        (start, end): (i64, i64),
        query: &Query,
        by_price: bool,
    ) -> Map<String, Value> {
        let mut point = Map::new();
        point.insert("start".into(), json!(start));
        point.insert("end".into(), json!(end));
        let charge = sent.charge.as_ref();
        let category = charge.map(|charge| charge.category.to_uppercase());
        let kind = charge.map(|charge| charge.kind.to_uppercase());
        for dimension in &query.dimensions {
            let (key, value) = match dimension.as_str() {
                "COUNTRY" => ("country", json!(regions::country(&sent.to))),
                "PHONE" => ("phone_number", json!(digits(self, &sent.number))),
                "PRICING_CATEGORY" => ("pricing_category", json!(category)),
                "PRICING_TYPE" => ("pricing_type", json!(kind)),
                "TIER" if by_price => ("tier", json!("0:MAX")),
                "CONVERSATION_CATEGORY" => ("conversation_category", json!(category)),
                "CONVERSATION_TYPE" => ("conversation_type", json!(kind)),
                "CONVERSATION_DIRECTION" => {
                    let by_us = category.as_deref() != Some("SERVICE");
                    let word = if by_us { "BUSINESS_INITIATED" } else { "USER_INITIATED" };
                    ("conversation_direction", json!(word))
                }
                _ => continue,
            };
            point.insert(key.into(), value);
        }
        point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_a_field_are_found() {
        let field = r#"analytics.start(1).end(90).granularity(DAY).phone_numbers(["55","44"]).country_codes([])"#;
        assert_eq!(parameter(field, "granularity"), Some("DAY"));
        assert_eq!(list(field, "phone_numbers"), ["55", "44"]);
        assert!(list(field, "country_codes").is_empty() && list(field, "dimensions").is_empty());
        assert_eq!(parameter("analytics.start(", "start"), None);
        for odd in ["start(9).end(1)", "start(-9223372036854775808).end(9)", "start(1)"] {
            assert!(Query::read(&format!("analytics.{odd}.granularity(DAY)")).is_err(), "{odd}");
        }
    }

    #[test]
    fn steps_begin_where_the_question_begins_and_end_where_it_ends() {
        let field = "analytics.start(100).end(2000).granularity(HALF_HOUR)";
        let query = Query::read(field).expect("a question");
        let step = |at| query.step(Timestamp::from_seconds(at));
        assert_eq!(step(99), None);
        assert_eq!(step(100), Some((100, 1_900)));
        assert_eq!(step(1_900), Some((1_900, 2_000)));
        assert_eq!(step(2_000), None);
    }
}
