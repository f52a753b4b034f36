//! How templates did, counted from what was sent in this world: sent, delivered, read, taps of buttons. Costs
//! nothing: the world has no rates.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::error::GraphError;
use super::faults::Route;
use super::routes::{Call, Node, Row, row};
use super::templates::{Made, text};
use super::world::{Sent, World};
use crate::template::rules::ANALYTICS_MAX;
use crate::transport::Verb;

/// The routes of figures.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Waba, "template_analytics", Route::Analytics, figures),
    row(Verb::Get, Node::Waba, "template_group_analytics", Route::Analytics, group_figures),
    row(Verb::Get, Node::Template, "compare", Route::Templates, compare),
];

const DAY: i64 = 86_400;
/// Ninety days, and the one that has begun.
const LOOKBACK: Span = Span::days(91);

/// What is asked for: from when until when, and the ids.
struct Asked {
    start: i64,
    end: i64,
    ids: Vec<String>,
}

fn asked(world: &World, call: &Call, key: &str) -> Result<Asked, GraphError> {
    if !world.shelf.insights.contains(call.id()) {
        return Err(GraphError::new(200_007, "Insights are not enabled for this account."));
    }
    let moment = |key: &str| {
        let text = call.query(key).and_then(|text| text.parse::<i64>().ok());
        text.ok_or_else(|| GraphError::new(100, format!("{key} must be seconds since 1970.")))
    };
    let (start, end) = (moment("start")?, moment("end")?);
    let begins = Timestamp::from_seconds(start);
    let long = Timestamp::from_seconds(end) - begins > LOOKBACK;
    if start >= end || long || call.now - begins > LOOKBACK {
        return Err(GraphError::new(100, "start must be before end and at most 90 days ago."));
    }
    if call.query("granularity").is_some_and(|word| !word.eq_ignore_ascii_case("daily")) {
        return Err(GraphError::new(100, "granularity must be daily."));
    }
    let list = call.query(key).unwrap_or_default();
    let named = list.trim_matches(['[', ']']).split(',');
    let ids: Vec<String> = named
        .map(|id| id.trim().trim_matches(['"', '\'']).to_owned())
        .filter(|id| !id.is_empty())
        .collect();
    if ids.is_empty() || ids.len() > ANALYTICS_MAX {
        return Err(GraphError::new(100, format!("{key} must be 1 to {ANALYTICS_MAX} ids.")));
    }
    Ok(Asked { start, end, ids })
}

fn figures(world: &mut World, call: &Call) -> Made {
    let asked = asked(world, call, "template_ids")?;
    let mut points = Vec::new();
    for id in &asked.ids {
        if world.template(id).is_none_or(|(waba, _)| waba != call.id()) {
            return Err(GraphError::new(100, format!("{id} is no template of this account.")));
        }
        points.extend(days(world, call, &asked, "template_id", id, std::slice::from_ref(id)));
    }
    Ok(answer(&points))
}

fn group_figures(world: &mut World, call: &Call) -> Made {
    let asked = asked(world, call, "template_group_ids")?;
    let mut points = Vec::new();
    for id in &asked.ids {
        let found = world.shelf.groups.get(id).filter(|(waba, _)| waba == call.id());
        let (_, group) = found
            .ok_or_else(|| GraphError::new(100, format!("{id} is no group of this account.")))?;
        let members = group.get("whatsapp_business_templates").and_then(Value::as_array);
        let members: Vec<String> =
            members.into_iter().flatten().filter_map(crate::webhook::plain_text).collect();
        points.extend(days(world, call, &asked, "template_group_id", id, &members));
    }
    Ok(answer(&points))
}

fn answer(points: &[Value]) -> Value {
    let entry = json!({"granularity": "DAILY", "product_type": "cloud_api", "data_points": points});
    json!({"data": [entry], "paging": {"cursors": {"before": "MAZDZD", "after": "MAZDZD"}}})
}

