//! [`PortfolioStore`] in SQL. The kept count is never below the truth: it goes up with each person in the unit in
//! which they are written to, and down only when everybody is counted anew.

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;
use whatsapp_core::{Id, Portfolio, Send, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::PortfolioStore;
use crate::sql::convert::{bulk, ids, maybe, moment, number};

struct Row {
    id: String,
    people_limit: Option<i64>,
    used: i64,
    oldest_at: Option<i64>,
    counted_at: i64,
}

fn read(row: Row) -> Result<Portfolio, StorageError> {
    Ok(Portfolio {
        id: row.id,
        limit: row.people_limit.map(|n| number("messaging limit", n)).transpose()?,
        used: row.used,
        oldest_at: moment(row.oldest_at),
        counted_at: Timestamp::from_micros(row.counted_at),
    })
}

#[derive(Serialize)]
struct Person<'p> {
    address: &'p str,
    send_id: Uuid,
}

#[async_trait]
impl PortfolioStore for SqlTenant<'_> {
    async fn know(&mut self, id: &str, limit: Option<u32>) -> Result<(), StorageError> {
        let query = x!(
            "insert into portfolios (tenant_id, id, people_limit, used, counted_at) values ($1, $2, $3, 0, 0)
             on conflict (tenant_id, id) do update set people_limit = excluded.people_limit",
            self.tenant,
            id,
            limit.map(i64::from)
        );
        self.unit.run(query).await.map(drop)
    }
    async fn find(&mut self, id: &str) -> Result<Option<Portfolio>, StorageError> {
        let query = q!(
            Row,
            r#"select id as "id!", people_limit as "people_limit?", used as "used!", oldest_at as "oldest_at?",
                counted_at as "counted_at!" from portfolios where tenant_id = $1 and id = $2"#,
            self.tenant,
            id
        );
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn hold(&mut self, id: &str) -> Result<Option<Portfolio>, StorageError> {
        let query = q!(
            Row,
            lite r#"select id as "id!", people_limit as "people_limit?", used as "used!",
                oldest_at as "oldest_at?", counted_at as "counted_at!" from portfolios
                where tenant_id = $1 and id = $2"#,
            pg r#"select id as "id!", people_limit as "people_limit?", used as "used!",
                oldest_at as "oldest_at?", counted_at as "counted_at!" from portfolios
                where tenant_id = $1 and id = $2 for no key update"#,
            self.tenant,
            id
        );
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn recount(
        &mut self,
        id: &str,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Portfolio>, StorageError> {
        let gone = x!(
            lite "delete from portfolio_people where tenant_id = $1 and portfolio_id = $2 and reached_at <= $3",
            pg "with old as materialized (select address from portfolio_people
                    where tenant_id = $1 and portfolio_id = $2 and reached_at <= $3 for update skip locked)
                delete from portfolio_people where tenant_id = $1 and portfolio_id = $2
                    and address = any(array(select address from old))",
            self.tenant,
            id,
            since.micros()
        );
        self.unit.run(gone).await?;
        let query = q!(
            Row,
            r#"update portfolios set counted_at = $4,
                used = (select count(*) from portfolio_people p where p.tenant_id = $1
                    and p.portfolio_id = $2 and p.reached_at > $3),
                oldest_at = (select min(p.reached_at) from portfolio_people p where p.tenant_id = $1
                    and p.portfolio_id = $2 and p.reached_at > $3)
               where tenant_id = $1 and id = $2
               returning id as "id!", people_limit as "people_limit?", used as "used!",
                oldest_at as "oldest_at?", counted_at as "counted_at!""#,
            self.tenant,
            id,
            since.micros(),
            now.micros()
        );
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn reach(
        &mut self,
        id: &str,
        people: &[(String, Id<Send>)],
        since: Timestamp,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let bound =
            bulk(people.iter().map(|(address, line)| Person { address, send_id: line.uuid() }));
        // A line stays noted only with whom it made count: so each of these is one more.
        let query = one!(
            lite r#"insert into portfolio_people (tenant_id, portfolio_id, address, reached_at, send_id)
                select $1, $2, value ->> 'address', $4, unhex(value ->> 'send_id', '-') from jsonb_each($3) where true
                on conflict (tenant_id, portfolio_id, address) do update set reached_at = excluded.reached_at,
                    send_id = case when portfolio_people.reached_at <= $5 then excluded.send_id end
                returning send_id is not null as "fresh!: bool""#,
            pg r#"insert into portfolio_people (tenant_id, portfolio_id, address, reached_at, send_id)
                select $1, $2, address, $4, send_id from jsonb_to_recordset($3) as n(address text, send_id uuid)
                on conflict (tenant_id, portfolio_id, address) do update set reached_at = excluded.reached_at,
                    send_id = case when portfolio_people.reached_at <= $5 then excluded.send_id end
                returning send_id is not null as "fresh!: bool""#,
            self.tenant,
            id,
            bound as _,
            now.micros(),
            since.micros()
        );
        let fresh = self.unit.all(query).await?.into_iter().filter(|fresh| *fresh).count();
        if fresh == 0 {
            return Ok(());
        }
        let query = x!(
            "update portfolios set used = used + $3, oldest_at = coalesce(oldest_at, $4)
             where tenant_id = $1 and id = $2",
            self.tenant,
            id,
            i64::try_from(fresh).unwrap_or(i64::MAX),
            now.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn give_back(&mut self, lines: &[Id<Send>]) -> Result<(), StorageError> {
        let lines = ids(lines);
        let query = x!(
            lite "delete from portfolio_people indexed by portfolio_people_send
                  where tenant_id = $1 and send_id is not null
                  and send_id in (select unhex(value, '-') from json_each($2))",
            pg "with failed as materialized (select send_id from portfolio_people
                    where tenant_id = $1 and send_id = any(array(select value::uuid
                        from jsonb_array_elements_text($2))) for update skip locked)
                delete from portfolio_people where tenant_id = $1
                    and send_id = any(array(select send_id from failed))",
            self.tenant,
            lines as _
        );
        self.unit.run(query).await.map(drop)
    }
    async fn nth_oldest(
        &mut self,
        id: &str,
        nth: i64,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, StorageError> {
        let query = one!(
            r#"select reached_at as "reached_at!: i64" from portfolio_people
               where tenant_id = $1 and portfolio_id = $2 and reached_at > $3
               order by reached_at limit 1 offset $4"#,
            self.tenant,
            id,
            since.micros(),
            (nth - 1).max(0)
        );
        Ok(moment(self.unit.maybe(query).await?))
    }
}
