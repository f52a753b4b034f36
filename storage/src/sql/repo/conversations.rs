//! [`ConversationStore`] in SQL.

use async_trait::async_trait;
use sqlx::QueryBuilder;
use uuid::Uuid;
use whatsapp_core::conversation::{AssigneeFilter, ConversationCounts, ConversationFilter};
use whatsapp_core::search::{self, Term};
use whatsapp_core::{
    Channel, Contact, Conversation, ConversationStatus, Cursor, Id, Page, PageRequest, Timestamp,
    User,
};

use super::search::{among, having, looked_at};
use super::{Db, SqlTenant, up_to};
use crate::StorageError;
use crate::repo::{ConversationStore, Touch};
use crate::sql::convert::{each, ids, maybe, moment, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    contact_id: Uuid,
    channel_id: Uuid,
    status: String,
    assignee_id: Option<Uuid>,
    unread: i64,
    last_message_id: Option<Uuid>,
    last_message_at: i64,
    last_inbound_at: Option<i64>,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", contact_id as "contact_id!: Uuid", channel_id as "channel_id!: Uuid", 
                status as "status!", assignee_id as "assignee_id?: Uuid", unread as "unread!", 
                last_message_id as "last_message_id?: Uuid", last_message_at as "last_message_at!", 
                last_inbound_at as "last_inbound_at?", created_at as "created_at!"
                from conversations "# $($l)+, pg r#"select id as "id!: Uuid", contact_id as "contact_id!: Uuid", channel_id as "channel_id!: Uuid", 
                status as "status!", assignee_id as "assignee_id?: Uuid", unread as "unread!", 
                last_message_id as "last_message_id?: Uuid", last_message_at as "last_message_at!", 
                last_inbound_at as "last_inbound_at?", created_at as "created_at!"
                from conversations "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", contact_id as "contact_id!: Uuid", channel_id as "channel_id!: Uuid", 
                status as "status!", assignee_id as "assignee_id?: Uuid", unread as "unread!", 
                last_message_id as "last_message_id?: Uuid", last_message_at as "last_message_at!", 
                last_inbound_at as "last_inbound_at?", created_at as "created_at!"
                from conversations "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Conversation, StorageError> {
    Ok(Conversation {
        id: Id::from_uuid(row.id),
        contact: Id::from_uuid(row.contact_id),
        channel: Id::from_uuid(row.channel_id),
        status: word("conversation status", ConversationStatus::parse, &row.status)?,
        assignee: row.assignee_id.map(Id::from_uuid),
        unread: row.unread,
        last_message: row.last_message_id.map(Id::from_uuid),
        last_message_at: Timestamp::from_micros(row.last_message_at),
        last_inbound_at: moment(row.last_inbound_at),
        created_at: Timestamp::from_micros(row.created_at),
    })
}

impl SqlTenant<'_> {
    async fn between(
        &mut self,
        channel: Id<Channel>,
        contact: Id<Contact>,
    ) -> Result<Conversation, StorageError> {
        let query = rows!(
            "where tenant_id = $1 and channel_id = $2 and contact_id = $3",
            self.tenant,
            channel.uuid(),
            contact.uuid()
        );
        read(self.unit.one(query).await?)
    }
}

/// Where in the inbox is looked.
enum Within {
    All,
    /// No further than this place.
    Until(Cursor),
    /// With these people only.
    People(Vec<Uuid>),
}

#[derive(sqlx::FromRow)]
struct Place {
    last_message_at: i64,
    id: Uuid,
}

