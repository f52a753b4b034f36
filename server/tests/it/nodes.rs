//! Several nodes on one PostgreSQL, with nothing else between them. Here time is real: each node's background runs
//! in a runtime of its own, which ends as a process does when a test kills the node.

use std::sync::Arc;

use axum::Router;
use object_store::memory::InMemory;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use whatsapp_cloud::CloudApi;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_core::{
    Classified as _, Content, Conversation, Env, Id, PageRequest, Permission, Role, Secret, Span,
    Tenant, Timestamp,
};
use whatsapp_platform::workspace::NewChannel;
use whatsapp_platform::{NewUser, Platform, Settings, Workspace};
use whatsapp_server::{Hub, ServerSettings, router};
use whatsapp_storage::SqlStore;

use crate::console::Console;
use crate::requests::{Ask, ORIGIN};
use crate::world::{CANARY, PASSWORD, new_database};

const CUSTOMER: &str = "+5511988887777";
const OWNER: &str = "ana@aurora.example";
/// How long a dead node's work is left alone, in these tests.
const LEASE: Span = Span::seconds(2);
/// And a poll of whoever looks for work, and the work itself, on a busy machine.
const REPLACED: Span = Span::seconds(4);

/// What the nodes share.
struct House {
    url: String,
    meta: Arc<Simulator>,
    files: Arc<InMemory>,
}

struct Node {
    platform: Platform,
    app: Router,
    background: Option<Runtime>,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Node {
    /// Its background is gone, as by `kill -9`: no lease is given back.
    fn kill(&mut self) {
        if let Some(background) = self.background.take() {
            background.shutdown_background();
        }
    }
    async fn owner(&self) -> String {
        let signed_in = self.platform.login(OWNER, &Secret::from(PASSWORD), "203.0.113.9").await;
        signed_in.expect("a session").token.expose().to_owned()
    }
    async fn makes_contact(&self, token: &str, n: usize) -> String {
        let body = json!({ "phone": format!("+55119{:08}", 70_000_000 + n), "name": "Lia" });
        Ask::post("/api/console/contacts", &body)
            .cookie(token)
            .send(&self.app)
            .await
            .expect(201)
            .id()
    }
}

impl House {
    async fn new() -> Self {
        Self {
            url: new_database().await,
            meta: Arc::new(Simulator::new(7, Env::system())),
            files: Arc::new(InMemory::new()),
        }
    }
    /// A node that serves people, and works when `works`.
    async fn node(&self, works: bool) -> Node {
        let env = Env::system();
        let store = SqlStore::connect(&self.url, env.clone()).await.expect("a store opens");
        let hub = Hub::new();
        let mut settings = Settings::default();
        settings.app_secret = Some(self.meta.app_secret());
        settings.lease = LEASE;
        let platform = Platform::builder()
            .store(store)
            .shared_cloud(Arc::clone(&self.meta) as Arc<dyn CloudApi>)
            .files(Arc::clone(&self.files))
            .seal_key(Secret::from("a sealing key for nodes, longer than it must be"))
            .realtime(hub.clone())
            .env(env)
            .settings(settings)
            .build()
            .await
            .expect("a node starts");
        let app = router(
            platform.clone(),
            ServerSettings::new(ORIGIN, Secret::from(CANARY)).with_hub(hub),
        );
        let background = works.then(|| {
            let background = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            let worker = platform.worker();
            drop(background.spawn(worker.run(CancellationToken::new())));
            background
        });
        Node { platform, app, background }
    }
    /// A shop with its owner and number.
    async fn shop(&self, node: &Node) -> (Id<Tenant>, Workspace) {
        let platform = &node.platform;
        let tenant = platform.create_tenant("Casa Aurora", "America/Sao_Paulo").await;
        let tenant = tenant.expect("a shop").id;
        let owner = NewUser {
            email: OWNER.into(),
            name: "Ana".into(),
            password: Secret::from(PASSWORD),
            superadmin: false,
            tenant: Some((tenant, Role::Admin)),
        };
        platform.create_user(owner).await.expect("an owner");
        let workspace = platform.system_workspace(tenant);
        let access = self.meta.access(0).expect("a number");
        let channel = NewChannel {
            name: None,
            waba_id: access.waba_id,
            phone_number_id: access.phone_number_id,
            access_token: access.token,
            app_secret: None,
        };
        workspace.channels().connect(channel).await.expect("a number is connected");
        (tenant, workspace)
    }
    /// A customer writes, and Meta tells this node, with whatever else it has to tell.
    async fn writes(&self, text: &str, to: &Node) {
        self.meta.write(CUSTOMER, text).expect("a customer can write");
        let mut told = false;
        while !told {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            for call in self.meta.take_webhooks() {
                told |= String::from_utf8_lossy(&call.body).contains(text);
                let kept = to.platform.deliver(Some(&call.signature), call.body.into()).await;
                kept.expect("the call is kept");
            }
        }
    }
    /// When Meta has it, by the moment it was asked for.
    async fn accepted(&self, text: &str) -> Timestamp {
        until(async || self.meta.sends().iter().any(|s| s.text.as_deref() == Some(text))).await;
        Env::system().now()
    }
}

async fn until(so: impl AsyncFn() -> bool) {
    let soon = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while !so().await {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    });
    soon.await.expect("it happens in time");
}

