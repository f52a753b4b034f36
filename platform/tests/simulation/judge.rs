//! What must hold after every step, and at the end. It looks at the common store and at what Meta accepted, past
//! every fault.

use std::collections::{BTreeMap, BTreeSet};

use whatsapp_cloud::simulator::{AcceptedSend, Simulator};
use whatsapp_core::{Content, Direction, PageRequest, SendState, Span};
use whatsapp_platform::Workspace;
use whatsapp_storage::{Mode, Store};

use crate::work::{Book, Shop};

/// Keeps what it saw last.
#[derive(Default)]
pub(crate) struct Judge {
    states: BTreeMap<String, SendState>,
    /// Which node had an epoch of the number's lease.
    owners: BTreeMap<i64, usize>,
    accepted: usize,
    /// How many commits had begun when the ledger was last looked at.
    commits: Option<u64>,
    addressed: BTreeSet<String>,
    /// How many people may be written to first in 24 hours.
    limit: Option<u32>,
    /// Whether the campaign tries people again whom Meta did not let through.
    climbs: bool,
}

/// The first thing that does not hold, in words.
pub(crate) type Verdict = Result<(), String>;

impl Judge {
    pub(crate) fn new(limit: Option<u32>, climbs: bool) -> Self {
        Self { limit, climbs, ..Self::default() }
    }
    /// One owner for each epoch, and whoever sends has the newest.
    pub(crate) fn owner(&mut self, node: usize, epochs: &[i64], sends: bool) -> Verdict {
        for epoch in epochs {
            let owner = *self.owners.entry(*epoch).or_insert(node);
            if owner != node {
                return Err(format!("epoch {epoch} belongs to node {owner} and to node {node}"));
            }
            let newest = self.owners.keys().max();
            if sends && newest.is_some_and(|newest| newest > epoch) {
                return Err(format!("node {node} sends in epoch {epoch}, newest is {newest:?}"));
            }
        }
        Ok(())
    }
    /// After a step: nobody twice, states only forward, counters equal to the ledger. Gives what moved, in lines.
    /// Where nobody began to commit since the last look, the ledger is what it was.
    pub(crate) async fn look(
        &mut self,
        shop: Shop,
        store: &dyn Store,
        meta: &Simulator,
        commits: u64,
    ) -> Result<Vec<String>, String> {
        let mut lines = self.twice(meta)?;
        self.too_many(meta)?;
        if self.commits.replace(commits) == Some(commits) {
            return Ok(lines);
        }
        let mut tx = store.tenant(shop.tenant, Mode::Read).await.map_err(|e| e.to_string())?;
        let campaign = tx.campaigns().find(shop.campaign).await.map_err(|e| e.to_string())?;
        let counts = campaign.ok_or("the campaign is gone")?.counts;
        let page = PageRequest::first(200);
        let people = tx.recipients().page(shop.campaign, None, None, &page).await;
        let people = people.map_err(|e| e.to_string())?.items;
        drop(tx);
        let mut tally = whatsapp_core::campaign::Counts::default();
        for person in people {
            tally.total += 1;
            tally.enter(person.state);
            let before = self.states.insert(person.address.clone(), person.state);
            let before = before.unwrap_or(SendState::Queued);
            if before != person.state {
                lines.push(format!("{} {before:?} → {}", person.address, person.state.as_str()));
                forward(before, person.state, self.climbs)
                    .map_err(|why| format!("{}: {why}", person.address))?;
            }
        }
        if counts != tally {
            return Err(format!("counters say {counts:?}, the ledger {tally:?}"));
        }
        Ok(lines)
    }
    fn twice(&mut self, meta: &Simulator) -> Result<Vec<String>, String> {
        let sends = meta.sends_after(self.accepted);
        if sends.iter().any(|send| send.template.is_some()) {
            one_each(meta)?;
        }
        let mut lines = Vec::new();
        for send in &sends {
            let what = send.text.as_ref().or(send.template.as_ref());
            let line = format!("Meta accepts {} for {}", what.map_or("?", String::as_str), send.to);
            if !self.addressed.insert(line.clone()) && send.template.is_none() {
                return Err(format!("twice: {line}"));
            }
            lines.push(line);
        }
        self.accepted += sends.len();
        Ok(lines)
    }
    /// By Meta's own clock nobody too many was written to first in any 24 hours.
    fn too_many(&self, meta: &Simulator) -> Verdict {
        let Some(limit) = self.limit else { return Ok(()) };
        let firsts = meta.sends().into_iter().filter(|s| s.template.is_some() && stays(s));
        let firsts: Vec<_> = firsts.collect();
        let Some(last) = firsts.iter().map(|send| send.at).max() else { return Ok(()) };
        let day = firsts.iter().filter(|send| last - send.at < Span::hours(24));
        let people: BTreeSet<_> = day.map(|send| send.to.as_str()).collect();
        if people.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(format!("{} people in a day, {limit} are allowed", people.len()));
        }
        Ok(())
    }
    /// When all has come to rest: everybody has an end, what Meta accepted is what we say went out, and every reply
    /// and every customer's word is there once.
    pub(crate) async fn end(
        &self,
        seen: &Workspace,
        book: &Book,
        said: &[String],
        meta: &Simulator,
    ) -> Verdict {
        let sends = meta.sends();
        let theirs: BTreeSet<_> = sends
            .iter()
            .filter(|s| s.template.is_some() && stays(s))
            .map(|s| s.to.as_str())
            .collect();
        for (address, state) in &self.states {
            let out = theirs.contains(address.as_str());
            if !is_end(*state) {
                return Err(format!("{address} is {}, which is no end", state.as_str()));
            }
            let right = went_out(*state) == out;
            if !right {
                return Err(format!("{address} is {}, accepted by Meta: {out}", state.as_str()));
            }
        }
        self.replies(seen, book, said, meta).await
    }
    async fn replies(
        &self,
        seen: &Workspace,
        book: &Book,
        said: &[String],
        meta: &Simulator,
    ) -> Verdict {
        if let Some(open) = book.open.first() {
            return Err(format!("nobody knows what became of {}", open.text));
        }
        let mut inbound: BTreeMap<String, usize> = BTreeMap::new();
        let mut ours = BTreeMap::new();
        let threads = seen.conversations().page(Default::default(), PageRequest::first(200)).await;
        for thread in threads.map_err(|e| e.to_string())?.items {
            let messages = seen.messages();
            let timeline = messages.timeline(thread.conversation.id, PageRequest::first(200));
            for view in timeline.await.map_err(|e| e.to_string())?.items {
                let Content::Text { body, .. } = &view.message.content else { continue };
                match view.message.direction {
                    Direction::Inbound => *inbound.entry(body.clone()).or_default() += 1,
                    _ if ours.insert(body.clone(), view.send.map(|s| s.state)).is_some() => {
                        return Err(format!("{body:?} stands twice in the thread"));
                    }
                    _ => {}
                }
            }
        }
        for text in said {
            if inbound.get(text) != Some(&1) {
                return Err(format!("{text:?} is there {:?} times", inbound.get(text)));
            }
        }
        let sends = meta.sends();
        let of = |send: &AcceptedSend, text: &str| send.text.as_deref() == Some(text);
        let out = |text: &str| sends.iter().any(|send| of(send, text) && stays(send));
        for reply in &book.taken {
            let state = ours.get(&reply.text).copied().flatten();
            let right = state.is_some_and(|s| is_end(s) && went_out(s) == out(&reply.text));
            if !right {
                return Err(format!("{} is {state:?}, accepted: {}", reply.text, out(&reply.text)));
            }
        }
        let refused = book.refused.iter().find(|reply| sends.iter().any(|s| of(s, &reply.text)));
        refused.map_or(Ok(()), |reply| Err(format!("{} was refused and sent", reply.text)))
    }
}

