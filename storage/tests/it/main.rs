//! What a store promises, on SQLite and on PostgreSQL. `cargo xtask test` starts the PostgreSQL.

#[cfg(test)]
mod backup;
#[cfg(test)]
mod caught;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod line;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod search;
#[cfg(test)]
mod shards;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod together;
#[cfg(test)]
mod walls;
#[cfg(test)]
mod weather;
#[cfg(test)]
mod wiped;
#[cfg(test)]
mod young;
