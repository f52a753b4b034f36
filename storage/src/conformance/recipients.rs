//! Recipients of campaigns.

use whatsapp_core::send::SendError;
use whatsapp_core::{Campaign, CampaignStatus, Id, PageRequest, ReportLine, Send, SendState};

use super::Outcome;
use super::world::{NOW, Shop, World, later};
use crate::repo::NewRecipient;
use crate::{StorageError, TenantTx};

pub(super) async fn each_address_is_in_a_campaign_once(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let campaign = world.campaign(&shop, CampaignStatus::Preparing);
    let (ana, bea, cleo) = (world.env.id(), world.env.id(), world.env.id());
    let person = |contact, address: &str| NewRecipient {
        contact,
        address: address.to_owned(),
        send: world.env.id(),
    };
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&campaign).await?;
    let first = [
        person(ana, "+5511900000001"),
        person(bea, "+5511900000002"),
        person(ana, "+5511900000001"),
    ];
    let added = unit.recipients().add(campaign.id, &first).await?;
    assert_eq!(added.len(), 2, "an address was added twice in one batch");
    let again = [person(bea, "+5511900000002"), person(cleo, "+5511900000003")];
    let added = unit.recipients().add(campaign.id, &again).await?;
    let expected: Vec<_> = again.iter().skip(1).map(|person| person.send).collect();
    assert_eq!(added, expected, "only who was not in it yet is answered");
    let moved = [person(ana, "+5511900000004"), person(world.env.id(), "+5511900000001")];
    let added = unit.recipients().add(campaign.id, &moved).await?;
    assert!(added.is_empty(), "a person with another number, or a number with another person");
    Ok(())
}

pub(super) async fn recipients_show_the_ledgers_state(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, mut lines) = world.campaign_lines(&shop, CampaignStatus::Sending, 4).await?;
    let mut unit = world.write(shop.tenant).await?;
    let people: Vec<_> = lines
        .iter()
        .map(|line| NewRecipient {
            contact: shop.contact.id,
            address: line.address.clone(),
            send: line.id,
        })
        .collect();
    unit.recipients().add(campaign.id, &people).await?;
    let request = PageRequest::first(3);
    let page = unit.recipients().page(campaign.id, None, None, &request).await?;
    let rest = unit.recipients().page(campaign.id, None, None, &request.after(page.next)).await?;
    let mut seen: Vec<_> = page.items.iter().chain(&rest.items).map(|r| r.send).collect();
    lines.sort_by_key(|line| line.id);
    assert_eq!(seen, lines.iter().map(|line| line.id).collect::<Vec<_>>(), "by ledger id");
    let first = page.items.into_iter().next();
    let names = first.map(|r| (r.name, r.state, r.contact));
    let expected = (shop.contact.name.clone(), SendState::Queued, shop.contact.id);
    assert_eq!(names, Some(expected));
    let request = PageRequest::default();
    let state = Some(SendState::Failed);
    assert!(unit.recipients().page(campaign.id, state, None, &request).await?.items.is_empty());
    let address = seen.pop().and_then(|id| lines.iter().find(|line| line.id == id));
    let digits = address.map_or("", |line| line.address.get(5..).unwrap_or_default());
    let found = unit.recipients().page(campaign.id, None, Some(digits), &request).await?;
    assert_eq!(found.items.len(), 1, "found by part of the address");
    Ok(())
}

/// A campaign to as many people, each with a line in the ledger.
async fn crowd(
    world: &World<'_>,
    shop: &Shop,
    people: usize,
) -> Result<(Campaign, Vec<Send>), StorageError> {
    let (campaign, lines) = world.campaign_lines(shop, CampaignStatus::Sending, people).await?;
    let mut unit = world.write(shop.tenant).await?;
    enlist(world, &mut *unit, campaign.id, &lines).await?;
    unit.commit().await?;
    Ok((campaign, lines))
}

async fn enlist(
    world: &World<'_>,
    unit: &mut dyn TenantTx,
    campaign: Id<Campaign>,
    lines: &[Send],
) -> Result<(), StorageError> {
    let people: Vec<_> = lines
        .iter()
        .map(|line| NewRecipient {
            contact: world.env.id(),
            address: line.address.clone(),
            send: line.id,
        })
        .collect();
    let added = unit.recipients().add(campaign, &people).await?;
    assert_eq!(added.len(), people.len(), "made-up people are all different");
    Ok(())
}

