//! The next people of an audience, of each of its parts by an index of its own.

use uuid::Uuid;
use whatsapp_core::{Contact, Group, Id};

use super::SqlTenant;
use crate::StorageError;
use crate::sql::convert::ids;

impl SqlTenant<'_> {
    pub(super) async fn group_members_after(
        &mut self,
        group: Id<Group>,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<Uuid>, StorageError> {
        let query = one!(
            r#"select contact_id as "id!: Uuid" from group_members
               where tenant_id = $1 and group_id = $2 and contact_id > $3
               order by contact_id limit cast($4 as bigint)"#,
            self.tenant,
            group.uuid(),
            after,
            limit
        );
        self.unit.all(query).await
    }

    pub(super) async fn tagged_after(
        &mut self,
        tag: &str,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<Uuid>, StorageError> {
        let query = one!(
            r#"select contact_id as "id!: Uuid" from contact_tags
               where tenant_id = $1 and tag = $2 and contact_id > $3
               order by contact_id limit cast($4 as bigint)"#,
            self.tenant,
            tag,
            after,
            limit
        );
        self.unit.all(query).await
    }

    pub(super) async fn existing_after(
        &mut self,
        wanted: &[Id<Contact>],
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<Uuid>, StorageError> {
        let wanted = ids(wanted);
        let query = one!(
            lite r#"select id as "id!: Uuid" from contacts where tenant_id = $1 and id > $3
                    and id in (select unhex(value, '-') from json_each($2)) order by id limit cast($4 as bigint)"#,
            pg r#"select id as "id!: Uuid" from contacts where tenant_id = $1 and id > $3
                  and id = any(array(select value::uuid from jsonb_array_elements_text($2)))
                  order by id limit cast($4 as bigint)"#,
            self.tenant,
            wanted as _,
            after,
            limit
        );
        self.unit.all(query).await
    }
}
