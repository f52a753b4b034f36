//! `inbox`: what an agent waits for, with a million people and five million messages: the first page, a page far down,
//! a conversation, a search; in peace, and while calls come in at half of what the server can take.

use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::Asked;
use crate::child::Process;
use crate::flood::{self, Plan};
use crate::history::{self, Past};
use crate::hooks;
use crate::node::Node;
use crate::report::{Report, Row, at_most};
use crate::spread::Spread;
use crate::stage::{EMAIL, PASSWORD, Stage};
use crate::wire::{self, Line};
use crate::{Outcome, graph};

/// Questions a second.
const RATE: f64 = 20.0;
/// Pages far down.
const DEEP: usize = 40;

/// What is typed for names, letter by letter: one in eight has each first name, few have a number with it.
const NAMES: [&str; 10] =
    ["f", "fa", "fat", "fatima", "fatima+77", "bru+123", "go+9", "4479", "%2B4479100", "nobody"];

/// A way to ask: what it is called, and its addresses, each used in turn.
struct Question {
    name: &'static str,
    paths: Vec<String>,
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("inbox");
    let (people, messages) = asked.choose((50_000, 250_000), (1_000_000, 5_000_000));
    let past = Past { people, messages };
    let stage = Stage::set(asked.engine, 1).await?;
    let begin = Instant::now();
    history::write(&stage, Past { people: 0, messages: 0 }, past).await?;
    println!(
        "   {people} people, {messages} messages written in {:.0} s",
        begin.elapsed().as_secs_f64()
    );
    let seconds = asked.choose(3.0, 15.0);
    let (process, address) = Process::role(&["base", "query", &stage.database]).await?;
    let mut base = Vec::new();
    for question in base_questions(people) {
        // Reading everybody for each search, it could not keep the rate at which the others are asked.
        let alone = question.name == "search";
        base.push(if alone {
            ask_one_by_one(&address, &question, seconds).await?
        } else {
            ask(&address, "", &question, seconds).await?
        });
    }
    drop(process);
    let node = Node::start(&stage).await?;
    let cookie = node.sign_in(EMAIL, PASSWORD).await?;
    let headers = format!("Cookie: {cookie}\r\n");
    let questions = questions(&node, &headers, people).await?;
    let mut calm = Vec::new();
    for question in &questions {
        calm.push(ask(&node.address, &headers, question, seconds).await?);
    }
    let plan = plan(&stage, &node, asked);
    let found = flood::search(&plan, 50.0, 20_000.0, async || Ok(())).await?;
    let half = (found.rate / 2.0).max(50.0);
    let mut rows = stage.rows().await?;
    while super::ingest::pending(&mut rows).await? > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let length = seconds * questions.len() as f64 + 1.0;
    let rush = Plan { rate: half, seconds: length, first: found.next, ..plan };
    let rush = tokio::spawn(flood::flood(rush));
    let mut busy = Vec::new();
    for question in &questions {
        busy.push(ask(&node.address, &headers, question, seconds).await?);
    }
    let rush = rush.await??;
    for (nth, question) in questions.iter().enumerate() {
        let base = base.get_mut(nth).map(|spread| (spread.p50(), spread.p99()));
        let (Some(calm), Some(busy)) = (calm.get_mut(nth), busy.get_mut(nth)) else { continue };
        rows_of(&mut report, question.name, base, calm, busy);
    }
    report.note(format!("{people} people with a conversation each, {messages} messages. While calls came in: {half:.0} a second, half of the highest rate that the same search as in `ingest` found here; {} were refused or broke. base-query asks the same tables with one bare statement each; for a search it reads everybody, one search after the other.", rush.refused + rush.broken));
    Ok(report)
}

fn plan(stage: &Stage, node: &Node, asked: &Asked) -> Plan {
    Plan {
        address: node.address.clone(),
        secret: stage.app_secret.clone(),
        make: flood::texts("1B", graph::number_id(0), 10_000, 1),
        first: 0,
        rate: 250.0,
        seconds: asked.choose(1.0, 3.0),
    }
}

fn rows_of(
    report: &mut Report,
    name: &str,
    base: Option<(f64, f64)>,
    calm: &mut Spread,
    busy: &mut Spread,
) {
    let with = |row: Row, base: Option<f64>| match base {
        Some(value) => row.base("base-query", value),
        None => row,
    };
    let p99 = Row::new(format!("{name}, p99"), calm.p99(), "ms");
    report.row(with(p99, base.map(|b| b.1)).goal("G11", at_most(25.0), at_most(10.0)));
    report.row(with(Row::new(format!("{name}, p50"), calm.p50(), "ms"), base.map(|b| b.0)));
    let busy = Row::new(format!("{name}, p99 while calls come in"), busy.p99(), "ms");
    report.row(busy.base("in peace", calm.p99()).goal("G11", at_most(25.0), at_most(10.0)));
}

