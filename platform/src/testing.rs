//! The whole platform with fakes that behave: a database in memory, a simulated Meta, a clock that is moved by
//! hand and chance from a seed. The same test gives the same run. Never part of a running product.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot be set up must end, loudly"
)]

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use object_store::memory::InMemory;
use whatsapp_cloud::CloudApi;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::event::Recorded;
use whatsapp_core::{Channel, Env, Event, Id, Lane, Role, Secret, Span, Tenant, Timestamp, User};
use whatsapp_storage::Store;
use whatsapp_storage::sql::SqlStore;

use crate::workspace::NewChannel;
use crate::{
    Builder, Error, NewUser, Platform, Realtime, Settings, Workspace, campaign, events, inbound,
    jobs, outbound, weather, worker,
};

/// A Monday morning, so that tests read like working days.
const START: Timestamp = Timestamp::from_seconds(1_772_442_000);
const SEED: u64 = 7;
const KEY: &str = "a sealing key for tests, longer than it must be";
/// Time is moved on in such steps while something waits for its slot.
const STEP: Span = Span::millis(25);
/// With so many steps in vain, nothing more will happen by itself.
const IN_VAIN: u32 = 20;
/// The password of everybody in tests.
const PASSWORD: &str = "correct horse battery staple";

/// The platform, with all that surrounds it.
#[derive(Debug)]
pub struct TestPlatform {
    /// The platform itself.
    pub platform: Platform,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Its Meta.
    pub simulator: Arc<Simulator>,
    /// What open consoles would have been told.
    pub told: Arc<Recorder>,
    tenants: usize,
    background: Background,
}

/// The background of one node, turned by hand: what [`Platform::worker`] does in loops, step by step.
#[derive(Debug, Default)]
pub struct Background {
    position: Option<i64>,
    held_until: Timestamp,
    pumps: outbound::ManualPumps,
}

/// A part of the background; in a running node each has a loop of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Applies kept webhook calls, if this node has the turn.
    Inbound,
    /// Starts and ends campaigns.
    Campaigns,
    /// Does jobs of a lane.
    Jobs(Lane),
    /// Sends.
    Sending,
    /// Tells open consoles.
    Events,
}

impl Part {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let jobs = Lane::ALL.iter().copied().map(Self::Jobs);
        [Self::Inbound, Self::Campaigns]
            .into_iter()
            .chain(jobs)
            .chain([Self::Sending, Self::Events])
    }
}

impl Background {
    /// Whatever is due at this moment, once; answers whether anything was. A part that fails does not keep the others.
    ///
    /// # Errors
    /// What the first of the parts that failed failed with.
    pub async fn step(&mut self, platform: &Platform) -> Result<bool, Error> {
        let mut ended = Vec::new();
        for part in Part::all() {
            ended.push(self.turn(platform, part).await);
        }
        ended.into_iter().try_fold(false, |busy, part| Ok(busy | part?))
    }
    /// One turn of one part; answers whether there was anything to do.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn turn(&mut self, platform: &Platform, part: Part) -> Result<bool, Error> {
        let inner = &platform.0;
        match part {
            Part::Inbound => {
                let ours = worker::hold(inner, worker::INBOUND, &mut self.held_until).await?;
                Ok(ours && inbound::project_batch(inner, inbound::BATCH).await? > 0)
            }
            Part::Campaigns => campaign::look(inner).await,
            Part::Jobs(lane) => Ok(jobs::work(inner, lane).await?.is_none()),
            Part::Sending => self.pumps.pump(inner).await,
            Part::Events => {
                while events::tick(inner, &mut self.position).await? {}
                Ok(false)
            }
        }
    }
    /// The channels this node sends for, each with the epoch of its lease.
    #[must_use]
    pub fn epochs(&self) -> Vec<(Id<Channel>, i64)> {
        self.pumps.epochs()
    }
}

/// A tenant with an owner and a connected number.
#[derive(Debug)]
pub struct TestTenant {
    /// The tenant as its owner sees it.
    pub workspace: Workspace,
    /// Its id.
    pub tenant: Id<Tenant>,
    /// Its owner.
    pub owner: Id<User>,
    /// Its number.
    pub channel: Id<Channel>,
}

/// Keeps what consoles would have been told.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Vec<Event>>);

impl Recorder {
    /// Everything so far, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Realtime for Recorder {
    async fn publish(&self, events: &[Recorded]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(events.iter().map(|recorded| recorded.event.clone()));
    }
}

impl TestPlatform {
    /// One with a database in memory.
    ///
    /// # Panics
    /// When it cannot be put together, which no test survives.
    pub async fn start() -> Self {
        Self::with(|builder, _| builder).await
    }
    /// One with a database in memory and other parts.
    ///
    /// # Panics
    /// When it cannot be put together, which no test survives.
    pub async fn with(parts: impl FnOnce(Builder, &Arc<Simulator>) -> Builder) -> Self {
        Self::try_start(parts).await.expect("a platform in memory can be put together")
    }
    /// One on a given store: PostgreSQL, or one that fails on purpose.
    ///
    /// # Panics
    /// When it cannot be put together, which no test survives.
    pub async fn on(store: impl FnOnce(Env) -> Arc<dyn Store>) -> Self {
        let (clock, env) = surroundings();
        Self::assemble(store(env.clone()), clock, env, |builder, _| builder)
            .await
            .expect("a platform can be put together")
    }

    async fn try_start(
        parts: impl FnOnce(Builder, &Arc<Simulator>) -> Builder,
    ) -> Result<Self, Error> {
        let (clock, env) = surroundings();
        let store = Arc::new(SqlStore::connect("sqlite::memory:", env.clone()).await?);
        Self::assemble(store, clock, env, parts).await
    }

