//! `fanout`: a thousand open consoles of one business, twenty customers' messages a second, each of them told to every
//! console: from the moment the webhook call was due until the event is there, and what that costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use whatsapp_core::Env;

use super::Asked;
use crate::child::Process;
use crate::hooks::{self, Signer};
use crate::node::Node;
use crate::report::{Report, Row, at_least, at_most, times_at_most};
use crate::spread::Spread;
use crate::stage::{EMAIL, PASSWORD, Stage};
use crate::wire::Line;
use crate::{Outcome, graph};

/// Calls a second.
const RATE: u64 = 20;
/// What a text carries, so that its event is known again.
const MARK: &str = "fan-";
/// Events of the last call may take so long.
const TAIL: Duration = Duration::from_secs(5);

type Socket = WebSocketStream<TcpStream>;

/// What one server showed.
struct Shown {
    spread: Spread,
    expected: usize,
    /// Processor microseconds for an event at one console.
    cpu: f64,
    /// Memory for one console, in kB.
    each: f64,
}

/// Where to connect and call.
struct Target<'t> {
    process: &'t Process,
    calls: String,
    sockets: String,
    cookie: String,
    secret: String,
}

pub(super) async fn play(asked: &Asked) -> Outcome<Report> {
    let mut report = asked.report("fanout");
    let (consoles, seconds) = (asked.choose(200, 1_000), asked.choose(5, 30));
    println!("   base-socketio");
    let secret = "a-secret-of-the-baselines";
    let (process, told) = Process::telling(&["base", "socketio", secret]).await?;
    let said = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (calls, sockets) = (said("address"), said("sockets"));
    let target =
        Target { process: &process, calls, sockets, cookie: String::new(), secret: secret.into() };
    let mut base = measure(&target, consoles, seconds).await?;
    println!("   whatsapp-server");
    let stage = Stage::set(asked.engine, 1).await?;
    let node = Node::start(&stage).await?;
    let target = Target {
        process: &node.process,
        calls: node.address.clone(),
        sockets: node.address.clone(),
        cookie: node.sign_in(EMAIL, PASSWORD).await?,
        secret: stage.app_secret.clone(),
    };
    let mut ours = measure(&target, consoles, seconds).await?;
    let name = "base-socketio";
    report
        .row(Row::new("call to event, p50", ours.spread.p50(), "ms").base(name, base.spread.p50()));
    let p99 = Row::new("call to event, p99", ours.spread.p99(), "ms").base(name, base.spread.p99());
    report.row(p99.goal("G10", times_at_most(1.5), times_at_most(1.0)));
    let delivered = ours.spread.len() as f64 * 100.0 / ours.expected as f64;
    let base_delivered = base.spread.len() as f64 * 100.0 / base.expected as f64;
    let delivered = Row::new("events that arrived", delivered, "%").base(name, base_delivered);
    report.row(delivered.goal("G10", at_least(100.0), at_least(100.0)));
    let cpu =
        Row::new("processor for an event at one console", ours.cpu, "µs").base(name, base.cpu);
    report.row(cpu.goal("G10", times_at_most(0.75), times_at_most(0.5)));
    let each = Row::new("memory for a console", ours.each, "kB").base(name, base.each);
    report.row(each.goal("G10", at_most(60.0), at_most(20.0)));
    report.note(format!("{consoles} consoles with one session, {RATE} calls a second for {seconds} s. The product stores each message before it tells anybody, the baseline stores nothing. The goal names Socket.IO on Node; base-socketio stands for it here, and is measured in the same run."));
    Ok(report)
}

async fn measure(target: &Target<'_>, consoles: usize, seconds: u64) -> Outcome<Shown> {
    let before = target.process.resident();
    let mut sockets = Vec::with_capacity(consoles);
    for _ in 0..consoles {
        sockets.push(open(&target.sockets, &target.cookie).await?);
    }
    sleep(Duration::from_secs(1)).await;
    let each = (target.process.resident() - before) * 1_000.0 / consoles as f64;
    let calls = RATE * seconds;
    let begin = Instant::now() + Duration::from_millis(100);
    let (end, ended) = watch::channel(false);
    let seen = Arc::new(AtomicU64::new(0));
    let mut listening = JoinSet::new();
    for socket in sockets {
        listening.spawn(listen(socket, begin, calls, Arc::clone(&seen), ended.clone()));
    }
    let cpu = target.process.cpu();
    call(target, begin, calls).await?;
    let expected = calls * consoles as u64;
    let last = Instant::now();
    while seen.load(Ordering::Relaxed) < expected && last.elapsed() < TAIL {
        sleep(Duration::from_millis(20)).await;
    }
    let cpu = (target.process.cpu() - cpu) * 1_000_000.0 / expected as f64;
    end.send(true)?;
    let mut spread = Spread::default();
    while let Some(part) = listening.join_next().await {
        spread.join(part?);
    }
    Ok(Shown { spread, expected: usize::try_from(expected)?, cpu, each })
}

