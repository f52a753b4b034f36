//! Keeping calls before they are answered, many in one commit. The group is whatever gathered while the last
//! group was written: there is no timer, and a lone call costs one commit. Nothing is spawned for longer
//! than one commit.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;
use whatsapp_core::Timestamp;
use whatsapp_storage::Mode;
use whatsapp_storage::repo::system::NewCall;

use crate::Error;
use crate::platform::Inner;

/// A group has at most so many calls.
const GROUP: usize = 512;

type Waiting = (NewCall, oneshot::Sender<Result<bool, String>>);

/// Gathers calls that arrive together.
#[derive(Debug, Default)]
pub(crate) struct JournalWriter {
    queue: Mutex<Vec<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

impl JournalWriter {
    fn take(&self) -> Vec<Waiting> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let n = queue.len().min(GROUP);
        queue.drain(..n).collect()
    }
    /// Since when the call waits that has waited longest to be kept.
    pub(crate) fn waiting_since(&self) -> Option<Timestamp> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.first().map(|(entry, _)| entry.received_at)
    }
    fn push(&self, waiting: Waiting) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push(waiting);
    }
}

impl Inner {
    /// Keeps one call; `false` when it was kept before.
    pub(super) async fn keep(self: &Arc<Self>, call: NewCall) -> Result<bool, Error> {
        let (answer, answered) = oneshot::channel();
        self.journal.push((call, answer));
        // The writing is a task of its own: a caller that goes away does not take the others' commit with it.
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let _turn = inner.journal.turn.lock().await;
            inner.write_group().await;
        });
        let outcome = answered.await.unwrap_or_else(|_| Err("its writer was interrupted".into()));
        outcome.map_err(|why| Error::Unavailable(format!("the call could not be kept: {why}")))
    }

    async fn write_group(&self) {
        let group = self.journal.take();
        let (calls, answers): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        match self.append(&calls).await {
            Ok(news) => {
                for (answer, new) in answers.into_iter().zip(news) {
                    // A caller that went away does not want its answer; the call is kept all the same.
                    let _gone = answer.send(Ok(new));
                }
            }
            Err(error) => {
                tracing::error!(%error, calls = calls.len(), "webhook calls could not be kept");
                for answer in answers {
                    let _gone = answer.send(Err(error.to_string()));
                }
            }
        }
    }

    async fn append(&self, calls: &[NewCall]) -> Result<Vec<bool>, Error> {
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.store.system(Mode::Write).await?;
        let news = tx.journal().append(calls).await?;
        tx.commit().await?;
        Ok(news)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use whatsapp_core::event::VerifiedBy;
    use whatsapp_core::{Id, Timestamp};

    use super::*;

    /// A call that came then waits to be kept.
    pub(crate) fn somebody_waits(writer: &JournalWriter, since: Timestamp) {
        let call = NewCall {
            id: Id::from_uuid(uuid::Uuid::nil()),
            hash: [0; 32],
            body: Vec::new(),
            verified_by: VerifiedBy::Platform,
            received_at: since,
        };
        writer.push((call, oneshot::channel().0));
    }

    /// Those that waited are being kept.
    pub(crate) fn nobody_waits(writer: &JournalWriter) -> usize {
        writer.take().len()
    }

    #[test]
    fn the_call_that_came_first_says_since_when_calls_wait() {
        let writer = JournalWriter::default();
        assert_eq!(writer.waiting_since(), None);
        for second in [10, 11] {
            somebody_waits(&writer, Timestamp::from_seconds(second));
        }
        assert_eq!(writer.waiting_since(), Some(Timestamp::from_seconds(10)));
        assert_eq!(nobody_waits(&writer), 2);
        assert_eq!(writer.waiting_since(), None, "what is being written waits no more");
    }
}
