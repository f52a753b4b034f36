//! Each hot query uses an index, on both engines. The statements are those the store really sends: they are caught
//! as it runs, and explained afterwards on tables with thousands of rows.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _, SqliteConnection,
};
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::conversation::{AssigneeFilter, ConversationFilter};
use whatsapp_core::{ConversationStatus, Cursor, DeliveryStatus, Identity, Lane, PageRequest};
use whatsapp_storage::repo::{AttemptRef, ClaimRequest, Learnt, Lesson, Touch};
use whatsapp_storage::{Mode, SqlStore, Store as _, SystemTx, TenantTx};

use crate::caught::{catch, caught};
use crate::crowd::{self, Crowd};
use crate::{journal, stores};

/// What is hot, and about which table it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hot {
    Claim,
    Begin,
    Learn,
    Recover,
    GiveUp,
    Returned,
    Running,
    Recount,
    Reach,
    GiveBack,
    BusyChannels,
    InboxPage,
    InboxByStatus,
    InboxOfUser,
    Timeline,
    Reactions,
    ByWamid,
    Known,
    Threads,
    Touch,
    ContactPage,
    ContactSearch,
    NumberSearch,
    InboxSearch,
    Counts,
    OwnCounts,
    ContactByIdentity,
    ContactsByIdentity,
    KeepContact,
    Audience,
    Recipients,
    Report,
    PendingJournal,
    SettleJournal,
    JournalPage,
    JournalWindow,
    ReplayJournal,
    TrimJournal,
    EventRead,
    Sequence,
    ClaimJobs,
    Routing,
}

pub(crate) const HOT: [(Hot, &str); 42] = [
    (Hot::Claim, "sends"),
    (Hot::Begin, "sends"),
    (Hot::Learn, "sends"),
    (Hot::Recover, "sends"),
    (Hot::GiveUp, "sends"),
    (Hot::Returned, "sends"),
    (Hot::Running, "campaigns"),
    (Hot::Recount, "portfolio_people"),
    (Hot::Reach, "portfolio_people"),
    (Hot::GiveBack, "portfolio_people"),
    (Hot::BusyChannels, "sends"),
    (Hot::InboxPage, "conversations"),
    (Hot::InboxByStatus, "conversations"),
    (Hot::InboxOfUser, "conversations"),
    (Hot::Timeline, "messages"),
    (Hot::Reactions, "messages"),
    (Hot::ByWamid, "messages"),
    (Hot::Known, "messages"),
    (Hot::Threads, "conversations"),
    (Hot::Touch, "conversations"),
    (Hot::ContactPage, "contacts"),
    (Hot::ContactSearch, "contact"),
    (Hot::NumberSearch, "contact"),
    (Hot::InboxSearch, "conta"),
    (Hot::Counts, "conversations"),
    (Hot::OwnCounts, "conversations"),
    (Hot::ContactByIdentity, "contacts"),
    (Hot::ContactsByIdentity, "contacts"),
    (Hot::KeepContact, "contacts"),
    (Hot::Audience, "contact"),
    (Hot::Recipients, "sends"),
    (Hot::Report, "recipients"),
    (Hot::PendingJournal, "journal"),
    (Hot::SettleJournal, "journal"),
    (Hot::JournalPage, "journal"),
    (Hot::JournalWindow, "journal"),
    (Hot::ReplayJournal, "journal"),
    (Hot::TrimJournal, "journal"),
    (Hot::EventRead, "events"),
    (Hot::Sequence, "events"),
    (Hot::ClaimJobs, "jobs"),
    (Hot::Routing, "channels"),
];

/// The big tables: reading one of them from end to end is what must not happen.
pub(crate) const BIG: [&str; 11] = [
    "sends",
    "portfolio_people",
    "conversations",
    "messages",
    "contacts",
    "contact_tags",
    "contact_words",
    "journal",
    "events",
    "jobs",
    "recipients",
];

