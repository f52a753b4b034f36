//! The pump's own loop, alone with its store and a Meta: it stands still in a commit, hears no answer to one, or a call
//! ends without an answer of any kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio_util::sync::CancellationToken;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_cloud::transport::{GraphAnswer, GraphRequest, Transport};
use whatsapp_cloud::{CloudApi, CloudError};
use whatsapp_core::env::{Clock, SeededEntropy, SystemClock};
use whatsapp_core::{
    Audience, Campaign, Env, Id, ReportLine, Secret, SendState, Span, Template, Timestamp,
    Variables,
};
use whatsapp_storage::faulty::{CommitFault, Faults, Faulty, Moment, Watch};
use whatsapp_storage::sql::SqlStore;
use whatsapp_storage::{Mode, Store};

use super::Pump;
use crate::testing::{Background, Part, TestPlatform, TestTenant};
use crate::workspace::NewCampaign;

const PEOPLE: usize = 6;

/// The system's clock, which leaps ahead when it is told to.
#[derive(Debug, Default)]
struct Leaping {
    ahead: AtomicI64,
}

impl Leaping {
    fn leap(&self, by: Span) {
        self.ahead.fetch_add(by.as_micros(), Ordering::SeqCst);
    }
}

impl Clock for Leaping {
    fn now(&self) -> Timestamp {
        SystemClock.now() + Span::micros(self.ahead.load(Ordering::SeqCst))
    }
}

/// Time passes in a commit that was chosen before.
#[derive(Debug)]
struct Slow {
    clock: Arc<Leaping>,
    left: AtomicU64,
    by: Span,
}

#[async_trait]
impl Watch for Slow {
    async fn at(&self, moment: Moment) {
        let step = |left: u64| left.checked_sub(1);
        if moment == Moment::AfterCommit
            && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) == Ok(1)
        {
            self.clock.leap(self.by);
        }
    }
}

/// A line to Meta on which one message's call ends in a panic, with Meta having it or not.
#[derive(Debug)]
struct Brittle {
    meta: Arc<Simulator>,
    breaks: Arc<AtomicBool>,
    meta_has_it: bool,
}

#[async_trait]
impl Transport for Brittle {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        let message = request.path.last().is_some_and(|last| last == "messages");
        let breaks = message && self.breaks.swap(false, Ordering::SeqCst);
        assert!(!breaks || self.meta_has_it, "a call that breaks on purpose before Meta has it");
        let answer = self.meta.exchange(request).await;
        assert!(!breaks, "a call that breaks on purpose when Meta has it");
        answer
    }
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        self.meta.fetch(token, url, max_bytes).await
    }
}

struct Scene {
    world: TestPlatform,
    shop: TestTenant,
    campaign: Id<Campaign>,
    store: Arc<dyn Store>,
    faults: Faults,
    clock: Arc<Leaping>,
    breaks: Arc<AtomicBool>,
}

impl Scene {
    /// A campaign whose people are found, and nobody has sent yet.
    async fn set(meta_has_it: bool) -> Self {
        let (clock, breaks) = (Arc::new(Leaping::default()), Arc::new(AtomicBool::new(false)));
        let env = Env::new(Arc::clone(&clock) as _, Arc::new(SeededEntropy::new(1)));
        let store = SqlStore::connect("sqlite::memory:", env.clone()).await.unwrap();
        let store = Arc::new(store) as Arc<dyn Store>;
        let faulty = Faulty::new(Arc::clone(&store));
        let (faults, breaking) = (faulty.faults(), Arc::clone(&breaks));
        let mut world = TestPlatform::with(move |builder, meta| {
            let line = Brittle { meta: Arc::clone(meta), breaks: breaking, meta_has_it };
            let builder = builder.shared_cloud(Arc::new(line) as Arc<dyn CloudApi>);
            builder.store(faulty).env(env)
        })
        .await;
        let shop = world.tenant("Casa Aurora").await;
        let campaign = started(&shop).await;
        let mut background = Background::default();
        for part in Part::all().filter(|part| *part != Part::Sending) {
            while background.turn(&world.platform, part).await.unwrap() {}
        }
        Self { world, shop, campaign, store, faults, clock, breaks }
    }
    /// A pump with the channel's lease.
    async fn pump(&self) -> Pump {
        let inner = &self.world.platform.0;
        let (name, now) = (Pump::lease_name(self.shop.channel), inner.store.now().await.unwrap());
        let mut tx = self.store.system(Mode::Write).await.unwrap();
        tx.leases().release(&name, inner.node).await.unwrap();
        let until = now + inner.settings.lease;
        let epoch = tx.leases().acquire(&name, inner.node, now, until).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        Pump::new(Arc::clone(inner), self.shop.tenant, self.shop.channel, epoch)
    }
    /// Runs a pump to its end, which must come.
    async fn run(&self) {
        let pump = self.pump().await.run(CancellationToken::new());
        let ended = tokio::time::timeout(Duration::from_secs(20), pump).await;
        ended.expect("it comes to its end").unwrap();
    }
    async fn lines(&self) -> Vec<ReportLine> {
        let mut tx = self.store.tenant(self.shop.tenant, Mode::Read).await.unwrap();
        tx.recipients().report(self.campaign, None, 100).await.unwrap()
    }
    async fn count(&self, state: SendState) -> usize {
        self.lines().await.iter().filter(|line| line.state == state).count()
    }
    /// The tries that were followed by others, of all lines, by what is known of them.
    async fn earlier(&self) -> Vec<String> {
        let earlier = self.lines().await.into_iter().flat_map(|line| line.earlier);
        earlier.filter_map(|attempt| Some(attempt.error?.code)).collect()
    }
}

