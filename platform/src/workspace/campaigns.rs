//! One template to many people: writing, looking ahead, starting and stopping. The sending itself is in the
//! background.

use std::collections::HashSet;

use whatsapp_core::campaign::CampaignRules;
use whatsapp_core::recipient::FailureTally;
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Channel, Counts, Event, Id, Page, PageRequest, Permission,
    ReportLine, Send, SendState, Template, Timestamp, Variables, Waiting, text,
};

use whatsapp_storage::repo::Call;

use super::Workspace;
use super::campaign_views::views;
use super::ways::{RecipientView, checked_ways, recipient_views};
use crate::Error;
use crate::jobs::Task;
use crate::work::Work;

/// A tenant's campaigns.
#[derive(Clone, Copy, Debug)]
pub struct Campaigns<'a> {
    pub(super) workspace: &'a Workspace,
}

/// What somebody writes into a campaign.
#[derive(Clone, Debug)]
pub struct NewCampaign {
    /// What it is called.
    pub name: String,
    /// What is sent.
    pub template: Id<Template>,
    /// To whom.
    pub audience: Audience,
    /// With which values.
    pub variables: Variables,
    /// At most so many messages a second.
    pub rate: Option<u32>,
    /// What it does when things do not go as planned.
    pub rules: CampaignRules,
    /// When it starts by itself once started; now when `None`.
    pub scheduled_at: Option<Timestamp>,
}

/// A campaign as people see it.
#[derive(Clone, Debug)]
pub struct CampaignView {
    /// The campaign.
    pub campaign: Campaign,
    /// Its template, if it still exists.
    pub template: Option<Template>,
    /// Who made it.
    pub created_by_name: Option<String>,
    /// What holds it back, though nobody paused it.
    pub waiting: Option<Waiting>,
}

const NAME_MAX: usize = 200;
/// So many numbers may be typed; more belong into a group.
const PHONES_MAX: usize = 20_000;
/// So many lines of a report at once.
const REPORT_PAGE: u32 = 1_000;

