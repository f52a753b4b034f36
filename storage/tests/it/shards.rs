//! Every statement about a tenant's table finds its rows by the tenant, so that a database which spreads them by
//! tenant asks one of its machines. Those which do not are the platform's own, and stand in `docs/operating/scaling.md`:
//! the list there is the list here. All checked statements are explained, on both engines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _};

use crate::plans::explain;
use crate::schema::POSTGRES_TENANT_TABLES;
use crate::{crowd, stores};

const BEGIN: &str = "<!-- statements that cross shards -->";
const END: &str = "<!-- end -->";

/// The texts of all checked statements of an engine, in one line each.
fn statements(engine: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let mut all = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let checked: serde_json::Value = serde_json::from_str(&text).unwrap();
        let query = checked["query"].as_str().unwrap();
        if query.starts_with(engine) {
            all.insert(query.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    assert!(all.len() > 100, "the checked statements are there");
    all
}

/// What the document names: the beginning of a part of the statement that only this one has.
fn documented() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operating/scaling.md");
    let text = std::fs::read_to_string(path).unwrap();
    let list = text.split(BEGIN).nth(1).and_then(|rest| rest.split(END).next());
    let list = list.expect("the document has its list");
    let rows = list.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap_or_default().to_owned()).collect()
}

/// The tables of tenants in a statement, by the names they have there.
fn names(sql: &str) -> BTreeMap<String, String> {
    let words: Vec<&str> = sql
        .split(|c: char| c.is_whitespace() || "(),".contains(c))
        .filter(|w| !w.is_empty())
        .collect();
    let mut names = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        let after = at > 0 && ["from", "join", "update", "into"].contains(&words[at - 1]);
        if after && POSTGRES_TENANT_TABLES.contains(word) {
            names.insert((*word).to_owned(), (*word).to_owned());
            if let Some(alias) = words.get(at + 1) {
                names.insert((*alias).to_owned(), (*word).to_owned());
            }
        }
    }
    names
}

/// Whether a line of SQLite's plan looks for a tenant's rows by anything else than the tenant.
fn crosses_on_sqlite(line: &str, names: &BTreeMap<String, String>) -> bool {
    let mut words = line.split_whitespace();
    let (Some(how), Some(name)) = (words.next(), words.next()) else { return false };
    if !names.contains_key(name) {
        return false;
    }
    how == "SCAN" || (how == "SEARCH" && !line.contains("(tenant_id=?"))
}

/// Every statement that does not find its rows by the tenant must be in the document, and no other.
fn compare(engine: &str, found: &BTreeMap<String, Vec<String>>) {
    let listed = documented();
    let mut wrong = Vec::new();
    for (sql, why) in found {
        if !listed.iter().any(|part| sql.contains(part.as_str())) {
            wrong.push(format!(
                "crosses shards and is not in the document: {sql}\n  {}",
                why.join("\n  ")
            ));
        }
    }
    for part in &listed {
        if !found.keys().any(|sql| sql.contains(part.as_str())) {
            wrong.push(format!("is in the document and does not cross shards: {part}"));
        }
    }
    assert!(wrong.is_empty(), "{engine}:\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_of_a_tenant_leads_with_the_tenant_on_sqlite() {
    let fresh = stores::file().await;
    crowd::gather(&fresh.store).await;
    let path = fresh.url.trim_start_matches("sqlite:");
    let mut db =
        SqliteConnectOptions::new().filename(path).read_only(true).connect().await.unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for sql in statements("/*lite*/") {
        let names = names(&sql);
        if names.is_empty() {
            continue;
        }
        let plan = AssertSqlSafe(format!("explain query plan {sql}"));
        for row in sqlx::query(plan).fetch_all(&mut db).await.unwrap() {
            let line: String = row.get("detail");
            if crosses_on_sqlite(&line, &names) {
                found.entry(sql.clone()).or_default().push(line);
            }
        }
    }
    compare("SQLite", &found);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_of_a_tenant_leads_with_the_tenant_on_postgres() {
    let fresh = stores::postgres().await;
    crowd::gather(&fresh.store).await;
    let mut db = PgConnection::connect(&fresh.url).await.unwrap();
    for setting in [
        "analyze",
        "set plan_cache_mode = force_generic_plan",
        "set enable_seqscan = off",
        "set app.system = 'on'",
    ] {
        sqlx::query(setting).execute(&mut db).await.unwrap();
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for sql in statements("/*pg*/") {
        if names(&sql).is_empty() {
            continue;
        }
        let plan = explain(&mut db, &sql).await;
        for (at, line) in plan.iter().enumerate() {
            if crosses_on_postgres(line, &plan[at + 1..]) {
                found.entry(sql.clone()).or_default().push(line.trim().to_owned());
            }
        }
    }
    compare("PostgreSQL", &found);
}

/// Whether a scan of a tenant's table has no condition on the tenant: the lines after it say.
fn crosses_on_postgres(line: &str, after: &[String]) -> bool {
    let Some((_, rest)) = line.split_once(" on ") else { return false };
    let table = rest.split_whitespace().next().unwrap_or_default();
    if !line.contains("Scan") || !POSTGRES_TENANT_TABLES.contains(&table) {
        return false;
    }
    let mut own = after.iter().take_while(|next| !next.contains("->") && !next.contains("Plan "));
    // In a table of a few rows any index will do. The wall, which is in every filter, has no parameter.
    !own.any(|next| {
        (next.contains("Cond:") && next.contains("tenant_id = "))
            || (next.contains("Filter:") && next.contains("tenant_id = $"))
    })
}
