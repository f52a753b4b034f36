//! What is still known when a pump ends, or stood still: it is written, whoever has the channel. Never sends.

use whatsapp_core::{By, Span, Timestamp};
use whatsapp_storage::Mode;

use super::Pump;
use crate::Error;
use crate::outbound::batch::Begun;
use crate::outbound::call::{self, Outcome};
use crate::outbound::heed::settle;
use crate::work::Said;

/// A pump that ends tries so often to write what it has learnt; then its successor calls it ambiguous.
const SALVAGE_TRIES: u32 = 60;

impl Pump {
    /// Waits for the open calls and writes what was learnt of them: that holds whoever has the lease.
    pub(super) async fn salvage(mut self, mut learnt: Vec<Outcome>) -> Result<(), Error> {
        while self.calls.join_next().await.is_some() {
            while let Ok(outcome) = self.answers.try_recv() {
                learnt.push(outcome);
            }
        }
        while let Ok(outcome) = self.answers.try_recv() {
            learnt.push(outcome);
        }
        let mut tries = SALVAGE_TRIES;
        while !learnt.is_empty() {
            match self.write_learnt(&learnt).await {
                Ok(()) => break,
                Err(error) if tries == 0 => return Err(error),
                Err(_) => tries -= 1,
            }
            tokio::time::sleep(self.inner.settings.poll.to_std()).await;
        }
        Ok(())
    }

    pub(super) async fn write_learnt(&self, learnt: &[Outcome]) -> Result<(), Error> {
        let inner = &self.inner;
        let mut tx = inner.store.tenant(self.tenant, Mode::Write).await?;
        let mut said = Said::default();
        let lessons: Vec<_> = learnt.iter().map(|o| o.learnt.clone()).collect();
        let moved = tx.sends().learn(self.channel, &lessons, inner.env.now()).await?;
        settle(inner, &mut *tx, &mut said, (self.channel, learnt), &moved).await?;
        said.write(&mut *tx, &By::System, &inner.env).await?;
        tx.commit().await?;
        inner.wake.all();
        Ok(())
    }

    /// Whether the turn took so long, as when the node stood still in its commit, that another node may have the
    /// channel meanwhile.
    pub(super) fn is_late(&self, began_at: Timestamp) -> bool {
        self.inner.env.now() - began_at >= Span::micros(self.inner.settings.lease.as_micros() / 2)
    }

    /// What is known of messages that were begun and do not go out.
    pub(super) fn all_unsent(&self, begun: Vec<Begun>) -> Vec<Outcome> {
        let now = self.inner.env.now();
        begun.into_iter().map(|begun| call::unsent(begun, now)).collect()
    }
}
