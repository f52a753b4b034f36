//! What a restored database believes to be waiting.

use whatsapp_core::send::Priority;
use whatsapp_core::{CampaignStatus, SendState};

use super::Outcome;
use super::sends::{request, state, with};
use super::world::{NOW, World, later};
use crate::repo::Waiting;

pub(super) async fn what_waits_is_counted(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, lines) = world.campaign_lines(&shop, CampaignStatus::Sending, 4).await?;
    let direct = world.send(&shop, Priority::Interactive);
    let mut unit = world.write(shop.tenant).await?;
    assert_eq!(unit.doubts().waiting().await?, Waiting { queued: 4, ..Waiting::default() });
    unit.sends().insert(&[direct]).await?;
    let taken = unit.sends().claim(&with(&campaign, request(&shop, 2))).await?;
    let attempts: Vec<_> = taken.iter().map(|line| (line.id, world.attempt())).collect();
    unit.sends().begin(1, &attempts, NOW).await?;
    let waiting = unit.doubts().waiting().await?;
    assert_eq!((waiting.queued, waiting.sending, waiting.ambiguous), (3, 2, 0));
    unit.sends().recover(shop.channel.id, 2, NOW).await?;
    let waiting = unit.doubts().waiting().await?;
    assert_eq!((waiting.queued, waiting.sending, waiting.ambiguous), (3, 0, 2));
    assert_eq!(lines.len(), 4);
    Ok(())
}

pub(super) async fn what_waited_before_a_moment_is_doubted_in_steps(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, lines) = world.campaign_lines(&shop, CampaignStatus::Paused, 4).await?;
    let old = world.send(&shop, Priority::Interactive);
    let mut young = world.send(&shop, Priority::Interactive);
    young.updated_at = later(11);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&[old.clone(), young.clone()]).await?;
    let mut doubted = Vec::new();
    loop {
        let moved = unit.doubts().doubt(later(10), 2, later(20)).await?;
        if moved.is_empty() {
            break;
        }
        assert!(moved.len() <= 2, "more than asked for");
        doubted.extend(moved);
    }
    assert!(doubted.iter().all(|m| (m.from, m.to) == (SendState::Queued, SendState::Unconfirmed)));
    let of_campaign = doubted.iter().filter(|m| m.campaign == Some(campaign.id)).count();
    assert_eq!((doubted.len(), of_campaign), (lines.len() + 1, lines.len()));
    assert_eq!(state(&mut unit, young.id).await?, SendState::Queued, "queued since: it waits");
    let found = unit.sends().many(&[old.id]).await?.pop();
    let (last, updated) =
        found.map(|line| (line.timeline.last().copied(), line.updated_at)).unzip();
    assert_eq!(last.flatten(), Some((SendState::Unconfirmed, later(20))), "the timeline says so");
    assert_eq!(updated, Some(later(20)));
    Ok(())
}

pub(super) async fn what_was_begun_is_not_doubted_behind_its_statuses(
    world: &World<'_>,
) -> Outcome {
    let shop = world.shop().await?;
    let line = world.send(&shop, Priority::Interactive);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&line)).await?;
    unit.sends().begin(1, &[(line.id, world.attempt())], NOW).await?;
    assert!(unit.doubts().doubt(later(10), 9, later(20)).await?.is_empty());
    assert_eq!(state(&mut unit, line.id).await?, SendState::Sending);
    Ok(())
}
