//! Between two turns: each message that was begun goes out in its slot, answers gather, and the moment of the next turn
//! is found. Never touches the store.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use whatsapp_core::{Span, Timestamp};

use super::Pump;
use crate::outbound::batch::Begun;
use crate::outbound::call::{self, Outcome};
use crate::outbound::door::Door;
use crate::platform::Inner;

/// A turn begins at the earliest so long after the one before.
const GATHER: Span = Span::millis(10);
/// Answers wait at most so long for company while more are on their way.
const COMPANY: Span = Span::millis(50);
/// Who passes the door later than this after his turn queues up again. The gap between two leaves a number's quota room
/// for no more than that.
const LATE: Span = Span::millis(4);

impl Pump {
    /// Gives each message its slot, now that it is committed: a slow commit costs slots and makes no burst.
    pub(super) fn with_slots(&mut self, begun: Vec<Begun>) -> Vec<(Timestamp, Begun)> {
        let slots = self.lanes.slots(self.inner.env.now(), begun.len(), &self.door);
        slots.into_iter().zip(begun).collect()
    }

    /// Each message goes out in its slot.
    pub(super) fn start(&mut self, begun: Vec<Begun>) {
        let Some((_, access)) = self.access.clone() else { return };
        for (slot, begun) in self.with_slots(begun) {
            let (inner, access) = (Arc::clone(&self.inner), access.clone());
            let (answer, door) = (self.answer.clone(), Arc::clone(&self.door));
            let line = self.gate.line.clone();
            self.calls.spawn(async move {
                let goes = in_time(&inner, &door, slot).await && line.lets_go(&inner);
                let outcome = if goes {
                    call::send(&inner, &access, &line, begun).await
                } else {
                    call::unsent(begun, inner.env.now())
                };
                // A pump that is gone leaves the line to its successor, which calls it ambiguous.
                let _gone = answer.send(outcome).await;
            });
        }
    }

    /// When the next turn is due.
    fn turn_at(&self, now: Timestamp, learnt: usize) -> Timestamp {
        let soon = self.turned_at + GATHER;
        if self.woken || (learnt > 0 && self.calls.is_empty()) {
            return soon;
        }
        let mut at = self.turned_at + self.inner.settings.poll;
        if learnt > 0 {
            at = self.turned_at + COMPANY;
        }
        if let Some(next) = self.lanes.next_at(now) {
            at = at.min(next);
        }
        at.max(soon)
    }

    /// Until the next turn is due: there is something to write, to begin, or it is time to look.
    pub(super) async fn wait(&mut self, learnt: &mut Vec<Outcome>, stop: &CancellationToken) {
        loop {
            let now = self.inner.env.now();
            let turn = self.turn_at(now, learnt.len());
            // A clock that was set back does not keep it waiting.
            if turn <= now || turn > now + self.inner.settings.poll + COMPANY {
                break;
            }
            tokio::select! {
                outcome = self.answers.recv() => learnt.extend(outcome),
                () = self.inner.wake.sends.notified(), if !self.woken => self.woken = true,
                () = tokio::time::sleep((turn - now).max(Span::millis(1)).to_std()) => {}
                () = stop.cancelled(), if self.calls.is_empty() => break,
            }
            while let Ok(outcome) = self.answers.try_recv() {
                learnt.push(outcome);
            }
            while let Some(ended) = self.calls.try_join_next() {
                self.broken |= ended.is_err();
            }
            if self.broken {
                break;
            }
        }
        self.woken = false;
    }
}

/// Waits for a slot, and at the door. `false` when the slot was missed by so much that another node may have the
/// channel meanwhile, as after standing still for a minute.
async fn in_time(inner: &Inner, door: &Door, slot: Timestamp) -> bool {
    sleep_until(inner, slot).await;
    loop {
        let now = inner.env.now();
        if now - slot >= Span::micros(inner.settings.lease.as_micros() / 2) {
            door.forget();
            return false;
        }
        let due = door.pass(now);
        sleep_until(inner, due).await;
        // Who stood still at the door queues up again: all who did would pass at once.
        if inner.env.now() - due < LATE {
            return true;
        }
        door.come_again();
    }
}

async fn sleep_until(inner: &Inner, at: Timestamp) {
    let wait = at - inner.env.now();
    if wait > Span::ZERO {
        tokio::time::sleep(wait.to_std()).await;
    }
}