fn spread_out(people: u64) -> impl Iterator<Item = u64> {
    (0..DEEP as u64).map(move |nth| nth * 7_919 % people)
}

fn base_questions(people: u64) -> Vec<Question> {
    let far = |person: u64| (crate::seed::BORN + people * 4 + person) * 1_000;
    vec![
        Question { name: "first page", paths: vec!["/inbox".into()] },
        Question {
            name: "page far down",
            paths: spread_out(people).map(|p| format!("/deep/{}", far(p))).collect(),
        },
        Question {
            name: "conversation",
            paths: spread_out(people).map(|p| format!("/thread/{}", hooks::phone(p))).collect(),
        },
        Question {
            name: "search",
            paths: spread_out(people).map(|p| format!("/search/{p:05}")).collect(),
        },
    ]
}

async fn get(address: &str, headers: &str, path: &str) -> Outcome<Value> {
    let reply = wire::once(address, "GET", path, headers, b"").await?;
    if reply.status != 200 {
        return Err(format!("{path}: {}", reply.status).into());
    }
    Ok(serde_json::from_slice(&reply.body)?)
}

/// The product's own addresses for the same; pages far down are found by walking there.
async fn questions(node: &Node, headers: &str, people: u64) -> Outcome<Vec<Question>> {
    let list = "/api/console/conversations?limit=50";
    let (mut deep, mut threads, mut cursor) = (Vec::new(), Vec::new(), String::new());
    for _ in 0..DEEP {
        let page = get(&node.address, headers, &format!("{list}{cursor}")).await?;
        let rows = page.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        let first = rows.first().and_then(|row| row.get("id")).and_then(Value::as_str);
        let id = first.ok_or("a page of conversations is empty")?;
        threads.push(format!("/api/console/conversations/{id}/messages?limit=50"));
        let Some(next) = page.get("next_cursor").and_then(Value::as_str) else { break };
        cursor = format!("&cursor={next}");
        deep.push(format!("{list}{cursor}"));
    }
    Ok(vec![
        Question { name: "first page", paths: vec![list.into()] },
        Question { name: "page far down", paths: deep },
        Question { name: "conversation", paths: threads },
        Question {
            name: "search",
            paths: spread_out(people)
                .map(|p| format!("/api/console/contacts?limit=50&search={p:05}"))
                .collect(),
        },
        Question { name: "counts", paths: vec!["/api/console/conversations/counts".into()] },
        Question {
            name: "search by name",
            paths: NAMES.map(|text| format!("/api/console/contacts?limit=50&search={text}")).into(),
        },
        Question {
            name: "search in the inbox",
            paths: NAMES.map(|text| format!("{list}&search={text}")).into(),
        },
    ])
}

/// Asks in an open loop: a question that takes long does not hold up the next.
async fn ask(address: &str, headers: &str, question: &Question, seconds: f64) -> Outcome<Spread> {
    let begin = Instant::now();
    let mut asking = JoinSet::new();
    for nth in 0..(RATE * seconds) as usize {
        let due = begin + Duration::from_secs_f64(nth as f64 / RATE);
        sleep_until(due).await;
        let path = question.paths.get(nth % question.paths.len().max(1)).cloned();
        let (address, headers) = (address.to_owned(), headers.to_owned());
        asking.spawn(async move {
            let path = path.ok_or("there is nothing to ask")?;
            let reply = Line::open(&address).await?.exchange("GET", &path, &headers, b"").await?;
            match reply.status {
                200 => Ok::<_, crate::Failure>(due.elapsed()),
                status => Err(format!("{path}: {status}").into()),
            }
        });
    }
    let mut spread = Spread::default();
    while let Some(answer) = asking.join_next().await {
        spread.add(answer??);
    }
    Ok(spread)
}

/// Asks again when the answer is there: what it takes when nobody else asks.
async fn ask_one_by_one(address: &str, question: &Question, seconds: f64) -> Outcome<Spread> {
    let begin = Instant::now();
    let mut spread = Spread::default();
    for path in question.paths.iter().cycle() {
        let asked = Instant::now();
        let reply = Line::open(address).await?.exchange("GET", path, "", b"").await?;
        if reply.status != 200 {
            return Err(format!("{path}: {}", reply.status).into());
        }
        spread.add(asked.elapsed());
        if begin.elapsed().as_secs_f64() > seconds {
            break;
        }
    }
    Ok(spread)
}

/// The first page of an inbox, asked for some seconds.
pub(super) async fn first_page(node: &Node, seconds: f64) -> Outcome<Spread> {
    let headers = format!("Cookie: {}\r\n", node.sign_in(EMAIL, PASSWORD).await?);
    let path = "/api/console/conversations?limit=50".to_owned();
    let question = Question { name: "first page", paths: vec![path] };
    ask(&node.address, &headers, &question, seconds).await
}
