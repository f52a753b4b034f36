//! The tests of this crate that use it from outside, as one program.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod bodies;
mod errors;
mod faults;
mod graph_client;
mod limits;
mod program;
mod refusals;
mod scene;
mod sending;
mod simulator;
mod webhooks;
mod wire;
