//! The inbox's counts: each by its index and no further than [`ConversationCounts::MOST`], so that they cost the same in
//! an inbox of any size. Never a sum that is kept: writing pays nothing for them.

use uuid::Uuid;
use whatsapp_core::conversation::ConversationCounts;

use super::SqlTenant;
use crate::StorageError;

struct CountRow {
    open: i64,
    pending: i64,
    resolved: i64,
    mine: i64,
    unassigned: i64,
    unread: i64,
}

impl From<CountRow> for ConversationCounts {
    fn from(row: CountRow) -> Self {
        let most = |n: i64| n.min(Self::MOST);
        Self {
            open: most(row.open),
            pending: most(row.pending),
            resolved: most(row.resolved),
            mine: most(row.mine),
            unassigned: most(row.unassigned),
            unread: most(row.unread),
        }
    }
}

impl SqlTenant<'_> {
    /// Of all conversations; `mine` are the user's.
    pub(super) async fn counts_of_all(
        &mut self,
        channel: Option<Uuid>,
        user: Option<Uuid>,
    ) -> Result<ConversationCounts, StorageError> {
        // In the index's order, which is no work: PostgreSQL would rather read the table where it believes most rows to be
        // behind the wall.
        let query = q!(
            CountRow,
            r#"select cast(coalesce(sum(opens), 0) as bigint) as "open!: i64", cast(coalesce(sum(pendings), 0) as bigint) as "pending!: i64",
                cast(coalesce(sum(resolveds), 0) as bigint) as "resolved!: i64", cast(coalesce(sum(mines), 0) as bigint) as "mine!: i64",
                cast(coalesce(sum(unassigneds), 0) as bigint) as "unassigned!: i64", cast(coalesce(sum(unreads), 0) as bigint) as "unread!: i64"
               from (select (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'open'
                    order by v.assignee_id limit cast($4 as bigint)) as n) as opens,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'pending'
                    order by v.assignee_id limit cast($4 as bigint)) as n) as pendings,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'resolved'
                    order by v.assignee_id limit cast($4 as bigint)) as n) as resolveds,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'open' and v.assignee_id = $3
                    order by v.assignee_id limit cast($4 as bigint)) as n)
                + (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'pending' and v.assignee_id = $3
                    order by v.assignee_id limit cast($4 as bigint)) as n) as mines,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'open' and v.assignee_id is null
                    order by v.assignee_id limit cast($4 as bigint)) as n)
                + (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'pending' and v.assignee_id is null
                    order by v.assignee_id limit cast($4 as bigint)) as n) as unassigneds,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.unread > 0
                    order by v.assignee_id limit cast($4 as bigint)) as n) as unreads
                from channels c where c.tenant_id = $1 and c.id = coalesce($2, c.id)) as t"#,
            self.tenant,
            channel,
            user,
            ConversationCounts::MOST
        );
        Ok(self.unit.one(query).await?.into())
    }

    /// Of the user's conversations alone.
    pub(super) async fn counts_of_own(
        &mut self,
        channel: Option<Uuid>,
        user: Option<Uuid>,
    ) -> Result<ConversationCounts, StorageError> {
        let query = q!(
            CountRow,
            // Left to itself SQLite reads the tenant's whole inbox for the last one.
            lite r#"select cast(coalesce(sum(opens), 0) as bigint) as "open!: i64", cast(coalesce(sum(pendings), 0) as bigint) as "pending!: i64",
                cast(coalesce(sum(resolveds), 0) as bigint) as "resolved!: i64", cast(coalesce(sum(opens + pendings), 0) as bigint) as "mine!: i64",
                cast(0 as bigint) as "unassigned!: i64", cast(coalesce(sum(unreads), 0) as bigint) as "unread!: i64"
               from (select (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'open' and v.assignee_id = $3 limit cast($4 as bigint)) as n) as opens,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'pending' and v.assignee_id = $3 limit cast($4 as bigint)) as n) as pendings,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'resolved' and v.assignee_id = $3 limit cast($4 as bigint)) as n) as resolveds,
                (select count(*) from (select 1 as one from conversations v indexed by conversations_unread
                    where v.tenant_id = $1 and v.channel_id = c.id and v.unread > 0 and v.assignee_id = $3 limit cast($4 as bigint)) as n) as unreads
                from channels c where c.tenant_id = $1 and c.id = coalesce($2, c.id)) as t"#,
            pg r#"select cast(coalesce(sum(opens), 0) as bigint) as "open!: i64", cast(coalesce(sum(pendings), 0) as bigint) as "pending!: i64",
                cast(coalesce(sum(resolveds), 0) as bigint) as "resolved!: i64", cast(coalesce(sum(opens + pendings), 0) as bigint) as "mine!: i64",
                cast(0 as bigint) as "unassigned!: i64", cast(coalesce(sum(unreads), 0) as bigint) as "unread!: i64"
               from (select (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'open' and v.assignee_id = $3 limit cast($4 as bigint)) as n) as opens,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'pending' and v.assignee_id = $3 limit cast($4 as bigint)) as n) as pendings,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.status = 'resolved' and v.assignee_id = $3 limit cast($4 as bigint)) as n) as resolveds,
                (select count(*) from (select 1 as one from conversations v
                    where v.tenant_id = $1 and v.channel_id = c.id and v.unread > 0 and v.assignee_id = $3 limit cast($4 as bigint)) as n) as unreads
                from channels c where c.tenant_id = $1 and c.id = coalesce($2, c.id)) as t"#,
            self.tenant,
            channel,
            user,
            ConversationCounts::MOST
        );
        Ok(self.unit.one(query).await?.into())
    }
}
