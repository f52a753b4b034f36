//! A tenant with thousands of everything, and a second one, so that an index has something to say.

use std::collections::BTreeMap;

use whatsapp_core::channel::ChannelState;
use whatsapp_core::event::{JournalOutcome, VerifiedBy};
use whatsapp_core::message::Direction;
use whatsapp_core::send::Priority;
use whatsapp_core::tenant::TenantState;
use whatsapp_core::{
    Attempt, Audience, By, Campaign, CampaignStatus, Channel, Contact, ContactSource, Content,
    Conversation, ConversationStatus, Counts, Env, Event, Id, JobSpec, Lane, Message, Quality,
    Secret, Send, SendState, Span, Tenant, Timestamp, Variables,
};
use whatsapp_storage::repo::NewRecipient;
use whatsapp_storage::repo::system::NewCall;
use whatsapp_storage::{Mode, SqlStore, Store as _, TenantTx};

use crate::stores;

const PEOPLE: usize = 2_000;
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// Handles on the first tenant.
pub(crate) struct Crowd {
    pub(crate) tenant: Id<Tenant>,
    pub(crate) channel: Id<Channel>,
    pub(crate) conversation: Id<Conversation>,
    pub(crate) campaign: Id<Campaign>,
    pub(crate) send: Id<Send>,
    pub(crate) attempt: Attempt,
    pub(crate) audience: Audience,
    pub(crate) now: Timestamp,
}

pub(crate) async fn gather(store: &SqlStore) -> Crowd {
    store.migrate().await.unwrap();
    let env = stores::env();
    let crowd = tenant(store, &env).await;
    tenant(store, &env).await;
    platform(store, &env).await;
    crowd
}

