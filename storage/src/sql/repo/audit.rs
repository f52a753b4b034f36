//! [`AuditStore`] in SQL.

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::event::AuditEntry;
use whatsapp_core::{By, Id, Page, PageRequest, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::AuditStore;
use crate::sql::convert::{before, cut_by_id, one_more};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    author: Json<By>,
    action: String,
    target: String,
    happened_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", author as "author!: Json<By>", action as "action!", target as "target!", 
                happened_at as "happened_at!"
                from audit_log "# $($l)+, pg r#"select id as "id!: Uuid", author as "author!: Json<By>", action as "action!", target as "target!", 
                happened_at as "happened_at!"
                from audit_log "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", author as "author!: Json<By>", action as "action!", target as "target!", 
                happened_at as "happened_at!"
                from audit_log "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> AuditEntry {
    AuditEntry {
        id: Id::from_uuid(row.id),
        by: row.author.0,
        action: row.action,
        target: row.target,
        at: Timestamp::from_micros(row.happened_at),
    }
}

#[async_trait]
impl AuditStore for SqlTenant<'_> {
    async fn append(&mut self, entry: &AuditEntry) -> Result<(), StorageError> {
        let by = Json(&entry.by);
        let query = x!(
            "insert into audit_log (tenant_id, id, author, action, target, happened_at)
             values ($1, $2, $3, $4, $5, $6)",
            self.tenant,
            entry.id.uuid(),
            by as _,
            entry.action,
            entry.target,
            entry.at.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn page(&mut self, page: &PageRequest) -> Result<Page<AuditEntry>, StorageError> {
        let query = rows!(
            "where tenant_id = $1 and id < $2 order by id desc limit cast($3 as bigint)",
            self.tenant,
            before(page),
            one_more(page)
        );
        let items = self.unit.all(query).await?.into_iter().map(read).collect();
        Ok(cut_by_id(items, page, |entry| entry.id))
    }
}
