//! Tokens: the exchange of a code of Embedded Signup, and the inspection of what a token may do.

use serde_json::Value;
use whatsapp_core::Secret;

use crate::answer::unreadable;
use crate::api::{AppAccess, CodeExchange, ExchangedToken, TokenApi, TokenInfo};
use crate::transport::{Credential, GraphRequest, Transport};
use crate::{CloudError, bounds};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> TokenApi for T {
    async fn exchange_code(
        &self,
        app: &AppAccess,
        exchange: &CodeExchange,
    ) -> Result<ExchangedToken, CloudError> {
        bounds::filled("code", exchange.code.expose())?;
        let request = GraphRequest::get(&app.secret, ["oauth", "access_token"])
            .credential(Credential::None)
            .query("client_id", app.id.as_str())
            .query("client_secret", app.secret.expose())
            .query("code", exchange.code.expose())
            .query_some("redirect_uri", exchange.redirect_uri.as_deref());
        let answer = self.exchange(request).await?.body;
        ExchangedToken::read(&answer).ok_or_else(|| unreadable("no token"))
    }
    async fn inspect_token(
        &self,
        asking: &Secret,
        token: &Secret,
    ) -> Result<TokenInfo, CloudError> {
        let request =
            GraphRequest::get(asking, ["debug_token"]).query("input_token", token.expose());
        let answer = self.exchange(request).await?.body;
        Ok(TokenInfo::read(answer.get("data").unwrap_or(&Value::Null)))
    }
}
