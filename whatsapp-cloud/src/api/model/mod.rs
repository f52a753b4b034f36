//! What is asked of Meta and what it answers, as types. Answers are read leniently: what is missing is not there,
//! and all of an answer is kept beside what is typed.

mod analytics;
mod call;
mod flow;
mod group;
mod health;
mod message;
mod number;
mod page;
mod people;
mod presence;
mod profile;
mod settings;
mod token;
mod waba;

pub use analytics::*;
pub use call::*;
pub use flow::*;
pub use group::*;
pub use health::*;
pub use message::*;
pub use number::*;
pub use page::*;
pub(crate) use people::read_blocked;
pub use people::*;
pub use presence::*;
pub use profile::*;
pub use settings::*;
pub use token::*;
pub use waba::*;
