//! The platform as a host uses it: a database in memory, a simulated Meta, a clock moved by hand.
#![expect(clippy::expect_used, reason = "a helper of a test may fail the test")]

mod batches;
mod channels;
mod contacts;
mod fence;
mod inbox;
mod journal;
mod journeys;
mod keys;
mod ladder;
mod lanes;
mod late;
mod leak;
mod media;
mod order;
mod pacing;
mod phone_app;
mod races;
mod repetition;
mod report;
mod rules;
mod running;
mod sending;
mod sessions;
mod setup;
mod standstill;
mod trouble;
mod weather;

use std::fmt::Debug;
use std::sync::Arc;

use whatsapp_core::{Classified, Env, Id, Role, Secret, Tenant, User};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::{Call, Error, NewUser, Platform, Workspace};
use whatsapp_storage::Store;
use whatsapp_storage::sql::SqlStore;

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "lantern violin tundra 42";

/// The stable code of what must have failed.
pub(crate) fn code<T: Debug>(result: Result<T, Error>) -> String {
    result.expect_err("this must be refused").code().into_owned()
}

/// One shop with its owner and number.
pub(crate) async fn shop() -> (TestPlatform, TestTenant) {
    let mut world = TestPlatform::start().await;
    let shop = world.tenant("Casa Aurora").await;
    (world, shop)
}

/// A platform whose store the test can look into.
pub(crate) async fn open_world() -> (TestPlatform, Arc<SqlStore>) {
    let store = SqlStore::connect("sqlite::memory:", Env::system()).await.expect("opens");
    let store = Arc::new(store);
    let given = Arc::clone(&store) as Arc<dyn Store>;
    (TestPlatform::on(move |_| given).await, store)
}

/// Somebody new in a team.
pub(crate) async fn hire(platform: &Platform, tenant: Id<Tenant>, email: &str, role: Role) -> User {
    let new = NewUser {
        email: email.into(),
        name: "Bruno Lima".into(),
        password: Secret::from(PASSWORD),
        superadmin: false,
        tenant: Some((tenant, role)),
    };
    platform.create_user(new).await.expect("a person can be added")
}

/// The tenant as that person sees it.
pub(crate) async fn seen_by(platform: &Platform, tenant: Id<Tenant>, user: &User) -> Workspace {
    platform.workspace(platform.act_as(tenant, user.id).await.expect("is in the team"))
}

/// A call that names itself; `body` stands for what it asks.
pub(crate) fn call(key: &str, body: u8) -> Call {
    Call { key: key.into(), route: "POST /things".into(), fingerprint: [body; 32] }
}
