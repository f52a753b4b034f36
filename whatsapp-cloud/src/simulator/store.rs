//! The simulator's log on disk: every fact a line, written before anybody is answered, so that a killed simulator
//! still knows what it accepted. Written to the operating system, not forced to the platter: it survives a kill,
//! not a power cut.

use std::fs::{File as DiskFile, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::json;

use super::disk::Line;
use super::fact::Fact;
use super::world::World;

const VERSION: u64 = 1;

/// The log and the folder of the files.
#[derive(Debug)]
pub(super) struct Store {
    log: DiskFile,
    files: PathBuf,
}

impl Store {
    /// Opens the log in a folder, which nobody else may use meanwhile, and reads the world back.
    pub(super) fn open(folder: &Path, seed: u64) -> io::Result<(Self, World)> {
        let files = folder.join("media");
        std::fs::create_dir_all(&files)?;
        let path = folder.join("log.jsonl");
        let mut log =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        log.try_lock().map_err(|_| other("another simulator uses this folder"))?;
        let mut world = World::new(seed);
        let good = read(&mut log, seed, &mut world)?;
        log.set_len(good)?; // a line that a kill cut in two
        log.seek(SeekFrom::End(0))?;
        if good == 0 {
            writeln!(log, "{}", json!({"version": VERSION, "seed": seed}))?;
        }
        for id in world.files.keys().cloned().collect::<Vec<_>>() {
            let bytes = std::fs::read(files.join(&id))?;
            world.bytes.insert(id, Bytes::from(bytes));
        }
        Ok((Self { log, files }, world))
    }
    /// Writes facts, each with the bytes of its file.
    pub(super) fn append(&mut self, facts: &[Line]) -> io::Result<()> {
        let mut lines = Vec::with_capacity(facts.len() * 512);
        for (fact, bytes) in facts {
            if let (Fact::Uploaded(file), Some(bytes)) = (fact, bytes) {
                std::fs::write(self.files.join(&file.id), bytes)?;
            }
            serde_json::to_writer(&mut lines, fact)?;
            lines.push(b'\n');
        }
        self.log.write_all(&lines)
    }
}

/// Applies all whole lines and gives the length of them.
fn read(log: &mut DiskFile, seed: u64, world: &mut World) -> io::Result<u64> {
    let mut reader = BufReader::new(log);
    let (mut line, mut good) = (Vec::new(), 0_u64);
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 || line.last() != Some(&b'\n') {
            return Ok(good);
        }
        if good == 0 {
            check_header(&line, seed)?;
        } else {
            let fact = serde_json::from_slice(&line).map_err(|error| {
                other(&format!("the log cannot be read at byte {good}: {error}"))
            })?;
            world.apply(fact);
        }
        good += u64::try_from(length).unwrap_or_default();
    }
}

fn check_header(line: &[u8], seed: u64) -> io::Result<()> {
    let header: serde_json::Value = serde_json::from_slice(line)?;
    let number = |key: &str| header.get(key).and_then(serde_json::Value::as_u64);
    if number("version") != Some(VERSION) {
        return Err(other("the log is of another version of the simulator"));
    }
    if number("seed") != Some(seed) {
        return Err(other("the log was made with another seed: give that one, or another folder"));
    }
    Ok(())
}

fn other(why: &str) -> io::Error {
    io::Error::other(why.to_owned())
}
