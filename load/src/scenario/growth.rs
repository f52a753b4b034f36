//! `growth`: the same load on a business with ten thousand messages and with ever more: what a call costs, and how long
//! an agent waits, must not grow with the past.

use std::time::Duration;

use tokio::time::sleep;

use super::Asked;
use super::ingest::pending;
use crate::flood::{self, Plan};
use crate::history::{self, Past};
use crate::node::{Node, free_port};
use crate::report::{Report, Row, at_most, times_at_most};
use crate::stage::Stage;
use crate::{Outcome, graph};

/// Calls a second.
const RATE: f64 = 200.0;

/// What one size showed.
struct Size {
    messages: u64,
    /// Processor milliseconds for a call.
    cpu: f64,
    p50: f64,
    p99: f64,
    inbox: f64,
    inbox_p99: f64,
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("growth");
    let sizes: &[u64] = asked.choose(&[10_000, 100_000], &[10_000, 100_000, 1_000_000, 10_000_000]);
    let stage = Stage::set(asked.engine, 1).await?;
    let port = free_port()?;
    let mut past = Past { people: 0, messages: 0 };
    let mut seen = Vec::new();
    for (nth, messages) in sizes.iter().enumerate() {
        let next = Past { people: (messages / 5).min(1_000_000), messages: *messages };
        history::write(&stage, past, next).await?;
        past = next;
        let size = size(asked, &stage, port, *messages, nth as u64).await?;
        println!(
            "   {messages} messages: {:.2} ms of processor a call, p50 {:.1} ms, p99 {:.1} ms; inbox p50 {:.1} ms",
            size.cpu, size.p50, size.p99, size.inbox
        );
        seen.push(size);
    }
    let (Some(small), Some(large)) = (seen.first(), seen.last()) else {
        return Err("nothing was measured".into());
    };
    let within = |row: Row, base: f64| {
        row.base("10,000 messages", base).goal("G12", times_at_most(1.3), times_at_most(1.1))
    };
    let what = |figure: &str| format!("{figure}, with {} messages", large.messages);
    report.row(within(Row::new(what("processor for a call"), large.cpu, "ms"), small.cpu));
    report.row(within(
        Row::new(what("first page of the inbox, p50"), large.inbox, "ms"),
        small.inbox,
    ));
    report.row(Row::new(what("call, p50"), large.p50, "ms").base("10,000 messages", small.p50));
    let worst = seen.iter().map(|size| size.p99).fold(0.0, f64::max);
    let worst = Row::new("call, worst p99 of all sizes", worst, "ms");
    report.row(worst.goal("G12", at_most(50.0), at_most(15.0)));
    report.row(
        Row::new(what("first page, p99"), large.inbox_p99, "ms")
            .base("10,000 messages", small.inbox_p99),
    );
    for size in &seen {
        report.row(Row::new(format!("{} messages: call, p99", size.messages), size.p99, "ms"));
    }
    report.note("Calls come at 200 a second; the inbox is asked for beside them.");
    Ok(report)
}

async fn size(asked: &Asked, stage: &Stage, port: u16, messages: u64, nth: u64) -> Outcome<Size> {
    let mut node = Node::start_on(stage, port, &stage.data()).await?;
    let seconds = asked.choose(4.0, 30.0);
    let plan = Plan {
        address: node.address.clone(),
        secret: stage.app_secret.clone(),
        make: flood::texts("61", graph::number_id(0), 2_000, 1),
        first: nth * 1_000_000,
        rate: RATE,
        seconds,
    };
    let cpu = |node: &Node| node.process.cpu() + stage.database_cpu();
    let before = cpu(&node);
    let mut calls = flood::flood(plan.clone()).await?;
    let mut rows = stage.rows().await?;
    while pending(&mut rows).await? > 0 {
        sleep(Duration::from_millis(20)).await;
    }
    let spent = (cpu(&node) - before) * 1_000.0 / calls.acknowledged.max(1) as f64;
    // A second time with somebody who looks on.
    let again = Plan { first: plan.first + 500_000, ..plan };
    let (again, inbox) =
        tokio::join!(flood::flood(again), super::inbox::first_page(&node, seconds));
    again?;
    let mut inbox = inbox?;
    while pending(&mut rows).await? > 0 {
        sleep(Duration::from_millis(20)).await;
    }
    node.process.kill().await?;
    Ok(Size {
        messages,
        cpu: spent,
        p50: calls.spread.p50(),
        p99: calls.spread.p99(),
        inbox: inbox.p50(),
        inbox_p99: inbox.p99(),
    })
}
