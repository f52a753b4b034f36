//! A shortened log answers every question as the whole one does: a world in which much was set up is lived through,
//! shortened, read back, and asked everything.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use whatsapp_core::{Span, Timestamp};

use super::accept::Reply;
use super::fact::Fact;
use super::office::Deed;
use super::routes::{Call, Carried};
use super::shorten::Shortener;
use super::world::World;
use crate::transport::Verb;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const ANA: &str = "+5511981234567";

struct Life {
    world: World,
    log: Vec<u8>,
    now: Timestamp,
}

fn body(reply: Reply) -> Value {
    match reply {
        Reply::Answer(status, body) => json!([status, body]),
        Reply::With(_, inner) => body(*inner),
        other => json!(format!("{other:?}")),
    }
}

fn call(world: &World, now: Timestamp, verb: Verb, address: &str, carried: Carried) -> Call {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    Call {
        now,
        verb,
        version: "v25.0".into(),
        path: path.split('/').map(str::to_owned).collect(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        carried,
        token: world.app.token.clone(),
        base: "http://simulator.invalid".into(),
        callback: Ok(()),
    }
}

impl Life {
    fn new() -> Self {
        Self { world: World::new(7), log: Vec::new(), now: START }
    }
    fn write_down(&mut self) {
        for fact in self.world.take_facts() {
            serde_json::to_writer(&mut self.log, &fact).expect("writes");
            self.log.push(b'\n');
        }
    }
    fn read_back(log: Vec<u8>, now: Timestamp) -> Self {
        let mut world = World::new(7);
        for line in log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            world.apply(serde_json::from_slice(line).expect("reads"));
        }
        Self { world, log, now }
    }
    fn carry(&mut self, verb: Verb, address: &str, carried: Carried) -> Value {
        let call = call(&self.world, self.now, verb, address, carried);
        let answer = body(self.world.serve(&call));
        self.write_down();
        assert_eq!(answer[0], 200, "{address}: {answer}");
        answer[1].clone()
    }
    fn post(&mut self, address: &str, body: Value) -> Value {
        self.carry(Verb::Post, address, Carried::Json(body))
    }
    fn id(&self, place: usize) -> (String, String) {
        let waba = self.world.wabas.get(place).expect("an account");
        (waba.id.clone(), waba.numbers.first().expect("a number").id.clone())
    }
    fn told(&mut self) {
        for call in self.world.due_calls(self.now) {
            self.world.happen(Fact::Told { items: call.items });
        }
        self.write_down();
    }
    /// People write and are written to for so many days.
    fn pass(&mut self, days: i64) {
        let (_, number) = self.id(0);
        for half in 0..days * 2 {
            self.now = self.now + Span::hours(12);
            let who = format!("+55119812345{:02}", half % 40);
            let act =
                json!({"from": who, "name": format!("Person {half}"), "text": {"body": "Oi"}});
            let act = serde_json::from_value(act).expect("an act");
            self.world.write(self.now, act).expect("writes");
            self.post(
                &format!("{number}/messages"),
                json!({"messaging_product": "whatsapp", "to": who, "text": {"body": "Hi"}}),
            );
            let template = json!({
                "name": "store_hours", "language": {"code": "en_US"},
            });
            let sent = json!({"messaging_product": "whatsapp", "to": ANA, "type": "template", "template": template});
            let message = call(
                &self.world,
                self.now,
                Verb::Post,
                &format!("{number}/messages"),
                Carried::Json(sent),
            );
            self.world.serve(&message);
            self.told();
        }
    }
    fn template(&mut self, name: &str, text: &str) -> String {
        let (waba, _) = self.id(0);
        let draft = json!({
            "name": name, "language": "en_US", "category": "UTILITY",
            "components": [{"type": "BODY", "text": text}],
        });
        let made = self.post(&format!("{waba}/message_templates"), draft);
        made["id"].as_str().expect("an id").to_owned()
    }
    /// Something of everything that can be set up. Gives further addresses to ask.
    fn set_up(&mut self, tag: &str) -> Vec<String> {
        let (waba, number) = self.id(0);
        let whatsapp = |mut more: Value| {
            more["messaging_product"] = json!("whatsapp");
            more
        };
        self.post(&format!("{number}/whatsapp_business_profile"), whatsapp(json!({"about": tag})));
        self.post(&format!("{number}/message_qrdls"), json!({"prefilled_message": tag}));
        let starters = json!({"prompts": [tag], "commands": []});
        self.post(&format!("{number}/conversational_automation"), starters);
        let commerce = json!({"is_cart_enabled": false, "is_catalog_visible": true});
        self.post(&format!("{number}/whatsapp_commerce_settings"), commerce);
        self.post(&format!("{number}/username"), json!({"username": format!("casa.{tag}")}));
        self.post(&number, json!({"pin": "123456"}));
        self.post(&format!("{waba}?is_enabled_for_insights=true"), json!({}));
        let people = json!({"block_users": [{"user": ANA}]});
        let act = serde_json::from_value(json!({"from": ANA, "text": {"body": "Oi"}}));
        self.world.write(self.now, act.expect("an act")).expect("writes");
        self.post(&format!("{number}/block_users"), whatsapp(people.clone()));
        let unblock = Carried::Json(whatsapp(people));
        self.carry(Verb::Delete, &format!("{number}/block_users"), unblock);
        self.post(&format!("{number}/groups"), whatsapp(json!({"subject": tag})));
        let parcel = self.template(&format!("parcel_{tag}"), &format!("The parcel {tag} left."));
        self.template(&format!("gone_{tag}"), &format!("Nobody reads {tag} again."));
        self.now = self.now + Span::hours(1);
        let name = format!("{waba}/message_templates?name=gone_{tag}");
        self.carry(Verb::Delete, &name, Carried::Nothing);
        let red = json!({"quality": "RED"});
        self.world.decide_in_words(self.now, &parcel, red).expect("understood");
        let group = json!({
            "name": tag, "description": tag, "whatsapp_business_templates": [parcel.clone()],
        });
        let group = self.post(&format!("{waba}/template_groups"), group);
        let (app, token) = (self.world.app.id.clone(), self.world.app.token.clone());
        let wish = json!({"file_name": "a.pdf", "file_type": "application/pdf", "file_length": 9});
        let upload = self.post(&format!("{app}/uploads"), wish);
        let upload = upload["id"].as_str().expect("an id").to_owned();
        let part = Carried::Part { offset: 0, bytes: "part".into() };
        self.carry(Verb::Post, &upload, part);
        let flow = json!({"name": tag, "categories": ["OTHER"]});
        let flow = self.post(&format!("{waba}/flows"), flow);
        let wish = serde_json::from_value(json!({"name": tag})).expect("a wish");
        self.world.sign_up(self.now, wish).expect("signs up");
        let change = serde_json::from_value(json!({"username": tag, "off": false}));
        self.world.change_person(self.now, ANA, change.expect("a change")).expect("changes");
        let settings = json!({"timezone_id": "1"}).as_object().cloned().unwrap_or_default();
        self.world.deed(self.now, Deed::Account { waba, change: settings });
        self.told();
        let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
        vec![parcel, id(&group), upload, id(&flow), format!("debug_token?input_token={token}")]
    }
    /// All that can be asked, with the answers.
    fn answers(&mut self, more: &[String]) -> BTreeMap<String, Value> {
        let end = self.now.seconds();
        let days = |count: i64| format!("start({}).end({end})", end - count * 86_400);
        let mut asked: Vec<String> = more.to_vec();
        for waba in &self.world.wabas {
            for edge in [
                "phone_numbers",
                "subscribed_apps",
                "message_templates?limit=100",
                "flows",
                "template_groups",
                "assigned_users",
                "",
            ] {
                asked.push(format!("{}/{edge}", waba.id).trim_end_matches('/').to_owned());
            }
            for figures in [
                format!("analytics.{}.granularity(DAY)", days(90)),
                format!(
                    "pricing_analytics.{}.granularity(MONTHLY).dimensions([\"COUNTRY\"])",
                    days(90)
                ),
                "health_status,whatsapp_business_manager_messaging_limit".to_owned(),
            ] {
                asked.push(format!("{}?fields={figures}", waba.id));
            }
            let ids: Vec<&str> =
                waba.templates.iter().filter_map(|t| t["id"].as_str()).take(10).collect();
            asked.extend(ids.iter().map(|id| (*id).to_owned()));
            let (from, ids) = (end - 89 * 86_400, ids.join(","));
            asked.push(format!(
                "{}/template_analytics?start={from}&end={end}&granularity=daily&template_ids=[{ids}]",
                waba.id
            ));
            for number in &waba.numbers {
                for edge in [
                    "",
                    "settings",
                    "block_users",
                    "message_qrdls",
                    "groups",
                    "username",
                    "whatsapp_commerce_settings",
                    "whatsapp_business_encryption",
                    "whatsapp_business_profile?fields=about,email,websites,vertical",
                ] {
                    asked.push(format!("{}/{edge}", number.id).trim_end_matches('/').to_owned());
                }
                let fields =
                    "status,quality_rating,conversational_automation,is_pin_enabled,throughput";
                asked.push(format!("{}?fields={fields}", number.id));
            }
        }
        asked.extend(self.world.office.groups.keys().cloned());
        let mut all = BTreeMap::new();
        // Every question is put to the same moment: what an earlier one wrote down is taken along by both.
        for address in asked {
            let call = call(&self.world, self.now, Verb::Get, &address, Carried::Nothing);
            let mut answer = body(self.world.serve(&call));
            // The trace ids of errors count answers, which no log has.
            if let Some(error) = answer.pointer_mut("/1/error").and_then(Value::as_object_mut) {
                error.remove("fbtrace_id");
            }
            all.insert(address, answer);
        }
        all.insert("codes".into(), self.world.view_codes());
        all.insert("plan".into(), json!(self.world.plan_left()));
        all.insert("sends".into(), self.world.view_sends(usize::MAX, 1, self.now)["total"].clone());
        all
    }
}

