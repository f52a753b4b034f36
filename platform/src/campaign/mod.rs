//! The life of a campaign after somebody started it: its list of people is made, it is sent by the pumps,
//! it ends when nobody is undecided. Never sends anything itself.

mod again;
mod care;
mod expand;

pub(crate) use again::{climb, failures_before, pause_for_new_text, retry};
#[cfg(feature = "testing")]
pub(crate) use care::look;
pub(crate) use care::{care, empty, too_late};
pub(crate) use expand::{address_of, expand, marketing_refused};