pub(crate) async fn run(store: &SqlStore, crowd: &Crowd, hot: Hot) {
    let mut system: Box<dyn SystemTx> = store.system(Mode::Write).await.unwrap();
    match hot {
        Hot::BusyChannels => drop(system.ledger().busy_channels(crowd.now).await.unwrap()),
        Hot::PendingJournal => drop(system.journal().pending(crowd.now, 100).await.unwrap()),
        Hot::SettleJournal
        | Hot::JournalPage
        | Hot::JournalWindow
        | Hot::ReplayJournal
        | Hot::TrimJournal => journal::run(&mut *system, crowd, hot).await,
        Hot::EventRead => drop(system.event_log().read(10, 100).await.unwrap()),
        Hot::Sequence => drop(system.event_log().sequence(100).await.unwrap()),
        Hot::ClaimJobs => {
            let token = uuid::Uuid::nil();
            let claimed =
                system.job_queue().claim(Lane::Care, crowd.now, 10, crowd.now, token).await;
            drop(claimed.unwrap());
        }
        Hot::Routing => {
            let found = system.routing().channel_by_phone_number_id("pn").await;
            drop(found.unwrap());
        }
        _ => {
            let mut unit = system.enter(crowd.tenant).await.unwrap();
            in_tenant(&mut unit, crowd, hot).await;
            people(&mut unit, crowd, hot).await;
        }
    }
}

async fn in_tenant(unit: &mut Box<dyn TenantTx + '_>, crowd: &Crowd, hot: Hot) {
    let (channel, place, now) = (crowd.channel, crowd.conversation, crowd.now);
    let status = Lesson::Status { status: DeliveryStatus::Read, wamid: None, error: None };
    let learnt = |of| Learnt { of, what: status.clone(), at: now };
    match hot {
        Hot::Claim => {
            let request = ClaimRequest {
                channel,
                now,
                limit: 10,
                lower: 10,
                bulk: 10,
                campaigns: vec![(crowd.campaign, 10)],
                held: vec!["+5511000000000".to_owned()],
            };
            drop(unit.sends().claim(&request).await.unwrap());
        }
        Hot::Begin => drop(unit.sends().begin(9, &[(crowd.send, crowd.attempt)], now).await),
        Hot::Learn => {
            let both = [
                learnt(AttemptRef::Attempt(crowd.attempt)),
                learnt(AttemptRef::Wamid("wamid.x".to_owned())),
            ];
            drop(unit.sends().learn(channel, &both, now).await.unwrap());
        }
        Hot::Recover => drop(unit.sends().recover(channel, 9, now).await.unwrap()),
        Hot::GiveUp => drop(unit.sends().give_up(channel, now, now, now).await.unwrap()),
        Hot::Returned => drop(unit.sends().returned(channel, now).await.unwrap()),
        Hot::Running => drop(unit.campaigns().running(channel).await.unwrap()),
        Hot::Recount => drop(unit.portfolios().recount("business", now, now).await.unwrap()),
        Hot::Reach => {
            let people = [("+5511000000000".to_owned(), crowd.send)];
            unit.portfolios().know("business", Some(250)).await.unwrap();
            unit.portfolios().reach("business", &people, now, now).await.unwrap();
        }
        Hot::GiveBack => unit.portfolios().give_back(&[crowd.send]).await.unwrap(),
        Hot::Timeline => {
            drop(unit.messages().timeline(place, &PageRequest::default()).await.unwrap());
        }
        Hot::Reactions => {
            drop(unit.messages().reactions(place, &["wamid.x".to_owned()]).await.unwrap());
        }
        Hot::ByWamid => drop(unit.messages().by_wamid(channel, "wamid.none").await.unwrap()),
        Hot::Known => drop(unit.messages().known(channel, &["wamid.none"]).await.unwrap()),
        Hot::Threads => {
            let people = [whatsapp_core::Id::from_uuid(place.uuid())];
            drop(unit.conversations().with_contacts(channel, &people).await.unwrap());
        }
        Hot::Touch => {
            let message = crowd.send.cast();
            let touch = Touch { id: place, message, at: now, inbound: true };
            unit.conversations().touch(&touch).await.unwrap();
        }
        Hot::Recipients => {
            let page = PageRequest::default();
            let found = unit.recipients().page(crowd.campaign, None, None, &page).await;
            drop(found.unwrap());
        }
        Hot::Report => {
            let report = unit.recipients().report(crowd.campaign, None, 1_000).await;
            assert_eq!(report.unwrap().len(), 1_000, "a whole page of the report");
        }
        _ => {}
    }
}

