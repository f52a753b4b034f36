//! `ingest`: signed webhook calls with fresh messages over 256 connections. How many a second are durably taken with a
//! 99th percentile under 50 ms, what they cost, and how long until they are applied; beside the baselines.

use std::time::Duration;

use tokio::time::Instant;

use super::Asked;
use crate::Outcome;
use crate::child::Process;
use crate::flood::{self, Plan};
use crate::node::Node;
use crate::report::{Report, Row, at_most, times_at_least, times_at_most};
use crate::seed::Rows;
use crate::stage::{Engine, Stage};
use crate::{graph, postgres};

/// The 99th percentile must stay below, in milliseconds.
const LIMIT: f64 = 50.0;
/// No generator here reaches more.
const UPTO: f64 = 64_000.0;
/// People who write.
const PEOPLE: u64 = 10_000;
const CALM: f64 = 200.0;
const BUSY: f64 = 1_000.0;
/// So many must wait for the speed of applying them to be told: fewer are gone within one look at the journal.
const BACKLOG: i64 = 500;
/// How long applying what was taken may need.
const PATIENCE: Duration = Duration::from_secs(600);

/// What one server showed.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) rate: f64,
    p99: f64,
    /// Processor milliseconds for a call, over the search.
    cpu_search: f64,
    cpu_calm: f64,
    cpu_busy: f64,
    calm_p50: f64,
    calm_p99: f64,
    peak: f64,
    /// Calls applied a second, while nothing else was to do; 0 where too few ever waited.
    applied: f64,
    /// Until the last of a busy step was applied, in milliseconds.
    lag: f64,
}

/// What is measured: a process, its database, and how to know that all is applied.
struct Server<'s> {
    process: &'s Process,
    engine: Option<Engine>,
    rows: Option<Rows>,
}

