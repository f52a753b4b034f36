//! Rows by the batch on either database, one statement for all of them: what the baselines store with.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, SqliteConnection};

use crate::Outcome;

/// How often the log of SQLite is brought into its file, by a connection of its own.
const CHECKPOINT: Duration = Duration::from_millis(500);

/// One connection that writes.
pub(crate) enum Writer {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

fn options(path: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536")
}

impl Writer {
    /// Opens the database; a commit is on disk when it is answered.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) async fn open(url: &str) -> Outcome<Self> {
        let Some(path) = url.strip_prefix("sqlite:") else {
            return Ok(Self::Postgres(PgConnection::connect(url).await?));
        };
        let writer = options(path).pragma("wal_autocheckpoint", "0").connect().await?;
        let mut other = options(path).connect().await?;
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(CHECKPOINT).await;
                let checkpoint = sqlx::query("pragma wal_checkpoint(passive)");
                if let Err(error) = checkpoint.execute(&mut other).await {
                    eprintln!("base: {error}");
                }
            }
        });
        Ok(Self::Sqlite(writer))
    }
    /// Runs statements without values.
    ///
    /// # Errors
    /// With the database's message.
    pub(crate) async fn run(&mut self, statements: &str) -> Outcome {
        for statement in statements.split(';').filter(|text| !text.trim().is_empty()) {
            let statement = AssertSqlSafe(statement.to_owned());
            match self {
                Self::Sqlite(c) => sqlx::query(statement).execute(c).await.map(drop)?,
                Self::Postgres(c) => sqlx::query(statement).execute(c).await.map(drop)?,
            }
        }
        Ok(())
    }
    /// Runs statements with one JSON text as their value, all in one transaction. Each is written for both.
    ///
    /// # Errors
    /// With the database's message.
    pub(crate) async fn batch(
        &mut self,
        statements: &[(&'static str, &'static str)],
        json: &str,
    ) -> Outcome {
        match self {
            Self::Sqlite(c) => {
                let mut tx = c.begin_with("begin immediate").await?;
                for (lite, _) in statements {
                    sqlx::query(*lite).bind(json).execute(&mut *tx).await?;
                }
                tx.commit().await?;
            }
            Self::Postgres(c) => {
                let mut tx = c.begin().await?;
                for (_, pg) in statements {
                    sqlx::query(*pg).bind(json).execute(&mut *tx).await?;
                }
                tx.commit().await?;
            }
        }
        Ok(())
    }
}
