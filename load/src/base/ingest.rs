//! base-verify answers a signed call when its signature holds. base-sqlite and base-pg also keep each message before
//! the answer: deduplicated by Meta's id, the conversation brought up to date, many calls in one commit.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use super::batch::Writer;
use crate::Outcome;
use crate::hooks::Signer;
use crate::serve::{Answer, serve};

/// So many calls in one commit at most.
const GROUP: usize = 512;

const TABLES: &str = "
    create table if not exists conversations (phone text primary key, last_at bigint not null, unread bigint not null);
    create table if not exists messages (wamid text primary key, phone text not null, body text not null, at bigint not null)";
const STORE: [(&str, &str); 2] = [
    (
        "insert into messages (wamid, phone, body, at)
         select value ->> 'id', value ->> 'from', value ->> 'body', value ->> 'at' from json_each($1) where true
         on conflict do nothing",
        "insert into messages (wamid, phone, body, at)
         select id, \"from\", body, at from json_to_recordset($1::json) as new(id text, \"from\" text, body text, at bigint)
         on conflict do nothing",
    ),
    (
        "insert into conversations (phone, last_at, unread)
         select value ->> 'from', max(value ->> 'at'), count(*) from json_each($1) where true group by 1
         on conflict (phone) do update set last_at = excluded.last_at, unread = unread + excluded.unread",
        "insert into conversations (phone, last_at, unread)
         select \"from\", max(at), count(*) from json_to_recordset($1::json) as new(\"from\" text, at bigint) group by 1 order by 1
         on conflict (phone) do update set last_at = excluded.last_at, unread = conversations.unread + excluded.unread",
    ),
];

#[derive(Deserialize)]
struct Call {
    entry: Vec<Entry>,
}
#[derive(Deserialize)]
struct Entry {
    changes: Vec<Change>,
}
#[derive(Deserialize)]
struct Change {
    value: Value,
}
#[derive(Deserialize)]
struct Value {
    #[serde(default)]
    messages: Vec<Message>,
}
#[derive(Deserialize)]
struct Message {
    id: String,
    from: String,
    timestamp: String,
    text: Text,
}
#[derive(Deserialize)]
struct Text {
    body: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    from: String,
    body: String,
    at: i64,
}

type Waiting = (Vec<Row>, oneshot::Sender<bool>);

/// Serves until the process ends.
///
/// # Errors
/// When it cannot listen or its database cannot be opened.
pub(crate) async fn run(secret: &str, url: Option<&str>) -> Outcome {
    let signer = Arc::new(Signer::new(secret));
    let queue = match url {
        Some(url) => Some(writer(url).await?),
        None => None,
    };
    serve(move |asked| {
        let (signer, queue) = (Arc::clone(&signer), queue.clone());
        async move {
            let signature = asked.signature.as_deref().unwrap_or_default();
            if !signer.holds(&asked.body, signature) {
                return Answer::Say(401, String::new());
            }
            let Some(queue) = queue else { return Answer::Say(200, String::new()) };
            match keep(&queue, &asked.body).await {
                Some(true) => Answer::Say(200, String::new()),
                _ => Answer::Say(500, String::new()),
            }
        }
    })
    .await
}

async fn keep(queue: &mpsc::Sender<Waiting>, body: &[u8]) -> Option<bool> {
    let call: Call = serde_json::from_slice(body).ok()?;
    let changes = call.entry.into_iter().flat_map(|entry| entry.changes);
    let messages = changes.flat_map(|change| change.value.messages);
    let rows = messages
        .map(|m| Row {
            id: m.id,
            from: m.from,
            body: m.text.body,
            at: m.timestamp.parse().unwrap_or_default(),
        })
        .collect();
    let (done, kept) = oneshot::channel();
    queue.send((rows, done)).await.ok()?;
    kept.await.ok()
}

/// One task writes: the group is whatever gathered during the last commit.
async fn writer(url: &str) -> Outcome<mpsc::Sender<Waiting>> {
    let mut writer = Writer::open(url).await?;
    writer.run(TABLES).await?;
    let (queue, mut waiting) = mpsc::channel::<Waiting>(GROUP * 4);
    tokio::spawn(async move {
        let mut group = Vec::with_capacity(GROUP);
        while waiting.recv_many(&mut group, GROUP).await > 0 {
            let (rows, tell): (Vec<_>, Vec<_>) = group.drain(..).unzip();
            let rows: Vec<Row> = rows.into_iter().flatten().collect();
            let json = serde_json::to_string(&rows).unwrap_or_default();
            let kept = match writer.batch(&STORE, &json).await {
                Ok(()) => true,
                Err(error) => {
                    eprintln!("base: {error}");
                    false
                }
            };
            for tell in tell {
                // Whoever has gone away needs no answer.
                let _gone = tell.send(kept);
            }
        }
    });
    Ok(queue)
}
