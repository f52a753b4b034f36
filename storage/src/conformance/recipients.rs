//! Recipients of campaigns.

use whatsapp_core::send::SendError;
use whatsapp_core::{CampaignStatus, PageRequest, SendState};

use super::Outcome;
use super::world::{NOW, World};
use crate::repo::NewRecipient;

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
