//! `kill`: the short kill test of the repository in its long form, with the same parts: real processes, the simulated
//! Meta with its failures, and the same judge. On SQLite one server is killed a thousand times while ten thousand people
//! are sent to; on PostgreSQL three nodes are killed, frozen and thawed, and their database crashes under them.

#[path = "../../../../server/tests/kill/chance.rs"]
mod chance;
#[path = "../../../../server/tests/kill/judge.rs"]
mod judge;
#[path = "../../../../server/tests/kill/life.rs"]
#[expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a run that cannot be set up must end, loudly"
)]
mod life;
#[path = "../../../../server/tests/kill/meta.rs"]
#[expect(clippy::expect_used, reason = "a run that cannot be set up must end, loudly")]
mod meta;

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::Asked;
use crate::report::{Report, Row, at_least, at_most};
use crate::stage::Engine;
use crate::{Outcome, postgres};
use chance::Chance;
use judge::{Verdict, judge};
use life::{Life, Pace};
use meta::{Meta, text};

/// What struck, how often.
#[derive(Debug, Default)]
struct Blows {
    kills: usize,
    frozen: usize,
    crashes: usize,
    terminated: usize,
    /// Blows that fell while messages still went out.
    in_flight: usize,
}

/// The end of a run.
struct End {
    blows: Blows,
    verdict: Verdict,
    people: usize,
    accepted: usize,
    unconfirmed: usize,
    refused: usize,
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("kill");
    let folder = tempfile::tempdir()?;
    let meta = Meta::start(&folder.path().join("meta")).await;
    meta.misbehave().await;
    let end = match asked.engine {
        Engine::Sqlite => one_server(asked, folder.path(), &meta).await?,
        Engine::Postgres => three_nodes(asked, folder.path(), &meta).await?,
    };
    fill(&mut report, &end);
    report.note("Of the calls 2 % are refused for good, 2 % with 130429, 2 % are reset before and 3 % after acceptance, 2 % get a bare 5xx on either side of it; a fifth of the webhooks come twice or out of order. After each blow the next falls 50 to 300 ms after the server is back.");
    Ok(report)
}

fn fill(report: &mut Report, end: &End) {
    let (blows, verdict) = (&end.blows, &end.verdict);
    report.row(Row::new("people", end.people as f64, "people"));
    report.row(Row::new("kill -9", blows.kills as f64, "blows"));
    if blows.frozen + blows.crashes + blows.terminated > 0 {
        report.row(Row::new("nodes frozen and thawed", blows.frozen as f64, "blows"));
        report.row(Row::new("crashes of the database", blows.crashes as f64, "blows"));
        report.row(Row::new("connections ended by the database", blows.terminated as f64, "blows"));
    }
    report.row(
        Row::new("blows while messages still went out", blows.in_flight as f64, "blows").goal(
            "G8",
            at_least(1.0),
            at_least(1.0),
        ),
    );
    let none = |what: &str, count: usize| {
        Row::new(what, count as f64, "people").goal("G8", at_most(0.0), at_most(0.0))
    };
    report.row(none("sent twice", verdict.twice.len()));
    report.row(none("accepted by Meta, and we do not know it", verdict.lost.len()));
    report.row(none("accepted as we say, and Meta knows nothing of it", verdict.invented.len()));
    report.row(none("without an end", verdict.open.len()));
    report
        .row(none("failed for another reason than Meta's refusal", verdict.failed_otherwise.len()));
    report.row(none("without a line, or with one too many", verdict.missing));
    report.row(Row::new("accepted", end.accepted as f64, "people"));
    report.row(Row::new("unconfirmed, none of them accepted", end.unconfirmed as f64, "people"));
    report.row(Row::new("refused for good", end.refused as f64, "people"));
    for example in
        [&verdict.twice, &verdict.lost, &verdict.invented, &verdict.open, &verdict.failed_otherwise]
    {
        if let Some(first) = example.first() {
            println!("   for example {first}");
        }
    }
}