    async fn assemble(
        store: Arc<dyn Store>,
        clock: Arc<ManualClock>,
        env: Env,
        parts: impl FnOnce(Builder, &Arc<Simulator>) -> Builder,
    ) -> Result<Self, Error> {
        let simulator = Arc::new(Simulator::new(SEED, env.clone()));
        let told = Arc::new(Recorder::default());
        let settings = Settings { app_secret: Some(simulator.app_secret()), ..Settings::default() };
        let builder = Platform::builder()
            .shared_store(store)
            .shared_cloud(Arc::clone(&simulator) as Arc<dyn CloudApi>)
            .files(InMemory::new())
            .seal_key(Secret::from(KEY))
            .realtime(Arc::clone(&told) as Arc<dyn Realtime>)
            .env(env)
            .settings(settings);
        let platform = parts(builder, &simulator).build().await?;
        Ok(Self { platform, clock, simulator, told, tenants: 0, background: Background::default() })
    }

    /// A new tenant on the simulator's next number.
    ///
    /// # Panics
    /// When the simulator has no number left.
    pub async fn tenant(&mut self, name: &str) -> TestTenant {
        let index = self.tenants;
        self.tenants += 1;
        let tenant = self.try_tenant(name, index).await.expect("a tenant can be made");
        self.settle().await;
        tenant
    }

    async fn try_tenant(&self, name: &str, index: usize) -> Result<TestTenant, Error> {
        let access = self
            .simulator
            .access(index)
            .ok_or_else(|| Error::Internal("the simulator has no number left".into()))?;
        let tenant = self.platform.create_tenant(name, "America/Sao_Paulo").await?;
        let owner = NewUser {
            email: format!("owner{index}@example.com"),
            name: "Marina Alves".into(),
            password: Secret::from(PASSWORD),
            superadmin: false,
            tenant: Some((tenant.id, Role::Admin)),
        };
        let owner = self.platform.create_user(owner).await?;
        let workspace = self.platform.workspace(self.platform.act_as(tenant.id, owner.id).await?);
        let channel = NewChannel {
            name: Some(name.to_owned()),
            waba_id: access.waba_id,
            phone_number_id: access.phone_number_id,
            access_token: access.token,
            app_secret: None,
        };
        let channel = workspace.channels().connect(channel).await?;
        Ok(TestTenant { workspace, tenant: tenant.id, owner: owner.id, channel: channel.id })
    }

    /// A customer of the first tenant.
    pub const fn customer<'a>(&'a mut self, phone: &'a str) -> Customer<'a> {
        Customer { world: self, phone }
    }

    /// Everything that goes out of its own accord: webhooks that are due, jobs, sends, statuses. Moves the clock
    /// on while something waits for its moment.
    ///
    /// # Panics
    /// When a step fails, or when it does not come to an end.
    pub async fn settle(&mut self) {
        let mut in_vain = 0;
        for _ in 0..200_000 {
            if self.step().await.expect("a step of the background succeeds") {
                in_vain = 0;
                continue;
            }
            let now = self.platform.env().now();
            match self.simulator.next_webhook_at() {
                Some(at) => self.clock.set(at.max(now)),
                None if in_vain < IN_VAIN => {
                    in_vain += 1;
                    self.clock.advance(STEP);
                }
                None => return,
            }
        }
        panic!("the world does not come to rest");
    }

    /// Whatever is due at this moment, once; answers whether anything was.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn step(&mut self) -> Result<bool, Error> {
        let mut busy = false;
        for call in self.simulator.take_webhooks() {
            self.platform.deliver(Some(&call.signature), call.body.into()).await?;
            busy = true;
        }
        Ok(busy | self.background.step(&self.platform).await?)
    }

    /// Looks at disk and clock, as the worker does every second.
    pub async fn look_around(&self) {
        weather::look(&self.platform.0).await;
    }

    /// What Meta accepted, as lines: `+5511… ← Hello`, templates by name.
    #[must_use]
    pub fn transcript(&self) -> Vec<String> {
        let said = |send: whatsapp_cloud::simulator::AcceptedSend| {
            let what = send.text.or(send.template).unwrap_or(send.kind);
            format!("{} ← {what}", send.to)
        };
        self.simulator.sends().into_iter().map(said).collect()
    }
}

fn surroundings() -> (Arc<ManualClock>, Env) {
    let clock = Arc::new(ManualClock::at(START));
    let env = Env::new(Arc::clone(&clock) as _, Arc::new(SeededEntropy::new(SEED)));
    (clock, env)
}

/// Somebody who writes to the first tenant.
#[derive(Debug)]
pub struct Customer<'a> {
    world: &'a mut TestPlatform,
    phone: &'a str,
}

impl Customer<'_> {
    /// Writes, and everything that follows happens.
    ///
    /// # Panics
    /// When the simulator does not know such a person.
    pub async fn says(self, text: &str) {
        self.world.simulator.write(self.phone, text).expect("a customer can write");
        self.world.settle().await;
    }
    /// Does something in the words of the simulator's `/_sim/inbound`, and everything that follows happens.
    ///
    /// # Panics
    /// When the simulator does not understand it.
    pub async fn does(self, mut act: serde_json::Value) {
        if let Some(act) = act.as_object_mut() {
            act.insert("from".to_owned(), self.phone.into());
        }
        self.world.simulator.inbound(act).expect("a customer can do this");
        self.world.settle().await;
    }
}
