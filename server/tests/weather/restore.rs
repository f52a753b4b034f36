//! The restore drill: a database is backed up while a campaign is half sent, the campaign ends, the database is lost,
//! and servers start on the backup, which believes that half of the people still wait. Nothing goes out before an
//! operator confirms, and nobody is written to twice afterwards.

use std::process::Command;

use sqlx::{AssertSqlSafe, Connection as _};

use crate::process::{self, Caller, Meta, Plan, Server, eventually, pause, text};
use crate::{everybody_once, fresh_postgres};

const PEOPLE: usize = 120;
/// What an installation keeps its SQLite database in.
const FILES: [&str; 3] = ["whatsapp.db", "whatsapp.db-wal", "whatsapp.db-shm"];

/// A campaign that was half sent when `back_up` was called, and is over now. The server has ended.
async fn lost(plan: &Plan, meta: &Meta, back_up: impl AsyncFn()) -> String {
    let mut server = plan.start();
    let campaign = server.campaign(PEOPLE, 20).await;
    let (caller, base) = (Caller::of(&server), server.url(""));
    eventually("it is sending", async || meta.reached().await.len() > 20).await;
    let load = async {
        for nth in 0..20 {
            assert_eq!(caller.call(&base, nth).await, 200, "the server goes on meanwhile");
        }
    };
    tokio::join!(back_up(), load);
    assert!(meta.reached().await.len() < PEOPLE, "it was backed up in the middle");
    eventually("the campaign is over", async || server.completed(&campaign).await).await;
    everybody_once(meta, PEOPLE).await;
    server.signal("-TERM");
    server.ended().await;
    campaign
}

/// A server on the backup: one can look, and nothing goes out or comes in.
async fn fenced(server: &Server, meta: &Meta, campaign: &str) {
    let reached = meta.reached().await.len();
    eventually("it is not ready", async || server.status("/readyz").await == 503).await;
    let figures = process::client().get(server.url("/metrics")).send().await.expect("answers");
    let figures = figures.text().await.expect("text");
    assert!(figures.contains("whatsapp_ready{check=\"fence\"} 0"), "{figures}");
    assert!(figures.contains("whatsapp_ready{check=\"database\"} 1"), "{figures}");
    assert_eq!(Caller::of(server).call(&server.url(""), 900).await, 503, "Meta will come again");
    let view = server.get(&format!("/api/v1/campaigns/{campaign}")).await;
    assert_eq!(text(&view, "/status"), "sending", "one can look: {view}");
    assert_eq!(server.status("/healthz").await, 200);
    pause(3_000).await;
    assert_eq!(meta.reached().await.len(), reached, "0 messages before the confirmation");
}

/// After the confirmation: nobody twice, everybody accounted for.
async fn goes_on(server: &Server, meta: &Meta, campaign: &str) {
    eventually("it is ready", async || server.status("/readyz").await == 200).await;
    assert_eq!(Caller::of(server).call(&server.url(""), 900).await, 200);
    let path = format!("/api/v1/campaigns/{campaign}");
    let view = server.get(&path).await;
    assert_eq!(text(&view, "/status"), "paused", "{view}");
    assert!(text(&view, "/reason").contains("restored"), "{view}");
    server.press(&format!("/api/console/campaigns/{campaign}/resume")).await;
    eventually("the campaign is over", async || server.completed(campaign).await).await;
    everybody_once(meta, PEOPLE).await;
    let view = server.get(&path).await;
    let count = |name: &str| view.pointer(&format!("/counts/{name}")).and_then(|n| n.as_u64());
    let (sent, open) = (count("sent").unwrap_or(0), count("unconfirmed").unwrap_or(0));
    assert!(sent > 0 && open > 0, "half of it was sent when it was backed up: {view}");
    assert_eq!(usize::try_from(sent + open), Ok(PEOPLE), "everybody is accounted for: {view}");
}

