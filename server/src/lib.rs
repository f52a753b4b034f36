//! The reference server: Meta's webhooks, the public REST API, the console's API, Socket.IO and the console
//! itself, over a [`Platform`]. Thin on purpose: a handler reads a request, calls one verb of the platform and
//! writes an answer; it decides nothing about messages or campaigns.
//!
//! A host mounts the same router in its own program:
//!
//! ```no_run
//! # fn mount(platform: whatsapp_platform::Platform) -> axum::Router {
//! use whatsapp_core::Secret;
//! use whatsapp_server::{ServerSettings, router};
//! let secret = Secret::from("at least 32 characters of chance…");
//! router(platform, ServerSettings::new("https://chat.example.com", secret))
//! # }
//! ```

pub mod cli;
mod commands;
pub mod config;
mod console;
mod cursor;
pub mod demo;
mod disk;
mod docs;
mod dto;
mod error;
mod hooks;
mod http;
mod journal;
pub mod listen;
pub mod openapi;
mod operations;
pub mod realtime;
mod restore;
pub mod routes;
mod serve;
mod settings;
mod state;
pub mod telemetry;
mod v1;
mod web;

pub use realtime::Hub;
pub use settings::ServerSettings;
pub use state::Health;

use axum::Router;
use whatsapp_platform::Platform;

/// The whole server as a router: `/api`, `/socket.io`, health, metrics, and the console for everything else.
/// It spawns nothing, except that a [`Hub`] in the settings begins to serve sockets.
pub fn router(platform: Platform, settings: ServerSettings) -> Router {
    http::layers::assemble(state::App::new(platform, settings))
}
