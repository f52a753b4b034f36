//! Tries that were followed by another one.

use whatsapp_core::send::{Attempt, SendError};
use whatsapp_core::{Campaign, CampaignStatus, DeliveryStatus, Id, PageRequest, Send, SendState};

use super::Outcome;
use super::sends::{request, state, with};
use super::world::{NOW, Shop, World, later};
use crate::repo::{AttemptRef, Learnt, Lesson, Wanted};
use crate::{StorageError, TenantTx};

fn error(code: &str) -> SendError {
    SendError { code: code.to_owned(), message: "it did not arrive".to_owned() }
}

fn told(of: Attempt, status: DeliveryStatus, code: Option<&str>) -> Learnt {
    let wamid = Some(format!("wamid.{}", of.callback_data()));
    Learnt {
        of: AttemptRef::Attempt(of),
        what: Lesson::Status { status, wamid, error: code.map(error) },
        at: later(5),
    }
}

/// So many lines of a campaign that is being sent, each with its first attempt begun.
async fn begun(
    world: &World<'_>,
    shop: &Shop,
    n: usize,
) -> Result<(Box<dyn TenantTx>, Campaign, Vec<(Id<Send>, Attempt)>), StorageError> {
    let (campaign, lines) = world.campaign_lines(shop, CampaignStatus::Sending, n).await?;
    let mut unit = world.write(shop.tenant).await?;
    let attempts: Vec<_> = lines.iter().map(|line| (line.id, world.attempt())).collect();
    unit.sends().begin(1, &attempts, NOW).await?;
    Ok((unit, campaign, attempts))
}

async fn learn(unit: &mut Box<dyn TenantTx>, shop: &Shop, what: &[Learnt]) -> Outcome {
    unit.sends().learn(shop.channel.id, what, later(6)).await.map(drop)
}

pub(super) async fn a_try_that_was_not_accepted_is_remembered(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (mut unit, campaign, lines) = begun(world, &shop, 2).await?;
    let [(id, attempt), (other, _)] = lines[..] else { return Err(StorageError::corrupt("two")) };
    let what = Lesson::NotAccepted { not_before: later(60), error: error("META_130429") };
    learn(&mut unit, &shop, &[Learnt { of: AttemptRef::Attempt(attempt), what, at: NOW }]).await?;
    let past = unit.attempts().past(&[id, other]).await?;
    let seen: Vec<_> = past.into_iter().map(|p| (p.send, p.attempt, p.state, p.error)).collect();
    assert_eq!(seen, vec![(id, attempt, SendState::Failed, Some(error("META_130429")))]);
    let report = unit.recipients().page(campaign.id, None, None, &PageRequest::default()).await?;
    assert_eq!(report.items.len(), 2, "everybody is still there");
    Ok(())
}

pub(super) async fn only_what_failed_or_is_unconfirmed_is_sent_again(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (mut unit, _, lines) = begun(world, &shop, 4).await?;
    let ids: Vec<_> = lines.iter().map(|(id, _)| *id).collect();
    let [(failed, first), (lost, second), (arrived, third), (open, _)] = lines[..] else {
        return Err(StorageError::corrupt("four"));
    };
    let outcomes = [
        told(first, DeliveryStatus::Failed, Some("META_131049")),
        told(third, DeliveryStatus::Delivered, None),
    ];
    learn(&mut unit, &shop, &outcomes).await?;
    let doubt = Learnt { of: AttemptRef::Attempt(second), what: Lesson::Doubtful, at: NOW };
    learn(&mut unit, &shop, &[doubt]).await?;
    unit.sends().give_up(shop.channel.id, later(100), later(100), later(100)).await?;
    let again: Vec<_> = ids.iter().map(|id| (*id, later(200))).collect();
    let moved = unit.attempts().again(&again, later(100)).await?;
    let mut steps: Vec<_> = moved.iter().map(|m| (m.id, m.from, m.to)).collect();
    steps.sort_unstable_by_key(|(id, ..)| *id);
    let mut expected = vec![
        (failed, SendState::Failed, SendState::Queued),
        (lost, SendState::Unconfirmed, SendState::Queued),
    ];
    expected.sort_unstable_by_key(|(id, ..)| *id);
    assert_eq!(steps, expected);
    assert_eq!(state(&mut unit, arrived).await?, SendState::Delivered);
    assert_eq!(state(&mut unit, open).await?, SendState::Sending);
    let line = unit.sends().many(&[failed]).await?.pop();
    let line = line.ok_or_else(|| StorageError::corrupt("send"))?;
    assert_eq!((line.attempt, line.wamid, line.error), (None, None, None), "it begins anew");
    assert_eq!((line.not_before, line.attempts), (later(200), 1));
    let past = unit.attempts().past(&[failed]).await?;
    let wamid = Some(format!("wamid.{}", first.callback_data()));
    assert_eq!(past.into_iter().map(|p| (p.attempt, p.wamid)).next(), Some((first, wamid)));
    Ok(())
}

