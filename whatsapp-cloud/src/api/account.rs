//! The numbers of an account, and which apps hear of it.

use async_trait::async_trait;
use whatsapp_core::{Phone, Quality, Secret};

use crate::{Access, CloudError};

/// What Meta says of a business phone number; all it says is a [`BusinessNumber`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NumberDetails {
    /// Meta's id of it.
    pub id: String,
    /// The number, if what Meta displays can be read as one.
    pub phone: Option<Phone>,
    /// The number as Meta displays it.
    pub display_phone: String,
    /// The name customers see.
    pub verified_name: String,
    /// Meta's judgement.
    pub quality: Quality,
    /// Messages per second: 80, 1,000, or 20 for numbers that are also on the Business app.
    pub throughput: u32,
    /// Meta's word for its state, e.g. `CONNECTED`, as it came.
    pub status: Option<String>,
}

/// Where webhooks of one account go instead of the app's address.
#[derive(Clone, Debug)]
pub struct CallbackOverride {
    /// The address. Meta checks it by a GET before it answers.
    pub url: String,
    /// What that GET carries.
    pub verify_token: Secret,
}

/// An app that receives the account's webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscribedApp {
    /// Meta's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The account's own callback address, if it has one.
    pub callback: Option<String>,
    /// All of it, as it came.
    pub raw: serde_json::Value,
}

/// Reads and connects numbers.
#[async_trait]
pub trait AccountApi: Send + Sync {
    /// The number of the credential.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, AccountApi};
    /// # async fn demo(meta: &dyn AccountApi, access: &Access) -> Result<(), CloudError> {
    /// let number = meta.phone_number(access).await?;
    /// println!("{} is {:?}", number.display_phone, number.quality);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn phone_number(&self, access: &Access) -> Result<NumberDetails, CloudError>;
    /// All numbers of the account.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, AccountApi};
    /// # async fn demo(meta: &dyn AccountApi, access: &Access) -> Result<(), CloudError> {
    /// for number in meta.phone_numbers(access).await? {
    ///     println!("{} {}", number.id, number.verified_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn phone_numbers(&self, access: &Access) -> Result<Vec<NumberDetails>, CloudError>;
    /// Proves that this is the secret of the app that the token belongs to, by a call with `appsecret_proof`
    /// (<https://developers.facebook.com/docs/graph-api/guides/secure-requests>). The secret itself stays here.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, AccountApi, CloudError};
    /// # async fn demo(meta: &dyn AccountApi, access: &Access) -> Result<(), CloudError> {
    /// meta.check_app_secret(access, &"the app's secret".into()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] of the field `app_secret` when it is another app's, or none; otherwise
    /// [`CloudError`] by situation, and nothing is known of the secret.
    async fn check_app_secret(&self, access: &Access, secret: &Secret) -> Result<(), CloudError>;
    /// Lets the token's app receive the account's webhooks; doing it again changes nothing but the address.
    /// Without an override the account's own address is cleared.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, AccountApi, CallbackOverride};
    /// # async fn demo(meta: &dyn AccountApi, access: &Access) -> Result<(), CloudError> {
    /// let url = "https://shop.example/webhooks".to_owned();
    /// let to = CallbackOverride { url, verify_token: "my token".into() };
    /// meta.subscribe_app(access, Some(to)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] or [`CloudError::OverLimit`] of the override before the call, else by situation.
    async fn subscribe_app(
        &self,
        access: &Access,
        callback: Option<CallbackOverride>,
    ) -> Result<(), CloudError>;
    /// Stops the account's webhooks to the token's app.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/guides/set-up-webhooks>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, AccountApi};
    /// # async fn demo(meta: &dyn AccountApi, access: &Access) -> Result<(), CloudError> {
    /// meta.unsubscribe_app(access).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn unsubscribe_app(&self, access: &Access) -> Result<(), CloudError>;
    /// Which apps receive the account's webhooks.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/guides/set-up-webhooks>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, AccountApi};
    /// # async fn demo(meta: &dyn AccountApi, access: &Access) -> Result<(), CloudError> {
    /// for app in meta.subscribed_apps(access).await? {
    ///     println!("{} hears at {:?}", app.name, app.callback);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn subscribed_apps(&self, access: &Access) -> Result<Vec<SubscribedApp>, CloudError>;
}
