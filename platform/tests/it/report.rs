//! The proof report: recipients × attempts × Meta's ids × final state, held against what the simulated Meta
//! accepted.

use std::collections::{BTreeMap, BTreeSet};

use whatsapp_cloud::simulator::{Fault, Faults, Route, Rule, WebhookFaults};
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Id, PageRequest, Permission, Phone, ReportLine, SendState,
    Variables,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::NewCampaign;

use crate::{code, shop};

/// So many people, each known by his place among them.
const PEOPLE: usize = 40;
/// Meta refuses him for good.
const REFUSED: usize = 3;
/// Meta accepts his message, and the answer is lost.
const LOST: usize = 7;
/// Meta is too busy for him at first.
const BUSY: usize = 11;
/// Meta accepts his message and tells later that it failed.
const UNDELIVERED: usize = 13;

fn phone(n: usize) -> Phone {
    format!("+5511{:09}", 900_000_000 + n).parse().expect("valid")
}

fn address(n: usize) -> String {
    phone(n).to_string()
}

fn faults() -> Faults {
    let at = |fault, n: usize| Rule::new(fault).on(Route::Messages).to(address(n));
    let mut faults = Faults::default();
    faults.rules = vec![
        at(Fault::refuse(131_026), REFUSED),
        at(Fault::ResetAfter, LOST).at_most(1),
        at(Fault::refuse(130_429), BUSY).at_most(1),
        at(Fault::Fail { code: 131_049 }, UNDELIVERED),
    ];
    // A third of all statuses comes minutes later, after others of the same message.
    faults.webhooks = WebhookFaults {
        late_statuses: 0.3,
        late_ms: [60_000, 300_000],
        duplicate: 0.2,
        ..WebhookFaults::default()
    };
    faults
}

async fn draft(shop: &TestTenant, people: usize) -> Id<Campaign> {
    let page = shop.workspace.templates().page(Default::default(), PageRequest::default()).await;
    let templates = page.expect("reads").items;
    let simple = templates
        .iter()
        .find(|t| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body"));
    let template = simple.expect("one is simple");
    let variables = template.variables().into_iter().map(|v| (v.key, "{{name|friend}}".to_owned()));
    let new = NewCampaign {
        name: "Autumn boxes".into(),
        template: template.id,
        audience: Audience { phones: (0..people).map(phone).collect(), ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id
}

/// The whole report, page by page.
async fn report(shop: &TestTenant, id: Id<Campaign>) -> Vec<ReportLine> {
    let mut all: Vec<ReportLine> = Vec::new();
    loop {
        let after = all.last().map(|line| line.send);
        let page = shop.workspace.campaigns().report(id, after).await.expect("reads a page");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// A campaign to everybody that went through all these faults and is over.
async fn eventful() -> (TestPlatform, Vec<ReportLine>) {
    let (mut world, shop) = shop().await;
    let id = draft(&shop, PEOPLE).await;
    world.simulator.set_faults(faults());
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    let done = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    assert_eq!(done.status, CampaignStatus::Completed);
    let lines = report(&shop, id).await;
    assert_eq!(i64::try_from(lines.len()).expect("fits"), done.counts.total);
    (world, lines)
}

fn line_of(lines: &[ReportLine], n: usize) -> &ReportLine {
    lines.iter().find(|line| line.address == address(n)).expect("everybody has a line")
}

#[tokio::test]
async fn everybody_stands_in_the_report_exactly_once() {
    let (_world, lines) = eventful().await;
    let told: Vec<_> = lines.iter().map(|line| line.address.clone()).collect();
    let once: BTreeSet<_> = told.iter().cloned().collect();
    assert_eq!((told.len(), once), (PEOPLE, (0..PEOPLE).map(address).collect()));
}

#[tokio::test]
async fn every_id_of_metas_stands_in_exactly_one_line_and_no_line_has_another() {
    let (world, lines) = eventful().await;
    let accepted: BTreeMap<_, _> =
        world.simulator.sends().into_iter().map(|sent| (sent.wamid.clone(), sent)).collect();
    assert_eq!(accepted.len(), PEOPLE - 1, "all but the one that Meta refused");
    let with_id: Vec<_> = lines.iter().filter(|line| line.wamid.is_some()).collect();
    assert_eq!(with_id.len(), accepted.len(), "neither one too few nor one twice");
    for line in with_id {
        let wamid = line.wamid.as_deref().unwrap_or_default();
        let sent = accepted.get(wamid).expect("Meta knows this id");
        assert_eq!(sent.to, line.address, "it is about the same person");
        let attempt = line.attempt.map(whatsapp_core::Attempt::callback_data);
        assert_eq!(sent.callback_data, attempt, "it was the latest try that Meta accepted");
        assert_eq!(sent.status, line.state.as_str(), "however late Meta told it");
    }
    let without: Vec<_> = lines.iter().filter(|line| line.wamid.is_none()).collect();
    assert_eq!(without, [line_of(&lines, REFUSED)]);
}

#[tokio::test]
async fn the_report_counts_attempts_and_names_causes() {
    let (_world, lines) = eventful().await;
    for n in 0..PEOPLE {
        let expected = if n == BUSY { 2 } else { 1 };
        assert_eq!(line_of(&lines, n).attempts, expected, "attempts for person {n}");
    }
    let cause = |n| line_of(&lines, n).error.as_ref().map(|error| error.code.as_str());
    assert_eq!((cause(REFUSED), cause(LOST)), (Some("META_131026"), None));
    assert_eq!(cause(UNDELIVERED), Some("META_131049"));
    let failed: Vec<_> = lines.iter().filter(|line| line.state == SendState::Failed).collect();
    assert_eq!(failed.len(), 2);
}

#[tokio::test]
async fn the_moments_of_a_line_tell_its_way() {
    let (_world, lines) = eventful().await;
    for line in &lines {
        assert_eq!(line.timeline.first().map(|(state, _)| *state), Some(SendState::Queued));
        assert!(line.reached(SendState::Sending) >= line.reached(SendState::Queued), "{line:?}");
        assert!(line.reached(line.state).is_some(), "the final state has its moment: {line:?}");
    }
    assert!(line_of(&lines, LOST).reached(SendState::Ambiguous).is_some(), "it was in doubt");
}

#[tokio::test]
async fn a_report_of_more_than_one_page_is_as_whole_before_a_campaign_is_over() {
    let (mut world, shop) = shop().await;
    let id = draft(&shop, 2_100).await;
    assert!(report(&shop, id).await.is_empty(), "a draft has nobody yet");
    shop.workspace.campaigns().start(id).await.expect("starts");
    while shop.workspace.campaigns().find(id).await.expect("finds").campaign.prepared_at.is_none() {
        world.step().await.expect("steps");
    }
    let lines = report(&shop, id).await;
    let once: BTreeSet<_> = lines.iter().map(|line| line.address.clone()).collect();
    assert_eq!((lines.len(), once.len()), (2_100, 2_100));
    assert!(lines.is_sorted_by_key(|line| line.send), "in the order of their ids");
}

#[tokio::test]
async fn who_may_not_see_campaigns_gets_no_report() {
    let (world, shop) = shop().await;
    let id = draft(&shop, 1).await;
    let scopes = [Permission::ContactsView];
    let made = shop.workspace.api_keys().create("Cash desk", &scopes, None).await;
    let (_, secret) = made.expect("makes a key");
    let holder = world.platform.api_key(secret.expose()).await.expect("is known");
    let stranger = world.platform.workspace(holder.actor);
    assert_eq!(code(stranger.campaigns().report(id, None).await), "PERMISSION_DENIED");
}
