//! What the engine itself costs, without sockets: webhook calls taken and applied, and campaigns sent over many
//! numbers to a Meta that answers at once, by the real platform and its real worker. Beside each figure stands that of
//! the least statements that would do on the same database. Run it by `cargo xtask bench engine`;
//! `ENGINE_DATABASE` names another database than a new SQLite file, `ENGINE_ONLY` one of the parts.
#![expect(clippy::print_stdout, reason = "a bench says what it measured, or fails")]

mod bare;
mod clock;
mod meta;
mod shop;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use object_store::memory::InMemory;
use tokio_util::sync::CancellationToken;
use whatsapp_core::event::JournalOutcome;
use whatsapp_core::{Env, Secret};
use whatsapp_platform::{Platform, Settings};
use whatsapp_storage::Store;
use whatsapp_storage::sql::SqlStore;

use clock::Watch;
use shop::Shop;

type Failure = Box<dyn Error + Send + Sync>;

/// Numbers with the highest throughput.
const NUMBERS: usize = 10;
/// Recipients of each number's campaign.
const PEOPLE: usize = 6_000;
/// Webhook calls with one message each, each of a person of his own.
const CALLS: usize = 20_000;
/// So many calls wait for their answer at once.
const AT_ONCE: usize = 256;
const SECRET: &str = "the app secret of the bench";

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let lite = format!("sqlite:{}", folder.path().join("engine.db").display());
    let url = std::env::var("ENGINE_DATABASE").unwrap_or(lite);
    let only = std::env::var("ENGINE_ONLY").unwrap_or_default();
    let wanted = |part: &str| only.is_empty() || only == part;
    println!("database {}", url.split(':').next().unwrap_or_default());
    let env = Env::system();
    let store: Arc<dyn Store> = Arc::new(SqlStore::connect(&url, env.clone()).await?);
    let mut settings = Settings::default();
    settings.app_secret = Some(Secret::from(SECRET));
    let platform = Platform::builder()
        .shared_store(Arc::clone(&store))
        .shared_cloud(Arc::new(meta::AtOnce::new(NUMBERS)))
        .files(InMemory::new())
        .seal_key(Secret::from("a sealing key for the bench, longer than it must be"))
        .env(env)
        .settings(settings)
        .build()
        .await?;
    let shop = Shop::open(&platform, &*store, NUMBERS, PEOPLE).await?;
    if wanted("receive") {
        receive(&platform, &shop, "text").await?;
    }
    if wanted("send") {
        send(&platform, &shop).await?;
    }
    if wanted("status") {
        receive(&platform, &shop, "status").await?;
    }
    if wanted("bare") {
        bare::measure(&url).await?;
    }
    Ok(())
}

fn work(platform: &Platform) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let (stop, worker) = (CancellationToken::new(), platform.worker());
    let stopped = stop.clone();
    let task = tokio::spawn(worker.run(stopped));
    (stop, task)
}

/// Taking calls while the worker applies them.
async fn receive(platform: &Platform, shop: &Shop, kind: &'static str) -> Result<(), Failure> {
    let calls: Vec<_> = match kind {
        "text" => shop.texts(CALLS),
        _ => shop.statuses().await?,
    };
    let n = calls.len();
    let calls = Arc::new(std::sync::Mutex::new(calls));
    let before = settled(platform).await?;
    let (stop, worker) = work(platform);
    let watch = Watch::start();
    let mut takers = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (platform, calls) = (platform.clone(), Arc::clone(&calls));
        takers.spawn(async move {
            let mut late = Vec::new();
            loop {
                let next = calls.lock().map_or(None, |mut calls| calls.pop());
                let Some((signature, body)) = next else { return Ok::<_, Failure>(late) };
                let waited = Watch::start();
                platform.deliver(Some(&signature), body.into()).await?;
                late.push(waited.millis());
            }
        });
    }
    let mut late = Vec::new();
    while let Some(ended) = takers.join_next().await {
        late.extend(ended??);
    }
    late.sort_by(f64::total_cmp);
    let p99 = late.get(late.len() * 99 / 100).copied().unwrap_or_default();
    watch.tell(&format!("{kind}: taken"), n);
    println!("{:<34}{p99:>10.1} ms until the answer, p99, with {AT_ONCE} at once", "");
    while settled(platform).await? < before + n {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    watch.tell(&format!("{kind}: taken and applied"), n);
    stop.cancel();
    worker.await?;
    Ok(())
}

async fn settled(platform: &Platform) -> Result<usize, Failure> {
    let counts = platform.journal().counts().await?;
    let done = counts.iter().filter(|(outcome, _)| *outcome != JournalOutcome::Pending);
    Ok(usize::try_from(done.map(|(_, n)| n).sum::<i64>())?)
}

/// A campaign over each number, from the first message to the last answer.
async fn send(platform: &Platform, shop: &Shop) -> Result<(), Failure> {
    shop.prepare(platform).await?;
    let (stop, worker) = work(platform);
    let watch = Watch::start();
    shop.resume().await?;
    while shop.waiting().await? > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    watch.tell(&format!("campaigns of {NUMBERS} numbers"), NUMBERS * PEOPLE);
    stop.cancel();
    worker.await?;
    Ok(())
}