async fn started(shop: &TestTenant) -> Id<Campaign> {
    let page = shop.workspace.templates().page(Default::default(), Default::default()).await;
    let simple =
        |t: &&Template| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body");
    let templates = page.unwrap().items;
    let template = templates.iter().find(simple).unwrap();
    let variables = template.variables().into_iter().map(|v| (v.key, "x".to_owned()));
    let number = |n| format!("+5511{:09}", 920_000_000 + n).parse().unwrap();
    let new = NewCampaign {
        name: "All".into(),
        template: template.id,
        audience: Audience { phones: (0..PEOPLE).map(number).collect(), ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let id = shop.workspace.campaigns().create(new, None).await.unwrap().campaign.id;
    shop.workspace.campaigns().start(id).await.unwrap();
    id
}

#[tokio::test]
async fn what_it_began_in_a_commit_that_took_half_its_lease_goes_out_by_another_try() {
    let scene = Scene::set(false).await;
    let lease = scene.world.platform.settings().lease;
    let by = Span::micros(lease.as_micros() / 2);
    let slow = Slow { clock: Arc::clone(&scene.clock), left: AtomicU64::new(1), by };
    scene.faults.watch(Arc::new(slow));
    scene.run().await;
    assert_eq!(scene.world.simulator.sends().len(), PEOPLE, "everybody once");
    assert_eq!(scene.earlier().await, ["NOT_SENT"; PEOPLE]);
}

#[tokio::test]
async fn what_it_began_in_a_commit_without_an_answer_waits_again_and_is_in_no_doubt() {
    let scene = Scene::set(false).await;
    scene.faults.fail_commit(1, CommitFault::After);
    scene.run().await;
    assert!(scene.world.simulator.sends().is_empty(), "it did not know whether it may");
    assert_eq!(scene.count(SendState::Queued).await, PEOPLE);
    scene.run().await;
    assert_eq!(scene.world.simulator.sends().len(), PEOPLE, "everybody once");
    assert_eq!(scene.earlier().await, ["NOT_SENT"; PEOPLE]);
}

#[tokio::test]
async fn a_call_that_breaks_ends_the_pump_and_the_next_one_says_that_nobody_knows() {
    for meta_has_it in [false, true] {
        let mut scene = Scene::set(meta_has_it).await;
        scene.breaks.store(true, Ordering::SeqCst);
        scene.run().await;
        assert_eq!(scene.count(SendState::Sending).await, 1, "of one there is no word");
        let out = scene.world.simulator.sends().len();
        assert_eq!(scene.count(SendState::Accepted).await, out - usize::from(meta_has_it));
        scene.pump().await.drain().await.unwrap();
        assert_eq!(
            (scene.count(SendState::Sending).await, scene.count(SendState::Ambiguous).await),
            (0, 1)
        );
        scene.world.settle().await;
        let reached = if meta_has_it { PEOPLE } else { PEOPLE - 1 };
        assert_eq!(scene.world.simulator.sends().len(), reached, "and nobody sends it again");
        let doubtful = scene.count(SendState::Ambiguous).await;
        assert_eq!(doubtful, PEOPLE - reached, "what Meta has, its statuses tell");
    }
}
