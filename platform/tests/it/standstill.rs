//! A pump that stands still in a commit, or hears no answer to it: what it began does not go out, and nobody is left in
//! doubt about what certainly never went out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use object_store::memory::InMemory;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use whatsapp_cloud::CloudApi;
use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::{
    Campaign, CampaignStatus, Env, Id, ReportLine, Secret, SendState, Span, Timestamp,
};
use whatsapp_platform::testing::{Background, Part, TestPlatform, TestTenant};
use whatsapp_platform::{Platform, Settings};
use whatsapp_storage::faulty::{CommitFault, Faults, Faulty, Moment, Watch};
use whatsapp_storage::sql::SqlStore;
use whatsapp_storage::{Mode, Store};

use crate::sending::campaign_to;

/// Stands still after a commit that was chosen before, until it is told to go on.
#[derive(Debug, Default)]
struct Still {
    left: AtomicU64,
    reached: Notify,
    on: Notify,
}

#[async_trait]
impl Watch for Still {
    async fn at(&self, moment: Moment) {
        let step = |left: u64| left.checked_sub(1);
        if moment == Moment::AfterCommit
            && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) == Ok(1)
        {
            self.reached.notify_one();
            self.on.notified().await;
        }
    }
}

/// A pump's first turn is its second commit: the lease comes before it.
const FIRST_TURN: u64 = 2;
const PEOPLE: usize = 8;

/// A campaign that is about to send, and the switches of the node that sends it.
struct Scene {
    world: TestPlatform,
    shop: TestTenant,
    campaign: Id<Campaign>,
    /// The store, past every fault.
    store: Arc<dyn Store>,
    /// The clock of the leases.
    leases: Arc<ManualClock>,
    faults: Faults,
    still: Arc<Still>,
}

impl Scene {
    async fn set() -> Self {
        let leases = Arc::new(ManualClock::at(Timestamp::from_seconds(1_772_442_000)));
        let env = Env::new(Arc::clone(&leases) as _, Arc::new(SeededEntropy::new(1)));
        let store = SqlStore::connect("sqlite::memory:", env).await.expect("opens");
        let store = Arc::new(store) as Arc<dyn Store>;
        let faulty = Faulty::new(Arc::clone(&store));
        let (faults, still) = (faulty.faults(), Arc::new(Still::default()));
        faults.watch(Arc::clone(&still) as Arc<dyn Watch>);
        let mut world = TestPlatform::on(move |_| Arc::new(faulty)).await;
        let shop = world.tenant("Casa Aurora").await;
        let campaign = campaign_to(&shop, PEOPLE).await;
        shop.workspace.campaigns().start(campaign).await.expect("starts");
        Self { world, shop, campaign, store, leases, faults, still }
    }
    fn pass(&self, span: Span) {
        self.world.clock.advance(span);
        self.leases.advance(span);
    }
    /// The campaign finds its people; nobody sends yet.
    async fn expand(&self, background: &mut Background) {
        for part in Part::all().filter(|part| *part != Part::Sending) {
            while background.turn(&self.world.platform, part).await.expect("works") {}
        }
        assert_eq!(self.count(SendState::Queued).await, PEOPLE);
    }
    /// A pump that began its messages and stands still before it knows.
    async fn stand_still(&self) -> JoinHandle<Background> {
        let (platform, mut background) = (self.world.platform.clone(), Background::default());
        self.expand(&mut background).await;
        self.still.left.store(FIRST_TURN, Ordering::SeqCst);
        let turn = tokio::spawn(async move {
            background.turn(&platform, Part::Sending).await.expect("the store is well");
            background
        });
        self.still.reached.notified().await;
        assert_eq!(self.count(SendState::Sending).await, PEOPLE, "all are begun");
        turn
    }
    fn lease(&self) -> Span {
        self.world.platform.settings().lease
    }
    async fn go_on(&self, turn: JoinHandle<Background>) -> Background {
        self.still.on.notify_one();
        turn.await.expect("ends in order")
    }
    /// Another node over the same database, with the same Meta.
    async fn other_node(&self) -> Platform {
        let mut settings = Settings::default();
        settings.app_secret = Some(self.world.simulator.app_secret());
        let builder = Platform::builder()
            .shared_store(Arc::clone(&self.store))
            .shared_cloud(Arc::clone(&self.world.simulator) as Arc<dyn CloudApi>)
            .files(InMemory::new())
            .seal_key(Secret::from("a sealing key for tests, longer than it must be"))
            .env(self.world.platform.env().clone())
            .settings(settings);
        builder.build().await.expect("a node starts")
    }
    async fn lines(&self) -> Vec<ReportLine> {
        let mut tx = self.store.tenant(self.shop.tenant, Mode::Read).await.expect("opens");
        tx.recipients().report(self.campaign, None, 100).await.expect("reads")
    }
    async fn count(&self, state: SendState) -> usize {
        self.lines().await.iter().filter(|line| line.state == state).count()
    }
    /// The node goes on for five seconds.
    async fn go_on_for_a_while(&self, background: &mut Background) {
        for _ in 0..200 {
            for call in self.world.simulator.take_webhooks() {
                let kept = self.world.platform.deliver(Some(&call.signature), call.body.into());
                kept.await.expect("is kept");
            }
            while background.step(&self.world.platform).await.expect("the store is well") {}
            self.pass(Span::millis(25));
        }
    }
    /// Everybody has it, once, by a second try that came right after the first.
    async fn all_have_it_by_a_second_try(&self, background: &mut Background) {
        self.go_on_for_a_while(background).await;
        let campaign = self.shop.workspace.campaigns().find(self.campaign).await.expect("finds");
        assert_eq!(campaign.campaign.status, CampaignStatus::Completed);
        assert_eq!(self.world.simulator.sends().len(), PEOPLE, "nobody twice");
        for line in self.lines().await {
            let earlier: Vec<_> =
                line.earlier.iter().filter_map(|try_| try_.error.as_ref()).collect();
            assert_eq!(earlier.iter().map(|e| e.code.as_str()).collect::<Vec<_>>(), ["NOT_SENT"]);
        }
    }
}

