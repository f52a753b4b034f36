//! Exactly once in effect: campaigns, lost answers, refusals, and statuses in any order.

use std::sync::Arc;

use whatsapp_cloud::simulator::{Fault, Faults, Route, Rule, WebhookFaults};
use whatsapp_core::Env;
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::conversation::ConversationFilter;
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Id, NewContact, PageRequest, SendState, Span, Variables,
};
use whatsapp_core::{ContactSource, ConversationStatus, Phone};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::{CampaignView, ContactPatch, NewCampaign};
use whatsapp_storage::faulty::{CommitFault, Faults as StoreFaults, Faulty};
use whatsapp_storage::sql::SqlStore;

use crate::{code, shop};

pub(crate) fn phone(n: usize) -> Phone {
    format!("+5511{:09}", 900_000_000 + n).parse().expect("valid")
}

/// A group of people and a draft of a campaign to them.
pub(crate) async fn campaign_to(shop: &TestTenant, people: usize) -> Id<Campaign> {
    campaign_to_at(shop, people, None).await
}

async fn campaign_to_at(shop: &TestTenant, people: usize, rate: Option<u32>) -> Id<Campaign> {
    let mut members = Vec::new();
    for n in 0..people {
        let new = NewContact::with_phone(phone(n)).named(format!("Person {n}"));
        members.push(
            shop.workspace
                .contacts()
                .upsert(new, ContactSource::Manual, None)
                .await
                .expect("adds")
                .0
                .id,
        );
    }
    let group = shop.workspace.groups().create("Autumn", "").await.expect("makes a group");
    shop.workspace.groups().add_members(group.id, &members).await.expect("adds members");
    let audience = Audience { group_ids: vec![group.id], ..Audience::default() };
    draft_at(shop, audience, rate).await
}

async fn draft(shop: &TestTenant, audience: Audience) -> Id<Campaign> {
    draft_at(shop, audience, None).await
}

async fn draft_at(shop: &TestTenant, audience: Audience, rate: Option<u32>) -> Id<Campaign> {
    let templates = shop
        .workspace
        .templates()
        .page(Default::default(), PageRequest::default())
        .await
        .expect("reads")
        .items;
    let template = templates
        .iter()
        .find(|t| {
            t.may_send().is_ok()
                && !t.variables().is_empty()
                && t.variables().iter().all(|v| v.component == "body")
        })
        .expect("one is simple");
    let variables = Variables::from_pairs(
        template.variables().into_iter().map(|v| (v.key, "{{name|friend}}".to_owned())),
    );
    let new = NewCampaign {
        name: "Autumn boxes".into(),
        template: template.id,
        audience,
        variables,
        rate,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id
}

async fn run(world: &mut TestPlatform, shop: &TestTenant, id: Id<Campaign>) -> CampaignView {
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    shop.workspace.campaigns().find(id).await.expect("finds")
}

fn refuse(code: i64, probability: f64) -> Faults {
    with(Fault::refuse(code), probability)
}

fn with(fault: Fault, probability: f64) -> Faults {
    let mut faults = Faults::default();
    faults.rules = vec![Rule::new(fault).on(Route::Messages).likely(probability)];
    faults
}

#[tokio::test]
async fn a_campaign_reaches_everybody_exactly_once_and_ends() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 200).await;
    let done = run(&mut world, &shop, id).await.campaign;
    assert_eq!(
        (done.status, done.counts.total, done.counts.ever_delivered()),
        (CampaignStatus::Completed, 200, 200)
    );
    let mut reached: Vec<_> = world.simulator.sends().into_iter().map(|s| s.to).collect();
    reached.sort();
    reached.dedup();
    assert_eq!((reached.len(), world.simulator.sends().len()), (200, 200));
    let campaigns = shop.workspace.campaigns();
    let page = campaigns.recipients(id, None, None, PageRequest::first(200)).await;
    let everybody = page.expect("reads").items;
    assert!(
        everybody.iter().all(|r| r.recipient.conversation.is_some()),
        "each leads to its conversation"
    );
}

#[tokio::test]
async fn a_campaign_does_not_fill_the_inbox_and_an_answer_to_it_does() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 3).await;
    run(&mut world, &shop, id).await;
    let open = || ConversationFilter {
        status: Some(ConversationStatus::Open),
        ..ConversationFilter::default()
    };
    let conversations = shop.workspace.conversations();
    let before = conversations.page(open(), PageRequest::default()).await.expect("reads").items;
    assert!(before.is_empty(), "nobody waits for us");
    world.customer(phone(1).as_str()).says("Yes please").await;
    let after = conversations.page(open(), PageRequest::default()).await.expect("reads").items;
    assert_eq!(after.len(), 1);
}