fn ended(blows: Blows, accepted: &[Value], recipients: &[Value], people: usize) -> End {
    let state = |word: &str| recipients.iter().filter(|r| text(r, "/state") == word).count();
    End {
        blows,
        verdict: judge(accepted, recipients, people),
        people,
        accepted: accepted.len(),
        unconfirmed: state("unconfirmed"),
        refused: state("failed"),
    }
}

/// One server on one file.
async fn one_server(asked: &Asked, folder: &Path, meta: &Meta) -> Outcome<End> {
    let (people, kills) = asked.choose((400, 20), (10_000, 1_000));
    // So slow that the campaign outlasts the blows: each costs the server about half a second.
    let pace = Pace { hold: "5s", lease: "500ms", rate: asked.choose(12, 8), patience: 12_000 };
    let mut life = Life::new(folder.join("server"), meta.url.clone(), None, pace);
    life.start().await;
    let campaign = life.campaign(people).await;
    let (mut chance, mut blows) = (Chance::default(), Blows::default());
    while blows.kills < kills {
        let before = meta.accepted().await.len();
        meta.until_more_than(before).await;
        sleep(Duration::from_millis(chance.upto(50, 300))).await;
        life.kill();
        life.start().await;
        blows.kills += 1;
        blows.in_flight += usize::from(before < people - people / 20);
        if blows.kills % 50 == 0 {
            println!("   {} kills, {before} accepted", blows.kills);
        }
    }
    let recipients = life.finished(&campaign).await;
    life.kill();
    Ok(ended(blows, &meta.accepted().await, &recipients, people))
}

/// Three nodes on one database.
async fn three_nodes(asked: &Asked, folder: &Path, meta: &Meta) -> Outcome<End> {
    let (people, rounds) = asked.choose((300, 12), (10_000, 300));
    let database = postgres::database().await?;
    // A frozen node may hold a webhook that nobody else was told: messages wait longer than that.
    let hold = asked.choose("20s", "150s");
    let pace = Pace { hold, lease: "500ms", rate: asked.choose(12, 20), patience: 12_000 };
    // Keys and files are shared, as between the nodes of one installation.
    let node = || {
        let data = folder.join("server");
        Life::new(data, meta.url.clone(), Some(database.clone()), pace)
    };
    let mut nodes = [node(), node(), node()];
    for node in &mut nodes {
        node.start().await;
    }
    let campaign = match nodes.first() {
        Some(node) => node.campaign(people).await,
        None => return Err("there are no nodes".into()),
    };
    let (mut chance, mut blows) = (Chance::default(), Blows::default());
    // The long freeze happens a few times only: it stops the run for a minute and a half.
    let long = asked.choose(Duration::from_secs(2), Duration::from_secs(90));
    for round in 0..rounds {
        let before = meta.accepted().await.len();
        meta.until_more_than(before).await;
        blows.in_flight += usize::from(before < people - people / 20);
        sleep(Duration::from_millis(chance.upto(50, 300))).await;
        let Some(one) = nodes.get_mut(chance.below(3)) else { continue };
        match round % 6 {
            2 => {
                let frozen = if round % 60 == 2 {
                    long
                } else {
                    Duration::from_millis(chance.upto(700, 2_000))
                };
                one.signal("-STOP");
                sleep(frozen).await;
                one.signal("-CONT");
                blows.frozen += 1;
            }
            3 => {
                postgres::terminate(&database, 8).await?;
                blows.terminated += 1;
            }
            5 => {
                postgres::crash().await?;
                blows.crashes += 1;
            }
            _ => {
                one.kill();
                one.start().await;
                blows.kills += 1;
            }
        }
    }
    let recipients = match nodes.first() {
        Some(node) => node.finished(&campaign).await,
        None => Vec::new(),
    };
    nodes.iter_mut().for_each(Life::kill);
    Ok(ended(blows, &meta.accepted().await, &recipients, people))
}
