//! What the tests need around them: tenants, and nouns with plausible values.

use std::collections::BTreeMap;

use whatsapp_core::campaign::CampaignRules;
use whatsapp_core::channel::ChannelState;
use whatsapp_core::message::Direction;
use whatsapp_core::send::Priority;
use whatsapp_core::template::Category;
use whatsapp_core::tenant::TenantState;
use whatsapp_core::{
    Attempt, Audience, By, Campaign, CampaignStatus, Channel, Contact, ContactSource, Content,
    Conversation, ConversationStatus, Counts, Env, Id, Message, Phone, Quality, Secret, Send,
    SendState, Span, Template, TemplateStatus, Tenant, Timestamp, Variables,
};

use crate::{Mode, StorageError, Store, SystemTx, TenantTx};

/// The moment at which the tests play.
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

/// So many seconds after [`NOW`].
pub(super) fn later(seconds: i64) -> Timestamp {
    NOW + Span::seconds(seconds)
}

/// The store under test, and chance.
pub(super) struct World<'s> {
    pub(super) store: &'s dyn Store,
    pub(super) env: Env,
}

/// A tenant with one channel, one contact and their conversation.
pub(super) struct Shop {
    pub(super) tenant: Id<Tenant>,
    pub(super) channel: Channel,
    pub(super) contact: Contact,
    pub(super) conversation: Conversation,
}

