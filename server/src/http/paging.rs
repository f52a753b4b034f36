//! Pages of lists: how they are asked for and answered. Counts nothing.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use whatsapp_core::{Id, Page, PageRequest, Tenant};

use crate::error::ApiError;
use crate::state::{Answer, App};

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// At most so many rows, 1 to 200; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
    /// Part of a name or number.
    pub(crate) search: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The rows.
    pub(crate) data: Vec<T>,
    /// Give it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub(crate) next_cursor: Option<String>,
}

impl<T> List<T> {
    /// A list that has only one page.
    pub(crate) const fn whole(data: Vec<T>) -> Self {
        Self { data, next_cursor: None }
    }
}

/// One list of one tenant, whose cursors fit nowhere else.
pub(crate) struct Lister<'a> {
    app: &'a App,
    tenant: Id<Tenant>,
    list: &'a str,
}

impl<'a> Lister<'a> {
    /// `list` names the list: its path, and what of the path or query makes it another list.
    pub(crate) const fn new(app: &'a App, tenant: Id<Tenant>, list: &'a str) -> Self {
        Self { app, tenant, list }
    }
    /// Reads which page is wanted.
    ///
    /// # Errors
    /// 400 `INVALID_QUERY` when the limit is not 1 to 200; `INVALID_CURSOR` when we did not write it.
    pub(crate) fn request(&self, limit: Option<u32>, cursor: Option<&str>) -> Answer<PageRequest> {
        let limit = limit.unwrap_or(50);
        if !(1..=PageRequest::MAX).contains(&limit) {
            return Err(ApiError::invalid("INVALID_QUERY", "limit", "a page has 1 to 200 rows"));
        }
        let after = match cursor.filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => {
                Some(self.app.cursors.read(self.tenant, self.list, text).ok_or_else(|| {
                    let message = "this cursor does not belong to this list: begin without one";
                    ApiError::invalid("INVALID_CURSOR", "cursor", message)
                })?)
            }
        };
        Ok(PageRequest::first(limit).after(after))
    }
    /// Writes a page.
    pub(crate) fn list<T, U>(&self, page: Page<T>, of: impl FnMut(T) -> U) -> List<U> {
        let cursor = |next| self.app.cursors.write(self.tenant, self.list, &next);
        List { data: page.items.into_iter().map(of).collect(), next_cursor: page.next.map(cursor) }
    }
}

/// A search as stores want it: folded, without blanks around; nothing when it is empty.
pub(crate) fn search(text: Option<String>) -> Option<String> {
    text.map(|text| whatsapp_core::text::fold(text.trim())).filter(|text| !text.is_empty())
}

/// Reads a word of a fixed set out of a query.
///
/// # Errors
/// 400 `INVALID_QUERY` naming the field.
pub(crate) fn word<T>(
    field: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Answer<Option<T>> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => parse(text).map(Some).ok_or_else(|| {
            ApiError::invalid("INVALID_QUERY", field, format!("{field} has no value {text}"))
        }),
    }
}
