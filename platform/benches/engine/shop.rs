//! One business with its numbers, people and campaigns, and what Meta would tell of them.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use whatsapp_cloud::webhook::sign;
use whatsapp_core::{
    Audience, Campaign, CampaignStatus, Channel, Contact, ContactSource, Env, Id, NewContact,
    PageRequest, Secret, Tenant, Variables,
};
use whatsapp_platform::workspace::{NewCampaign, NewChannel};
use whatsapp_platform::{Platform, Workspace};
use whatsapp_storage::{Mode, Store};

use crate::meta::{ACCOUNT, number_id};
use crate::{Failure, SECRET};

pub(crate) struct Shop {
    tenant: Id<Tenant>,
    workspace: Workspace,
    campaigns: Vec<Id<Campaign>>,
}

/// The number of a person.
fn phone(nth: usize) -> String {
    format!("5521{:09}", 900_000_000 + nth)
}

impl Shop {
    /// Numbers, people, and the draft of a campaign over each number.
    pub(crate) async fn open(
        platform: &Platform,
        store: &dyn Store,
        numbers: usize,
        people: usize,
    ) -> Result<Self, Failure> {
        let tenant = platform.create_tenant("Bench", "America/Sao_Paulo").await?.id;
        let workspace = platform.system_workspace(tenant);
        let group = workspace.groups().create("Everybody", "").await?.id;
        let (env, mut ids) = (platform.env(), Vec::new());
        let mut tx = store.tenant(tenant, Mode::Write).await?;
        for nth in 0..people {
            let contact = person(env, nth)?;
            tx.contacts().insert(&contact).await?;
            ids.push(contact.id);
        }
        tx.commit().await?;
        for some in ids.chunks(1_000) {
            workspace.groups().add_members(group, some).await?;
        }
        let mut campaigns = Vec::new();
        for nth in 0..numbers {
            let channel = connect(&workspace, nth).await?;
            workspace.templates().sync(channel).await?;
            let templates =
                workspace.templates().page(Default::default(), PageRequest::first(100)).await?;
            let template = templates.items.iter().find(|t| t.channel == channel);
            let template = template.ok_or("a channel has a template")?;
            let audience = Audience { group_ids: vec![group], ..Audience::default() };
            let variables = template.variables().into_iter().map(|v| (v.key, "Ana".to_owned()));
            let new = NewCampaign {
                name: format!("Campaign {nth}"),
                template: template.id,
                audience,
                variables: Variables::from_pairs(variables),
                rate: None,
                rules: whatsapp_core::campaign::CampaignRules::default(),
                scheduled_at: None,
            };
            campaigns.push(workspace.campaigns().create(new, None).await?.campaign.id);
        }
        Ok(Self { tenant, workspace, campaigns })
    }

    /// Starts the campaigns and pauses them as soon as their lists are made: sending is measured, not that.
    pub(crate) async fn prepare(&self, platform: &Platform) -> Result<(), Failure> {
        // A number that is paused sends nothing while the lists are made.
        for campaign in &self.campaigns {
            self.workspace.campaigns().start(*campaign).await?;
        }
        let (stop, worker) = (CancellationToken::new(), platform.worker());
        let stopped = stop.clone();
        let task = tokio::spawn(async move { worker.run(stopped).await });
        for campaign in &self.campaigns {
            loop {
                let seen = self.workspace.campaigns().find(*campaign).await?.campaign;
                if seen.status == CampaignStatus::Sending {
                    self.workspace.campaigns().pause(*campaign).await?;
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        stop.cancel();
        Ok(task.await?)
    }
    pub(crate) async fn resume(&self) -> Result<(), Failure> {
        for campaign in &self.campaigns {
            self.workspace.campaigns().resume(*campaign).await?;
        }
        Ok(())
    }
    /// How many are not decided.
    pub(crate) async fn waiting(&self) -> Result<i64, Failure> {
        let mut waiting = 0;
        for campaign in &self.campaigns {
            waiting += self.workspace.campaigns().find(*campaign).await?.campaign.counts.waiting;
        }
        Ok(waiting)
    }
    /// A call for each of so many persons who write a text.
    pub(crate) fn texts(&self, calls: usize) -> Vec<(String, Vec<u8>)> {
        (0..calls).map(|nth| signed(&text(nth))).collect()
    }
    /// Three calls for each message that was sent: sent, delivered, read, in this order (the last first).
    pub(crate) async fn statuses(&self) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let mut calls = Vec::new();
        for (nth, campaign) in self.campaigns.iter().enumerate().take(1) {
            let mut after = None;
            loop {
                let lines = self.workspace.campaigns().report(*campaign, after).await?;
                for line in &lines {
                    let (Some(wamid), Some(attempt)) = (&line.wamid, &line.attempt) else {
                        continue;
                    };
                    for word in ["read", "delivered", "sent"] {
                        let data = attempt.callback_data();
                        calls.push(signed(&status(nth, wamid, word, &data)));
                    }
                }
                let Some(last) = lines.last() else { break };
                after = Some(last.send);
            }
        }
        let _ = self.tenant;
        Ok(calls)
    }
}

fn person(env: &Env, nth: usize) -> Result<Contact, Failure> {
    let new = NewContact::with_phone(format!("+{}", phone(nth)).parse()?);
    Ok(Contact::new(new, ContactSource::Api, env)?)
}

async fn connect(workspace: &Workspace, nth: usize) -> Result<Id<Channel>, Failure> {
    let new = NewChannel {
        name: None,
        waba_id: ACCOUNT.to_owned(),
        phone_number_id: number_id(nth),
        access_token: Secret::from("EAAGbench0123456789abcdef"),
        app_secret: None,
    };
    Ok(workspace.channels().connect(new).await?.id)
}

fn signed(body: &str) -> (String, Vec<u8>) {
    (sign(&Secret::from(SECRET), body.as_bytes()), body.as_bytes().to_vec())
}

fn call(nth: usize, value: &str) -> String {
    let id = number_id(nth);
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{ACCOUNT}","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"55119{id}","phone_number_id":"{id}"}},{value}}}}}]}}]}}"#
    )
}

fn text(nth: usize) -> String {
    let from = phone(nth);
    let value = format!(
        r#""contacts":[{{"profile":{{"name":"Person {nth}"}},"wa_id":"{from}"}}],"messages":[{{"from":"{from}","id":"wamid.HBgNNTUyMTk4MTIzNDU2NxUCABIYI{nth:026}","timestamp":"1772442000","type":"text","text":{{"body":"Hello, where is my order? It should have come yesterday."}}}}]"#
    );
    call(0, &value)
}

fn status(nth: usize, wamid: &str, word: &str, data: &str) -> String {
    let value = format!(
        r#""statuses":[{{"id":"{wamid}","status":"{word}","timestamp":"1772442001","recipient_id":"5521900000000","biz_opaque_callback_data":"{data}","pricing":{{"billable":true,"pricing_model":"PMP","category":"utility","type":"regular"}}}}]"#
    );
    call(nth, &value)
}
