//! A campaign in bad weather: late starts, deadlines, people who are tried again.

use std::collections::BTreeMap;

use whatsapp_cloud::TemplateAdminApi as _;
use whatsapp_cloud::simulator::{Fault, Faults, Route, Rule};
use whatsapp_cloud::template::{Body, TemplateDraft, TemplateEdit};
use whatsapp_core::campaign::{CampaignRules, LateStart};
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Id, PageRequest, Phone, ReportLine, SendState, Span,
    Timestamp, Variables,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::{NewCampaign, Retry};

use crate::{code, shop};

fn phone(n: usize) -> Phone {
    format!("+5511{:09}", 900_000_000 + n).parse().expect("valid")
}

/// A draft to so many people, with rules.
pub(crate) async fn draft(
    shop: &TestTenant,
    people: usize,
    rules: CampaignRules,
    scheduled_at: Option<Timestamp>,
) -> Id<Campaign> {
    let page = shop.workspace.templates().page(Default::default(), PageRequest::default()).await;
    let templates = page.expect("reads").items;
    let simple = templates
        .iter()
        .find(|t| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body"));
    let template = simple.expect("one is simple");
    let variables = template.variables().into_iter().map(|v| (v.key, "friend".to_owned()));
    let new = NewCampaign {
        name: "Autumn boxes".into(),
        template: template.id,
        audience: Audience { phones: (0..people).map(phone).collect(), ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules,
        scheduled_at,
    };
    shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id
}

async fn now(shop: &TestTenant, id: Id<Campaign>) -> Campaign {
    shop.workspace.campaigns().find(id).await.expect("finds").campaign
}

async fn lines(shop: &TestTenant, id: Id<Campaign>) -> Vec<ReportLine> {
    shop.workspace.campaigns().report(id, None).await.expect("reads")
}

pub(crate) fn meta(world: &TestPlatform, rules: Vec<Rule>) {
    let mut faults = Faults::default();
    faults.rules = rules;
    world.simulator.set_faults(faults);
}

pub(crate) fn undelivered(code: i64, n: usize) -> Rule {
    Rule::new(Fault::Fail { code }).on(Route::Messages).to(phone(n).to_string())
}

/// So many days go by, with all that happens.
async fn days(world: &mut TestPlatform, days: i64) {
    for _ in 0..days {
        world.settle().await;
        world.clock.advance(Span::hours(24));
    }
    world.settle().await;
}

/// How often Meta accepted a message for each person.
fn accepted(world: &TestPlatform) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for sent in world.simulator.sends() {
        *times.entry(sent.to).or_default() += 1;
    }
    times
}

/// A campaign whose start comes two hours late, because nothing ran meanwhile.
async fn missed(late_start: LateStart) -> (TestPlatform, TestTenant, Id<Campaign>) {
    let (mut world, shop) = shop().await;
    let at = world.platform.env().now() + Span::hours(1);
    let rules = CampaignRules { late_start, ..CampaignRules::default() };
    let id = draft(&shop, 5, rules, Some(at)).await;
    shop.workspace.campaigns().start(id).await.expect("is scheduled");
    world.clock.advance(Span::hours(3));
    world.settle().await;
    (world, shop, id)
}

#[tokio::test]
async fn a_start_that_was_missed_waits_for_a_person_and_writes_to_nobody() {
    let (mut world, shop, id) = missed(LateStart::Ask).await;
    let held = now(&shop, id).await;
    assert_eq!((held.status, held.reason.is_some()), (CampaignStatus::Paused, true));
    assert!(world.simulator.sends().is_empty());
    shop.workspace.campaigns().resume(id).await.expect("the person starts it");
    world.settle().await;
    assert_eq!(now(&shop, id).await.status, CampaignStatus::Completed);
    assert_eq!(world.simulator.sends().len(), 5);
}

#[tokio::test]
async fn a_missed_start_is_made_up_for_or_left_out_where_the_rules_say_so() {
    let (world, shop, id) = missed(LateStart::Start).await;
    assert_eq!(now(&shop, id).await.status, CampaignStatus::Completed);
    assert_eq!(world.simulator.sends().len(), 5);
    let (world, shop, id) = missed(LateStart::Skip).await;
    assert_eq!(now(&shop, id).await.status, CampaignStatus::Cancelled);
    assert!(world.simulator.sends().is_empty());
}

#[tokio::test]
async fn nothing_goes_out_after_the_deadline_and_everybody_left_is_told_why() {
    let (mut world, shop) = shop().await;
    let deadline = Some(world.platform.env().now() + Span::seconds(1));
    let id = draft(&shop, 400, CampaignRules { deadline, ..CampaignRules::default() }, None).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    let over = now(&shop, id).await;
    assert_eq!(over.status, CampaignStatus::Cancelled);
    assert!(over.reason.is_some_and(|reason| reason.contains("deadline")));
    let reached = i64::try_from(world.simulator.sends().len()).expect("fits");
    assert!(reached > 0 && reached < 400, "{reached} of 400 in one second");
    assert_eq!((over.counts.ever_sent(), over.counts.skipped), (reached, 400 - reached));
    let left_out = lines(&shop, id).await.into_iter().filter(|l| l.state == SendState::Skipped);
    let codes: Vec<_> = left_out.filter_map(|l| l.error).map(|e| e.code).collect();
    assert!(codes.iter().all(|code| code == "DEADLINE_PASSED"), "{codes:?}");
    let failed = Retry { failed: true, ..Retry::default() };
    let refused = shop.workspace.campaigns().retry(id, failed).await;
    assert_eq!(code(refused), "CAMPAIGN_DEADLINE");
}

#[tokio::test]
async fn whom_meta_holds_back_is_tried_again_the_next_day_and_the_campaign_waits_for_him() {
    let (mut world, shop) = shop().await;
    let rules = CampaignRules { hold_back_tries: 2, ..CampaignRules::default() };
    let id = draft(&shop, 10, rules, None).await;
    meta(&world, vec![undelivered(131_049, 3).at_most(1), undelivered(131_026, 4)]);
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    assert_eq!(now(&shop, id).await.status, CampaignStatus::Sending, "somebody still waits");
    assert_eq!(now(&shop, id).await.counts.waiting, 1);
    days(&mut world, 1).await;
    let done = now(&shop, id).await;
    assert_eq!((done.status, done.counts.failed), (CampaignStatus::Completed, 1));
    let report = lines(&shop, id).await;
    let held = report.iter().find(|l| l.address == phone(3).to_string()).expect("has a line");
    assert_eq!(held.attempts, 2);
    assert!(matches!(held.state, SendState::Delivered | SendState::Read), "{:?}", held.state);
    let [earlier] = &held.earlier[..] else { panic!("one earlier try: {:?}", held.earlier) };
    assert_eq!(earlier.state, SendState::Failed);
    assert_eq!(earlier.error.as_ref().map(|e| e.code.as_str()), Some("META_131049"));
    assert_ne!(earlier.wamid, held.wamid);
    assert_eq!(accepted(&world).get(&phone(4).to_string()), Some(&1), "no other failure is tried");
}

#[tokio::test]
async fn trying_whom_meta_holds_back_ends() {
    let (mut world, shop) = shop().await;
    let rules = CampaignRules { hold_back_tries: 2, ..CampaignRules::default() };
    let id = draft(&shop, 2, rules, None).await;
    meta(&world, vec![undelivered(131_049, 1)]);
    shop.workspace.campaigns().start(id).await.expect("starts");
    days(&mut world, 4).await;
    let done = now(&shop, id).await;
    assert_eq!((done.status, done.counts.failed), (CampaignStatus::Completed, 1));
    assert_eq!(accepted(&world).get(&phone(1).to_string()), Some(&3), "once and twice again");
}

#[tokio::test]
async fn a_person_tries_those_again_who_failed_for_one_cause() {
    let (mut world, shop) = shop().await;
    let id = draft(&shop, 10, CampaignRules::default(), None).await;
    meta(&world, vec![undelivered(131_049, 3), undelivered(131_026, 4)]);
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    assert_eq!(now(&shop, id).await.counts.failed, 2);
    meta(&world, Vec::new());
    let codes = Some(vec!["META_131049".to_owned()]);
    let retry = Retry { failed: true, codes, ..Retry::default() };
    let again = shop.workspace.campaigns().retry(id, retry).await.expect("is tried again");
    assert_eq!(again.campaign.status, CampaignStatus::Sending, "it goes on");
    world.settle().await;
    let done = now(&shop, id).await;
    assert_eq!((done.status, done.counts.failed), (CampaignStatus::Completed, 1));
    assert_eq!(done.counts.ever_sent(), 9);
    let times = accepted(&world);
    assert_eq!(times.values().sum::<usize>(), 11, "one message more than people");
    assert_eq!(times.get(&phone(3).to_string()), Some(&2));
}

#[tokio::test]
async fn who_is_unconfirmed_is_tried_again_only_when_named_and_not_if_it_arrived_after_all() {
    let (mut world, shop) = shop().await;
    let id = draft(&shop, 6, CampaignRules::default(), None).await;
    let lost = |n| Rule::new(Fault::ResetAfter).on(Route::Messages).to(phone(n).to_string());
    let never = |n| Rule::new(Fault::ResetBefore).on(Route::Messages).to(phone(n).to_string());
    let mut faults = Faults::default();
    faults.rules = vec![lost(1).at_most(1), never(2).at_most(1)];
    // The statuses of the first message come three days later.
    faults.webhooks.late_statuses = 1.0;
    faults.webhooks.late_ms = [260_000_000, 260_000_001];
    world.simulator.set_faults(faults);
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..60 {
        world.step().await.expect("steps");
        world.clock.advance(Span::millis(500));
    }
    for _ in 0..6 {
        world.clock.advance(Span::hours(6));
        world.step().await.expect("steps");
    }
    let done = now(&shop, id).await;
    assert_eq!((done.status, done.counts.unconfirmed), (CampaignStatus::Completed, 2));
    let failed = Retry { failed: true, ..Retry::default() };
    shop.workspace.campaigns().retry(id, failed).await.expect("nobody failed");
    world.step().await.expect("steps");
    assert_eq!(now(&shop, id).await.counts.unconfirmed, 2, "they were not named");
    let unconfirmed = Retry { unconfirmed: true, ..Retry::default() };
    shop.workspace.campaigns().retry(id, unconfirmed).await.expect("is tried again");
    shop.workspace.campaigns().pause(id).await.expect("pauses before it goes out");
    world.step().await.expect("steps");
    assert_eq!(now(&shop, id).await.counts.waiting, 2);
    // Before they go out, the late statuses tell that one of them has it.
    world.clock.advance(Span::hours(72));
    for _ in 0..4 {
        world.step().await.expect("steps");
    }
    assert_eq!(now(&shop, id).await.counts.waiting, 1);
    shop.workspace.campaigns().resume(id).await.expect("goes on");
    world.settle().await;
    let times = accepted(&world);
    assert!(times.values().all(|n| *n == 1), "nobody got it twice: {times:?}");
    assert_eq!(times.len(), 6, "and everybody has it");
}

#[tokio::test]
async fn a_template_whose_text_changes_pauses_what_is_sent_with_it() {
    let (mut world, shop) = shop().await;
    let id = draft(&shop, 400, CampaignRules::default(), None).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    for _ in 0..6 {
        world.step().await.expect("steps");
        world.clock.advance(Span::millis(25));
    }
    let template = now(&shop, id).await.template;
    let known = shop.workspace.templates().find(template).await.expect("finds");
    let new =
        TemplateDraft::marketing(&known.name, &known.language).body(Body::new("Another text."));
    let access = world.simulator.access(0).expect("has a number");
    let edit = TemplateEdit::parts_of(new);
    world.simulator.edit_template(&access, &known.meta_id, &edit).await.expect("is edited");
    shop.workspace.templates().sync(known.channel).await.expect("reads");
    let held = now(&shop, id).await;
    assert_eq!((held.status, held.reason.is_some()), (CampaignStatus::Paused, true));
    assert!(held.counts.waiting > 0);
}

#[tokio::test]
async fn rules_that_cannot_be_followed_are_refused() {
    let (world, shop) = shop().await;
    let id = draft(&shop, 1, CampaignRules::default(), None).await;
    let campaigns = shop.workspace.campaigns();
    let written = now(&shop, id).await;
    let with = |rules| NewCampaign {
        name: written.name.clone(),
        template: written.template,
        audience: written.audience.clone(),
        variables: written.variables.clone(),
        rate: None,
        rules,
        scheduled_at: None,
    };
    let past =
        CampaignRules { deadline: Some(world.platform.env().now()), ..CampaignRules::default() };
    assert_eq!(code(campaigns.update(id, with(past)).await), "CAMPAIGN_DEADLINE");
    let often = CampaignRules { hold_back_tries: 4, ..CampaignRules::default() };
    assert_eq!(code(campaigns.update(id, with(often)).await), "CAMPAIGN_RULES");
    assert_eq!(code(campaigns.retry(id, Retry::default()).await), "CAMPAIGN_RETRY");
    let failed = Retry { failed: true, ..Retry::default() };
    assert_eq!(code(campaigns.retry(id, failed).await), "CAMPAIGN_STATE");
}
