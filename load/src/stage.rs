//! What a scenario plays on: a folder, a fresh database, a fake Graph server, and in the database one business with a
//! person, a key, numbers, a template and groups, made by the platform's own code before the server starts.

use std::path::PathBuf;
use std::sync::Arc;

use object_store::memory::InMemory;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;
use whatsapp_cloud::{GraphClient, GraphSettings};
use whatsapp_core::{Env, Group, PageRequest, Permission, Role, Secret};
use whatsapp_platform::workspace::NewChannel;
use whatsapp_platform::{NewUser, Platform, Settings};
use whatsapp_storage::repo::TemplateFilter;
use whatsapp_storage::{Mode, SqlStore, Store as _};

use crate::graph::remote::Graph;
use crate::graph::{self, WABA};
use crate::seed::{self, Rows};
use crate::{Outcome, postgres};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Who signs in.
pub(crate) const EMAIL: &str = "ana@load.example";
/// With which password; the database is gone after the run.
pub(crate) const PASSWORD: &str = "silver-morning-bicycle-41";

/// One number of the business.
pub(crate) struct Number {
    /// Our id of its template.
    pub(crate) template: String,
    /// Our id of the group of its people.
    pub(crate) group: String,
    group_row: Uuid,
    /// The channel, as rows have it.
    pub(crate) channel_row: Uuid,
}

/// A stage that is set.
pub(crate) struct Stage {
    pub(crate) folder: TempDir,
    pub(crate) engine: Engine,
    /// The database's address.
    pub(crate) database: String,
    pub(crate) graph: Graph,
    pub(crate) app_secret: String,
    pub(crate) seal_key: String,
    pub(crate) session_secret: String,
    pub(crate) api_key: String,
    /// How long a message of unknown fate waits for a status.
    pub(crate) hold: String,
    pub(crate) lease: String,
    pub(crate) tenant: Uuid,
    pub(crate) numbers: Vec<Number>,
}

/// What programs may do here.
const SCOPES: [Permission; 7] = [
    Permission::ContactsView,
    Permission::InboxViewAll,
    Permission::InboxReply,
    Permission::CampaignsView,
    Permission::CampaignsEdit,
    Permission::CampaignsSend,
    Permission::TemplatesView,
];

impl Stage {
    /// Sets one, with so many numbers at 1,000 messages a second.
    ///
    /// # Errors
    /// When something of it cannot be made.
    pub(crate) async fn set(engine: Engine, numbers: usize) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let database = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("whatsapp.db").display()),
            Engine::Postgres => postgres::database().await?,
        };
        let chance = || Env::system().uuid().simple().to_string() + "-Kx9";
        let mut stage = Self {
            folder,
            engine,
            database,
            graph: Graph::start().await?,
            app_secret: chance(),
            seal_key: chance(),
            session_secret: chance(),
            api_key: String::new(),
            hold: "24h".into(),
            lease: "60s".into(),
            tenant: Uuid::nil(),
            numbers: Vec::new(),
        };
        stage.found(numbers).await?;
        Ok(stage)
    }
    /// The server's folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
    /// The business and its numbers.
    async fn found(&mut self, numbers: usize) -> Outcome {
        let store = Arc::new(SqlStore::connect(&self.database, Env::system()).await?);
        let base = format!("http://{}", self.graph.address);
        let mut settings = Settings::default();
        settings.app_secret = Some(Secret::from(self.app_secret.as_str()));
        let platform = Platform::builder()
            .shared_store(store.clone())
            .cloud(GraphClient::new(GraphSettings::default().with_base(base))?)
            .files(InMemory::new())
            .seal_key(Secret::from(self.seal_key.as_str()))
            .settings(settings)
            .build()
            .await?;
        let tenant = platform.create_tenant("Load", "UTC").await?.id;
        self.tenant = tenant.uuid();
        let person = NewUser {
            email: EMAIL.into(),
            name: "Ana".into(),
            password: Secret::from(PASSWORD),
            superadmin: false,
            tenant: Some((tenant, Role::Admin)),
        };
        platform.create_user(person).await?;
        let desk = platform.system_workspace(tenant);
        let (_, key) =
            desk.api_keys().create_limited("Load", &SCOPES, None, 100_000_000, None).await?;
        key.expose().clone_into(&mut self.api_key);
        for place in 0..numbers {
            let new = NewChannel {
                name: Some(format!("Number {place}")),
                waba_id: WABA.into(),
                phone_number_id: graph::number_id(place),
                access_token: Secret::from("EAALoadScenarios"),
                app_secret: None,
            };
            let channel = desk.channels().connect(new).await?;
            desk.templates().sync(channel.id).await?;
            let filter = TemplateFilter { channel: Some(channel.id), ..TemplateFilter::default() };
            let found = desk.templates().page(filter, PageRequest::first(1)).await?;
            let template = found.items.first().ok_or("the template is not there")?.id;
            let env = platform.env();
            let group = Group {
                id: env.id(),
                name: format!("People of number {place}"),
                description: String::new(),
                member_count: 0,
                created_at: env.now(),
            };
            let mut tx = store.tenant(tenant, Mode::Write).await?;
            tx.groups().insert(&group).await?;
            tx.commit().await?;
            self.numbers.push(Number {
                template: template.to_string(),
                group: group.id.to_string(),
                group_row: group.id.uuid(),
                channel_row: channel.id.uuid(),
            });
        }
        Ok(())
    }
    /// Gives each number so many people of its own, before the server starts.
    ///
    /// # Errors
    /// When the database does not take them.
    pub(crate) async fn people(&self, each: u64) -> Outcome {
        let mut rows = self.rows().await?;
        for (number, place) in self.numbers.iter().zip(0_u64..) {
            let group = Some(number.group_row);
            seed::people(&mut rows, self.tenant, group, place * each, each).await?;
        }
        rows.analyse().await
    }
    /// A connection of our own to the database.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) async fn rows(&self) -> Outcome<Rows> {
        Rows::open(&self.database).await
    }
    /// Lets the fake Graph server send its statuses to a node.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn statuses_to(&self, address: &str) -> Outcome {
        let target = json!({"address": address, "secret": self.app_secret});
        self.graph.order("hooks", &target).await
    }
    /// Processor time of the database server, which on SQLite is the server's own.
    pub(crate) fn database_cpu(&self) -> f64 {
        match self.engine {
            Engine::Sqlite => 0.0,
            Engine::Postgres => postgres::cpu(),
        }
    }
}
