//! The kill test: a campaign of a thousand, a Meta that lives on and misbehaves, and a server that is killed
//! with `kill -9` sixty times while it sends. Nobody twice, nobody lost, and what is unconfirmed or refused is
//! exactly what Meta never accepted.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up must end, loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Connection;

const PEOPLE: usize = 1_000;
const KILLS: usize = 60;
/// So slow that the campaign outlasts the kills.
const RATE: u32 = 8;
/// Longer than the slowest repetition of a webhook here.
const HOLD: &str = "3s";
const LEASE: &str = "500ms";

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
/// another has their channel.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_that_are_killed_and_frozen_send_nobody_twice_and_lose_nobody() {
    let database = fresh_postgres("nodes").await;
    let folder = tempfile::tempdir().expect("a folder");
    let meta = Meta::start(&folder.path().join("meta")).await;
    meta.misbehave().await;
    // A webhook may wait for a frozen node: the hold is longer than that.
    let node = || {
        let data = folder.path().join("server");
        Life::new(data, meta.url.clone(), Some(database.clone())).holding("15s")
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
        if blow % 3 == 0 {
            one.signal("-STOP");
            tokio::time::sleep(Duration::from_millis(chance.upto(700, 2_000))).await;
            one.signal("-CONT");
        } else {
            one.kill();
            one.start().await;
        }
    }
    let recipients = nodes[0].finished(&campaign).await;
    nodes.iter_mut().for_each(Life::kill);
    judge(&meta.accepted().await, &recipients, people);
}

/// Chance from a seed.
struct Chance(u64);

impl Default for Chance {
    fn default() -> Self {
        Self(0x9E37_79B9)
    }
}

impl Chance {
    fn upto(&mut self, from: u64, until: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from + (self.0 >> 33) % (until - from)
    }
    fn below(&mut self, below: u64) -> usize {
        usize::try_from(self.upto(0, below)).unwrap_or_default()
    }
}

/// A database of its own on the private PostgreSQL of the test run.
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
    let mut life = Life::new(folder.path().join("server"), meta.url.clone(), database);
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
    judge(&meta.accepted().await, &recipients, PEOPLE);
}

