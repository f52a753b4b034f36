//! The repositories, one file for each trait; compiled once for each engine. Mounted by [`super`].

use sqlx::QueryBuilder;
use whatsapp_core::PageRequest;

use super::unit::{SqlSystem, SqlTenant};
use super::{Db, SEQUENCED_AT_ONCE};
use crate::sql::convert::one_more;

mod api_keys;
mod attempts;
mod audience;
mod audit;
mod campaigns;
mod channels;
mod claim;
mod contacts;
mod conversations;
mod counts;
mod doubts;
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
mod search;
mod sends;
mod snippets;
mod system;
mod templates;

/// Ends a list's query: a page and one row. SQLite plans a statement anew each time a bare parameter is its limit;
/// the cast keeps the plan.
fn up_to(query: &mut QueryBuilder<Db>, page: &PageRequest) {
    query.push(" limit cast(").push_bind(one_more(page)).push(" as bigint)");
}
