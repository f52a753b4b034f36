//! Business phone numbers: reading, verifying, registering, setting up.

use async_trait::async_trait;

use super::{
    BusinessNumber, CallbackOverride, CodeMethod, Health, NewNumber, NumberSettings, Page, Pin,
    SettingsChange, WebhookAddresses,
};
use crate::{Access, CloudError};

/// Reads, verifies, registers and sets up business phone numbers.
#[async_trait]
pub trait NumberApi: Send + Sync {
    /// All that Meta says of the number of the credential.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let number = meta.business_number(access).await?;
    /// println!("{} may send {} a second", number.display_phone, number.messages_per_second());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn business_number(&self, access: &Access) -> Result<BusinessNumber, CloudError>;
    /// A page of the numbers of the account; `after` is the last page's [`Page::next`].
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let page = meta.business_numbers(access, None).await?;
    /// for number in &page.items {
    ///     println!("{}: {:?}", number.display_phone, number.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn business_numbers(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<Page<BusinessNumber>, CloudError>;
    /// Adds a number to the account and gives Meta's id of it. It must then be verified and registered.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{NewNumber, NumberApi};
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let id = meta.add_number(access, &NewNumber::new("55", "11981234567", "Casa Aurora")).await?;
    /// println!("added as {id}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] or [`CloudError::OverLimit`] before the call, else by situation.
    async fn add_number(&self, access: &Access, number: &NewNumber) -> Result<String, CloudError>;
    /// Lets Meta send a verification code to the number. `language` is like `pt_BR`.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{CodeMethod, NumberApi};
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// meta.request_code(access, CodeMethod::Sms, "en_US").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn request_code(
        &self,
        access: &Access,
        method: CodeMethod,
        language: &str,
    ) -> Result<(), CloudError>;
    /// Shows the code that came to the number: it is ours.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// meta.verify_code(access, "482913").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] of a code that has not six digits, else by situation.
    async fn verify_code(&self, access: &Access, code: &str) -> Result<(), CloudError>;
    /// Registers the number for the Cloud API. The PIN becomes its two-step PIN, or must be the one it has.
    /// `region` is where its messages are kept, e.g. `BR`: one of [`bounds::REGIONS`](crate::bounds::REGIONS).
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/registration>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{NumberApi, Pin};
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// meta.register_number(access, &Pin::new("482913")?, Some("BR")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation: 133005 is another PIN than the number has, 133006 that it is not verified, 133016
    /// that it was registered more than ten times in 72 hours.
    async fn register_number(
        &self,
        access: &Access,
        pin: &Pin,
        region: Option<&str>,
    ) -> Result<(), CloudError>;
    /// Takes the number off the Cloud API; it can be registered again. Not for numbers that are also on the Business
    /// app.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/registration>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// meta.deregister_number(access).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn deregister_number(&self, access: &Access) -> Result<(), CloudError>;
    /// Sets or changes the two-step PIN. Nobody can take it away by a call.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/two-step-verification>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{NumberApi, Pin};
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// meta.set_pin(access, &Pin::new("482913")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn set_pin(&self, access: &Access, pin: &Pin) -> Result<(), CloudError>;
    /// Asks for another name, 2 to 75 characters. Once Meta approves, register the number again.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// meta.set_display_name(access, "Casa Aurora").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] or [`CloudError::OverLimit`] before the call, else by situation.
    async fn set_display_name(&self, access: &Access, name: &str) -> Result<(), CloudError>;
    /// The settings of the number.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let settings = meta.number_settings(access).await?;
    /// println!("{:?}", settings.calling);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn number_settings(&self, access: &Access) -> Result<NumberSettings, CloudError>;
    /// Changes settings of the number; what the change does not name stays.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{NumberApi, SettingsChange};
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let change = SettingsChange::new().identity_check(true);
    /// meta.change_number_settings(access, &change).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn change_number_settings(
        &self,
        access: &Access,
        change: &SettingsChange,
    ) -> Result<(), CloudError>;
    /// Sends the number's webhooks to an address of its own, before the account's and the app's. Meta checks the
    /// address by a GET before it answers. Webhooks of templates and accounts always go to the app's address.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{CallbackOverride, NumberApi};
    /// # use whatsapp_core::Secret;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let callback = CallbackOverride {
    ///     url: "https://app.example.com/webhooks/tenant-7".into(),
    ///     verify_token: Secret::from("a-token-of-ours"),
    /// };
    /// meta.override_number_callback(access, &callback).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] or [`CloudError::OverLimit`] before the call, else by situation.
    async fn override_number_callback(
        &self,
        access: &Access,
        callback: &CallbackOverride,
    ) -> Result<(), CloudError>;
    /// Takes the number's own address away.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// meta.clear_number_callback(access).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn clear_number_callback(&self, access: &Access) -> Result<(), CloudError>;
    /// Where the number's webhooks go: read it back after a change.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let addresses = meta.number_callbacks(access).await?;
    /// assert_eq!(addresses.number.as_deref(), Some("https://app.example.com/webhooks/tenant-7"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn number_callbacks(&self, access: &Access) -> Result<WebhookAddresses, CloudError>;
    /// Whether the number can send now, and if not, why.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/health-status>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::NumberApi;
    /// # async fn demo(meta: &dyn NumberApi, access: &Access) -> Result<(), CloudError> {
    /// let health = meta.number_health(access).await?;
    /// for error in health.errors() {
    ///     println!("{:?}", error.solution);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn number_health(&self, access: &Access) -> Result<Health, CloudError>;
}
