//! Many seeds: 5,000 in every test run, shared out to tests that run beside each other; as many as asked for by
//! `cargo xtask simulate`.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use whatsapp_core::Env;
use whatsapp_storage::sql::{LeaseClock, Options, SqlStore};

use crate::on_sqlite;
use crate::run::Story;

/// The seeds of one of the tests below.
const SHARE: u64 = 500;

async fn all_hold(seeds: impl Iterator<Item = u64>) {
    for seed in seeds {
        if let Err(why) = on_sqlite(seed).await {
            panic!("seed {seed}: {why}\nreplay it: cargo xtask simulate --seed {seed}");
        }
    }
}

async fn share(n: u64) {
    all_hold(n * SHARE..(n + 1) * SHARE).await;
}

macro_rules! shares {
    ($($name:ident = $n:literal),+ $(,)?) => {
        $(#[tokio::test] async fn $name() { share($n).await; })+
    };
}

shares! {
    five_thousand_stories_hold_part_1 = 0,
    five_thousand_stories_hold_part_2 = 1,
    five_thousand_stories_hold_part_3 = 2,
    five_thousand_stories_hold_part_4 = 3,
    five_thousand_stories_hold_part_5 = 4,
    five_thousand_stories_hold_part_6 = 5,
    five_thousand_stories_hold_part_7 = 6,
    five_thousand_stories_hold_part_8 = 7,
    five_thousand_stories_hold_part_9 = 8,
    five_thousand_stories_hold_part_10 = 9,
}

/// The same stories on PostgreSQL, fewer: each wants a database of its own, for time begins anew with it.
#[tokio::test]
async fn fifty_stories_hold_on_postgresql() {
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("run cargo xtask test: it starts the PostgreSQL these tests need");
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    let empty = format!("stories_{}", std::process::id());
    let mut admin = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    run(&mut admin, format!("create database {empty}")).await;
    migrate(&format!("{base}/{empty}")).await;
    for seed in 0..50 {
        let name = format!("{empty}_{seed}");
        run(&mut admin, format!("create database {name} template {empty}")).await;
        let url = format!("{base}/{name}");
        let connect = async |env: Env| {
            let options =
                Options { lease_clock: LeaseClock::Env, max_connections: 6, ..Options::default() };
            SqlStore::connect_with(&url, env, options).await
        };
        if let Err(why) = Story::begin(seed, connect).await.tell().await {
            panic!("seed {seed} on PostgreSQL: {why}");
        }
        run(&mut admin, format!("drop database {name} with (force)")).await;
    }
    run(&mut admin, format!("drop database {empty} with (force)")).await;
}

async fn migrate(url: &str) {
    let store = SqlStore::connect(url, Env::system()).await.expect("a store opens");
    whatsapp_storage::Store::migrate(&store).await.expect("the schema is made");
    store.close().await;
}

async fn run(admin: &mut PgConnection, statement: String) {
    sqlx::query(AssertSqlSafe(statement)).execute(admin).await.expect("the statement runs");
}