/// The whole report, in pages of so many lines.
async fn walk(
    unit: &mut dyn TenantTx,
    campaign: Id<Campaign>,
    limit: u32,
) -> Result<Vec<ReportLine>, StorageError> {
    let mut all: Vec<ReportLine> = Vec::new();
    loop {
        let after = all.last().map(|line| line.send);
        let page = unit.recipients().report(campaign, after, limit).await?;
        assert!(page.len() <= usize::try_from(limit).unwrap_or(usize::MAX), "more than asked for");
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

pub(super) async fn the_report_neither_skips_nor_repeats_anybody(world: &World<'_>) -> Outcome {
    let (shop, neighbour) = (world.shop().await?, world.shop().await?);
    let (campaign, lines) = crowd(world, &shop, 7).await?;
    crowd(world, &shop, 2).await?;
    let (theirs, _) = crowd(world, &neighbour, 3).await?;
    let expected: Vec<_> = lines.iter().map(|line| (line.id, line.address.clone())).collect();
    let mut unit = world.write(shop.tenant).await?;
    for limit in [1, 3, 7, 100] {
        let report = walk(&mut *unit, campaign.id, limit).await?;
        let seen: Vec<_> = report.into_iter().map(|line| (line.send, line.address)).collect();
        assert_eq!(seen, expected, "in pages of {limit}");
    }
    let first = unit.recipients().report(campaign.id, None, 3).await?;
    let last = first.last().map(|line| line.send);
    // Whoever was seen moves on and somebody comes in between: neither is seen twice, nobody is left out.
    let error = SendError { code: "X".to_owned(), message: "x".to_owned() };
    unit.sends().skip_campaign(campaign.id, &error, 5, later(1)).await?;
    let rest = unit.recipients().report(campaign.id, last, 100).await?;
    let seen: Vec<_> = first.iter().chain(&rest).map(|line| line.send).collect();
    assert_eq!(
        seen,
        lines.iter().map(|line| line.id).collect::<Vec<_>>(),
        "states moved meanwhile"
    );
    assert!(walk(&mut *unit, theirs.id, 100).await?.is_empty(), "another tenant's campaign");
    Ok(())
}

pub(super) async fn the_report_tells_all_that_the_ledger_knows(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let campaign = world.campaign(&shop, CampaignStatus::Sending);
    let mut failed = world.send(&shop, whatsapp_core::send::Priority::Campaign);
    (failed.campaign, failed.state) = (Some(campaign.id), SendState::Failed);
    (failed.attempts, failed.attempt) = (2, Some(world.attempt()));
    failed.wamid = Some(format!("wamid.{}", world.env.uuid()));
    failed.error = Some(SendError { code: "META_131026".to_owned(), message: "no".to_owned() });
    failed.timeline = vec![
        (SendState::Queued, NOW),
        (SendState::Sending, later(1)),
        (SendState::Accepted, later(2)),
        (SendState::Failed, later(3)),
    ];
    let person =
        NewRecipient { contact: shop.contact.id, address: failed.address.clone(), send: failed.id };
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&campaign).await?;
    unit.sends().insert(std::slice::from_ref(&failed)).await?;
    unit.recipients().add(campaign.id, &[person]).await?;
    let line = ReportLine {
        send: failed.id,
        address: failed.address,
        name: shop.contact.name.clone(),
        state: failed.state,
        attempts: failed.attempts,
        earlier: Vec::new(),
        attempt: failed.attempt,
        wamid: failed.wamid,
        error: failed.error,
        timeline: failed.timeline,
    };
    assert_eq!(line.reached(SendState::Failed), Some(later(3)));
    assert_eq!(unit.recipients().report(campaign.id, None, 10).await?, vec![line]);
    unit.contacts().delete(shop.contact.id).await?;
    let left = unit.recipients().report(campaign.id, None, 10).await?;
    let left: Vec<_> = left.into_iter().map(|line| (line.send, line.name)).collect();
    assert_eq!(left, vec![(failed.id, None)], "a deleted person keeps the line, without the name");
    Ok(())
}

pub(super) async fn a_report_does_not_pass_over_who_has_no_line(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (campaign, _) = crowd(world, &shop, 2).await?;
    let mut unit = world.write(shop.tenant).await?;
    let lost = world.send(&shop, whatsapp_core::send::Priority::Campaign);
    enlist(world, &mut *unit, campaign.id, std::slice::from_ref(&lost)).await?;
    let report = unit.recipients().report(campaign.id, None, 10).await;
    assert!(report.is_err(), "a gap must be told, not hidden: {report:?}");
    Ok(())
}

pub(super) async fn causes_of_failure_are_counted(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let campaign = world.campaign(&shop, CampaignStatus::Sending);
    let mut lines = Vec::new();
    for code in ["META_1", "META_2", "META_2"] {
        let mut line = world.send(&shop, whatsapp_core::send::Priority::Campaign);
        line.campaign = Some(campaign.id);
        line.state = SendState::Failed;
        line.error = Some(SendError { code: code.to_owned(), message: "no".to_owned() });
        line.updated_at = NOW;
        lines.push(line);
    }
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&campaign).await?;
    unit.sends().insert(&lines).await?;
    let causes = unit.recipients().failures(campaign.id).await?;
    let causes: Vec<_> = causes.into_iter().map(|tally| (tally.error.code, tally.count)).collect();
    assert_eq!(causes, vec![("META_2".to_owned(), 2), ("META_1".to_owned(), 1)]);
    Ok(())
}