impl SqlTenant<'_> {
    /// Rows of the inbox in its order, as many as a page wants and one more, whose people have every term.
    async fn inbox(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
        terms: &[Term],
        within: &Within,
    ) -> Result<Vec<Row>, StorageError> {
        let columns = "select conversations.id, conversations.contact_id, conversations.channel_id, conversations.status, conversations.assignee_id, conversations.unread, conversations.last_message_id, conversations.last_message_at, conversations.last_inbound_at, conversations.created_at";
        let mut query = QueryBuilder::<Db>::new(columns);
        if matches!(within, Within::People(_)) && <Db as sqlx::Database>::NAME == "SQLite" {
            // Without figures about the table the order's index looks as good.
            query.push(" from conversations indexed by conversations_contact where conversations.tenant_id = ");
        } else {
            query.push(" from conversations where conversations.tenant_id = ");
        }
        self.narrow(&mut query, filter, page);
        match within {
            Within::All => {}
            Within::Until(end) => {
                query.push(" and (conversations.last_message_at, conversations.id) >= (");
                query.push_bind(end.key).push(", ").push_bind(end.id).push(")");
            }
            Within::People(people) => among(&mut query, "conversations.contact_id", people),
        }
        if !terms.is_empty() {
            // One value for each row, not a join: nobody reads all people for a page.
            query.push(" and (select true");
            having(&mut query, "c", terms);
            query.push(" from contacts c where c.tenant_id = conversations.tenant_id");
            query.push(" and c.id = conversations.contact_id)");
        }
        // Of few people the conversations are sorted; else PostgreSQL would walk the inbox in its order all the same.
        let key = if matches!(within, Within::People(_)) { " + 0" } else { "" };
        query.push(format!(
            " order by conversations.last_message_at{key} desc, conversations.id desc"
        ));
        up_to(&mut query, page);
        self.unit.all(query.build_query_as()).await
    }

    /// The place so many rows further in the inbox.
    async fn place_after(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
        far: i64,
    ) -> Result<Within, StorageError> {
        let mut query = QueryBuilder::<Db>::new(
            "select conversations.last_message_at, conversations.id from conversations where conversations.tenant_id = ",
        );
        self.narrow(&mut query, filter, page);
        query.push(" order by conversations.last_message_at desc, conversations.id desc");
        query.push(" limit 1 offset cast(").push_bind(far).push(" as bigint)");
        let place: Option<Place> = self.unit.maybe(query.build_query_as()).await?;
        Ok(place
            .map_or(Within::All, |p| Within::Until(Cursor { key: p.last_message_at, id: p.id })))
    }

    /// What the filter but its search says, and where the page begins.
    fn narrow(
        &self,
        query: &mut QueryBuilder<Db>,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) {
        query.push_bind(self.tenant);
        if let Some(cursor) = &page.after {
            query.push(" and (conversations.last_message_at, conversations.id) < (");
            query.push_bind(cursor.key).push(", ").push_bind(cursor.id).push(")");
        }
        if let Some(status) = filter.status {
            query.push(" and conversations.status = ").push_bind(status.as_str());
        }
        if let Some(channel) = filter.channel {
            query.push(" and conversations.channel_id = ").push_bind(channel.uuid());
        }
        if let Some(contact) = filter.contact {
            query.push(" and conversations.contact_id = ").push_bind(contact.uuid());
        }
        match filter.assignee {
            AssigneeFilter::Any => {}
            AssigneeFilter::Nobody => {
                query.push(" and conversations.assignee_id is null");
            }
            AssigneeFilter::User(user) => {
                query.push(" and conversations.assignee_id = ").push_bind(user.uuid());
            }
        }
    }
}

