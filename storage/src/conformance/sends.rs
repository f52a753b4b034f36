//! The ledger: taking, beginning, giving back, recovering.

use whatsapp_core::send::{Priority, SendError};
use whatsapp_core::{Campaign, CampaignStatus, Counts, DeliveryStatus, Id, Send, SendState};

use super::Outcome;
use super::world::{NOW, Shop, World, later};
use crate::repo::{AttemptRef, ClaimRequest, Learnt, Lesson, Unclaim};
use crate::{StorageError, TenantTx};

pub(super) fn request(shop: &Shop, limit: u32) -> ClaimRequest {
    ClaimRequest {
        channel: shop.channel.id,
        now: NOW,
        limit,
        lower: limit,
        bulk: limit,
        campaigns: Vec::new(),
        held: Vec::new(),
    }
}

/// The same, with all lines of a campaign.
pub(super) fn with(campaign: &Campaign, request: ClaimRequest) -> ClaimRequest {
    let mut request = request;
    request.campaigns.push((campaign.id, u32::MAX));
    request
}

pub(super) async fn state(
    unit: &mut Box<dyn TenantTx>,
    id: Id<Send>,
) -> Result<SendState, StorageError> {
    let found = unit.sends().many(&[id]).await?.pop();
    found.map(|send| send.state).ok_or_else(|| StorageError::corrupt("send"))
}

/// Claims, and begins what was claimed under the epoch.
pub(super) async fn take(
    world: &World<'_>,
    unit: &mut Box<dyn TenantTx>,
    (wanted, epoch): (&ClaimRequest, i64),
) -> Result<Vec<Send>, StorageError> {
    let claimed = unit.sends().claim(wanted).await?;
    let attempts: Vec<_> = claimed.iter().map(|line| (line.id, world.attempt())).collect();
    let begun = unit.sends().begin(epoch, &attempts, NOW).await?;
    Ok(claimed.into_iter().filter(|line| begun.contains(&line.id)).collect())
}

pub(super) fn ids(sends: &[Send]) -> Vec<Id<Send>> {
    sends.iter().map(|send| send.id).collect()
}

pub(super) async fn lines_are_read_back_as_they_were_kept(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (plain, mut full) =
        (world.send(&shop, Priority::Interactive), world.send(&shop, Priority::Campaign));
    full.campaign = Some(world.env.id());
    full.attempt = Some(world.attempt());
    full.attempts = 2;
    full.wamid = Some("wamid.x".to_owned());
    full.state = SendState::Failed;
    full.error = Some(SendError { code: "META_131026".to_owned(), message: "no\"t".to_owned() });
    full.timeline.push((SendState::Failed, later(1)));
    full.epoch = 7;
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&[plain.clone(), full.clone()]).await?;
    unit.sends().insert(&[]).await?;
    let mut found = unit.sends().many(&[plain.id, full.id, world.env.id()]).await?;
    found.sort_by_key(|send| send.priority.rank());
    assert_eq!(found, vec![plain, full]);
    Ok(())
}

pub(super) async fn the_best_priority_is_claimed_first(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut lines: Vec<_> = [Priority::Automation, Priority::Interactive, Priority::Transactional]
        .into_iter()
        .flat_map(|priority| [world.send(&shop, priority), world.send(&shop, priority)])
        .collect();
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&lines).await?;
    lines.sort_by_key(|line| (line.priority.rank(), line.id));
    let first = take(world, &mut unit, (&request(&shop, 3), 1)).await?;
    let rest = take(world, &mut unit, (&request(&shop, 100), 1)).await?;
    let taken: Vec<_> = first.iter().chain(&rest).map(|line| line.id).collect();
    assert_eq!(first.len(), 3, "at most as many as asked for");
    assert_eq!(taken, ids(&lines), "best priority first, then oldest");
    assert!(first.iter().all(|line| line.state == SendState::Queued), "a claim moves nothing");
    Ok(())
}

