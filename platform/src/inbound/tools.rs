//! The journal of webhook calls, for whoever operates the platform: what could not be understood, what was for nobody,
//! and how to have it applied again. A message or status that is there already is not taken twice; what a repeated
//! call says of an account's or template's state is past and changes none.

use whatsapp_cloud::webhook::peek_phone_number_ids;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome};
use whatsapp_core::{Id, PageRequest};
use whatsapp_storage::Mode;

use crate::{Error, Platform};

/// So many calls are looked at in one unit of work.
const PAGE: u32 = 200;

/// The journal of webhook calls.
#[derive(Clone, Copy, Debug)]
pub struct Journal<'p>(&'p Platform);

/// Which calls: everything that is asked for must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalQuery {
    /// Outcome and time.
    pub filter: JournalFilter,
    /// Only calls that name this number, by Meta's id.
    pub number: Option<String>,
    /// Only calls whose note holds these words.
    pub error: Option<String>,
}

impl JournalQuery {
    fn fits(&self, entry: &JournalEntry) -> bool {
        let note = entry.note.as_deref().unwrap_or_default();
        let named = |number: &String| peek_phone_number_ids(&entry.body).contains(number);
        self.error.as_ref().is_none_or(|words| note.contains(words.as_str()))
            && self.number.as_ref().is_none_or(named)
    }
}

impl Platform {
    /// What Meta told, as it came. Kept for 30 days.
    #[must_use]
    pub const fn journal(&self) -> Journal<'_> {
        Journal(self)
    }
}

impl Journal<'_> {
    /// The newest calls that fit, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(
        &self,
        wanted: &JournalQuery,
        limit: usize,
    ) -> Result<Vec<JournalEntry>, Error> {
        let mut found = Vec::new();
        let mut page = PageRequest::first(PAGE);
        while found.len() < limit {
            let (mut fitting, next) = self.fitting(wanted, &page).await?;
            found.append(&mut fitting);
            match next {
                Some(next) => page = page.after(Some(next)),
                None => break,
            }
        }
        found.truncate(limit);
        Ok(found)
    }
    /// How many calls had each outcome.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn counts(&self) -> Result<Vec<(JournalOutcome, i64)>, Error> {
        let mut tx = self.0.0.store.system(Mode::Read).await?;
        Ok(tx.journal().counts().await?)
    }
    /// Has the calls that fit applied again, oldest first as ever; answers how many. Those that wait anyway are not
    /// counted.
    ///
    /// # Errors
    /// When the store fails; what was reached by then is applied again.
    pub async fn replay(&self, wanted: &JournalQuery) -> Result<u64, Error> {
        let inner = &self.0.0;
        let (mut replayed, mut page) = (0, PageRequest::first(PAGE));
        loop {
            let (fitting, next) = self.fitting(wanted, &page).await?;
            let ids: Vec<Id<JournalEntry>> = fitting.into_iter().map(|entry| entry.id).collect();
            if !ids.is_empty() {
                let mut tx = inner.store.system(Mode::Write).await?;
                replayed += tx.journal().replay(&ids, inner.env.now()).await?;
                tx.commit().await?;
            }
            let Some(next) = next else { break };
            page = page.after(Some(next));
        }
        inner.wake.journal.notify_one();
        Ok(replayed)
    }
    async fn fitting(
        &self,
        wanted: &JournalQuery,
        page: &PageRequest,
    ) -> Result<(Vec<JournalEntry>, Option<whatsapp_core::Cursor>), Error> {
        let mut tx = self.0.0.store.system(Mode::Read).await?;
        let found = tx.journal().page(&wanted.filter, page).await?;
        let fitting = found.items.into_iter().filter(|entry| wanted.fits(entry)).collect();
        Ok((fitting, found.next))
    }
}