impl<'s> World<'s> {
    pub(super) fn new(store: &'s dyn Store) -> Self {
        Self { store, env: Env::system() }
    }
    pub(super) async fn write(
        &self,
        tenant: Id<Tenant>,
    ) -> Result<Box<dyn TenantTx>, StorageError> {
        self.store.tenant(tenant, Mode::Write).await
    }
    pub(super) async fn read(&self, tenant: Id<Tenant>) -> Result<Box<dyn TenantTx>, StorageError> {
        self.store.tenant(tenant, Mode::Read).await
    }
    pub(super) async fn system(&self) -> Result<Box<dyn SystemTx>, StorageError> {
        self.store.system(Mode::Write).await
    }
    /// A new tenant.
    pub(super) async fn tenant(&self) -> Result<Id<Tenant>, StorageError> {
        let tenant = Tenant {
            id: self.env.id(),
            name: "Tea & Co".to_owned(),
            timezone: "America/Sao_Paulo".to_owned(),
            state: TenantState::Active,
            created_at: NOW,
        };
        let mut system = self.system().await?;
        system.tenants().insert(&tenant).await?;
        system.commit().await?;
        Ok(tenant.id)
    }
    /// A new tenant with a channel, a contact and their conversation.
    pub(super) async fn shop(&self) -> Result<Shop, StorageError> {
        let tenant = self.tenant().await?;
        let (channel, contact) = (self.channel(), self.contact("Ana"));
        let conversation = self.conversation(&channel, &contact);
        let mut unit = self.write(tenant).await?;
        assert!(unit.channels().insert(&channel).await?, "a new number can be connected");
        assert!(unit.contacts().insert(&contact).await?, "a new contact can be kept");
        let (_, fresh) = unit.conversations().open_with(&conversation).await?;
        assert!(fresh, "a first thread is new");
        unit.commit().await?;
        Ok(Shop { tenant, channel, contact, conversation })
    }
    pub(super) fn phone(&self) -> Phone {
        let text = format!("+5511{:010}", self.env.below(10_000_000_000));
        Phone::try_from(text).unwrap_or_else(|error| unreachable!("a made-up number: {error}"))
    }
    pub(super) fn channel(&self) -> Channel {
        Channel {
            id: self.env.id(),
            name: "Main number".to_owned(),
            phone: self.phone(),
            verified_name: "Tea & Co".to_owned(),
            phone_number_id: format!("pn-{}", self.env.uuid()),
            waba_id: format!("waba-{}", self.env.uuid()),
            portfolio: format!("business-{}", self.env.uuid()),
            messaging_limit: None,
            token_sealed: Secret::from("sealed token"),
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
    pub(super) fn contact(&self, name: &str) -> Contact {
        Contact {
            id: self.env.id(),
            name: Some(name.to_owned()),
            phone: Some(self.phone()),
            bsuid: None,
            email: None,
            tags: Vec::new(),
            fields: BTreeMap::new(),
            opted_out_at: None,
            source: ContactSource::Api,
            created_at: NOW,
            updated_at: NOW,
        }
    }
    pub(super) fn conversation(&self, channel: &Channel, contact: &Contact) -> Conversation {
        Conversation {
            id: self.env.id(),
            contact: contact.id,
            channel: channel.id,
            status: ConversationStatus::Open,
            assignee: None,
            unread: 0,
            last_message: None,
            last_message_at: NOW,
            last_inbound_at: None,
            created_at: NOW,
        }
    }
    pub(super) fn message(&self, shop: &Shop, text: &str, at: Timestamp) -> Message {
        Message {
            id: self.env.id(),
            conversation: shop.conversation.id,
            contact: shop.contact.id,
            channel: shop.channel.id,
            direction: Direction::Inbound,
            content: Content::text(text),
            by: By::Contact(shop.contact.id),
            wamid: Some(format!("wamid.{}", self.env.uuid())),
            reply_to_wamid: None,
            created_at: at,
        }
    }
    /// A queued line and its message.
    pub(super) fn send(&self, shop: &Shop, priority: Priority) -> Send {
        Send {
            id: self.env.id(),
            channel: shop.channel.id,
            contact: shop.contact.id,
            address: self.phone().to_string(),
            campaign: None,
            priority,
            is_code: false,
            state: SendState::Queued,
            attempt: None,
            attempts: 0,
            not_before: NOW,
            epoch: 0,
            wamid: None,
            error: None,
            created_at: NOW,
            updated_at: NOW,
            timeline: vec![(SendState::Queued, NOW)],
        }
    }
    pub(super) fn attempt(&self) -> Attempt {
        Attempt::from_bytes(self.env.bytes())
    }
    pub(super) fn template(&self, channel: &Channel, name: &str) -> Template {
        Template {
            id: self.env.id(),
            channel: channel.id,
            meta_id: format!("{}", self.env.uuid()),
            name: name.to_owned(),
            language: "pt_BR".to_owned(),
            category: Category::Marketing,
            status: TemplateStatus::Approved,
            quality: Quality::Green,
            rejected_reason: None,
            named: false,
            components: serde_json::json!([{"type": "BODY", "text": "Hello {{1}}"}]),
            updated_at: NOW,
        }
    }
    pub(super) fn campaign(&self, shop: &Shop, status: CampaignStatus) -> Campaign {
        Campaign {
            id: self.env.id(),
            name: "São João".to_owned(),
            channel: shop.channel.id,
            template: self.env.id(),
            audience: Audience { tags: vec!["vip".to_owned()], ..Audience::default() },
            variables: Variables::from_pairs([("1".to_owned(), "{{name|friend}}".to_owned())]),
            status,
            reason: None,
            counts: Counts::default(),
            rate: Some(10),
            rules: CampaignRules::default(),
            scheduled_at: None,
            started_at: None,
            prepared_at: None,
            completed_at: None,
            created_by: By::System,
            created_at: NOW,
            revision: 1,
        }
    }
    /// Keeps a campaign and `n` queued lines of it.
    pub(super) async fn campaign_lines(
        &self,
        shop: &Shop,
        status: CampaignStatus,
        n: usize,
    ) -> Result<(Campaign, Vec<Send>), StorageError> {
        let campaign = self.campaign(shop, status);
        let mut lines = Vec::with_capacity(n);
        for _ in 0..n {
            let mut line = self.send(shop, Priority::Campaign);
            line.campaign = Some(campaign.id);
            lines.push(line);
        }
        lines.sort_by_key(|line| line.id);
        let mut unit = self.write(shop.tenant).await?;
        unit.campaigns().insert(&campaign).await?;
        unit.sends().insert(&lines).await?;
        unit.commit().await?;
        Ok((campaign, lines))
    }
}