pub(super) async fn a_line_is_claimed_once(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let line = world.send(&shop, Priority::Interactive);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&line)).await?;
    unit.commit().await?;
    let mut unit = world.write(shop.tenant).await?;
    assert_eq!(ids(&take(world, &mut unit, (&request(&shop, 9), 1)).await?), vec![line.id]);
    drop(unit);
    // A dropped unit lets go at once or, over a network, soon: until then its lines are passed over.
    let mut again = Vec::new();
    for _ in 0..1_000 {
        let mut unit = world.write(shop.tenant).await?;
        again = take(world, &mut unit, (&request(&shop, 9), 1)).await?;
        unit.commit().await?;
        if !again.is_empty() {
            break;
        }
    }
    assert_eq!(ids(&again), vec![line.id], "a claim that was not committed holds nothing");
    let mut unit = world.write(shop.tenant).await?;
    assert!(unit.sends().claim(&request(&shop, 9)).await?.is_empty(), "claimed twice");
    Ok(())
}

pub(super) async fn lines_that_must_wait_stay(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut line = world.send(&shop, Priority::Interactive);
    line.not_before = later(10);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&line)).await?;
    let mut wanted = request(&shop, 9);
    assert!(unit.sends().claim(&wanted).await?.is_empty());
    wanted.now = later(10);
    wanted.channel = world.env.id();
    assert!(unit.sends().claim(&wanted).await?.is_empty(), "another channel's line");
    wanted.channel = shop.channel.id;
    assert_eq!(unit.sends().claim(&wanted).await?.len(), 1);
    Ok(())
}

pub(super) async fn campaign_lines_go_only_while_sending(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (mut campaign, lines) = world.campaign_lines(&shop, CampaignStatus::Preparing, 3).await?;
    let mut unit = world.write(shop.tenant).await?;
    for status in [CampaignStatus::Preparing, CampaignStatus::Paused, CampaignStatus::Cancelled] {
        let seen = campaign.revision;
        campaign.status = status;
        campaign.revision += 1;
        assert!(unit.campaigns().update(&campaign, seen).await?);
        let taken = unit.sends().claim(&with(&campaign, request(&shop, 9))).await?;
        assert!(taken.is_empty(), "taken while {status:?}");
    }
    let seen = campaign.revision;
    campaign.status = CampaignStatus::Sending;
    campaign.revision += 1;
    unit.campaigns().update(&campaign, seen).await?;
    let without = request(&shop, 9);
    assert!(unit.sends().claim(&without).await?.is_empty(), "campaigns were not asked for");
    let wanted = with(&campaign, without);
    assert_eq!(ids(&unit.sends().claim(&wanted).await?), ids(&lines));
    Ok(())
}

pub(super) async fn campaigns_that_are_not_named_stay(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    world.campaign_lines(&shop, CampaignStatus::Sending, 2).await?;
    let (named, free) = world.campaign_lines(&shop, CampaignStatus::Sending, 2).await?;
    let urgent = world.send(&shop, Priority::Interactive);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&urgent)).await?;
    let wanted = with(&named, request(&shop, 9));
    let mut expected = vec![urgent.id];
    expected.extend(ids(&free));
    let taken = unit.sends().claim(&wanted).await?;
    assert_eq!(ids(&taken), expected, "an answer goes before a campaign, another campaign stays");
    Ok(())
}

pub(super) async fn an_attempt_begins_once_and_not_under_an_older_epoch(
    world: &World<'_>,
) -> Outcome {
    let shop = world.shop().await?;
    let line = world.send(&shop, Priority::Interactive);
    let (first, second) = (world.attempt(), world.attempt());
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&line)).await?;
    let begun = unit.sends().begin(5, &[(line.id, first)], later(1)).await?;
    assert_eq!(begun, vec![line.id]);
    let again = unit.sends().begin(5, &[(line.id, second)], later(2)).await?;
    assert!(again.is_empty(), "an attempt began twice");
    let sent = unit.sends().many(&[line.id]).await?.pop();
    let sent = sent.ok_or_else(|| StorageError::corrupt("send"))?;
    assert_eq!((sent.state, sent.attempts, sent.epoch), (SendState::Sending, 1, 5));
    assert_eq!(sent.attempt, Some(first));
    assert_eq!(sent.timeline.last(), Some(&(SendState::Sending, later(1))));
    let why = SendError { code: "META_130429".to_owned(), message: "too fast".to_owned() };
    let what = Lesson::NotAccepted { not_before: NOW, error: why };
    let learnt = [Learnt { of: AttemptRef::Attempt(first), what, at: NOW }];
    unit.sends().learn(shop.channel.id, &learnt, NOW).await?;
    let older = unit.sends().begin(4, &[(line.id, second)], NOW).await?;
    assert!(older.is_empty(), "an older epoch began");
    assert_eq!(unit.sends().begin(6, &[(line.id, second)], NOW).await?, vec![line.id]);
    Ok(())
}