async fn people(unit: &mut Box<dyn TenantTx + '_>, crowd: &Crowd, hot: Hot) {
    let cursor = Cursor { key: crowd.now.micros(), id: crowd.conversation.uuid() };
    let request = PageRequest::first(50).after(Some(cursor));
    let inbox = match hot {
        Hot::InboxPage => Some(ConversationFilter::default()),
        Hot::InboxByStatus => Some(ConversationFilter {
            status: Some(ConversationStatus::Resolved),
            ..ConversationFilter::default()
        }),
        Hot::InboxOfUser => Some(ConversationFilter {
            assignee: AssigneeFilter::User(whatsapp_core::Id::from_uuid(crowd.channel.uuid())),
            ..ConversationFilter::default()
        }),
        // Everybody: the list is walked. Few: their conversations are read. Nobody else asks more.
        Hot::InboxSearch => {
            Some(ConversationFilter { search: Some("per".to_owned()), ..Default::default() })
        }
        _ => None,
    };
    if let Some(filter) = inbox {
        if hot == Hot::InboxSearch {
            let few = ConversationFilter { search: Some("person 777".into()), ..filter.clone() };
            drop(unit.conversations().page(&few, &request).await.unwrap());
        }
        drop(unit.conversations().page(&filter, &request).await.unwrap());
    }
    let contacts = match hot {
        Hot::ContactPage => Some(ContactFilter::default()),
        Hot::ContactSearch => {
            Some(ContactFilter { search: Some("per".to_owned()), ..ContactFilter::default() })
        }
        Hot::NumberSearch => {
            Some(ContactFilter { search: Some("00777".to_owned()), ..ContactFilter::default() })
        }
        _ => None,
    };
    if let Some(filter) = contacts {
        drop(unit.contacts().page(&filter, &request).await.unwrap());
    }
    let identity =
        Identity { phone: "+5511000000000".parse().ok(), bsuid: Some("BR.x".to_owned()) };
    match hot {
        Hot::ContactByIdentity => drop(unit.contacts().by_identity(&identity).await.unwrap()),
        Hot::ContactsByIdentity => drop(unit.contacts().by_identities(&[identity]).await.unwrap()),
        Hot::KeepContact => {
            let first = PageRequest::first(1);
            let page = unit.contacts().page(&ContactFilter::default(), &first).await.unwrap();
            assert!(unit.contacts().update(&page.items[0]).await.unwrap());
        }
        _ => {}
    }
    let user = Some(whatsapp_core::Id::from_uuid(crowd.channel.uuid()));
    match hot {
        Hot::Counts => drop(unit.conversations().counts(None, user, false).await.unwrap()),
        Hot::OwnCounts => drop(unit.conversations().counts(None, user, true).await.unwrap()),
        Hot::Audience => drop(unit.contacts().audience(&crowd.audience, None, 9).await.unwrap()),
        _ => {}
    }
}

/// Those whose order is the index's own, so that a page costs a page and not the whole list.
const ORDERED: [Hot; 10] = [
    Hot::InboxPage,
    Hot::InboxByStatus,
    Hot::Timeline,
    Hot::ContactPage,
    Hot::Report,
    Hot::PendingJournal,
    Hot::JournalPage,
    Hot::JournalWindow,
    Hot::TrimJournal,
    Hot::EventRead,
];

/// SQLite names the alias where there is one; these are the ones our statements give to big tables. "SCAN x USING INDEX y"
/// walks an index in order; a bare "SCAN x" reads the table.
fn reads_all(line: &str) -> bool {
    let aliases = ["s", "m", "c", "q", "w", "a", "r", "p", "b", "v", "j"];
    let all = BIG.iter().chain(&aliases).any(|name| line == format!("SCAN {name}"));
    all && !line.contains("USING")
}

