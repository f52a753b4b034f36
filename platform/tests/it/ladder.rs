//! The ladder of a campaign: who is held back waits, is tried by the other way, gets the fall-back, is given up.

use whatsapp_cloud::TemplateAdminApi as _;
use whatsapp_cloud::simulator::{Fault, Route as Edge, Rule};
use whatsapp_cloud::template::{Body, TemplateDraft};
use whatsapp_core::campaign::{CampaignRules, GaveUp, Route};
use whatsapp_core::template::Category;
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Content, Id, PageRequest, Phone, ReportLine, SendState,
    Span, Template, Variables,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::{ContactPatch, NewCampaign, RecipientView};

use crate::rules::meta;
use crate::{code, shop};

const HELD: &str = "META_131049";

fn ana() -> Phone {
    "+5511900000001".parse().expect("valid")
}

/// Approved templates of both kinds that need the same values, and no file.
async fn templates(world: &mut TestPlatform, shop: &TestTenant) -> (Template, Template) {
    let access = world.simulator.access(0).expect("has a number");
    for draft in [
        TemplateDraft::marketing("ladder_sale", "en_US").body(Body::new("Half price today.")),
        TemplateDraft::utility("ladder_news", "en_US").body(Body::new("There is news for you.")),
    ] {
        world.simulator.create_template(&access, &draft).await.expect("is written");
    }
    // Meta looks at them, and prepares them for its marketing API.
    for _ in 0..4 {
        world.clock.advance(Span::hours(24));
        world.settle().await;
    }
    let page = PageRequest::first(200);
    let all = shop.workspace.templates().page(Default::default(), page).await.expect("reads").items;
    let channel = all.first().expect("has templates").channel;
    shop.workspace.templates().sync(channel).await.expect("reads");
    let page = PageRequest::first(200);
    let all = shop.workspace.templates().page(Default::default(), page).await.expect("reads").items;
    let named = |name: &str| all.iter().find(|t| t.name == name).cloned().expect("is there");
    let (sale, news) = (named("ladder_sale"), named("ladder_news"));
    assert!(sale.may_send().is_ok() && news.may_send().is_ok(), "both are approved");
    assert_eq!((sale.category, news.category), (Category::Marketing, Category::Utility));
    (sale, news)
}

fn to_ana(template: &Template, rules: CampaignRules) -> NewCampaign {
    NewCampaign {
        name: "Autumn".into(),
        template: template.id,
        audience: Audience { phones: vec![ana()], ..Audience::default() },
        variables: Variables::default(),
        rate: None,
        rules,
        scheduled_at: None,
    }
}

fn whole(fallback: &Template) -> CampaignRules {
    CampaignRules {
        hold_back_tries: 2,
        marketing_messages: true,
        fallback_template: Some(fallback.id),
        ..CampaignRules::default()
    }
}

/// A campaign to Ana that has begun.
async fn begun(shop: &TestTenant, template: &Template, rules: CampaignRules) -> Id<Campaign> {
    let campaigns = shop.workspace.campaigns();
    let id = campaigns.create(to_ana(template, rules), None).await.expect("is drafted").campaign.id;
    campaigns.start(id).await.expect("starts");
    id
}

/// Meta holds Ana back so often.
fn hold_back(world: &TestPlatform, times: u64) {
    let rule = Rule::new(Fault::Fail { code: 131_049 }).on(Edge::Messages);
    meta(world, vec![rule.at_most(times)]);
}

async fn days(world: &mut TestPlatform, days: i64) {
    world.settle().await;
    for _ in 0..days {
        world.clock.advance(Span::hours(25));
        world.settle().await;
    }
}

async fn line(shop: &TestTenant, id: Id<Campaign>) -> ReportLine {
    shop.workspace.campaigns().report(id, None).await.expect("reads").remove(0)
}

async fn person(shop: &TestTenant, id: Id<Campaign>) -> RecipientView {
    let page = PageRequest::first(10);
    let page = shop.workspace.campaigns().recipients(id, None, None, page).await;
    page.expect("reads").items.remove(0)
}

