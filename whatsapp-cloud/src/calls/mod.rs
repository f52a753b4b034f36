//! Everything that can be asked of Meta, written once over [`Transport`](crate::Transport): each call makes a
//! request and reads the answer. Never retries, never keeps state.

mod account;
mod batch;
mod marketing;
mod media;
mod messaging;
mod template_admin;
mod template_groups;
mod templates;
mod uploads;

pub use batch::{BATCH_MAX, batch};
pub use marketing::{MarketingApi, MarketingOptions};
