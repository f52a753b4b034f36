//! One server after another on the same folder, as an operator's supervisor starts it: killed, frozen, started again.
//! `cargo xtask bench kill` uses it too.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::meta::{binary, client, first_line, text};

/// How the server is set, and how fast the campaign goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// `AMBIGUOUS_HOLD`: longer than the slowest repetition of a webhook here.
    pub(crate) hold: &'static str,
    /// `LEASE`.
    pub(crate) lease: &'static str,
    /// Messages a second: so slow that the campaign outlasts the blows.
    pub(crate) rate: u32,
    /// Tries, 200 ms apart, until the campaign must be over.
    pub(crate) patience: u32,
}

/// One server after another on the same folder.
pub(crate) struct Life {
    data: PathBuf,
    simulator: String,
    database: Option<String>,
    pace: Pace,
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
    pub(crate) fn new(
        data: PathBuf,
        simulator: String,
        database: Option<String>,
        pace: Pace,
    ) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        let told = Value::Null;
        Self { data, simulator, database, pace, port, child: None, told, http: client() }
    }
    pub(crate) fn signal(&self, which: &str) {
        let id = self.child.as_ref().map(Child::id).expect("it runs");
        let sent = Command::new("kill").args([which, &id.to_string()]).status();
        assert!(
            sent.is_ok_and(|status| status.success()),
            "the node cannot be reached by a signal"
        );
    }
    pub(crate) async fn start(&mut self) {
        let mut command = Command::new(binary("whatsapp-server"));
        command
            .args(["demo", "--json", "--port", &self.port.to_string(), "--data"])
            .arg(&self.data);
        command.args(["--simulator", &self.simulator]);
        command.env("AMBIGUOUS_HOLD", self.pace.hold).env("LEASE", self.pace.lease);
        command.env_remove("DATABASE_URL");
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let told = tokio::task::block_in_place(|| first_line(&mut child));
        self.told = told.expect("the server tells where it is");
        self.child = Some(child);
    }
    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ended = child.kill();
            let _reaped = child.wait();
        }
    }
    fn url(&self, path: &str) -> String {
        format!("{}{path}", text(&self.told, "/url"))
    }
    pub(crate) async fn get(&self, path: &str) -> Value {
        let key = text(&self.told, "/api_key");
        let got =
            self.http.get(self.url(path)).header("X-API-Key", key).send().await.expect("answers");
        got.json().await.expect("is JSON")
    }
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let key = text(&self.told, "/api_key");
        let sent = self.http.post(self.url(path)).header("X-API-Key", key).json(body).send().await;
        let got = sent.expect("answers");
        let (status, value) = (got.status(), got.json::<Value>().await.unwrap_or_default());
        assert!(status.is_success(), "{path}: {status} {value}");
        value
    }
    /// A campaign to typed numbers, started.
    pub(crate) async fn campaign(&self, people: usize) -> String {
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
        let new = json!({"name": "Kill test", "template_id": text(template, "/id"), "audience": {"phones": phones}, "variables": variables, "rate": self.pace.rate});
        let made = self.post("/api/v1/campaigns", &new).await;
        let id = text(&made, "/id").to_owned();
        self.post(&format!("/api/v1/campaigns/{id}/start"), &json!({})).await;
        id
    }
    /// Waits until the campaign is completed, and gives everybody of it.
    pub(crate) async fn finished(&self, id: &str) -> Vec<Value> {
        let mut last = Value::Null;
        for _ in 0..self.pace.patience {
            last = self.get(&format!("/api/v1/campaigns/{id}")).await;
            if text(&last, "/status") == "completed" {
                return self.recipients(id).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the campaign does not end: {last}");
    }
    pub(crate) async fn recipients(&self, id: &str) -> Vec<Value> {
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
    pub(crate) async fn sign_in(&self) -> String {
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