fn due(begin: Instant, nth: u64) -> Instant {
    begin + Duration::from_secs_f64(nth as f64 / RATE as f64)
}

/// Calls in their moments, over one connection: twenty a second are few.
async fn call(target: &Target<'_>, begin: Instant, calls: u64) -> Outcome {
    let (signer, env) = (Signer::new(&target.secret), Env::system());
    let mut line = Line::open(&target.calls).await?;
    for nth in 0..calls {
        sleep_until(due(begin, nth)).await;
        let id = format!("wamid.FAN{}", env.uuid().simple());
        let from = hooks::phone(nth % 50);
        let body = hooks::texts(&graph::number_id(0), &from, &[id], env.now().seconds());
        let body = body.replace("Hello!", &format!("Hello {MARK}{nth}!"));
        let headers = hooks::headers(&signer, body.as_bytes());
        let reply = line.exchange("POST", hooks::PATH, &headers, body.as_bytes()).await?;
        if reply.status != 200 {
            return Err(format!("a call is answered with {}", reply.status).into());
        }
    }
    Ok(())
}

/// Opens a console's connection, as the browser does, and waits until it hears everything.
async fn open(address: &str, cookie: &str) -> Outcome<Socket> {
    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("Cookie", HeaderValue::from_str(cookie)?);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    next(&mut socket, "0").await?;
    socket.send(Message::Text(Utf8Bytes::from_static("40/console,"))).await?;
    next(&mut socket, "40/console").await?;
    next(&mut socket, "42/console,[\"ready\"").await?;
    Ok(socket)
}

/// Waits for a frame that begins so; a ping is answered.
async fn next(socket: &mut Socket, begins: &str) -> Outcome {
    loop {
        let waiting = tokio::time::timeout(Duration::from_secs(10), socket.next());
        match waiting.await? {
            Some(Ok(Message::Text(text))) if text == PING => socket.send(pong()).await?,
            Some(Ok(Message::Text(text))) if text.starts_with(begins) => return Ok(()),
            other => return Err(format!("instead of {begins}: {other:?}").into()),
        }
    }
}

const PING: &str = "2";

fn pong() -> Message {
    Message::Text(Utf8Bytes::from_static("3"))
}

/// Hears events until the end; each counts once.
async fn listen(
    mut socket: Socket,
    begin: Instant,
    calls: u64,
    seen: Arc<AtomicU64>,
    mut ended: watch::Receiver<bool>,
) -> Spread {
    let mut spread = Spread::default();
    let mut heard = vec![false; usize::try_from(calls).unwrap_or_default()];
    loop {
        let frame = tokio::select! {
            frame = socket.next() => frame,
            _ = ended.changed() => return spread,
        };
        let Some(Ok(frame)) = frame else { return spread };
        let Message::Text(text) = frame else { continue };
        if text == PING {
            // A ping; whoever cannot answer will hear nothing more.
            if socket.send(pong()).await.is_err() {
                return spread;
            }
            continue;
        }
        for nth in marks(&text) {
            let first = heard.get_mut(nth as usize).filter(|heard| !**heard);
            if let Some(first) = first {
                *first = true;
                spread.add(due(begin, nth).elapsed());
                seen.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// The numbers of the calls that a frame speaks of.
fn marks(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.match_indices(MARK).filter_map(|(at, _)| {
        let rest = text.get(at + MARK.len()..)?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::marks;

    #[test]
    fn a_frame_s_marks_are_found() {
        let found: Vec<_> =
            marks(r#"42/console,["events",{"a":"fan-7!","b":"fan-12!"}]"#).collect();
        assert_eq!(found, [7, 12]);
        assert_eq!(marks("nothing").count(), 0);
    }
}
