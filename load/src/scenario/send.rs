//! `send` and `duplex`: campaigns to the fake Graph server, one number at 1,000 messages a second and ten of them, with
//! the latencies of the real one; in `duplex` everything comes back as `sent`, `delivered` and `read`.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::Instant;

use super::Asked;
use crate::base::sender::Orders;
use crate::graph::remote::{Graph, number};
use crate::node::Node;
use crate::report::{Report, Row, at_least, at_most};
use crate::stage::{Engine, Stage};
use crate::{Outcome, child, postgres};

/// What a number may send in any second.
const QUOTA: f64 = 1_000.0;
/// How much longer than the quota demands a campaign may take.
const SLACK: f64 = 20.0;

/// What one campaign showed.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Messages a second over all numbers.
    rate: f64,
    refused: f64,
    twice: f64,
    /// Processor seconds for 100,000 messages.
    cpu: f64,
    peak: f64,
    accepted: f64,
}

/// The latencies of the real Graph server.
fn real() -> Value {
    json!({"p50_ms": 60.0, "p99_ms": 400.0})
}

async fn base(
    graph: &Graph,
    engine: Option<Engine>,
    numbers: usize,
    people: u64,
) -> Outcome<Shown> {
    graph.order("reset", &Value::Null).await?;
    let folder = tempfile::tempdir()?;
    let database = match engine {
        None => None,
        Some(Engine::Sqlite) => Some(format!("sqlite:{}", folder.path().join("base.db").display())),
        Some(Engine::Postgres) => Some(postgres::database().await?),
    };
    let orders = Orders {
        graph: graph.address.clone(),
        database,
        numbers,
        people,
        // A margin for the network's own unevenness: a timetable without one is refused now and then.
        rate: QUOTA * 0.98,
    };
    let before = if engine == Some(Engine::Postgres) { postgres::cpu() } else { 0.0 };
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["base", "sender", &serde_json::to_string(&orders)?]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut sender = command.spawn()?;
    let id = sender.id().ok_or("a sender that has just been started has ended")?;
    let out = sender.stdout.take().ok_or("its output is ours")?;
    let mut line = String::new();
    tokio::io::AsyncBufReadExt::read_line(&mut tokio::io::BufReader::new(out), &mut line).await?;
    let after = if engine == Some(Engine::Postgres) { postgres::cpu() } else { 0.0 };
    let told = graph.stats().await?;
    let mut shown = shown(&told);
    shown.cpu = (child::cpu(id) + after - before) * 100_000.0 / shown.accepted;
    shown.peak = child::peak(id);
    if let Some(input) = sender.stdin.as_mut() {
        input.write_all(b"\n").await?;
    }
    sender.wait().await?;
    Ok(shown)
}

fn shown(told: &Value) -> Shown {
    Shown {
        rate: number(told, "/rate"),
        refused: number(told, "/refused"),
        twice: number(told, "/twice"),
        accepted: number(told, "/accepted"),
        ..Shown::default()
    }
}

/// One campaign for each of the first `numbers`, until all are completed.
async fn campaign(
    stage: &Stage,
    node: &Node,
    numbers: usize,
    people: u64,
) -> Outcome<(Shown, Value)> {
    stage.graph.order("reset", &Value::Null).await?;
    let before = node.process.cpu() + stage.database_cpu();
    let mut campaigns = Vec::new();
    for number in stage.numbers.iter().take(numbers) {
        campaigns.push(node.campaign(&number.template, &number.group).await?);
    }
    let patience = Duration::from_secs_f64(people as f64 / QUOTA * 4.0 + SLACK * 3.0);
    let mut last = Value::Null;
    for campaign in &campaigns {
        last = node.completed(campaign, patience).await?;
    }
    let told = stage.graph.stats().await?;
    let mut shown = shown(&told);
    let expected = people as f64 * numbers as f64;
    if shown.accepted < expected {
        return Err(format!("of {expected} messages only {} were accepted", shown.accepted).into());
    }
    shown.cpu = (node.process.cpu() + stage.database_cpu() - before) * 100_000.0 / shown.accepted;
    shown.peak = node.process.peak();
    Ok((shown, last))
}

pub(super) async fn play(asked: &Asked, duplex: bool) -> Outcome<Report> {
    let people = asked.choose(8_000, 60_000);
    let stage = Stage::set(asked.engine, 10).await?;
    stage.people(people).await?;
    stage.graph.order("quota", &json!(QUOTA)).await?;
    stage.graph.order("weather", &real()).await?;
    if duplex {
        both_ways(asked, &stage, people).await
    } else {
        one_way(asked, &stage, people).await
    }
}

