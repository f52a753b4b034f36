//! The same seed and the same calls give the same log and the same webhooks, byte for byte; also when the world is
//! read back from its log in the middle.

use serde_json::{Value, json};
use whatsapp_core::{Span, Timestamp};

use super::accept::Door;
use super::accept::Reply;
use super::fact::Fact;
use super::faults::Faults;
use super::hooks::WebhookCall;
use super::shorten::Shortener;
use super::tuning::MessagingLimit;
use super::world::World;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const STEPS: i64 = 240;

/// A world, its log as bytes, and what it posted.
struct Run {
    world: World,
    log: Vec<u8>,
    posted: Vec<WebhookCall>,
    replies: Vec<Reply>,
}

fn plan() -> Faults {
    let plan = json!({
        "rules": [
            {"route": "messages", "probability": 0.1, "fault": {"kind": "reset_after"}},
            {"route": "messages", "every": 7, "times": 5, "fault": {"kind": "refuse", "code": 131_016}},
            {"from": "2026-09-21T14:15:00Z", "probability": 0.2, "fault": {"kind": "fail", "code": 131_026}},
        ],
        "webhooks": {
            "duplicate": 0.2, "disorder": 0.2, "drop_statuses": 0.05, "late_statuses": 0.1,
            "late_ms": [1_000, 5_000], "mix_accounts": 0.5, "wrong_signature": 0.1,
        },
        "speed": {"skip_delivered": 0.2, "never_delivered": 0.1},
    });
    serde_json::from_value(plan).expect("a plan")
}

impl Run {
    fn new() -> Self {
        let mut world = World::new(7);
        world.happen(Fact::Planned { faults: Box::new(plan()) });
        let mut run = Self { world, log: Vec::new(), posted: Vec::new(), replies: Vec::new() };
        run.write_down();
        run
    }
    fn write_down(&mut self) {
        for fact in self.world.take_facts() {
            serde_json::to_writer(&mut self.log, &fact).expect("writes");
            self.log.push(b'\n');
        }
    }
    /// The process ends and starts again from what it wrote down.
    fn restart(&mut self) {
        self.world = World::new(7);
        for line in self.log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            self.world.apply(serde_json::from_slice(line).expect("reads"));
        }
    }
    fn step(&mut self, n: i64) {
        self.step_at(n, START + Span::millis(n * 400));
    }
    fn step_at(&mut self, n: i64, now: Timestamp) {
        let numbers: Vec<String> =
            self.world.wabas.iter().flat_map(|w| &w.numbers).map(|n| n.id.clone()).collect();
        let number = &numbers[usize::from(n % 3 == 0)];
        let who = format!("+55119812345{:02}", n % 9);
        match n % 12 {
            0 | 6 => {
                let act = json!({"from": who, "name": "Ana", "phone_number_id": number, "text": {"body": "Olá"}});
                let act = serde_json::from_value(act).expect("an act");
                self.world.write(now, act).expect("writes");
            }
            3 => {
                let change = json!({"off": n % 24 == 3, "hides_phone": n % 48 == 3});
                let change = serde_json::from_value(change).expect("a change");
                self.world.change_person(now, &who, change).expect("changes");
            }
            9 if n % 36 == 9 => {
                self.world.renew_person(now, &who, None).expect("renews");
                self.world.happen(Fact::Tier { tier: MessagingLimit::Tier250, at: now });
            }
            _ => {
                let body =
                    json!({"messaging_product": "whatsapp", "to": who, "text": {"body": "Hi"}});
                let token = self.world.app.token.clone();
                let reply = self.world.messages(now, &token, number, &body, Door::Messages);
                self.replies.push(reply);
            }
        }
        for call in self.world.due_calls(now) {
            let items = call.items.clone();
            let told = n % 5 != 0;
            self.world.happen(if told {
                Fact::Told { items }
            } else {
                Fact::Untold { items, at: now }
            });
            self.posted.push(call);
        }
        self.write_down();
    }
}