/// What came of a template on one day.
#[derive(Default)]
struct Day {
    sent: u64,
    delivered: u64,
    read: u64,
    /// (kind, words) → taps.
    clicked: std::collections::BTreeMap<(&'static str, String), u64>,
}

/// One entry for each day of the time asked for, also where nothing was sent.
fn days(
    world: &World,
    call: &Call,
    asked: &Asked,
    key: &str,
    id: &str,
    templates: &[String],
) -> Vec<Value> {
    let wants = |metric: &str| {
        call.query("metric_types").is_none_or(|all| all.to_lowercase().contains(metric))
    };
    let taps = world.taps(call.now);
    let first = asked.start.div_euclid(DAY);
    let last = (asked.end - 1).div_euclid(DAY);
    let mut all: std::collections::BTreeMap<i64, Day> =
        (first..=last).map(|day| (day, Day::default())).collect();
    for sent in world.sent_by(templates) {
        let Some(day) = all.get_mut(&sent.at.seconds().div_euclid(DAY)) else { continue };
        let told = |status: &str| {
            sent.plan.iter().any(|planned| planned.status == status && planned.at <= call.now)
        };
        let failed = told("failed");
        day.sent += u64::from(!failed && (told("sent") || told("delivered") || told("read")));
        day.delivered += u64::from(told("delivered") || told("read"));
        day.read += u64::from(told("read"));
        for words in taps.get(sent.wamid.as_str()).into_iter().flatten() {
            let tap = ("quick_reply_button", (*words).to_owned());
            *day.clicked.entry(tap).or_default() += 1;
        }
    }
    let point = |(day, figures): (i64, Day)| {
        let mut point = Map::new();
        point.insert(key.to_owned(), json!(id));
        point.insert("start".into(), json!(day * DAY));
        point.insert("end".into(), json!((day + 1) * DAY));
        let counts =
            [("sent", figures.sent), ("delivered", figures.delivered), ("read", figures.read)];
        point.extend(
            counts.into_iter().filter(|(m, _)| wants(m)).map(|(m, n)| (m.to_owned(), json!(n))),
        );
        if wants("clicked") {
            let taps = figures.clicked.into_iter();
            let taps: Vec<Value> = taps
                .map(|((kind, words), count)| json!({"type": kind, "button_content": words, "count": count}))
                .collect();
            point.insert("clicked".into(), json!(taps));
        }
        Value::Object(point)
    };
    all.into_iter().map(point).collect()
}

fn compare(world: &mut World, call: &Call) -> Made {
    let list = call.query("template_ids").unwrap_or_default();
    let other = list.trim_matches(['[', ']']).trim().trim_matches(['"', '\'']).to_owned();
    let ids = [call.id().to_owned(), other];
    let mut ranks = Vec::new();
    for id in &ids {
        let (_, template) = world.template(id).ok_or_else(|| GraphError::no_object(id))?;
        let score = template.pointer("/quality_score/score").and_then(Value::as_str);
        ranks.push((matches!(score, Some("RED")), matches!(score, Some("YELLOW")), id.clone()));
    }
    ranks.sort();
    let order: Vec<&String> = ranks.iter().map(|(_, _, id)| id).collect();
    let number = |id: &String| {
        let count = world.sent_by(std::slice::from_ref(id)).count();
        json!({"key": id, "value": count})
    };
    let reason = |id: &String| json!({"key": id, "value": "UNKNOWN_BLOCK_REASON_WAS_GIVEN"});
    Ok(json!({"data": [
        {"metric": "BLOCK_RATE", "type": "RELATIVE", "order_by_relative_metric": order},
        {"metric": "MESSAGE_SENDS", "type": "NUMBER_VALUES", "number_values": ids.iter().map(number).collect::<Vec<_>>()},
        {"metric": "TOP_BLOCK_REASON", "type": "STRING_VALUES", "string_values": ids.iter().map(reason).collect::<Vec<_>>()},
    ]}))
}

impl World {
    /// What was accepted with one of these templates, by name, language and account.
    fn sent_by<'a>(&'a self, ids: &'a [String]) -> impl Iterator<Item = &'a Sent> {
        let known: Vec<(&str, &Value)> = ids.iter().filter_map(|id| self.template(id)).collect();
        self.sent.iter().filter(move |sent| {
            let Some(template) = sent.body.get("template") else { return false };
            let language = template.get("language").map(|l| text(l, "code")).unwrap_or_default();
            let waba = self.waba_of(&sent.number).map(|waba| waba.id.as_str());
            known.iter().any(|(account, own)| {
                Some(*account) == waba
                    && text(own, "name") == text(&template, "name")
                    && text(own, "language") == language
            })
        })
    }
    /// Message → the words of the buttons that were tapped under it.
    fn taps(&self, now: Timestamp) -> HashMap<&str, Vec<&str>> {
        let mut taps: HashMap<&str, Vec<&str>> = HashMap::new();
        for wrote in self.wrote.iter().filter(|wrote| wrote.at <= now) {
            let under = wrote.message.pointer("/context/message_id").and_then(Value::as_str);
            let words = wrote.message.pointer("/button/text").and_then(Value::as_str);
            if let (Some(under), Some(words)) = (under, words) {
                taps.entry(under).or_default().push(words);
            }
        }
        taps
    }
}
