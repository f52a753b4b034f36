//! People and threads written many at once: one statement for each kind, whatever their number. What there is
//! already stays as it is.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use uuid::Uuid;
use whatsapp_core::{Contact, Conversation, Id, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::Touch;
use crate::sql::convert::bulk;

#[derive(Serialize)]
struct NewContact<'c> {
    id: Uuid,
    name: Option<&'c str>,
    phone: Option<&'c str>,
    bsuid: Option<&'c str>,
    email: Option<&'c str>,
    tags: &'c [String],
    fields: &'c BTreeMap<String, String>,
    opted_out_at: Option<i64>,
    source: &'static str,
    created_at: i64,
    updated_at: i64,
    search: String,
}

impl<'c> From<&'c Contact> for NewContact<'c> {
    fn from(contact: &'c Contact) -> Self {
        Self {
            id: contact.id.uuid(),
            name: contact.name.as_deref(),
            phone: contact.phone.as_ref().map(whatsapp_core::Phone::as_str),
            bsuid: contact.bsuid.as_deref(),
            email: contact.email.as_ref().map(whatsapp_core::Email::as_str),
            tags: &contact.tags,
            fields: &contact.fields,
            opted_out_at: contact.opted_out_at.map(Timestamp::micros),
            source: contact.source.as_str(),
            created_at: contact.created_at.micros(),
            updated_at: contact.updated_at.micros(),
            search: contact.search_text(),
        }
    }
}

#[derive(Serialize)]
struct NewConversation<'c> {
    id: Uuid,
    contact_id: Uuid,
    channel_id: Uuid,
    status: &'c str,
    assignee_id: Option<Uuid>,
    unread: i64,
    last_message_id: Option<Uuid>,
    last_message_at: i64,
    last_inbound_at: Option<i64>,
    created_at: i64,
}

impl<'c> From<&'c Conversation> for NewConversation<'c> {
    fn from(new: &'c Conversation) -> Self {
        Self {
            id: new.id.uuid(),
            contact_id: new.contact.uuid(),
            channel_id: new.channel.uuid(),
            status: new.status.as_str(),
            assignee_id: new.assignee.map(Id::uuid),
            unread: new.unread,
            last_message_id: new.last_message.map(Id::uuid),
            last_message_at: new.last_message_at.micros(),
            last_inbound_at: new.last_inbound_at.map(Timestamp::micros),
            created_at: new.created_at.micros(),
        }
    }
}

/// All that was said in one conversation.
#[derive(Serialize)]
struct Touched {
    id: Uuid,
    message: Uuid,
    at: i64,
    unread: i64,
    inbound_at: Option<i64>,
}

impl Touched {
    fn of(touches: &[Touch]) -> Vec<Self> {
        let mut all: BTreeMap<Uuid, Self> = BTreeMap::new();
        for touch in touches {
            let (id, message, at) = (touch.id.uuid(), touch.message.uuid(), touch.at.micros());
            let one =
                all.entry(id).or_insert(Self { id, message, at, unread: 0, inbound_at: None });
            (one.at, one.message) = (one.at, one.message).max((at, message));
            if touch.inbound {
                one.unread += 1;
                one.inbound_at = one.inbound_at.max(Some(at));
            }
        }
        all.into_values().collect()
    }
}

