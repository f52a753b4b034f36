//! [`GroupStore`] in SQL. The number of members is kept, not counted.

use async_trait::async_trait;
use sqlx::QueryBuilder;
use uuid::Uuid;
use whatsapp_core::text::fold;
use whatsapp_core::{Contact, Group, Id, Page, PageRequest, Timestamp};

use super::{Db, SqlTenant, up_to};
use crate::StorageError;
use crate::repo::GroupStore;
use crate::sql::convert::{before, cut_by_id, each, ids, maybe, pattern};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    description: String,
    member_count: i64,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", name as "name!", description as "description!", 
                member_count as "member_count!", created_at as "created_at!"
                from contact_groups "# $($l)+, pg r#"select id as "id!: Uuid", name as "name!", description as "description!", 
                member_count as "member_count!", created_at as "created_at!"
                from contact_groups "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", name as "name!", description as "description!", 
                member_count as "member_count!", created_at as "created_at!"
                from contact_groups "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Group, StorageError> {
    Ok(Group {
        id: Id::from_uuid(row.id),
        name: row.name,
        description: row.description,
        member_count: row.member_count,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

impl SqlTenant<'_> {
    async fn count_members(&mut self, id: Id<Group>, more: u64) -> Result<(), StorageError> {
        let more = i64::try_from(more).unwrap_or(i64::MAX);
        let query = x!(
            "update contact_groups set member_count = member_count + $3
             where tenant_id = $1 and id = $2",
            self.tenant,
            id.uuid(),
            more
        );
        self.unit.run(query).await.map(drop)
    }
}

#[async_trait]
impl GroupStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Group>) -> Result<Option<Group>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn page(
        &mut self,
        search: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Group>, StorageError> {
        let mut query = QueryBuilder::<Db>::new(
            "select contact_groups.id, contact_groups.name, contact_groups.description, contact_groups.member_count, contact_groups.created_at from contact_groups where tenant_id = ",
        );
        query.push_bind(self.tenant).push(" and id < ").push_bind(before(page));
        if let Some(search) = search.filter(|s| !s.trim().is_empty()) {
            query.push(" and search like ").push_bind(pattern(search)).push(r" escape '\'");
        }
        query.push(" order by id desc");
        up_to(&mut query, page);
        let rows: Vec<Row> = self.unit.all(query.build_query_as()).await?;
        Ok(cut_by_id(each(rows, read)?, page, |group| group.id))
    }
    async fn insert(&mut self, group: &Group) -> Result<bool, StorageError> {
        let query = x!(
            "insert into contact_groups (tenant_id, id, name, description, member_count, created_at, search)
             values ($1, $2, $3, $4, 0, $5, $6) on conflict (tenant_id, name) do nothing",
            self.tenant,
            group.id.uuid(),
            group.name,
            group.description,
            group.created_at.micros(),
            fold(&group.name)
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn update(&mut self, group: &Group) -> Result<bool, StorageError> {
        let query = x!(
            "update contact_groups set name = $3, description = $4, search = $5
             where tenant_id = $1 and id = $2 and not exists
                (select 1 from contact_groups o where o.tenant_id = $1 and o.name = $3 and o.id <> $2)",
            self.tenant,
            group.id.uuid(),
            group.name,
            group.description,
            fold(&group.name)
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn delete(&mut self, id: Id<Group>) -> Result<bool, StorageError> {
        let query = x!(
            "delete from contact_groups where tenant_id = $1 and id = $2",
            self.tenant,
            id.uuid()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn add_members(
        &mut self,
        id: Id<Group>,
        contacts: &[Id<Contact>],
    ) -> Result<u64, StorageError> {
        let wanted = ids(contacts);
        // The joins let only this tenant's group and contacts through.
        let query = x!(
            lite "insert into group_members (tenant_id, group_id, contact_id)
                  select c.tenant_id, g.id, c.id from contacts c
                  join contact_groups g on g.tenant_id = c.tenant_id and g.id = $2
                  where c.tenant_id = $1 and c.id in (select unhex(value, '-') from json_each($3))
                  on conflict do nothing",
            pg "insert into group_members (tenant_id, group_id, contact_id)
                select c.tenant_id, g.id, c.id from contacts c
                join contact_groups g on g.tenant_id = c.tenant_id and g.id = $2
                where c.tenant_id = $1 and c.id = any(array(select value::uuid from jsonb_array_elements_text($3)))
                order by c.id on conflict do nothing",
            self.tenant,
            id.uuid(),
            wanted as _
        );
        let added = self.unit.run(query).await?;
        self.count_members(id, added).await?;
        Ok(added)
    }
    async fn remove_members(
        &mut self,
        id: Id<Group>,
        contacts: &[Id<Contact>],
    ) -> Result<u64, StorageError> {
        let wanted = ids(contacts);
        let query = x!(
            lite "delete from group_members where tenant_id = $1 and group_id = $2
                  and contact_id in (select unhex(value, '-') from json_each($3))",
            pg "delete from group_members where tenant_id = $1 and group_id = $2
                and contact_id = any(array(select value::uuid from jsonb_array_elements_text($3)))",
            self.tenant,
            id.uuid(),
            wanted as _
        );
        let removed = self.unit.run(query).await?;
        let less = i64::try_from(removed).unwrap_or(i64::MAX);
        let query = x!(
            "update contact_groups set member_count = member_count - $3
             where tenant_id = $1 and id = $2",
            self.tenant,
            id.uuid(),
            less
        );
        self.unit.run(query).await?;
        Ok(removed)
    }
}
