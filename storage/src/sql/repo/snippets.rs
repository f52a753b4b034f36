//! [`SnippetStore`] in SQL.

use async_trait::async_trait;
use uuid::Uuid;
use whatsapp_core::{Id, Snippet, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::SnippetStore;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    shortcut: String,
    title: String,
    body: String,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", shortcut as "shortcut!", title as "title!", body as "body!", 
                created_at as "created_at!"
                from snippets "# $($l)+, pg r#"select id as "id!: Uuid", shortcut as "shortcut!", title as "title!", body as "body!", 
                created_at as "created_at!"
                from snippets "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", shortcut as "shortcut!", title as "title!", body as "body!", 
                created_at as "created_at!"
                from snippets "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Snippet {
    Snippet {
        id: Id::from_uuid(row.id),
        shortcut: row.shortcut,
        title: row.title,
        text: row.body,
        created_at: Timestamp::from_micros(row.created_at),
    }
}

#[async_trait]
impl SnippetStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Snippet>) -> Result<Option<Snippet>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        Ok(self.unit.maybe(query).await?.map(read))
    }
    async fn list(&mut self) -> Result<Vec<Snippet>, StorageError> {
        let query = rows!("where tenant_id = $1 order by shortcut", self.tenant);
        Ok(self.unit.all(query).await?.into_iter().map(read).collect())
    }
    async fn insert(&mut self, snippet: &Snippet) -> Result<bool, StorageError> {
        let query = x!(
            "insert into snippets (tenant_id, id, shortcut, title, body, created_at)
             values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id, shortcut) do nothing",
            self.tenant,
            snippet.id.uuid(),
            snippet.shortcut,
            snippet.title,
            snippet.text,
            snippet.created_at.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn update(&mut self, snippet: &Snippet) -> Result<bool, StorageError> {
        let query = x!(
            "update snippets set shortcut = $3, title = $4, body = $5
             where tenant_id = $1 and id = $2 and not exists
                (select 1 from snippets o where o.tenant_id = $1 and o.shortcut = $3 and o.id <> $2)",
            self.tenant,
            snippet.id.uuid(),
            snippet.shortcut,
            snippet.title,
            snippet.text
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn delete(&mut self, id: Id<Snippet>) -> Result<bool, StorageError> {
        let query =
            x!("delete from snippets where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        Ok(self.unit.run(query).await? == 1)
    }
}
