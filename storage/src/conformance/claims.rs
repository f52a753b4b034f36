//! Who is taken from the ledger before whom, and who must wait.

use whatsapp_core::send::Priority;
use whatsapp_core::{CampaignStatus, Counts, SendState};

use super::Outcome;
use super::sends::{ids, request, state, take, with};
use super::world::{NOW, World, later};
use crate::repo::{ClaimRequest, Unclaim};

pub(super) async fn room_is_kept_for_whom_somebody_waits_for(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, _) = world.campaign_lines(&shop, CampaignStatus::Sending, 9).await?;
    let flows: Vec<_> = (0..3).map(|_| world.send(&shop, Priority::Automation)).collect();
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&flows).await?;
    let full = ClaimRequest { lower: 0, ..with(&campaign, request(&shop, 9)) };
    assert!(take(world, &mut unit, (&full, 1)).await?.is_empty(), "the room for others was taken");
    let urgent =
        [world.send(&shop, Priority::Interactive), world.send(&shop, Priority::Transactional)];
    unit.sends().insert(&urgent).await?;
    assert_eq!(ids(&take(world, &mut unit, (&full, 1)).await?), ids(&urgent));
    let some = ClaimRequest { lower: 5, bulk: 9, ..with(&campaign, request(&shop, 9)) };
    let taken = take(world, &mut unit, (&some, 1)).await?;
    let of_campaign = taken.iter().filter(|line| line.campaign.is_some()).count();
    assert_eq!(
        (taken.len(), of_campaign),
        (5, 2),
        "flows before campaigns, both within their part"
    );
    let few = ClaimRequest { bulk: 1, ..with(&campaign, request(&shop, 9)) };
    assert_eq!(take(world, &mut unit, (&few, 1)).await?.len(), 1, "campaigns within theirs");
    Ok(())
}

pub(super) async fn campaigns_take_turns(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (first, _) = world.campaign_lines(&shop, CampaignStatus::Sending, 9).await?;
    let (second, _) = world.campaign_lines(&shop, CampaignStatus::Sending, 9).await?;
    let mut unit = world.write(shop.tenant).await?;
    let both = with(&second, with(&first, request(&shop, 5)));
    let taken = take(world, &mut unit, (&both, 1)).await?;
    let of = |id| taken.iter().filter(|line| line.campaign == Some(id)).count();
    assert_eq!((of(first.id), of(second.id)), (3, 2), "the one named first has the first turn");
    let mut own = request(&shop, 9);
    own.campaigns = vec![(second.id, 1), (first.id, 9)];
    let taken = take(world, &mut unit, (&own, 1)).await?;
    let of = |id| taken.iter().filter(|line| line.campaign == Some(id)).count();
    assert_eq!((of(first.id), of(second.id)), (6, 1), "nobody gets more than his own most");
    Ok(())
}

pub(super) async fn a_person_gets_one_line_at_a_time(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut lines: Vec<_> = (0..3).map(|_| world.send(&shop, Priority::Interactive)).collect();
    let address = world.phone().to_string();
    for line in lines.iter_mut().take(2) {
        line.address.clone_from(&address);
    }
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&lines).await?;
    let taken = unit.sends().claim(&request(&shop, 9)).await?;
    let theirs: Vec<_> = taken.iter().filter(|line| line.address == address).collect();
    assert_eq!((taken.len(), theirs.len()), (2, 1));
    let first = lines.iter().filter(|line| line.address == address).map(|line| line.id).min();
    assert_eq!(theirs.first().map(|line| line.id), first, "the older one");
    Ok(())
}

pub(super) async fn whom_nothing_may_reach_waits_in_every_lane(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, lines) = world.campaign_lines(&shop, CampaignStatus::Sending, 2).await?;
    let urgent = world.send(&shop, Priority::Interactive);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&urgent)).await?;
    let mut held: Vec<_> = lines.iter().take(1).map(|line| line.address.clone()).collect();
    held.push(urgent.address.clone());
    let wanted = ClaimRequest { held, ..with(&campaign, request(&shop, 9)) };
    let taken = take(world, &mut unit, (&wanted, 1)).await?;
    assert_eq!(ids(&taken), ids(&lines).split_off(1));
    let all = with(&campaign, request(&shop, 9));
    assert_eq!(unit.sends().claim(&all).await?.len(), 2, "the others when they may");
    Ok(())
}

pub(super) async fn what_was_sent_back_is_known_to_a_new_holder(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let lines =
        [world.send(&shop, Priority::Interactive), world.send(&shop, Priority::Interactive)];
    let [back, mut later_on] = lines;
    later_on.not_before = later(90);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&[back.clone(), later_on]).await?;
    unit.sends().begin(1, &[(back.id, world.attempt())], NOW).await?;
    assert!(unit.sends().returned(shop.channel.id, NOW).await?.is_empty(), "it is under way");
    unit.sends().recover(shop.channel.id, 2, NOW).await?;
    assert_eq!(state(&mut unit, back.id).await?, SendState::Ambiguous);
    let mut again = world.send(&shop, Priority::Interactive);
    again.attempts = 1;
    unit.sends().insert(std::slice::from_ref(&again)).await?;
    unit.sends().unclaim(&[(again.id, Unclaim::Requeue(later(30)))], NOW).await?;
    let back = unit.sends().returned(shop.channel.id, NOW).await?;
    assert_eq!(back, vec![(again.address, later(30))], "what was never tried is not among them");
    assert!(
        unit.sends().returned(shop.channel.id, later(30)).await?.is_empty(),
        "it waits no more"
    );
    Ok(())
}

pub(super) async fn codes_are_given_up_sooner(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (mut code, mut plain) =
        (world.send(&shop, Priority::Transactional), world.send(&shop, Priority::Transactional));
    for line in [&mut code, &mut plain] {
        (line.state, line.updated_at) = (SendState::Ambiguous, later(10));
    }
    code.is_code = true;
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&[code.clone(), plain.clone()]).await?;
    let moved = unit.sends().give_up(shop.channel.id, later(5), later(11), later(20)).await?;
    assert_eq!(moved.iter().map(|line| line.id).collect::<Vec<_>>(), vec![code.id]);
    assert_eq!(state(&mut unit, plain.id).await?, SendState::Ambiguous);
    Ok(())
}

pub(super) async fn only_running_campaigns_with_somebody_left_run(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (running, _) = world.campaign_lines(&shop, CampaignStatus::Sending, 1).await?;
    world.campaign_lines(&shop, CampaignStatus::Paused, 1).await?;
    let mut unit = world.write(shop.tenant).await?;
    let nobody = unit.campaigns().running(shop.channel.id).await?;
    assert!(nobody.is_empty(), "by its kept counts nobody waits");
    let somebody = Counts { waiting: 1, ..Counts::default() };
    unit.campaigns().add_counts(running.id, &somebody).await?;
    let found = unit.campaigns().running(shop.channel.id).await?;
    assert_eq!(found.iter().map(|r| (r.id, r.rate)).collect::<Vec<_>>(), [(running.id, Some(10))]);
    assert!(unit.campaigns().running(world.env.id()).await?.is_empty(), "another number's");
    Ok(())
}
