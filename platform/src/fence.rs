//! The fence around a database that may lie behind the world: one that was restored believes that what was sent since
//! its backup still waits. Kept in the database itself; nothing begins until an operator lifts it. Never lifts itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use whatsapp_core::{Env, Timestamp};
use whatsapp_storage::{Mode, Place, Store, SystemTx};

use crate::Error;
use crate::platform::Inner;

/// Under which names the platform's settings hold the fence, and where the database lives.
const FENCE: &str = "fence";
const PLACE: &str = "place";

/// Why there is a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FenceCause {
    /// The database is a backup.
    Backup,
    /// The database finds itself elsewhere than at its last start: restored from a dump, or copied.
    Moved,
    /// An operator asked for it.
    Operator,
}

/// Nothing begins: no message, no campaign, no job, no webhook call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fence {
    /// What is older than this may have gone on in another database.
    pub since: Timestamp,
    /// Why.
    pub cause: FenceCause,
}

impl Fence {
    /// As the platform's settings hold it: for whoever makes a backup, to be set in the copy. What the copy knows must
    /// be older than `since`.
    #[must_use]
    pub fn of_backup(since: Timestamp) -> (&'static str, Value) {
        (FENCE, Self { since, cause: FenceCause::Backup }.kept())
    }
    fn kept(self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
    /// What happened and what is to be done, for operators.
    #[must_use]
    pub fn why(&self) -> String {
        let since = self.since.to_rfc3339();
        let what = match self.cause {
            FenceCause::Backup => format!("this database is a backup of {since}"),
            FenceCause::Moved => format!(
                "this database was restored or copied: at {since} it found itself in another place"
            ),
            FenceCause::Operator => format!("an operator fenced this database at {since}"),
        };
        format!(
            "{what}. Nothing is sent, begun or applied until an operator confirms: look at what is pending, then \
             run `whatsapp-server confirm-restore`"
        )
    }
}

/// What the settings hold. One that cannot be read is an error: it must not be taken for none.
async fn held(tx: &mut dyn SystemTx) -> Result<Option<Fence>, Error> {
    let unreadable =
        |error| Error::Internal(format!("the fence of this database cannot be read: {error}"));
    let kept = tx.platform_settings().get(FENCE).await?;
    kept.map(serde_json::from_value).transpose().map_err(unreadable)
}

/// Looks whether there is one.
pub(crate) async fn read(store: &dyn Store) -> Result<Option<Fence>, Error> {
    held(&mut *store.system(Mode::Read).await?).await
}

/// What has to be known before anything begins: whether there is a fence, and whether the database still lives where it
/// did. Where it does not, the fence is set in the transaction that notes the new place.
pub(crate) async fn settle(store: &dyn Store, env: &Env) -> Result<Option<Fence>, Error> {
    let Some(place) = store.place().await? else { return read(store).await };
    let mut look = store.system(Mode::Read).await?;
    if noted(&mut *look).await?.as_ref() == Some(&place) {
        return held(&mut *look).await;
    }
    drop(look);
    // The database's clock too: this node's may be behind.
    let now = env.now().max(store.now().await?);
    let mut tx = store.system(Mode::Write).await?;
    let moved = noted(&mut *tx).await?.is_some_and(|noted| !noted.is(&place));
    if moved {
        let fence = Fence { since: now, cause: FenceCause::Moved };
        tracing::error!("{}", fence.why());
        // One that is there already is older, and stays.
        tx.platform_settings().put_new(FENCE, &fence.kept()).await?;
        // Whoever held something in the database that was lost holds nothing here.
        tx.leases().seize_all().await?;
    }
    let place = serde_json::to_value(&place)
        .map_err(|error| Error::Internal(format!("a place cannot be written: {error}")))?;
    tx.platform_settings().put(PLACE, &place).await?;
    let fence = held(&mut *tx).await?;
    tx.commit().await?;
    Ok(fence)
}

/// Where the database lived at its last start. What cannot be read counts as another place.
async fn noted(tx: &mut dyn SystemTx) -> Result<Option<Place>, Error> {
    let kept = tx.platform_settings().get(PLACE).await?;
    let nowhere = Place { server: None, database: String::new(), tables: String::new() };
    Ok(kept.map(|place| serde_json::from_value(place).unwrap_or(nowhere)))
}

impl Inner {
    /// Whether there is a fence. Where one was seen the database is asked: this process may run no worker that would
    /// notice its end.
    pub(crate) async fn fence(&self) -> Result<Option<Fence>, Error> {
        if self.weather.fence().is_none() {
            return Ok(None);
        }
        let fence = read(&*self.store).await?;
        self.weather.note_fence(fence);
        Ok(fence)
    }
    /// Sets a fence, unless there is one.
    pub(crate) async fn put_fence(&self) -> Result<Fence, Error> {
        let since = self.env.now().max(self.store.now().await?);
        let fence = Fence { since, cause: FenceCause::Operator };
        let mut tx = self.store.system(Mode::Write).await?;
        tx.platform_settings().put_new(FENCE, &fence.kept()).await?;
        let fence = held(&mut *tx).await?.unwrap_or(fence);
        tx.commit().await?;
        self.weather.note_fence(Some(fence));
        Ok(fence)
    }
    /// Takes the fence away.
    pub(crate) async fn remove_fence(&self) -> Result<(), Error> {
        let mut tx = self.store.system(Mode::Write).await?;
        tx.platform_settings().remove(FENCE).await?;
        tx.commit().await?;
        self.weather.note_fence(None);
        self.wake.all();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_says_what_happened_and_what_is_to_be_done() {
        for cause in [FenceCause::Backup, FenceCause::Moved, FenceCause::Operator] {
            let fence = Fence { since: Timestamp::from_seconds(1_772_442_000), cause };
            let why = fence.why();
            assert!(why.contains("2026-03-02T09:00:00"), "{why}");
            assert!(why.contains("confirm-restore"), "{why}");
            assert_eq!(serde_json::from_value::<Fence>(fence.kept()).ok(), Some(fence));
        }
    }
}
