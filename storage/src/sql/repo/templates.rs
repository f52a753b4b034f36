//! [`TemplateStore`] in SQL.

use async_trait::async_trait;
use serde_json::Value;
use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::template::Category;
use whatsapp_core::text::fold;
use whatsapp_core::{Channel, Id, Page, PageRequest, Quality, Template, TemplateStatus, Timestamp};

use super::{Db, SqlTenant, up_to};
use crate::StorageError;
use crate::repo::{TemplateFilter, TemplateStore};
use crate::sql::convert::{cut_by_id, each, ids, maybe, pattern, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    channel_id: Uuid,
    meta_id: String,
    name: String,
    language: String,
    category: String,
    status: String,
    quality: String,
    rejected_reason: Option<String>,
    named: bool,
    components: Json<Value>,
    updated_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", channel_id as "channel_id!: Uuid", meta_id as "meta_id!", name as "name!", 
                language as "language!", category as "category!", status as "status!", quality as "quality!", 
                rejected_reason as "rejected_reason?", named as "named!: bool", 
                components as "components!: Json<Value>", updated_at as "updated_at!"
                from templates "# $($l)+, pg r#"select id as "id!: Uuid", channel_id as "channel_id!: Uuid", meta_id as "meta_id!", name as "name!", 
                language as "language!", category as "category!", status as "status!", quality as "quality!", 
                rejected_reason as "rejected_reason?", named as "named!: bool", 
                components as "components!: Json<Value>", updated_at as "updated_at!"
                from templates "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", channel_id as "channel_id!: Uuid", meta_id as "meta_id!", name as "name!", 
                language as "language!", category as "category!", status as "status!", quality as "quality!", 
                rejected_reason as "rejected_reason?", named as "named!: bool", 
                components as "components!: Json<Value>", updated_at as "updated_at!"
                from templates "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Template, StorageError> {
    Ok(Template {
        id: Id::from_uuid(row.id),
        channel: Id::from_uuid(row.channel_id),
        meta_id: row.meta_id,
        name: row.name,
        language: row.language,
        category: word("category", Category::parse, &row.category)?,
        status: word("template status", TemplateStatus::parse, &row.status)?,
        quality: word("quality", Quality::parse, &row.quality)?,
        rejected_reason: row.rejected_reason,
        named: row.named,
        components: row.components.0,
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}

#[async_trait]
impl TemplateStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Template>) -> Result<Option<Template>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn many(&mut self, wanted: &[Id<Template>]) -> Result<Vec<Template>, StorageError> {
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
    async fn by_name(
        &mut self,
        channel: Option<Id<Channel>>,
        name: &str,
    ) -> Result<Vec<Template>, StorageError> {
        let query = rows!(
            "where tenant_id = $1 and name = $2 and channel_id = coalesce($3, channel_id)
             order by language, id",
            self.tenant,
            name,
            channel.map(Id::uuid)
        );
        each(self.unit.all(query).await?, read)
    }
    async fn by_meta_id(&mut self, meta_id: &str) -> Result<Vec<Template>, StorageError> {
        let query =
            rows!("where tenant_id = $1 and meta_id = $2 order by id", self.tenant, meta_id);
        each(self.unit.all(query).await?, read)
    }
    async fn page(
        &mut self,
        filter: &TemplateFilter,
        page: &PageRequest,
    ) -> Result<Page<Template>, StorageError> {
        let mut query = QueryBuilder::<Db>::new(
            "select templates.id, templates.channel_id, templates.meta_id, templates.name, templates.language, templates.category, templates.status, templates.quality, templates.rejected_reason, templates.named, templates.components, templates.updated_at from templates where tenant_id = ",
        );
        query.push_bind(self.tenant);
        if let Some(cursor) = &page.after {
            // The cursor names the row; its name and language are looked up.
            query.push(
                " and (name, language, id) > (select o.name, o.language, o.id from templates o",
            );
            query.push(" where o.tenant_id = ").push_bind(self.tenant);
            query.push(" and o.id = ").push_bind(cursor.id).push(")");
        }
        if let Some(channel) = filter.channel {
            query.push(" and channel_id = ").push_bind(channel.uuid());
        }
        if let Some(status) = filter.status {
            query.push(" and status = ").push_bind(status.as_str());
        }
        if let Some(search) = filter.search.as_deref().filter(|s| !s.trim().is_empty()) {
            query.push(" and search like ").push_bind(pattern(search)).push(r" escape '\'");
        }
        query.push(" order by name, language, id");
        up_to(&mut query, page);
        let rows: Vec<Row> = self.unit.all(query.build_query_as()).await?;
        Ok(cut_by_id(each(rows, read)?, page, |template| template.id))
    }
    async fn upsert(&mut self, template: &Template) -> Result<Option<Id<Template>>, StorageError> {
        let (t, components) = (template, Json(&template.components));
        let query = one!(
            r#"insert into templates (tenant_id, id, channel_id, meta_id, name, language, category, status,
                quality, rejected_reason, named, components, updated_at, search)
             select c.tenant_id, $2, c.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
             from channels c where c.tenant_id = $1 and c.id = $3
             on conflict (tenant_id, channel_id, meta_id) do update set name = excluded.name,
                language = excluded.language, category = excluded.category, status = excluded.status,
                quality = excluded.quality, rejected_reason = excluded.rejected_reason,
                named = excluded.named, components = excluded.components,
                updated_at = excluded.updated_at, search = excluded.search
             where templates.name <> excluded.name or templates.language <> excluded.language
                or templates.category <> excluded.category or templates.status <> excluded.status
                or templates.quality <> excluded.quality or templates.named <> excluded.named
                or templates.rejected_reason is distinct from excluded.rejected_reason
                or templates.components <> excluded.components
             returning id as "id!: Uuid""#,
            self.tenant,
            t.id.uuid(),
            t.channel.uuid(),
            t.meta_id,
            t.name,
            t.language,
            t.category.as_str(),
            t.status.as_str(),
            t.quality.as_str(),
            t.rejected_reason,
            t.named,
            components as _,
            t.updated_at.micros(),
            fold(&t.name)
        );
        Ok(self.unit.maybe(query).await?.map(Id::from_uuid))
    }
}
