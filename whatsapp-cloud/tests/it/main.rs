//! The tests of this crate that use it from outside, as one program.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod bodies;
mod bot;
mod control;
mod corpus;
mod engine;
mod engine_coexistence;
mod engine_hooks;
mod engine_limits;
mod engine_people;
mod engine_plan;
mod engine_statuses;
mod errors;
mod faults;
mod graph_client;
mod limits;
mod people;
mod program;
mod refusals;
mod retry;
mod scene;
mod sending;
mod simulator;
mod template_groups;
mod template_life;
mod template_sends;
mod templates;
mod webhook_forms;
mod webhook_mutations;
mod webhooks;
mod wire;
