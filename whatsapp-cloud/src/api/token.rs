//! Tokens: the exchange of a code of Embedded Signup, and the inspection of what a token may do.

use async_trait::async_trait;
use whatsapp_core::Secret;

use super::{AppAccess, CodeExchange, ExchangedToken, TokenInfo};
use crate::CloudError;

/// Makes tokens of codes, and inspects tokens.
#[async_trait]
pub trait TokenApi: Send + Sync {
    /// Makes a customer's token of a code. A code is good for 30 seconds, once: exchange it at once and never again.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/onboarding-customers-as-a-tech-provider>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::CloudError;
    /// # use whatsapp_cloud::api::{AppAccess, CodeExchange, TokenApi};
    /// # use whatsapp_core::Secret;
    /// # async fn demo(meta: &dyn TokenApi, app: &AppAccess, code: Secret) -> Result<(), CloudError> {
    /// let exchanged = meta.exchange_code(app, &CodeExchange::new(code)).await?;
    /// let info = meta.inspect_token(&app.token(), &exchanged.token).await?;
    /// println!("shared: {:?}", info.shared_wabas());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation: 100 is a code that has expired, was used, or is another app's.
    async fn exchange_code(
        &self,
        app: &AppAccess,
        exchange: &CodeExchange,
    ) -> Result<ExchangedToken, CloudError>;
    /// What a token may do and for how long, asked with the app's own token or a system user's. A token that is no
    /// longer good is an answer, too: see [`TokenInfo::is_valid`].
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/reference/debug_token/>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::CloudError;
    /// # use whatsapp_cloud::api::{AppAccess, TokenApi};
    /// # use whatsapp_core::Secret;
    /// # async fn demo(meta: &dyn TokenApi, app: &AppAccess, token: &Secret) -> Result<(), CloudError> {
    /// let info = meta.inspect_token(&app.token(), token).await?;
    /// assert!(info.is_valid && info.permits("whatsapp_business_messaging"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn inspect_token(&self, asking: &Secret, token: &Secret)
    -> Result<TokenInfo, CloudError>;
}