#[test]
fn a_shortened_log_answers_every_question_as_the_whole_one_does() {
    let mut life = Life::new();
    let mut more = life.set_up("first");
    life.pass(60);
    more.extend(life.set_up("second"));
    life.pass(80);
    more.extend(life.set_up("third"));
    let (log, now) = (life.log.clone(), life.now);
    let mut out = Vec::new();
    let made = Shortener::new(&life.world, now, 0, &mut out).all(&log[..]).expect("reads");
    assert!(made.facts > 100, "{} facts went", made.facts);
    let mut whole = Life::read_back(log, now);
    let mut short = Life::read_back(out, now);
    let (one, two) = (whole.answers(&more), short.answers(&more));
    assert!(one.values().filter(|answer| answer[0] == 200).count() > 60, "{one:#?}");
    for (address, answer) in &one {
        // Whole answers would fill pages.
        assert!(Some(answer) == two.get(address), "{address} is answered otherwise");
    }
    assert_eq!(one.len(), two.len());
    // And what comes next is the same, too: ids, answers, webhooks.
    assert_eq!(whole.set_up("fourth"), short.set_up("fourth"));
    whole.now = whole.now + Span::days(1);
    short.now = whole.now;
    assert_eq!(whole.world.due_calls(whole.now), short.world.due_calls(short.now));
}
