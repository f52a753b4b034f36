//! The repositories, one file for each trait; compiled once for each engine. Mounted by [`super`].

use super::Db;
use super::unit::{SqlSystem, SqlTenant};

mod api_keys;
mod audit;
mod audience;
mod campaigns;
mod channels;
mod claim;
mod contacts;
mod conversations;
mod groups;
mod idempotency;
mod jobs;
mod ledger;
mod many;
mod media;
mod members;
mod messages;
mod outbox;
mod portfolios;
mod recipients;
mod sends;
mod snippets;
mod system;
mod templates;
