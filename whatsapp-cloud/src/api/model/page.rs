//! A page of a list.

use serde_json::Value;

use crate::answer::{data, next_cursor};

/// One page of a list of Meta's.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The cursor of the next page, to be given as `after`; `None` on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of these, with the cursor of the next one.
    #[must_use]
    pub const fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next }
    }
    /// Reads a list answer, each entry with `read`.
    pub(crate) fn read(answer: &Value, read: impl Fn(&Value) -> T) -> Self {
        Self { items: data(answer).map(read).collect(), next: next_cursor(answer) }
    }
}
