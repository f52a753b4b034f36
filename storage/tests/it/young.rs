//! The first minutes of a PostgreSQL database: thousands of rows, and nobody has looked at them yet, so the planner
//! guesses. Each hot query finds its rows by its own key all the same; and a table that grows fast is looked at soon.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::event::VerifiedBy;
use whatsapp_core::{Env, Span, Timestamp};
use whatsapp_storage::repo::system::NewCall;
use whatsapp_storage::{Mode, SqlStore, Store as _};

use crate::caught::{catch, caught};
use crate::plans::{BIG, HOT, Hot, explain, run};
use crate::{crowd, stores};

/// What whole parts of a table have in common: a key that is used by these only finds too much.
const COMMON: [&str; 4] = ["tenant_id", "channel_id", "portfolio_id", "campaign_id"];
/// Indexes of what still waits, which is little.
const WAITING: [&str; 4] =
    ["sends_direct", "sends_undecided", "sends_returned", "conversations_unread"];

/// Nine more of each person and thread, so that there are some ten thousand.
const MORE: &str = "set app.system = 'on';
    insert into contacts (tenant_id, id, tags, fields, source, created_at, updated_at, search)
        select tenant_id, gen_random_uuid(), tags, fields, source, created_at, updated_at, search
        from contacts, generate_series(1, 9);
    insert into conversations (tenant_id, id, contact_id, channel_id, status, unread, last_message_at, created_at)
        select c.tenant_id, gen_random_uuid(), c.id, k.id, 'open', 0, 0, 0
        from contacts c join channels k on k.tenant_id = c.tenant_id on conflict do nothing;";

/// The columns by which an index is asked.
fn columns(condition: &str) -> Vec<String> {
    let name = |part: &'_ str| {
        let part = part.trim_start_matches('(');
        let end = part.find(|c: char| !c.is_alphanumeric() && c != '_');
        part.get(..end.unwrap_or(part.len())).unwrap_or_default().to_owned()
    };
    condition.split(" AND ").map(name).collect()
}

/// What is wrong with a plan.
fn wrong(plan: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut scan = "";
    for line in plan {
        let about =
            |verb: &str| BIG.iter().any(|table| line.contains(&format!("{verb} on {table} ")));
        if about("Seq Scan") {
            wrong.push(line.clone());
        }
        if line.contains("Scan") {
            scan = line;
        }
        let Some((_, condition)) = line.split_once("Index Cond: ") else { continue };
        let waiting = WAITING.iter().any(|index| scan.contains(&format!(" {index} ")));
        let big = BIG.iter().any(|table| scan.contains(table));
        if big
            && !waiting
            && columns(condition).iter().all(|column| COMMON.contains(&column.as_str()))
        {
            wrong.push(format!("{scan} {line}"));
        }
    }
    wrong
}

async fn lone(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn say(db: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap();
}

/// How many big tables the planner knows anything of.
async fn known(db: &mut PgConnection) -> i64 {
    let names = BIG.map(|table| format!("'{table}'")).join(", ");
    let sql = format!("select count(*) from pg_class where relname in ({names}) and relpages > 0");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(db).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hot_queries_find_their_rows_by_their_own_key_on_a_database_that_was_never_analysed() {
    catch();
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let mut db = lone(&fresh.url).await;
    for table in BIG {
        say(&mut db, &format!("alter table {table} set (autovacuum_enabled = off)")).await;
    }
    let crowd = crowd::gather(&fresh.store).await;
    say(&mut db, MORE).await;
    say(&mut db, "set plan_cache_mode = force_generic_plan").await;
    let mut all = Vec::new();
    // What people search for is looked for everywhere, and who counts anew walks through all.
    let whole = [Hot::ContactSearch, Hot::Recount];
    for (hot, about) in HOT.into_iter().filter(|(hot, _)| !whole.contains(hot)) {
        caught("");
        run(&fresh.store, &crowd, hot).await;
        for sql in caught(about).iter().filter(|sql| sql.contains("/*pg*/")) {
            let wrong = wrong(&explain(&mut db, sql).await);
            all.extend(wrong.into_iter().map(|line| format!("{hot:?}: {line}\n{sql}")));
        }
    }
    assert_eq!(known(&mut db).await, 0, "somebody has looked at a table");
    assert!(all.is_empty(), "{}", all.join("\n\n"));
}

async fn keep(store: &SqlStore, env: &Env, calls: usize) {
    let call = |_| NewCall {
        id: env.id(),
        hash: env.bytes(),
        body: vec![b'x'; 1_000],
        verified_by: VerifiedBy::Platform,
        received_at: env.now(),
    };
    let mut tx = store.system(Mode::Write).await.unwrap();
    tx.journal().append(&(0..calls).map(call).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_table_that_grows_fast_is_looked_at_before_the_databases_own_housekeeping_comes_by() {
    let url = stores::new_database().await;
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_700_000_000)));
    let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(7)));
    let store = SqlStore::connect(&url, env.clone()).await.unwrap();
    store.migrate().await.unwrap();
    let mut db = lone(&url).await;
    say(&mut db, "alter table journal set (autovacuum_enabled = off)").await;
    let seen = "select reltuples::bigint from pg_class where oid = 'journal'::regclass";
    // Whoever writes next notices, at most once a second.
    for _ in 0..300 {
        clock.advance(Span::seconds(1));
        keep(&store, &env, 100).await;
        let seen: i64 = sqlx::query_scalar(seen).fetch_one(&mut db).await.unwrap();
        if seen > 100 {
            return;
        }
    }
    panic!("nobody looked at the journal");
}
