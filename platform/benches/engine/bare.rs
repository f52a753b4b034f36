//! The least that would do, on the same database: calls kept once by their digest, and lines claimed, begun and settled,
//! a hundred in each transaction, by one writer.

use sqlx::{Connection as _, Executor as _};

use crate::Failure;
use crate::clock::Watch;

const ROWS: usize = 50_000;
const GROUP: usize = 100;

pub(crate) async fn measure(url: &str) -> Result<(), Failure> {
    if url.starts_with("sqlite:") {
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(format!("{path}.bare"))
            .create_if_missing(true)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
            .synchronous(sqlx::sqlite::SqliteSynchronous::Full);
        lite(sqlx::SqliteConnection::connect_with(&options).await?).await
    } else {
        post(sqlx::PgConnection::connect(url).await?).await
    }
}

/// One text for both engines, but for the place of a value in a list.
macro_rules! bare {
    ($name:ident, $conn:ty, $blob:literal) => {
        async fn $name(mut conn: $conn) -> Result<(), Failure> {
            conn.execute(concat!(
                "create table bare_calls (hash text primary key, body ", $blob, " not null)"
            ))
            .await?;
            conn.execute(
                "create table bare_lines (id integer primary key, state integer not null, wamid text)",
            )
            .await?;
            conn.execute("create index bare_state on bare_lines (state, id)").await?;
            let body = vec![b'x'; 600];
            let watch = Watch::start();
            for group in 0..ROWS / GROUP {
                let mut tx = conn.begin().await?;
                for nth in 0..GROUP {
                    sqlx::query("insert into bare_calls values ($1, $2) on conflict do nothing")
                        .bind(format!("{:064}", group * GROUP + nth))
                        .bind(&body)
                        .execute(&mut *tx)
                        .await?;
                }
                tx.commit().await?;
            }
            watch.tell("bare: calls kept", ROWS);
            let all: Vec<i32> = (0..i32::try_from(ROWS)?).collect();
            for (what, statement) in [
                ("bare: lines made", "insert into bare_lines values ($1, 0, null)"),
                ("bare: lines begun", "update bare_lines set state = 1 where id = $1"),
                (
                    "bare: lines settled",
                    "update bare_lines set state = 2, wamid = 'wamid.' || $1 where id = $1",
                ),
            ] {
                let watch = Watch::start();
                for group in all.chunks(GROUP) {
                    let mut tx = conn.begin().await?;
                    for id in group {
                        sqlx::query(statement).bind(id).execute(&mut *tx).await?;
                    }
                    tx.commit().await?;
                }
                watch.tell(what, ROWS);
            }
            Ok(())
        }
    };
}
bare!(lite, sqlx::SqliteConnection, "blob");
bare!(post, sqlx::PgConnection, "bytea");