#[tokio::test]
async fn a_second_start_is_a_conflict_and_sends_nothing_more() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 5).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    assert_eq!(code(shop.workspace.campaigns().start(id).await), "CAMPAIGN_STATE");
    world.settle().await;
    assert_eq!(world.simulator.sends().len(), 5);
}

#[tokio::test]
async fn whoever_is_named_twice_gets_it_once() {
    let (mut world, shop) = shop().await;
    let first = shop
        .workspace
        .contacts()
        .upsert(NewContact::with_phone(phone(1)), ContactSource::Manual, None)
        .await
        .expect("adds")
        .0;
    let audience = Audience {
        contact_ids: vec![first.id, first.id],
        phones: vec![phone(1), phone(2), phone(2)],
        ..Audience::default()
    };
    let id = draft(&shop, audience).await;
    let done = run(&mut world, &shop, id).await.campaign;
    assert_eq!((done.counts.total, world.simulator.sends().len()), (2, 2));
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_its_status_and_nobody_gets_it_twice() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 60).await;
    world.simulator.set_faults(with(Fault::ResetAfter, 0.3));
    let done = run(&mut world, &shop, id).await.campaign;
    assert_eq!(
        (done.status, done.counts.ever_sent(), done.counts.ambiguous),
        (CampaignStatus::Completed, 60, 0)
    );
    assert_eq!(world.simulator.sends().len(), 60);
}

#[tokio::test]
async fn what_meta_never_got_stays_unknown_for_the_hold_and_then_unconfirmed_and_no_machine_resends_it()
 {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 40).await;
    world.simulator.set_faults(with(Fault::ResetBefore, 0.25));
    let doubtful = run(&mut world, &shop, id).await.campaign;
    assert!(doubtful.counts.ambiguous > 0 && doubtful.status == CampaignStatus::Sending);
    world.clock.advance(Span::minutes(24 * 60 + 1));
    world.settle().await;
    let done = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    let accepted = i64::try_from(world.simulator.sends().len()).expect("fits");
    assert_eq!((done.status, done.counts.ambiguous), (CampaignStatus::Completed, 0));
    assert_eq!((done.counts.ever_sent(), done.counts.unconfirmed), (accepted, 40 - accepted));
    let unconfirmed = shop
        .workspace
        .campaigns()
        .recipients(id, Some(SendState::Unconfirmed), None, PageRequest::first(200))
        .await
        .expect("reads")
        .items;
    let sends = world.simulator.sends();
    assert!(
        unconfirmed.iter().all(|r| sends.iter().all(|s| s.to != r.recipient.address)),
        "unconfirmed is what Meta never accepted"
    );
}

#[tokio::test]
async fn a_refused_person_fails_with_the_cause_and_the_others_go_on() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 30).await;
    world.simulator.set_faults(refuse(131_026, 0.2));
    let done = run(&mut world, &shop, id).await.campaign;
    let accepted = i64::try_from(world.simulator.sends().len()).expect("fits");
    assert_eq!(
        (done.status, done.counts.failed, done.counts.ever_sent()),
        (CampaignStatus::Completed, 30 - accepted, accepted)
    );
    let causes = shop.workspace.campaigns().failures(id).await.expect("reads");
    assert_eq!(causes.iter().map(|c| c.error.code.as_str()).collect::<Vec<_>>(), ["META_131026"]);
}

#[tokio::test]
async fn too_fast_means_slower_and_later_never_lost_and_never_twice() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 50).await;
    world.simulator.set_faults(refuse(130_429, 0.2));
    let done = run(&mut world, &shop, id).await.campaign;
    assert_eq!(
        (done.status, done.counts.ever_sent(), world.simulator.sends().len()),
        (CampaignStatus::Completed, 50, 50)
    );
}

#[tokio::test]
async fn an_ended_token_disconnects_the_channel_and_keeps_the_people_of_the_campaign() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 20).await;
    world.simulator.set_faults(refuse(190, 1.0));
    let stopped = run(&mut world, &shop, id).await.campaign;
    assert_eq!(stopped.status, CampaignStatus::Paused);
    assert_eq!((stopped.counts.waiting, stopped.counts.failed), (20, 0));
    let channel = shop.workspace.channels().find(shop.channel).await.expect("finds");
    assert_eq!(channel.problem.map(|p| p.code), Some("META_190".to_owned()));
}

