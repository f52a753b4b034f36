//! Work that talks to the world and is repeated until it is done. Doing a job twice is harmless.

mod media;
mod number;
mod sync;
mod worker;

use serde::{Deserialize, Serialize};
use whatsapp_core::{
    By, Campaign, Channel, Contact, Conversation, Env, Event, Id, JobSpec, Lane, MediaObject,
    Message, SendState, Span, Tenant, Timestamp,
};

pub(crate) use media::path as media_path;
pub(crate) use sync::store_templates;
pub(crate) use worker::run_jobs;
#[cfg(feature = "testing")]
pub(crate) use worker::work;

use whatsapp_storage::SystemTx;
use whatsapp_storage::repo::Wanted;

use crate::Error;
use crate::platform::Inner;
use crate::work::Said;

/// Every kind of job, with its arguments. The stored form is this; old forms must stay readable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub(crate) enum Task {
    /// Makes a campaign's list of people, a step at a time.
    ExpandCampaign { campaign: Id<Campaign>, after: Option<Id<Contact>> },
    /// Leaves out whoever still waits in a cancelled campaign.
    EmptyCampaign { campaign: Id<Campaign> },
    /// Puts people of a campaign back into the queue whom it did not reach, some thousand at a time.
    RetryCampaign {
        campaign: Id<Campaign>,
        states: Vec<SendState>,
        codes: Option<Vec<String>>,
        until: Timestamp,
    },
    /// Fetches a customer's file.
    FetchMedia {
        channel: Id<Channel>,
        conversation: Id<Conversation>,
        message: Id<Message>,
        media: Id<MediaObject>,
    },
    /// Brings a file of ours to Meta.
    UploadMedia { channel: Id<Channel>, media: Id<MediaObject> },
    /// Reads the account's templates.
    SyncTemplates { channel: Id<Channel> },
    /// Reads what Meta says of a number: quality, speed, portfolio and its limit.
    SyncNumber { channel: Id<Channel> },
    /// Shows the customer that we have read.
    MarkRead { channel: Id<Channel>, wamid: String },
}

impl Task {
    /// The job to be scheduled. Two of the same kind about the same thing are one.
    pub(crate) fn job(&self, env: &Env, run_at: Timestamp) -> JobSpec {
        let (kind, lane, key) = match self {
            Self::ExpandCampaign { campaign, .. } => {
                ("expand_campaign", Lane::Campaign, format!("expand:{campaign}"))
            }
            Self::EmptyCampaign { campaign } => {
                ("empty_campaign", Lane::Campaign, format!("empty:{campaign}"))
            }
            Self::RetryCampaign { campaign, until, .. } => {
                // Who asks again meanwhile may mean others.
                ("retry_campaign", Lane::Campaign, format!("retry:{campaign}:{}", until.micros()))
            }
            Self::FetchMedia { media, .. } => {
                ("fetch_media", Lane::Media, format!("fetch:{media}"))
            }
            Self::UploadMedia { channel, media } => {
                ("upload_media", Lane::Media, format!("upload:{channel}:{media}"))
            }
            Self::SyncTemplates { channel } => {
                ("sync_templates", Lane::Care, format!("templates:{channel}"))
            }
            Self::SyncNumber { channel } => {
                ("sync_number", Lane::Care, format!("number:{channel}"))
            }
            Self::MarkRead { channel, wamid } => {
                ("mark_read", Lane::Care, format!("read:{channel}:{wamid}"))
            }
        };
        let body = serde_json::to_value(self).unwrap_or_default();
        JobSpec { id: env.id(), kind: kind.to_owned(), lane, body, run_at, key: Some(key) }
    }
}

/// How a try ended.
#[derive(Debug)]
pub(crate) enum Done {
    /// It is done.
    Done,
    /// There is more: the same job again at once, with these arguments.
    Next(Task),
}

/// So often a job is tried.
const TRIES: i64 = 12;
/// So often where what it needs is away: about a day.
const OUTAGE_TRIES: i64 = 300;

/// When the next try of a job is, after `attempt` tries.
fn backoff(attempt: i64, env: &Env) -> Span {
    let ceiling = 1_000_u64 << attempt.clamp(0, 8);
    // Full jitter: jobs that failed together do not come back together.
    Span::millis(i64::try_from(ceiling / 2 + env.below(ceiling)).unwrap_or(300_000).min(300_000))
}

async fn run(inner: &Inner, tenant: Id<Tenant>, task: Task) -> Result<Done, Error> {
    match task {
        Task::ExpandCampaign { campaign, after } => {
            crate::campaign::expand(inner, tenant, campaign, after).await
        }
        Task::EmptyCampaign { campaign } => crate::campaign::empty(inner, tenant, campaign).await,
        Task::RetryCampaign { campaign, states, codes, until } => {
            crate::campaign::retry(inner, tenant, campaign, Wanted { states, codes, until }).await
        }
        Task::FetchMedia { channel, conversation, message, media } => {
            media::fetch(inner, tenant, channel, (conversation, message, media)).await
        }
        Task::UploadMedia { channel, media } => media::upload(inner, tenant, channel, media).await,
        Task::SyncTemplates { channel } => {
            sync::templates(inner, tenant, channel).await.map(|_| Done::Done)
        }
        Task::SyncNumber { channel } => number::sync(inner, tenant, channel).await,
        Task::MarkRead { channel, wamid } => sync::mark_read(inner, tenant, channel, &wamid).await,
    }
}

/// What follows from a job that failed for good, in the transaction that puts it aside: whoever waits for it
/// is told.
async fn give_up(
    inner: &Inner,
    tx: &mut dyn SystemTx,
    tenant: Id<Tenant>,
    task: Task,
    why: &Error,
) -> Result<(), Error> {
    let mut tx = tx.enter(tenant).await?;
    let mut said = Said::default();
    match task {
        Task::ExpandCampaign { campaign, .. } => {
            if let Some(mut campaign) = tx.campaigns().find(campaign).await? {
                let seen = campaign.revision;
                let reason = format!("The list of people could not be made: {why}");
                if campaign.pause(Some(reason)).is_ok()
                    && tx.campaigns().update(&campaign, seen).await?
                {
                    let status = campaign.status;
                    said.emit(Event::CampaignUpdated { campaign: campaign.id, status });
                }
            }
        }
        Task::FetchMedia { media, conversation, message, .. } => {
            if media::fail(&mut *tx, media, why).await? {
                said.emit(Event::MediaSettled { conversation, message, media });
            }
        }
        Task::UploadMedia { media, .. } => {
            media::fail(&mut *tx, media, why).await?;
        }
        Task::EmptyCampaign { .. }
        | Task::RetryCampaign { .. }
        | Task::SyncTemplates { .. }
        | Task::SyncNumber { .. }
        | Task::MarkRead { .. } => {}
    }
    said.write(&mut *tx, &By::System, &inner.env).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_of_a_task_can_be_read_again() {
        let id = uuid::Uuid::nil();
        let task = Task::MarkRead { channel: Id::from_uuid(id), wamid: "wamid.X".into() };
        let job = task.job(&Env::system(), Timestamp::ZERO);
        assert_eq!(
            job.body,
            serde_json::json!({"task": "mark_read", "channel": "chn_00000000000000000000000000", "wamid": "wamid.X"})
        );
        assert_eq!(serde_json::from_value::<Task>(job.body).expect("reads"), task);
    }
}
