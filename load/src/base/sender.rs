//! base-client sends a campaign as fast as its numbers may. base-sqlite and base-pg also make each claim durable before
//! its call and each result after it, by the batch. Slots as the product has them: no burst ever makes up for a stall.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::batch::Writer;
use crate::Outcome;
use crate::graph::number_id;
use crate::hooks;
use crate::wire::Line;

/// People claimed in one commit.
const CLAIM: u64 = 1_000;
/// Results written in one commit at most.
const RESULTS: usize = 1_000;
/// Connections for each number: rate times latency, with room.
const CALLS: usize = 256;

const TABLE: &str =
    "create table if not exists sends (id bigint primary key, state integer not null, wamid text)";
const BEGIN: [(&str, &str); 1] = [(
    "insert into sends (id, state) select value, 1 from json_each($1)",
    "insert into sends (id, state) select value::bigint, 1 from json_array_elements_text($1::json)",
)];
const DONE: [(&str, &str); 1] = [(
    "update sends set state = 2, wamid = new.wamid
     from (select value ->> 'id' as id, value ->> 'wamid' as wamid from json_each($1)) as new where sends.id = new.id",
    "update sends set state = 2, wamid = new.wamid
     from json_to_recordset($1::json) as new(id bigint, wamid text) where sends.id = new.id",
)];

/// What to do.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Orders {
    /// `host:port` of the fake Graph server.
    pub(crate) graph: String,
    /// Where claims and results are kept; nowhere without it.
    pub(crate) database: Option<String>,
    pub(crate) numbers: usize,
    /// People of each number.
    pub(crate) people: u64,
    /// Messages a second of each number.
    pub(crate) rate: f64,
}

#[derive(Serialize)]
struct Sent {
    id: u64,
    wamid: String,
}

type Claims = Arc<Mutex<mpsc::Receiver<u64>>>;

/// Sends everything, says what it cost, and ends.
///
/// # Errors
/// When the orders cannot be read, or the database fails.
pub(crate) async fn run(orders: &str) -> Outcome {
    let orders: Arc<Orders> = Arc::new(serde_json::from_str(orders)?);
    let writer = match &orders.database {
        Some(url) => {
            let mut writer = Writer::open(url).await?;
            writer.run(TABLE).await?;
            Some(Arc::new(Mutex::new(writer)))
        }
        None => None,
    };
    let begin = Instant::now();
    let (results, gathered) = mpsc::channel(RESULTS * 4);
    let keeper = tokio::spawn(keep(writer.clone(), gathered));
    let mut work = JoinSet::new();
    for number in 0..orders.numbers {
        let (way, claims) = mpsc::channel(CLAIM as usize);
        work.spawn(claim(Arc::clone(&orders), number as u64, writer.clone(), way));
        let claims = Arc::new(Mutex::new(claims));
        let slots = Arc::new(Mutex::new(None));
        for _ in 0..CALLS {
            let (orders, claims, slots) = (Arc::clone(&orders), claims.clone(), Arc::clone(&slots));
            work.spawn(call(orders, number, claims, slots, results.clone()));
        }
    }
    drop(results);
    while let Some(ended) = work.join_next().await {
        ended??;
    }
    let sent = keeper.await??;
    println!("{}", json!({"sent": sent, "seconds": begin.elapsed().as_secs_f64()}));
    // Whoever started us reads what we cost before we go.
    let mut line = String::new();
    tokio::task::spawn_blocking(move || std::io::stdin().read_line(&mut line)).await??;
    Ok(())
}

/// Claims people by the batch, each batch durable before the first of it goes out.
async fn claim(
    orders: Arc<Orders>,
    number: u64,
    writer: Option<Arc<Mutex<Writer>>>,
    way: mpsc::Sender<u64>,
) -> Outcome {
    let (mut next, end) = (number * orders.people, (number + 1) * orders.people);
    while next < end {
        let batch: Vec<u64> = (next..end.min(next + CLAIM)).collect();
        if let Some(writer) = &writer {
            writer.lock().await.batch(&BEGIN, &serde_json::to_string(&batch)?).await?;
        }
        next += batch.len() as u64;
        for person in batch {
            way.send(person).await?;
        }
    }
    Ok(())
}

/// Sends one after another on one connection, each in its slot; what is refused goes again.
async fn call(
    orders: Arc<Orders>,
    number: usize,
    claims: Claims,
    slots: Arc<Mutex<Option<Instant>>>,
    results: mpsc::Sender<Sent>,
) -> Outcome {
    let mut line = Line::open(&orders.graph).await?;
    let path = format!("/v25.0/{}/messages", number_id(number));
    let gap = Duration::from_secs_f64(1.0 / orders.rate);
    let headers = "Authorization: Bearer EAALoadScenarios\r\nContent-Type: application/json\r\n";
    let mut again = VecDeque::new();
    loop {
        let person = match again.pop_front() {
            Some(person) => person,
            None => match claims.lock().await.recv().await {
                Some(person) => person,
                None => return Ok(()),
            },
        };
        let slot = {
            let mut last = slots.lock().await;
            let now = Instant::now();
            let slot = last.map_or(now, |last: Instant| now.max(last + gap));
            *last = Some(slot);
            slot
        };
        sleep_until(slot).await;
        let body = message(person);
        let reply = line.exchange("POST", &path, headers, body.as_bytes()).await?;
        if reply.status != 200 {
            again.push_back(person);
            continue;
        }
        let told: serde_json::Value = serde_json::from_slice(&reply.body)?;
        let wamid = told.pointer("/messages/0/id").and_then(|id| id.as_str()).unwrap_or_default();
        results.send(Sent { id: person, wamid: wamid.to_owned() }).await?;
    }
}

fn message(person: u64) -> String {
    let to = hooks::phone(person);
    format!(
        r#"{{"messaging_product":"whatsapp","recipient_type":"individual","to":"+{to}","type":"template","template":{{"name":"autumn_sale","language":{{"code":"en_US"}},"components":[{{"type":"body","parameters":[{{"type":"text","text":"Aylin"}},{{"type":"text","text":"40%"}}]}}]}},"biz_opaque_callback_data":"{person:032x}"}}"#
    )
}

/// Writes results by the batch; answers how many.
async fn keep(
    writer: Option<Arc<Mutex<Writer>>>,
    mut gathered: mpsc::Receiver<Sent>,
) -> Outcome<usize> {
    let (mut all, mut batch) = (0, Vec::with_capacity(RESULTS));
    while gathered.recv_many(&mut batch, RESULTS).await > 0 {
        all += batch.len();
        if let Some(writer) = &writer {
            writer.lock().await.batch(&DONE, &serde_json::to_string(&batch)?).await?;
        }
        batch.clear();
    }
    Ok(all)
}
