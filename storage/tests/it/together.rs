//! Many at once: nothing is taken twice, nothing is jumped over, and a lost answer is not taken for a failure.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use whatsapp_core::{Attempt, By, Env, Event, Id, Portfolio, Tenant, Timestamp};
use whatsapp_storage::repo::ClaimRequest;
use whatsapp_storage::{LeaseClock, Mode, Options, SqlStore, StorageError, Store as _};

use crate::crowd;
use crate::stores::{self, Fresh};

async fn every_line_is_claimed_by_one(fresh: Fresh) {
    let crowd = Arc::new(crowd::gather(&fresh.store).await);
    let store = Arc::new(fresh.store);
    let workers: Vec<_> = (0..6)
        .map(|_| {
            let (store, crowd) = (Arc::clone(&store), Arc::clone(&crowd));
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let mut unit = store.tenant(crowd.tenant, Mode::Write).await.unwrap();
                    let request = ClaimRequest {
                        channel: crowd.channel,
                        now: crowd.now,
                        limit: 7,
                        lower: 7,
                        bulk: 7,
                        campaigns: vec![(crowd.campaign, 7)],
                        held: Vec::new(),
                    };
                    let taken = unit.sends().claim(&request).await.unwrap();
                    let attempts: Vec<_> = taken
                        .iter()
                        .map(|line| (line.id, Attempt::from_bytes(*line.id.uuid().as_bytes())))
                        .collect();
                    let begun = unit.sends().begin(2, &attempts, crowd.now).await.unwrap();
                    assert_eq!(begun.len(), taken.len(), "what was claimed did not begin");
                    unit.commit().await.unwrap();
                    if taken.is_empty() {
                        return mine;
                    }
                    mine.extend(taken.into_iter().map(|line| line.id));
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    let distinct: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!(distinct.len(), all.len(), "a line was claimed by two");
    assert_eq!(all.len(), 150, "a line was claimed by nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_pumps_share_a_queue_on_sqlite() {
    every_line_is_claimed_by_one(stores::file().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_pumps_share_a_queue_on_postgres() {
    every_line_is_claimed_by_one(stores::postgres().await).await;
}

/// Whoever changes a number or a person holds it first: what others change at the same time is not undone.
async fn no_change_is_lost(fresh: Fresh) {
    let crowd = Arc::new(crowd::gather(&fresh.store).await);
    let store = Arc::new(fresh.store);
    let mut unit = store.tenant(crowd.tenant, Mode::Read).await.unwrap();
    let before = unit.channels().find(crowd.channel).await.unwrap().unwrap().name.len();
    drop(unit);
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (store, crowd) = (Arc::clone(&store), Arc::clone(&crowd));
            tokio::spawn(async move {
                for _ in 0..10 {
                    let mut unit = store.tenant(crowd.tenant, Mode::Write).await.unwrap();
                    let mut channel = unit.channels().hold(crowd.channel).await.unwrap().unwrap();
                    tokio::task::yield_now().await;
                    channel.name.push('+');
                    assert!(unit.channels().update(&channel).await.unwrap());
                    unit.commit().await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut unit = store.tenant(crowd.tenant, Mode::Read).await.unwrap();
    let channel = unit.channels().find(crowd.channel).await.unwrap().unwrap();
    assert_eq!(channel.name.len(), before + 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_of_a_held_channel_is_lost_on_sqlite() {
    no_change_is_lost(stores::file().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_of_a_held_channel_is_lost_on_postgres() {
    no_change_is_lost(stores::postgres().await).await;
}

/// The pumps of two numbers of one portfolio, on two nodes each: together never over the limit, and all of it used.
async fn a_portfolio_is_never_overrun(fresh: Fresh) {
    let (store, env) = (Arc::new(fresh.store), stores::env());
    store.migrate().await.unwrap();
    let tenant = tenant(&store, &env).await;
    let mut unit = store.tenant(tenant, Mode::Write).await.unwrap();
    unit.portfolios().know("business", Some(250)).await.unwrap();
    unit.commit().await.unwrap();
    let now = Timestamp::from_seconds(1_700_000_000);
    let since = Portfolio::since(now);
    let pumps: Vec<_> = (0..4_u32)
        .map(|pump| {
            let (store, env) = (Arc::clone(&store), env.clone());
            tokio::spawn(async move {
                let mut reached = 0_i64;
                loop {
                    let mut unit = store.tenant(tenant, Mode::Write).await.unwrap();
                    let held = unit.portfolios().hold("business").await.unwrap().unwrap();
                    let left = held.left().unwrap().min(7);
                    if left == 0 {
                        return;
                    }
                    // Every third person is one whom the next pump writes to as well.
                    let people: Vec<_> = (reached..reached + left)
                        .map(|n| {
                            let shared = if n % 3 == 0 { pump / 2 } else { pump + 10 };
                            (format!("+55{shared:03}{n:06}"), env.id())
                        })
                        .collect();
                    reached += left;
                    tokio::task::yield_now().await;
                    unit.portfolios().reach("business", &people, since, now).await.unwrap();
                    unit.commit().await.unwrap();
                }
            })
        })
        .collect();
    for pump in pumps {
        pump.await.unwrap();
    }
    let mut unit = store.tenant(tenant, Mode::Write).await.unwrap();
    let kept = unit.portfolios().find("business").await.unwrap().unwrap();
    let counted = unit.portfolios().recount("business", since, now).await.unwrap().unwrap();
    assert_eq!((kept.used, counted.used), (250, 250), "as kept, and counted one by one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pumps_of_one_portfolio_take_turns_on_sqlite() {
    a_portfolio_is_never_overrun(stores::file().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pumps_of_one_portfolio_take_turns_on_postgres() {
    a_portfolio_is_never_overrun(stores::postgres().await).await;
}

async fn tenant(store: &SqlStore, env: &Env) -> Id<Tenant> {
    let tenant = Tenant {
        id: env.id(),
        name: "Tea".to_owned(),
        timezone: "UTC".to_owned(),
        state: whatsapp_core::tenant::TenantState::Active,
        created_at: Timestamp::ZERO,
    };
    let mut system = store.system(Mode::Write).await.unwrap();
    system.tenants().insert(&tenant).await.unwrap();
    system.commit().await.unwrap();
    tenant.id
}

/// Writers that linger before they commit, two sequencers, and a reader with a cursor.
async fn a_cursor_misses_nothing(fresh: Fresh) {
    let (store, env) = (Arc::new(fresh.store), stores::env());
    store.migrate().await.unwrap();
    let tenant = tenant(&store, &env).await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (store, env) = (Arc::clone(&store), env.clone());
            tokio::spawn(async move {
                for n in 0..20 {
                    let mut unit = store.tenant(tenant, Mode::Write).await.unwrap();
                    let event = Event::ContactCreated { contact: env.id() };
                    let events = [(env.id(), event)];
                    unit.outbox().append(&events, &By::System, env.now()).await.unwrap();
                    for _ in 0..(writer * 7 + n) % 5 {
                        tokio::task::yield_now().await;
                    }
                    unit.commit().await.unwrap();
                }
            })
        })
        .collect();
    let done = Arc::new(AtomicBool::new(false));
    let sequencers: Vec<_> = (0..2)
        .map(|_| {
            let (store, done) = (Arc::clone(&store), Arc::clone(&done));
            tokio::spawn(async move {
                loop {
                    let last = done.load(Ordering::SeqCst);
                    let mut system = store.system(Mode::Write).await.unwrap();
                    let given = system.event_log().sequence(500).await.unwrap();
                    system.commit().await.unwrap();
                    if given == 0 && last {
                        return;
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let (mut cursor, mut seen) = (0, BTreeSet::new());
    let mut finished = false;
    loop {
        let mut system = store.system(Mode::Read).await.unwrap();
        let events = system.event_log().read(cursor, 50).await.unwrap();
        drop(system);
        for event in &events {
            assert_eq!(event.position, cursor + 1, "a gap in the positions");
            cursor = event.position;
            seen.insert(event.id);
        }
        if events.is_empty() && finished {
            break;
        }
        if !finished && writers.iter().all(tokio::task::JoinHandle::is_finished) {
            done.store(true, Ordering::SeqCst);
            finished = sequencers.iter().all(tokio::task::JoinHandle::is_finished);
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(seen.len(), 160, "the cursor jumped over an event");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_of_the_log_misses_nothing_on_sqlite() {
    a_cursor_misses_nothing(stores::file().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_of_the_log_misses_nothing_on_postgres() {
    a_cursor_misses_nothing(stores::postgres().await).await;
}

/// Between the store and PostgreSQL: passes everything on, until it is told to lose the answer to a commit.
async fn lossy_proxy(server: String, lose: Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (server, lose) = (server.clone(), Arc::clone(&lose));
            tokio::spawn(async move {
                let upstream = TcpStream::connect(server).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = upstream.into_split();
                let losing = Arc::new(AtomicBool::new(false));
                let lost = Arc::clone(&losing);
                tokio::spawn(async move {
                    let mut bytes = vec![0; 65536];
                    while let Ok(n @ 1..) = from_client.read(&mut bytes).await {
                        if lose.load(Ordering::SeqCst)
                            && bytes[..n].windows(6).any(|w| w == b"COMMIT")
                        {
                            losing.store(true, Ordering::SeqCst);
                        }
                        if to_server.write_all(&bytes[..n]).await.is_err() {
                            return;
                        }
                    }
                });
                let mut bytes = vec![0; 65536];
                while let Ok(n @ 1..) = from_server.read(&mut bytes).await {
                    // The answer has come, so the commit has happened; the client never hears of it.
                    if lost.load(Ordering::SeqCst)
                        || to_client.write_all(&bytes[..n]).await.is_err()
                    {
                        return;
                    }
                }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_unknown_and_the_store_serves_on() {
    let url = stores::new_database().await;
    let (before, name) = url.rsplit_once('/').unwrap();
    let (user, server) = before.trim_start_matches("postgres://").rsplit_once('@').unwrap();
    let lose = Arc::new(AtomicBool::new(false));
    let port = lossy_proxy(server.to_owned(), Arc::clone(&lose)).await;
    let url = format!("postgres://{user}@127.0.0.1:{port}/{name}");
    let store = SqlStore::connect(&url, stores::env()).await.unwrap();
    store.migrate().await.unwrap();
    let mut system = store.system(Mode::Write).await.unwrap();
    system.platform_settings().put("k", &json!(1)).await.unwrap();
    lose.store(true, Ordering::SeqCst);
    let outcome = system.commit().await;
    lose.store(false, Ordering::SeqCst);
    assert!(matches!(outcome, Err(StorageError::CommitUnknown(_))), "{outcome:?}");
    let mut system = store.system(Mode::Read).await.unwrap();
    assert_eq!(system.platform_settings().get("k").await.unwrap(), Some(json!(1)));
}

#[tokio::test]
async fn dead_connections_are_found_out_before_anything_happens() {
    let fresh = stores::postgres().await;
    fresh.store.migrate().await.unwrap();
    let mut units = Vec::new();
    for _ in 0..5 {
        units.push(fresh.store.system(Mode::Read).await.unwrap());
    }
    drop(units);
    fresh.store.ping().await.unwrap();
    let mut raw = <sqlx::PgConnection as sqlx::Connection>::connect(&fresh.url).await.unwrap();
    let kill = "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    sqlx::query(kill).execute(&mut raw).await.unwrap();
    for _ in 0..5 {
        let mut system = fresh.store.system(Mode::Write).await.unwrap();
        system.platform_settings().put("k", &json!(1)).await.unwrap();
        system.commit().await.unwrap();
    }
}

#[tokio::test]
async fn leases_are_measured_by_the_database_unless_a_clock_is_given() {
    let fresh = stores::postgres().await;
    let by_hand = stores::env().now();
    assert!(fresh.store.now().await.unwrap() > by_hand, "PostgreSQL's clock is later than 2023");
    let options = Options { lease_clock: LeaseClock::Env, ..Options::default() };
    let store = SqlStore::connect_with(&fresh.url, stores::env(), options).await.unwrap();
    assert_eq!(store.now().await.unwrap(), by_hand);
    assert!(!store.exclusive());
    assert_eq!(stores::memory().await.store.now().await.unwrap(), by_hand);
}

#[tokio::test]
async fn an_address_of_no_known_kind_is_refused() {
    let refused = SqlStore::connect("mysql://localhost/x", stores::env()).await;
    assert!(refused.expect_err("mysql").to_string().contains("cannot be reached"));
}
