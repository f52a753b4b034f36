//! Weather over real processes: ends and starts, a disk that takes nothing, floods. Nothing that was acknowledged is
//! lost, nobody is sent anything twice, and all goes on by itself.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up must end, loudly"
)]

mod process;
mod restore;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::Connection as _;

use crate::process::{Answers, Balancer, Caller, Meta, Plan, binary, eventually, pause, took};

/// A database of its own on the private PostgreSQL of the test run.
pub(crate) async fn fresh_postgres(what: &str) -> String {
    let url = std::env::var("TEST_POSTGRES_URL");
    let url = url.expect("these tests need PostgreSQL: run cargo xtask test");
    let name = format!("{what}_{}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&url).await.expect("PostgreSQL answers");
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&mut connection).await.expect("a database is made");
    let (server, _) = url.rsplit_once('/').expect("an address has a path");
    format!("{server}/{name}")
}

pub(crate) async fn everybody_once(meta: &Meta, people: usize) {
    let reached = meta.reached().await;
    let once: BTreeSet<_> = reached.iter().collect();
    assert_eq!((reached.len(), once.len()), (people, people), "everybody, and nobody twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_kill_9_a_start_serves_within_two_seconds() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let plan = Plan::new(folder.path(), &meta);
    let mut server = plan.start();
    let mut best = Duration::MAX;
    for _ in 0..3 {
        server.kill();
        let again = async {
            let server = plan.start();
            eventually("it is ready", async || server.status("/readyz").await == 200).await;
            server
        };
        let (started, time) = took(again).await;
        server = started;
        best = best.min(time);
    }
    assert!(best < Duration::from_secs(2), "{best:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_end_says_so_finishes_and_leaves_its_leases() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let database = fresh_postgres("drain").await;
    let plan = Plan::new(folder.path(), &meta).with("DATABASE_URL", database);
    // Nobody could wait for this lease to end.
    let plan = plan.with("LEASE", "10m").with("DRAIN_DELAY", "500ms");
    let mut server = plan.start();
    let campaign = server.campaign(100, 20).await;
    eventually("it is sending", async || meta.reached().await.len() > 10).await;
    server.signal("-TERM");
    eventually("it is not ready", async || server.status("/readyz").await == 503).await;
    assert_eq!(server.status("/api/openapi.json").await, 200, "who still comes is served");
    assert_eq!(server.ended().await.code(), Some(0));
    let before = meta.reached().await.len();
    assert!(before < 100, "it stopped in the middle");
    let server = plan.start();
    let done = async || server.completed(&campaign).await;
    let (_, time) = took(eventually("the campaign is over", done)).await;
    assert!(time < Duration::from_secs(40), "the leases were free: {time:?}");
    everybody_once(&meta, 100).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_request_to_end_ends_it_at_once() {
    use tokio::io::AsyncWriteExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let plan = Plan::new(folder.path(), &meta);
    let mut server = plan.start();
    let mut begun = tokio::net::TcpStream::connect(plan.address()).await.expect("connects");
    let half = "POST /api/webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{";
    begun.write_all(half.as_bytes()).await.expect("is written");
    assert_eq!(server.status("/readyz").await, 200);
    server.signal("-TERM");
    pause(700).await;
    assert!(server.child.try_wait().expect("a child").is_none(), "it finishes what has begun");
    server.signal("-TERM");
    let (_, time) = took(server.ended()).await;
    assert!(time < Duration::from_secs(3), "{time:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_rolling_restarts_under_load_fail_no_request_lose_nothing_and_send_nobody_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let database = fresh_postgres("rolling").await;
    let plan = || {
        let plan = Plan::new(folder.path(), &meta).with("DATABASE_URL", database.clone());
        plan.with("LEASE", "10m").with("DRAIN_DELAY", "300ms")
    };
    let plans = [plan(), plan()];
    let mut nodes = [plans[0].start(), plans[1].start()];
    let balancer = Balancer::before(&plans).await;
    let campaign = nodes[0].campaign(120, 10).await;
    let (answers, stop, nth) =
        (Answers::default(), Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut load = Vec::new();
    for _ in 0..3 {
        let (caller, url) = (Caller::of(&nodes[0]), balancer.url.clone());
        let (answers, stop, nth) = (answers.clone(), Arc::clone(&stop), Arc::clone(&nth));
        load.push(tokio::spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                let n = nth.fetch_add(1, Ordering::SeqCst);
                answers.note(caller.call(&url, n).await);
                pause(30).await;
            }
        }));
    }
    for restart in 0..10 {
        let node = restart % 2;
        nodes[node].signal("-TERM");
        assert_eq!(nodes[node].ended().await.code(), Some(0), "restart {restart}");
        nodes[node] = plans[node].start();
        let ready = async || nodes[node].status("/readyz").await == 200;
        eventually("it is ready", ready).await;
        pause(150).await;
    }
    stop.store(true, Ordering::SeqCst);
    for one in load {
        one.await.expect("it ends");
    }
    let (all, bad) = answers.told();
    assert!(all > 100, "{all} requests are no load");
    assert!(bad.is_empty(), "{} of {all} requests failed: {bad:?}", bad.len());
    let mut raw = sqlx::PgConnection::connect(&database).await.expect("PostgreSQL answers");
    let kept = "select count(*) from journal where position('wamid.weather-'::bytea in body) > 0";
    let kept: i64 = sqlx::query_scalar(kept).fetch_one(&mut raw).await.expect("counts");
    assert_eq!(usize::try_from(kept), Ok(all), "what was acknowledged is kept, once");
    eventually("the campaign is over", async || nodes[0].completed(&campaign).await).await;
    everybody_once(&meta, 120).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_takes_nothing_is_said_nothing_is_acknowledged_and_all_goes_on_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let server = Plan::new(folder.path(), &meta).start();
    let (caller, base) = (Caller::of(&server), server.url(""));
    let campaign = server.campaign(60, 10).await;
    assert_eq!(caller.call(&base, 0).await, 200);
    eventually("it is sending", async || meta.reached().await.len() > 5).await;
    for round in 1..=2 {
        server.may_write("0");
        eventually("it is not ready", async || server.status("/readyz").await == 503).await;
        assert_eq!(caller.call(&base, round).await, 503, "Meta will come again");
        assert_eq!(server.status("/healthz").await, 200);
        pause(500).await;
        server.may_write("unlimited");
        eventually("it is ready", async || server.status("/readyz").await == 200).await;
        assert_eq!(caller.call(&base, round).await, 200);
    }
    eventually("the campaign is over", async || server.completed(&campaign).await).await;
    let reached = meta.reached().await;
    let once: BTreeSet<_> = reached.iter().collect();
    assert_eq!(reached.len(), once.len(), "nobody twice");
    let counts = server.get(&format!("/api/v1/campaigns/{campaign}")).await;
    let count = |name: &str| counts.pointer(&format!("/counts/{name}")).and_then(|n| n.as_u64());
    let (sent, open) = (count("sent").unwrap_or(0), count("unconfirmed").unwrap_or(0));
    assert_eq!(sent, u64::try_from(reached.len()).expect("fits"), "the ledger is Meta's: {counts}");
    assert_eq!(sent + open, 60, "everybody is accounted for: {counts}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_below_its_reserve_is_not_ready_and_stands_in_the_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let plan = Plan::new(folder.path(), &meta).with("DISK_RESERVE", "1000000000000000000");
    let server = plan.start();
    eventually("it is not ready", async || server.status("/readyz").await == 503).await;
    let figures = process::client().get(server.url("/metrics")).send().await.expect("answers");
    let figures = figures.text().await.expect("text");
    assert!(figures.contains("whatsapp_ready{check=\"disk\"} 0"), "{figures}");
    assert!(figures.contains("whatsapp_ready{check=\"database\"} 1"), "{figures}");
    server.campaign(3, 10).await;
    assert_eq!(Caller::of(&server).call(&server.url(""), 1).await, 200, "who writes is heard");
    pause(1_500).await;
    assert!(meta.reached().await.is_empty(), "nothing goes out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_webhooks_leaves_memory_flat() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let server = Plan::new(folder.path(), &meta).start();
    let (caller, nth) = (Caller::of(&server), Arc::new(AtomicUsize::new(0)));
    let flood = async |calls: usize| {
        let until = nth.load(Ordering::SeqCst) + calls;
        let mut callers = Vec::new();
        for _ in 0..64 {
            let (caller, base, nth) = (caller.clone(), server.url(""), Arc::clone(&nth));
            callers.push(tokio::spawn(async move {
                loop {
                    let n = nth.fetch_add(1, Ordering::SeqCst);
                    if n >= until {
                        return;
                    }
                    assert!(matches!(caller.call(&base, n).await, 200 | 503), "an answer at once");
                }
            }));
        }
        for one in callers {
            one.await.expect("every call is answered");
        }
    };
    flood(600).await;
    let before = server.memory();
    flood(2_400).await;
    let after = server.memory();
    assert!(after < before + 64, "from {before} to {after} MiB");
    assert_eq!(server.status("/readyz").await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn making_the_schema_may_be_killed_at_any_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let migrate = || {
        let mut command = Command::new(binary("whatsapp-server"));
        command.arg("migrate").env("DATA_DIR", folder.path()).env_remove("DATABASE_URL");
        command.env("NODE_ENV", "development").current_dir(folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    for after in [5, 10, 15, 20, 30, 40, 60, 90] {
        let mut child = migrate().spawn().expect("it starts");
        pause(after).await;
        let _ended = child.kill();
        let _reaped = child.wait();
    }
    assert!(migrate().status().expect("it runs").success(), "it is taken up where it was");
    let url = format!("sqlite:{}", folder.path().join("whatsapp.db").display());
    let mut raw = sqlx::SqliteConnection::connect(&url).await.expect("opens");
    let sound: String =
        sqlx::query_scalar("pragma integrity_check").fetch_one(&mut raw).await.expect("checks");
    assert_eq!(sound, "ok");
}
