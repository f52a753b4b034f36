//! Real processes: the simulated Meta, servers that are signalled, and a small balancer before them. Knows no rule.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::{TcpListener, TcpStream};

/// A binary of this build.
pub(crate) fn binary(name: &str) -> PathBuf {
    let mut folder = std::env::current_exe().expect("this test has a path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder.join(name)
}

pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a test's own client, to loopback only")]
pub(crate) fn client() -> reqwest::Client {
    // A second installation fails, and means that a provider is there.
    drop(rustls::crypto::ring::default_provider().install_default());
    // Each request finds its own way through the balancer.
    let builder = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
    builder.timeout(Duration::from_secs(20)).build().expect("a client")
}

/// How long something takes.
#[expect(clippy::disallowed_methods, reason = "how long a start takes is what is tested")]
pub(crate) async fn took<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let began = std::time::Instant::now();
    let done = work.await;
    (done, began.elapsed())
}

/// Waits until it holds, a minute at most.
pub(crate) async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..1_200 {
        if holds().await {
            return;
        }
        pause(50).await;
    }
    panic!("never: {what}");
}

pub(crate) async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

fn first_line(child: &mut Child) -> Value {
    let mut line = String::new();
    let out = child.stdout.take().expect("it has an output");
    BufReader::new(out).read_line(&mut line).expect("it speaks");
    serde_json::from_str(&line).expect("it tells where it is")
}

/// The simulated Meta.
pub(crate) struct Meta {
    child: Child,
    pub(crate) url: String,
    http: reqwest::Client,
}

impl Drop for Meta {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Meta {
    pub(crate) fn start(data: &Path) -> Self {
        let mut command = Command::new(binary("meta-simulator"));
        command.args(["--json", "--port", "0", "--seed", "11", "--data"]).arg(data);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the simulator starts");
        let world = first_line(&mut child);
        Self { child, url: text(&world, "/url").to_owned(), http: client() }
    }
    /// To whom it accepted messages.
    pub(crate) async fn reached(&self) -> Vec<String> {
        let got = self.http.get(format!("{}/_sim/sends", self.url)).send().await.expect("answers");
        let view: Value = got.json().await.expect("is JSON");
        let sends = view.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        sends.iter().map(|send| text(send, "/to").to_owned()).collect()
    }
}

/// How a server is to be started.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) data: PathBuf,
    pub(crate) simulator: String,
    pub(crate) port: u16,
    pub(crate) settings: Vec<(&'static str, String)>,
}

impl Plan {
    pub(crate) fn new(folder: &Path, meta: &Meta) -> Self {
        let free = StdListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        let settings = vec![("AMBIGUOUS_HOLD", "3s".to_owned()), ("LOG", "error".to_owned())];
        Self { data: folder.join("server"), simulator: meta.url.clone(), port, settings }
    }
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((name, value.into()));
        self
    }
    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }
    /// Another command of the same installation; its exit code, and what it said.
    pub(crate) fn command(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(binary("whatsapp-server"));
        command.args(arguments).env("NODE_ENV", "development").env("DATA_DIR", &self.data);
        command.env_remove("DATABASE_URL").envs(self.settings.iter().cloned());
        command.current_dir(&self.data).stdin(Stdio::null());
        let done = tokio::task::block_in_place(|| command.output()).expect("it runs");
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8_lossy(&said).into_owned())
    }
    pub(crate) fn start(&self) -> Server {
        // A limit on what may be written is an error of the write, not a signal.
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(binary("whatsapp-server"));
        command.args(["demo", "--json", "--port", &self.port.to_string(), "--data"]);
        command.arg(&self.data).args(["--simulator", &self.simulator]);
        command.env_remove("DATABASE_URL").envs(self.settings.iter().cloned());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let told = tokio::task::block_in_place(|| first_line(&mut child));
        Server { child, told, http: client() }
    }
}

