//! Finding people by what somebody typed: by the index of words where few have one of them, by walking the list in its
//! own order where many have all of them, since then the page is full soon. Never in memory what the index does not
//! bound.

use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::PageRequest;
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::search::{self, Term};

use super::contacts::Row;
use super::{Db, SqlTenant, up_to};
use crate::StorageError;
use crate::sql::convert::before;

/// So many keys of a word are read; one that more have is a common one, and the list is walked in its own order.
const FEW: i64 = 3_000;
/// So many rows of the list are looked at for a page then: fewer for the first page, for which somebody waits, than for
/// those after it. A page that is not full by then ends there, and the next one goes on.
const LOOKED_AT: (i64, i64) = (1_500, 10_000);

/// How many rows are looked at for this page.
pub(super) const fn looked_at(page: &PageRequest) -> i64 {
    if page.after.is_none() { LOOKED_AT.0 } else { LOOKED_AT.1 }
}

/// The range of a key's beginning; of none, the empty one.
fn range(beginning: Option<&str>) -> (String, String) {
    beginning.map(Term::range).unwrap_or_default()
}

impl SqlTenant<'_> {
    /// Everybody who may be meant, when they are [`FEW`]: all who have the rarest of the terms. The newest first.
    pub(super) async fn meant(
        &mut self,
        terms: &[Term],
    ) -> Result<Option<Vec<Uuid>>, StorageError> {
        let mut fewest: Option<Vec<Uuid>> = None;
        // What is longer is rarer: mostly the first is enough.
        let mut terms: Vec<&Term> = terms.iter().collect();
        terms.sort_by_key(|term| std::cmp::Reverse(term.word.len()));
        for term in terms {
            let limit = fewest.as_ref().map_or(FEW, |few| few.len() as i64);
            let found = self.with_term(term, limit.saturating_add(1)).await?;
            if found.len() as i64 <= limit {
                fewest = Some(found);
            }
            if fewest.as_ref().is_some_and(|few| few.len() < 100) {
                break;
            }
        }
        Ok(fewest.map(|mut people| {
            people.sort_unstable_by(|a, b| b.cmp(a));
            people.dedup();
            people
        }))
    }

    /// Some of those with a term, as the index has them; one may come twice.
    async fn with_term(&mut self, term: &Term, limit: i64) -> Result<Vec<Uuid>, StorageError> {
        let (word, word_end) = Term::range(&term.word);
        let (last, last_end) = range(term.last_key().as_deref());
        let (front, front_end) = range(term.front.as_deref());
        let query = one!(
            r#"select contact_id as "id!: Uuid" from contact_words
               where tenant_id = $1 and word >= $2 and word < $3
               union all select contact_id from contact_words
               where tenant_id = $1 and word >= $4 and word < $5
               union all select id from contacts where tenant_id = $1 and phone >= $6 and phone < $7
               limit cast($8 as bigint)"#,
            self.tenant,
            word,
            word_end,
            last,
            last_end,
            front,
            front_end,
            limit
        );
        self.unit.all(query).await
    }
}

/// Narrows a query to these ids, in the form of its engine.
pub(super) fn among(query: &mut QueryBuilder<Db>, column: &str, ids: &[Uuid]) {
    let lite = <Db as sqlx::Database>::NAME == "SQLite";
    let ids = Json(ids.to_vec());
    query.push(" and ").push(column);
    if lite {
        query.push(" in (select unhex(value, '-') from json_each(").push_bind(ids).push("))");
    } else {
        query
            .push(" = any(array(select value::uuid from jsonb_array_elements_text(")
            .push_bind(ids)
            .push(")))");
    }
}

/// Narrows a query over contacts, under this name, to those that have every term.
pub(super) fn having(query: &mut QueryBuilder<Db>, contact: &str, terms: &[Term]) {
    for term in terms {
        // Nothing in a word is special in a pattern: signs stand between words.
        query.push(format!(" and (' ' || {contact}.search like "));
        query.push_bind(format!("% {}%", term.word));
        if let Some(front) = &term.front {
            query.push(format!(" or {contact}.phone like ")).push_bind(format!("{front}%"));
        }
        if let Some(last) = &term.last {
            query.push(format!(" or {contact}.phone like ")).push_bind(format!("%{last}"));
        }
        query.push(")");
    }
}

