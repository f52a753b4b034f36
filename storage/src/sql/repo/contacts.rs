//! [`ContactStore`] in SQL.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{
    Audience, Contact, ContactSource, Cursor, Group, Id, Identity, Page, PageRequest, Timestamp,
};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::ContactStore;
use crate::sql::convert::{cut_by_id, each, ids, maybe, moment, text, word};

/// A contact as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: Uuid,
    name: Option<String>,
    phone: Option<String>,
    bsuid: Option<String>,
    email: Option<String>,
    tags: Json<Vec<String>>,
    fields: Json<BTreeMap<String, String>>,
    opted_out_at: Option<i64>,
    source: String,
    created_at: i64,
    updated_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", name as "name?", phone as "phone?", bsuid as "bsuid?", email as "email?", 
                tags as "tags!: Json<Vec<String>>", fields as "fields!: Json<BTreeMap<String, String>>", 
                opted_out_at as "opted_out_at?", source as "source!", created_at as "created_at!", 
                updated_at as "updated_at!"
                from contacts "# $($l)+, pg r#"select id as "id!: Uuid", name as "name?", phone as "phone?", bsuid as "bsuid?", email as "email?", 
                tags as "tags!: Json<Vec<String>>", fields as "fields!: Json<BTreeMap<String, String>>", 
                opted_out_at as "opted_out_at?", source as "source!", created_at as "created_at!", 
                updated_at as "updated_at!"
                from contacts "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", name as "name?", phone as "phone?", bsuid as "bsuid?", email as "email?", 
                tags as "tags!: Json<Vec<String>>", fields as "fields!: Json<BTreeMap<String, String>>", 
                opted_out_at as "opted_out_at?", source as "source!", created_at as "created_at!", 
                updated_at as "updated_at!"
                from contacts "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Contact, StorageError> {
    Ok(Contact {
        id: Id::from_uuid(row.id),
        name: row.name,
        phone: row.phone.map(|p| text("phone number", &p)).transpose()?,
        bsuid: row.bsuid,
        email: row.email.map(|e| text("e-mail address", &e)).transpose()?,
        tags: row.tags.0,
        fields: row.fields.0,
        opted_out_at: moment(row.opted_out_at),
        source: word("contact source", ContactSource::parse, &row.source)?,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}

struct GroupRow {
    id: Uuid,
    name: String,
}

impl SqlTenant<'_> {
    /// The tags as rows, for finding people by them.
    async fn write_tags(&mut self, contact: &Contact) -> Result<(), StorageError> {
        let tags = Json(&contact.tags);
        let old = x!(
            "delete from contact_tags where tenant_id = $1 and contact_id = $2",
            self.tenant,
            contact.id.uuid()
        );
        self.unit.run(old).await?;
        if contact.tags.is_empty() {
            return Ok(());
        }
        let query = x!(
            lite "insert into contact_tags (tenant_id, contact_id, tag)
                  select distinct $1, $2, value from json_each($3)",
            pg "insert into contact_tags (tenant_id, contact_id, tag)
                select distinct $1::uuid, $2::uuid, value from jsonb_array_elements_text($3)",
            self.tenant,
            contact.id.uuid(),
            tags as _
        );
        self.unit.run(query).await.map(drop)
    }

    /// Everybody with one of the handles, or with another spelling of one.
    async fn with_handles(
        &mut self,
        identities: &[Identity],
    ) -> Result<Vec<Contact>, StorageError> {
        let phones = identities.iter().filter_map(|identity| identity.phone.as_ref());
        let phones: BTreeSet<String> = phones
            .flat_map(|phone| [Some(phone.clone()), phone.other_spelling()])
            .flatten()
            .map(|phone| phone.to_string())
            .collect();
        let bsuids: BTreeSet<&str> =
            identities.iter().filter_map(|identity| identity.bsuid.as_deref()).collect();
        let (phones, bsuids) = (Json(phones), Json(bsuids));
        let query = rows!(
            lite "where tenant_id = $1 and id in (
                    select p.id from contacts p where p.tenant_id = $1
                        and p.phone in (select value from json_each($2))
                    union select b.id from contacts b where b.tenant_id = $1
                        and b.bsuid in (select value from json_each($3)))",
            pg "where tenant_id = $1 and id = any(array(
                    select p.id from contacts p where p.tenant_id = $1
                        and p.phone = any(array(select value from jsonb_array_elements_text($2)))
                    union select b.id from contacts b where b.tenant_id = $1
                        and b.bsuid = any(array(select value from jsonb_array_elements_text($3)))))",
            self.tenant,
            phones as _,
            bsuids as _
        );
        each(self.unit.all(query).await?, read)
    }

    async fn by_phone(
        &mut self,
        phone: &whatsapp_core::Phone,
    ) -> Result<Option<Contact>, StorageError> {
        let query = rows!("where tenant_id = $1 and phone = $2", self.tenant, phone.as_str());
        maybe(self.unit.maybe(query).await?, read)
    }

    /// Whether the handles belong to nobody else. The unique keys are what guarantees it; this only lets
    /// a collision be told apart from a failure.
    async fn handles_are_free(&mut self, contact: &Contact) -> Result<bool, StorageError> {
        let query = one!(
            // Each by its whole key. With an "or", SQLite reads the whole tenant as soon as it knows from figures that
            // hardly anybody has a user id: it takes those without one for a thousand who share it.
            r#"select (select count(*) from contacts where tenant_id = $1 and phone = $3 and id <> $2)
                + (select count(*) from contacts where tenant_id = $1 and bsuid = $4 and id <> $2) as "n!: i64""#,
            self.tenant,
            contact.id.uuid(),
            contact.phone.as_ref().map(whatsapp_core::Phone::as_str),
            contact.bsuid
        );
        Ok(self.unit.one(query).await? == 0)
    }
}

