//! The line to Meta of each channel: what its breaker knows, shared by everything that calls over it on this node, and
//! the read that asks whether Meta is there again. Never sends a message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;
use whatsapp_cloud::{Access, CloudError};
use whatsapp_core::{Channel, Env, Id, Span};

use super::breaker::{Answer, Breaker};
use crate::platform::Inner;

/// The lines of this node: one for each channel that it ever sent over.
#[derive(Debug, Default)]
pub(crate) struct Lines(Mutex<HashMap<Id<Channel>, Line>>);

impl Lines {
    pub(super) fn of(&self, channel: Id<Channel>) -> Line {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(channel).or_default().clone()
    }
}

/// One of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Arc<Mutex<Breaker>>);

impl Line {
    fn with<T>(&self, work: impl FnOnce(&mut Breaker) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
    /// Notes how a call ended.
    pub(super) fn ended<T>(&self, env: &Env, result: &Result<T, CloudError>) {
        let answer = answer(result);
        self.with(|breaker| breaker.ended(env, answer));
    }
    /// Whether what was begun ahead still goes out: not when the line broke, or the disk filled up, since.
    pub(super) fn lets_go(&self, inner: &Inner) -> bool {
        inner.weather.may_begin() && self.with(|breaker| breaker.lets_go(inner.env.now()))
    }
    /// How long a message waits that Meta certainly did not take.
    pub(super) fn again_after(&self, env: &Env, tries: i64) -> Span {
        self.with(|breaker| breaker.again_after(env, tries))
    }
    async fn probe(self, inner: Arc<Inner>, access: Access) {
        let read = inner.cloud.phone_number(&access).await;
        let answer = answer(&read);
        self.with(|breaker| breaker.probed(&inner.env, answer));
    }
}

/// A refusal is an answer; of what is no answer, only what a bad line makes counts.
fn answer<T>(result: &Result<T, CloudError>) -> Answer {
    match result {
        Err(CloudError::Ambiguous { .. } | CloudError::Unreachable { .. }) => Answer::Missing,
        Err(CloudError::Temporary { .. }) => Answer::Missing,
        Err(CloudError::RateLimited { after, .. }) => Answer::Later(*after),
        _ => Answer::Heard,
    }
}

/// A pump's end of the line.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) line: Line,
    probe: Option<JoinHandle<()>>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        if let Some(probe) = &self.probe {
            probe.abort();
        }
    }
}

impl Gate {
    pub(super) const fn new(line: Line) -> Self {
        Self { line, probe: None }
    }
    /// How many of `want` calls may be begun now: none while something stands in the way of sending at all.
    pub(super) fn room(&self, inner: &Inner, want: usize) -> usize {
        if !inner.weather.may_begin() {
            return 0;
        }
        self.line.with(|breaker| breaker.room(inner.env.now(), want))
    }
    /// Whether Meta does not answer.
    pub(super) fn is_broken(&self) -> bool {
        self.line.with(|breaker| breaker.is_open())
    }
    /// So many calls are begun.
    pub(super) fn begun(&self, calls: usize) {
        self.line.with(|breaker| breaker.begun(calls));
    }
    fn wanted(&self, inner: &Inner) -> bool {
        self.line.with(|breaker| breaker.wants_probe(inner.env.now()))
    }
    /// Asks whether Meta is there again where it is time to, beside everything else.
    pub(super) fn look(&mut self, inner: &Arc<Inner>, access: Option<&Access>) {
        if self.probe.as_ref().is_some_and(|probe| !probe.is_finished()) || !self.wanted(inner) {
            return;
        }
        if let Some(access) = access {
            let probe = self.line.clone().probe(Arc::clone(inner), access.clone());
            self.probe = Some(tokio::spawn(probe));
        }
    }
    /// The same, and waits for the answer.
    #[cfg(feature = "testing")]
    pub(super) async fn look_now(&self, inner: &Arc<Inner>, access: Option<&Access>) {
        if self.wanted(inner)
            && let Some(access) = access
        {
            self.line.clone().probe(Arc::clone(inner), access.clone()).await;
        }
    }
}
