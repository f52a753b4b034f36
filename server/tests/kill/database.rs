//! A PostgreSQL of one's own that may crash, as `cargo xtask` starts it. `cargo xtask bench` uses it too. Never the one
//! that other tests use beside.

use std::path::PathBuf;
use std::process::Stdio;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::process::Command;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What the environment says of it.
///
/// # Errors
/// When it says nothing.
pub(crate) fn named(what: &str) -> Outcome<String> {
    let name = format!("PRIVATE_POSTGRES{what}");
    std::env::var(&name).map_err(|_| format!("{name} is not set: cargo xtask does").into())
}

/// Makes an empty database; answers its address.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn make(name: &str) -> Outcome<String> {
    let url = named("")?;
    let mut connection = PgConnection::connect(&url).await?;
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await?;
    let (server, _) = url.rsplit_once('/').ok_or("the server's address has no path")?;
    Ok(format!("{server}/{name}"))
}

/// Stops the server as a crash does and starts it again.
///
/// # Errors
/// When it does not come back.
pub(crate) async fn crash() -> Outcome {
    let data = PathBuf::from(named("_DATA")?);
    let mut command = Command::new(named("_CTL")?);
    command.args(["restart", "-w", "-s", "-m", "immediate", "-t", "60", "-D"]).arg(&data);
    command.arg("-l").arg(data.with_file_name("log")).current_dir("/");
    if let Ok(user) = named("_USER") {
        let (uid, gid) = user.split_once(':').ok_or("PRIVATE_POSTGRES_USER is uid:gid")?;
        command.uid(uid.parse()?).gid(gid.parse()?);
    }
    // The new server inherits what we give.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if command.status().await?.success() { Ok(()) } else { Err("PostgreSQL stays down".into()) }
}

/// Ends some of the connections to a database, as an operator or a failover does.
///
/// # Errors
/// When the server does not answer.
pub(crate) async fn terminate(database: &str, at_most: i64) -> Outcome {
    let mut connection = PgConnection::connect(&named("")?).await?;
    let name = database.rsplit_once('/').map_or(database, |(_, name)| name);
    sqlx::query(
        "select pg_terminate_backend(pid) from (select pid from pg_stat_activity
         where datname = $1 order by random() limit $2) as chosen",
    )
    .bind(name)
    .bind(at_most)
    .execute(&mut connection)
    .await?;
    Ok(())
}
