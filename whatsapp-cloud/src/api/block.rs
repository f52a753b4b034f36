//! People a number has blocked: nothing comes from them and nothing goes to them.

use async_trait::async_trait;

use super::{BlockOutcome, BlockedPerson, Page, PeopleToBlock};
use crate::{Access, CloudError};

/// Blocks people, and lets them write again.
#[async_trait]
pub trait BlockApi: Send + Sync {
    /// Blocks people who wrote in the last 24 hours. That some could not be blocked is an answer, not an error.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/block-users>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{BlockApi, PeopleToBlock};
    /// # async fn demo(meta: &dyn BlockApi, access: &Access) -> Result<(), CloudError> {
    /// let outcome = meta.block_people(access, &PeopleToBlock::new(["+905550100234"])).await?;
    /// assert!(outcome.is_complete(), "not blocked: {:?}", outcome.failed);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation, when nothing was done: 139101 is a full list.
    async fn block_people(
        &self,
        access: &Access,
        people: &PeopleToBlock,
    ) -> Result<BlockOutcome, CloudError>;
    /// Lets people write again.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/block-users>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{BlockApi, PeopleToBlock};
    /// # async fn demo(meta: &dyn BlockApi, access: &Access) -> Result<(), CloudError> {
    /// let outcome = meta.unblock_people(access, &PeopleToBlock::new(["+905550100234"])).await?;
    /// println!("{} people may write again", outcome.removed.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn unblock_people(
        &self,
        access: &Access,
        people: &PeopleToBlock,
    ) -> Result<BlockOutcome, CloudError>;
    /// A page of the people who are blocked.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/block-users>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::BlockApi;
    /// # async fn demo(meta: &dyn BlockApi, access: &Access) -> Result<(), CloudError> {
    /// let page = meta.blocked_people(access, None).await?;
    /// println!("{:?}", page.items);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn blocked_people(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<Page<BlockedPerson>, CloudError>;
}