/// What Meta accepted, in order.
fn accepted(world: &TestPlatform) -> Vec<String> {
    world.simulator.sends().into_iter().filter_map(|sent| sent.template).collect()
}

#[tokio::test]
async fn who_is_held_back_waits_goes_the_other_way_gets_the_fallback_and_is_given_up() {
    let (mut world, shop) = shop().await;
    let (sale, news) = templates(&mut world, &shop).await;
    let rules = whole(&news);
    hold_back(&world, 100);
    let id = begun(&shop, &sale, rules).await;
    world.settle().await;
    assert_eq!(accepted(&world), ["ladder_sale"], "first it waits");
    days(&mut world, 4).await;
    assert_eq!(
        accepted(&world),
        ["ladder_sale", "ladder_sale", "ladder_sale", "ladder_sale", "ladder_news"]
    );
    let ended = line(&shop, id).await;
    let ways: Vec<_> = ended.earlier_by_route(&rules).map(|(route, _)| route).collect();
    assert_eq!(ways, [Route::Usual, Route::Usual, Route::Usual, Route::Marketing]);
    assert_eq!((ended.state, ended.route(&rules)), (SendState::Failed, Route::Fallback));
    assert_eq!(ended.gave_up(&rules), Some(GaveUp::Tried));
    let seen = person(&shop, id).await;
    assert_eq!((seen.route, seen.gave_up), (Route::Fallback, Some(GaveUp::Tried)));
    let done = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    assert_eq!((done.status, done.counts.failed), (CampaignStatus::Completed, 1));
}

#[tokio::test]
async fn who_is_reached_by_the_other_way_gets_nothing_more() {
    let (mut world, shop) = shop().await;
    let (sale, news) = templates(&mut world, &shop).await;
    let rules = CampaignRules { hold_back_tries: 0, ..whole(&news) };
    hold_back(&world, 1);
    let id = begun(&shop, &sale, rules).await;
    days(&mut world, 3).await;
    assert_eq!(accepted(&world), ["ladder_sale", "ladder_sale"]);
    let seen = person(&shop, id).await;
    assert_eq!((seen.route, seen.gave_up), (Route::Marketing, None));
    assert!(matches!(seen.recipient.state, SendState::Delivered | SendState::Read));
}

#[tokio::test]
async fn the_thread_shows_the_fallback_that_was_sent() {
    let (mut world, shop) = shop().await;
    let (sale, news) = templates(&mut world, &shop).await;
    let rules = CampaignRules { fallback_template: Some(news.id), ..CampaignRules::default() };
    hold_back(&world, 1);
    let id = begun(&shop, &sale, rules).await;
    days(&mut world, 1).await;
    assert_eq!(accepted(&world), ["ladder_sale", "ladder_news"]);
    let thread = person(&shop, id).await.recipient.conversation.expect("is in a thread");
    let page = PageRequest::first(10);
    let said = shop.workspace.messages().timeline(thread, page).await.expect("reads").items;
    let [only] = &said[..] else { panic!("one message: {said:?}") };
    let Content::Template(content) = &only.message.content else { panic!("a template") };
    assert_eq!((content.template, content.body.as_str()), (news.id, "There is news for you."));
}

#[tokio::test]
async fn where_marketing_is_off_the_other_way_is_taken_at_once_and_nothing_is_paused() {
    let (mut world, shop) = shop().await;
    let (sale, _) = templates(&mut world, &shop).await;
    let off = Rule::new(Fault::refuse(131_063)).on(Edge::Messages);
    meta(&world, vec![off.clone().at_most(1)]);
    let rules = CampaignRules { marketing_messages: true, ..CampaignRules::default() };
    let id = begun(&shop, &sale, rules).await;
    world.settle().await;
    assert_eq!(accepted(&world), ["ladder_sale"]);
    let done = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    assert_eq!(done.status, CampaignStatus::Completed);
    assert_eq!(person(&shop, id).await.route, Route::Marketing);
    // Without that rule the campaign waits for a person.
    meta(&world, vec![off.at_most(1)]);
    let id = begun(&shop, &sale, CampaignRules::default()).await;
    world.settle().await;
    let held = shop.workspace.campaigns().find(id).await.expect("finds").campaign;
    assert_eq!(held.counts.failed, 1);
    assert_eq!(accepted(&world).len(), 1);
}

