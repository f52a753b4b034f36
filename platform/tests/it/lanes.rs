//! Lanes with calls that really run beside each other: the pump's own loop, on the system's clock.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use object_store::memory::InMemory;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_cloud::transport::{GraphAnswer, GraphRequest, Payload, Transport};
use whatsapp_cloud::{CloudApi, CloudError};
use whatsapp_core::{
    Audience, Content, Env, PageRequest, Role, Secret, SendState, Span, Template, Variables,
};
use whatsapp_platform::workspace::{NewCampaign, NewChannel};
use whatsapp_platform::{NewUser, Platform, Settings, Workspace};
use whatsapp_storage::sql::SqlStore;

use crate::PASSWORD;

/// A Meta that takes templates in and does not answer until it is let.
struct Slow {
    meta: Arc<Simulator>,
    gate: Semaphore,
    /// How many templates wait for their answer.
    waiting: watch::Sender<usize>,
}

#[async_trait]
impl Transport for Slow {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        let template =
            matches!(&request.payload, Payload::Json(body) if body.get("template").is_some());
        if template {
            self.waiting.send_modify(|waiting| *waiting += 1);
            let passed = self.gate.acquire().await;
            passed.expect("the gate is never closed").forget();
        }
        self.meta.exchange(request).await
    }
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        self.meta.fetch(token, url, max_bytes).await
    }
}

const CONCURRENCY: usize = 12;
const RESERVE: usize = 4;

async fn platform(slow: &Arc<Slow>) -> Platform {
    let env = Env::system();
    let mut settings = Settings::default();
    settings.app_secret = Some(slow.meta.app_secret());
    settings.concurrency = CONCURRENCY;
    settings.pacing.reserve = RESERVE;
    settings.poll = Span::millis(50);
    let store = SqlStore::connect("sqlite::memory:", env.clone()).await.expect("opens");
    let built = Platform::builder()
        .store(store)
        .shared_cloud(Arc::clone(slow) as Arc<dyn CloudApi>)
        .files(InMemory::new())
        .seal_key(Secret::from("a sealing key for tests, longer than it must be"))
        .env(env)
        .settings(settings);
    built.build().await.expect("a platform is put together")
}

async fn shop(platform: &Platform, slow: &Slow) -> Workspace {
    let tenant = platform.create_tenant("Casa Aurora", "America/Sao_Paulo").await.expect("made");
    let owner = NewUser {
        email: "owner@example.com".into(),
        name: "Marina Alves".into(),
        password: Secret::from(PASSWORD),
        superadmin: false,
        tenant: Some((tenant.id, Role::Admin)),
    };
    let owner = platform.create_user(owner).await.expect("made");
    let workspace = platform.workspace(platform.act_as(tenant.id, owner.id).await.expect("acts"));
    let access = slow.meta.access(0).expect("Meta has a number");
    let channel = NewChannel {
        name: None,
        waba_id: access.waba_id,
        phone_number_id: access.phone_number_id,
        access_token: access.token,
        app_secret: None,
    };
    workspace.channels().connect(channel).await.expect("connects");
    workspace
}

/// Waits until it is so; a test that waits in vain fails by its own time limit.
async fn until<T>(what: impl AsyncFn() -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = what().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), found).await.expect("it comes to be")
}

async fn start_campaign(workspace: &Workspace, people: usize) {
    let templates = workspace.templates();
    let template = until(async || {
        let page = templates.page(Default::default(), PageRequest::first(200)).await;
        let simple = |t: &Template| {
            t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body")
        };
        page.expect("reads").items.into_iter().find(simple)
    })
    .await;
    let variables = template.variables().into_iter().map(|v| (v.key, "x".to_owned()));
    let number = |n| format!("+5511{:09}", 920_000_000 + n).parse().expect("valid");
    let new = NewCampaign {
        name: "All".into(),
        template: template.id,
        audience: Audience { phones: (0..people).map(number).collect(), ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let campaigns = workspace.campaigns();
    let id = campaigns.create(new, None).await.expect("is drafted").campaign.id;
    campaigns.start(id).await.expect("starts");
}

#[tokio::test]
async fn an_agent_s_reply_leaves_while_every_call_of_a_campaign_hangs() {
    let meta = Arc::new(Simulator::new(7, Env::system()));
    let (waiting, mut hangs) = watch::channel(0);
    let slow = Arc::new(Slow { meta, gate: Semaphore::new(0), waiting });
    let platform = platform(&slow).await;
    let workspace = shop(&platform, &slow).await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(platform.worker().run(stop.clone()));
    slow.meta.write("+5511981234567", "Is my box ready?").expect("writes");
    let conversations = workspace.conversations();
    let ana = until(async || {
        for call in slow.meta.take_webhooks() {
            platform.deliver(Some(&call.signature), call.body.into()).await.expect("delivers");
        }
        let page = conversations.page(Default::default(), PageRequest::default()).await;
        page.expect("reads").items.pop().map(|view| view.conversation.id)
    })
    .await;
    start_campaign(&workspace, 50).await;
    let all = hangs.wait_for(|waiting| *waiting >= CONCURRENCY - RESERVE);
    let all = tokio::time::timeout(Duration::from_secs(30), all).await;
    drop(all.expect("the campaign uses what it may").expect("the sender lives"));

    let messages = workspace.messages();
    let sent = messages.send(ana, Content::text("It is ready"), None, None).await.expect("taken");
    let id = sent.message.id;
    let accepted = async || {
        let state = messages.find(id).await.expect("finds").state()?;
        (state.rank() >= SendState::Accepted.rank()).then_some(())
    };
    tokio::time::timeout(Duration::from_secs(5), until(accepted)).await.expect("soon");
    assert_eq!(*slow.waiting.borrow(), CONCURRENCY - RESERVE, "the campaign got no more calls");

    slow.gate.add_permits(50);
    until(async || (slow.meta.sends().len() == 51).then_some(())).await;
    stop.cancel();
    worker.await.expect("the worker ends");
}
