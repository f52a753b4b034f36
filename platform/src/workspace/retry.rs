//! Sending again to people of a campaign whom it did not reach: only a person, or a program in his name, asks for
//! it. Never decides by itself.

use whatsapp_core::{Campaign, Id, Permission, SendState};

use super::campaigns::{CampaignView, Campaigns, sendable};
use crate::Error;
use crate::jobs::Task;

/// Which people of a campaign are tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retry {
    /// Those whose message failed: Meta certainly did not deliver it.
    pub failed: bool,
    /// Of the failed ones, only those with these codes, e.g. `META_131049`; all when `None`.
    pub codes: Option<Vec<String>>,
    /// Those of whom it was never learnt whether Meta has their message. Some of them may get it twice: that is
    /// why no machine asks for this.
    pub unconfirmed: bool,
}

/// So many codes at once; there are fewer causes.
const CODES_MAX: usize = 100;

impl Retry {
    fn states(&self) -> Result<Vec<SendState>, Error> {
        let mut states = Vec::new();
        if self.failed {
            states.push(SendState::Failed);
        }
        if self.unconfirmed {
            states.push(SendState::Unconfirmed);
        }
        if states.is_empty() {
            let why = "choose `failed`, `unconfirmed` or both";
            return Err(Error::invalid("CAMPAIGN_RETRY", "states", why));
        }
        if self.codes.as_ref().is_some_and(|codes| codes.is_empty() || codes.len() > CODES_MAX) {
            let why = format!("name 1 to {CODES_MAX} codes, or leave them out for all");
            return Err(Error::invalid("CAMPAIGN_RETRY", "codes", why));
        }
        Ok(states)
    }
}

impl Campaigns<'_> {
    /// Puts people whom the campaign did not reach back into the queue, with new attempts; a completed campaign goes
    /// on. What fails again afterwards is not meant. The report keeps the earlier attempts.
    ///
    /// # Errors
    /// `CAMPAIGN_RETRY` when nothing is chosen; `CAMPAIGN_STATE` unless it is completed, paused or being sent;
    /// `CAMPAIGN_DEADLINE` after its deadline; `TEMPLATE_NOT_APPROVED`; `CHANNEL_DISCONNECTED`.
    pub async fn retry(&self, id: Id<Campaign>, retry: Retry) -> Result<CampaignView, Error> {
        let states = retry.states()?;
        self.change(id, Permission::CampaignsSend, "campaign.retried", async |work, campaign| {
            sendable(work, campaign).await?;
            let now = work.env().now();
            campaign.reopen(now)?;
            let task = Task::RetryCampaign {
                campaign: campaign.id,
                states: states.clone(),
                codes: retry.codes.clone(),
                until: now,
            };
            let job = task.job(work.env(), now);
            work.schedule(job);
            Ok(())
        })
        .await
    }
}
