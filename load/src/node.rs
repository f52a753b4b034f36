//! The server under test: the release program, started as an operator starts it, on its own folder or database.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::Instant;

use crate::Outcome;
use crate::child::{self, Process};
use crate::stage::Stage;
use crate::wire::{self, Reply};

/// Where the search for a free port begins.
static NEXT_PORT: AtomicU16 = AtomicU16::new(21_000);
/// How long a start may take.
const START: Duration = Duration::from_secs(60);

/// A running server.
pub(crate) struct Node {
    pub(crate) process: Process,
    /// `host:port`.
    pub(crate) address: String,
    /// From the start of the program until it was ready.
    pub(crate) started_in: Duration,
    key: String,
}

/// A free port of loopback, below those that the kernel gives to connections: whoever tries to reach a server that has
/// just been killed could otherwise be given its port and talk to himself.
pub(crate) fn free_port() -> Outcome<u16> {
    let first = NEXT_PORT.load(Ordering::Relaxed);
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let port = (first..32_000).find(free).ok_or("there is no free port")?;
    NEXT_PORT.store(port + 1, Ordering::Relaxed);
    Ok(port)
}

impl Node {
    /// Starts one on a stage and waits until it is ready.
    ///
    /// # Errors
    /// When it does not become ready.
    pub(crate) async fn start(stage: &Stage) -> Outcome<Self> {
        Self::start_on(stage, free_port()?, &stage.data()).await
    }
    /// The same on a given port, with a folder of its own.
    ///
    /// # Errors
    /// When it does not become ready.
    pub(crate) async fn start_on(stage: &Stage, port: u16, data: &Path) -> Outcome<Self> {
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(child::server()?);
        command.arg("serve").env_clear();
        for (name, value) in [
            ("NODE_ENV", "production"),
            ("HOST", "127.0.0.1"),
            ("LOG", "warn"),
            ("DRAIN_DELAY", "0"),
            ("WEBHOOK_VERIFY_TOKEN", "the-load-scenarios-verify-token"),
            ("META_APP_SECRET", &stage.app_secret),
            ("SEAL_KEY", &stage.seal_key),
            ("SESSION_SECRET", &stage.session_secret),
            ("DATABASE_URL", &stage.database),
            ("AMBIGUOUS_HOLD", &stage.hold),
            ("LEASE", &stage.lease),
        ] {
            command.env(name, value);
        }
        command.env("PORT", port.to_string()).env("PUBLIC_URL", format!("http://{address}"));
        command.env("DATA_DIR", data);
        command.env("GRAPH_BASE_URL", format!("http://{}", stage.graph.address));
        command.current_dir(stage.folder.path());
        let begin = Instant::now();
        let mut process = Process::start(&mut command)?;
        loop {
            let ready = wire::once(&address, "GET", "/readyz", "", b"").await;
            if ready.is_ok_and(|reply| reply.status == 200) {
                let started_in = begin.elapsed();
                return Ok(Self { process, address, started_in, key: stage.api_key.clone() });
            }
            if process.has_ended()? || begin.elapsed() > START {
                return Err("the server does not become ready".into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    /// The headers of a program's request.
    pub(crate) fn program(&self) -> String {
        format!("X-API-Key: {}\r\nContent-Type: application/json\r\n", self.key)
    }
    /// Asks as a program.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) async fn get(&self, path: &str) -> Outcome<Value> {
        let reply = wire::once(&self.address, "GET", path, &self.program(), b"").await?;
        accepted(path, &reply)
    }
    /// Does something as a program.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        let (headers, body) = (self.program(), body.to_string());
        let reply = wire::once(&self.address, "POST", path, &headers, body.as_bytes()).await?;
        accepted(path, &reply)
    }
    /// Signs a person in; answers the cookie.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Outcome<String> {
        let headers = format!(
            "Content-Type: application/json\r\nX-CSRF: 1\r\nOrigin: http://{}\r\n",
            self.address
        );
        let body = json!({"email": email, "password": password}).to_string();
        let path = "/api/console/login";
        let reply = wire::once(&self.address, "POST", path, &headers, body.as_bytes()).await?;
        accepted(path, &reply)?;
        reply.cookie.ok_or_else(|| "signing in gives no cookie".into())
    }
    /// Makes a campaign to a group and starts it; answers its id.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) async fn campaign(&self, template: &str, group: &str) -> Outcome<String> {
        let new = json!({
            "name": "Load", "template_id": template, "audience": {"group_ids": [group]},
            "variables": {"body.1": "{{name|friend}}", "body.2": "40%"},
        });
        let made = self.post("/api/v1/campaigns", &new).await?;
        let id = made.get("id").and_then(Value::as_str).ok_or("a campaign has an id")?.to_owned();
        self.post(&format!("/api/v1/campaigns/{id}/start"), &json!({})).await?;
        Ok(id)
    }
    /// The state of a campaign.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) async fn look(&self, campaign: &str) -> Outcome<Value> {
        self.get(&format!("/api/v1/campaigns/{campaign}")).await
    }
    /// Waits until a campaign is completed, and gives its last state.
    ///
    /// # Errors
    /// When it takes longer than `patience`, or ends otherwise.
    pub(crate) async fn completed(&self, campaign: &str, patience: Duration) -> Outcome<Value> {
        let begin = Instant::now();
        loop {
            let state = self.look(campaign).await?;
            match state.get("status").and_then(Value::as_str) {
                Some("completed") => return Ok(state),
                Some("failed" | "cancelled" | "paused") => {
                    return Err(format!("the campaign stopped: {state}").into());
                }
                _ if begin.elapsed() > patience => {
                    return Err(format!("the campaign does not end: {state}").into());
                }
                _ => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }
}

fn accepted(path: &str, reply: &Reply) -> Outcome<Value> {
    if (200..300).contains(&reply.status) {
        return Ok(serde_json::from_slice(&reply.body).unwrap_or_default());
    }
    let said = String::from_utf8_lossy(&reply.body);
    Err(format!("{path}: {} {said}", reply.status).into())
}
