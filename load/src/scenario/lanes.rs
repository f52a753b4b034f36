//! `lanes`: an agent answers while a campaign is being sent over the same number. How long until the answer reaches
//! Meta, and until a webhook call is acknowledged, with the campaign and without it.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use whatsapp_core::Env;

use super::Asked;
use crate::flood::{self, Plan};
use crate::graph::remote::number;
use crate::hooks;
use crate::node::Node;
use crate::report::{Report, Row, at_least, at_most};
use crate::spread::Spread;
use crate::stage::Stage;
use crate::wire;
use crate::{Outcome, graph};

/// Answers a second.
const ANSWERS: f64 = 4.0;
/// Webhook calls a second, beside the statuses of the campaign.
const CALLS: f64 = 100.0;
/// People who wrote, and are answered: none of them is in the campaign.
const WRITERS: u64 = 400;
/// Their numbers begin here.
const FIRST_WRITER: u64 = 60_000_000;

/// What one phase showed.
struct Phase {
    answers: Spread,
    lost: usize,
    calls: Spread,
    refused: u64,
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("lanes");
    let people = asked.choose(12_000, 100_000);
    let seconds = asked.choose(6.0, 60.0);
    let stage = Stage::set(asked.engine, 1).await?;
    stage.people(people).await?;
    stage.graph.order("quota", &json!(1_000)).await?;
    stage.graph.order("weather", &json!({"p50_ms": 60.0, "p99_ms": 400.0})).await?;
    let node = Node::start(&stage).await?;
    stage.statuses_to(&node.address).await?;
    open_windows(&stage, &node).await?;
    let calm = phase(&stage, &node, "calm", seconds).await?;
    let one = stage.numbers.first().ok_or("a stage has a number")?;
    let campaign = node.campaign(&one.template, &one.group).await?;
    until_it_sends(&stage).await?;
    let busy = phase(&stage, &node, "busy", seconds).await?;
    let state = node.look(&campaign).await?;
    let sent_meanwhile = number(&state, "/counts/total") - number(&state, "/counts/waiting");
    fill(&mut report, calm, busy, sent_meanwhile);
    if number(&state, "/counts/waiting") <= 0.0 {
        report
            .note("The campaign was over before the phase was: some of the answers had no rival.");
    }
    Ok(report)
}

fn fill(report: &mut Report, mut calm: Phase, mut busy: Phase, sent: f64) {
    let answer =
        Row::new("an answer reaches Meta, p95, while a campaign is sent", busy.answers.p95(), "ms");
    report.row(answer.base("without the campaign", calm.answers.p95()).goal(
        "lanes",
        at_most(1_000.0),
        at_most(250.0),
    ));
    report.row(
        Row::new("the same, p50", busy.answers.p50(), "ms")
            .base("without the campaign", calm.answers.p50()),
    );
    report.row(
        Row::new(
            "a webhook call is acknowledged, p99, while a campaign is sent",
            busy.calls.p99(),
            "ms",
        )
        .base("without the campaign", calm.calls.p99())
        .goal("lanes", at_most(250.0), at_most(50.0)),
    );
    let lost = (calm.lost + busy.lost) as f64;
    report.row(Row::new("answers that never arrived", lost, "answers").goal(
        "lanes",
        at_most(0.0),
        at_most(0.0),
    ));
    let refused = (calm.refused + busy.refused) as f64;
    report.row(Row::new("webhook calls not acknowledged", refused, "calls").goal(
        "lanes",
        at_most(0.0),
        at_most(0.0),
    ));
    report.row(Row::new("sent by the campaign until the end of the phase", sent, "messages").goal(
        "lanes",
        at_least(1.0),
        at_least(1.0),
    ));
}