pub(super) async fn unclaimed_lines_wait_or_are_skipped(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let lines =
        [world.send(&shop, Priority::Interactive), world.send(&shop, Priority::Interactive)];
    let [one, two] = &lines;
    let why = SendError { code: "OPTED_OUT".to_owned(), message: "no marketing".to_owned() };
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&lines).await?;
    unit.sends().claim(&request(&shop, 9)).await?;
    let items = [(one.id, Unclaim::Requeue(later(30))), (two.id, Unclaim::Skip(why.clone()))];
    let moved = unit.sends().unclaim(&items, NOW).await?;
    let steps: Vec<_> = moved.iter().map(|line| (line.id, line.from, line.to)).collect();
    assert_eq!(steps, vec![(two.id, SendState::Queued, SendState::Skipped)]);
    let kept = unit.sends().many(&[two.id]).await?.pop();
    assert_eq!(kept.and_then(|line| line.error), Some(why.clone()));
    assert!(unit.sends().claim(&request(&shop, 9)).await?.is_empty(), "it waits");
    let wanted = ClaimRequest { now: later(30), ..request(&shop, 9) };
    assert_eq!(ids(&take(world, &mut unit, (&wanted, 1)).await?), vec![one.id]);
    let moved = unit.sends().unclaim(&[(one.id, Unclaim::Skip(why))], NOW).await?;
    assert!(moved.is_empty(), "what has begun was skipped");
    Ok(())
}

pub(super) async fn a_new_holder_recovers_what_the_old_one_left(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let lines =
        [world.send(&shop, Priority::Interactive), world.send(&shop, Priority::Interactive)];
    let [one, two] = &lines;
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(&lines).await?;
    unit.sends().begin(1, &[(one.id, world.attempt())], NOW).await?;
    let none = unit.sends().recover(shop.channel.id, 1, later(1)).await?;
    assert!(none.is_empty(), "what the holder itself has is not recovered");
    let moved = unit.sends().recover(shop.channel.id, 2, later(1)).await?;
    let steps: Vec<_> = moved.iter().map(|line| (line.id, line.from, line.to)).collect();
    assert_eq!(steps, vec![(one.id, SendState::Sending, SendState::Ambiguous)]);
    assert_eq!(ids(&unit.sends().claim(&request(&shop, 9)).await?), vec![two.id]);
    Ok(())
}

pub(super) async fn what_stays_unknown_is_given_up(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut line = world.send(&shop, Priority::Interactive);
    line.state = SendState::Ambiguous;
    line.updated_at = later(10);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&line)).await?;
    let mut message = world.message(&shop, "hello", NOW);
    message.id = line.message();
    unit.messages().insert(&message).await?;
    let early = unit.sends().give_up(shop.channel.id, later(10), NOW, later(20)).await?;
    assert!(early.is_empty(), "given up before the hold was over");
    let moved = unit.sends().give_up(shop.channel.id, later(11), NOW, later(20)).await?;
    let steps: Vec<_> = moved.iter().map(|line| (line.from, line.to, line.conversation)).collect();
    let place = Some(shop.conversation.id);
    assert_eq!(steps, vec![(SendState::Ambiguous, SendState::Unconfirmed, place)]);
    assert_eq!(state(&mut unit, line.id).await?, SendState::Unconfirmed);
    Ok(())
}

