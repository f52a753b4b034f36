//! Two shops, their people, their keys, and one of everything in the first.

use std::sync::Arc;

use axum::Router;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::OnceCell;
use whatsapp_core::{Env, Grants, Id, Permission, Role, Secret, Tenant, User};
use whatsapp_platform::NewUser;
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_server::{ServerSettings, router};
use whatsapp_storage::{LeaseClock, Mode, Options, SqlStore, Store};

use crate::requests::{Ask, ORIGIN};

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "lantern violin tundra 42";
/// What no answer, log line or figure may hold.
pub(crate) const CANARY: &str = "canary-7f3a-session-secret-of-the-instance";

/// Everything a test needs.
pub(crate) struct World {
    pub(crate) test: TestPlatform,
    pub(crate) app: Router,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) first: TestTenant,
    pub(crate) second: TestTenant,
    /// The owner of the first shop.
    pub(crate) owner: String,
    /// The owner of the second.
    pub(crate) stranger: String,
    /// Works in the first shop and may do nothing.
    pub(crate) powerless: String,
    /// Runs the platform and works in no shop.
    pub(crate) superadmin: String,
    /// A key of the first shop that may do everything.
    pub(crate) key: String,
}

pub(crate) fn settings() -> ServerSettings {
    ServerSettings::new(ORIGIN, Secret::from(CANARY))
}

async fn opened(url: &str, env: Env) -> Arc<dyn Store> {
    let options = Options { lease_clock: LeaseClock::Env, ..Options::default() };
    let store = SqlStore::connect_with(url, env, options).await.expect("the store opens");
    Arc::new(store)
}

/// An empty PostgreSQL database of its own.
pub(crate) async fn new_database() -> String {
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("run cargo xtask test: it starts the PostgreSQL these tests need");
    let name = format!("server_{}", Env::system().uuid().simple());
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL answers");
    let statement = format!("create database {name}");
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.expect("a database");
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    format!("{base}/{name}")
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::over("sqlite::memory:".to_owned()).await
    }
    pub(crate) async fn on_postgres() -> Self {
        Self::over(new_database().await).await
    }
    pub(crate) async fn over(url: String) -> Self {
        let slot: Arc<OnceCell<Arc<dyn Store>>> = Arc::default();
        let taken = slot.clone();
        // The platform makes its own surroundings and asks for a store in them.
        let test = TestPlatform::on(move |env| {
            let runtime = tokio::runtime::Handle::current();
            let store = tokio::task::block_in_place(|| runtime.block_on(opened(&url, env)));
            taken.set(store.clone()).expect("one store");
            store
        })
        .await;
        let store = slot.get().expect("a store").clone();
        Self::around(test, store).await
    }
    async fn around(mut test: TestPlatform, store: Arc<dyn Store>) -> Self {
        let (first, second) = (test.tenant("Casa Aurora").await, test.tenant("Blue Harbor").await);
        let app = router(test.platform.clone(), settings());
        let mut world = Self {
            owner: String::new(),
            stranger: String::new(),
            powerless: String::new(),
            superadmin: String::new(),
            key: String::new(),
            test,
            app,
            store,
            first,
            second,
        };
        world.owner =
            world.person("ana@aurora.example", Some((world.first.tenant, Role::Admin)), None).await;
        world.stranger = world
            .person("owen@harbor.example", Some((world.second.tenant, Role::Admin)), None)
            .await;
        let nothing = Some(Grants::default());
        world.powerless = world
            .person("mei@aurora.example", Some((world.first.tenant, Role::Member)), nothing)
            .await;
        world.superadmin = world.person("root@platform.example", None, None).await;
        world.key = world.key_of(world.first.tenant, Permission::ALL).await;
        world
    }
    /// Makes a person and signs in; answers the session's token.
    pub(crate) async fn person(
        &self,
        email: &str,
        place: Option<(Id<Tenant>, Role)>,
        grants: Option<Grants>,
    ) -> String {
        let new = NewUser {
            email: email.into(),
            name: "Somebody Else".into(),
            password: Secret::from(PASSWORD),
            superadmin: place.is_none(),
            tenant: place,
        };
        let user = self.test.platform.create_user(new).await.expect("a person");
        if let (Some((tenant, _)), Some(grants)) = (place, grants) {
            self.grant(tenant, user.id, grants).await;
        }
        let signed_in =
            self.test.platform.login(email, &Secret::from(PASSWORD), "203.0.113.9").await;
        signed_in.expect("a session").token.expose().to_owned()
    }
    pub(crate) async fn grant(&self, tenant: Id<Tenant>, user: Id<User>, grants: Grants) {
        let mut tx = self.store.tenant(tenant, Mode::Write).await.expect("a unit of work");
        let mut member = tx.members().find(user).await.expect("reads").expect("a member");
        member.grants = grants;
        assert!(tx.members().update(&member).await.expect("updates"));
        tx.commit().await.expect("commits");
    }
    pub(crate) async fn key_of(&self, tenant: Id<Tenant>, scopes: &[Permission]) -> String {
        let desk = self.test.platform.system_workspace(tenant);
        let made = desk.api_keys().create_limited("Test", scopes, None, 100_000, None).await;
        made.expect("a key").1.expose().to_owned()
    }
    pub(crate) async fn owner_posts(&self, path: &str, body: serde_json::Value) -> String {
        let answer = Ask::post(path, &body).cookie(&self.owner).send(&self.app).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer.id()
    }
    /// A conversation of the first shop whose customer has just written.
    pub(crate) async fn talk(&mut self) -> String {
        self.test.customer("+5511988887777").says("Is the lamp still there?").await;
        let found = Ask::get("/api/console/conversations")
            .cookie(&self.owner)
            .send(&self.app)
            .await
            .expect(200);
        found.json()["data"][0]["id"].as_str().expect("a conversation").to_owned()
    }
    pub(crate) async fn contact(&self, phone: &str) -> String {
        self.owner_posts("/api/console/contacts", json!({ "phone": phone, "name": "Lia" })).await
    }
    /// An approved template of the first shop without variables.
    pub(crate) async fn template(&self) -> String {
        let path = "/api/console/templates?status=approved&search=store_hours";
        let found = Ask::get(path).cookie(&self.owner).send(&self.app).await.expect(200);
        found.json()["data"][0]["id"].as_str().expect("a template").to_owned()
    }
    pub(crate) async fn campaign(&self) -> String {
        let (template, contact) = (self.template().await, self.contact("+5511977776666").await);
        let body = json!({ "name": "Autumn", "template_id": template, "audience": { "contact_ids": [contact] } });
        self.owner_posts("/api/console/campaigns", body).await
    }
}
