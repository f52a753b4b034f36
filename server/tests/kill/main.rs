//! The kill test: a campaign of a thousand, a Meta that lives on and misbehaves, and a server that is killed
//! with `kill -9` sixty times while it sends. Nobody twice, nobody lost, and what is unconfirmed or refused is
//! exactly what Meta never accepted.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up must end, loudly"
)]

mod chance;
mod database;
mod judge;
mod life;
mod meta;

use std::time::Duration;

use sqlx::Connection;

use chance::Chance;
use judge::{Verdict, judge};
use life::{Life, Pace};
use meta::Meta;

const PEOPLE: usize = 1_000;
const KILLS: usize = 60;
const PACE: Pace = Pace { hold: "3s", lease: "500ms", rate: 8, patience: 600 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_kills_on_sqlite_send_nobody_twice_and_lose_nobody() {
    survive(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_kills_on_postgresql_send_nobody_twice_and_lose_nobody() {
    let database = fresh_postgres("kill").await;
    survive(Some(database)).await;
}

/// Three nodes on one PostgreSQL: killed, and frozen for longer than their lease lasts, so that they wake up when
/// another has their channel; the database ends their connections, and crashes under all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_killed_and_frozen_on_a_database_that_crashes_send_nobody_twice_and_lose_nobody()
 {
    let name = format!("nodes_{}", std::process::id());
    let database = database::make(&name).await.expect("a database is made");
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta")).await;
    meta.misbehave().await;
    // A webhook may wait for a frozen node: the hold is longer than that.
    let node = || {
        let data = folder.path().join("server");
        let pace = Pace { hold: "15s", ..PACE };
        Life::new(data, meta.url.clone(), Some(database.clone()), pace)
    };
    let mut nodes = [node(), node(), node()];
    for node in &mut nodes {
        node.start().await;
    }
    let people = 300;
    let campaign = nodes[0].campaign(people).await;
    let mut chance = Chance::default();
    for blow in 0..30 {
        let before = meta.accepted().await.len();
        meta.until_more_than(before).await;
        let one = &mut nodes[chance.below(3)];
        tokio::time::sleep(Duration::from_millis(chance.upto(50, 300))).await;
        match blow % 6 {
            0 | 3 => {
                one.signal("-STOP");
                tokio::time::sleep(Duration::from_millis(chance.upto(700, 2_000))).await;
                one.signal("-CONT");
            }
            1 => database::terminate(&database, 8).await.expect("connections end"),
            4 => database::crash().await.expect("PostgreSQL comes back"),
            _ => {
                one.kill();
                one.start().await;
            }
        }
    }
    let recipients = nodes[0].finished(&campaign).await;
    nodes.iter_mut().for_each(Life::kill);
    assert_eq!(judge(&meta.accepted().await, &recipients, people), Verdict::default());
}

/// A database of its own on the PostgreSQL that all tests share.
async fn fresh_postgres(what: &str) -> String {
    let url = std::env::var("TEST_POSTGRES_URL");
    let url = url.expect("these tests need PostgreSQL: run cargo xtask test");
    let name = format!("{what}_{}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&url).await.expect("PostgreSQL answers");
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&mut connection).await.expect("a database is made");
    let (server, _) = url.rsplit_once('/').expect("an address has a path");
    format!("{server}/{name}")
}

async fn survive(database: Option<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta")).await;
    meta.misbehave().await;
    let mut life = Life::new(folder.path().join("server"), meta.url.clone(), database, PACE);
    life.start().await;
    let campaign = life.campaign(PEOPLE).await;
    let mut chance = Chance::default();
    for _ in 0..KILLS {
        let before = meta.accepted().await.len();
        meta.until_more_than(before).await;
        assert!(before < PEOPLE - 50, "every kill comes while the campaign is being sent");
        tokio::time::sleep(Duration::from_millis(chance.upto(50, 300))).await;
        life.kill();
        life.start().await;
    }
    let recipients = life.finished(&campaign).await;
    life.kill();
    assert_eq!(judge(&meta.accepted().await, &recipients, PEOPLE), Verdict::default());
}
