//! What stands in the way of working safely on this node: a disk that fills up, a clock that is wrong, a part of the
//! background that stands still, a database that was restored. Looked at once a second while the worker runs; begins and ends by itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use whatsapp_core::Span;

use crate::Error;
use crate::fence::{self, Fence};
use crate::platform::Inner;
use crate::ports::Room;

/// How often it is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A clock that differs by more from the database's makes no decisions: windows, schedules and holds are hours and
/// days, and a minute does not matter to them.
const CLOCK_TOLERANCE: Span = Span::seconds(60);
/// A part of the background that began nothing new for so long stands still.
const STILL: Duration = Duration::from_secs(300);
/// Room that is kept free on a large disk, in bytes.
const RESERVE: u64 = 512 * 1024 * 1024;
/// On a small one it is so many parts of a hundred.
const RESERVE_PERCENT: u64 = 5;

/// What may begin or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Messages and campaigns: needs room and the right time.
    Sending,
    /// Jobs: needs the right time.
    Jobs,
    /// Applying webhook calls: needs the right time, which stands in what is written.
    Webhooks,
}

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What was looked at: one of [`CHECKS`].
    pub check: &'static str,
    /// What is wrong, for operators.
    pub why: String,
}

/// Everything that can be in the way, in the order of [`Trouble::check`]'s words.
pub const CHECKS: [&str; 5] = ["database", "fence", "disk", "clock", "worker"];

#[derive(Debug, Default)]
struct Seen {
    fence: Option<Fence>,
    disk: Option<String>,
    clock: Option<String>,
    beats: BTreeMap<&'static str, Instant>,
}

/// The weather on this node.
#[derive(Debug, Default)]
pub(crate) struct Weather(Mutex<Seen>);