/// Whether nothing more happens by itself.
const fn is_end(state: SendState) -> bool {
    use SendState::{Ambiguous, Queued, Sending};
    !matches!(state, Queued | Sending | Ambiguous)
}

/// Whether we say that Meta has it.
const fn went_out(state: SendState) -> bool {
    matches!(state, SendState::Accepted | SendState::Sent | SendState::Delivered | SendState::Read)
}

/// Whether Meta did not say of it that it failed.
fn stays(send: &AcceptedSend) -> bool {
    send.status != "failed"
}

/// By whatever way a campaign goes to a person, it goes on only after Meta said that the message before failed.
fn one_each(meta: &Simulator) -> Verdict {
    let sends = meta.sends();
    let mut last: BTreeMap<&str, &AcceptedSend> = BTreeMap::new();
    for send in sends.iter().filter(|send| send.template.is_some()) {
        match last.insert(&send.to, send) {
            Some(before) if stays(before) => {
                return Err(format!("twice: {} has {:?} already", send.to, before.template));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What was reached at Meta is never taken back; what is doubtful is never sent again. Where a campaign climbs, a failure
/// may be followed by another try in the same step: that Meta told it is looked at where Meta accepts the next.
fn forward(before: SendState, now: SendState, climbs: bool) -> Verdict {
    use SendState::{Accepted, Ambiguous, Delivered, Failed, Queued, Read, Sending, Sent};
    use SendState::{Skipped, Unconfirmed};
    let allowed = match before {
        Queued | Sending => true,
        Ambiguous | Accepted | Sent | Failed | Unconfirmed if climbs => true,
        Ambiguous => !matches!(now, Queued | Sending | Skipped),
        Accepted => matches!(now, Sent | Delivered | Read | Failed),
        Sent => matches!(now, Delivered | Read | Failed),
        Delivered => matches!(now, Read),
        Failed => matches!(now, Delivered | Read),
        Unconfirmed => matches!(now, Accepted | Sent | Delivered | Read | Failed),
        Read | Skipped => false,
    };
    if allowed { Ok(()) } else { Err(format!("went from {before:?} to {now:?}")) }
}