#[tokio::test]
async fn a_paused_campaign_sends_nothing_and_goes_on_where_it_stopped() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 40).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..6 {
        world.step().await.expect("steps");
        world.clock.advance(Span::millis(25));
    }
    shop.workspace.campaigns().pause(id).await.expect("pauses");
    world.settle().await;
    let before = world.simulator.sends().len();
    assert!((1..40).contains(&before), "{before} went out before the pause");
    world.settle().await;
    assert_eq!(world.simulator.sends().len(), before);
    shop.workspace.campaigns().resume(id).await.expect("goes on");
    world.settle().await;
    let done = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    assert_eq!((done.status, world.simulator.sends().len()), (CampaignStatus::Completed, 40));
}

#[tokio::test]
async fn a_cancelled_campaign_leaves_out_whoever_waits() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 40).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..6 {
        world.step().await.expect("steps");
        world.clock.advance(Span::millis(25));
    }
    shop.workspace.campaigns().cancel(id).await.expect("cancels");
    world.settle().await;
    let done = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    let sent = i64::try_from(world.simulator.sends().len()).expect("fits");
    assert_eq!(
        (done.status, done.counts.waiting, done.counts.skipped),
        (CampaignStatus::Cancelled, 0, 40 - sent)
    );
}

#[tokio::test]
async fn doubled_and_disordered_statuses_change_nothing_in_the_end() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 60).await;
    let webhooks = WebhookFaults {
        duplicate: 0.5,
        disorder: 0.5,
        delay_ms: [0, 3_000],
        ..WebhookFaults::default()
    };
    let mut faults = Faults::default();
    faults.webhooks = webhooks;
    world.simulator.set_faults(faults);
    let done = run(&mut world, &shop, id).await.campaign;
    assert_eq!(
        (done.counts.ever_sent(), done.counts.ever_delivered(), done.counts.failed),
        (60, 60, 0)
    );
    let recipients = shop
        .workspace
        .campaigns()
        .recipients(id, None, None, PageRequest::first(200))
        .await
        .expect("reads")
        .items;
    let told: Vec<_> = world.simulator.sends();
    for recipient in recipients {
        let truth =
            told.iter().find(|s| s.to == recipient.recipient.address).expect("was accepted");
        assert_eq!(recipient.recipient.state.as_str(), truth.status);
    }
}

#[tokio::test]
async fn a_campaign_keeps_to_the_rate_it_was_given() {
    let (mut world, shop) = shop().await;
    let id = campaign_to_at(&shop, 12, Some(4)).await;
    let done = run(&mut world, &shop, id).await.campaign;
    assert_eq!(done.counts.ever_sent(), 12);
    let at: Vec<_> = world.simulator.sends().into_iter().map(|s| s.at).collect();
    for (first, later) in at.iter().zip(at.iter().skip(4)) {
        assert!(*later - *first >= Span::millis(950), "five messages went out within a second");
    }
}

#[tokio::test]
async fn who_wants_no_marketing_gets_none_from_a_campaign_already_running() {
    let (mut world, shop) = shop().await;
    let templates = shop
        .workspace
        .templates()
        .page(Default::default(), PageRequest::default())
        .await
        .expect("reads")
        .items;
    let marketing = templates.iter().find(|t| {
        t.may_send().is_ok()
            && t.category.as_str() == "marketing"
            && t.variables().iter().all(|v| v.component == "body")
    });
    let Some(template) = marketing else { panic!("the simulator has a marketing template") };
    let variables = Variables::from_pairs(
        template.variables().into_iter().map(|v| (v.key, "{{name|friend}}".to_owned())),
    );
    let audience = Audience { phones: (0..30).map(phone).collect(), ..Audience::default() };
    let new = NewCampaign {
        name: "Offer".into(),
        template: template.id,
        audience,
        variables,
        rate: Some(2),
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let id = shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id;
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..4 {
        world.step().await.expect("steps");
    }
    let out: Vec<_> = world.simulator.sends().into_iter().map(|s| s.to).collect();
    let last = (0..30).map(phone).rfind(|p| !out.contains(&p.to_string())).expect("somebody waits");
    world.simulator.write(last.as_str(), "STOP please").expect("writes");
    world.simulator.stop_marketing(last.as_str(), true).expect("stops");
    // Meta tells it within a second; from then on nothing more may go out.
    world.clock.advance(Span::seconds(1));
    world.settle().await;
    assert!(
        world.simulator.sends().iter().all(|s| s.to != last.to_string()),
        "an opt-out holds at once"
    );
}

#[tokio::test]
async fn a_number_that_changes_while_the_campaign_is_paused_does_not_get_it_twice() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 40).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..6 {
        world.step().await.expect("steps");
        world.clock.advance(Span::millis(25));
    }
    shop.workspace.campaigns().pause(id).await.expect("pauses");
    let reached = world.simulator.sends();
    let first = reached.first().expect("somebody was reached").to.clone();
    let contacts = shop.workspace.contacts();
    let page = contacts.page(ContactFilter::default(), PageRequest::first(200)).await;
    let known = page.expect("reads").items;
    let known = known.iter().find(|c| c.phone.as_ref().is_some_and(|p| p.as_str() == first));
    let patch = ContactPatch { phone: Some(Some(phone(9_999))), ..ContactPatch::default() };
    contacts.update(known.expect("is known").id, patch).await.expect("changes the number");
    shop.workspace.campaigns().resume(id).await.expect("goes on");
    world.settle().await;
    assert!(world.simulator.sends().iter().all(|s| s.to != phone(9_999).to_string()));
    assert_eq!(world.simulator.sends().len(), 40);
}

