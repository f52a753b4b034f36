//! Statuses on their way back: for each accepted message `sent`, `delivered` and `read`, each a signed call of its own,
//! posted when its time has come whether or not those before were answered. A call that is not answered with 200 is
//! made again, as Meta does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::book::Taken;
use crate::hooks::{self, Signer};
use crate::spread::Spread;
use crate::wire::Line;

/// So many connections to the server.
const CONNECTIONS: usize = 192;
/// When each status comes, from and up to so many milliseconds after the one before.
const STEPS: [(&str, u64, u64); 3] =
    [("sent", 40, 250), ("delivered", 200, 900), ("read", 500, 1_500)];
/// How long until a call is made again.
const AGAIN: Duration = Duration::from_millis(500);

/// Where the statuses go.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Target {
    /// `host:port` of the server.
    address: String,
    secret: String,
}

struct Letter {
    due: Instant,
    body: String,
}

/// The post office.
#[derive(Clone, Default)]
pub(crate) struct Post(Arc<Office>);

#[derive(Default)]
struct Office {
    way: Mutex<Option<mpsc::UnboundedSender<Letter>>>,
    scheduled: AtomicU64,
    answered: AtomicU64,
    again: AtomicU64,
    spread: Mutex<Spread>,
}

impl Post {
    /// Posts to somewhere else from now on, or nowhere.
    pub(crate) fn aim(&self, target: Option<Target>) {
        let way = target.map(|target| self.open(target));
        *self.0.way.lock().unwrap_or_else(PoisonError::into_inner) = way;
    }
    fn open(&self, target: Target) -> mpsc::UnboundedSender<Letter> {
        let (way, letters) = mpsc::unbounded_channel();
        let letters = Arc::new(tokio::sync::Mutex::new(letters));
        let target = Arc::new(target);
        for _ in 0..CONNECTIONS {
            let (office, target) = (Arc::clone(&self.0), Arc::clone(&target));
            let letters = Arc::clone(&letters);
            tokio::spawn(async move {
                let signer = Signer::new(&target.secret);
                let mut line = None;
                loop {
                    let letter = letters.lock().await.recv().await;
                    let Some(letter) = letter else { return };
                    office.carry(&target, &signer, &mut line, letter).await;
                }
            });
        }
        way
    }
    /// Lets the statuses of an accepted message come, each in its time.
    pub(crate) fn schedule(&self, taken: &Taken, number: &str, to: &str, callback: Option<&str>) {
        let way = self.0.way.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(way) = way else { return };
        let nth = self.0.scheduled.fetch_add(STEPS.len() as u64, Ordering::Relaxed);
        let letters =
            STEPS.iter().zip(nth..).scan(Duration::ZERO, |after, ((word, from, upto), n)| {
                // Spread evenly, the same in every run.
                *after += Duration::from_millis(from + n.wrapping_mul(7_919) % (upto - from));
                Some((*after, hooks::status(number, to, &taken.wamid, word, callback)))
            });
        let letters: Vec<_> = letters.collect();
        let now = Instant::now();
        tokio::spawn(async move {
            for (after, body) in letters {
                let due = now + after;
                tokio::time::sleep_until(due).await;
                // Whoever aims elsewhere meanwhile wants no more of these.
                if way.send(Letter { due, body }).is_err() {
                    return;
                }
            }
        });
    }
    /// Forgets what was counted.
    pub(crate) fn reset(&self) {
        for counter in [&self.0.scheduled, &self.0.answered, &self.0.again] {
            counter.store(0, Ordering::Relaxed);
        }
        *self.0.spread() = Spread::default();
    }
    /// The counts, and how long the server took from the moment a call was due.
    pub(crate) fn told(&self) -> Value {
        let mut spread = self.0.spread().clone();
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        json!({
            "scheduled": count(&self.0.scheduled), "answered": count(&self.0.answered),
            "again": count(&self.0.again), "p50_ms": spread.p50(), "p99_ms": spread.p99(),
        })
    }
}

impl Office {
    fn spread(&self) -> MutexGuard<'_, Spread> {
        self.spread.lock().unwrap_or_else(PoisonError::into_inner)
    }
    async fn carry(&self, to: &Target, signer: &Signer, line: &mut Option<Line>, letter: Letter) {
        let headers = hooks::headers(signer, letter.body.as_bytes());
        loop {
            if line.is_none() {
                *line = Line::open(&to.address).await.ok();
            }
            let reply = match line {
                Some(open) => {
                    open.exchange("POST", hooks::PATH, &headers, letter.body.as_bytes()).await.ok()
                }
                None => None,
            };
            match reply {
                Some(reply) if reply.status == 200 => break,
                Some(_) => {}
                None => *line = None,
            }
            self.again.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(AGAIN).await;
        }
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.spread().add(letter.due.elapsed());
    }
}
