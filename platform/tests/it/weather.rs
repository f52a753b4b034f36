//! Meta has bad weather: away, overloaded, strict. What each answer does to a message, a campaign and a channel, and
//! that everything goes on without doubles when the weather is good again.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use whatsapp_cloud::simulator::{Fault, Faults, Route, Rule, Simulator};
use whatsapp_cloud::transport::{GraphAnswer, GraphRequest, Transport, Verb};
use whatsapp_cloud::{CloudApi, CloudError};
use whatsapp_core::channel::ChannelState;
use whatsapp_core::{
    Campaign, CampaignStatus, Content, Id, MediaState, Secret, SendState, Span, WaitReason,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};

use crate::channels::number;
use crate::sending::{campaign_to, phone};

/// A line to Meta that counts what is asked.
#[derive(Debug)]
struct Tap {
    meta: Arc<Simulator>,
    asked: Arc<Mutex<Asked>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Asked {
    messages: usize,
    reads: usize,
}

#[async_trait]
impl Transport for Tap {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let message = request.path.last().is_some_and(|last| last == "messages");
            asked.messages += usize::from(message);
            asked.reads += usize::from(request.verb == Verb::Get);
        }
        self.meta.exchange(request).await
    }
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        self.meta.fetch(token, url, max_bytes).await
    }
}

struct Scene {
    world: TestPlatform,
    shop: TestTenant,
    asked: Arc<Mutex<Asked>>,
}

