//! `start`: from the start of the program on an existing database until it is ready, what it takes when nothing happens,
//! and how large it is.

use std::time::Duration;

use tokio::time::sleep;

use super::Asked;
use crate::node::Node;
use crate::report::{Report, Row, at_most};
use crate::spread::Spread;
use crate::stage::Stage;
use crate::{Outcome, child};

/// People in the existing database.
const PEOPLE: u64 = 20_000;

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("start");
    let stage = Stage::set(asked.engine, 1).await?;
    stage.people(PEOPLE).await?;
    let mut starts = Spread::default();
    for _ in 0..asked.choose(5, 20) {
        let mut node = Node::start(&stage).await?;
        starts.add(node.started_in);
        node.process.kill().await?;
    }
    let node = Node::start(&stage).await?;
    // Whatever the start set off comes to its end.
    sleep(Duration::from_secs(asked.choose(3, 15))).await;
    let (before, database) = (node.process.cpu(), stage.database_cpu());
    let watched = asked.choose(5, 30);
    sleep(Duration::from_secs(watched)).await;
    let share = |spent: f64| spent * 100.0 / watched as f64;
    let idle = share(node.process.cpu() - before);
    let database = share(stage.database_cpu() - database);
    let size = std::fs::metadata(child::server()?)?.len() as f64 / 1_000_000.0;

    let median = Row::new("cold start until ready, median", starts.p50(), "ms");
    report.row(median.goal("G15", at_most(60.0), at_most(20.0)));
    report.row(Row::new("cold start until ready, slowest", starts.percentile(100.0), "ms"));
    let memory = Row::new("memory when idle", node.process.resident(), "MB");
    report.row(memory.goal("G15", at_most(25.0), at_most(12.0)));
    let idle = Row::new("processor when idle, of one core", idle, "%");
    report.row(idle.goal("G15", at_most(0.5), at_most(0.1)));
    if database > 0.0 {
        report.row(Row::new("the database's, when idle", database, "%"));
    }
    report.row(Row::new("the program's size", size, "MB").goal(
        "G15",
        at_most(30.0),
        at_most(30.0),
    ));
    report.note("Every start follows a kill -9, as after a crash. The program holds the console and needs no other file.");
    Ok(report)
}
