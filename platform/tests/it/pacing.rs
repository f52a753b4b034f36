//! Nobody waits behind a campaign; a campaign goes as fast as it may and says why it goes no faster.

use whatsapp_cloud::simulator::{Fault, Faults, MessagingLimit, Route, Rule};
use whatsapp_core::template::Category;
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Content, Conversation, Id, PageRequest, Quality, SendState,
    Span, Template, Timestamp, Variables, WaitReason,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::{Destination, NewCampaign, NewChannel, To};
use whatsapp_storage::{Mode, Store};

use crate::{open_world, shop};

const ANA: &str = "+5511981234567";

/// Somebody whom nobody knows yet.
fn stranger(n: usize) -> String {
    format!("+5511{:09}", 920_000_000 + n)
}

/// A template without anything but text, and values for it.
async fn simple(shop: &TestTenant, channel: Id<whatsapp_core::Channel>) -> (Template, Variables) {
    let templates = shop.workspace.templates();
    let page = templates.page(Default::default(), PageRequest::first(200)).await.expect("reads");
    let fits = |t: &Template| {
        t.channel == channel
            && t.may_send().is_ok()
            && t.category == Category::Utility
            && t.variables().iter().all(|v| v.component == "body")
    };
    let template = page.items.into_iter().find(fits).expect("one is simple");
    let variables = template.variables().into_iter().map(|v| (v.key, "x".to_owned()));
    let variables = Variables::from_pairs(variables);
    (template, variables)
}

