//! Many seeds: 5,000 in every test run, shared out to tests that run beside each other; as many as asked for by
//! `cargo xtask simulate`.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::stage::Stage;
use crate::{assert_same, new_stage};

/// The seeds of one of the tests below.
const SHARE: u64 = 500;

/// Tells them one after the other on one stage; the last one is what it is on a new stage too.
async fn all_hold(stage: &Stage, seeds: std::ops::Range<u64>, new: Stage) {
    let last = seeds.end - 1;
    for seed in seeds {
        match stage.tell(seed).await {
            Ok(log) if seed == last => {
                assert_same(seed, &log, &new.tell(seed).await.expect("it holds"));
            }
            Ok(_) => {}
            Err(why) => panic!("seed {seed}: {why}\nreplay it: cargo xtask simulate --seed {seed}"),
        }
    }
}

async fn share(n: u64) {
    all_hold(&new_stage().await, n * SHARE..(n + 1) * SHARE, new_stage().await).await;
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

/// The same stories on PostgreSQL, fewer.
#[tokio::test]
async fn fifty_stories_hold_on_postgresql() {
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("run cargo xtask test: it starts the PostgreSQL these tests need");
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    let mut admin = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    let mut stages = Vec::new();
    for which in ["stories", "one_story"] {
        let name = format!("{which}_{}", std::process::id());
        let create = AssertSqlSafe(format!("create database {name}"));
        sqlx::query(create).execute(&mut admin).await.expect("a database is made");
        stages.push(Stage::open(&format!("{base}/{name}")).await.expect("a store opens"));
    }
    let new = stages.pop().expect("two were opened");
    all_hold(&stages[0], 0..50, new).await;
}
