//! An open loop of webhook calls: each has its moment in a timetable, and its latency counts from that moment, so a
//! server that stalls cannot hide it. The timer's grain is a millisecond, for the baseline as for the product.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::Outcome;
use crate::hooks::{self, Signer};
use crate::spread::Spread;
use crate::wire::Line;

/// Meta opens many; a group commit is no larger than what waits.
pub(crate) const CONNECTIONS: usize = 256;
/// Whoever is so late will not catch up: the step is over.
const TOO_LATE: Duration = Duration::from_secs(3);

/// Makes the body of the call with a number.
pub(crate) type Make = Arc<dyn Fn(u64) -> String + Send + Sync>;

/// What to send.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) address: String,
    pub(crate) secret: String,
    pub(crate) make: Make,
    /// The number of the first call; every call of a run has its own.
    pub(crate) first: u64,
    /// Calls a second.
    pub(crate) rate: f64,
    pub(crate) seconds: f64,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Flood {
    pub(crate) spread: Spread,
    pub(crate) acknowledged: u64,
    pub(crate) refused: u64,
    /// Calls without an answer.
    pub(crate) broken: u64,
    /// Numbers of the calls that were answered with 200, where they were asked for.
    pub(crate) kept: Vec<u64>,
    pub(crate) given_up: bool,
    pub(crate) seconds: f64,
}

struct Table {
    plan: Plan,
    begin: Instant,
    next: AtomicU64,
    calls: u64,
    late: AtomicBool,
}

/// Sends everything and waits for the answers.
///
/// # Errors
/// When a connection cannot be opened.
pub(crate) async fn flood(plan: Plan) -> Outcome<Flood> {
    let calls = (plan.rate * plan.seconds).round() as u64;
    let mut lines = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        lines.push(Line::open(&plan.address).await?);
    }
    let begin = Instant::now() + Duration::from_millis(20);
    let (next, late) = (AtomicU64::new(0), AtomicBool::new(false));
    let table = Arc::new(Table { plan, begin, next, calls, late });
    let mut workers = JoinSet::new();
    for line in lines {
        workers.spawn(work(Arc::clone(&table), line));
    }
    let mut all = Flood::default();
    while let Some(part) = workers.join_next().await {
        let part = part?;
        all.spread.join(part.spread);
        all.kept.extend(part.kept);
        all.acknowledged += part.acknowledged;
        all.refused += part.refused;
        all.broken += part.broken;
    }
    all.given_up = table.late.load(Ordering::Relaxed);
    all.seconds = begin.elapsed().as_secs_f64();
    Ok(all)
}

async fn work(table: Arc<Table>, mut line: Line) -> Flood {
    let mut done = Flood::default();
    let signer = Signer::new(&table.plan.secret);
    loop {
        let nth = table.next.fetch_add(1, Ordering::Relaxed);
        if nth >= table.calls || table.late.load(Ordering::Relaxed) {
            return done;
        }
        let due = table.begin + Duration::from_secs_f64(nth as f64 / table.plan.rate);
        sleep_until(due).await;
        if due.elapsed() > TOO_LATE {
            table.late.store(true, Ordering::Relaxed);
            return done;
        }
        let body = (table.plan.make)(table.plan.first + nth);
        let headers = hooks::headers(&signer, body.as_bytes());
        match line.exchange("POST", hooks::PATH, &headers, body.as_bytes()).await {
            Ok(reply) if reply.status == 200 => {
                done.spread.add(due.elapsed());
                done.acknowledged += 1;
                done.kept.push(table.plan.first + nth);
            }
            Ok(_) => done.refused += 1,
            Err(_) => {
                done.broken += 1;
                match Line::open(&table.plan.address).await {
                    Ok(fresh) => line = fresh,
                    // Nobody listens any more.
                    Err(_) => return done,
                }
            }
        }
    }
}

/// Texts of many people with fresh ids, `each` in one call. `run` keeps runs apart.
pub(crate) fn texts(run: &str, number: String, people: u64, each: u64) -> Make {
    let run = run.to_owned();
    let env = whatsapp_core::Env::system();
    Arc::new(move |nth| {
        let ids: Vec<String> = (0..each).map(|k| wamid(&run, nth, k)).collect();
        hooks::texts(&number, &hooks::phone(nth % people), &ids, env.now().seconds())
    })
}

/// Meta's id of a message of a call.
pub(crate) fn wamid(run: &str, call: u64, place: u64) -> String {
    format!("wamid.HBgMOTA1NTUwMTAwMjM0FQIAEhgUOTgy{run}{call:010X}{place:X}")
}

/// The highest rate that is answered in time, and what the search cost.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) rate: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Calls over the whole search.
    pub(crate) calls: u64,
    /// The number of the first call that was not made.
    pub(crate) next: u64,
}

/// Steps: doubled until a rate fails, then closing in.
///
/// # Errors
/// When the server cannot be reached; as `rest`, which runs after each step.
pub(crate) async fn search(
    plan: &Plan,
    limit_ms: f64,
    upto: f64,
    mut rest: impl AsyncFnMut() -> Outcome,
) -> Outcome<Found> {
    let mut found = Found { next: plan.first, ..Found::default() };
    let (mut good, mut bad) = (0.0, f64::INFINITY);
    let mut rate = plan.rate;
    for _ in 0..10 {
        let step = Plan { rate, first: found.next, ..plan.clone() };
        let mut flood = flood(step).await?;
        found.next += (rate * plan.seconds).ceil() as u64 + 1;
        found.calls += flood.acknowledged;
        let whole = flood.acknowledged as f64 / (rate * plan.seconds).max(1.0);
        let p99 = flood.spread.p99();
        let holds = !flood.given_up && whole > 0.999 && p99 < limit_ms;
        println!(
            "   {rate:>7.0}/s: p50 {:.1} ms, p99 {p99:.1} ms{}",
            flood.spread.p50(),
            if holds { "" } else { ", too slow" }
        );
        rest().await?;
        if holds {
            good = rate;
            (found.rate, found.p50, found.p99) = (rate, flood.spread.p50(), p99);
        } else {
            bad = rate;
        }
        rate =
            if bad.is_infinite() { good * 2.0 } else { (good.max(plan.rate / 8.0) * bad).sqrt() };
        // Closing in is over, nothing more is wanted, or not even a quarter of the first step holds.
        if bad / good.max(1.0) < 1.12 || good >= upto || (good == 0.0 && bad < plan.rate / 4.0) {
            break;
        }
    }
    Ok(found)
}