#[async_trait]
impl ConversationStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Conversation>) -> Result<Option<Conversation>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn open_with(
        &mut self,
        new: &Conversation,
    ) -> Result<(Conversation, bool), StorageError> {
        let query = x!(
            "insert into conversations (tenant_id, id, contact_id, channel_id, status, assignee_id, unread,
                last_message_id, last_message_at, last_inbound_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (tenant_id, channel_id, contact_id) do nothing",
            self.tenant,
            new.id.uuid(),
            new.contact.uuid(),
            new.channel.uuid(),
            new.status.as_str(),
            new.assignee.map(Id::uuid),
            new.unread,
            new.last_message.map(Id::uuid),
            new.last_message_at.micros(),
            new.last_inbound_at.map(Timestamp::micros),
            new.created_at.micros()
        );
        if self.unit.run(query).await? == 1 {
            return Ok((new.clone(), true));
        }
        Ok((self.between(new.channel, new.contact).await?, false))
    }
    async fn with_contacts(
        &mut self,
        channel: Id<Channel>,
        contacts: &[Id<Contact>],
    ) -> Result<Vec<Conversation>, StorageError> {
        let contacts = ids(contacts);
        let query = rows!(
            // As one row value, which only the index of all three fits: else SQLite would walk the whole tenant.
            lite "where +tenant_id = $1 and (tenant_id, channel_id, contact_id) in
                    (select $1, $2, unhex(value, '-') from json_each($3))",
            // One by one, each by its whole key: else the planner of a young database reads all threads of the number.
            pg "where tenant_id = $1 and id = any(array(
                select (select c.id from conversations c where c.tenant_id = $1 and c.channel_id = $2
                    and c.contact_id = n.value::uuid) from jsonb_array_elements_text($3) n))",
            self.tenant,
            channel.uuid(),
            contacts as _
        );
        each(self.unit.all(query).await?, read)
    }
    async fn open_many(&mut self, new: &[Conversation]) -> Result<Vec<Conversation>, StorageError> {
        let made = self.keep_conversations(new).await?;
        let mut all = Vec::with_capacity(new.len());
        for wanted in new {
            if made.contains(&wanted.id.uuid()) {
                all.push(wanted.clone());
            } else {
                all.push(self.between(wanted.channel, wanted.contact).await?);
            }
        }
        Ok(all)
    }
    async fn page(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>, StorageError> {
        let terms = search::typed(filter.search.as_deref().unwrap_or_default());
        let within = if terms.is_empty() {
            Within::All
        } else if let Some(people) = self.meant(&terms).await? {
            Within::People(people)
        } else {
            self.place_after(filter, page, looked_at(page)).await?
        };
        let rows = self.inbox(filter, page, &terms, &within).await?;
        let mut found = Page::cut(each(rows, read)?, page.limit, |c| Cursor {
            key: c.last_message_at.micros(),
            id: c.id.uuid(),
        });
        if let (None, Within::Until(end)) = (&found.next, within) {
            found.next = Some(end);
        }
        Ok(found)
    }
    async fn touch_many(&mut self, touches: &[Touch]) -> Result<(), StorageError> {
        self.touch_conversations(touches).await
    }
    async fn set_status(
        &mut self,
        id: Id<Conversation>,
        status: ConversationStatus,
    ) -> Result<bool, StorageError> {
        let query = x!(
            "update conversations set status = $3 where tenant_id = $1 and id = $2",
            self.tenant,
            id.uuid(),
            status.as_str()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn assign(
        &mut self,
        id: Id<Conversation>,
        expected: Option<Option<Id<User>>>,
        to: Option<Id<User>>,
    ) -> Result<bool, StorageError> {
        let (to, id) = (to.map(Id::uuid), id.uuid());
        let query = match expected {
            None => {
                let query = x!(
                    "update conversations set assignee_id = $3
                     where tenant_id = $1 and id = $2 and assignee_id is distinct from $3",
                    self.tenant,
                    id,
                    to
                );
                self.unit.run(query).await?
            }
            Some(expected) => {
                let expected = expected.map(Id::uuid);
                let query = x!(
                    "update conversations set assignee_id = $3
                     where tenant_id = $1 and id = $2 and assignee_id is distinct from $3
                        and assignee_id is not distinct from $4",
                    self.tenant,
                    id,
                    to,
                    expected
                );
                self.unit.run(query).await?
            }
        };
        Ok(query == 1)
    }
    async fn mark_read(&mut self, id: Id<Conversation>) -> Result<bool, StorageError> {
        let query = x!(
            "update conversations set unread = 0 where tenant_id = $1 and id = $2 and unread > 0",
            self.tenant,
            id.uuid()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn counts(
        &mut self,
        channel: Option<Id<Channel>>,
        user: Option<Id<User>>,
        only_mine: bool,
    ) -> Result<ConversationCounts, StorageError> {
        let (channel, user) = (channel.map(Id::uuid), user.map(Id::uuid));
        if only_mine {
            return self.counts_of_own(channel, user).await;
        }
        self.counts_of_all(channel, user).await
    }
}
