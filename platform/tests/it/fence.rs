//! A database that was restored: it believes that what was sent since its backup still waits. Nothing begins until an
//! operator confirms, and what may have been sent is not sent again by a machine.

use whatsapp_core::campaign::{CampaignRules, LateStart};
use whatsapp_core::conversation::ConversationFilter;
use whatsapp_core::{
    Campaign, CampaignStatus, Content, Conversation, Id, Message, PageRequest, SendState, Span,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::Retry;
use whatsapp_platform::{Backlog, FenceCause};

use crate::rules::{draft, meta, undelivered};
use crate::{code, shop};

const JOAO: &str = "+5511981234567";

/// João has written.
async fn scene() -> (TestPlatform, TestTenant, Id<Conversation>) {
    let (mut world, shop) = shop().await;
    world.customer(JOAO).says("Do you have bread?").await;
    let list = shop.workspace.conversations();
    let page = list.page(ConversationFilter::default(), PageRequest::default()).await;
    let id = page.expect("reads").items.remove(0).conversation.id;
    (world, shop, id)
}

async fn says(shop: &TestTenant, to: Id<Conversation>, text: &str) -> Id<Message> {
    let sent = shop.workspace.messages().send(to, Content::text(text), None, None).await;
    sent.expect("queues").message.id
}

async fn state(shop: &TestTenant, id: Id<Message>) -> Option<SendState> {
    shop.workspace.messages().find(id).await.expect("finds").state()
}

async fn now(shop: &TestTenant, id: Id<Campaign>) -> Campaign {
    shop.workspace.campaigns().find(id).await.expect("finds").campaign
}

async fn fence(world: &TestPlatform) {
    let fence = world.platform.restore().set().await.expect("is set");
    assert_eq!(fence.cause, FenceCause::Operator);
    world.clock.advance(Span::seconds(1));
}

#[tokio::test]
async fn behind_a_fence_nothing_goes_out_or_comes_in_and_one_can_look_and_write() {
    let (mut world, shop, joao) = scene().await;
    let before = says(&shop, joao, "Yes.").await;
    fence(&world).await;
    says(&shop, joao, "Until six.").await;
    world.look_around().await;
    world.settle().await;
    assert!(world.transcript().is_empty(), "nothing goes out");
    assert_eq!(state(&shop, before).await, Some(SendState::Queued), "one can look");
    let troubles = world.platform.troubles().await;
    let checks: Vec<_> = troubles.iter().map(|trouble| trouble.check).collect();
    assert_eq!(checks, ["fence"]);
    assert!(troubles.iter().all(|t| t.why.contains("confirm-restore")), "{troubles:?}");
    world.simulator.write(JOAO, "Hello?").expect("writes");
    world.clock.advance(Span::seconds(1));
    let call = world.simulator.take_webhooks().remove(0);
    let refused = world.platform.deliver(Some(&call.signature), call.body.clone().into()).await;
    assert_eq!(code(refused), "UNAVAILABLE");
    let pending = world.platform.restore().pending().await.expect("counts");
    assert_eq!((pending.lines.queued, pending.sending), (2, 0));
    world.platform.restore().confirm(Backlog::Unconfirmed).await.expect("is confirmed");
    let taken = world.platform.deliver(Some(&call.signature), call.body.into()).await;
    taken.expect("Meta comes again");
    assert!(world.platform.troubles().await.is_empty());
}

#[tokio::test]
async fn what_waited_before_the_fence_is_unconfirmed_and_what_was_written_behind_it_goes_out() {
    let (mut world, shop, joao) = scene().await;
    let before = says(&shop, joao, "Yes.").await;
    fence(&world).await;
    let after = says(&shop, joao, "Until six.").await;
    let done = world.platform.restore().confirm(Backlog::Unconfirmed).await.expect("is confirmed");
    assert_eq!((done.unconfirmed, done.paused, done.put_aside), (1, 0, 0));
    world.settle().await;
    assert_eq!(world.transcript(), [format!("{JOAO} ← Until six.")]);
    assert_eq!(state(&shop, before).await, Some(SendState::Unconfirmed));
    assert!(state(&shop, after).await.is_some_and(|s| s.rank() >= SendState::Accepted.rank()));
    let again = world.platform.restore().confirm(Backlog::Unconfirmed).await;
    assert_eq!(code(again), "NOT_FENCED");
}

#[tokio::test]
async fn where_nothing_ran_since_everything_goes_on_when_the_operator_says_so() {
    let (mut world, shop, joao) = scene().await;
    says(&shop, joao, "Yes.").await;
    let campaign = draft(&shop, 5, CampaignRules::default(), None).await;
    shop.workspace.campaigns().start(campaign).await.expect("starts");
    fence(&world).await;
    world.settle().await;
    assert_eq!(now(&shop, campaign).await.status, CampaignStatus::Preparing);
    world.platform.restore().confirm(Backlog::Send).await.expect("is confirmed");
    world.settle().await;
    assert_eq!(now(&shop, campaign).await.status, CampaignStatus::Completed);
    assert_eq!(world.simulator.sends().len(), 6);
}

#[tokio::test]
async fn campaigns_that_began_or_should_have_are_paused_with_the_reason_whatever_their_rules() {
    let (mut world, shop, _) = scene().await;
    let at = world.platform.env().now() + Span::hours(1);
    let rules = CampaignRules { late_start: LateStart::Start, ..CampaignRules::default() };
    let due = draft(&shop, 3, rules, Some(at)).await;
    let later = draft(&shop, 3, rules, Some(at + Span::hours(5))).await;
    let begun = draft(&shop, 3, CampaignRules::default(), None).await;
    for id in [due, later, begun] {
        shop.workspace.campaigns().start(id).await.expect("starts, or is scheduled");
    }
    fence(&world).await;
    world.clock.advance(Span::hours(2));
    world.settle().await;
    let pending = world.platform.restore().pending().await.expect("counts");
    assert_eq!((pending.preparing, pending.due, pending.scheduled), (1, 1, 1));
    let done = world.platform.restore().confirm(Backlog::Unconfirmed).await.expect("is confirmed");
    assert_eq!(done.paused, 2);
    world.settle().await;
    assert!(world.transcript().is_empty());
    for id in [due, begun] {
        let held = now(&shop, id).await;
        assert_eq!(held.status, CampaignStatus::Paused);
        assert!(held.reason.is_some_and(|reason| reason.contains("restored")));
    }
    assert_eq!(now(&shop, later).await.status, CampaignStatus::Scheduled);
}

#[tokio::test]
async fn a_wish_to_try_people_again_that_may_have_been_done_is_put_aside() {
    let (mut world, shop, _) = scene().await;
    meta(&world, vec![undelivered(131_026, 1)]);
    let id = draft(&shop, 3, CampaignRules::default(), None).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    assert_eq!(now(&shop, id).await.counts.failed, 1);
    let sent = world.simulator.sends().len();
    let failed = Retry { failed: true, ..Retry::default() };
    shop.workspace.campaigns().retry(id, failed.clone()).await.expect("is asked for");
    fence(&world).await;
    let done = world.platform.restore().confirm(Backlog::Unconfirmed).await.expect("is confirmed");
    assert_eq!((done.paused, done.put_aside), (1, 1));
    shop.workspace.campaigns().resume(id).await.expect("goes on");
    world.settle().await;
    assert_eq!(world.simulator.sends().len(), sent, "nobody is tried again by a machine");
    shop.workspace.campaigns().retry(id, failed).await.expect("is asked for again");
    world.settle().await;
    assert_eq!(world.simulator.sends().len(), sent + 1, "a person may");
}