#[tokio::test]
async fn a_campaign_of_which_most_fails_stops_by_itself() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 200).await;
    world.simulator.set_faults(refuse(131_026, 1.0));
    let stopped = run(&mut world, &shop, id).await.campaign;
    assert_eq!(stopped.status, CampaignStatus::Paused);
    assert!(stopped.counts.waiting > 0 && stopped.reason.is_some());
}

#[tokio::test]
async fn nobody_keeps_waiting_in_a_campaign_that_was_cancelled_while_meta_was_too_fast_for_us() {
    let (mut world, shop) = shop().await;
    let id = campaign_to(&shop, 30).await;
    world.simulator.set_faults(refuse(130_429, 1.0));
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..6 {
        world.step().await.expect("steps");
        world.clock.advance(Span::millis(25));
    }
    shop.workspace.campaigns().cancel(id).await.expect("cancels");
    world.settle().await;
    let over = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    assert_eq!((over.status, over.counts.waiting), (CampaignStatus::Cancelled, 0));
}

#[tokio::test]
async fn a_campaign_for_nobody_cannot_be_scheduled() {
    let (world, shop) = shop().await;
    let id = draft(&shop, Audience::default()).await;
    let campaigns = shop.workspace.campaigns();
    let mut new = as_written(&campaigns.find(id).await.expect("finds").campaign);
    new.scheduled_at = Some(world.platform.env().now() + Span::hours(1));
    campaigns.update(id, new).await.expect("is written");
    assert_eq!(code(campaigns.start(id).await), "CAMPAIGN_AUDIENCE");
}

fn as_written(campaign: &Campaign) -> NewCampaign {
    NewCampaign {
        name: campaign.name.clone(),
        template: campaign.template,
        audience: campaign.audience.clone(),
        variables: campaign.variables.clone(),
        rate: campaign.rate,
        rules: campaign.rules,
        scheduled_at: campaign.scheduled_at,
    }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_leaves_nobody_between_the_states() {
    let (mut world, faults) = faulty_world().await;
    let shop = world.tenant("Casa Aurora").await;
    let id = campaign_to(&shop, 20).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    let mut lost = 0;
    for turn in 0..60 {
        if turn % 4 == 3 {
            faults.fail_commit(3, CommitFault::After);
        }
        lost += u32::from(world.step().await.is_err());
        world.clock.advance(Span::millis(25));
    }
    assert!(lost > 3, "answers were lost");
    faults.fail_commit(u64::MAX, CommitFault::After); // from here on all is well
    world.settle().await;
    world.clock.advance(Span::minutes(24 * 60 + 1));
    world.settle().await;
    let done = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    let accepted = i64::try_from(world.simulator.sends().len()).expect("fits");
    assert_eq!(done.status, CampaignStatus::Completed);
    assert_eq!((done.counts.ever_sent(), done.counts.unconfirmed), (accepted, 20 - accepted));
    let mut reached: Vec<_> = world.simulator.sends().into_iter().map(|s| s.to).collect();
    reached.sort();
    reached.dedup();
    assert_eq!(i64::try_from(reached.len()).expect("fits"), accepted, "nobody twice");
}

/// A world whose store fails when it is told to.
async fn faulty_world() -> (TestPlatform, StoreFaults) {
    let store = SqlStore::connect("sqlite::memory:", Env::system()).await.expect("opens");
    let store = Faulty::new(store);
    let faults = store.faults();
    (TestPlatform::on(move |_| Arc::new(store)).await, faults)
}
