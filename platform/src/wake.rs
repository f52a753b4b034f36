//! Rouses what sleeps: on this node at once, on the others by word through the store, where it can carry any. Losing a
//! wake-up costs a poll, never work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio_util::sync::CancellationToken;
use whatsapp_storage::signals::{Signals, Topic};

use crate::platform::Inner;

/// What is to be told within this time is told together.
const GATHER: Duration = Duration::from_millis(20);
/// After this the store is asked again to carry word.
const AGAIN: Duration = Duration::from_secs(5);

/// One thing to wait for.
#[derive(Debug)]
pub(crate) struct Bell {
    here: Notify,
    /// Whether the other nodes do not know yet.
    untold: AtomicBool,
    teller: Arc<Notify>,
}

impl Bell {
    fn new(teller: &Arc<Notify>) -> Self {
        Self { here: Notify::new(), untold: AtomicBool::new(false), teller: Arc::clone(teller) }
    }
    /// Rouses one sleeper, here and on every other node.
    pub(crate) fn notify_one(&self) {
        self.here.notify_one();
        self.tell();
    }
    /// Until it rings.
    pub(crate) fn notified(&self) -> Notified<'_> {
        self.here.notified()
    }
    /// Rouses all sleepers of this node.
    fn ring(&self) {
        self.here.notify_waiters();
        self.here.notify_one();
    }
    fn tell(&self) {
        self.untold.store(true, Ordering::SeqCst);
        self.teller.notify_one();
    }
}

/// All there is to wait for.
#[derive(Debug)]
pub(crate) struct Wake {
    pub(crate) journal: Bell,
    pub(crate) events: Bell,
    pub(crate) jobs: Bell,
    pub(crate) sends: Bell,
    teller: Arc<Notify>,
}

impl Default for Wake {
    fn default() -> Self {
        let teller = Arc::default();
        let bell = || Bell::new(&teller);
        Self { journal: bell(), events: bell(), jobs: bell(), sends: bell(), teller }
    }
}

impl Wake {
    /// Rouses everybody, whatever it was that happened. (Webhook calls come from outside alone.)
    pub(crate) fn all(&self) {
        self.rouse(&[&self.events, &self.jobs, &self.sends]);
    }
    /// What Meta told was applied: nothing waits to be sent because of it, and seldom a job.
    pub(crate) fn applied(&self, jobs: bool) {
        self.rouse(&[&self.events]);
        if jobs {
            self.rouse(&[&self.jobs]);
        }
    }
    fn rouse(&self, bells: &[&Bell]) {
        for bell in bells {
            bell.ring();
            bell.tell();
        }
    }
    const fn bell(&self, topic: Topic) -> &Bell {
        match topic {
            Topic::Journal => &self.journal,
            Topic::Events => &self.events,
            Topic::Jobs => &self.jobs,
            Topic::Sends => &self.sends,
        }
    }
    /// What the other nodes do not know yet; from now on they do.
    fn take_untold(&self) -> Vec<Topic> {
        let untold = |topic: &Topic| self.bell(*topic).untold.swap(false, Ordering::SeqCst);
        Topic::ALL.into_iter().filter(untold).collect()
    }
}

/// Carries word between this node and the others, until `stop`. Where the store carries none, the nodes look by
/// themselves, as they do anyway.
pub(crate) async fn carry(inner: Arc<Inner>, stop: CancellationToken) {
    let Some(signals) = inner.store.signals() else { return };
    tokio::select! {
        () = tell(&inner, signals) => {}
        () = hear(&inner, signals) => {}
        () = stop.cancelled() => {}
    }
}

async fn tell(inner: &Inner, signals: &dyn Signals) {
    loop {
        inner.wake.teller.notified().await;
        let topics = inner.wake.take_untold();
        if topics.is_empty() {
            continue;
        }
        if let Err(error) = signals.tell(inner.node, &topics).await {
            tracing::debug!(%error, "the other nodes were not told; they will see for themselves");
        }
        tokio::time::sleep(GATHER).await;
    }
}

async fn hear(inner: &Inner, signals: &dyn Signals) {
    loop {
        let error = match signals.listen().await {
            Ok(mut listening) => loop {
                match listening.next().await {
                    // Its own word comes back to a node.
                    Ok(heard) if heard.from == inner.node => {}
                    Ok(heard) => {
                        heard.topics.iter().for_each(|topic| inner.wake.bell(*topic).ring());
                    }
                    Err(error) => break error,
                }
            },
            Err(error) => error,
        };
        tracing::warn!(%error, "this node hears nothing of the others and looks by itself meanwhile");
        tokio::time::sleep(AGAIN).await;
    }
}