pub(super) async fn whom_to_try_again_is_chosen_by_state_cause_and_time(
    world: &World<'_>,
) -> Outcome {
    let shop = world.shop().await?;
    let (mut unit, campaign, lines) = begun(world, &shop, 3).await?;
    let [(held, first), (gone, second), (lost, third)] = lines[..] else {
        return Err(StorageError::corrupt("three"));
    };
    let outcomes = [
        told(first, DeliveryStatus::Failed, Some("META_131049")),
        told(second, DeliveryStatus::Failed, Some("META_131026")),
        Learnt { of: AttemptRef::Attempt(third), what: Lesson::Doubtful, at: NOW },
    ];
    learn(&mut unit, &shop, &outcomes).await?;
    unit.sends().give_up(shop.channel.id, later(100), later(100), later(7)).await?;
    let (failed, unconfirmed) = (vec![SendState::Failed], vec![SendState::Unconfirmed]);
    let one = Some(vec!["META_131049".to_owned()]);
    let mut all = vec![held, gone];
    all.sort_unstable();
    for (states, codes, until, expected) in [
        (failed.clone(), None, later(10), all),
        (failed.clone(), one.clone(), later(10), vec![held]),
        (unconfirmed.clone(), one, later(10), vec![lost]),
        (failed.clone(), None, later(5), Vec::new()),
        (vec![SendState::Delivered], None, later(10), Vec::new()),
    ] {
        let wanted = Wanted { states, codes, until };
        assert_eq!(unit.attempts().wanted(campaign.id, &wanted, 10).await?, expected, "{wanted:?}");
    }
    let wanted = Wanted { states: failed, codes: None, until: later(10) };
    assert_eq!(unit.attempts().wanted(campaign.id, &wanted, 1).await?.len(), 1, "in steps");
    unit.commit().await?;
    let other = world.shop().await?;
    let mut unit = world.write(other.tenant).await?;
    assert!(unit.attempts().wanted(campaign.id, &wanted, 10).await?.is_empty(), "another tenant's");
    assert!(unit.attempts().again(&[(held, NOW)], NOW).await?.is_empty(), "another tenant's");
    Ok(())
}

pub(super) async fn what_arrived_after_all_is_not_sent_again(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (mut unit, campaign, lines) = begun(world, &shop, 1).await?;
    let [(id, attempt)] = lines[..] else { return Err(StorageError::corrupt("one")) };
    unit.sends().recover(shop.channel.id, 2, later(1)).await?;
    unit.sends().give_up(shop.channel.id, later(100), later(100), later(100)).await?;
    unit.attempts().again(&[(id, later(100))], later(100)).await?;
    assert_eq!(state(&mut unit, id).await?, SendState::Queued);
    // Twice in one batch, as webhooks come.
    let late =
        [told(attempt, DeliveryStatus::Sent, None), told(attempt, DeliveryStatus::Delivered, None)];
    let moved = unit.sends().learn(shop.channel.id, &late, later(101)).await?;
    let steps: Vec<_> = moved.iter().map(|m| (m.from, m.to)).collect();
    assert_eq!(steps, vec![(SendState::Queued, SendState::Delivered)]);
    let mut again = with(&campaign, request(&shop, 10));
    again.now = later(200);
    assert!(unit.sends().claim(&again).await?.is_empty(), "it is not sent again");
    assert!(unit.attempts().past(&[id]).await?.is_empty(), "there is one try after all");
    let line = unit.sends().many(&[id]).await?.pop();
    assert_eq!(line.and_then(|line| line.attempt), Some(attempt));
    Ok(())
}

pub(super) async fn what_meta_refused_for_a_time_and_accepted_all_the_same_is_not_sent_again(
    world: &World<'_>,
) -> Outcome {
    let shop = world.shop().await?;
    let (mut unit, campaign, lines) = begun(world, &shop, 1).await?;
    let [(_, attempt)] = lines[..] else { return Err(StorageError::corrupt("one")) };
    let error = SendError { code: "META_131000".into(), message: "went wrong".into() };
    let what = Lesson::NotAccepted { not_before: NOW, error };
    let refused = Learnt { of: AttemptRef::Attempt(attempt), what, at: NOW };
    learn(&mut unit, &shop, &[refused]).await?;
    let again = with(&campaign, request(&shop, 10));
    assert_eq!(unit.sends().claim(&again).await?.len(), 1, "it waits for its next try");
    let sent = [told(attempt, DeliveryStatus::Sent, None)];
    let moved = unit.sends().learn(shop.channel.id, &sent, later(1)).await?;
    let steps: Vec<_> = moved.iter().map(|m| (m.from, m.to)).collect();
    assert_eq!(steps, vec![(SendState::Queued, SendState::Sent)]);
    assert!(unit.sends().claim(&again).await?.is_empty(), "it is sent a second time");
    Ok(())
}

pub(super) async fn what_becomes_of_an_earlier_try_is_noted(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (mut unit, _, lines) = begun(world, &shop, 1).await?;
    let [(id, first)] = lines[..] else { return Err(StorageError::corrupt("one")) };
    unit.sends().recover(shop.channel.id, 2, later(1)).await?;
    unit.sends().give_up(shop.channel.id, later(100), later(100), later(100)).await?;
    unit.attempts().again(&[(id, NOW)], later(100)).await?;
    let second = world.attempt();
    unit.sends().begin(3, &[(id, second)], later(101)).await?;
    let late = [told(first, DeliveryStatus::Delivered, None)];
    assert!(unit.sends().learn(shop.channel.id, &late, later(102)).await?.is_empty());
    assert_eq!(state(&mut unit, id).await?, SendState::Sending, "the new try goes its own way");
    let past = unit.attempts().past(&[id]).await?;
    let seen: Vec<_> = past.into_iter().map(|p| (p.attempt, p.state)).collect();
    assert_eq!(seen, vec![(first, SendState::Delivered)], "two arrived, and the history says so");
    Ok(())
}
