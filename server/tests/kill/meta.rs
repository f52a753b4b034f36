//! The simulated Meta, in a process of its own that is never killed, and what it does wrong. `cargo xtask bench kill`
//! uses it too.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A text in what was told.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A binary of this build.
pub(crate) fn binary(name: &str) -> PathBuf {
    let mut folder = std::env::current_exe().expect("this test has a path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder.join(name)
}

/// What a process says first.
pub(crate) fn first_line(child: &mut Child) -> Option<Value> {
    let mut line = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}

/// What was accepted is read by so many at once.
const PAGE: usize = 5_000;

/// The simulated Meta, in a process that is never killed.
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
    pub(crate) async fn start(data: &Path) -> Self {
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
    pub(crate) async fn misbehave(&self) {
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
    /// Everything that was ever accepted, page by page.
    pub(crate) async fn accepted(&self) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let page = self.accepted_after(all.len(), PAGE).await;
            let last = page.len() < PAGE;
            all.extend(page);
            if last {
                return all;
            }
        }
    }
    async fn accepted_after(&self, after: usize, limit: usize) -> Vec<Value> {
        let url = format!("{}/_sim/sends?after={after}&limit={limit}", self.url);
        let got = self.http.get(url).send().await.expect("answers");
        let view: Value = got.json().await.expect("is JSON");
        view.get("data").and_then(Value::as_array).cloned().unwrap_or_default()
    }
    /// Until the server really sends again, or has nothing more to send.
    pub(crate) async fn until_more_than(&self, before: usize) {
        for _ in 0..200 {
            if !self.accepted_after(before, 1).await.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own client, to loopback only")]
pub(crate) fn client() -> reqwest::Client {
    // A second installation fails, and means that a provider is there.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .expect("a client")
}
