//! An honest Meta with a seed and a clock, for tests and demonstrations.
//!
//! One pure state machine, two doors: [`Simulator`] in process, deterministic and without sockets; and, with the
//! feature `simulator`, `serve`, the same over HTTP so that the real client talks to it, with a phone page for a
//! browser. Never part of a running product: nothing here is for production.
//!
//! It accepts and refuses as the Cloud API does: token, forms and lengths, templates and their values, 80 messages
//! a second, 45 at once and then one in six seconds to one person, the 24-hour window (free-form messages outside
//! are accepted and fail by webhook, as Meta's do), five-minute addresses of files. What was accepted is the truth
//! that a test compares with: [`Simulator::sends`].
//!
//! Over HTTP control routes stand beside the Graph API's, under `/_sim`: people act and change, numbers are made
//! faster or taken away, faults are planned ([`Faults`]), time moves, and the truth is told. `GET
//! /_sim/openapi.json` describes them all; `GET /_sim/phone` is a customer's phone for a browser.

mod accept;
mod accounts;
mod acts;
mod announce;
mod batch;
mod blocks;
mod body;
mod calls;
mod chance;
mod changes;
mod check;
mod coexist;
mod compact;
mod desk;
mod error;
mod fact;
#[cfg(feature = "simulator")]
mod fact_line;
mod fate;
mod faults;
mod figures;
mod files;
mod flows;
mod group_deeds;
mod group_sends;
mod groups;
mod handles;
mod health;
mod history;
mod hooks;
mod ids;
mod items;
#[cfg(test)]
#[cfg(feature = "simulator")]
mod kept;
mod limits;
mod lines;
mod marketing;
mod numbers;
mod office;
mod office_handles;
mod past;
mod people;
mod persons;
mod portfolio;
mod presence;
mod pricing;
mod process;
mod profile;
mod quota;
mod refers;
mod regions;
#[cfg(test)]
#[cfg(feature = "simulator")]
mod replay;
mod routes;
mod seed;
mod shelf;
mod signup;
mod silence;
mod template_figures;
mod template_form;
mod template_hand;
mod template_items;
mod template_more;
mod template_parts;
mod template_plan;
#[cfg(test)]
mod template_replay;
mod template_rules;
mod template_write;
mod templates;
mod titles;
mod tokens;
mod tuning;
mod uploads;
mod voice;
mod world;

#[cfg(feature = "simulator")]
mod callbacks;
#[cfg(feature = "simulator")]
pub mod cli;
#[cfg(feature = "simulator")]
mod control;
#[cfg(feature = "simulator")]
mod deliver;
#[cfg(feature = "simulator")]
mod disk;
#[cfg(feature = "simulator")]
mod graph;
#[cfg(feature = "simulator")]
mod http;
#[cfg(feature = "simulator")]
mod levers;
#[cfg(feature = "simulator")]
mod office_levers;
#[cfg(feature = "simulator")]
mod phone_routes;
#[cfg(feature = "simulator")]
mod shorten;
#[cfg(feature = "simulator")]
mod slow;
#[cfg(feature = "simulator")]
mod store;
#[cfg(feature = "simulator")]
mod template_view;
#[cfg(feature = "simulator")]
mod views;

pub use faults::{Fault, Faults, Route, Rule};
pub use hooks::WebhookCall;
#[cfg(feature = "simulator")]
pub use http::{Running, SimulatorConfig, StartError, serve};
pub use process::{AcceptedSend, SimulatedNumber, Simulator};
pub use template_plan::TemplateReview;
pub use tuning::{Limits, MessagingLimit, Speed, WebhookFaults};
