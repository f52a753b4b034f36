//! One node: a platform over the common store and the common Meta, with a clock that may be wrong.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use futures_util::future::BoxFuture;
use object_store::memory::InMemory;
use whatsapp_cloud::CloudApi;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_core::env::{Clock, Entropy, ManualClock};
use whatsapp_core::{Env, Secret, Span, Timestamp};
use whatsapp_platform::testing::{Background, Part};
use whatsapp_platform::{Error, Platform, Settings};
use whatsapp_storage::Store;
use whatsapp_storage::faulty::{Faults, Faulty};

use crate::fate::{Blow, Commits, Fate, Line};

/// How long a message waits for word of itself.
pub(crate) const HOLD: Span = Span::hours(24);

/// A clock that goes wrong by a constant.
#[derive(Debug)]
struct Skewed {
    right: Arc<ManualClock>,
    by: Span,
}

impl Clock for Skewed {
    fn now(&self) -> Timestamp {
        self.right.now() + self.by
    }
}

/// What all nodes share.
#[derive(Clone)]
pub(crate) struct Common {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) meta: Arc<Simulator>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) chance: Arc<dyn Entropy>,
    pub(crate) files: Arc<InMemory>,
    /// How many commits were begun, on all nodes.
    pub(crate) commits: Arc<AtomicU64>,
}

/// A node that runs.
pub(crate) struct Node {
    pub(crate) name: usize,
    pub(crate) platform: Platform,
    pub(crate) fate: Arc<Fate>,
    pub(crate) faults: Faults,
    background: Background,
}

impl Node {
    pub(crate) async fn start(name: usize, common: &Common, skew: Span) -> Self {
        let fate = Arc::new(Fate::default());
        let store = Faulty::new(Arc::clone(&common.store));
        let faults = store.faults();
        faults.watch(Arc::new(Commits {
            fate: Arc::clone(&fate),
            faults: faults.clone(),
            begun: Arc::clone(&common.commits),
        }));
        let line = Line { meta: Arc::clone(&common.meta), fate: Arc::clone(&fate) };
        let clock = Skewed { right: Arc::clone(&common.clock), by: skew };
        let mut settings = Settings::default();
        settings.app_secret = Some(common.meta.app_secret());
        settings.ambiguous_hold = HOLD;
        // The story decides how many people its portfolio may write to.
        settings.pacing.refresh = Span::days(1_000_000);
        let platform = Platform::builder()
            .store(store)
            .shared_cloud(Arc::new(line) as Arc<dyn CloudApi>)
            .files(Arc::clone(&common.files))
            .seal_key(Secret::from("a sealing key for stories, longer than it must be"))
            .env(Env::new(Arc::new(clock), Arc::clone(&common.chance)))
            .settings(settings)
            .build()
            .await
            .expect("a node starts");
        Self { name, platform, fate, faults, background: Background::default() }
    }
    /// The leases under which this node sends.
    pub(crate) fn epochs(&self) -> Vec<i64> {
        self.background.epochs().into_iter().map(|(_, epoch)| epoch).collect()
    }
    /// Something done on this node, which may die or freeze meanwhile.
    pub(crate) fn turn<F>(self, what: impl FnOnce(Self) -> F) -> Turn
    where
        F: Future<Output = (Self, Done)> + Send + 'static,
    {
        let (name, fate) = (self.name, Arc::clone(&self.fate));
        Turn { name, fate, woken: false, work: Box::pin(what(self)) }
    }
    /// One turn of one part of the background, or of all.
    pub(crate) fn work(self, part: Option<Part>) -> Turn {
        self.turn(async move |mut node: Self| {
            let done = match part {
                Some(part) => node.background.turn(&node.platform, part).await,
                None => node.background.step(&node.platform).await,
            };
            let what = part.map_or("everything".to_owned(), |part| format!("{part:?}"));
            let told =
                done.map(|busy| if busy { vec![format!("works: {what}")] } else { Vec::new() });
            (node, told)
        })
    }
}

/// What happened in a turn, in lines.
pub(crate) type Done = Result<Vec<String>, Error>;

/// A turn that is under way; a frozen node's waits here.
pub(crate) struct Turn {
    pub(crate) name: usize,
    pub(crate) fate: Arc<Fate>,
    /// Whether it was frozen before.
    pub(crate) woken: bool,
    work: BoxFuture<'static, (Node, Done)>,
}

/// How a turn ended, or how it was interrupted.
pub(crate) enum Ended {
    Done(Box<Node>, Done),
    Crashed(&'static str),
    Frozen(Turn, &'static str),
}

impl Turn {
    pub(crate) async fn go(mut self) -> Ended {
        let fate = Arc::clone(&self.fate);
        tokio::select! {
            biased;
            (blow, place) = fate.strikes() => match blow {
                Blow::Freeze => Ended::Frozen(self, place),
                Blow::Crash => {
                    drop(self);
                    fate.bury();
                    // What the dead node still held is let go before anybody else moves.
                    tokio::task::yield_now().await;
                    Ended::Crashed(place)
                }
            },
            (node, done) = &mut self.work => Ended::Done(Box::new(node), done),
        }
    }
}
