//! Campaigns with what is shown beside them. The number of questions to the store does not grow with the number of
//! campaigns.

use std::collections::{HashMap, HashSet};

use whatsapp_core::pacing::waiting;
use whatsapp_core::{By, Campaign, CampaignStatus, Channel, Id};

use super::CampaignView;
use crate::Error;
use crate::work::Work;

pub(super) async fn views(
    work: &mut Work<'_>,
    campaigns: Vec<Campaign>,
) -> Result<Vec<CampaignView>, Error> {
    let ids: HashSet<_> = campaigns.iter().map(|c| c.template).collect();
    let templates = work.templates().many(&ids.into_iter().collect::<Vec<_>>()).await?;
    let templates: HashMap<_, _> = templates.into_iter().map(|t| (t.id, t)).collect();
    let names: HashMap<_, _> =
        work.members().list().await?.into_iter().map(|m| (m.user, m.name)).collect();
    let channels = sending_channels(work, &campaigns).await?;
    let now = work.env().now();
    Ok(campaigns
        .into_iter()
        .map(|campaign| CampaignView {
            waiting: channels
                .get(&campaign.channel)
                .and_then(|channel| waiting(&campaign, channel, now)),
            template: templates.get(&campaign.template).cloned(),
            created_by_name: match &campaign.created_by {
                By::User(user) => names.get(user).cloned(),
                _ => None,
            },
            campaign,
        })
        .collect())
}

/// The numbers of a tenant, if one of these campaigns is being sent.
async fn sending_channels(
    work: &mut Work<'_>,
    campaigns: &[Campaign],
) -> Result<HashMap<Id<Channel>, Channel>, Error> {
    if !campaigns.iter().any(|campaign| campaign.status == CampaignStatus::Sending) {
        return Ok(HashMap::new());
    }
    let channels = work.channels().list().await?;
    Ok(channels.into_iter().map(|channel| (channel.id, channel)).collect())
}
