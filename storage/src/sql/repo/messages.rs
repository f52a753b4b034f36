//! [`MessageStore`] in SQL.

use async_trait::async_trait;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::message::Direction;
use whatsapp_core::{
    By, Channel, Content, Conversation, Cursor, Id, Message, Page, PageRequest, Timestamp,
};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::MessageStore;
use crate::sql::convert::{bulk, each, ids, maybe, one_more, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    conversation_id: Uuid,
    contact_id: Uuid,
    channel_id: Uuid,
    direction: String,
    content: Json<Content>,
    author: Json<By>,
    wamid: Option<String>,
    reply_to_wamid: Option<String>,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", conversation_id as "conversation_id!: Uuid", 
                contact_id as "contact_id!: Uuid", channel_id as "channel_id!: Uuid", 
                direction as "direction!", content as "content!: Json<Content>", 
                author as "author!: Json<By>", wamid as "wamid?", reply_to_wamid as "reply_to_wamid?", 
                created_at as "created_at!"
                from messages "# $($l)+, pg r#"select id as "id!: Uuid", conversation_id as "conversation_id!: Uuid", 
                contact_id as "contact_id!: Uuid", channel_id as "channel_id!: Uuid", 
                direction as "direction!", content as "content!: Json<Content>", 
                author as "author!: Json<By>", wamid as "wamid?", reply_to_wamid as "reply_to_wamid?", 
                created_at as "created_at!"
                from messages "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", conversation_id as "conversation_id!: Uuid", 
                contact_id as "contact_id!: Uuid", channel_id as "channel_id!: Uuid", 
                direction as "direction!", content as "content!: Json<Content>", 
                author as "author!: Json<By>", wamid as "wamid?", reply_to_wamid as "reply_to_wamid?", 
                created_at as "created_at!"
                from messages "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Message, StorageError> {
    Ok(Message {
        id: Id::from_uuid(row.id),
        conversation: Id::from_uuid(row.conversation_id),
        contact: Id::from_uuid(row.contact_id),
        channel: Id::from_uuid(row.channel_id),
        direction: word("direction", Direction::parse, &row.direction)?,
        content: row.content.0,
        by: row.author.0,
        wamid: row.wamid,
        reply_to_wamid: row.reply_to_wamid,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

/// Which message this one reacts to; such messages are no part of the timeline.
fn reacts_to(content: &Content) -> Option<&str> {
    match content {
        Content::Reaction { wamid, .. } => Some(wamid),
        _ => None,
    }
}

#[derive(Serialize)]
struct New<'m> {
    id: Uuid,
    conversation_id: Uuid,
    contact_id: Uuid,
    channel_id: Uuid,
    direction: &'static str,
    content: &'m Content,
    author: &'m By,
    wamid: Option<&'m str>,
    reply_to_wamid: Option<&'m str>,
    reacts_to: Option<&'m str>,
    created_at: i64,
}

impl<'m> From<&'m Message> for New<'m> {
    fn from(message: &'m Message) -> Self {
        Self {
            id: message.id.uuid(),
            conversation_id: message.conversation.uuid(),
            contact_id: message.contact.uuid(),
            channel_id: message.channel.uuid(),
            direction: message.direction.as_str(),
            content: &message.content,
            author: &message.by,
            wamid: message.wamid.as_deref(),
            reply_to_wamid: message.reply_to_wamid.as_deref(),
            reacts_to: reacts_to(&message.content),
            created_at: message.created_at.micros(),
        }
    }
}

#[async_trait]
impl MessageStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Message>) -> Result<Option<Message>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn many(&mut self, wanted: &[Id<Message>]) -> Result<Vec<Message>, StorageError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = ids(wanted);
        let query = rows!(
            lite "where tenant_id = $1 and id in (select unhex(value, '-') from json_each($2))",
            pg "where tenant_id = $1 and id = any(array(select value::uuid from jsonb_array_elements_text($2)))",
            self.tenant,
            wanted as _
        );
        each(self.unit.all(query).await?, read)
    }
    async fn by_wamid(
        &mut self,
        channel: Id<Channel>,
        wamid: &str,
    ) -> Result<Option<Message>, StorageError> {
        let incoming = rows!(
            "where tenant_id = $1 and channel_id = $2 and wamid = $3",
            self.tenant,
            channel.uuid(),
            wamid
        );
        if let Some(row) = self.unit.maybe(incoming).await? {
            return read(row).map(Some);
        }
        let outgoing = rows!(
            "where tenant_id = $1 and id =
                (select s.id from sends s where s.tenant_id = $1 and s.channel_id = $2 and s.wamid = $3)",
            self.tenant,
            channel.uuid(),
            wamid
        );
        maybe(self.unit.maybe(outgoing).await?, read)
    }
    async fn known(
        &mut self,
        channel: Id<Channel>,
        wamids: &[&str],
    ) -> Result<Vec<String>, StorageError> {
        let wamids = Json(wamids);
        let query = one!(
            lite r#"select wamid as "wamid!" from messages where tenant_id = $1 and channel_id = $2
                    and wamid in (select value from json_each($3))
                union select wamid from sends where tenant_id = $1 and channel_id = $2
                    and wamid in (select value from json_each($3))"#,
            pg r#"select value as "wamid!" from jsonb_array_elements_text($3)
                where exists (select from messages m where m.tenant_id = $1 and m.channel_id = $2
                        and m.wamid = value offset 0)
                    or exists (select from sends s where s.tenant_id = $1 and s.channel_id = $2
                        and s.wamid = value offset 0)"#,
            self.tenant,
            channel.uuid(),
            wamids as _
        );
        self.unit.all(query).await
    }
    async fn timeline(
        &mut self,
        conversation: Id<Conversation>,
        page: &PageRequest,
    ) -> Result<Page<Message>, StorageError> {
        let (key, id) = page.after.as_ref().map_or((i64::MAX, Uuid::max()), |c| (c.key, c.id));
        let query = rows!(
            "where tenant_id = $1 and conversation_id = $2 and reacts_to is null
                and (created_at, id) < ($3, $4)
             order by created_at desc, id desc limit cast($5 as bigint)",
            self.tenant,
            conversation.uuid(),
            key,
            id,
            one_more(page)
        );
        let items = each(self.unit.all(query).await?, read)?;
        Ok(Page::cut(items, page.limit, |m| Cursor { key: m.created_at.micros(), id: m.id.uuid() }))
    }
    async fn reactions(
        &mut self,
        conversation: Id<Conversation>,
        wamids: &[String],
    ) -> Result<Vec<Message>, StorageError> {
        let wamids = Json(wamids);
        let query = rows!(
            lite "where tenant_id = $1 and conversation_id = $2 and reacts_to is not null
                  and reacts_to in (select value from json_each($3)) order by created_at, id",
            pg "where tenant_id = $1 and conversation_id = $2 and reacts_to is not null
                and reacts_to = any(array(select value from jsonb_array_elements_text($3)))
                order by created_at, id",
            self.tenant,
            conversation.uuid(),
            wamids as _
        );
        each(self.unit.all(query).await?, read)
    }
    async fn insert(&mut self, message: &Message) -> Result<bool, StorageError> {
        let (m, content, author) = (message, Json(&message.content), Json(&message.by));
        let query = x!(
            "insert into messages (tenant_id, id, conversation_id, contact_id, channel_id, direction,
                content, author, wamid, reply_to_wamid, reacts_to, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (tenant_id, channel_id, wamid) do nothing",
            self.tenant,
            m.id.uuid(),
            m.conversation.uuid(),
            m.contact.uuid(),
            m.channel.uuid(),
            m.direction.as_str(),
            content as _,
            author as _,
            m.wamid,
            m.reply_to_wamid,
            reacts_to(&m.content),
            m.created_at.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn insert_many(
        &mut self,
        messages: &[Message],
    ) -> Result<Vec<Id<Message>>, StorageError> {
        let new = bulk(messages.iter().map(New::from));
        let query = one!(
            lite r#"insert into messages (tenant_id, id, conversation_id, contact_id, channel_id, direction,
                    content, author, wamid, reply_to_wamid, reacts_to, created_at)
                  select $1, unhex(value ->> 'id', '-'), unhex(value ->> 'conversation_id', '-'),
                    unhex(value ->> 'contact_id', '-'), unhex(value ->> 'channel_id', '-'),
                    value ->> 'direction', value -> 'content', value -> 'author', value ->> 'wamid',
                    value ->> 'reply_to_wamid', value ->> 'reacts_to', value ->> 'created_at'
                  from jsonb_each($2) where true
                  on conflict (tenant_id, channel_id, wamid) do nothing returning id as "id!: Uuid""#,
            pg r#"insert into messages (tenant_id, id, conversation_id, contact_id, channel_id, direction,
                    content, author, wamid, reply_to_wamid, reacts_to, created_at)
                select $1, id, conversation_id, contact_id, channel_id, direction, content, author, wamid,
                    reply_to_wamid, reacts_to, created_at
                from jsonb_to_recordset($2) as n(id uuid, conversation_id uuid, contact_id uuid,
                    channel_id uuid, direction text, content jsonb, author jsonb, wamid text,
                    reply_to_wamid text, reacts_to text, created_at bigint)
                on conflict (tenant_id, channel_id, wamid) do nothing returning id as "id!: Uuid""#,
            self.tenant,
            new as _
        );
        let kept = self.unit.all(query).await?;
        Ok(kept.into_iter().map(Id::from_uuid).collect())
    }
    async fn set_content(
        &mut self,
        id: Id<Message>,
        content: &Content,
    ) -> Result<bool, StorageError> {
        let (reacts, content) = (reacts_to(content), Json(content));
        let query = x!(
            "update messages set content = $3, reacts_to = $4 where tenant_id = $1 and id = $2",
            self.tenant,
            id.uuid(),
            content as _,
            reacts
        );
        Ok(self.unit.run(query).await? == 1)
    }
}