/// A draft to so many strangers, from the nth on.
async fn draft(
    shop: &TestTenant,
    channel: Id<whatsapp_core::Channel>,
    people: std::ops::Range<usize>,
) -> Id<Campaign> {
    let (template, variables) = simple(shop, channel).await;
    let phones = people.map(|n| stranger(n).parse().expect("valid")).collect();
    let new = NewCampaign {
        name: "All".into(),
        template: template.id,
        audience: Audience { phones, ..Audience::default() },
        variables,
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id
}

async fn campaign(shop: &TestTenant, id: Id<Campaign>) -> Campaign {
    shop.workspace.campaigns().find(id).await.expect("finds").campaign
}

async fn waits(shop: &TestTenant, id: Id<Campaign>) -> Option<(WaitReason, Option<Timestamp>)> {
    let view = shop.workspace.campaigns().find(id).await.expect("finds");
    view.waiting.map(|waiting| (waiting.reason, waiting.until))
}

/// Ana's conversation; she wrote a moment ago.
async fn of_ana(world: &mut TestPlatform, shop: &TestTenant) -> Id<Conversation> {
    world.customer(ANA).says("Is my box ready?").await;
    let page =
        shop.workspace.conversations().page(Default::default(), PageRequest::default()).await;
    page.expect("reads").items.pop().expect("there is one").conversation.id
}

async fn reply(shop: &TestTenant, conversation: Id<Conversation>, text: &str) {
    let sent = shop.workspace.messages().send(conversation, Content::text(text), None, None).await;
    sent.expect("is taken");
}

fn texts(world: &TestPlatform) -> Vec<(String, Timestamp)> {
    let sends = world.simulator.sends().into_iter();
    sends.filter_map(|send| Some((send.text?, send.at))).collect()
}

fn reached(world: &TestPlatform) -> usize {
    world.simulator.sends().iter().filter(|send| send.template.is_some()).count()
}

/// Works for so long, in small steps.
async fn pass(world: &mut TestPlatform, span: Span) {
    let end = world.platform.env().now() + span;
    while world.platform.env().now() < end {
        while world.step().await.expect("steps") {}
        world.clock.advance(Span::millis(20));
    }
}

#[tokio::test]
async fn an_agent_s_reply_goes_out_before_two_thousand_who_wait() {
    let (mut world, shop) = shop().await;
    let ana = of_ana(&mut world, &shop).await;
    let id = draft(&shop, shop.channel, 0..2_000).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    pass(&mut world, Span::seconds(1)).await;
    assert!((60..2_000).contains(&reached(&world)), "it runs");
    for n in 0..5 {
        let text = format!("reply {n}");
        reply(&shop, ana, &text).await;
        let asked = world.platform.env().now();
        pass(&mut world, Span::millis(240)).await;
        let out = texts(&world).into_iter().find(|(out, _)| *out == text);
        let (_, at) = out.expect("the reply went out");
        // Behind what had begun ahead of its slots, and behind nothing else.
        assert!(at - asked <= Span::millis(200), "{:?}", at - asked);
    }
}

#[tokio::test]
async fn a_reply_does_not_wait_for_a_number_that_became_slow() {
    let (mut world, shop) = shop().await;
    let ana = of_ana(&mut world, &shop).await;
    let id = draft(&shop, shop.channel, 0..500).await;
    let mut faults = Faults::default();
    faults.rules = vec![Rule::new(Fault::refuse(130_429)).on(Route::Messages)];
    world.simulator.set_faults(faults);
    shop.workspace.campaigns().start(id).await.expect("starts");
    pass(&mut world, Span::seconds(12)).await;
    assert_eq!(reached(&world), 0, "Meta took nothing");
    let (reason, until) = waits(&shop, id).await.expect("it says why");
    assert!(reason == WaitReason::Slowed && until > Some(world.platform.env().now()));
    world.simulator.set_faults(Faults::default());
    reply(&shop, ana, "It is ready").await;
    let asked = world.platform.env().now();
    pass(&mut world, Span::seconds(1)).await;
    let (_, at) = texts(&world).pop().expect("it went out");
    assert!(at - asked < Span::millis(300), "{:?}", at - asked);
    pass(&mut world, Span::seconds(20)).await;
    assert_eq!(waits(&shop, id).await, None, "it recovered, and the page knows");
}

#[tokio::test]
async fn two_campaigns_of_a_number_share_it() {
    let (mut world, shop) = shop().await;
    let first = draft(&shop, shop.channel, 0..400).await;
    shop.workspace.campaigns().start(first).await.expect("starts");
    let second = draft(&shop, shop.channel, 400..800).await;
    shop.workspace.campaigns().start(second).await.expect("starts");
    pass(&mut world, Span::seconds(3)).await;
    let (one, other) = (campaign(&shop, first).await.counts, campaign(&shop, second).await.counts);
    let (one, other) = (one.total - one.waiting, other.total - other.waiting);
    assert!(one > 60 && other > 60 && (one - other).abs() < 30, "{one} and {other}");
}

#[tokio::test]
async fn messages_to_one_person_stay_in_order_when_meta_says_it_is_too_much() {
    let (mut world, shop) = shop().await;
    let ana = of_ana(&mut world, &shop).await;
    let mut faults = Faults::default();
    faults.limits.pair_burst = 3;
    world.simulator.set_faults(faults);
    for n in 0..8 {
        reply(&shop, ana, &format!("{n}")).await;
        world.clock.advance(Span::millis(2));
    }
    pass(&mut world, Span::seconds(2)).await;
    assert_eq!(texts(&world).len(), 3, "three at once, as Meta allows");
    pass(&mut world, Span::minutes(3)).await;
    let out = texts(&world);
    let said: Vec<_> = out.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(said, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    for (one, next) in out.iter().zip(out.iter().skip(1)).skip(3) {
        assert!(next.1 - one.1 >= Span::seconds(6), "one in six seconds from then on");
    }
}

#[tokio::test]
async fn a_portfolio_s_people_of_a_day_are_the_limit_and_an_agent_has_the_last_of_them() {
    let (mut world, shop) = shop().await;
    world.simulator.set_messaging_limit(MessagingLimit::Tier250);
    world.settle().await;
    let id = draft(&shop, shop.channel, 0..300).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    let began = world.platform.env().now();
    pass(&mut world, Span::seconds(10)).await;
    assert_eq!(reached(&world), 245, "but for two percent");
    let stopped = campaign(&shop, id).await;
    assert_eq!((stopped.status, stopped.counts.waiting), (CampaignStatus::Sending, 55));
    let (reason, until) = waits(&shop, id).await.expect("it says why");
    let until = until.expect("and until when");
    assert_eq!(reason, WaitReason::Budget);
    assert!(until >= began + Span::hours(24) && until < began + Span::hours(25));
    let (template, variables) = simple(&shop, shop.channel).await;
    let to = Destination {
        to: To::Phone("+5511933333333".parse().expect("valid")),
        channel: Some(shop.channel),
    };
    let program = shop.workspace.messages();
    let sent = program.send_template_to(to, &template.name, None, variables, None).await;
    let sent = sent.expect("is taken");
    world.settle().await;
    let sent = program.find(sent.message.id).await.expect("finds").state();
    assert!(sent.is_some_and(|state| state.rank() >= SendState::Accepted.rank()));
    world.clock.set(until);
    pass(&mut world, Span::minutes(1)).await;
    let done = campaign(&shop, id).await;
    assert_eq!((done.status, done.counts.failed), (CampaignStatus::Completed, 0));
    assert_eq!(reached(&world), 301);
}

#[tokio::test]
async fn numbers_of_one_portfolio_share_its_people() {
    let (mut world, shop) = shop().await;
    let access = world.simulator.access(1).expect("Meta has two numbers");
    let new = NewChannel {
        name: None,
        waba_id: access.waba_id,
        phone_number_id: access.phone_number_id,
        access_token: access.token,
        app_secret: None,
    };
    let other = shop.workspace.channels().connect(new).await.expect("connects").id;
    world.simulator.set_messaging_limit(MessagingLimit::Tier250);
    world.settle().await;
    let channels = shop.workspace.channels().list().await.expect("reads");
    assert!(channels.iter().all(|c| c.messaging_limit == Some(250) && c.portfolio != c.waba_id));
    let first = draft(&shop, shop.channel, 0..200).await;
    let second = draft(&shop, other, 200..400).await;
    for id in [first, second] {
        shop.workspace.campaigns().start(id).await.expect("starts");
    }
    pass(&mut world, Span::seconds(20)).await;
    assert_eq!(reached(&world), 245);
    let (one, other) = (campaign(&shop, first).await.counts, campaign(&shop, second).await.counts);
    assert!(one.waiting > 20 && other.waiting > 20, "neither takes all of it");
    assert_eq!(one.failed + other.failed, 0, "Meta had no cause to refuse");
}

#[tokio::test]
async fn whom_meta_did_not_reach_does_not_use_up_the_people() {
    let (mut world, shop) = shop().await;
    world.simulator.set_messaging_limit(MessagingLimit::Tier250);
    world.settle().await;
    let mut faults = Faults::default();
    faults.rules = vec![Rule::new(Fault::refuse(131_026)).on(Route::Messages).likely(0.3)];
    world.simulator.set_faults(faults);
    let id = draft(&shop, shop.channel, 0..330).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    pass(&mut world, Span::minutes(2)).await;
    let counts = campaign(&shop, id).await.counts;
    assert!(counts.failed > 60 && counts.ever_sent() > 200, "{counts:?}");
    assert!(counts.waiting == 0 || counts.ever_sent() == 245, "{counts:?}");
}

#[tokio::test]
async fn a_number_that_people_judge_badly_sends_campaigns_slowly_and_says_so() {
    let (mut world, shop) = shop().await;
    let number = world.simulator.numbers()[0].phone_number_id.clone();
    let worse = serde_json::json!({"quality": "RED"});
    world.simulator.change_number(&number, worse).expect("changes");
    let id = draft(&shop, shop.channel, 0..200).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    pass(&mut world, Span::seconds(1)).await;
    let channel = shop.workspace.channels().find(shop.channel).await.expect("finds");
    assert_eq!(channel.quality, Quality::Red, "Meta was asked");
    let before = reached(&world);
    pass(&mut world, Span::seconds(5)).await;
    let sent = reached(&world) - before;
    assert!((35..=42).contains(&sent), "{sent} in five seconds, of 400");
    assert_eq!(waits(&shop, id).await.map(|(why, _)| why), Some(WaitReason::Quality));
}

#[tokio::test]
async fn the_pace_is_that_of_the_number_s_level() {
    let (mut world, shop) = shop().await;
    let number = world.simulator.numbers()[0].phone_number_id.clone();
    for (level, throughput) in [("HIGH", 1_000), ("COEXISTENCE", 20)] {
        let change = serde_json::json!({"throughput": level});
        world.simulator.change_number(&number, change).expect("changes");
        let event = serde_json::json!({"display_phone_number": "1", "event": "THROUGHPUT_UPGRADE"});
        world.simulator.announce("phone_number_quality_update", event).expect("tells");
        world.settle().await;
        let channel = shop.workspace.channels().find(shop.channel).await.expect("finds");
        assert_eq!(channel.throughput, throughput, "{level}");
    }
    let id = draft(&shop, shop.channel, 0..200).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    pass(&mut world, Span::seconds(5)).await;
    let sent = reached(&world);
    assert!((90..=101).contains(&sent), "{sent} in five seconds on the Business app's number");
}

#[tokio::test]
async fn nobody_waits_a_day_for_a_code() {
    let (mut world, store) = open_world().await;
    let shop = world.tenant("Casa Aurora").await;
    let (mut template, variables) = simple(&shop, shop.channel).await;
    let mut states = Vec::new();
    for category in [Category::Authentication, Category::Utility] {
        template.category = category;
        let mut tx = store.tenant(shop.tenant, Mode::Write).await.expect("opens");
        tx.templates().upsert(&template).await.expect("writes");
        tx.commit().await.expect("commits");
        let mut faults = Faults::default();
        faults.rules = vec![Rule::new(Fault::ResetBefore).on(Route::Messages)];
        world.simulator.set_faults(faults);
        let to = To::Phone(stranger(states.len()).parse().expect("valid"));
        let to = Destination { to, channel: Some(shop.channel) };
        let (name, values) = (template.name.as_str(), variables.clone());
        let sent = shop.workspace.messages().send_template_to(to, name, None, values, None).await;
        let sent = sent.expect("is taken").message.id;
        world.settle().await;
        assert_eq!(state(&shop, sent).await, Some(SendState::Ambiguous));
        world.clock.advance(Span::minutes(6));
        world.settle().await;
        states.push(state(&shop, sent).await);
    }
    assert_eq!(states, [Some(SendState::Unconfirmed), Some(SendState::Ambiguous)]);
}

async fn state(shop: &TestTenant, id: Id<whatsapp_core::Message>) -> Option<SendState> {
    shop.workspace.messages().find(id).await.expect("finds").state()
}

#[tokio::test]
async fn before_it_starts_it_is_told_when_all_will_have_it() {
    let (mut world, shop) = shop().await;
    let forecast = async |people: usize| {
        let (template, variables) = simple(&shop, shop.channel).await;
        let phones = (0..people).map(|n| stranger(n).parse().expect("valid")).collect();
        let audience = Audience { phones, ..Audience::default() };
        let campaigns = shop.workspace.campaigns();
        let preview = campaigns.preview(template.id, &audience, &variables).await;
        preview.expect("looks ahead").forecast
    };
    let free = forecast(160).await;
    let now = world.platform.env().now();
    assert_eq!((free.limit, free.left, free.per_second), (None, None, 80));
    assert_eq!(free.done_at, Some(now + Span::seconds(3)));
    assert_eq!(forecast(0).await.done_at, None, "for nobody there is no end");
    world.simulator.set_messaging_limit(MessagingLimit::Tier250);
    world.settle().await;
    let limited = forecast(600).await;
    assert_eq!((limited.limit, limited.left), (Some(250), Some(245)));
    let days = limited.done_at.expect("an end") - world.platform.env().now();
    assert!(days > Span::hours(48) && days < Span::hours(49), "{days:?}");
}