async fn tenant(store: &SqlStore, env: &Env) -> Crowd {
    let tenant = Tenant {
        id: env.id(),
        name: "Tea".to_owned(),
        timezone: "UTC".to_owned(),
        state: TenantState::Active,
        created_at: NOW,
    };
    let mut system = store.system(Mode::Write).await.unwrap();
    system.tenants().insert(&tenant).await.unwrap();
    let mut unit = system.enter(tenant.id).await.unwrap();
    let channel = channel(env);
    unit.channels().insert(&channel).await.unwrap();
    let campaign = campaign(env, channel.id);
    unit.campaigns().insert(&campaign).await.unwrap();
    let (mut sends, mut messages, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..PEOPLE {
        let (contact, place) = person(&mut unit, env, channel.id, n).await;
        for part in 0..3_usize {
            let send = send(env, &channel, &contact, &campaign, n * 3 + part);
            messages.push(message(&send, &place));
            sends.push(send);
        }
        places.push(place.id);
    }
    unit.messages().insert_many(&messages).await.unwrap();
    unit.sends().insert(&sends).await.unwrap();
    let people: Vec<_> =
        sends.iter().filter(|send| send.campaign.is_some()).map(person_of).collect();
    unit.recipients().add(campaign.id, &people).await.unwrap();
    unit.portfolios().know("business", Some(100_000)).await.unwrap();
    let reached: Vec<_> = sends.iter().map(|send| (send.address.clone(), send.id)).collect();
    unit.portfolios().reach("business", &reached, Timestamp::ZERO, NOW).await.unwrap();
    let events: Vec<_> = (0..PEOPLE)
        .map(|_| (env.id(), Event::CampaignProgressed { campaign: campaign.id }))
        .collect();
    unit.outbox().append(&events, &By::System, NOW).await.unwrap();
    for n in 0..500 {
        unit.jobs().schedule(&job(env, n)).await.unwrap();
    }
    unit.commit().await.unwrap();
    system.commit().await.unwrap();
    let sent = sends.iter().find(|send| send.attempt.is_some()).unwrap();
    Crowd {
        tenant: tenant.id,
        channel: channel.id,
        conversation: places[PEOPLE / 2],
        campaign: campaign.id,
        send: sent.id,
        attempt: sent.attempt.unwrap(),
        audience: Audience {
            tags: vec!["tag1".to_owned()],
            contact_ids: vec![sent.contact],
            ..Audience::default()
        },
        now: NOW,
    }
}

async fn person(
    unit: &mut Box<dyn TenantTx + '_>,
    env: &Env,
    channel: Id<Channel>,
    n: usize,
) -> (Contact, Conversation) {
    let contact = Contact {
        id: env.id(),
        name: Some(format!("Person {n}")),
        phone: format!("+55{:011}", 10_000_000_000 + n).parse().ok(),
        bsuid: None,
        email: None,
        tags: vec![format!("tag{}", n % 50)],
        fields: BTreeMap::new(),
        opted_out_at: None,
        source: ContactSource::Seed,
        created_at: NOW,
        updated_at: NOW,
    };
    assert!(unit.contacts().insert(&contact).await.unwrap());
    let resolved = n.is_multiple_of(10);
    let place = Conversation {
        id: env.id(),
        contact: contact.id,
        channel,
        status: if resolved { ConversationStatus::Resolved } else { ConversationStatus::Open },
        assignee: n.is_multiple_of(7).then(|| env.id()),
        unread: 0,
        last_message: None,
        last_message_at: NOW - Span::seconds(i64::try_from(n).unwrap()),
        last_inbound_at: None,
        created_at: NOW,
    };
    unit.conversations().open_with(&place).await.unwrap();
    (contact, place)
}

fn channel(env: &Env) -> Channel {
    Channel {
        id: env.id(),
        name: "Main".to_owned(),
        phone: "+5511981234567".parse().unwrap(),
        verified_name: "Tea".to_owned(),
        phone_number_id: env.uuid().to_string(),
        waba_id: env.uuid().to_string(),
        portfolio: "business".to_owned(),
        messaging_limit: None,
        token_sealed: Secret::from("x"),
        app_secret_sealed: None,
        state: ChannelState::Connected,
        problem: None,
        state_at: Timestamp::ZERO,
        quality: Quality::Green,
        throughput: 80,
        pace: None,
        last_inbound_at: None,
        created_at: NOW,
    }
}

fn campaign(env: &Env, channel: Id<Channel>) -> Campaign {
    Campaign {
        id: env.id(),
        name: "Sale".to_owned(),
        channel,
        template: env.id(),
        audience: Audience::default(),
        variables: Variables::default(),
        status: CampaignStatus::Sending,
        reason: None,
        counts: Counts::default(),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
        started_at: None,
        prepared_at: None,
        completed_at: None,
        created_by: By::System,
        created_at: NOW,
        revision: 1,
    }
}

/// Mostly done, as a ledger is: few lines are in the queue, few are undecided.
fn send(env: &Env, channel: &Channel, contact: &Contact, campaign: &Campaign, n: usize) -> Send {
    let state = match n % 40 {
        0 => SendState::Queued,
        1 => SendState::Sending,
        2 => SendState::Ambiguous,
        _ => SendState::Read,
    };
    Send {
        id: env.id(),
        channel: channel.id,
        contact: contact.id,
        address: format!("+55{n:011}"),
        campaign: n.is_multiple_of(2).then_some(campaign.id),
        priority: Priority::Campaign,
        is_code: false,
        state,
        attempt: (state != SendState::Queued).then(|| Attempt::from_bytes(env.bytes())),
        attempts: 1,
        not_before: NOW,
        epoch: 1,
        wamid: Some(format!("wamid.{}", env.uuid())),
        error: None,
        created_at: NOW,
        updated_at: NOW,
        timeline: vec![(state, NOW)],
    }
}

/// Of the lines that one person has in the campaign, the store takes the first.
fn person_of(send: &Send) -> NewRecipient {
    NewRecipient { contact: send.contact, address: send.address.clone(), send: send.id }
}

fn message(send: &Send, place: &Conversation) -> Message {
    Message {
        id: send.message(),
        conversation: place.id,
        contact: send.contact,
        channel: send.channel,
        direction: Direction::Outbound,
        content: Content::text("hello"),
        by: By::System,
        wamid: None,
        reply_to_wamid: None,
        created_at: NOW,
    }
}

fn job(env: &Env, n: i64) -> JobSpec {
    JobSpec {
        id: env.id(),
        kind: "x".to_owned(),
        lane: Lane::Care,
        body: serde_json::Value::Null,
        run_at: NOW + Span::seconds(n),
        key: None,
    }
}

async fn platform(store: &SqlStore, env: &Env) {
    let mut system = store.system(Mode::Write).await.unwrap();
    let calls: Vec<_> = (0..PEOPLE)
        .map(|n| {
            let received_at = NOW - Span::seconds(i64::try_from(n).unwrap());
            NewCall {
                id: env.id_at(received_at),
                hash: env.bytes(),
                body: b"{}".to_vec(),
                verified_by: VerifiedBy::Platform,
                received_at,
            }
        })
        .collect();
    system.journal().append(&calls).await.unwrap();
    let outcomes = [JournalOutcome::Unrouted, JournalOutcome::Duplicate, JournalOutcome::Raw];
    let outcome = |n: usize| outcomes.get(n % 100).copied().unwrap_or(JournalOutcome::Applied);
    let settled = calls.iter().enumerate().skip(50).map(|(n, call)| (call.id, outcome(n), None));
    system.journal().settle(&settled.collect::<Vec<_>>()).await.unwrap();
    system.event_log().sequence(u32::try_from(PEOPLE * 2 - 50).unwrap()).await.unwrap();
    system.commit().await.unwrap();
}
