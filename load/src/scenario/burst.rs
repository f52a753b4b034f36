//! `burst`: the server is killed with `kill -9` one second into a burst of 1,500 calls a second, started again, and
//! counted: what was acknowledged is there, nothing is there twice, every message of a call is there, and no call with
//! a wrong signature was ever taken.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Asked;
use super::ingest::pending;
use crate::flood::{self, Flood, Plan};
use crate::node::{Node, free_port};
use crate::report::{Report, Row, at_least, at_most};
use crate::stage::Engine;
use crate::stage::Stage;
use crate::{Outcome, graph, postgres};

/// Calls a second.
const RATE: f64 = 1_500.0;
/// How far into the burst the blow falls.
const BLOW: Duration = Duration::from_secs(1);
/// Messages in a batched call.
const EACH: u64 = 5;
/// How long applying what was taken may need.
const PATIENCE: Duration = Duration::from_secs(600);
/// Calls with a wrong signature.
const FORGED: u64 = 200;

#[derive(Default)]
struct Count {
    acknowledged: usize,
    lost: usize,
    /// Messages of batched calls that are not there though the call was acknowledged.
    torn: usize,
    twice: i64,
    repeated: u64,
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("burst");
    let stage = Stage::set(asked.engine, 1).await?;
    let port = free_port()?;
    let mut count = Count::default();
    let rounds = asked.choose(3, 12);
    for round in 0..rounds {
        // Every third blow also hits the database, where that is a server of its own.
        let both = asked.engine == Engine::Postgres && round % 3 == 2;
        let each = if round % 2 == 0 { 1 } else { EACH };
        play_round(&stage, port, round, each, both, &mut count).await?;
    }
    let node = Node::start_on(&stage, port, &stage.data()).await?;
    let (forged, kept) = forge(&stage, &node).await?;
    report.row(Row::new("blows", f64::from(rounds), "kills"));
    report.row(Row::new("acknowledged", count.acknowledged as f64, "calls").goal(
        "G4",
        at_least(1.0),
        at_least(1.0),
    ));
    let none = |row: Row| row.goal("G4", at_most(0.0), at_most(0.0));
    report.row(none(Row::new("of these lost", count.lost as f64, "calls")));
    report.row(none(Row::new(
        "messages missing of acknowledged calls with five",
        count.torn as f64,
        "messages",
    )));
    report.row(none(Row::new(
        "messages there twice, after everything was sent again",
        count.twice as f64,
        "messages",
    )));
    report.row(none(Row::new("forged calls acknowledged", forged as f64, "calls")));
    report.row(none(Row::new("messages of forged calls there", kept as f64, "messages")));
    report.row(Row::new(
        "calls sent again afterwards, as Meta does",
        count.repeated as f64,
        "calls",
    ));
    if asked.engine == Engine::Postgres {
        report.note("Every third blow also stops the database at once, as a crash does.");
    }
    Ok(report)
}

fn plan(stage: &Stage, node: &Node, run: &str, each: u64) -> Plan {
    Plan {
        address: node.address.clone(),
        secret: stage.app_secret.clone(),
        make: flood::texts(run, graph::number_id(0), 2_000, each),
        first: 0,
        rate: RATE,
        seconds: 2.0,
    }
}

async fn play_round(
    stage: &Stage,
    port: u16,
    round: u32,
    each: u64,
    both: bool,
    count: &mut Count,
) -> Outcome {
    let mut node = Node::start_on(stage, port, &stage.data()).await?;
    let run = format!("B{round:02}");
    let plan = plan(stage, &node, &run, each);
    let blow = async {
        sleep(BLOW).await;
        let killed = node.process.kill().await;
        if both { postgres::crash().await } else { killed }
    };
    let (burst, blow) = tokio::join!(flood::flood(plan.clone()), blow);
    blow?;
    let burst: Flood = burst?;
    let mut node = Node::start_on(stage, port, &stage.data()).await?;
    settled(stage).await?;
    let there = stored(stage, &run).await?;
    count.acknowledged += burst.kept.len();
    for call in &burst.kept {
        let missing = (0..each).filter(|k| !there.contains(&flood::wamid(&run, *call, *k))).count();
        count.lost += usize::from(missing as u64 == each);
        count.torn += if missing as u64 == each { 0 } else { missing };
    }
    // Meta sends everything again that was not acknowledged; here all of it, which must change nothing twice.
    let again = Plan { rate: 500.0, seconds: 2.0 * RATE / 500.0, ..plan };
    let again = flood::flood(Plan { address: node.address.clone(), ..again }).await?;
    count.repeated += again.acknowledged;
    settled(stage).await?;
    let mut rows = stage.rows().await?;
    count.twice += rows
        .count(&format!(
            "select count(*) - count(distinct wamid) from messages where wamid like '%{run}%'"
        ))
        .await?;
    let expected = again.acknowledged * each;
    let found = stored(stage, &run).await?.len() as u64;
    if found < expected {
        count.lost += (expected - found) as usize;
    }
    // Gone for good before the next one takes its port.
    node.process.kill().await
}

async fn settled(stage: &Stage) -> Outcome {
    let begin = Instant::now();
    let mut rows = stage.rows().await?;
    while pending(&mut rows).await? > 0 {
        if begin.elapsed() > PATIENCE {
            return Err("what was taken is not applied".into());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn stored(stage: &Stage, run: &str) -> Outcome<HashSet<String>> {
    let mut rows = stage.rows().await?;
    let query = format!("select wamid from messages where wamid like '%OTgy{run}%'");
    Ok(rows.texts(&query).await?.into_iter().collect())
}

/// Calls of somebody who does not know the secret: how many were acknowledged, and how many of their messages are there.
async fn forge(stage: &Stage, node: &Node) -> Outcome<(u64, usize)> {
    let mut forged = plan(stage, node, "FF", 1);
    forged.secret = "not-the-secret-of-the-app".into();
    (forged.rate, forged.seconds) = (FORGED as f64, 1.0);
    let done = flood::flood(forged).await?;
    settled(stage).await?;
    Ok((done.acknowledged, stored(stage, "FF").await?.len()))
}