async fn conversation(workspace: &Workspace) -> Id<Conversation> {
    let threads = workspace.conversations();
    let first = async || {
        let page = threads.page(Default::default(), PageRequest::first(1)).await;
        page.expect("reads").items.first().map(|thread| thread.conversation.id)
    };
    until(async || first().await.is_some()).await;
    first().await.expect("one is there")
}

/// The 95th of a hundred.
fn p95(mut all: Vec<Span>) -> Span {
    all.sort();
    all[all.len() * 95 / 100]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consoles_of_every_node_hear_the_same_in_one_order_and_one_that_moves_misses_nothing() {
    let house = House::new().await;
    let (a, b) = (house.node(true).await, house.node(true).await);
    house.shop(&a).await;
    let token = a.owner().await;
    let mut here = Console::open(&a.app, &token, None).await;
    let mut there = Console::open(&b.app, &token, None).await;
    let mut moving = Console::open(&a.app, &token, None).await;
    let begun = moving.position;
    let mut made = Vec::new();
    for n in 0..30 {
        let node = if n % 2 == 0 { &a } else { &b };
        made.push(node.makes_contact(&token, n).await);
    }
    moving.until(|console| console.contacts().len() >= 10).await;
    let (before, at) = (moving.contacts(), moving.position);
    assert!(at > begun);
    drop(moving);
    for n in 30..40 {
        made.push(a.makes_contact(&token, n).await);
    }
    let mut moved = Console::open(&b.app, &token, Some(at)).await;
    for console in [&mut here, &mut there] {
        console.until(|console| console.contacts().len() >= 40).await;
    }
    assert_eq!(here.contacts(), there.contacts(), "one order on every node");
    moved.until(|console| before.len() + console.contacts().len() >= 40).await;
    assert_eq!([before, moved.contacts()].concat(), here.contacts(), "no gap and nothing twice");
    let mut all = here.contacts();
    all.sort();
    made.sort();
    assert_eq!(all, made);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_out_on_one_node_loses_the_live_connection_to_another() {
    let house = House::new().await;
    let (a, b) = (house.node(true).await, house.node(true).await);
    house.shop(&a).await;
    let (token, other) = (a.owner().await, a.owner().await);
    let mut cut = Console::open(&b.app, &token, None).await;
    let mut stays = Console::open(&b.app, &other, None).await;
    Ask::new("POST", "/api/console/logout").cookie(&token).send(&a.app).await.expect(204);
    cut.until_cut().await;
    let id = a.makes_contact(&other, 1).await;
    stays.until(|console| console.contacts().contains(&id)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_sign_ins_and_calls_of_a_key_count_on_every_node() {
    let house = House::new().await;
    let (a, b) = (house.node(false).await, house.node(false).await);
    let (_, workspace) = house.shop(&a).await;
    let wrong = Secret::from("a wrong guess, once more");
    let mut told = Vec::new();
    for n in 0..7 {
        let node = if n % 2 == 0 { &a } else { &b };
        let refused = node.platform.login(OWNER, &wrong, &format!("203.0.113.{n}")).await;
        told.push(refused.expect_err("a wrong password").code().into_owned());
    }
    assert_eq!(told[..5], ["LOGIN_FAILED"; 5], "five are free, wherever");
    assert_eq!(told[5..], ["LOGIN_THROTTLED"; 2], "then everybody waits, wherever");
    let keys = workspace.api_keys();
    let (key, _) = keys
        .create_limited("Test", &[Permission::InboxReply], None, 25, None)
        .await
        .expect("a key");
    // A minute may end meanwhile: two are as good as one.
    let (begun, mut allowed) = (Env::system().now().seconds() / 60, 0);
    for n in 0..80 {
        let node = if n % 2 == 0 { &a } else { &b };
        allowed += i64::from(node.platform.rate(&key).await.expect("counts").allowed);
    }
    let minutes = Env::system().now().seconds() / 60 - begun + 1;
    assert!((25..=25 * minutes).contains(&allowed), "{allowed} calls in {minutes} minutes");
}

/// Replies are asked for on a node that does not have the number's lease. With word between nodes they leave at once;
/// a node that says nothing costs a poll.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_on_a_node_without_the_lease_leaves_within_a_second() {
    let house = House::new().await;
    let b = house.node(true).await;
    let (tenant, _) = house.shop(&b).await;
    // This one has no background: it tells nobody, and its replies are found by the poll of the other.
    let mute = house.node(false).await;
    let desk = mute.platform.system_workspace(tenant);
    house.writes("Is the lamp still there?", &mute).await;
    let thread = conversation(&desk).await;
    let mut waits = Vec::new();
    for n in 0..20 {
        let (text, asked) = (format!("yes {n}"), Env::system().now());
        desk.messages()
            .send(thread, Content::text(text.as_str()), None, None)
            .await
            .expect("taken");
        waits.push(house.accepted(&text).await - asked);
    }
    let polled = p95(waits);
    let a = house.node(true).await;
    let desk = a.platform.system_workspace(tenant);
    let token = a.owner().await;
    let mut console = Console::open(&a.app, &token, None).await;
    let (mut sent, mut heard) = (Vec::new(), Vec::new());
    for n in 0..20 {
        let (text, asked) = (format!("also {n}"), Env::system().now());
        desk.messages()
            .send(thread, Content::text(text.as_str()), None, None)
            .await
            .expect("taken");
        sent.push(house.accepted(&text).await - asked);
        // Told to the node that need not have the turn to apply it, shown on the other.
        let (text, asked) = (format!("thanks {n}"), Env::system().now());
        house.writes(&text, if n % 2 == 0 { &a } else { &b }).await;
        console.until(|console| console.knows(&text)).await;
        heard.push(Env::system().now() - asked);
    }
    let (told, shown) = (p95(sent), p95(heard));
    println!(
        "p95: a reply by poll {} ms, by word {} ms; a customer's word until it is shown {} ms",
        polled.as_micros() / 1_000,
        told.as_micros() / 1_000,
        shown.as_micros() / 1_000
    );
    for wait in [polled, told, shown] {
        assert!(wait < Span::seconds(1), "{} ms", wait.as_micros() / 1_000);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_dies_is_replaced_when_its_lease_ends() {
    let house = House::new().await;
    let mut first = house.node(true).await;
    let (tenant, _) = house.shop(&first).await;
    house.writes("Is the lamp still there?", &first).await;
    let thread = conversation(&first.platform.system_workspace(tenant)).await;
    let second = house.node(true).await;
    let desk = second.platform.system_workspace(tenant);
    first.kill();
    let died = Env::system().now();
    desk.messages().send(thread, Content::text("it is"), None, None).await.expect("taken");
    let sent = house.accepted("it is").await - died;
    house.writes("then I take it", &second).await;
    until(async || {
        let page = desk.messages().timeline(thread, PageRequest::first(50)).await;
        let said = |view: &whatsapp_platform::workspace::MessageView| {
            format!("{:?}", view.message.content).contains("then I take it")
        };
        page.expect("reads").items.iter().any(said)
    })
    .await;
    let applied = Env::system().now() - died;
    assert!(sent < REPLACED, "sent after {} ms", sent.as_micros() / 1_000);
    assert!(applied < REPLACED, "applied after {} ms", applied.as_micros() / 1_000);
}
