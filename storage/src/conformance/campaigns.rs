//! Campaigns.

use whatsapp_core::{CampaignStatus, Counts, PageRequest};

use super::Outcome;
use super::world::{NOW, World, later};

pub(super) async fn a_campaign_is_read_back_as_it_was_kept(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut campaign = world.campaign(&shop, CampaignStatus::Draft);
    campaign.scheduled_at = Some(later(1));
    campaign.reason = Some("slow".to_owned());
    campaign.counts = Counts { total: 3, waiting: 2, read: 1, ..Counts::default() };
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&campaign).await?;
    assert_eq!(unit.campaigns().find(campaign.id).await?.as_ref(), Some(&campaign));
    let page = unit.campaigns().page(None, Some("sao j"), &PageRequest::default()).await?;
    assert_eq!(page.items, vec![campaign]);
    let (status, request) = (Some(CampaignStatus::Sending), PageRequest::default());
    assert!(unit.campaigns().page(status, None, &request).await?.items.is_empty());
    Ok(())
}

pub(super) async fn a_change_names_the_revision_it_saw(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut campaign = world.campaign(&shop, CampaignStatus::Draft);
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&campaign).await?;
    let counts = Counts { total: 1, waiting: 1, ..Counts::default() };
    unit.campaigns().add_counts(campaign.id, &counts).await?;
    let seen = campaign.revision;
    campaign.name = "New name".to_owned();
    campaign.revision += 1;
    assert!(unit.campaigns().update(&campaign, seen).await?);
    assert!(!unit.campaigns().update(&campaign, seen).await?, "an old revision was accepted");
    let found = unit.campaigns().find(campaign.id).await?;
    assert_eq!(found.as_ref().map(|c| c.counts), Some(counts), "a change touched the counts");
    assert_eq!(found.map(|c| (c.name, c.revision)), Some((campaign.name, campaign.revision)));
    Ok(())
}

pub(super) async fn counts_are_added_up(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let campaign = world.campaign(&shop, CampaignStatus::Sending);
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&campaign).await?;
    let first = Counts { total: 5, waiting: 5, ..Counts::default() };
    let then = Counts { waiting: -2, sent: 1, unconfirmed: 1, ..Counts::default() };
    unit.campaigns().add_counts(campaign.id, &first).await?;
    unit.campaigns().add_counts(campaign.id, &then).await?;
    let mut sum = first;
    sum.add(&then);
    assert_eq!(unit.campaigns().find(campaign.id).await?.map(|c| c.counts), Some(sum));
    Ok(())
}

pub(super) async fn a_campaign_with_somebody_undecided_does_not_complete(
    world: &World<'_>,
) -> Outcome {
    let shop = world.shop().await?;
    let mut campaign = world.campaign(&shop, CampaignStatus::Sending);
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&campaign).await?;
    let seen = campaign.revision;
    campaign.status = CampaignStatus::Completed;
    campaign.revision += 1;
    for undecided in [
        Counts { waiting: 1, ..Counts::default() },
        Counts { waiting: -1, ambiguous: 1, ..Counts::default() },
    ] {
        // By somebody else, since it was read.
        unit.campaigns().add_counts(campaign.id, &undecided).await?;
        assert!(!unit.campaigns().update(&campaign, seen).await?, "it left somebody behind");
    }
    let decided = Counts { ambiguous: -1, sent: 1, ..Counts::default() };
    unit.campaigns().add_counts(campaign.id, &decided).await?;
    assert!(unit.campaigns().update(&campaign, seen).await?);
    Ok(())
}

pub(super) async fn only_drafts_are_deleted(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let (draft, sending) = (
        world.campaign(&shop, CampaignStatus::Draft),
        world.campaign(&shop, CampaignStatus::Sending),
    );
    let mut unit = world.write(shop.tenant).await?;
    unit.campaigns().insert(&draft).await?;
    unit.campaigns().insert(&sending).await?;
    assert!(unit.campaigns().delete_draft(draft.id).await?);
    assert!(!unit.campaigns().delete_draft(draft.id).await?, "deleted twice");
    assert!(!unit.campaigns().delete_draft(sending.id).await?, "what is being sent was deleted");
    Ok(())
}

pub(super) async fn what_is_due_is_found(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut early = world.campaign(&shop, CampaignStatus::Scheduled);
    let mut late = world.campaign(&shop, CampaignStatus::Scheduled);
    let sending = world.campaign(&shop, CampaignStatus::Sending);
    (early.scheduled_at, late.scheduled_at) = (Some(NOW), Some(later(60)));
    let mut unit = world.write(shop.tenant).await?;
    for campaign in [&early, &late, &sending] {
        unit.campaigns().insert(campaign).await?;
    }
    assert_eq!(unit.campaigns().due(NOW).await?, vec![early]);
    assert_eq!(unit.campaigns().sending().await?, vec![sending]);
    unit.commit().await?;
    let mut system = world.system().await?;
    assert!(system.ledger().campaigns_due(NOW).await?.contains(&shop.tenant));
    Ok(())
}
