//! Pages of lists, walked by keyset: no row is seen twice or left out when rows come in between.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where the next page begins: after the row with this sort key and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort key: microseconds for lists by time, 0 for lists by id.
    pub key: i64,
    /// The row's id; breaks ties.
    pub id: Uuid,
}

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// At most so many rows, 1 to 200.
    pub limit: u32,
    /// After this row; the first page when `None`.
    pub after: Option<Cursor>,
}

impl PageRequest {
    /// The most rows a page may have.
    pub const MAX: u32 = 200;
    /// The first page with at most `limit` rows (cut to 1..=200).
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self { limit: limit.clamp(1, Self::MAX), after: None }
    }
    /// The page after `cursor`.
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }
}
impl Default for PageRequest {
    fn default() -> Self {
        Self::first(50)
    }
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one. It alone says whether there is more: a search may have looked
    /// at enough before a page was full.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts rows that were fetched with one more than the limit, so that `next` is known without counting.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, limit: u32, cursor_of: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return Self { items: rows, next: None };
        }
        rows.truncate(limit);
        let next = rows.last().map(cursor_of);
        Self { items: rows, next }
    }
    /// The same page of other things.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