async fn one_way(asked: &Asked, stage: &Stage, people: u64) -> Outcome<Report> {
    let mut report = asked.report("send");
    let name = if asked.engine == Engine::Sqlite { "base-sqlite" } else { "base-pg" };
    let client = base(&stage.graph, None, 1, people).await?;
    let one_base = base(&stage.graph, Some(asked.engine), 1, people).await?;
    let ten_base = base(&stage.graph, Some(asked.engine), 10, people / 2).await?;
    let node = Node::start(stage).await?;
    let (one, _) = campaign(stage, &node, 1, people).await?;
    let share = 100.0 / QUOTA;
    let pace = Row::new("one number: share of its 1,000 messages a second", one.rate * share, "%");
    report.row(pace.base(name, one_base.rate * share).goal("G5", at_least(97.0), at_least(99.0)));
    report.row(
        Row::new("the same beside a client that stores nothing", one.rate * share, "%")
            .base("base-client", client.rate * share),
    );
    let refused = Row::new("one number: refused with 130429", one.refused, "messages");
    report.row(refused.base(name, one_base.refused).goal("G5", at_most(0.0), at_most(0.0)));
    let cpu = Row::new("one number: processor for 100,000", one.cpu, "s");
    report.row(cpu.base(name, one_base.cpu));
    // Ten numbers have their own people; the first one's campaign is over.
    let (ten, _) = campaign(stage, &node, 10, people).await?;
    report.row(
        Row::new("ten numbers: together", ten.rate, "messages/s").base(name, ten_base.rate).goal(
            "G6",
            at_least(8_000.0),
            at_least(9_800.0),
        ),
    );
    report.row(
        Row::new("ten numbers: processor for 100,000", ten.cpu, "s").base(name, ten_base.cpu).goal(
            "G6",
            at_most(12.0),
            crate::report::times_at_most(2.0),
        ),
    );
    report.row(
        Row::new("ten numbers: refused", ten.refused, "messages").base(name, ten_base.refused),
    );
    let twice = Row::new("sent twice", one.twice + ten.twice, "messages");
    report.row(twice.goal("G8", at_most(0.0), at_most(0.0)));
    report.row(Row::new("peak memory", ten.peak, "MB").base(name, ten_base.peak));
    report.note("The pace counts from the first message until 98 % were accepted. Answers take 60 ms at the median and 400 ms at the 99th percentile; the quota counts in any sliding second, on arrival.");
    Ok(report)
}

async fn both_ways(asked: &Asked, stage: &Stage, people: u64) -> Outcome<Report> {
    let mut report = asked.report("duplex");
    let node = Node::start(stage).await?;
    stage.statuses_to(&node.address).await?;
    for (numbers, goal) in [(1_usize, "G7"), (3, "G7 moonshot")] {
        let before = node.process.cpu() + stage.database_cpu();
        let (shown, _) = campaign(stage, &node, numbers, people).await?;
        let expected = people as f64 * numbers as f64;
        let settled = all_read(stage, &node, expected).await?;
        let spent = node.process.cpu() + stage.database_cpu() - before;
        let told = stage.graph.stats().await?;
        let quota = QUOTA * numbers as f64;
        let say = |what: &str| format!("{numbers} x 1,000 messages/s: {what}");
        let whole = goal == "G7";
        let rows = [
            (
                Row::new(say("share of the quota"), shown.rate * 100.0 / quota, "%"),
                at_least(97.0),
                at_least(97.0),
            ),
            (
                Row::new(say("status calls answered, p99"), number(&told, "/hooks/p99_ms"), "ms"),
                at_most(50.0),
                at_most(50.0),
            ),
            (
                Row::new(
                    say("people whose last state is not what Meta told"),
                    expected - settled.0,
                    "people",
                ),
                at_most(0.0),
                at_most(0.0),
            ),
        ];
        for (row, must, moonshot) in rows {
            report.row(if whole { row.goal("G7", must, moonshot) } else { row });
        }
        report.row(Row::new(say("refused with 130429"), shown.refused, "messages"));
        report.row(Row::new(
            say("status calls that had to be made again"),
            number(&told, "/hooks/again"),
            "calls",
        ));
        report.row(Row::new(say("all applied, after the last status"), settled.1, "s"));
        let cpu = spent * 100_000.0 / expected;
        report.row(Row::new(say("processor for 100,000 with their statuses"), cpu, "s"));
        report.row(Row::new(say("peak memory"), node.process.peak(), "MB"));
    }
    report.note("Every message comes back as sent, delivered and read, each a signed call of its own. The latency counts from the moment the call was due.");
    Ok(report)
}

/// Waits until everybody has read it, as far as the campaigns' counters know; answers how many are `read` there, and
/// how long that took after the last status was answered.
async fn all_read(stage: &Stage, node: &Node, expected: f64) -> Outcome<(f64, f64)> {
    let begin = Instant::now();
    loop {
        let hooks = stage.graph.stats().await?;
        if number(&hooks, "/hooks/answered") >= expected * 3.0 {
            break;
        }
        if begin.elapsed() > Duration::from_secs(180) {
            return Err(format!("the statuses do not come through: {hooks}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let begin = Instant::now();
    loop {
        let list = node.get("/api/v1/campaigns?limit=20").await?;
        let rows = list.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        let read: f64 = rows.iter().map(|row| number(row, "/counts/read")).sum();
        let total: f64 = rows.iter().map(|row| number(row, "/counts/total")).sum();
        if read >= total || begin.elapsed() > Duration::from_secs(60) {
            return Ok((expected - (total - read), begin.elapsed().as_secs_f64()));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