/// What Meta accepted against what we say of everybody.
fn judge(accepted: &[Value], recipients: &[Value], people: usize) {
    assert_eq!(recipients.len(), people, "nobody is lost");
    let mut truth: BTreeMap<&str, usize> = BTreeMap::new();
    for send in accepted {
        *truth.entry(text(send, "/to")).or_default() += 1;
    }
    let twice: Vec<_> = truth.iter().filter(|(_, n)| **n > 1).collect();
    assert!(twice.is_empty(), "nobody gets it twice: {twice:?}");
    let (mut ours, mut never) = (BTreeSet::new(), BTreeSet::new());
    for recipient in recipients {
        let phone = text(recipient, "/contact/phone");
        match text(recipient, "/state") {
            "accepted" | "sent" | "delivered" | "read" => ours.insert(phone),
            "unconfirmed" | "failed" => never.insert(phone),
            other => panic!("{phone} is {other}, which is no end"),
        };
    }
    let theirs: BTreeSet<_> = truth.keys().copied().collect();
    assert_eq!(ours, theirs, "what Meta accepted is what we say went out");
    assert!(never.is_disjoint(&theirs), "unconfirmed and refused is what Meta never accepted");
    assert_eq!(ours.len() + never.len(), people);
    let refused = recipients.iter().filter(|r| text(r, "/state") == "failed");
    assert!(refused.into_iter().all(|r| text(r, "/error/code") == "META_131026"));
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A binary of this build.
fn binary(name: &str) -> PathBuf {
    let mut folder = std::env::current_exe().expect("this test has a path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder.join(name)
}

fn first_line(child: &mut Child) -> Option<Value> {
    let mut line = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}

/// The simulated Meta, in a process that is never killed.
struct Meta {
    child: Child,
    url: String,
    http: reqwest::Client,
}

impl Drop for Meta {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Meta {
    async fn start(data: &Path) -> Self {
        let mut child = Command::new(binary("meta-simulator"))
            .args(["--json", "--port", "0", "--seed", "11", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        let world = first_line(&mut child).expect("it tells its world");
        Self { child, url: text(&world, "/url").to_owned(), http: client() }
    }
    /// Refusals, resets on both sides of acceptance, bare errors, and webhooks doubled and out of order.
    async fn misbehave(&self) {
        let rule = |probability: f64, fault: Value| json!({"route": "messages", "probability": probability, "fault": fault});
        let faults = json!({
            "rules": [
                rule(0.02, json!({"kind": "refuse", "code": 131_026})),
                rule(0.02, json!({"kind": "refuse", "code": 130_429})),
                rule(0.02, json!({"kind": "reset_before"})),
                rule(0.03, json!({"kind": "reset_after"})),
                rule(0.01, json!({"kind": "status_before", "status": 502})),
                rule(0.01, json!({"kind": "status_after", "status": 500})),
            ],
            "webhooks": {"duplicate": 0.2, "disorder": 0.2, "delay_ms": [0, 60], "retry_first_ms": 100, "retry_max_ms": 800},
            "speed": {"sent_ms": [5, 30], "delivered_ms": [10, 60], "read_ms": [20, 100], "read_probability": 0.7},
        });
        let put = self.http.put(format!("{}/_sim/faults", self.url)).json(&faults).send().await;
        assert!(put.expect("answers").status().is_success());
    }
    async fn accepted(&self) -> Vec<Value> {
        let got = self.http.get(format!("{}/_sim/sends", self.url)).send().await.expect("answers");
        let view: Value = got.json().await.expect("is JSON");
        view.get("data").and_then(Value::as_array).cloned().unwrap_or_default()
    }
    /// Until the server really sends again, or has nothing more to send.
    async fn until_more_than(&self, before: usize) {
        for _ in 0..200 {
            if self.accepted().await.len() > before {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own client, to loopback only")]
fn client() -> reqwest::Client {
    // A second installation fails, and means that a provider is there.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .expect("a client")
}

/// One server after another on the same folder.
struct Life {
    data: PathBuf,
    simulator: String,
    database: Option<String>,
    hold: &'static str,
    port: u16,
    child: Option<Child>,
    told: Value,
    http: reqwest::Client,
}

impl Drop for Life {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Life {
    fn new(data: PathBuf, simulator: String, database: Option<String>) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        let (hold, told) = (HOLD, Value::Null);
        Self { data, simulator, database, hold, port, child: None, told, http: client() }
    }
    const fn holding(mut self, hold: &'static str) -> Self {
        self.hold = hold;
        self
    }
    fn signal(&self, which: &str) {
        let id = self.child.as_ref().map(Child::id).expect("it runs");
        let sent = Command::new("kill").args([which, &id.to_string()]).status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "the node cannot be reached by a signal"
        );
    }
    async fn start(&mut self) {
        let mut command = Command::new(binary("whatsapp-server"));
        command
            .args(["demo", "--json", "--port", &self.port.to_string(), "--data"])
            .arg(&self.data);
        command.args(["--simulator", &self.simulator]);
        command.env("AMBIGUOUS_HOLD", self.hold).env("LEASE", LEASE).env_remove("DATABASE_URL");
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let told = tokio::task::block_in_place(|| first_line(&mut child));
        self.told = told.expect("the server tells where it is");
        self.child = Some(child);
    }
    /// `kill -9`.
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ended = child.kill();
            let _reaped = child.wait();
        }
    }
    fn url(&self, path: &str) -> String {
        format!("{}{path}", text(&self.told, "/url"))
    }
    async fn get(&self, path: &str) -> Value {
        let key = text(&self.told, "/api_key");
        let got =
            self.http.get(self.url(path)).header("X-API-Key", key).send().await.expect("answers");
        got.json().await.expect("is JSON")
    }
    async fn post(&self, path: &str, body: &Value) -> Value {
        let key = text(&self.told, "/api_key");
        let sent = self.http.post(self.url(path)).header("X-API-Key", key).json(body).send().await;
        let got = sent.expect("answers");
        let (status, value) = (got.status(), got.json::<Value>().await.unwrap_or_default());
        assert!(status.is_success(), "{path}: {status} {value}");
        value
    }
    /// A campaign to typed numbers, started.
    async fn campaign(&self, people: usize) -> String {
        let templates = self.get("/api/v1/templates?status=approved").await;
        let all = templates.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        let simple = |t: &&Value| {
            let variables = t.get("variables").and_then(Value::as_array);
            variables
                .is_some_and(|v| !v.is_empty() && v.iter().all(|v| text(v, "/component") == "body"))
        };
        let template = all.iter().find(simple).expect("one is simple");
        let variables =
            template.get("variables").and_then(Value::as_array).cloned().unwrap_or_default();
        let variables: serde_json::Map<_, _> = variables
            .iter()
            .map(|v| (text(v, "/key").to_owned(), "{{name|friend}}".into()))
            .collect();
        let phones: Vec<_> = (0..people).map(|n| format!("+4479{:08}", 10_000_000 + n)).collect();
        let new = json!({"name": "Kill test", "template_id": text(template, "/id"), "audience": {"phones": phones}, "variables": variables, "rate": RATE});
        let made = self.post("/api/v1/campaigns", &new).await;
        let id = text(&made, "/id").to_owned();
        self.post(&format!("/api/v1/campaigns/{id}/start"), &json!({})).await;
        id
    }
    /// Waits until the campaign is completed, and gives everybody of it.
    async fn finished(&self, id: &str) -> Vec<Value> {
        let mut last = Value::Null;
        for _ in 0..600 {
            last = self.get(&format!("/api/v1/campaigns/{id}")).await;
            if text(&last, "/status") == "completed" {
                return self.recipients(id).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the campaign does not end: {last}");
    }
    async fn recipients(&self, id: &str) -> Vec<Value> {
        let cookie = self.sign_in().await;
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/console/campaigns/{id}/recipients?limit=200{cursor}");
            let got = self
                .http
                .get(self.url(&path))
                .header("Cookie", &cookie)
                .send()
                .await
                .expect("answers");
            let page: Value = got.json().await.expect("is JSON");
            all.extend(page.get("data").and_then(Value::as_array).cloned().unwrap_or_default());
            match page.get("next_cursor").and_then(Value::as_str) {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
    async fn sign_in(&self) -> String {
        let who = json!({"email": text(&self.told, "/admin/email"), "password": text(&self.told, "/admin/password")});
        let sent = self
            .http
            .post(self.url("/api/console/login"))
            .header("X-CSRF", "1")
            .header("Origin", text(&self.told, "/url"));
        let got = sent.json(&who).send().await.expect("answers");
        let cookie =
            got.headers().get("set-cookie").and_then(|c| c.to_str().ok()).expect("a cookie");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }
}