#[tokio::test]
async fn an_opt_out_in_between_ends_it_on_the_way_to_the_fallback_too() {
    let (mut world, shop) = shop().await;
    let (sale, news) = templates(&mut world, &shop).await;
    let rules = CampaignRules { marketing_messages: false, ..whole(&news) };
    hold_back(&world, 100);
    let id = begun(&shop, &sale, rules).await;
    days(&mut world, 1).await;
    let contact = person(&shop, id).await.recipient.contact;
    let refuse = ContactPatch { opted_out: Some(true), ..ContactPatch::default() };
    shop.workspace.contacts().update(contact, refuse).await.expect("is noted");
    days(&mut world, 4).await;
    let ended = line(&shop, id).await;
    assert_eq!(ended.state, SendState::Skipped);
    assert_eq!(ended.error.map(|e| e.code).as_deref(), Some("OPTED_OUT"));
    assert!(!accepted(&world).contains(&"ladder_news".to_owned()));
}

#[tokio::test]
async fn the_deadline_ends_it_on_every_step() {
    let (mut world, shop) = shop().await;
    let (sale, news) = templates(&mut world, &shop).await;
    let deadline = Some(world.platform.env().now() + Span::hours(36));
    let rules = CampaignRules { deadline, ..whole(&news) };
    hold_back(&world, 100);
    let id = begun(&shop, &sale, rules).await;
    days(&mut world, 4).await;
    assert_eq!(accepted(&world), ["ladder_sale", "ladder_sale"]);
    let ended = line(&shop, id).await;
    assert_eq!(ended.error.as_ref().map(|e| e.code.as_str()), Some(HELD));
    assert_eq!(ended.gave_up(&rules), Some(GaveUp::Over));
}

#[tokio::test]
async fn a_fallback_that_meta_made_marketing_since_is_not_sent() {
    let (mut world, shop) = shop().await;
    let (sale, news) = templates(&mut world, &shop).await;
    hold_back(&world, 100);
    let id = begun(&shop, &sale, CampaignRules { marketing_messages: false, ..whole(&news) }).await;
    world.settle().await;
    let decision = serde_json::json!({"category": "MARKETING"});
    world.simulator.decide_template(&news.meta_id, decision).expect("Meta decides");
    world.settle().await;
    shop.workspace.templates().sync(sale.channel).await.expect("reads");
    days(&mut world, 4).await;
    let ended = line(&shop, id).await;
    assert_eq!(ended.state, SendState::Skipped);
    assert_eq!(ended.error.map(|e| e.code).as_deref(), Some("CAMPAIGN_FALLBACK"));
    assert!(!accepted(&world).contains(&"ladder_news".to_owned()));
}

#[tokio::test]
async fn ways_that_do_not_fit_are_refused_when_they_are_chosen() {
    let (mut world, shop) = shop().await;
    let (sale, news) = templates(&mut world, &shop).await;
    let campaigns = shop.workspace.campaigns();
    let with = |template: &Template, rules| to_ana(template, rules);
    let other = CampaignRules { marketing_messages: true, ..CampaignRules::default() };
    assert_eq!(code(campaigns.create(with(&news, other), None).await), "CAMPAIGN_RULES");
    let itself = CampaignRules { fallback_template: Some(sale.id), ..CampaignRules::default() };
    assert_eq!(code(campaigns.create(with(&sale, itself), None).await), "CAMPAIGN_FALLBACK");
    let gone = CampaignRules {
        fallback_template: Some(Id::from_uuid(uuid::Uuid::from_u128(7))),
        ..CampaignRules::default()
    };
    assert_eq!(code(campaigns.create(with(&sale, gone), None).await), "CAMPAIGN_FALLBACK");
}
