//! How often a key may call: windows of a minute and a day, counted in the database and leased to this
//! process in blocks, so that most calls cost nothing and several processes share one limit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use whatsapp_core::{ApiKey, Id, Span, Timestamp};
use whatsapp_storage::Mode;

use crate::{Error, Platform};

/// So many calls are taken from the database at once.
const BLOCK: i64 = 10;
const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

/// Whether a key may call now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateVerdict {
    /// Whether it may.
    pub allowed: bool,
    /// Calls a minute.
    pub limit: i64,
    /// Calls left in this minute, as far as this process knows.
    pub remaining: i64,
    /// When the window that matters ends: the minute's, or the day's when the day is used up.
    pub reset_at: Timestamp,
    /// How long to wait; no time at all when allowed.
    pub retry_after: Span,
}

/// What this process has leased, by key.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<HashMap<Id<ApiKey>, Arc<tokio::sync::Mutex<Leased>>>>);

impl Rates {
    fn of(&self, key: Id<ApiKey>) -> Arc<tokio::sync::Mutex<Leased>> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(keys.entry(key).or_default())
    }
}

#[derive(Debug, Default)]
struct Leased {
    minute: Window,
    day: Window,
}

/// One window of one key.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    began: Timestamp,
    /// Leased to this process and not used.
    left: i64,
    /// Leased to all processes, when we last asked.
    taken: i64,
}

impl Window {
    /// Forgets a window that is over.
    fn enter(&mut self, now: Timestamp, seconds: i64) {
        let began = Timestamp::from_seconds(now.seconds().div_euclid(seconds) * seconds);
        if self.began != began {
            *self = Self { began, left: 0, taken: 0 };
        }
    }
    fn remaining(&self, limit: i64) -> i64 {
        (limit - self.taken).max(0) + self.left
    }
    /// Notes the answer to a lease of a block: the new count of all processes.
    fn leased(&mut self, count: i64, limit: i64) {
        let before = count - BLOCK;
        self.left += (limit - before).clamp(0, BLOCK);
        self.taken = count;
    }
}

impl Platform {
    /// Counts one call of a key, if it may be made.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rate(&self, key: &ApiKey) -> Result<RateVerdict, Error> {
        let now = self.env().now();
        let leased = self.0.rates.of(key.id);
        // Calls with one key wait for each other only while a block is leased.
        let mut leased = leased.lock().await;
        let Leased { minute, day } = &mut *leased;
        minute.enter(now, MINUTE);
        day.enter(now, DAY);
        self.fill(key, "minute", minute, key.per_minute).await?;
        let daily = key.per_day.unwrap_or(i64::MAX);
        if minute.left > 0 && key.per_day.is_some() {
            self.fill(key, "day", day, daily).await?;
        }
        let minute_ends = minute.began + Span::seconds(MINUTE);
        let day_used_up = key.per_day.is_some() && day.left == 0 && minute.left > 0;
        let allowed = minute.left > 0 && !day_used_up;
        if allowed {
            minute.left -= 1;
            day.left = (day.left - 1).max(0);
        }
        let reset_at = if day_used_up { day.began + Span::seconds(DAY) } else { minute_ends };
        Ok(RateVerdict {
            allowed,
            limit: key.per_minute,
            remaining: if day_used_up { 0 } else { minute.remaining(key.per_minute) },
            reset_at,
            retry_after: if allowed { Span::ZERO } else { reset_at - now },
        })
    }

    async fn fill(
        &self,
        key: &ApiKey,
        name: &str,
        window: &mut Window,
        limit: i64,
    ) -> Result<(), Error> {
        if window.left > 0 || window.taken >= limit {
            return Ok(());
        }
        let mut tx = self.0.store.system(Mode::Write).await?;
        let counter = format!("api:{name}:{}", key.id);
        let count = tx.rate_counters().add(&counter, window.began, BLOCK).await?;
        tx.commit().await?;
        window.leased(count, limit);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_several_processes_never_add_up_to_more_than_the_limit() {
        for limit in [1, 7, 10, 25, 30] {
            let (mut count, mut given) = (0, 0);
            for _process in 0..8 {
                let mut window = Window::default();
                count += BLOCK;
                window.leased(count, limit);
                given += window.left;
            }
            assert_eq!(given, limit);
        }
    }

    #[test]
    fn a_new_minute_begins_anew() {
        let mut window = Window::default();
        window.enter(Timestamp::from_seconds(61), MINUTE);
        window.leased(BLOCK, 30);
        window.enter(Timestamp::from_seconds(119), MINUTE);
        assert_eq!(window.remaining(30), 30);
        window.enter(Timestamp::from_seconds(120), MINUTE);
        assert_eq!((window.left, window.taken), (0, 0));
    }
}
