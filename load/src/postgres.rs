//! The database server that `cargo xtask bench` started for this run: a database for each stage, its processor time,
//! and the ways in which it can be made to fail. Never another server.

#[path = "../../server/tests/kill/database.rs"]
mod private;

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, PgConnection};

use crate::{Outcome, child};
pub(crate) use private::{crash, terminate};

static MADE: AtomicU32 = AtomicU32::new(0);

/// Makes an empty database; answers its address.
///
/// # Errors
/// When the server refuses.
pub(crate) async fn database() -> Outcome<String> {
    let nth = MADE.fetch_add(1, Ordering::Relaxed);
    private::make(&format!("load_{}_{nth}", std::process::id())).await
}

/// The server's version.
///
/// # Errors
/// When it does not answer.
pub(crate) async fn version() -> Outcome<String> {
    let mut connection = PgConnection::connect(&private::named("")?).await?;
    let version: String =
        sqlx::query_scalar("show server_version").fetch_one(&mut connection).await?;
    Ok(version.split_whitespace().next().unwrap_or_default().to_owned())
}

/// Processor time of the whole server so far, in seconds.
pub(crate) fn cpu() -> f64 {
    child::cpu_of_family(
        private::named("_DATA").ok().and_then(|data| process(data.as_ref())).unwrap_or_default(),
    )
}

/// The server's process stands in the first line of its file.
fn process(data: &std::path::Path) -> Option<u32> {
    std::fs::read_to_string(data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}
