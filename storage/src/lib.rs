//! Where everything is kept: small traits that a host may implement, and our own implementation on SQLite
//! and PostgreSQL. Never decides who may do what, never calls anything outside the database.
//!
//! A [`Store`] hands out units of work: [`Store::tenant`] for one tenant, [`Store::system`] for the platform
//! itself. Inside one, each noun has a small trait ([`repo`]); no method takes a tenant, because the unit was
//! opened for one.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use whatsapp_core::{Env, Tenant, tenant::TenantState};
//! use whatsapp_storage::{Mode, SqlStore, Store as _};
//!
//! let env = Env::system();
//! let store = SqlStore::connect("sqlite::memory:", env.clone()).await?;
//! store.migrate().await?;
//!
//! let tenant = Tenant {
//!     id: env.id(),
//!     name: "Tea & Co".to_owned(),
//!     timezone: "America/Sao_Paulo".to_owned(),
//!     state: TenantState::Active,
//!     created_at: env.now(),
//! };
//! let mut system = store.system(Mode::Write).await?;
//! system.tenants().insert(&tenant).await?;
//! system.commit().await?; // without this, nothing of it happened
//!
//! let mut unit = store.tenant(tenant.id, Mode::Read).await?;
//! assert!(unit.channels().list().await?.is_empty());
//! # Ok::<(), whatsapp_storage::StorageError>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How to implement a backend
//!
//! 1. Make a type for a tenant's unit of work and one for the platform's, each around a transaction of your
//!    database, and implement the small traits of [`repo`] on the first and of [`repo::system`] on the second.
//!    Nothing registers them: a type that has all of them *is* a [`TenantScope`] or [`SystemScope`].
//! 2. Implement [`Finish`] on both. A unit that is dropped must leave nothing behind. After a failed statement
//!    a unit must answer nothing but errors, and must not commit: that is how all stores behave.
//! 3. Implement [`SystemTx::enter`] with a savepoint.
//! 4. Implement [`Store`], and run the suite of the feature `conformance` against it, on an empty database:
//!    `conformance::run_all(&mine).await`. It knows every promise of the traits, and tries from one tenant
//!    to reach what another one has.
//!
//! One small trait on a made-up unit, whose "transaction" is a map that `commit` would write back:
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use async_trait::async_trait;
//! use whatsapp_core::{Id, Snippet};
//! use whatsapp_storage::StorageError;
//! use whatsapp_storage::repo::SnippetStore;
//!
//! /// A unit of work for one tenant, holding only that tenant's rows.
//! #[derive(Default)]
//! struct MyUnit {
//!     snippets: BTreeMap<Id<Snippet>, Snippet>,
//! }
//!
//! impl MyUnit {
//!     fn is_taken(&self, snippet: &Snippet) -> bool {
//!         self.snippets.values().any(|s| s.shortcut == snippet.shortcut && s.id != snippet.id)
//!     }
//! }
//!
//! #[async_trait]
//! impl SnippetStore for MyUnit {
//!     async fn find(&mut self, id: Id<Snippet>) -> Result<Option<Snippet>, StorageError> {
//!         Ok(self.snippets.get(&id).cloned())
//!     }
//!     async fn list(&mut self) -> Result<Vec<Snippet>, StorageError> {
//!         let mut all: Vec<_> = self.snippets.values().cloned().collect();
//!         all.sort_by(|a, b| a.shortcut.cmp(&b.shortcut));
//!         Ok(all)
//!     }
//!     async fn insert(&mut self, snippet: &Snippet) -> Result<bool, StorageError> {
//!         // What can be expected is an answer, not an error: an error would end the unit.
//!         let free = !self.is_taken(snippet);
//!         if free {
//!             self.snippets.insert(snippet.id, snippet.clone());
//!         }
//!         Ok(free)
//!     }
//!     async fn update(&mut self, snippet: &Snippet) -> Result<bool, StorageError> {
//!         if self.is_taken(snippet) {
//!             return Ok(false);
//!         }
//!         Ok(self.snippets.get_mut(&snippet.id).map(|kept| *kept = snippet.clone()).is_some())
//!     }
//!     async fn delete(&mut self, id: Id<Snippet>) -> Result<bool, StorageError> {
//!         Ok(self.snippets.remove(&id).is_some())
//!     }
//! }
//! ```
//!
//! # Features
//!
//! `sqlite` and `postgres` (both on by default) build [`SqlStore`]; `conformance` the public suite; `testing`
//! a store that fails on purpose (`faulty::Faulty`).

#![cfg_attr(
    all(feature = "sqlite", feature = "postgres"),
    expect(
        clippy::duplicate_mod,
        reason = "the repositories are one text, compiled for each engine"
    )
)]

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod error;
#[cfg(feature = "testing")]
pub mod faulty;
pub mod repo;
pub mod scope;
pub mod signals;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod sql;
pub mod store;

pub use error::StorageError;
pub use scope::{SystemScope, TenantScope};
pub use store::{Finish, Mode, Place, Store, SystemTx, TenantTx};

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sql::{LeaseClock, Options, SqlStore};

#[cfg(feature = "sqlite")]
pub use sql::backup;
