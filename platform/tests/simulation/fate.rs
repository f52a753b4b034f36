//! What a node meets at its crash points: before and after each commit and each call to Meta.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Notify;
use whatsapp_cloud::CloudError;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_cloud::transport::{GraphAnswer, GraphRequest, Transport};
use whatsapp_core::Secret;
use whatsapp_storage::faulty::{Faults, Moment, Watch};

/// What happens to a node at a crash point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blow {
    /// It dies: nothing of it goes on.
    Crash,
    /// It stands still and later goes on as if nothing had been.
    Freeze,
}

/// A node's fate: strikes at a crash point that was chosen before.
#[derive(Debug, Default)]
pub(crate) struct Fate {
    /// How many points are left until it strikes; 0 is never.
    crash_in: AtomicU64,
    /// The same for calls alone, where no database is held.
    freeze_in: AtomicU64,
    dead: AtomicBool,
    struck: Notify,
    told: Mutex<Option<(Blow, &'static str)>>,
    thawed: Notify,
}

impl Fate {
    pub(crate) fn crash_in(&self, points: u64) {
        self.crash_in.store(points, Ordering::SeqCst);
    }
    pub(crate) fn freeze_in(&self, calls: u64) {
        self.freeze_in.store(calls, Ordering::SeqCst);
    }
    /// Waits until it strikes, and tells how and where.
    pub(crate) async fn strikes(&self) -> (Blow, &'static str) {
        loop {
            self.struck.notified().await;
            let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(told) = told {
                return told;
            }
        }
    }
    pub(crate) fn thaw(&self) {
        self.thawed.notify_one();
    }
    /// Ends what still waits within the dead node: it finds no database and no Meta any more.
    pub(crate) fn bury(&self) {
        self.thawed.notify_waiters();
    }
    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
    async fn point(&self, place: &'static str, call: bool) {
        if self.is_dead() {
            return;
        }
        let blow = if counted_down(&self.crash_in) {
            self.dead.store(true, Ordering::SeqCst);
            Blow::Crash
        } else if call && counted_down(&self.freeze_in) {
            Blow::Freeze
        } else {
            return;
        };
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some((blow, place));
        let thawed = self.thawed.notified();
        self.struck.notify_one();
        thawed.await;
    }
}

fn counted_down(left: &AtomicU64) -> bool {
    let step = |left: u64| left.checked_sub(1);
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) == Ok(1)
}

/// The crash points around commits.
#[derive(Debug)]
pub(crate) struct Commits {
    pub(crate) fate: Arc<Fate>,
    pub(crate) faults: Faults,
    /// Counts what may have changed something.
    pub(crate) begun: Arc<AtomicU64>,
}

#[async_trait]
impl Watch for Commits {
    async fn at(&self, moment: Moment) {
        let place = match moment {
            Moment::BeforeCommit => {
                self.begun.fetch_add(1, Ordering::SeqCst);
                "before a commit"
            }
            Moment::AfterCommit => "after a commit",
        };
        self.fate.point(place, false).await;
        if self.fate.is_dead() {
            self.faults.outage(true);
        }
    }
}

/// A node's line to Meta, with the crash points around calls.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) meta: Arc<Simulator>,
    pub(crate) fate: Arc<Fate>,
}

impl Line {
    fn alive(&self) -> Result<(), CloudError> {
        if self.fate.is_dead() {
            return Err(CloudError::Unreachable { reason: "this node is dead".into() });
        }
        Ok(())
    }
}

#[async_trait]
impl Transport for Line {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        self.fate.point("before a call", true).await;
        self.alive()?;
        let answer = self.meta.exchange(request).await;
        self.fate.point("after a call", true).await;
        self.alive()?;
        answer
    }
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        self.alive()?;
        self.meta.fetch(token, url, max_bytes).await
    }
}
