//! The way of webhooks from Meta to a node: what is not answered is told again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use whatsapp_cloud::simulator::{Simulator, WebhookCall};
use whatsapp_core::Env;
use whatsapp_platform::Platform;

/// Calls that nobody has answered yet.
#[derive(Clone, Default)]
pub(crate) struct Post(Arc<Mutex<VecDeque<WebhookCall>>>);

impl Post {
    fn calls(&self) -> std::sync::MutexGuard<'_, VecDeque<WebhookCall>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Meta tells everything that is due.
    pub(crate) fn collect(&self, meta: &Simulator) {
        self.calls().extend(meta.take_webhooks());
    }
    /// What waits now is told to a node. With `lossy` some answers get lost: such a call comes again. A call leaves
    /// the queue only with its answer, so the node may die at any moment. Gives what happened, in lines.
    pub(crate) async fn bring(&self, to: &Platform, chance: &Env, lossy: bool) -> Vec<String> {
        let mut told = Vec::new();
        for _ in 0..self.len() {
            let Some(call) = self.calls().front().cloned() else { break };
            let kept = to.deliver(Some(&call.signature), call.body.clone().into()).await;
            let lost = lossy && chance.below(8) == 0;
            self.calls().pop_front();
            let why = match kept {
                Ok(_) if !lost => continue,
                Ok(_) => "its answer was lost".to_owned(),
                Err(error) => error.to_string(),
            };
            told.push(format!("a call is told again: {why}"));
            self.calls().push_back(call);
        }
        told
    }
    pub(crate) fn len(&self) -> usize {
        self.calls().len()
    }
}