impl Weather {
    fn with<T>(&self, work: impl FnOnce(&mut Seen) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
    /// At the start, when nothing but the database was looked at.
    pub(crate) fn of(fence: Option<Fence>) -> Self {
        Self(Mutex::new(Seen { fence, ..Seen::default() }))
    }
    /// The one decision on what may begin. What has begun is finished.
    pub(crate) fn may(&self, step: Step) -> bool {
        self.with(|seen| {
            seen.fence.is_none()
                && match step {
                    Step::Sending => seen.disk.is_none() && seen.clock.is_none(),
                    Step::Jobs | Step::Webhooks => seen.clock.is_none(),
                }
        })
    }
    /// Whether messages may be sent and campaigns begin.
    pub(crate) fn may_begin(&self) -> bool {
        self.may(Step::Sending)
    }
    /// The fence, as it was seen last.
    pub(crate) fn fence(&self) -> Option<Fence> {
        self.with(|seen| seen.fence)
    }
    pub(crate) fn note_fence(&self, fence: Option<Fence>) {
        self.with(|seen| {
            told("fence", &seen.fence.map(|fence| fence.why()), &fence.map(|fence| fence.why()));
            seen.fence = fence;
        });
    }
    /// A part of the background is alive.
    pub(crate) fn beat(&self, part: &'static str) {
        self.with(|seen| seen.beats.insert(part, Instant::now()));
    }
    /// A part of the background ended because it was asked to.
    pub(crate) fn rest(&self, part: &'static str) {
        self.with(|seen| seen.beats.remove(part));
    }
    /// Everything that is wrong beside the database.
    pub(crate) fn troubles(&self) -> Vec<Trouble> {
        self.troubles_at(Instant::now())
    }
    fn troubles_at(&self, now: Instant) -> Vec<Trouble> {
        self.with(|seen| {
            let disk = seen.disk.clone().map(|why| Trouble { check: "disk", why });
            let clock = seen.clock.clone().map(|why| Trouble { check: "clock", why });
            let still = seen.beats.iter().filter(|(_, at)| now.duration_since(**at) > STILL);
            let still = still.map(|(part, _)| Trouble {
                check: "worker",
                why: format!("the background's part {part} stands still"),
            });
            let fence = seen.fence.map(|fence| Trouble { check: "fence", why: fence.why() });
            fence.into_iter().chain(disk).chain(clock).chain(still).collect()
        })
    }
    fn note(&self, disk: Option<String>, clock: Option<Option<String>>) {
        self.with(|seen| {
            told("disk", &seen.disk, &disk);
            seen.disk = disk;
            if let Some(clock) = clock {
                told("clock", &seen.clock, &clock);
                seen.clock = clock;
            }
        });
    }
}

/// Says once that something begins or ends.
fn told(check: &str, before: &Option<String>, now: &Option<String>) {
    match (before, now) {
        (None, Some(why)) => tracing::error!(check, why, "this node begins nothing new"),
        (Some(_), None) => tracing::info!(check, "all is well again"),
        _ => {}
    }
}

/// Looks until `stop`.
pub(crate) async fn watch(inner: Arc<Inner>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        look(&inner).await;
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Looks once.
pub(crate) async fn look(inner: &Inner) {
    let disk = match &inner.disk {
        Some(disk) => match disk.room().await {
            Ok(room) => scarce(room, inner.settings.disk_reserve),
            Err(why) => Some(format!("the disk cannot be asked how full it is: {why}")),
        },
        None => None,
    };
    let before = inner.env.now();
    // A database that does not answer says nothing of the clock: then the last word holds.
    let clock = inner.store.now().await.ok().map(|right| {
        let after = inner.env.now();
        let off = if right < before { before - right } else { right - right.min(after) };
        (off > CLOCK_TOLERANCE).then(|| {
            format!(
                "this node's clock is {} seconds off the database's",
                (off.as_micros() + 500_000) / 1_000_000
            )
        })
    });
    inner.weather.note(disk, clock);
    // One that cannot be read is neither set nor lifted.
    match fence::read(&*inner.store).await {
        Ok(fence) => inner.weather.note_fence(fence),
        Err(error @ Error::Internal(_)) => tracing::error!(%error, "the last word holds"),
        Err(_) => {}
    }
}

/// Says that the disk is too full, if it is.
fn scarce(room: Room, reserve: Option<u64>) -> Option<String> {
    let part = room.total / 100 * RESERVE_PERCENT;
    let reserve = reserve.unwrap_or_else(|| part.min(RESERVE));
    (room.free < reserve).then(|| {
        let mib = |bytes: u64| bytes / 1024 / 1024;
        format!(
            "the disk has {} MiB left; sending goes on from {} MiB",
            mib(room.free),
            mib(reserve)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1024 * 1024 * 1024;

    #[test]
    fn five_percent_of_a_small_disk_and_half_a_gibibyte_of_a_large_one_stay_free() {
        let room = |free, total| Room { free, total };
        assert_eq!(scarce(room(GIB, 1_000 * GIB), None), None);
        assert!(scarce(room(GIB / 2 - 1, 1_000 * GIB), None).is_some());
        assert_eq!(scarce(room(GIB / 10, GIB), None), None);
        assert!(scarce(room(GIB / 25, GIB), None).is_some());
    }

    #[test]
    fn a_part_that_begins_nothing_for_five_minutes_stands_still_unless_it_was_asked_to_rest() {
        let weather = Weather::default();
        let now = Instant::now();
        weather.beat("sending");
        weather.beat("events");
        assert_eq!(weather.troubles_at(now + STILL), []);
        weather.rest("events");
        let later = weather.troubles_at(now + STILL + Duration::from_secs(60));
        assert_eq!(later.iter().map(|t| t.check).collect::<Vec<_>>(), ["worker"]);
        assert!(later.iter().all(|t| t.why.contains("sending")));
    }

    #[test]
    fn what_was_asked_for_holds_whatever_the_size() {
        let room = Room { free: 10 * GIB, total: 1_000 * GIB };
        assert_eq!(scarce(room, Some(0)), None);
        assert!(scarce(room, Some(11 * GIB)).is_some());
    }
}