#[tokio::test]
async fn a_pump_that_stood_still_in_its_commit_sends_nothing_when_another_has_its_channel() {
    let scene = Scene::set().await;
    let turn = scene.stand_still().await;
    scene.pass(scene.lease());
    scene.pass(Span::seconds(1));
    let (node, mut theirs) = (scene.other_node().await, Background::default());
    theirs.turn(&node, Part::Sending).await.expect("has the channel");
    assert_eq!(scene.count(SendState::Ambiguous).await, PEOPLE, "it cannot know what went out");
    scene.go_on(turn).await;
    assert!(scene.world.simulator.sends().is_empty(), "nothing of that turn went out");
}

#[tokio::test]
async fn a_pump_that_stood_still_for_half_its_lease_begins_anew_what_it_had_begun() {
    let scene = Scene::set().await;
    let turn = scene.stand_still().await;
    let late: Vec<_> = scene.lines().await.into_iter().filter_map(|line| line.attempt).collect();
    scene.pass(Span::micros(scene.lease().as_micros() / 2));
    let mut same = scene.go_on(turn).await;
    assert_eq!(same.epochs().len(), 1, "it keeps its channel");
    scene.all_have_it_by_a_second_try(&mut same).await;
    for send in scene.world.simulator.sends() {
        let attempt = send.callback_data.expect("each carries its attempt");
        assert!(late.iter().all(|late| late.callback_data() != attempt), "a late one went out");
    }
}

#[tokio::test]
async fn a_pump_that_was_slow_for_less_than_that_sends_what_it_began() {
    let scene = Scene::set().await;
    let turn = scene.stand_still().await;
    scene.pass(Span::micros(scene.lease().as_micros() / 2 - 1));
    let mut same = scene.go_on(turn).await;
    scene.go_on_for_a_while(&mut same).await;
    assert_eq!(scene.world.simulator.sends().len(), PEOPLE);
    assert!(scene.lines().await.iter().all(|line| line.earlier.is_empty()));
}

#[tokio::test]
async fn what_a_commit_began_whose_answer_was_lost_is_known_not_to_have_gone_out() {
    let scene = Scene::set().await;
    let mut background = Background::default();
    scene.expand(&mut background).await;
    scene.faults.fail_commit(FIRST_TURN, CommitFault::After);
    let platform = scene.world.platform.clone();
    background.turn(&platform, Part::Sending).await.expect_err("its answer was lost");
    assert!(scene.world.simulator.sends().is_empty());
    assert_eq!(scene.count(SendState::Queued).await, PEOPLE, "they wait again, without a doubt");
    scene.all_have_it_by_a_second_try(&mut background).await;
}
