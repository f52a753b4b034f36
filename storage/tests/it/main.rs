//! What a store promises, on SQLite and on PostgreSQL. `cargo xtask test` starts the PostgreSQL.

mod conformance;
mod stores;
