//! The business profile that people see beside a number.

use async_trait::async_trait;

use super::{BusinessProfile, ProfileChange};
use crate::{Access, CloudError};

/// Reads and changes the business profile.
#[async_trait]
pub trait ProfileApi: Send + Sync {
    /// The number's profile.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/business-profiles>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::ProfileApi;
    /// # async fn demo(meta: &dyn ProfileApi, access: &Access) -> Result<(), CloudError> {
    /// let profile = meta.profile(access).await?;
    /// println!("{}", profile.about.unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn profile(&self, access: &Access) -> Result<BusinessProfile, CloudError>;
    /// Changes the number's profile; what the change does not name stays.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/business-profiles>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{ProfileApi, ProfileChange};
    /// # async fn demo(meta: &dyn ProfileApi, access: &Access) -> Result<(), CloudError> {
    /// let change = ProfileChange::new().about("Gear for every trail").websites(["https://example.com/"]);
    /// meta.change_profile(access, &change).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] with field, limit and actual value before the call, else by situation.
    async fn change_profile(
        &self,
        access: &Access,
        change: &ProfileChange,
    ) -> Result<(), CloudError>;
}