impl Scene {
    async fn set() -> Self {
        let asked: Arc<Mutex<Asked>> = Arc::default();
        let counted = Arc::clone(&asked);
        let mut world = TestPlatform::with(move |builder, meta| {
            let tap = Tap { meta: Arc::clone(meta), asked: counted };
            builder.shared_cloud(Arc::new(tap) as Arc<dyn CloudApi>)
        })
        .await;
        let shop = world.tenant("Casa Aurora").await;
        Self { world, shop, asked }
    }
    fn meta(&self, rules: Vec<Rule>) {
        let mut faults = Faults::default();
        faults.rules = rules;
        self.world.simulator.set_faults(faults);
    }
    fn asked(&self) -> Asked {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// So many steps of the background, each after so long.
    async fn pass(&mut self, steps: usize, each: Span) {
        for _ in 0..steps {
            while self.world.step().await.expect("a step succeeds") {}
            self.world.clock.advance(each);
        }
    }
    async fn started(&self, people: usize) -> Id<Campaign> {
        let id = campaign_to(&self.shop, people).await;
        self.shop.workspace.campaigns().start(id).await.expect("starts");
        id
    }
    async fn campaign(&self, id: Id<Campaign>) -> Campaign {
        self.shop.workspace.campaigns().find(id).await.expect("finds").campaign
    }
    /// What its page says it waits for.
    async fn waits_for(&self, id: Id<Campaign>) -> Option<WaitReason> {
        let seen = self.shop.workspace.campaigns().find(id).await.expect("finds");
        seen.waiting.map(|waiting| waiting.reason)
    }
    /// Everybody was reached, and nobody twice.
    async fn all_reached(&mut self, id: Id<Campaign>, people: usize) {
        self.world.settle().await;
        let done = self.campaign(id).await;
        assert_eq!(done.status, CampaignStatus::Completed, "{:?}", done.counts);
        let mut reached: Vec<_> = self.world.simulator.sends().into_iter().map(|s| s.to).collect();
        assert_eq!(reached.len(), people, "nobody twice");
        reached.sort();
        reached.dedup();
        assert_eq!(reached.len(), people, "nobody is missing");
    }
    async fn reconnect(&self) {
        let again = number(&self.world, 0);
        self.shop.workspace.channels().connect(again).await.expect("is connected anew");
    }
}

#[tokio::test]
async fn while_meta_is_away_it_is_asked_by_reads_alone_and_then_everybody_is_reached_once() {
    let mut scene = Scene::set().await;
    let id = scene.started(60).await;
    scene.meta(vec![Rule::new(Fault::refuse(2))]);
    let before = scene.asked();
    scene.pass(600, Span::seconds(1)).await;
    let asked = scene.asked();
    let (messages, reads) = (asked.messages - before.messages, asked.reads - before.reads);
    assert!((10..=16).contains(&messages), "{messages} customers' messages were used to ask");
    assert!((3..=60).contains(&reads), "{reads} reads in ten minutes");
    assert_eq!(scene.waits_for(id).await, Some(WaitReason::MetaAway), "its page says why");
    assert_eq!(scene.campaign(id).await.counts.failed, 0, "an outage is nobody's failure");
    scene.meta(Vec::new());
    scene.pass(400, Span::seconds(1)).await;
    scene.all_reached(id, 60).await;
    let channel = scene.shop.workspace.channels().find(scene.shop.channel).await.expect("finds");
    assert_eq!(channel.pace, None, "the reason went with the weather");
}

#[tokio::test]
async fn a_meta_that_is_half_away_doubts_only_what_it_was_asked_and_nobody_is_sent_it_twice() {
    let mut scene = Scene::set().await;
    let id = scene.started(60).await;
    scene.meta(vec![Rule::new(Fault::ResetAfter).on(Route::Messages).at_most(14)]);
    scene.pass(30, Span::seconds(1)).await;
    scene.meta(Vec::new());
    scene.pass(60, Span::seconds(1)).await;
    scene.all_reached(id, 60).await;
    assert_eq!(
        scene.campaign(id).await.counts.ambiguous,
        0,
        "its statuses told what became of them"
    );
}

#[tokio::test]
async fn an_agents_answer_waits_for_the_line_and_goes_out_when_it_is_back() {
    let mut scene = Scene::set().await;
    scene.world.customer(phone(1).as_str()).says("Are you there?").await;
    let talks = scene.shop.workspace.conversations();
    let talk = talks
        .page(Default::default(), Default::default())
        .await
        .expect("lists")
        .items
        .remove(0)
        .conversation
        .id;
    scene.meta(vec![Rule::new(Fault::refuse(131_016)).on(Route::Messages).at_most(4)]);
    let messages = scene.shop.workspace.messages();
    let sent = messages.send(talk, Content::text("Yes!"), None, None).await.expect("is taken");
    scene.pass(120, Span::seconds(1)).await;
    assert_eq!(scene.world.transcript().len(), 1);
    let found = scene.shop.workspace.messages().find(sent.message.id).await.expect("finds");
    assert!(found.send.is_some_and(|send| send.state.rank() >= SendState::Accepted.rank()));
}

#[tokio::test]
async fn the_time_that_meta_asks_for_is_kept_by_the_whole_channel() {
    let mut scene = Scene::set().await;
    let id = scene.started(30).await;
    let slow = Fault::SlowDown { retry_after: 60, code: 130_429 };
    scene.meta(vec![Rule::new(slow).on(Route::Messages).at_most(1)]);
    let before = scene.asked().messages;
    scene.pass(20, Span::millis(25)).await;
    let asked = scene.asked().messages - before;
    assert!((1..=3).contains(&asked), "those of the same turn, and no more: {asked}");
    scene.pass(55, Span::seconds(1)).await;
    assert_eq!(scene.asked().messages - before, asked);
    scene.pass(20, Span::seconds(1)).await;
    scene.all_reached(id, 30).await;
}

#[tokio::test]
async fn too_much_for_one_person_holds_up_nobody_else() {
    let mut scene = Scene::set().await;
    let id = scene.started(20).await;
    let one = phone(3);
    scene.meta(vec![Rule::new(Fault::refuse(131_056)).to(one.as_str()).at_most(2)]);
    scene.pass(40, Span::millis(50)).await;
    let sends = scene.world.simulator.sends();
    assert_eq!(sends.len(), 19, "everybody else has it within two seconds");
    assert!(sends.iter().all(|send| send.to != one.to_string()));
    scene.pass(40, Span::seconds(1)).await;
    scene.all_reached(id, 20).await;
}

#[tokio::test]
async fn what_a_person_must_mend_stops_the_channel_keeps_everybody_and_goes_on_afterwards() {
    for (code, state) in [
        (190, ChannelState::Disconnected),
        (131_005, ChannelState::Disconnected),
        (131_048, ChannelState::Paused),
        (131_031, ChannelState::Paused),
        (368, ChannelState::Paused),
    ] {
        let mut scene = Scene::set().await;
        let id = scene.started(20).await;
        scene.meta(vec![Rule::new(Fault::refuse(code)).on(Route::Messages)]);
        scene.world.settle().await;
        let stopped = scene.campaign(id).await;
        assert_eq!(
            (stopped.status, stopped.counts.waiting),
            (CampaignStatus::Paused, 20),
            "{code}"
        );
        assert!(stopped.reason.is_some(), "{code}: it says why");
        let channel =
            scene.shop.workspace.channels().find(scene.shop.channel).await.expect("finds");
        assert_eq!(channel.state, state, "{code}");
        assert_eq!(channel.problem.map(|p| p.code), Some(format!("META_{code}")));
        scene.meta(Vec::new());
        scene.reconnect().await;
        scene.shop.workspace.campaigns().resume(id).await.expect("goes on");
        scene.all_reached(id, 20).await;
    }
}

#[tokio::test]
async fn a_customers_file_is_had_even_when_meta_was_away_for_two_hours() {
    let mut scene = Scene::set().await;
    scene.meta(vec![Rule::new(Fault::refuse(2)).on(Route::Media)]);
    let act = json!({"from": phone(1).as_str(), "type": "image", "image": {"caption": "the cake"}});
    scene.world.simulator.inbound(act).expect("she writes");
    scene.pass(130, Span::minutes(1)).await;
    let talks = scene.shop.workspace.conversations();
    let thread =
        talks.page(Default::default(), Default::default()).await.expect("lists").items.remove(0);
    let state = async |scene: &Scene| {
        let messages = scene.shop.workspace.messages();
        let page =
            messages.timeline(thread.conversation.id, Default::default()).await.expect("lists");
        page.items.first().and_then(|view| view.media.as_ref().map(|media| media.state))
    };
    assert_eq!(state(&scene).await, Some(MediaState::Pending), "the text is there, the file comes");
    scene.meta(Vec::new());
    scene.pass(10, Span::minutes(1)).await;
    assert_eq!(state(&scene).await, Some(MediaState::Ready));
}
