//! The simulated Meta of the demonstration: a process of its own, so that it lives on its own log; it ends when
//! we do, even if we are killed, since it then loses its standard input.

use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use url::Url;
use whatsapp_cloud::simulator::cli::Arguments;
use whatsapp_core::Secret;

use super::file::Kept;
use crate::cli::DemoArguments;
use crate::commands::{print, said};

/// How long it may take to start: the one before may still be letting go of the folder.
const START: Duration = Duration::from_secs(20);
const ANSWER_MAX: u64 = 1024 * 1024;

/// What the simulated Meta says of itself.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) url: String,
    pub(super) app_id: String,
    pub(super) app_secret: Secret,
    pub(super) access_token: Secret,
    pub(super) numbers: Vec<Number>,
}

/// One of its numbers.
#[derive(Clone, Debug)]
pub(super) struct Number {
    pub(super) id: String,
    pub(super) waba: String,
    pub(super) phone: String,
}

impl World {
    /// Reads `GET /_sim/world`, which is also the first line that the process prints.
    fn read(world: &Value) -> Option<Self> {
        let text = |value: &Value, pointer: &str| {
            value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
        };
        let mut numbers = Vec::new();
        for account in world.get("wabas")?.as_array()? {
            let waba = text(account, "/id")?;
            for number in account.get("phone_numbers")?.as_array()? {
                let (id, phone) = (text(number, "/id")?, text(number, "/phone")?);
                numbers.push(Number { id, waba: waba.clone(), phone });
            }
        }
        Some(Self {
            url: text(world, "/url")?.trim_end_matches('/').to_owned(),
            app_id: text(world, "/app/id")?,
            app_secret: Secret::new(text(world, "/app/secret")?),
            access_token: Secret::new(text(world, "/access_token")?),
            numbers,
        })
    }
}

/// A simulator that runs, here or elsewhere.
pub(super) struct Simulator {
    pub(super) world: World,
    child: Option<Child>,
}

impl Simulator {
    /// The one at the given address, else one of our own.
    pub(super) async fn find(
        arguments: &DemoArguments,
        data: &Path,
        kept: &mut Kept,
    ) -> Result<Self, String> {
        if let Some(url) = &arguments.simulator {
            let mut world = parsed(&fetch_world(url).await?)?;
            // As we reach it, not as it names itself.
            url.trim_end_matches('/').clone_into(&mut world.url);
            return Ok(Self { world, child: None });
        }
        let beside = arguments.port.checked_add(1).filter(|_| arguments.port != 0);
        let port = kept.simulator_port.or(beside).unwrap_or(0);
        let started = match start(data, port).await {
            Err(_) if port != 0 => start(data, 0).await?,
            other => other?,
        };
        let port = Url::parse(&started.world.url).ok().and_then(|url| url.port());
        if kept.simulator_port != port {
            kept.simulator_port = port;
            kept.save()?;
        }
        Ok(started)
    }
    /// Ends our own.
    pub(super) async fn stop(self) {
        if let Some(mut child) = self.child {
            drop(child.stdin.take());
            if tokio::time::timeout(Duration::from_secs(5), child.wait()).await.is_err()
                && let Err(error) = child.kill().await
            {
                tracing::warn!(%error, "the simulator does not end");
            }
        }
    }
}

async fn start(data: &Path, port: u16) -> Result<Simulator, String> {
    let program = std::env::current_exe().map_err(said)?;
    let mut command = Command::new(program);
    command.args(["simulator", "--json", "--port", &port.to_string(), "--data"]);
    command.arg(data.join("simulator")).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child =
        command.spawn().map_err(|error| format!("the simulator cannot be started: {error}"))?;
    let out = child.stdout.take().ok_or("the simulator has no output")?;
    let mut line = String::new();
    let read = tokio::time::timeout(START, BufReader::new(out).read_line(&mut line)).await;
    match read {
        Ok(Ok(length)) if length > 0 => Ok(Simulator { world: parsed(&line)?, child: Some(child) }),
        _ => Err(format!("the simulator does not start on port {port}")),
    }
}

fn parsed(text: &str) -> Result<World, String> {
    let world: Value = serde_json::from_str(text)
        .map_err(|e| format!("the simulator's world cannot be read: {e}"))?;
    World::read(&world).ok_or_else(|| "the simulator's world has not the expected form".into())
}

/// One request to a simulator on this machine: HTTP/1.0, so that the answer ends with the connection.
async fn fetch_world(url: &str) -> Result<String, String> {
    let address = Url::parse(url).map_err(|error| format!("{url} is no address: {error}"))?;
    let host = address.host_str().unwrap_or_default().to_owned();
    let port = address.port_or_known_default().unwrap_or(80);
    let failed = |error: std::io::Error| format!("no simulator answers at {url}: {error}");
    let mut stream =
        TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(failed)?;
    let request = format!("GET /_sim/world HTTP/1.0\r\nhost: {host}:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.map_err(failed)?;
    let mut answer = String::new();
    stream.take(ANSWER_MAX).read_to_string(&mut answer).await.map_err(failed)?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.contains(" 200 ") => Ok(body.to_owned()),
        _ => Err(format!("what answers at {url} is no simulator")),
    }
}

/// The process itself: prints its world, then serves until its standard input ends or somebody stops it.
///
/// # Errors
/// A sentence when it cannot start.
pub async fn process(arguments: Arguments) -> Result<(), String> {
    crate::telemetry::install_logs("warn", false);
    let running = arguments.start().await.map_err(said)?;
    print(&running.world.to_string())?;
    // The terminal sends its interrupt to all of us; the demo then ends us in its own time.
    let mut ended =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(said)?;
    let mut interrupts =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).map_err(said)?;
    let mut orphaned = input_ended();
    loop {
        tokio::select! {
            _ = ended.recv() => break,
            _ = interrupts.recv() => {}
            _ = &mut orphaned => break,
        }
    }
    running.stop().await;
    Ok(())
}

/// Tells when standard input ends: then whoever started us is gone. A thread of its own, since a read of
/// standard input cannot be called off.
fn input_ended() -> tokio::sync::oneshot::Receiver<()> {
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut bytes = [0_u8; 64];
        while matches!(std::io::stdin().lock().read(&mut bytes), Ok(n) if n > 0) {}
        if tell.send(()).is_err() {
            tracing::debug!("standard input ended while the simulator was ending");
        }
    });
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_world_is_read() {
        let text = r#"{"url":"http://127.0.0.1:9/","app":{"id":"1","secret":"s"},"access_token":"t",
            "wabas":[{"id":"w","phone_numbers":[{"id":"p","phone":"+551"}]}]}"#;
        let world = parsed(text).expect("reads");
        assert_eq!((world.url.as_str(), world.numbers.len()), ("http://127.0.0.1:9", 1));
        assert!(parsed("{}").is_err());
    }
}
