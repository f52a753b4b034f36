//! The baselines: the least programs that do the same job, each in a process of its own. They know nothing of tenants,
//! rules, unread counts or events, so a share of what they reach is the honest measure.

mod batch;
mod ingest;
mod query;
pub(crate) mod sender;
mod socketio;

use crate::Outcome;

/// Plays a baseline.
///
/// # Errors
/// When there is none of that name, or it cannot serve.
pub(crate) async fn run(words: &[String]) -> Outcome {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["verify", secret] => ingest::run(secret, None).await,
        ["ingest", secret, url] => ingest::run(secret, Some(url)).await,
        ["query", url] => query::run(url).await,
        ["socketio", secret] => socketio::run(secret).await,
        ["sender", orders] => sender::run(orders).await,
        _ => Err(format!("there is no baseline {}", words.join(" ")).into()),
    }
}