#[async_trait]
impl ContactStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Contact>) -> Result<Option<Contact>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn hold(&mut self, id: Id<Contact>) -> Result<Option<Contact>, StorageError> {
        let query = rows!(
            lite "where tenant_id = $1 and id = $2",
            pg "where tenant_id = $1 and id = $2 for no key update",
            self.tenant,
            id.uuid()
        );
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn many(&mut self, wanted: &[Id<Contact>]) -> Result<Vec<Contact>, StorageError> {
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
    async fn by_identity(&mut self, identity: &Identity) -> Result<Option<Contact>, StorageError> {
        if let Some(phone) = &identity.phone
            && let Some(found) = self.by_phone(phone).await?
        {
            return Ok(Some(found));
        }
        if let Some(bsuid) = &identity.bsuid {
            let query = rows!("where tenant_id = $1 and bsuid = $2", self.tenant, bsuid);
            if let Some(row) = self.unit.maybe(query).await? {
                return read(row).map(Some);
            }
        }
        match identity.phone.as_ref().and_then(whatsapp_core::Phone::other_spelling) {
            Some(other) => self.by_phone(&other).await,
            None => Ok(None),
        }
    }
    async fn by_identities(
        &mut self,
        identities: &[Identity],
    ) -> Result<Vec<Option<Contact>>, StorageError> {
        let mut known = self.with_handles(identities).await?;
        known.sort_by_key(|contact| contact.id);
        let by_phone: HashMap<&str, &Contact> =
            known.iter().filter_map(|c| Some((c.phone.as_ref()?.as_str(), c))).collect();
        let by_bsuid: HashMap<&str, &Contact> =
            known.iter().filter_map(|c| Some((c.bsuid.as_deref()?, c))).collect();
        let find = |identity: &Identity| {
            let phone = identity.phone.as_ref();
            let other = phone.and_then(whatsapp_core::Phone::other_spelling);
            phone
                .and_then(|phone| by_phone.get(phone.as_str()))
                .or_else(|| by_bsuid.get(identity.bsuid.as_deref()?))
                .or_else(|| by_phone.get(other.as_ref()?.as_str()))
                .map(|contact| Contact::clone(contact))
        };
        Ok(identities.iter().map(find).collect())
    }
    async fn page(
        &mut self,
        filter: &ContactFilter,
        page: &PageRequest,
    ) -> Result<Page<Contact>, StorageError> {
        let (rows, end) = self.found(filter, page).await?;
        let mut found = cut_by_id(each(rows, read)?, page, |contact| contact.id);
        found.next = found.next.or(end.map(|id| Cursor { key: 0, id }));
        Ok(found)
    }
    async fn insert(&mut self, contact: &Contact) -> Result<bool, StorageError> {
        let (c, tags, fields) = (contact, Json(&contact.tags), Json(&contact.fields));
        let query = x!(
            "insert into contacts (tenant_id, id, name, phone, bsuid, email, tags, fields, opted_out_at,
                source, created_at, updated_at, search)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             on conflict do nothing",
            self.tenant,
            c.id.uuid(),
            c.name,
            c.phone.as_ref().map(whatsapp_core::Phone::as_str),
            c.bsuid,
            c.email.as_ref().map(whatsapp_core::Email::as_str),
            tags as _,
            fields as _,
            c.opted_out_at.map(Timestamp::micros),
            c.source.as_str(),
            c.created_at.micros(),
            c.updated_at.micros(),
            c.search_text()
        );
        if self.unit.run(query).await? == 0 {
            return Ok(false);
        }
        if !c.tags.is_empty() {
            self.write_tags(c).await?;
        }
        Ok(true)
    }
    async fn insert_many(
        &mut self,
        contacts: &[Contact],
    ) -> Result<Vec<Id<Contact>>, StorageError> {
        let kept = self.keep_contacts(contacts).await?;
        for contact in contacts.iter().filter(|c| !c.tags.is_empty()) {
            if kept.contains(&contact.id.uuid()) {
                self.write_tags(contact).await?;
            }
        }
        Ok(kept.into_iter().map(Id::from_uuid).collect())
    }
    async fn update(&mut self, contact: &Contact) -> Result<bool, StorageError> {
        if !self.handles_are_free(contact).await? {
            return Ok(false);
        }
        let (c, tags, fields) = (contact, Json(&contact.tags), Json(&contact.fields));
        let query = x!(
            "update contacts set name = $3, phone = $4, bsuid = $5, email = $6, tags = $7, fields = $8,
                opted_out_at = $9, source = $10, updated_at = $11, search = $12
             where tenant_id = $1 and id = $2",
            self.tenant,
            c.id.uuid(),
            c.name,
            c.phone.as_ref().map(whatsapp_core::Phone::as_str),
            c.bsuid,
            c.email.as_ref().map(whatsapp_core::Email::as_str),
            tags as _,
            fields as _,
            c.opted_out_at.map(Timestamp::micros),
            c.source.as_str(),
            c.updated_at.micros(),
            c.search_text()
        );
        if self.unit.run(query).await? == 0 {
            return Ok(false);
        }
        self.write_tags(c).await?;
        Ok(true)
    }
    async fn delete(&mut self, id: Id<Contact>) -> Result<bool, StorageError> {
        let counts = x!(
            "update contact_groups set member_count = member_count - 1
             where tenant_id = $1 and id in
                (select group_id from group_members where tenant_id = $1 and contact_id = $2)",
            self.tenant,
            id.uuid()
        );
        self.unit.run(counts).await?;
        let query =
            x!("delete from contacts where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        Ok(self.unit.run(query).await? == 1)
    }
    async fn groups_of(
        &mut self,
        id: Id<Contact>,
    ) -> Result<Vec<(Id<Group>, String)>, StorageError> {
        let query = q!(
            GroupRow,
            r#"select g.id as "id!: Uuid", g.name as "name!" from group_members m
               join contact_groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
               where m.tenant_id = $1 and m.contact_id = $2 order by g.name"#,
            self.tenant,
            id.uuid()
        );
        let rows = self.unit.all(query).await?;
        Ok(rows.into_iter().map(|row| (Id::from_uuid(row.id), row.name)).collect())
    }
    async fn audience(
        &mut self,
        audience: &Audience,
        after: Option<Id<Contact>>,
        limit: u32,
    ) -> Result<Vec<Contact>, StorageError> {
        let (after, wanted) = (after.map_or(Uuid::nil(), Id::uuid), i64::from(limit));
        // Each part answers its next few by an index; the union of those holds the next few of all.
        let mut found = BTreeSet::new();
        for group in &audience.group_ids {
            found.extend(self.group_members_after(*group, after, wanted).await?);
        }
        for tag in &audience.tags {
            found.extend(self.tagged_after(tag, after, wanted).await?);
        }
        if !audience.contact_ids.is_empty() {
            found.extend(self.existing_after(&audience.contact_ids, after, wanted).await?);
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next: Vec<Id<Contact>> = found.into_iter().take(limit).map(Id::from_uuid).collect();
        let mut people = self.many(&next).await?;
        people.sort_by_key(|contact| contact.id);
        Ok(people)
    }
}
