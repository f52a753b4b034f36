//! The worker as it runs, in real time: on nodes whose clock is wrong, and over a database that is not there yet.

use std::sync::Arc;
use std::time::Duration;

use object_store::memory::InMemory;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use whatsapp_cloud::CloudApi;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_core::env::{Clock, SeededEntropy};
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Env, Id, Secret, Span, Timestamp, Variables,
};
use whatsapp_platform::workspace::{NewCampaign, NewChannel};
use whatsapp_platform::{Platform, Settings, Workspace};
use whatsapp_storage::Store;
use whatsapp_storage::faulty::Faulty;
use whatsapp_storage::sql::SqlStore;

use crate::sending::phone;

/// A clock that is wrong by a constant.
#[derive(Debug)]
struct Skewed {
    right: Env,
    by: Span,
}

impl Clock for Skewed {
    fn now(&self) -> Timestamp {
        self.right.now() + self.by
    }
}

/// A node of its own, whose clock is wrong by so much.
struct Node {
    platform: Platform,
    stop: CancellationToken,
    runs: JoinHandle<()>,
}

impl Node {
    async fn start(store: impl Store, meta: &Arc<Simulator>, seed: u64, by: Span) -> Self {
        Self::run(Self::built(store, meta, seed, by).await)
    }
    async fn built(store: impl Store, meta: &Arc<Simulator>, seed: u64, by: Span) -> Platform {
        let clock = Skewed { right: Env::system(), by };
        let mut settings = Settings::default();
        settings.app_secret = Some(meta.app_secret());
        settings.poll = Span::millis(20);
        let builder = Platform::builder()
            .store(store)
            .shared_cloud(Arc::clone(meta) as Arc<dyn CloudApi>)
            .files(InMemory::new())
            .seal_key(Secret::from("a sealing key for tests, longer than it must be"))
            .env(Env::new(Arc::new(clock), Arc::new(SeededEntropy::new(seed))))
            .settings(settings);
        builder.build().await.expect("a node starts")
    }
    fn run(platform: Platform) -> Self {
        let stop = CancellationToken::new();
        let runs = tokio::spawn(platform.worker().run(stop.clone()));
        Self { platform, stop, runs }
    }
    async fn end(self) {
        self.stop.cancel();
        self.runs.await.expect("it ends in order");
    }
}

/// A business on the simulated Meta's first number.
async fn shop(platform: &Platform, meta: &Simulator) -> Workspace {
    let tenant = platform.create_tenant("Casa Aurora", "America/Sao_Paulo").await;
    let workspace = platform.system_workspace(tenant.expect("is made").id);
    let access = meta.access(0).expect("Meta has a number");
    let channel = NewChannel {
        name: None,
        waba_id: access.waba_id,
        phone_number_id: access.phone_number_id,
        access_token: access.token,
        app_secret: None,
    };
    workspace.channels().connect(channel).await.expect("is connected");
    workspace
}

async fn started(shop: &Workspace, people: usize) -> Id<Campaign> {
    let page = async || {
        let page = shop.templates().page(Default::default(), Default::default()).await;
        page.expect("lists").items
    };
    eventually("templates are there", async || !page().await.is_empty()).await;
    let simple = |t: &&whatsapp_core::Template| {
        t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body")
    };
    let templates = page().await;
    let template = templates.iter().find(simple).expect("one is simple");
    let variables = template.variables().into_iter().map(|v| (v.key, "x".to_owned()));
    let new = NewCampaign {
        name: "All".into(),
        template: template.id,
        audience: Audience { phones: (0..people).map(phone).collect(), ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let id = shop.campaigns().create(new, None).await.expect("is drafted").campaign.id;
    shop.campaigns().start(id).await.expect("starts");
    id
}

/// Waits until it holds, ten seconds at most.
#[expect(clippy::panic, reason = "a helper of a test may fail the test")]
async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}

pub(crate) async fn new_database() -> String {
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("run cargo xtask test: it starts the PostgreSQL these tests need");
    let name = format!("platform_{}", Env::system().uuid().simple());
    let mut admin = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    let statement = AssertSqlSafe(format!("create database {name}"));
    sqlx::query(statement).execute(&mut admin).await.expect("a database");
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    format!("{base}/{name}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_whose_clock_is_an_hour_off_say_so_and_leave_the_work_to_the_one_that_knows_the_time()
{
    let url = new_database().await;
    let store = async || SqlStore::connect(&url, Env::system()).await.expect("opens");
    let meta = Arc::new(Simulator::new(7, Env::system()));
    let ahead = Node::start(store().await, &meta, 1, Span::hours(1)).await;
    let behind = Node::start(store().await, &meta, 2, Span::hours(-1)).await;
    for node in [&ahead, &behind] {
        let why = async || {
            let troubles = node.platform.troubles().await;
            troubles.iter().any(|t| t.check == "clock" && t.why.contains("3600 seconds"))
        };
        eventually("a wrong clock is said", why).await;
    }
    let right = Node::start(store().await, &meta, 3, Span::ZERO).await;
    let shop = shop(&right.platform, &meta).await;
    let id = started(&shop, 40).await;
    eventually("the campaign is over", async || {
        for call in meta.take_webhooks() {
            // Any node may take Meta's calls.
            let body = call.body.into();
            ahead.platform.deliver(Some(&call.signature), body).await.expect("is kept");
        }
        let campaign = shop.campaigns().find(id).await.expect("finds").campaign;
        // What was taken by a node whose clock is ahead is applied all the same.
        let told = campaign.counts.delivered + campaign.counts.read;
        campaign.status == CampaignStatus::Completed && told == 40
    })
    .await;
    let mut reached: Vec<_> = meta.sends().into_iter().map(|send| send.to).collect();
    reached.sort();
    reached.dedup();
    assert_eq!((reached.len(), meta.sends().len()), (40, 40), "everybody once");
    right.platform.ready().await.expect("the right one is ready");
    for node in [ahead, behind, right] {
        node.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_whose_database_is_away_at_its_start_begins_when_it_is_there() {
    let store = SqlStore::connect("sqlite::memory:", Env::system()).await.expect("opens");
    let store = Faulty::new(store);
    let faults = store.faults();
    let meta = Arc::new(Simulator::new(7, Env::system()));
    let platform = Node::built(store, &meta, 1, Span::ZERO).await;
    // The schema is there; the database goes away before the worker has begun.
    faults.outage(true);
    let node = Node::run(platform);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(node.platform.ready().await.is_err() && !node.runs.is_finished(), "it waits");
    faults.outage(false);
    let shop = shop(&node.platform, &meta).await;
    started(&shop, 1).await;
    eventually("it sends", async || meta.sends().len() == 1).await;
    node.end().await;
}
