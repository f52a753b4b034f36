//! How much the client costs above a bare HTTP connection: messages a second to the simulator over HTTP, through
//! `GraphClient`, and through a loop around a bare HTTP connection that sends the same bodies and reads the answers. Both in
//! the same run, in turns, with the same number of connections. Run it by `cargo xtask bench client`.
#![expect(clippy::print_stdout, reason = "a bench says what it measured, or fails")]

use std::error::Error;
use std::time::{Duration, Instant};

use axum::body::Body;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use whatsapp_cloud::send::to_wire;
use whatsapp_cloud::simulator::{Faults, Simulator, SimulatorConfig, serve};
use whatsapp_cloud::{Access, GraphClient, GraphSettings, Messaging, OutgoingMessage, Recipient};
use whatsapp_core::{Content, Env};

const CONNECTIONS: usize = 16;
const EACH: usize = 400;
const ROUNDS: usize = 7;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let meta = serve(SimulatorConfig::default()).await?;
    let access = Simulator::new(7, Env::system()).access(0).ok_or("it has a number")?;
    let address = meta.addr.to_string();
    unlimited(&address).await?;
    let client = GraphClient::new(GraphSettings::default().with_base(meta.url()))?;
    let (mut bare_rates, mut client_rates) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let bare = rate(|worker| bare_loop(address.clone(), access.clone(), worker)).await?;
        let ours = rate(|worker| client_loop(client.clone(), access.clone(), worker)).await?;
        if round > 0 {
            bare_rates.push(bare); // the first round only warms up
            client_rates.push(ours);
        }
    }
    meta.stop().await;
    let (bare, ours) = (median(&mut bare_rates), median(&mut client_rates));
    println!("connections          {CONNECTIONS:>10}");
    println!("bare HTTP loop       {bare:>10.0} requests/s   (median of {ROUNDS})");
    println!("GraphClient          {ours:>10.0} requests/s   (median of {ROUNDS})");
    println!("client / bare        {:>10.2}   (must be at least 0.80)", ours / bare);
    if ours / bare < 0.8 {
        return Err("the client is too slow beside the bare loop".into());
    }
    Ok(())
}

async fn rate<F>(work: impl Fn(usize) -> F) -> Result<f64, Failure>
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let start = now();
    let mut workers = JoinSet::new();
    for worker in 0..CONNECTIONS {
        workers.spawn(work(worker));
    }
    while let Some(ended) = workers.join_next().await {
        ended??;
    }
    let requests = u32::try_from(CONNECTIONS * EACH).unwrap_or(u32::MAX);
    Ok(f64::from(requests) / start.elapsed().max(Duration::from_nanos(1)).as_secs_f64())
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}

fn median(rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

fn message(worker: usize, n: usize) -> OutgoingMessage {
    let to = format!("+55119{:08}", worker * EACH + n);
    let text =
        "Your order 4711 is on its way and will arrive on Thursday between 10 and 12 o'clock.";
    OutgoingMessage::new(Recipient::from_address(&to), Content::text(text))
}

async fn client_loop(client: GraphClient, access: Access, worker: usize) -> Result<(), Failure> {
    for n in 0..EACH {
        client.send(&access, &message(worker, n)).await?;
    }
    Ok(())
}

/// The same calls by the least HTTP client there is: one connection of hyper's each, nothing above it.
async fn bare_loop(address: String, access: Access, worker: usize) -> Result<(), Failure> {
    let stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake::<_, Body>(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    for n in 0..EACH {
        let body = serde_json::to_vec(&to_wire(&message(worker, n))?)?;
        let request = hyper::Request::post(format!("/v25.0/{}/messages", access.phone_number_id))
            .header("host", &address)
            .header("authorization", format!("Bearer {}", access.token.expose()))
            .header("content-type", "application/json")
            .body(Body::from(body))?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let bytes = axum::body::to_bytes(Body::new(answer.into_body()), 1 << 20).await?;
        if !status.is_success() {
            return Err(String::from_utf8_lossy(&bytes).into_owned().into());
        }
        serde_json::from_slice::<serde_json::Value>(&bytes)?;
    }
    drop(sender);
    driver.await?.map_err(Into::into)
}

/// Lets everything pass: this is about the client, not about limits.
async fn unlimited(address: &str) -> Result<(), Failure> {
    let mut faults = Faults::default();
    faults.limits.per_second = u32::MAX;
    let body = serde_json::to_string(&faults)?;
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "PUT /_sim/faults HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(answer.into()) }
}