impl Campaigns<'_> {
    /// A page of campaigns, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Storage`].
    pub async fn page(
        &self,
        status: Option<CampaignStatus>,
        search: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<CampaignView>, Error> {
        let mut work = self.workspace.read(Permission::CampaignsView).await?;
        let folded = search.map(text::fold);
        let page = work.campaigns().page(status, folded.as_deref(), &page).await?;
        let next = page.next.clone();
        Ok(Page { items: views(&mut work, page.items).await?, next })
    }

    /// One of them.
    ///
    /// # Errors
    /// `CAMPAIGN_NOT_FOUND`.
    pub async fn find(&self, id: Id<Campaign>) -> Result<CampaignView, Error> {
        let mut work = self.workspace.read(Permission::CampaignsView).await?;
        let campaign = work.campaigns().find(id).await?.ok_or(Error::NotFound("campaign"))?;
        views(&mut work, vec![campaign]).await?.pop().ok_or(Error::NotFound("campaign"))
    }

    /// Writes a draft.
    ///
    /// # Errors
    /// `CAMPAIGN_NAME`, `CAMPAIGN_AUDIENCE`, `CAMPAIGN_RATE`, `CAMPAIGN_RULES`, `CAMPAIGN_FALLBACK`,
    /// `CAMPAIGN_DEADLINE`; `TEMPLATE_NOT_FOUND`; `TEMPLATE_VARIABLES` for a key that is no variable.
    pub async fn create(
        &self,
        new: NewCampaign,
        call: Option<&Call>,
    ) -> Result<CampaignView, Error> {
        let mut work = self.workspace.begin(Permission::CampaignsEdit).await?;
        if let Some(before) = work.claim(call).await? {
            drop(work);
            return self.find(before.parse()?).await;
        }
        let channel = checked(&mut work, &new).await?;
        let campaign = Campaign {
            id: work.env().id(),
            name: new.name.trim().to_owned(),
            channel,
            template: new.template,
            audience: new.audience,
            variables: new.variables,
            status: CampaignStatus::Draft,
            reason: None,
            counts: Counts::default(),
            rate: new.rate,
            rules: new.rules,
            scheduled_at: new.scheduled_at,
            started_at: None,
            prepared_at: None,
            completed_at: None,
            created_by: self.workspace.actor.by().clone(),
            created_at: work.env().now(),
            revision: 1,
        };
        work.campaigns().insert(&campaign).await?;
        work.emit(Event::CampaignUpdated { campaign: campaign.id, status: campaign.status });
        work.made(call, campaign.id).await?;
        work.commit().await?;
        self.find(campaign.id).await
    }

    /// Replaces what a draft says.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` when it is no draft any more; `REVISION_MOVED` when somebody else changed it; else as
    /// [`Campaigns::create`].
    pub async fn update(&self, id: Id<Campaign>, new: NewCampaign) -> Result<CampaignView, Error> {
        self.change(id, Permission::CampaignsEdit, "campaign.edited", async |work, campaign| {
            campaign.editable()?;
            campaign.channel = checked(work, &new).await?;
            campaign.name = new.name.trim().to_owned();
            (campaign.template, campaign.audience, campaign.variables) =
                (new.template, new.audience.clone(), new.variables.clone());
            (campaign.rate, campaign.rules) = (new.rate, new.rules);
            campaign.scheduled_at = new.scheduled_at;
            campaign.revision += 1;
            Ok(())
        })
        .await
    }

    /// Deletes a draft.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` when it is no draft any more; `CAMPAIGN_NOT_FOUND`.
    pub async fn delete(&self, id: Id<Campaign>) -> Result<(), Error> {
        let mut work = self.workspace.begin(Permission::CampaignsEdit).await?;
        work.campaigns().find(id).await?.ok_or(Error::NotFound("campaign"))?.editable()?;
        work.campaigns().delete_draft(id).await?;
        work.audit("campaign.deleted", id.to_string()).await?;
        work.commit().await
    }

    /// Starts it, or sets it to start at its time. A second start is a conflict.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE`; `CAMPAIGN_AUDIENCE`; `TEMPLATE_NOT_APPROVED`; `TEMPLATE_VARIABLES`; `CAMPAIGN_RULES`,
    /// `CAMPAIGN_FALLBACK`; `CHANNEL_DISCONNECTED`.
    pub async fn start(&self, id: Id<Campaign>) -> Result<CampaignView, Error> {
        self.change(id, Permission::CampaignsSend, "campaign.started", async |work, campaign| {
            let template = sendable(work, campaign).await?;
            // Only here: one that goes on does so without the fall-back that is gone since.
            if let Some(fallback) = checked_ways(work, &campaign.rules, &template).await? {
                has_values(campaign, &fallback)?;
            }
            let now = work.env().now();
            match campaign
                .scheduled_at
                .filter(|at| *at > now && campaign.status == CampaignStatus::Draft)
            {
                Some(at) => campaign.schedule(at, now)?,
                None => {
                    campaign.start(now)?;
                    let job = Task::ExpandCampaign { campaign: campaign.id, after: None }
                        .job(work.env(), now);
                    work.schedule(job);
                }
            }
            Ok(())
        })
        .await
    }

    /// Stops it for now; messages that are out already go on.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE`; `CAMPAIGN_NOT_FOUND`.
    pub async fn pause(&self, id: Id<Campaign>) -> Result<CampaignView, Error> {
        self.change(id, Permission::CampaignsSend, "campaign.paused", async |_, campaign| {
            Ok(campaign.pause(None)?)
        })
        .await
    }

    /// Goes on.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE`; `TEMPLATE_NOT_APPROVED`; `CHANNEL_DISCONNECTED`.
    pub async fn resume(&self, id: Id<Campaign>) -> Result<CampaignView, Error> {
        self.change(id, Permission::CampaignsSend, "campaign.resumed", async |work, campaign| {
            sendable(work, campaign).await?;
            campaign.resume(work.env().now())?;
            if campaign.status == CampaignStatus::Preparing {
                // Making the list again adds nobody twice, so it needs no memory of how far it came.
                let task = Task::ExpandCampaign { campaign: campaign.id, after: None };
                let job = task.job(work.env(), work.env().now());
                work.schedule(job);
            }
            Ok(())
        })
        .await
    }

    /// Ends it; whoever waits is left out.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` when it is over already; `CAMPAIGN_NOT_FOUND`.
    pub async fn cancel(&self, id: Id<Campaign>) -> Result<CampaignView, Error> {
        self.change(id, Permission::CampaignsSend, "campaign.cancelled", async |work, campaign| {
            let now = work.env().now();
            campaign.cancel(now)?;
            let job = Task::EmptyCampaign { campaign: campaign.id }.job(work.env(), now);
            work.schedule(job);
            Ok(())
        })
        .await
    }

    pub(super) async fn change(
        &self,
        id: Id<Campaign>,
        permission: Permission,
        action: &str,
        change: impl AsyncFnOnce(&mut Work<'_>, &mut Campaign) -> Result<(), Error>,
    ) -> Result<CampaignView, Error> {
        let mut work = self.workspace.begin(permission).await?;
        let mut campaign = work.campaigns().find(id).await?.ok_or(Error::NotFound("campaign"))?;
        let seen = campaign.revision;
        change(&mut work, &mut campaign).await?;
        if !work.campaigns().update(&campaign, seen).await? {
            return Err(Error::conflict(
                "REVISION_MOVED",
                "somebody else changed this campaign a moment ago: look again",
            ));
        }
        work.audit(action, id.to_string()).await?;
        work.emit(Event::CampaignUpdated { campaign: id, status: campaign.status });
        work.commit().await?;
        self.find(id).await
    }

    /// A page of people with their states.
    ///
    /// # Errors
    /// `CAMPAIGN_NOT_FOUND`.
    pub async fn recipients(
        &self,
        id: Id<Campaign>,
        state: Option<SendState>,
        search: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<RecipientView>, Error> {
        let mut work = self.workspace.read(Permission::CampaignsView).await?;
        let campaign = work.campaigns().find(id).await?.ok_or(Error::NotFound("campaign"))?;
        let folded = search.map(text::fold);
        let page = work.recipients().page(id, state, folded.as_deref(), &page).await?;
        let items = recipient_views(&mut work, &campaign, page.items).await?;
        Ok(Page { items, next: page.next })
    }

    /// The next 1,000 lines of the proof report, in the order of their ids; none when it is over. Everybody
    /// of the campaign is in it once. Each page is read by itself, so a report of a campaign that still runs
    /// tells each line as it was when its page was read.
    ///
    /// # Errors
    /// `CAMPAIGN_NOT_FOUND`.
    pub async fn report(
        &self,
        id: Id<Campaign>,
        after: Option<Id<Send>>,
    ) -> Result<Vec<ReportLine>, Error> {
        let mut work = self.workspace.read(Permission::CampaignsView).await?;
        work.campaigns().find(id).await?.ok_or(Error::NotFound("campaign"))?;
        Ok(work.recipients().report(id, after, REPORT_PAGE).await?)
    }

    /// Causes of failure, most frequent first.
    ///
    /// # Errors
    /// `CAMPAIGN_NOT_FOUND`.
    pub async fn failures(&self, id: Id<Campaign>) -> Result<Vec<FailureTally>, Error> {
        let mut work = self.workspace.read(Permission::CampaignsView).await?;
        work.campaigns().find(id).await?.ok_or(Error::NotFound("campaign"))?;
        Ok(work.recipients().failures(id).await?)
    }
}

/// Checks what was written; answers the channel that will send it.
async fn checked(work: &mut Work<'_>, new: &NewCampaign) -> Result<Id<Channel>, Error> {
    let length = new.name.trim().chars().count();
    if length == 0 || length > NAME_MAX {
        return Err(Error::invalid(
            "CAMPAIGN_NAME",
            "name",
            format!("give a name of 1 to {NAME_MAX} characters"),
        ));
    }
    if new.rate == Some(0) {
        return Err(Error::invalid("CAMPAIGN_RATE", "rate", "send at least one message a second"));
    }
    if new.audience.phones.len() > PHONES_MAX {
        return Err(Error::invalid(
            "CAMPAIGN_AUDIENCE",
            "audience.phones",
            format!("at most {PHONES_MAX} numbers: make a group of them"),
        ));
    }
    new.rules.check(new.scheduled_at.unwrap_or_else(|| work.env().now()))?;
    let template = work.templates().find(new.template).await?.ok_or(Error::NotFound("template"))?;
    for group in &new.audience.group_ids {
        work.groups().find(*group).await?.ok_or(Error::NotFound("group"))?;
    }
    let named: HashSet<_> = new.audience.contact_ids.iter().copied().collect();
    let found = work.contacts().many(&named.iter().copied().collect::<Vec<_>>()).await?;
    if found.len() != named.len() {
        return Err(Error::NotFound("contact"));
    }
    if new.scheduled_at.is_some_and(|at| at <= work.env().now()) {
        let why = "choose a time in the future, or none to start at once";
        return Err(Error::invalid("CAMPAIGN_TIME", "scheduled_at", why));
    }
    if let Some((key, _)) =
        new.variables.iter().find(|(key, _)| !template.takes(key) && !key.ends_with(".media"))
    {
        return Err(Error::invalid(
            "TEMPLATE_VARIABLES",
            &format!("variables.{key}"),
            format!("this template has no variable {key}"),
        ));
    }
    checked_ways(work, &new.rules, &template).await?;
    Ok(template.channel)
}

/// Whether it can be sent as it is written.
pub(super) async fn sendable(work: &mut Work<'_>, campaign: &Campaign) -> Result<Template, Error> {
    let template =
        work.templates().find(campaign.template).await?.ok_or(Error::NotFound("template"))?;
    template.may_send()?;
    has_values(campaign, &template)?;
    let channel =
        work.channels().find(campaign.channel).await?.ok_or(Error::NotFound("channel"))?;
    channel.may_send()?;
    Ok(template)
}

fn has_values(campaign: &Campaign, template: &Template) -> Result<(), Error> {
    let given = |key: &str| campaign.variables.get(key).is_some_and(|text| !text.trim().is_empty());
    match template.variables().iter().find(|v| !given(&v.key)) {
        None => Ok(()),
        Some(missing) => Err(Error::invalid(
            "TEMPLATE_VARIABLES",
            &format!("variables.{}", missing.key),
            format!("give a value for {}", missing.key),
        )),
    }
}
