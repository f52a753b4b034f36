//! Campaigns and their kept counts.

use async_trait::async_trait;
use whatsapp_core::{Campaign, CampaignStatus, Channel, Counts, Id, Page, PageRequest, Timestamp};

use crate::StorageError;

/// What a pump must know of a campaign that is being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Which.
    pub id: Id<Campaign>,
    /// At most so many messages a second.
    pub rate: Option<u32>,
}

/// A tenant's campaigns.
#[async_trait]
pub trait CampaignStore: std::marker::Send {
    /// One of them.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn find(&mut self, id: Id<Campaign>) -> Result<Option<Campaign>, StorageError>;
    /// Newest first; `search` is part of the folded name.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn page(
        &mut self,
        status: Option<CampaignStatus>,
        search: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Campaign>, StorageError>;
    /// Keeps a new one.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn insert(&mut self, campaign: &Campaign) -> Result<(), StorageError>;
    /// Replaces everything but the counts, if the stored revision is `seen`. `false` when it moved, or there is none, or
    /// it shall be `completed` and somebody is undecided.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn update(&mut self, campaign: &Campaign, seen: i64) -> Result<bool, StorageError>;
    /// Adds a difference to the counts.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn add_counts(&mut self, id: Id<Campaign>, delta: &Counts) -> Result<(), StorageError>;
    /// Removes a draft. `false` when there is none or it is no draft.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn delete_draft(&mut self, id: Id<Campaign>) -> Result<bool, StorageError>;
    /// Those that are scheduled for `now` or earlier.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn due(&mut self, now: Timestamp) -> Result<Vec<Campaign>, StorageError>;
    /// Those that are being sent.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn sending(&mut self) -> Result<Vec<Campaign>, StorageError>;
    /// Up to 100 that are cancelled or failed while lines of them still wait.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn over_but_waiting(&mut self) -> Result<Vec<Id<Campaign>>, StorageError>;
    /// Those that are being sent over a channel and have somebody left, oldest first.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn running(&mut self, channel: Id<Channel>) -> Result<Vec<Running>, StorageError>;
}