/// Each writer writes, so that he may be answered freely.
async fn open_windows(stage: &Stage, node: &Node) -> Outcome {
    let env = Env::system();
    let number = graph::number_id(0);
    let make: flood::Make = std::sync::Arc::new(move |nth| {
        let ids = [flood::wamid("0F", nth, 0)];
        hooks::texts(&number, &hooks::phone(FIRST_WRITER + nth), &ids, env.now().seconds())
    });
    let plan = Plan {
        address: node.address.clone(),
        secret: stage.app_secret.clone(),
        make,
        first: 0,
        rate: 100.0,
        seconds: WRITERS as f64 / 100.0,
    };
    let done = flood::flood(plan).await?;
    if done.acknowledged < WRITERS {
        return Err(format!("of {WRITERS} calls {} were acknowledged", done.acknowledged).into());
    }
    let mut rows = stage.rows().await?;
    for _ in 0..600 {
        if super::ingest::pending(&mut rows).await? == 0 {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err("the first calls are not applied".into())
}

async fn until_it_sends(stage: &Stage) -> Outcome {
    stage.graph.order("reset", &Value::Null).await?;
    for _ in 0..1_200 {
        if number(&stage.graph.stats().await?, "/accepted") >= 1_000.0 {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err("the campaign does not begin to send".into())
}

/// Answers and calls beside each other, each in its moment.
async fn phase(stage: &Stage, node: &Node, name: &str, seconds: f64) -> Outcome<Phase> {
    let plan = Plan {
        address: node.address.clone(),
        secret: stage.app_secret.clone(),
        make: flood::texts(if name == "calm" { "0C" } else { "0B" }, graph::number_id(0), 1_000, 1),
        first: 0,
        rate: CALLS,
        seconds,
    };
    let (calls, asked) = tokio::join!(flood::flood(plan), answers(node, name, seconds));
    let (calls, asked) = (calls?, asked?);
    let (spread, lost) = arrivals(stage, &asked).await?;
    let refused = calls.refused + calls.broken;
    Ok(Phase { answers: spread, lost, calls: calls.spread, refused })
}

/// Writes answers; gives each one's text with the moment it was due, in microseconds of the system's clock.
async fn answers(node: &Node, name: &str, seconds: f64) -> Outcome<HashMap<String, i64>> {
    let env = Env::system();
    let (begin, begin_clock) = (Instant::now(), env.now().micros());
    let mut due = HashMap::new();
    let mut writing = JoinSet::new();
    for nth in 0..(ANSWERS * seconds) as u64 {
        let after = Duration::from_secs_f64(nth as f64 / ANSWERS);
        sleep_until(begin + after).await;
        let text = format!("Your order is on its way ({name} {nth})");
        let to = format!("+{}", hooks::phone(FIRST_WRITER + nth % WRITERS));
        let body = json!({"to": to, "type": "text", "text": {"body": text}}).to_string();
        let micros = i64::try_from(after.as_micros())?;
        due.insert(text, begin_clock + micros);
        let (address, headers) = (node.address.clone(), node.program());
        writing.spawn(async move {
            let path = "/api/v1/messages/send";
            wire::once(&address, "POST", path, &headers, body.as_bytes()).await
        });
    }
    while let Some(written) = writing.join_next().await {
        let reply = written??;
        if reply.status != 201 {
            return Err(
                format!("an answer is refused: {}", String::from_utf8_lossy(&reply.body)).into()
            );
        }
    }
    Ok(due)
}

/// When the answers came to Meta.
async fn arrivals(stage: &Stage, due: &HashMap<String, i64>) -> Outcome<(Spread, usize)> {
    let begin = Instant::now();
    loop {
        let told = stage.graph.stats().await?;
        let texts: Vec<(String, i64)> =
            serde_json::from_value(told.get("texts").cloned().unwrap_or_default())?;
        let mut spread = Spread::default();
        for (text, at) in &texts {
            if let Some(due) = due.get(text) {
                spread.add(Duration::from_micros(u64::try_from(at - due).unwrap_or_default()));
            }
        }
        let missing = due.len().saturating_sub(spread.len());
        if missing == 0 || begin.elapsed() > Duration::from_secs(30) {
            return Ok((spread, missing));
        }
        sleep(Duration::from_millis(200)).await;
    }
}
