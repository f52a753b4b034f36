//! The people of a campaign.

use async_trait::async_trait;
use whatsapp_core::recipient::FailureTally;
use whatsapp_core::{
    Campaign, Contact, Id, Page, PageRequest, Recipient, ReportLine, Send, SendState,
};

use crate::StorageError;

/// A person to be added to a campaign.
#[derive(Clone, Debug)]
pub struct NewRecipient {
    /// Who.
    pub contact: Id<Contact>,
    /// The normalised address; unique in the campaign.
    pub address: String,
    /// The ledger line that will be written for him.
    pub send: Id<Send>,
}

/// Who a campaign goes to; each person once.
#[async_trait]
pub trait RecipientStore: std::marker::Send {
    /// Adds people who are not in it yet, by address. Answers the ledger ids of those who were added.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn add(
        &mut self,
        campaign: Id<Campaign>,
        people: &[NewRecipient],
    ) -> Result<Vec<Id<Send>>, StorageError>;
    /// By ledger id; with a state, only those in it.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(
        &mut self,
        campaign: Id<Campaign>,
        state: Option<SendState>,
        search: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Recipient>, StorageError>;
    /// At most `limit` lines of the proof report with ledger ids above `after`, in their order; fewer only at
    /// the end. The list of people leads, and each of them has a line: whoever walks it by the last id seen
    /// gets everybody once, however the states change meanwhile.
    ///
    /// # Errors
    /// [`StorageError::Broken`] when somebody of the list has no line in the ledger, for a report must not pass over
    /// it; [`StorageError`] when the store fails.
    async fn report(
        &mut self,
        campaign: Id<Campaign>,
        after: Option<Id<Send>>,
        limit: u32,
    ) -> Result<Vec<ReportLine>, StorageError>;
    /// Causes of failure and how often each, most frequent first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn failures(&mut self, campaign: Id<Campaign>)
    -> Result<Vec<FailureTally>, StorageError>;
}
