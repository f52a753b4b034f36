//! Many rows at once, written into the database itself in the form the product writes them: what a scenario presupposes
//! and does not measure. Only ever into a database that this run made.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, SqliteConnection};
use uuid::Uuid;
use whatsapp_core::ContactSource;

use crate::Outcome;

/// A connection of our own to a stage's database.
pub(crate) enum Rows {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Rows {
    /// Opens the database at a `sqlite:` or `postgres:` address.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) async fn open(url: &str) -> Outcome<Self> {
        match url.strip_prefix("sqlite:") {
            Some(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal);
                Ok(Self::Sqlite(options.connect().await?))
            }
            None => {
                let mut connection = PgConnection::connect(url).await?;
                // The wall of row-level security: we write for the platform.
                sqlx::query("select set_config('app.system', 'on', false)")
                    .execute(&mut connection)
                    .await?;
                Ok(Self::Postgres(connection))
            }
        }
    }
    /// Runs a statement in the form of this database.
    ///
    /// # Errors
    /// With the database's message.
    pub(crate) async fn run(&mut self, lite: String, pg: String) -> Outcome {
        match self {
            Self::Sqlite(c) => sqlx::query(AssertSqlSafe(lite)).execute(c).await.map(drop)?,
            Self::Postgres(c) => sqlx::query(AssertSqlSafe(pg)).execute(c).await.map(drop)?,
        }
        Ok(())
    }
    /// One number, from a statement that both understand.
    ///
    /// # Errors
    /// With the database's message.
    pub(crate) async fn count(&mut self, query: &str) -> Outcome<i64> {
        let query = AssertSqlSafe(query.to_owned());
        Ok(match self {
            Self::Sqlite(c) => sqlx::query_scalar(query).fetch_one(c).await?,
            Self::Postgres(c) => sqlx::query_scalar(query).fetch_one(c).await?,
        })
    }
    /// Texts, from a statement that both understand.
    ///
    /// # Errors
    /// With the database's message.
    pub(crate) async fn texts(&mut self, query: &str) -> Outcome<Vec<String>> {
        let query = AssertSqlSafe(query.to_owned());
        Ok(match self {
            Self::Sqlite(c) => sqlx::query_scalar(query).fetch_all(c).await?,
            Self::Postgres(c) => sqlx::query_scalar(query).fetch_all(c).await?,
        })
    }
    /// Lets PostgreSQL know how its tables look now, as its own background would. SQLite has nobody who tells it, and its
    /// plans are made without figures.
    ///
    /// # Errors
    /// With the database's message.
    pub(crate) async fn analyse(&mut self) -> Outcome {
        if let Self::Postgres(c) = self {
            sqlx::query("analyze").execute(c).await?;
        }
        Ok(())
    }
}

/// Milliseconds in the ids of seeded rows: 2025, so that all of them are older than what a run makes.
pub(crate) const BORN: u64 = 1_735_700_000_000;

/// What a seeded row is, in its id.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Contact = 1,
    Conversation = 2,
    Message = 3,
}

/// The expression for the id of the row with a number, in the form of both databases.
pub(crate) fn id(kind: Kind, number: &str) -> (String, String) {
    let (born, kind) = (format!("{BORN:012x}7000"), 0x8000 + kind as u32);
    (
        format!("unhex(printf('{born}{kind:04x}%012x', {number}))"),
        format!("('{born}{kind:04x}' || lpad(to_hex({number}), 12, '0'))::uuid"),
    )
}

/// A uuid as a literal, in the form of both databases.
pub(crate) fn literal(id: Uuid) -> (String, String) {
    (format!("x'{}'", id.simple()), format!("'{id}'::uuid"))
}

/// Numbers from `first`, so many, as a table `n(i)`.
pub(crate) fn numbers(first: u64, count: u64) -> (String, String) {
    let last = first + count - 1;
    (
        format!(
            "with recursive n(i) as (select {first} union all select i + 1 from n where i < {last})"
        ),
        format!("with n(i) as (select generate_series({first}::bigint, {last}::bigint))"),
    )
}

/// People with names and numbers, all of them in a group when one is given. A person's number is that of
/// [`crate::hooks::phone`].
///
/// # Errors
/// With the database's message.
pub(crate) async fn people(
    rows: &mut Rows,
    tenant: Uuid,
    group: Option<Uuid>,
    first: u64,
    count: u64,
) -> Outcome {
    let at = BORN * 1_000;
    let columns = "insert into contacts (tenant_id, id, name, phone, bsuid, email, tags, fields, opted_out_at, source, created_at, updated_at, search)";
    let (tenant_lite, tenant_pg) = literal(tenant);
    let (id_lite, id_pg) = id(Kind::Contact, "i");
    let (n_lite, n_pg) = numbers(first, count);
    let names = ["Aylin", "Bruno", "Chandra", "Dora", "Emeka", "Fatima", "Goran", "Hana"];
    let name = names.iter().zip(0..).fold(String::from("case i % 8"), |text, (name, n)| {
        format!("{text} when {n} then '{name}'")
    }) + " end || ' ' || i";
    let name_lite = name.clone();
    let phone = "('4479' || (10000000 + i))";
    let source = ContactSource::Seed.as_str();
    // What `whatsapp_core::search::keys` makes of it: the words, and the number from its end.
    let last = (1..=12).map(|digit| format!("substr({phone}, {}, 1)", 13 - digit));
    let last = last.collect::<Vec<_>>().join(" || ");
    let values = |tenant: &str, id: &str, name: &str, json: &str| {
        format!(
            "select {tenant}, {id}, {name}, '+' || {phone}, null, null, '[]'{json}, '{{}}'{json}, null, '{source}', {at}, {at}, lower({name}) || ' <' || {last} from n"
        )
    };
    rows.run(
        format!("{n_lite} {columns} {}", values(&tenant_lite, &id_lite, &name_lite, "")),
        format!("{n_pg} {columns} {}", values(&tenant_pg, &id_pg, &name, "::jsonb")),
    )
    .await?;
    let Some(group) = group else { return Ok(()) };
    let (group_lite, group_pg) = literal(group);
    let columns = "insert into group_members (tenant_id, group_id, contact_id)";
    rows.run(
        format!("{n_lite} {columns} select {tenant_lite}, {group_lite}, {id_lite} from n"),
        format!("{n_pg} {columns} select {tenant_pg}, {group_pg}, {id_pg} from n"),
    )
    .await?;
    let counted = format!("update contact_groups set member_count = {count} where id = ");
    rows.run(format!("{counted}{group_lite}"), format!("{counted}{group_pg}")).await
}

#[cfg(test)]
mod tests {
    use super::{Kind, id, numbers};

    #[test]
    fn the_ids_of_seeded_rows_are_uuids_of_version_seven() {
        let (lite, pg) = id(Kind::Contact, "i");
        assert_eq!(lite, "unhex(printf('01941fc82d0070008001%012x', i))");
        assert!(pg.starts_with("('01941fc82d0070008001' || lpad("));
        assert!(numbers(5, 2).1.contains("generate_series(5::bigint, 6::bigint)"));
    }
}
