//! `memory`: the most memory the server ever had while a list of 100,000 people is made and sent to, and while one of a
//! million is: a campaign must not grow with its list.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::Asked;
use crate::Outcome;
use crate::graph::remote::number;
use crate::node::Node;
use crate::report::{Report, Row, at_most, times_at_most};
use crate::stage::{Engine, Stage};

/// How long making a list may take.
const PATIENCE: Duration = Duration::from_secs(1_200);

/// What one size showed.
struct Size {
    idle: f64,
    peak: f64,
    prepared_in: f64,
}

async fn size(engine: Engine, people: u64, sending: Duration) -> Outcome<Size> {
    let stage = Stage::set(engine, 1).await?;
    stage.people(people).await?;
    stage.graph.order("quota", &json!(1_000)).await?;
    stage.graph.order("weather", &json!({"p50_ms": 60.0, "p99_ms": 400.0})).await?;
    let node = Node::start(&stage).await?;
    stage.statuses_to(&node.address).await?;
    let idle = node.process.resident();
    let one = stage.numbers.first().ok_or("a stage has a number")?;
    let begin = Instant::now();
    let campaign = node.campaign(&one.template, &one.group).await?;
    loop {
        let state = node.look(&campaign).await?;
        match state.get("status").and_then(Value::as_str) {
            Some("preparing") if begin.elapsed() < PATIENCE => {}
            Some("sending" | "completed") => break,
            _ => return Err(format!("the list is not made: {state}").into()),
        }
        sleep(Duration::from_millis(50)).await;
    }
    let prepared_in = begin.elapsed().as_secs_f64();
    sleep(sending).await;
    let total = number(&node.look(&campaign).await?, "/counts/total");
    if total < people as f64 {
        return Err(format!("the list has {total} of {people} people").into());
    }
    Ok(Size { idle, peak: node.process.peak(), prepared_in })
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("memory");
    let (few, many) = asked.choose((10_000, 100_000), (100_000, 1_000_000));
    let sending = Duration::from_secs(asked.choose(4, 60));
    let small = size(asked.engine, few, sending).await?;
    let large = size(asked.engine, many, sending).await?;
    let peak = Row::new(format!("peak with {many} people"), large.peak, "MB");
    report.row(peak.goal("G9", at_most(100.0), at_most(60.0)));
    let growth = Row::new(format!("peak with {many} people beside {few}"), large.peak, "MB");
    report.row(growth.base("a tenth of the list", small.peak).goal(
        "G9",
        times_at_most(1.2),
        times_at_most(1.05),
    ));
    report.row(Row::new("memory before the campaign", large.idle, "MB"));
    let pace =
        Row::new(format!("list of {many} made"), many as f64 / large.prepared_in, "people/s");
    report.row(pace.base("a tenth of the list", few as f64 / small.prepared_in));
    report.note(format!("The peak counts the making of the list and {} s of sending at 1,000 messages a second with all statuses coming back.", sending.as_secs()));
    Ok(report)
}
