//! Where everything is kept: small traits that a host may implement, and our own implementation on SQLite
//! and PostgreSQL. Never decides who may do what, never calls anything outside the database.

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
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod sql;
pub mod store;

pub use error::StorageError;
pub use scope::{SystemScope, TenantScope};
pub use store::{Finish, Mode, Store, SystemTx, TenantTx};

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sql::{LeaseClock, Options, SqlStore};
