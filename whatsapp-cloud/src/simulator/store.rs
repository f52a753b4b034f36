//! The simulator's log on disk: every fact a line, written before anybody is answered, so that a killed simulator
//! still knows what it accepted. Written to the operating system, not forced to the platter: it survives a kill,
//! not a power cut. What is older than anything can ask for goes out of it from time to time.

use std::fs::{File as DiskFile, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;

use bytes::Bytes;
use serde_json::json;
use whatsapp_core::Timestamp;

use super::disk::Line;
use super::fact::Fact;
use super::fact_line;
use super::hooks::Settled;
use super::shorten::{self, Shortener};
use super::world::World;

const VERSION: u64 = 1;
/// A log is looked through when it has grown by so many bytes.
const GROWN: u64 = 64 * 1024 * 1024;

/// The log and the folder of the files.
#[derive(Debug)]
pub(super) struct Store {
    log: DiskFile,
    folder: PathBuf,
    seed: u64,
    /// Bytes since the log was last looked through.
    grown: u64,
    contents: Contents,
}

/// What a log holds, as far as it matters for shortening it.
#[derive(Clone, Copy, Debug, Default)]
struct Contents {
    /// The length of its whole lines.
    length: u64,
    first: Option<Timestamp>,
    plans: u64,
}

impl Store {
    /// Opens the log in a folder, which nobody else may use meanwhile, and reads the world back. `system` is the
    /// system's time, to know what is too old to keep.
    pub(super) fn open(folder: &Path, seed: u64, system: Timestamp) -> io::Result<(Self, World)> {
        std::fs::create_dir_all(folder.join("media"))?;
        let log = open(&folder.join("log.jsonl"))?;
        let mut store =
            Self { log, folder: folder.to_owned(), seed, grown: 0, contents: Contents::default() };
        let mut world = store.read()?;
        if store.contents.length == 0 {
            writeln!(store.log, "{}", json!({"version": VERSION, "seed": seed}))?;
        }
        let now = system + world.ahead;
        if let Some(shorter) = store.shorten(&world, now)? {
            world = shorter;
        }
        Ok((store, world))
    }
    /// Reads the world back, from the beginning to the last whole line.
    fn read(&mut self) -> io::Result<World> {
        let mut world = World::new(self.seed);
        world.hooks.settled = settled(&mut self.log)?;
        self.log.seek(SeekFrom::Start(0))?;
        self.contents = read(&mut self.log, self.seed, &mut world)?;
        world.hooks.settled = Settled::default();
        let whole = self.contents.length;
        let length = self.log.seek(SeekFrom::End(0))?;
        if length > whole {
            tracing::warn!(bytes = length - whole, "a line that a kill cut in two is left out");
            self.log.set_len(whole)?;
            self.log.seek(SeekFrom::End(0))?;
        }
        let files = self.folder.join("media");
        for id in world.files.keys().cloned().collect::<Vec<_>>() {
            let bytes = std::fs::read(files.join(&id))?;
            world.bytes.insert(id, Bytes::from(bytes));
        }
        Ok(world)
    }
    /// Writes facts, each with the bytes of its file.
    pub(super) fn append(&mut self, facts: &[Line]) -> io::Result<()> {
        let mut lines = Vec::with_capacity(facts.len() * 512);
        for (fact, bytes) in facts {
            if let (Fact::Uploaded(file), Some(bytes)) = (fact, bytes) {
                std::fs::write(self.folder.join("media").join(&file.id), bytes)?;
            }
            self.contents.first = self.contents.first.or(shorten::moment(fact));
            self.contents.plans += u64::from(matches!(fact, Fact::Planned { .. }));
            serde_json::to_writer(&mut lines, fact)?;
            lines.push(b'\n');
        }
        self.grown += u64::try_from(lines.len()).unwrap_or_default();
        self.log.write_all(&lines)
    }
    /// Whether so much was written that it may be worth looking through.
    pub(super) const fn has_grown(&self) -> bool {
        self.grown > GROWN
    }
    /// Takes out what nobody can ask for any more, if there is much of it, and reads the world back from what is
    /// left. `world` is the one that the log tells.
    pub(super) fn shorten(&mut self, world: &World, now: Timestamp) -> io::Result<Option<World>> {
        self.grown = 0;
        if !shorten::is_worth(self.contents.first, now) {
            return Ok(None);
        }
        let new = self.folder.join("log.new");
        let mut shorter = open(&new)?;
        shorter.set_len(0)?;
        self.log.seek(SeekFrom::Start(0))?;
        let made = {
            let mut lines = BufReader::new(&mut self.log);
            let mut header = Vec::new();
            lines.read_until(b'\n', &mut header)?;
            let mut out = BufWriter::new(&mut shorter);
            out.write_all(&header)?;
            Shortener::new(world, now, self.contents.plans, out).all(lines)?
        };
        shorter.sync_all()?;
        std::fs::rename(&new, self.folder.join("log.jsonl"))?;
        self.log = shorter;
        let again = self.read()?;
        for id in &made.files {
            if let Err(error) = std::fs::remove_file(self.folder.join("media").join(id)) {
                tracing::debug!(%error, "a file that is too old was not there");
            }
        }
        tracing::info!(facts = made.facts, "the log was shortened");
        Ok(Some(again))
    }
}

/// Opens a log that is ours alone.
fn open(path: &Path) -> io::Result<DiskFile> {
    let log = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    log.try_lock().map_err(|_| other("another simulator uses this folder"))?;
    Ok(log)
}

/// The items that a log says were told, found without reading the rest of it.
fn settled(log: &mut DiskFile) -> io::Result<Settled> {
    let mut all = Settled::default();
    log.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(1024 * 1024, log);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = reader.by_ref().read_until(b'\n', &mut line)?;
        if length == 0 || line.last() != Some(&b'\n') {
            return Ok(all);
        }
        fact_line::told(&line).into_iter().flatten().for_each(|id| all.add(id));
    }
}