impl Server<'_> {
    fn cpu(&self) -> f64 {
        let database = if self.engine == Some(Engine::Postgres) { postgres::cpu() } else { 0.0 };
        self.process.cpu() + database
    }
    /// Waits until everything that was taken is applied; answers how many waited, and how long it took.
    async fn settle(&mut self) -> Outcome<(i64, Duration)> {
        let Some(rows) = &mut self.rows else { return Ok((0, Duration::ZERO)) };
        let begin = Instant::now();
        let waiting = pending(rows).await?;
        loop {
            if pending(rows).await? == 0 {
                return Ok((waiting, begin.elapsed()));
            }
            if begin.elapsed() > PATIENCE {
                return Err("what was taken is not applied".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

pub(super) async fn pending(rows: &mut Rows) -> Outcome<i64> {
    rows.count("select count(*) from journal_open").await
}

async fn measure(asked: &Asked, server: &mut Server<'_>, mut plan: Plan) -> Outcome<Shown> {
    let mut shown = Shown::default();
    let fixed = asked.choose(3.0, 10.0);
    for rate in [CALM, BUSY] {
        let before = server.cpu();
        let step = Plan { rate, seconds: fixed, ..plan.clone() };
        let mut flood = flood::flood(step).await?;
        plan.first += (rate * fixed) as u64 + 1;
        let (_, lag) = server.settle().await?;
        let cpu = (server.cpu() - before) * 1_000.0 / flood.acknowledged.max(1) as f64;
        if rate == CALM {
            shown.cpu_calm = cpu;
            (shown.calm_p50, shown.calm_p99) = (flood.spread.p50(), flood.spread.p99());
        } else {
            shown.cpu_busy = cpu;
            shown.lag = lag.as_secs_f64() * 1_000.0;
        }
    }
    let before = server.cpu();
    let (mut waited, mut seconds) = (0, 0.0);
    let step = Plan { rate: 500.0, seconds: asked.choose(1.5, 4.0), ..plan };
    let found = flood::search(&step, LIMIT, UPTO, async || {
        let (waiting, took) = server.settle().await?;
        if waiting >= BACKLOG {
            waited += waiting;
            seconds += took.as_secs_f64();
        }
        Ok(())
    })
    .await?;
    shown.cpu_search = (server.cpu() - before) * 1_000.0 / found.calls.max(1) as f64;
    (shown.rate, shown.p99) = (found.rate, found.p99);
    shown.applied = if seconds > 0.0 { waited as f64 / seconds } else { 0.0 };
    shown.peak = server.process.peak();
    Ok(shown)
}

/// Measures a baseline: `verify`, or `ingest` with a database.
async fn base(asked: &Asked, database: Option<String>) -> Outcome<Shown> {
    let secret = "a-secret-of-the-baselines";
    let mut words = vec!["base", if database.is_some() { "ingest" } else { "verify" }, secret];
    let engine = database.is_some().then_some(asked.engine);
    words.extend(database.as_deref());
    let (process, address) = Process::role(&words).await?;
    let mut server = Server { process: &process, engine, rows: None };
    measure(asked, &mut server, plan(address, secret.into())).await
}

fn plan(address: String, secret: String) -> Plan {
    let make = flood::texts("AA", graph::number_id(0), PEOPLE, 1);
    Plan { address, secret, make, first: 0, rate: CALM, seconds: 1.0 }
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("ingest");
    println!("   base-verify");
    let verify = base(asked, None).await?;
    let (name, database) = match asked.engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir()?;
            let file = folder.path().join("base.db");
            println!("   base-sqlite");
            ("base-sqlite", base(asked, Some(format!("sqlite:{}", file.display()))).await?)
        }
        Engine::Postgres => {
            println!("   base-pg");
            ("base-pg", base(asked, Some(postgres::database().await?)).await?)
        }
    };
    println!("   whatsapp-server");
    let stage = Stage::set(asked.engine, 1).await?;
    let node = Node::start(&stage).await?;
    let rows = Some(stage.rows().await?);
    let mut server = Server { process: &node.process, engine: Some(asked.engine), rows };
    let ours =
        measure(asked, &mut server, plan(node.address.clone(), stage.app_secret.clone())).await?;
    fill(&mut report, asked.engine, name, &verify, &database, &ours);
    Ok(report)
}

fn fill(
    report: &mut Report,
    engine: Engine,
    name: &'static str,
    verify: &Shown,
    base: &Shown,
    ours: &Shown,
) {
    let goal = if engine == Engine::Sqlite { "G1" } else { "G2" };
    let taken = Row::new("taken durably a second, p99 under 50 ms", ours.rate, "calls/s");
    report.row(taken.base(name, base.rate).goal(goal, times_at_least(0.5), times_at_least(0.9)));
    report.row(
        Row::new("the same beside a server that stores nothing", ours.rate, "calls/s")
            .base("base-verify", verify.rate),
    );
    report.row(Row::new("p99 at that rate", ours.p99, "ms").base(name, base.p99));
    let cpu = Row::new("processor, over the search", ours.cpu_search, "ms/call");
    report.row(cpu.base(name, base.cpu_search).goal("G3", times_at_most(2.0), times_at_most(1.3)));
    report.row(
        Row::new("processor, at 200 calls/s", ours.cpu_calm, "ms/call").base(name, base.cpu_calm),
    );
    report.row(
        Row::new("processor, at 1,000 calls/s", ours.cpu_busy, "ms/call").base(name, base.cpu_busy),
    );
    report.row(Row::new("p50 at 200 calls/s", ours.calm_p50, "ms").base(name, base.calm_p50));
    report.row(Row::new("p99 at 200 calls/s", ours.calm_p99, "ms").base(name, base.calm_p99));
    if ours.applied > 0.0 {
        report.row(Row::new("applied a second, from what waited", ours.applied, "calls/s"));
    }
    let lag = Row::new("all applied after 1,000 calls/s, behind the last answer", ours.lag, "ms");
    report.row(lag.goal("G3", at_most(1_000.0), at_most(100.0)));
    report.row(Row::new("peak memory", ours.peak, "MB").base(name, base.peak));
    report.note("Processor time is that of the server with its database, and counts applying the calls, which the baseline does before it answers.");
}
