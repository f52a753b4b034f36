//! The username by which people find a number.

use async_trait::async_trait;

use super::{Username, UsernameStatus};
use crate::{Access, CloudError};

/// Takes and gives back the username of a number.
#[async_trait]
pub trait UsernameApi: Send + Sync {
    /// The number's username, and what became of it.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::UsernameApi;
    /// # async fn demo(meta: &dyn UsernameApi, access: &Access) -> Result<(), CloudError> {
    /// let name = meta.username(access).await?;
    /// println!("{:?} is {:?}", name.username, name.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn username(&self, access: &Access) -> Result<Username, CloudError>;
    /// Asks for a username: 3 to 35 small letters, digits, dots and underscores, by Meta's rules. `transfer` takes it
    /// from another number of the same business.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{UsernameApi, UsernameStatus};
    /// # async fn demo(meta: &dyn UsernameApi, access: &Access) -> Result<(), CloudError> {
    /// let status = meta.claim_username(access, "nimbus.outdoor", false).await?;
    /// assert_eq!(status, UsernameStatus::Approved);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] or [`CloudError::OverLimit`] before the call; else by situation: 147001 somebody has it,
    /// 147005 another of our numbers has it.
    async fn claim_username(
        &self,
        access: &Access,
        username: &str,
        transfer: bool,
    ) -> Result<UsernameStatus, CloudError>;
    /// Gives the number's username back.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::UsernameApi;
    /// # async fn demo(meta: &dyn UsernameApi, access: &Access) -> Result<(), CloudError> {
    /// meta.release_username(access).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn release_username(&self, access: &Access) -> Result<(), CloudError>;
    /// Usernames that Meta proposes for the number.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::UsernameApi;
    /// # async fn demo(meta: &dyn UsernameApi, access: &Access) -> Result<(), CloudError> {
    /// println!("{:?}", meta.username_suggestions(access).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn username_suggestions(&self, access: &Access) -> Result<Vec<String>, CloudError>;
}