/// A server that runs.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) told: Value,
    http: reqwest::Client,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Server {
    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
    pub(crate) fn signal(&self, which: &str) {
        run("kill", &[which, &self.child.id().to_string()]);
    }
    /// How large a file it may write, in bytes.
    pub(crate) fn may_write(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:unlimited");
        run("prlimit", &["--pid", &self.child.id().to_string(), &limit]);
    }
    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        for _ in 0..600 {
            if let Some(status) = self.child.try_wait().expect("it is a child") {
                return status;
            }
            pause(50).await;
        }
        panic!("it does not end");
    }
    /// The memory it holds, in MiB.
    pub(crate) fn memory(&self) -> u64 {
        let path = format!("/proc/{}/statm", self.child.id());
        let pages = std::fs::read_to_string(path).expect("it runs");
        let pages: u64 = pages.split(' ').nth(1).and_then(|n| n.parse().ok()).expect("pages");
        pages * 4 / 1024
    }
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", text(&self.told, "/url"))
    }
    pub(crate) async fn status(&self, path: &str) -> u16 {
        let got = self.http.get(self.url(path)).send().await;
        got.map_or(0, |got| got.status().as_u16())
    }
    pub(crate) async fn get(&self, path: &str) -> Value {
        let key = text(&self.told, "/api_key");
        let got = self.http.get(self.url(path)).header("X-API-Key", key).send().await;
        got.expect("answers").json().await.expect("is JSON")
    }
    async fn post(&self, path: &str, body: &Value) -> Value {
        let key = text(&self.told, "/api_key");
        let sent = self.http.post(self.url(path)).header("X-API-Key", key).json(body).send().await;
        let got = sent.expect("answers");
        let (status, value) = (got.status(), got.json::<Value>().await.unwrap_or_default());
        assert!(status.is_success(), "{path}: {status} {value}");
        value
    }
    /// What an administrator does in the console.
    pub(crate) async fn press(&self, path: &str) {
        let origin = text(&self.told, "/url");
        let guarded = |path: &str| {
            self.http.post(self.url(path)).header("X-CSRF", "1").header("Origin", origin)
        };
        let who = json!({"email": text(&self.told, "/admin/email"), "password": text(&self.told, "/admin/password")});
        let got = guarded("/api/console/login").json(&who).send().await.expect("answers");
        let cookie = got.headers().get("set-cookie").and_then(|c| c.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("a cookie");
        let pressed = guarded(path).header("Cookie", cookie).json(&json!({})).send().await;
        let status = pressed.expect("answers").status();
        assert!(status.is_success(), "{path}: {status}");
    }
    /// A campaign to so many people, started.
    pub(crate) async fn campaign(&self, people: usize, rate: u32) -> String {
        let templates = self.get("/api/v1/templates?status=approved&search=store_hours").await;
        let template = text(&templates, "/data/0/id").to_owned();
        let phones: Vec<_> = (0..people).map(|n| format!("+4479{:08}", 10_000_000 + n)).collect();
        let new = json!({"name": "Weather", "template_id": template,
            "audience": {"phones": phones}, "variables": {}, "rate": rate});
        let id = text(&self.post("/api/v1/campaigns", &new).await, "/id").to_owned();
        self.post(&format!("/api/v1/campaigns/{id}/start"), &json!({})).await;
        id
    }
    pub(crate) async fn completed(&self, id: &str) -> bool {
        let path = format!("/api/v1/campaigns/{id}");
        text(&self.get(&path).await, "/status") == "completed"
    }
}

fn run(program: &str, arguments: &[&str]) {
    let done = Command::new(program).args(arguments).status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "{program} {arguments:?} does not work here"
    );
}

/// Calls of Meta's, as Meta signs them.
#[derive(Clone)]
pub(crate) struct Caller {
    secret: String,
    phone_number_id: String,
    waba_id: String,
    http: reqwest::Client,
}

impl Caller {
    pub(crate) fn of(server: &Server) -> Self {
        Self {
            secret: text(&server.told, "/webhook/app_secret").to_owned(),
            phone_number_id: text(&server.told, "/channel/phone_number_id").to_owned(),
            waba_id: text(&server.told, "/channel/waba_id").to_owned(),
            http: client(),
        }
    }
    /// Somebody writes for the `nth` time; gives the status of the answer, 0 for none.
    pub(crate) async fn call(&self, base: &str, nth: usize) -> u16 {
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": self.waba_id, "changes": [{
            "field": "messages", "value": {"messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "1", "phone_number_id": self.phone_number_id},
            "contacts": [{"profile": {"name": "A"}, "wa_id": "5511900000000"}],
            "messages": [{"from": "5511900000000", "id": format!("wamid.weather-{nth}"),
                "timestamp": "1772442000", "type": "text", "text": {"body": format!("weather-{nth}")}}]
        }}]}]})
        .to_string();
        let mut mac: Hmac<Sha256> =
            Hmac::new_from_slice(self.secret.as_bytes()).expect("any length");
        mac.update(body.as_bytes());
        let hex: String =
            mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let call = self.http.post(format!("{base}/api/webhooks/whatsapp")).body(body);
        let sent = call.header("X-Hub-Signature-256", format!("sha256={hex}")).send().await;
        sent.map_or(0, |got| got.status().as_u16())
    }
}

/// Sends each connection to a node that is ready.
#[derive(Clone)]
pub(crate) struct Balancer {
    pub(crate) url: String,
    nodes: Arc<Vec<(SocketAddr, AtomicBool)>>,
}

impl Balancer {
    pub(crate) async fn before(nodes: &[Plan]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let nodes = nodes.iter().map(|plan| (plan.address(), AtomicBool::new(true)));
        let balancer = Self { url, nodes: Arc::new(nodes.collect()) };
        tokio::spawn(balancer.clone().look());
        tokio::spawn(balancer.clone().carry(listener));
        balancer
    }
    async fn look(self) {
        let http = client();
        loop {
            for (address, ready) in self.nodes.iter() {
                let got = http.get(format!("http://{address}/readyz")).send().await;
                ready.store(got.is_ok_and(|got| got.status().is_success()), Ordering::SeqCst);
            }
            pause(40).await;
        }
    }
    async fn carry(self, listener: TcpListener) {
        let next = AtomicUsize::new(0);
        while let Ok((mut client, _)) = listener.accept().await {
            let ready: Vec<_> =
                self.nodes.iter().filter(|node| node.1.load(Ordering::SeqCst)).collect();
            let turn = next.fetch_add(1, Ordering::SeqCst);
            let Some(node) = ready.get(turn % ready.len().max(1)) else { continue };
            let address = node.0;
            tokio::spawn(async move {
                if let Ok(mut server) = TcpStream::connect(address).await {
                    // Either side may end it.
                    drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
                }
            });
        }
    }
}

/// Counts answers by status.
#[derive(Clone, Default)]
pub(crate) struct Answers(Arc<Mutex<Vec<u16>>>);

impl Answers {
    pub(crate) fn note(&self, status: u16) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(status);
    }
    /// How many there were, and those that were no success.
    pub(crate) fn told(&self) -> (usize, Vec<u16>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let bad = all.iter().copied().filter(|status| !(200..300).contains(status)).collect();
        (all.len(), bad)
    }
}
