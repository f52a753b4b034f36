//! Group commit: what many callers did is written with one write, and each of them goes on only when its own part
//! is written.

use std::io;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use super::fact::Fact;
use super::store::Store;
use super::world::World;

/// A fact with the bytes of its file, if it brought one.
pub(super) type Line = (Fact, Option<Bytes>);

/// What happened and is not written yet, and how much ever happened.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    lines: Vec<Line>,
    ever: u64,
}

impl Waiting {
    /// What happened just now.
    pub(super) fn add(&mut self, facts: Vec<Fact>, world: &World) {
        for fact in facts {
            let bytes = match &fact {
                Fact::Uploaded(file) => world.bytes.get(&file.id).cloned(),
                _ => None,
            };
            self.lines.push((fact, bytes));
            self.ever += 1;
        }
    }
    /// Up to where must be written before anybody is told of the present.
    pub(super) const fn ticket(&self) -> u64 {
        self.ever
    }
    /// All that waits, and up to where it goes.
    pub(super) fn take(&mut self) -> (Vec<Line>, u64) {
        (std::mem::take(&mut self.lines), self.ever)
    }
}

/// The log, and how far it is written.
#[derive(Debug)]
pub(super) struct Disk(Mutex<Written>);

#[derive(Debug)]
struct Written {
    store: Store,
    to: u64,
    /// A write failed: the log has a hole, and nothing may be told any more.
    broken: Option<String>,
}

impl Disk {
    pub(super) const fn new(store: Store) -> Self {
        Self(Mutex::new(Written { store, to: 0, broken: None }))
    }
    /// Returns when everything up to the ticket is written, by whomever.
    pub(super) fn write(
        &self,
        ticket: u64,
        take: impl FnOnce() -> (Vec<Line>, u64),
    ) -> io::Result<()> {
        let mut disk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(why) = &disk.broken {
            return Err(io::Error::other(why.clone()));
        }
        if disk.to >= ticket {
            return Ok(());
        }
        let (lines, to) = take();
        match disk.store.append(&lines) {
            Ok(()) => disk.to = to,
            Err(error) => {
                disk.broken = Some(error.to_string());
                return Err(error);
            }
        }
        Ok(())
    }
    /// Whether the log may be worth looking through.
    pub(super) fn has_grown(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).store.has_grown()
    }
    /// Works on the log while nobody else writes. `work` says up to where it is written then.
    pub(super) fn shorten(
        &self,
        work: impl FnOnce(&mut Store) -> io::Result<u64>,
    ) -> io::Result<()> {
        let mut disk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !disk.store.has_grown() {
            return Ok(()); // somebody else was faster
        }
        match work(&mut disk.store) {
            Ok(to) => disk.to = to,
            Err(error) => {
                disk.broken = Some(error.to_string());
                return Err(error);
            }
        }
        Ok(())
    }
}
