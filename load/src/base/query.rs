//! base-query: the questions of an inbox, asked of the product's own tables by a bare program with four connections:
//! one statement each, no tenants' walls, no sessions, rows turned into JSON by the database.

use std::sync::Arc;

use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};

use crate::Outcome;
use crate::serve::{Answer, serve};

/// So many connections, as the product reads with on SQLite.
const CONNECTIONS: u32 = 4;

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    async fn text(&self, query: String) -> Result<String, sqlx::Error> {
        let query = AssertSqlSafe(query);
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(query).fetch_one(pool).await,
            Self::Postgres(pool) => sqlx::query_scalar(query).fetch_one(pool).await,
        }
    }
}

/// Serves until the process ends: `/inbox`, `/deep/{before}`, `/thread/{person}`, `/search/{text}`.
///
/// # Errors
/// When it cannot listen or the database cannot be opened.
pub(crate) async fn run(url: &str) -> Outcome {
    let pool = Arc::new(match url.strip_prefix("sqlite:") {
        Some(path) => {
            let options = SqliteConnectOptions::new().filename(path).read_only(true);
            let options = options.pragma("cache_size", "-65536").pragma("mmap_size", "268435456");
            let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
            Pool::Sqlite(pool.connect_with(options).await?)
        }
        None => {
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS);
            let walls = pool.after_connect(|connection, _| {
                Box::pin(async move {
                    let open = "select set_config('app.system', 'on', false)";
                    sqlx::query(open).execute(connection).await.map(drop)
                })
            });
            Pool::Postgres(walls.connect(url).await?)
        }
    });
    let lite = url.starts_with("sqlite:");
    serve(move |asked| {
        let pool = Arc::clone(&pool);
        async move {
            let parts: Vec<&str> = asked.path.split('/').filter(|part| !part.is_empty()).collect();
            let query = match parts.as_slice() {
                ["inbox"] => inbox(lite, i64::MAX),
                ["deep", before] => inbox(lite, before.parse().unwrap_or(i64::MAX)),
                ["thread", phone] => thread(lite, phone),
                ["search", text] => search(lite, text),
                _ => return Answer::Say(404, String::new()),
            };
            match pool.text(query).await {
                Ok(rows) => Answer::Say(200, rows),
                Err(error) => Answer::Say(500, error.to_string()),
            }
        }
    })
    .await
}

/// The rows of a query as one JSON text.
fn rows(lite: bool, columns: &[&str], rest: &str) -> String {
    let pairs: Vec<String> = columns.iter().map(|name| format!("'{name}', t.{name}")).collect();
    let pairs = pairs.join(", ");
    if lite {
        format!("select json_group_array(json_object({pairs})) from ({rest}) t")
    } else {
        format!("select coalesce(json_agg(json_build_object({pairs})), '[]')::text from ({rest}) t")
    }
}

/// Ids are shown as they are; SQLite keeps them as bytes.
fn shown(lite: bool, column: &str) -> String {
    if lite { format!("hex({column})") } else { column.to_owned() }
}

fn inbox(lite: bool, before: i64) -> String {
    let id = shown(lite, "c.id");
    let rest = format!(
        "select {id} as id, p.name, p.phone, c.status, c.unread, c.last_message_at, m.content from conversations c
         join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
         left join messages m on m.tenant_id = c.tenant_id and m.id = c.last_message_id
         where c.tenant_id = (select id from tenants limit 1) and c.last_message_at < {before}
         order by c.last_message_at desc, c.id desc limit 50"
    );
    rows(lite, &["id", "name", "phone", "status", "unread", "last_message_at", "content"], &rest)
}

/// Letters and digits are all that a question holds here.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn thread(lite: bool, phone: &str) -> String {
    let (id, phone) = (shown(lite, "m.id"), plain(phone));
    let rest = format!(
        "select {id} as id, m.direction, m.content, m.created_at from messages m
         where m.tenant_id = (select id from tenants limit 1) and m.reacts_to is null and m.conversation_id =
            (select c.id from conversations c join contacts p on p.tenant_id = c.tenant_id and p.id = c.contact_id
             where p.tenant_id = (select id from tenants limit 1) and p.phone = '+{phone}')
         order by m.created_at desc, m.id desc limit 50"
    );
    rows(lite, &["id", "direction", "content", "created_at"], &rest)
}

fn search(lite: bool, text: &str) -> String {
    let (id, text) = (shown(lite, "p.id"), plain(text));
    let rest = format!(
        "select {id} as id, p.name, p.phone from contacts p
         where p.tenant_id = (select id from tenants limit 1) and (p.search like '%{text}%' or p.phone like '%{text}')
         order by p.id desc limit 50"
    );
    rows(lite, &["id", "name", "phone"], &rest)
}