/// A batch of facts, each with its line's length.
type Batch = Vec<(Fact, u64)>;
/// So many facts are handed over at once.
const BATCH: usize = 2_048;

/// Applies all whole lines. They are taken apart on one thread and applied on this one.
fn read(log: &mut DiskFile, seed: u64, world: &mut World) -> io::Result<Contents> {
    std::thread::scope(|scope| {
        let (send, receive) = std::sync::mpsc::sync_channel::<Batch>(8);
        let reader = scope.spawn(move || take_apart(log, seed, &send));
        let mut contents = Contents::default();
        for batch in receive {
            for (fact, length) in batch {
                contents.first = contents.first.or(shorten::moment(&fact));
                contents.plans += u64::from(matches!(fact, Fact::Planned { .. }));
                contents.length += length;
                world.apply(fact);
            }
        }
        let header = reader.join().map_err(|_| other("the log could not be read"))??;
        contents.length += header;
        Ok(contents)
    })
}

/// Hands over the facts of all whole lines; gives the header's length.
fn take_apart(log: &mut DiskFile, seed: u64, to: &SyncSender<Batch>) -> io::Result<u64> {
    let mut reader = BufReader::with_capacity(1024 * 1024, log);
    let (mut line, mut header, mut at) = (Vec::new(), 0, 0_u64);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 || line.last() != Some(&b'\n') {
            // An error means that nobody listens any more: then nobody misses it.
            return Ok(to.send(batch).map_or(header, |()| header));
        }
        let length = u64::try_from(length).unwrap_or_default();
        if at == 0 {
            check_header(&line, seed)?;
            header = length;
        } else {
            let fact = fact_line::read(&line)
                .map_err(|error| other(&format!("the log cannot be read at byte {at}: {error}")))?;
            batch.push((fact, length));
            if batch.len() == BATCH && to.send(std::mem::take(&mut batch)).is_err() {
                return Ok(header);
            }
        }
        at += length;
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
