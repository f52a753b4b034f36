//! What the fake Graph server remembers: arrivals of the last second for each number, and whom it accepted how often.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use whatsapp_core::Env;

/// The window in which a quota holds.
const WINDOW: Duration = Duration::from_secs(1);
/// So much of what was accepted counts for the pace: the last stragglers were sent again after refusals.
const STEADY: f64 = 0.98;

/// A message that was accepted.
pub(crate) struct Taken {
    pub(crate) wamid: String,
}

/// Everything that is counted.
pub(crate) struct Book {
    quota: Option<usize>,
    windows: HashMap<String, VecDeque<Instant>>,
    refused: u64,
    asked: u64,
    /// When each accepted message had arrived.
    accepted_at: Vec<Instant>,
    people: HashMap<String, u32>,
    /// Texts with the moment of their arrival, in microseconds of the system's clock.
    texts: Vec<(String, i64)>,
    /// Ids stay unique over a reset.
    ids: u64,
    run: String,
    env: Env,
}

impl Default for Book {
    fn default() -> Self {
        let env = Env::system();
        Self {
            quota: None,
            windows: HashMap::new(),
            refused: 0,
            asked: 0,
            accepted_at: Vec::new(),
            people: HashMap::new(),
            texts: Vec::new(),
            ids: 0,
            run: env.uuid().simple().to_string(),
            env,
        }
    }
}

impl Book {
    /// Forgets what was counted.
    pub(crate) fn reset(&mut self) {
        self.windows.clear();
        (self.refused, self.asked) = (0, 0);
        self.accepted_at.clear();
        self.people.clear();
        self.texts.clear();
    }
    /// So many messages in any second for one number; no limit when `None`.
    pub(crate) fn set_quota(&mut self, quota: Option<u64>) {
        self.quota = quota.and_then(|quota| usize::try_from(quota).ok());
    }
    /// A message has come: whether its number may send it now.
    pub(crate) fn arrive(&mut self, number: &str, text: Option<String>) -> bool {
        let now = Instant::now();
        self.asked += 1;
        if let Some(quota) = self.quota {
            let window = self.windows.entry(number.to_owned()).or_default();
            while window.front().is_some_and(|at| now.duration_since(*at) >= WINDOW) {
                window.pop_front();
            }
            if window.len() >= quota {
                self.refused += 1;
                return false;
            }
            window.push_back(now);
        }
        if let Some(text) = text {
            self.texts.push((text, self.env.now().micros()));
        }
        true
    }
    /// It is taken.
    pub(crate) fn accept(&mut self, _number: &str, to: &str) -> Taken {
        self.accepted_at.push(Instant::now());
        match self.people.get_mut(to) {
            Some(times) => *times += 1,
            None => {
                self.people.insert(to.to_owned(), 1);
            }
        }
        self.ids += 1;
        Taken { wamid: format!("wamid.{}{:012X}", self.run, self.ids) }
    }
    /// The counts, and the pace from the first message until nearly all were accepted.
    pub(crate) fn told(&self) -> Value {
        let accepted = self.accepted_at.len();
        let nearly = (accepted as f64 * STEADY) as usize;
        let first = self.accepted_at.first();
        let last = self.accepted_at.get(nearly.saturating_sub(1));
        let seconds = first.zip(last).map_or(0.0, |(first, last)| (*last - *first).as_secs_f64());
        let rate = if seconds > 0.0 { nearly as f64 / seconds } else { 0.0 };
        let since = first.map_or(0.0, |first| first.elapsed().as_secs_f64());
        json!({
            "asked": self.asked, "refused": self.refused, "accepted": accepted, "rate": rate,
            "seconds_since_first": since, "people": self.people.len(),
            "twice": self.people.values().filter(|times| **times > 1).count(),
            "texts": self.texts,
        })
    }
    /// Everybody who was accepted, with how often.
    pub(crate) fn accepted(&self) -> Value {
        json!(self.people)
    }
}

#[cfg(test)]
mod tests {
    use super::Book;

    #[test]
    fn what_comes_over_the_quota_is_refused_and_counted() {
        let mut book = Book::default();
        book.set_quota(Some(2));
        let arrived = [book.arrive("1", None), book.arrive("1", None), book.arrive("1", None)];
        assert_eq!(arrived, [true, true, false]);
        assert!(book.arrive("2", None), "each number has its own");
        assert_eq!(book.told()["refused"], 1);
    }

    #[test]
    fn whoever_is_accepted_twice_is_told() {
        let mut book = Book::default();
        for to in ["+1", "+2", "+1"] {
            book.accept("1", to);
        }
        assert_eq!((&book.told()["twice"], &book.told()["people"]), (&1.into(), &2.into()));
        book.reset();
        assert_eq!(book.told()["accepted"], 0);
    }
}
