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
//! Over HTTP these control routes stand beside the Graph API's:
//!
//! | Route | What it does |
//! |---|---|
//! | `GET /_sim/world` | its address, app, token, accounts and numbers |
//! | `GET /_sim/phone` | a customer's phone for a browser; `?number=&who=&name=` chooses |
//! | `POST /_sim/inbound` | a customer acts: `{from, name?, phone_number_id?, type, text: {body} …, context?}` |
//! | `POST /_sim/open`, `/_sim/preference` | a customer opens the conversation `{phone_number_id, who}`; stops marketing `{from, stop}` |
//! | `GET /_sim/sends?after=&limit=` | what was accepted, in order |
//! | `GET /_sim/state`, `/_sim/log` | clock and webhooks still to come; refusals and faults that happened |
//! | `GET`, `PUT /_sim/faults` | the fault plan, see [`Faults`] |
//! | `POST /_sim/clock/advance` | `{seconds}` |
//! | `POST /_sim/templates/{id}` | Meta reviews a template: `{status, reason?}` |
//! | `GET /_sim/threads`, `/_sim/thread`, `/_sim/media/{id}`, `POST /_sim/media` | what the phone shows and sends |

mod accept;
mod accounts;
mod batch;
mod chance;
mod check;
mod error;
mod fact;
mod faults;
mod files;
mod hooks;
mod ids;
mod limits;
mod people;
mod process;
mod routes;
mod seed;
mod template_rules;
mod world;

#[cfg(feature = "simulator")]
pub mod cli;
#[cfg(feature = "simulator")]
mod control;
#[cfg(feature = "simulator")]
mod deliver;
#[cfg(feature = "simulator")]
mod graph;
#[cfg(feature = "simulator")]
mod http;
#[cfg(feature = "simulator")]
mod store;
#[cfg(feature = "simulator")]
mod views;

pub use faults::{Fault, Faults, Limits, Route, Rule, Speed, WebhookFaults};
pub use hooks::WebhookCall;
#[cfg(feature = "simulator")]
pub use http::{Running, SimulatorConfig, StartError, serve};
pub use process::{AcceptedSend, SimulatedNumber, Simulator};