pub(super) async fn a_cancelled_campaign_is_skipped_in_steps(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, lines) = world.campaign_lines(&shop, CampaignStatus::Sending, 5).await?;
    let why = SendError { code: "CANCELLED".to_owned(), message: "somebody ended it".to_owned() };
    let mut unit = world.write(shop.tenant).await?;
    take(world, &mut unit, (&with(&campaign, request(&shop, 1)), 1)).await?;
    let mut skipped = 0;
    loop {
        let moved = unit.sends().skip_campaign(campaign.id, &why, 3, NOW).await?;
        if moved.is_empty() {
            break;
        }
        assert!(moved.len() <= 3, "more than asked for");
        assert!(moved.iter().all(|line| line.campaign == Some(campaign.id)));
        skipped += moved.len();
    }
    assert_eq!(skipped, lines.len() - 1, "what has begun is not skipped");
    Ok(())
}

pub(super) async fn the_tally_equals_the_moves(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, lines) = world.campaign_lines(&shop, CampaignStatus::Sending, 6).await?;
    let mut kept = Counts { total: 6, ..Counts::default() };
    kept.enter_many(SendState::Queued, 6);
    let mut unit = world.write(shop.tenant).await?;
    let attempts: Vec<_> = lines.iter().map(|line| (line.id, world.attempt())).collect();
    unit.sends().begin(1, &attempts, NOW).await?;
    let lessons = [
        DeliveryStatus::Accepted,
        DeliveryStatus::Sent,
        DeliveryStatus::Delivered,
        DeliveryStatus::Read,
        DeliveryStatus::Failed,
    ];
    let mut learnt: Vec<_> = attempts
        .iter()
        .zip(lessons)
        .map(|((_, attempt), status)| Learnt {
            of: AttemptRef::Attempt(*attempt),
            what: Lesson::Status { status, wamid: None, error: None },
            at: NOW,
        })
        .collect();
    let of = attempts
        .last()
        .map_or(AttemptRef::Wamid(String::new()), |(_, attempt)| AttemptRef::Attempt(*attempt));
    learnt.push(Learnt { of, what: Lesson::Doubtful, at: NOW });
    for moved in unit.sends().learn(shop.channel.id, &learnt, NOW).await? {
        kept.step(moved.from, moved.to);
    }
    assert_eq!(unit.sends().tally(campaign.id).await?, kept);
    assert_eq!((kept.waiting, kept.ambiguous, kept.failed, kept.read), (0, 1, 1, 1));
    Ok(())
}

pub(super) async fn busy_channels_have_work(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let here = (shop.tenant, shop.channel.id);
    let mut system = world.system().await?;
    assert!(!system.ledger().busy_channels(NOW).await?.contains(&here), "there is no work");
    drop(system);
    let mut line = world.send(&shop, Priority::Interactive);
    line.not_before = later(10);
    let mut unit = world.write(shop.tenant).await?;
    unit.sends().insert(std::slice::from_ref(&line)).await?;
    unit.commit().await?;
    let paused = world.shop().await?;
    world.campaign_lines(&paused, CampaignStatus::Paused, 1).await?;
    let sending = world.shop().await?;
    world.campaign_lines(&sending, CampaignStatus::Sending, 1).await?;
    let mut system = world.system().await?;
    assert!(!system.ledger().busy_channels(NOW).await?.contains(&here), "its time has not come");
    let busy = system.ledger().busy_channels(later(10)).await?;
    assert!(busy.contains(&here));
    assert!(!busy.contains(&(paused.tenant, paused.channel.id)), "a paused campaign is no work");
    assert!(busy.contains(&(sending.tenant, sending.channel.id)));
    let due = system.ledger().campaigns_due(NOW).await?;
    assert!(due.contains(&sending.tenant), "nobody is undecided by its kept counts");
    assert!(!due.contains(&paused.tenant));
    let states = system.ledger().states().await?;
    assert!(states.iter().any(|(state, lines)| *state == SendState::Queued && *lines >= 3));
    Ok(())
}
