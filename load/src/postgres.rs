//! The database server that `cargo xtask bench` started for this run: a database for each stage, its processor time,
//! and the ways in which it can be made to fail. Never another server.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::process::Command;

use crate::{Outcome, child};

static MADE: AtomicU32 = AtomicU32::new(0);

fn url() -> Outcome<String> {
    std::env::var("LOAD_POSTGRES").map_err(|_| "LOAD_POSTGRES names no database server".into())
}

/// Makes an empty database; answers its address.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn database() -> Outcome<String> {
    let url = url()?;
    let nth = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("load_{}_{nth}", std::process::id());
    let mut connection = PgConnection::connect(&url).await?;
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await?;
    let (server, _) = url.rsplit_once('/').ok_or("LOAD_POSTGRES has no path")?;
    Ok(format!("{server}/{name}"))
}

/// The server's version.
///
/// # Errors
/// When it does not answer.
pub(crate) async fn version() -> Outcome<String> {
    let mut connection = PgConnection::connect(&url()?).await?;
    let version: String =
        sqlx::query_scalar("show server_version").fetch_one(&mut connection).await?;
    Ok(version.split_whitespace().next().unwrap_or_default().to_owned())
}

/// Processor time of the whole server so far, in seconds.
pub(crate) fn cpu() -> f64 {
    child::cpu_of_family(data().ok().and_then(|data| process(&data)).unwrap_or_default())
}

fn data() -> Outcome<PathBuf> {
    let folder = std::env::var_os("LOAD_POSTGRES_DATA");
    Ok(PathBuf::from(folder.ok_or("LOAD_POSTGRES_DATA does not name the server's data")?))
}

/// The server's process stands in the first line of its file.
fn process(data: &std::path::Path) -> Option<u32> {
    std::fs::read_to_string(data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

/// Stops the server as a crash does and starts it again.
///
/// # Errors
/// When it does not come back.
pub(crate) async fn crash() -> Outcome {
    let program = std::env::var_os("LOAD_POSTGRES_CTL").ok_or("LOAD_POSTGRES_CTL is missing")?;
    let data = data()?;
    let mut command = Command::new(program);
    command.args(["restart", "-w", "-s", "-m", "immediate", "-t", "60", "-D"]).arg(&data);
    command.arg("-l").arg(data.with_file_name("log")).current_dir("/");
    if let Ok(user) = std::env::var("LOAD_POSTGRES_USER") {
        let (uid, gid) = user.split_once(':').ok_or("LOAD_POSTGRES_USER is uid:gid")?;
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
    let mut connection = PgConnection::connect(&url()?).await?;
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