impl SqlTenant<'_> {
    /// Keeps those whose handles belong to nobody; their tags are not written as rows. Answers which were kept.
    pub(super) async fn keep_contacts(
        &mut self,
        contacts: &[Contact],
    ) -> Result<HashSet<Uuid>, StorageError> {
        let new = bulk(contacts.iter().map(NewContact::from));
        let query = one!(
            lite r#"insert into contacts (tenant_id, id, name, phone, bsuid, email, tags, fields, opted_out_at,
                    source, created_at, updated_at, search)
                select $1, unhex(value ->> 'id', '-'), value ->> 'name', value ->> 'phone', value ->> 'bsuid',
                    value ->> 'email', value -> 'tags', value -> 'fields', value ->> 'opted_out_at',
                    value ->> 'source', value ->> 'created_at', value ->> 'updated_at', value ->> 'search'
                from jsonb_each($2) where true on conflict do nothing returning id as "id!: Uuid""#,
            pg r#"insert into contacts (tenant_id, id, name, phone, bsuid, email, tags, fields, opted_out_at,
                    source, created_at, updated_at, search)
                select $1, id, name, phone, bsuid, email, tags, fields, opted_out_at, source, created_at,
                    updated_at, search
                from jsonb_to_recordset($2) as n(id uuid, name text, phone text, bsuid text, email text,
                    tags jsonb, fields jsonb, opted_out_at bigint, source text, created_at bigint,
                    updated_at bigint, search text)
                on conflict do nothing returning id as "id!: Uuid""#,
            self.tenant,
            new as _
        );
        Ok(self.unit.all(query).await?.into_iter().collect())
    }

    /// Keeps those that do not exist between their channel and contact; answers which.
    pub(super) async fn keep_conversations(
        &mut self,
        new: &[Conversation],
    ) -> Result<HashSet<Uuid>, StorageError> {
        let rows = bulk(new.iter().map(NewConversation::from));
        let query = one!(
            lite r#"insert into conversations (tenant_id, id, contact_id, channel_id, status, assignee_id,
                    unread, last_message_id, last_message_at, last_inbound_at, created_at)
                select $1, unhex(value ->> 'id', '-'), unhex(value ->> 'contact_id', '-'),
                    unhex(value ->> 'channel_id', '-'), value ->> 'status',
                    unhex(value ->> 'assignee_id', '-'), value ->> 'unread',
                    unhex(value ->> 'last_message_id', '-'), value ->> 'last_message_at',
                    value ->> 'last_inbound_at', value ->> 'created_at'
                from jsonb_each($2) where true
                on conflict (tenant_id, channel_id, contact_id) do nothing returning id as "id!: Uuid""#,
            pg r#"insert into conversations (tenant_id, id, contact_id, channel_id, status, assignee_id,
                    unread, last_message_id, last_message_at, last_inbound_at, created_at)
                select $1, id, contact_id, channel_id, status, assignee_id, unread, last_message_id,
                    last_message_at, last_inbound_at, created_at
                from jsonb_to_recordset($2) as n(id uuid, contact_id uuid, channel_id uuid, status text,
                    assignee_id uuid, unread bigint, last_message_id uuid, last_message_at bigint,
                    last_inbound_at bigint, created_at bigint)
                on conflict (tenant_id, channel_id, contact_id) do nothing returning id as "id!: Uuid""#,
            self.tenant,
            rows as _
        );
        Ok(self.unit.all(query).await?.into_iter().collect())
    }

    /// Notes all that was said, once for each conversation.
    pub(super) async fn touch_conversations(
        &mut self,
        touches: &[Touch],
    ) -> Result<(), StorageError> {
        let touched = bulk(Touched::of(touches));
        // Later is later by time, then by id, as in the timeline: so any order of arrival ends alike.
        let query = x!(
            // The tenant comes from `n` too: see `write` in the ledger.
            lite "with n as materialized (select $1 as tenant_id, unhex(value ->> 'id', '-') as id,
                    unhex(value ->> 'message', '-') as message, value ->> 'at' as at,
                    value ->> 'unread' as unread, value ->> 'inbound_at' as inbound_at from jsonb_each($2))
                update conversations set
                    last_message_id = case when last_message_id is null or n.at > last_message_at
                        or (n.at = last_message_at and n.message > last_message_id)
                        then n.message else last_message_id end,
                    last_message_at = case when last_message_id is null or n.at > last_message_at
                        then n.at else last_message_at end,
                    unread = conversations.unread + n.unread,
                    last_inbound_at = case when n.inbound_at > coalesce(last_inbound_at, n.inbound_at - 1)
                        then n.inbound_at else last_inbound_at end,
                    status = case when n.unread > 0 and status = 'resolved' then 'open' else status end
                from n where +conversations.tenant_id = $1 and conversations.tenant_id = n.tenant_id
                    and conversations.id = n.id",
            pg "update conversations set
                    last_message_id = case when last_message_id is null or n.at > last_message_at
                        or (n.at = last_message_at and n.message > last_message_id)
                        then n.message else last_message_id end,
                    last_message_at = case when last_message_id is null or n.at > last_message_at
                        then n.at else last_message_at end,
                    unread = conversations.unread + n.unread,
                    last_inbound_at = case when n.inbound_at > coalesce(last_inbound_at, n.inbound_at - 1)
                        then n.inbound_at else last_inbound_at end,
                    status = case when n.unread > 0 and status = 'resolved' then 'open' else status end
                from jsonb_to_recordset($2) as n(id uuid, message uuid, at bigint, unread bigint,
                    inbound_at bigint)
                where conversations.tenant_id = $1 and conversations.id = n.id
                    and conversations.id = any(array(
                        select (value ->> 'id')::uuid from jsonb_array_elements($2)))",
            self.tenant,
            touched as _
        );
        self.unit.run(query).await.map(drop)
    }
}
