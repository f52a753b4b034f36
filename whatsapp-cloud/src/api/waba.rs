//! WhatsApp Business Accounts, their people, their business' other accounts, and an app's webhooks.

use async_trait::async_trait;
use whatsapp_core::Secret;

use super::{
    AppAccess, AppSubscription, AssignedTask, AssignedUser, Health, NewSubscription, Page,
    WabaChange, WabaDetails,
};
use crate::{Access, CloudError};

/// Reads and changes accounts, who works on them, and where an app's webhooks go.
#[async_trait]
pub trait WabaApi: Send + Sync {
    /// All that Meta says of the account of the credential.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::WabaApi;
    /// # async fn demo(meta: &dyn WabaApi, access: &Access) -> Result<(), CloudError> {
    /// let account = meta.account(access).await?;
    /// println!("{:?}", account.review_status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn account(&self, access: &Access) -> Result<WabaDetails, CloudError>;
    /// Changes the account; what the change does not name stays.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{WabaApi, WabaChange};
    /// # async fn demo(meta: &dyn WabaApi, access: &Access) -> Result<(), CloudError> {
    /// meta.change_account(access, &WabaChange::new().with_insights()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn change_account(&self, access: &Access, change: &WabaChange) -> Result<(), CloudError>;
    /// Whether the account can send now, and if not, why.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/health-status>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::WabaApi;
    /// # async fn demo(meta: &dyn WabaApi, access: &Access) -> Result<(), CloudError> {
    /// if meta.account_health(access).await?.is_blocked() {
    ///     println!("look into WhatsApp Manager");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn account_health(&self, access: &Access) -> Result<Health, CloudError>;
    /// A page of the people and systems of `business` that work on the account.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::WabaApi;
    /// # async fn demo(meta: &dyn WabaApi, access: &Access) -> Result<(), CloudError> {
    /// let page = meta.assigned_users(access, "360190044827715", None).await?;
    /// println!("{} people", page.items.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn assigned_users(
        &self,
        access: &Access,
        business: &str,
        after: Option<&str>,
    ) -> Result<Page<AssignedUser>, CloudError>;
    /// Lets somebody work on the account.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{AssignedTask, WabaApi};
    /// # async fn demo(meta: &dyn WabaApi, access: &Access) -> Result<(), CloudError> {
    /// meta.assign_user(access, "122100445566778", &[AssignedTask::Manage]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn assign_user(
        &self,
        access: &Access,
        user: &str,
        tasks: &[AssignedTask],
    ) -> Result<(), CloudError>;
    /// Lets somebody no longer work on the account.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/assigned_users/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::WabaApi;
    /// # async fn demo(meta: &dyn WabaApi, access: &Access) -> Result<(), CloudError> {
    /// meta.unassign_user(access, "122100445566778").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn unassign_user(&self, access: &Access, user: &str) -> Result<(), CloudError>;
    /// A page of the accounts that a business owns.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/marketing-api/reference/business/owned_whatsapp_business_accounts/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::CloudError;
    /// # use whatsapp_cloud::api::WabaApi;
    /// # use whatsapp_core::Secret;
    /// # async fn demo(meta: &dyn WabaApi, token: &Secret) -> Result<(), CloudError> {
    /// let page = meta.owned_accounts(token, "360190044827715", None).await?;
    /// for account in page.items {
    ///     println!("{}", account.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn owned_accounts(
        &self,
        token: &Secret,
        business: &str,
        after: Option<&str>,
    ) -> Result<Page<WabaDetails>, CloudError>;
    /// A page of the accounts that others have shared with a business.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/marketing-api/reference/business/client_whatsapp_business_accounts/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::CloudError;
    /// # use whatsapp_cloud::api::WabaApi;
    /// # use whatsapp_core::Secret;
    /// # async fn demo(meta: &dyn WabaApi, token: &Secret) -> Result<(), CloudError> {
    /// let page = meta.client_accounts(token, "360190044827715", None).await?;
    /// for account in page.items {
    ///     println!("{}", account.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn client_accounts(
        &self,
        token: &Secret,
        business: &str,
        after: Option<&str>,
    ) -> Result<Page<WabaDetails>, CloudError>;
    /// Where the app's webhooks go.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/application/subscriptions/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::CloudError;
    /// # use whatsapp_cloud::api::{AppAccess, WabaApi};
    /// # async fn demo(meta: &dyn WabaApi, app: &AppAccess) -> Result<(), CloudError> {
    /// for subscription in meta.app_subscriptions(app).await? {
    ///     println!("{} to {:?}", subscription.object, subscription.callback_url);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn app_subscriptions(&self, app: &AppAccess) -> Result<Vec<AppSubscription>, CloudError>;
    /// Sends the app's webhooks of accounts to an address. Meta checks the address by a GET before it answers.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/application/subscriptions/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::CloudError;
    /// # use whatsapp_cloud::api::{AppAccess, NewSubscription, WabaApi};
    /// # use whatsapp_core::Secret;
    /// # async fn demo(meta: &dyn WabaApi, app: &AppAccess) -> Result<(), CloudError> {
    /// let to = NewSubscription::new(
    ///     "https://app.example.com/webhooks/whatsapp",
    ///     Secret::from("a-token-of-ours"),
    ///     ["messages", "message_template_status_update", "account_update"],
    /// );
    /// meta.subscribe_app_fields(app, &to).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn subscribe_app_fields(
        &self,
        app: &AppAccess,
        to: &NewSubscription,
    ) -> Result<(), CloudError>;
}
