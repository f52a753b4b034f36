//! Who waits for an answer of whom. A question that nobody waits for any more leaves nothing behind.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::oneshot;
use whatsapp_core::Identity;

use super::Shared;
use crate::webhook::InboundMessage;

/// A number of ours, and one handle of a person.
type Key = (String, String);

/// The questions that are open.
#[derive(Default)]
pub(super) struct Waiting {
    last: u64,
    /// Which question a person was asked, under each handle of theirs: an answer may name only one.
    asked: HashMap<Key, u64>,
    open: HashMap<u64, oneshot::Sender<InboundMessage>>,
}

impl Waiting {
    /// Who waits for this person, if anybody does.
    pub(super) fn take(
        &mut self,
        number: &str,
        who: &Identity,
    ) -> Option<oneshot::Sender<InboundMessage>> {
        let question = keys(number, who).find_map(|key| self.asked.remove(&key))?;
        self.open.remove(&question)
    }
    fn forget(&mut self, question: u64, keys: &[Key]) {
        self.open.remove(&question);
        for key in keys {
            if self.asked.get(key) == Some(&question) {
                self.asked.remove(key);
            }
        }
    }
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.asked.len() + self.open.len()
    }
}

/// The handles under which an answer may come.
fn keys(number: &str, who: &Identity) -> impl Iterator<Item = Key> {
    let phone = who.phone.as_ref().map(|phone| phone.as_str().to_owned());
    let handles = phone.into_iter().chain(who.bsuid.clone());
    handles.map(|handle| (number.to_owned(), handle))
}

/// An open question. Dropped, it waits for nobody any more.
pub(super) struct Question {
    shared: Arc<Shared>,
    id: u64,
    keys: Vec<Key>,
    answer: oneshot::Receiver<InboundMessage>,
}

impl Question {
    /// From now on this person's next message is the answer. An older question to the same person ends.
    pub(super) fn open(shared: &Arc<Shared>, number: &str, who: &Identity) -> Self {
        let (sender, answer) = oneshot::channel();
        let keys: Vec<Key> = keys(number, who).collect();
        let mut waiting = shared.waiting();
        waiting.last = waiting.last.wrapping_add(1);
        let id = waiting.last;
        for key in &keys {
            if let Some(older) = waiting.asked.insert(key.clone(), id) {
                waiting.open.remove(&older);
            }
        }
        waiting.open.insert(id, sender);
        drop(waiting);
        Self { shared: Arc::clone(shared), id, keys, answer }
    }
    /// The answer; `None` when something else was asked meanwhile.
    pub(super) async fn answer(mut self) -> Option<InboundMessage> {
        (&mut self.answer).await.ok()
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        self.shared.waiting().forget(self.id, &self.keys);
    }
}
