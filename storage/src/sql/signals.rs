//! [`Signals`] by PostgreSQL's `NOTIFY`. Told outside every transaction: a commit that notifies waits for every other
//! commit that does.

use async_trait::async_trait;
use sqlx::postgres::{PgListener, PgPoolOptions};
use uuid::Uuid;

use super::{fault, postgres};
use crate::StorageError;
use crate::signals::{Heard, Listening, Signals, Topic};

/// The name under which nodes speak, within one database.
const NAME: &str = "whatsapp_nodes";

#[async_trait]
impl Signals for postgres::Engine {
    async fn tell(&self, from: Uuid, topics: &[Topic]) -> Result<(), StorageError> {
        let words: Vec<_> = topics.iter().map(|topic| topic.as_str()).collect();
        let told = sqlx::query("select pg_notify($1, $2)")
            .bind(NAME)
            .bind(format!("{from} {}", words.join(" ")))
            .execute(&self.pool)
            .await;
        told.map(drop).map_err(fault::statement)
    }
    async fn listen(&self) -> Result<Box<dyn Listening>, StorageError> {
        // A connection of its own: it is held as long as the node lives.
        let options = self.pool.connect_options().as_ref().clone();
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options);
        let mut listener = PgListener::connect_with(&pool).await.map_err(fault::statement)?;
        listener.listen(NAME).await.map_err(fault::statement)?;
        Ok(Box::new(Ear(listener)))
    }
}

struct Ear(PgListener);

#[async_trait]
impl Listening for Ear {
    async fn next(&mut self) -> Result<Heard, StorageError> {
        loop {
            let Some(told) = self.0.try_recv().await.map_err(fault::statement)? else {
                return Err(StorageError::Unavailable("nobody carries word any more".into()));
            };
            // Another program may use the name: what is not ours is nothing to us.
            if let Some(heard) = read(told.payload()) {
                return Ok(heard);
            }
        }
    }
}

/// What a node said. A word of a newer program is left out.
fn read(payload: &str) -> Option<Heard> {
    let mut words = payload.split(' ');
    let from = words.next()?.parse().ok()?;
    Some(Heard { from, topics: words.filter_map(Topic::parse).collect() })
}
