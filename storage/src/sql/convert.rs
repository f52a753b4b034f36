//! From stored values to nouns. Never guesses: what cannot be read is an error.

use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::{Cursor, Id, Page, PageRequest, Timestamp};

use crate::StorageError;

/// A stored word.
pub(super) fn word<T>(
    what: &str,
    parse: fn(&str) -> Option<T>,
    text: &str,
) -> Result<T, StorageError> {
    parse(text).ok_or_else(|| StorageError::corrupt(what))
}

/// A stored text that core parses.
pub(super) fn text<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, StorageError> {
    text.parse().map_err(|_| StorageError::corrupt(what))
}

/// A stored digest.
pub(super) fn digest(what: &str, bytes: &[u8]) -> Result<[u8; 32], StorageError> {
    bytes.try_into().map_err(|_| StorageError::corrupt(what))
}

/// A stored number that core keeps unsigned.
pub(super) fn number<T: TryFrom<i64>>(what: &str, value: i64) -> Result<T, StorageError> {
    T::try_from(value).map_err(|_| StorageError::corrupt(what))
}

/// A moment that may be missing.
pub(super) fn moment(micros: Option<i64>) -> Option<Timestamp> {
    micros.map(Timestamp::from_micros)
}

/// Every row as its noun.
pub(super) fn each<R, T>(
    rows: Vec<R>,
    read: fn(R) -> Result<T, StorageError>,
) -> Result<Vec<T>, StorageError> {
    rows.into_iter().map(read).collect()
}

/// A row that may be missing as its noun.
pub(super) fn maybe<R, T>(
    row: Option<R>,
    read: fn(R) -> Result<T, StorageError>,
) -> Result<Option<T>, StorageError> {
    row.map(read).transpose()
}

/// Ids as one bound parameter.
pub(super) fn ids<T>(ids: &[Id<T>]) -> Json<Vec<Uuid>> {
    Json(ids.iter().map(|id| id.uuid()).collect())
}

/// Rows as one bound parameter.
pub(super) fn bulk<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Json<Vec<T>> {
    Json(rows.into_iter().collect())
}

/// The last seen id of a list by descending id; the greatest of all when there is none.
pub(super) fn before(page: &PageRequest) -> Uuid {
    page.after.as_ref().map_or(Uuid::max(), |cursor| cursor.id)
}

/// The last seen id of a list by ascending id; the least of all when there is none.
pub(super) fn after(page: &PageRequest) -> Uuid {
    page.after.as_ref().map_or(Uuid::nil(), |cursor| cursor.id)
}

/// One row more than wanted, to know whether there is a next page.
pub(super) fn one_more(page: &PageRequest) -> i64 {
    i64::from(page.limit).saturating_add(1)
}

/// Cuts a list by id.
pub(super) fn cut_by_id<T, E>(
    items: Vec<T>,
    page: &PageRequest,
    id: impl Fn(&T) -> Id<E>,
) -> Page<T> {
    Page::cut(items, page.limit, |item| Cursor { key: 0, id: id(item).uuid() })
}

/// What people typed as a pattern for `like … escape '\'`: any place, nothing special in it.
pub(super) fn pattern(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for c in whatsapp_core::text::fold(search.trim()).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