fn run(restarts_at: &[i64]) -> Run {
    let mut run = Run::new();
    for n in 0..STEPS {
        if restarts_at.contains(&n) {
            run.restart();
        }
        run.step(n);
    }
    run
}

#[test]
fn two_runs_write_the_same_log_and_post_the_same_webhooks() {
    let (one, two) = (run(&[]), run(&[]));
    assert_eq!(one.log, two.log);
    assert_eq!(one.posted, two.posted);
    assert_eq!(one.replies, two.replies);
    let said = String::from_utf8(one.log).expect("text");
    for fact in ["sent", "wrote", "rolled", "untold", "person", "renewed"] {
        assert!(said.contains(&format!("{{\"fact\":\"{fact}\"")), "{fact} happened");
    }
}

#[test]
fn a_world_read_back_from_its_log_goes_on_as_if_nothing_had_been() {
    let whole = run(&[]);
    for at in [1, 60, 121, STEPS - 1] {
        let cut = run(&[at]);
        assert!(whole.log == cut.log, "the log, cut before step {at}");
        assert!(whole.posted == cut.posted, "the webhooks, cut before step {at}");
    }
    let often = run(&(0..STEPS).collect::<Vec<_>>());
    assert!(whole.log == often.log && whole.posted == often.posted, "cut everywhere");
}

#[test]
fn used_up_rules_stay_used_up_and_the_plan_tells_what_is_left() {
    let mut run = run(&[]);
    let left = |world: &World| world.plan_left().rules[1].times;
    assert_eq!(left(&run.world), Some(0));
    run.restart();
    assert_eq!(left(&run.world), Some(0));
    let refused = |reply: &&Reply| matches!(reply, Reply::Answer(500, body) if body.pointer("/error/code") == Some(&Value::from(131_016)));
    assert_eq!(run.replies.iter().filter(refused).count(), 5);
}

/// Fourteen hours from step to step: more than half a year.
fn slowly(run: &mut Run, steps: std::ops::Range<i64>) {
    for n in steps {
        run.step_at(n, START + Span::hours(n * 14));
    }
}

fn shortened(run: &Run, now: Timestamp) -> Vec<u8> {
    let plans = 1;
    let mut out = Vec::new();
    let made = Shortener::new(&run.world, now, plans, &mut out).all(&run.log[..]).expect("reads");
    assert!(made.facts > 100, "{} facts went", made.facts);
    out
}

#[test]
fn a_shortened_log_means_the_same_and_what_it_lost_is_only_what_nobody_can_ask_for() {
    let mut whole = Run::new();
    slowly(&mut whole, 0..400);
    let now = START + Span::hours(400 * 14);
    let mut short = Run { log: shortened(&whole, now), ..Run::new() };
    assert!(
        short.log.len() < whole.log.len() * 3 / 4,
        "{} of {}",
        short.log.len(),
        whole.log.len()
    );
    short.restart();
    assert_eq!(short.world.names, whole.world.names);
    let all = |run: &Run| run.world.sends_gone + run.world.sent.len() as u64;
    assert_eq!(all(&short), all(&whole), "every message is still counted");
    let (before, kept) = (whole.log.len(), short.log.len());
    whole.posted.clear();
    slowly(&mut whole, 400..520);
    slowly(&mut short, 400..520);
    let new = |run: &Run, from: usize| String::from_utf8(run.log[from..].to_vec()).expect("text");
    assert!(new(&whole, before) == new(&short, kept), "both go on the same");
    assert_eq!(whole.posted, short.posted);
    // And shortening once more is no different.
    let now = START + Span::hours(520 * 14);
    let mut again = Run { log: shortened(&short, now), ..Run::new() };
    again.restart();
    assert_eq!(all(&again), all(&whole));
    whole.posted.clear();
    slowly(&mut whole, 520..560);
    slowly(&mut again, 520..560);
    assert_eq!(whole.posted, again.posted);
}
