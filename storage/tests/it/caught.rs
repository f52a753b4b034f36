//! The statements the store really sends, caught as it runs.

use std::sync::{Mutex, OnceLock};

use tracing_subscriber::layer::{Context, SubscriberExt as _};

static CAUGHT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Catches the text of every statement the driver runs.
struct Catcher;

struct Statement(String);

impl tracing::field::Visit for Statement {
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        match field.name() {
            "summary" if self.0.is_empty() => value.clone_into(&mut self.0),
            "db.statement" if !value.is_empty() => value.trim().clone_into(&mut self.0),
            _ => {}
        }
    }
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, format!("{value:?}").trim_matches('"'));
    }
}

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Catcher {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement(String::new());
        event.record(&mut statement);
        CAUGHT.lock().unwrap().push(statement.0);
    }
}

/// Begins to catch; once is enough.
pub(crate) fn catch() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let subscriber = tracing_subscriber::registry().with(Catcher);
        tracing::subscriber::set_global_default(subscriber).expect("the first subscriber");
    });
}

/// The statements about these tables since the last call.
pub(crate) fn caught(about: &str) -> Vec<String> {
    let all = std::mem::take(&mut *CAUGHT.lock().unwrap());
    let mut ours: Vec<_> = all.into_iter().filter(|sql| sql.contains(about)).collect();
    ours.sort();
    ours.dedup();
    ours
}