/// An index that is used by its first column only is no better than reading all that a tenant has.
fn walks_a_tenant(line: &str) -> bool {
    let big = BIG.iter().any(|table| line.starts_with(&format!("SEARCH {table} ")));
    big && line.ends_with("(tenant_id=?)")
}

fn sorts(line: &str) -> bool {
    line.contains("USE TEMP B-TREE FOR ORDER BY")
}

/// Every statement of every hot query, with its plan's lines that read a big table from end to end: without figures about the
/// tables, as the product's own databases are, and with them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hot_queries_use_an_index_on_sqlite_with_figures_and_without() {
    catch();
    let fresh = stores::file().await;
    let crowd = crowd::gather(&fresh.store).await;
    let path = fresh.url.trim_start_matches("sqlite:");
    let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
    let mut wrong = Vec::new();
    for figures in [false, true] {
        if figures {
            let mut db = options.connect().await.unwrap();
            sqlx::query("analyze").execute(&mut db).await.unwrap();
        }
        let mut db = options.clone().read_only(true).connect().await.unwrap();
        // Here events have their positions from the insertion.
        for (hot, about) in HOT.into_iter().filter(|(hot, _)| *hot != Hot::Sequence) {
            caught("");
            run(&fresh.store, &crowd, hot).await;
            let statements = caught(about);
            assert!(!statements.is_empty(), "{hot:?} sent no statement about {about}");
            for sql in statements {
                if sql.contains("/*lite*/") || sql.starts_with("select") {
                    for line in bad_lines(&mut db, hot, &sql).await {
                        wrong.push(format!("{hot:?}, figures {figures}: {line}\n{sql}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

async fn bad_lines(db: &mut SqliteConnection, hot: Hot, sql: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("explain query plan {sql}"));
    let rows = sqlx::query(explain).fetch_all(db).await.unwrap();
    let sorted = |line: &str| sorts(line) && ORDERED.contains(&hot);
    let mut lines: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    lines.retain(|line| reads_all(line) || walks_a_tenant(line) || sorted(line));
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hot_queries_use_an_index_on_postgres() {
    catch();
    let fresh = stores::postgres().await;
    let crowd = crowd::gather(&fresh.store).await;
    let mut db = PgConnection::connect(&fresh.url).await.unwrap();
    for setting in ["analyze", "set plan_cache_mode = force_generic_plan", "set app.system = 'on'"]
    {
        sqlx::query(setting).execute(&mut db).await.unwrap();
    }
    let mut wrong = Vec::new();
    for (hot, about) in HOT {
        caught("");
        run(&fresh.store, &crowd, hot).await;
        let statements = caught(about);
        assert!(!statements.is_empty(), "{hot:?} sent no statement about {about}");
        for sql in
            statements.iter().filter(|sql| sql.contains("/*pg*/") || sql.starts_with("select"))
        {
            for line in explain(&mut db, sql).await {
                let bare = BIG.iter().any(|table| {
                    let scan = format!("Seq Scan on {table}");
                    line.contains(&format!("{scan} ")) || line.ends_with(&scan)
                });
                if bare {
                    wrong.push(format!("{hot:?}: {line}\n{sql}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The plan PostgreSQL uses whatever the values are.
pub(crate) async fn explain(db: &mut PgConnection, sql: &str) -> Vec<String> {
    let prepare = AssertSqlSafe(format!("prepare hot as {sql}"));
    sqlx::raw_sql(prepare).execute(&mut *db).await.unwrap();
    let parameters = (1..100).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
    let nulls = vec!["null"; parameters].join(", ");
    let call = if nulls.is_empty() { "hot".to_owned() } else { format!("hot({nulls})") };
    let explain = AssertSqlSafe(format!("explain execute {call}"));
    let lines = sqlx::raw_sql(explain).fetch_all(&mut *db).await.unwrap();
    sqlx::raw_sql("deallocate hot").execute(&mut *db).await.unwrap();
    lines.iter().map(|row| row.get::<String, _>(0)).collect()
}