fn confirm(plan: &Plan) {
    let (code, said) = plan.command(&["confirm-restore"]);
    assert_eq!(code, Some(1), "nobody was asked: {said}");
    assert!(said.contains("--yes") && said.contains("1 being sent"), "{said}");
    let (code, said) = plan.command(&["confirm-restore", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = plan.command(&["confirm-restore", "--yes"]);
    assert!(code == Some(0) && said.contains("not fenced"), "{said}");
}

/// The backup takes the place of the database.
fn put_back(plan: &Plan, backup: &std::path::Path) {
    for file in FILES {
        drop(std::fs::remove_file(plan.data.join(file)));
    }
    std::fs::copy(backup, plan.data.join("whatsapp.db")).expect("is put back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_sqlite_backup_sends_nothing_before_it_is_confirmed_and_nobody_twice_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let plan = Plan::new(folder.path(), &meta);
    let file = folder.path().join("backup.db");
    let campaign = lost(&plan, &meta, async || {
        let (code, said) = plan.command(&["backup", &file.display().to_string()]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("queued") && said.contains("fenced"), "{said}");
    })
    .await;
    let (code, said) = plan.command(&["backup", &file.display().to_string()]);
    assert!(code == Some(1) && said.contains("exists"), "nothing is written over: {said}");
    put_back(&plan, &file);
    let mut server = plan.start();
    fenced(&server, &meta, &campaign).await;
    server.signal("-TERM");
    server.ended().await;
    confirm(&plan);
    goes_on(&plan.start(), &meta, &campaign).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_restored_postgresql_dump_sends_nothing_before_it_is_confirmed_and_nobody_twice_after() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let database = fresh_postgres("lost").await;
    let plan = Plan::new(folder.path(), &meta).with("DATABASE_URL", database.clone());
    let file = folder.path().join("dump.sql");
    let tools = Tools::of(&database).await;
    let campaign = lost(&plan, &meta, async || {
        let arguments = ["--no-owner", "--no-privileges", "-f", &file.display().to_string()];
        // The owner is bound by row-level security, and pg_dump refuses to leave out what it hides.
        tools.run("pg_dump", &arguments, &tools.above(&database));
    })
    .await;
    let restored = fresh_postgres("restored").await;
    let quiet = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", &file.display().to_string()];
    tools.run("psql", &quiet, &restored);
    let plan = Plan::new(folder.path(), &meta).with("DATABASE_URL", restored);
    let server = plan.start();
    fenced(&server, &meta, &campaign).await;
    confirm(&plan);
    goes_on(&server, &meta, &campaign).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_backup_after_which_nothing_ran_goes_on_where_it_was_when_the_operator_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta"));
    let plan = Plan::new(folder.path(), &meta);
    let mut server = plan.start();
    let campaign = server.campaign(60, 20).await;
    eventually("it is sending", async || meta.reached().await.len() > 10).await;
    server.signal("-TERM");
    server.ended().await;
    assert!(meta.reached().await.len() < 60, "it stopped in the middle");
    let file = folder.path().join("backup.db");
    let (code, said) = plan.command(&["backup", &file.display().to_string()]);
    assert_eq!(code, Some(0), "{said}");
    put_back(&plan, &file);
    let (code, said) = plan.command(&["confirm-restore", "--yes", "--send-queued"]);
    assert_eq!(code, Some(0), "{said}");
    let server = plan.start();
    eventually("the campaign is over", async || server.completed(&campaign).await).await;
    everybody_once(&meta, 60).await;
}

/// PostgreSQL's own tools, beside the server of the tests.
struct Tools {
    folder: String,
}

impl Tools {
    async fn of(database: &str) -> Self {
        let tools = Self { folder: String::new() };
        let mut above = sqlx::PgConnection::connect(&tools.above(database)).await.expect("answers");
        let folder =
            AssertSqlSafe("select setting from pg_config where name = 'BINDIR'".to_owned());
        let folder = sqlx::query_scalar(folder).fetch_one(&mut above).await.expect("is known");
        Self { folder }
    }
    /// The same database for a role that nothing is hidden from.
    fn above(&self, database: &str) -> String {
        let (_, place) = database.rsplit_once('@').expect("the address names a role");
        format!("postgres://postgres@{place}")
    }
    fn run(&self, program: &str, arguments: &[&str], database: &str) {
        let path = std::path::Path::new(&self.folder).join(program);
        let mut command = Command::new(path);
        command.args(arguments).arg(database);
        let done =
            tokio::task::block_in_place(|| command.output()).expect("stands beside the server");
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
