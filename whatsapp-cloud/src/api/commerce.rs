//! The catalogue and the cart of a number.

use async_trait::async_trait;

use super::CommerceSettings;
use crate::{Access, CloudError};

/// Shows or hides the catalogue and the cart.
#[async_trait]
pub trait CommerceApi: Send + Sync {
    /// Whether people see the catalogue and may fill a cart.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/sell-products-and-services/set-commerce-settings>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::CommerceApi;
    /// # async fn demo(meta: &dyn CommerceApi, access: &Access) -> Result<(), CloudError> {
    /// let settings = meta.commerce_settings(access).await?;
    /// println!("cart: {:?}", settings.cart);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn commerce_settings(&self, access: &Access) -> Result<CommerceSettings, CloudError>;
    /// Shows or hides the catalogue and the cart; `None` leaves it.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/sell-products-and-services/set-commerce-settings>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::CommerceApi;
    /// # async fn demo(meta: &dyn CommerceApi, access: &Access) -> Result<(), CloudError> {
    /// meta.change_commerce_settings(access, Some(true), Some(true)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when nothing is changed, else by situation.
    async fn change_commerce_settings(
        &self,
        access: &Access,
        cart: Option<bool>,
        catalog: Option<bool>,
    ) -> Result<(), CloudError>;
}