impl SqlTenant<'_> {
    /// A page of the people that a filter leaves, and one row more; with where the next page begins when a part of the
    /// list was looked at that did not fill this one.
    pub(super) async fn found(
        &mut self,
        filter: &ContactFilter,
        page: &PageRequest,
    ) -> Result<(Vec<Row>, Option<Uuid>), StorageError> {
        let terms = search::typed(filter.search.as_deref().unwrap_or_default());
        if terms.is_empty() {
            return Ok((self.walked(filter, page, &terms, Uuid::nil()).await?, None));
        }
        if let Some(people) = self.meant(&terms).await? {
            return Ok((self.picked(filter, page, &terms, people).await?, None));
        }
        let end = self.id_after(before(page), looked_at(page)).await?;
        Ok((self.walked(filter, page, &terms, end.unwrap_or(Uuid::nil())).await?, end))
    }

    /// Rows of the list in its order, as many as a page wants and one more; none before `end`.
    async fn walked(
        &mut self,
        filter: &ContactFilter,
        page: &PageRequest,
        terms: &[Term],
        end: Uuid,
    ) -> Result<Vec<Row>, StorageError> {
        let mut query = self.listed(filter);
        query.push(" and contacts.id < ").push_bind(before(page));
        if !end.is_nil() {
            query.push(" and contacts.id >= ").push_bind(end);
        }
        having(&mut query, "contacts", terms);
        query.push(" order by contacts.id desc");
        up_to(&mut query, page);
        self.unit.all(query.build_query_as()).await
    }

    /// The same out of these people, the newest of them first.
    async fn picked(
        &mut self,
        filter: &ContactFilter,
        page: &PageRequest,
        terms: &[Term],
        mut people: Vec<Uuid>,
    ) -> Result<Vec<Row>, StorageError> {
        let (before, wanted) = (before(page), page.limit as usize + 1);
        people.retain(|id| *id < before);
        people.dedup();
        let (mut rows, mut rest, mut step) = (Vec::<Row>::new(), people.as_slice(), wanted);
        while !rest.is_empty() && rows.len() < wanted {
            // Mostly the first are enough: nearly all who may be meant are.
            let (some, later) = rest.split_at(rest.len().min(step));
            let mut query = self.listed(filter);
            among(&mut query, "contacts.id", some);
            having(&mut query, "contacts", terms);
            query.push(" order by contacts.id desc");
            up_to(&mut query, page);
            rows.extend(self.unit.all(query.build_query_as::<Row>()).await?);
            (rest, step) = (later, step * 4);
        }
        rows.truncate(wanted);
        Ok(rows)
    }

    /// The id so many people further in the list; nothing when it ends before.
    async fn id_after(&mut self, before: Uuid, far: i64) -> Result<Option<Uuid>, StorageError> {
        let query = one!(
            r#"select id as "id!: Uuid" from contacts where tenant_id = $1 and id < $2
               order by id desc limit 1 offset cast($3 as bigint)"#,
            self.tenant,
            before,
            far
        );
        self.unit.maybe(query).await
    }

    /// The list as far as group and tag narrow it, without order and end.
    fn listed(&self, filter: &ContactFilter) -> QueryBuilder<Db> {
        let mut query = QueryBuilder::<Db>::new(
            "select contacts.id, contacts.name, contacts.phone, contacts.bsuid, contacts.email, contacts.tags, contacts.fields, contacts.opted_out_at, contacts.source, contacts.created_at, contacts.updated_at from contacts where contacts.tenant_id = ",
        );
        query.push_bind(self.tenant);
        if let Some(group) = filter.group {
            query.push(
                " and exists (select 1 from group_members m where m.tenant_id = contacts.tenant_id",
            );
            query.push(" and m.contact_id = contacts.id and m.group_id = ").push_bind(group.uuid());
            query.push(")");
        }
        if let Some(tag) = &filter.tag {
            query.push(
                " and exists (select 1 from contact_tags t where t.tenant_id = contacts.tenant_id",
            );
            query
                .push(" and t.contact_id = contacts.id and t.tag = ")
                .push_bind(tag.clone())
                .push(")");
        }
        query
    }
}
