//! A business with a past: people, a conversation with each, and messages in them, written by the million. What is
//! written is what the product would have written: the last message of a conversation is its last, all of them came in.

use uuid::Uuid;
use whatsapp_core::{By, Content};

use crate::Outcome;
use crate::seed::{self, BORN, Kind, Rows, id, literal, numbers};
use crate::stage::Stage;

/// Rows in one statement.
const STEP: u64 = 250_000;

/// How much past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Past {
    pub(crate) people: u64,
    pub(crate) messages: u64,
}

/// Writes what is between one past and a longer one; nobody may use the database meanwhile.
///
/// # Errors
/// With the database's message.
pub(crate) async fn write(stage: &Stage, from: Past, to: Past) -> Outcome {
    let number = stage.numbers.first().ok_or("a stage has a number")?;
    let mut rows = stage.rows().await?;
    let (tenant, channel) = (stage.tenant, number.channel_row);
    for (first, count) in steps(from.people, to.people) {
        seed::people(&mut rows, tenant, None, first, count).await?;
        conversations(&mut rows, tenant, channel, first, count).await?;
    }
    for (first, count) in steps(from.messages, to.messages) {
        messages(&mut rows, tenant, channel, to.people, first, count).await?;
    }
    latest(&mut rows, to).await?;
    rows.analyse().await
}

fn steps(from: u64, to: u64) -> impl Iterator<Item = (u64, u64)> {
    (from..to).step_by(STEP as usize).map(move |first| (first, STEP.min(to - first)))
}

async fn conversations(
    rows: &mut Rows,
    tenant: Uuid,
    channel: Uuid,
    first: u64,
    count: u64,
) -> Outcome {
    let columns = "insert into conversations (tenant_id, id, contact_id, channel_id, status, assignee_id, unread, last_message_id, last_message_at, last_inbound_at, created_at)";
    let (tenant, channel) = (literal(tenant), literal(channel));
    let (me, person, n) =
        (id(Kind::Conversation, "i"), id(Kind::Contact, "i"), numbers(first, count));
    let at = BORN * 1_000;
    let values = |tenant: &str, me: &str, person: &str, channel: &str| {
        format!(
            "select {tenant}, {me}, {person}, {channel}, case when i % 10 < 3 then 'open' else 'resolved' end, null, 0, null, {at}, null, {at} from n"
        )
    };
    rows.run(
        format!("{} {columns} {}", n.0, values(&tenant.0, &me.0, &person.0, &channel.0)),
        format!("{} {columns} {}", n.1, values(&tenant.1, &me.1, &person.1, &channel.1)),
    )
    .await
}

/// Message `i` is one of person `i % people`, a millisecond after the one before.
async fn messages(
    rows: &mut Rows,
    tenant: Uuid,
    channel: Uuid,
    people: u64,
    first: u64,
    count: u64,
) -> Outcome {
    let columns = "insert into messages (tenant_id, id, conversation_id, contact_id, channel_id, direction, content, author, wamid, reply_to_wamid, reacts_to, created_at)";
    let body = "Hello! Could you please tell me when my order will arrive? Thank you".to_owned();
    let content = serde_json::to_string(&Content::Text { body, preview_url: false })?;
    let author = serde_json::to_string(&By::System)?;
    let (tenant, channel) = (literal(tenant), literal(channel));
    let owner = format!("(i % {people})");
    let (me, talk, person) =
        (id(Kind::Message, "i"), id(Kind::Conversation, &owner), id(Kind::Contact, &owner));
    let n = numbers(first, count);
    let at = BORN * 1_000;
    let values = |tenant: &str, me: &str, talk: &str, person: &str, channel: &str, json: &str| {
        format!(
            "select {tenant}, {me}, {talk}, {person}, {channel}, 'inbound', '{content}'{json}, '{author}'{json}, 'wamid.PAST' || i, null, null, {at} + i * 1000 from n"
        )
    };
    rows.run(
        format!(
            "{} {columns} {}",
            n.0,
            values(&tenant.0, &me.0, &talk.0, &person.0, &channel.0, "")
        ),
        format!(
            "{} {columns} {}",
            n.1,
            values(&tenant.1, &me.1, &talk.1, &person.1, &channel.1, "::jsonb")
        ),
    )
    .await
}

/// Each conversation knows its last message: the highest number with its remainder.
async fn latest(rows: &mut Rows, past: Past) -> Outcome {
    let Past { people, messages } = past;
    let at = BORN * 1_000;
    // The number of a conversation's person stands in the last twelve digits of its id.
    let last = format!("({messages} - 1 - (({messages} - 1 - k.i) % {people}))");
    let (lite, pg) = id(Kind::Message, &last);
    let talk = id(Kind::Conversation, "i");
    let n = numbers(0, people);
    let set = |message: &str| {
        format!(
            "update conversations set last_message_id = {message}, last_message_at = {at} + {last} * 1000, last_inbound_at = {at} + {last} * 1000"
        )
    };
    rows.run(
        format!(
            "{}, k as (select i, {} as talk from n) {} from k where conversations.id = k.talk",
            n.0,
            talk.0,
            set(&lite)
        ),
        format!(
            "{}, k as (select i, {} as talk from n) {} from k where conversations.id = k.talk",
            n.1,
            talk.1,
            set(&pg)
        ),
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn the_past_is_written_in_steps_without_gaps() {
        let all: Vec<_> = steps(100_000, 700_000).collect();
        assert_eq!(all, [(100_000, 250_000), (350_000, 250_000), (600_000, 100_000)]);
        assert_eq!(steps(5, 5).count(), 0);
    }
}
