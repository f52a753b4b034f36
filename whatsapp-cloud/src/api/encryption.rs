//! The public key of a number's flows. The private one never comes here.

use async_trait::async_trait;

use super::FlowKey;
use crate::{Access, CloudError};

/// Sets the key with which Meta encrypts the data of flows.
#[async_trait]
pub trait EncryptionApi: Send + Sync {
    /// The key, and whether Meta could check its signature.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/whatsapp-business-encryption>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::EncryptionApi;
    /// # async fn demo(meta: &dyn EncryptionApi, access: &Access) -> Result<(), CloudError> {
    /// let key = meta.flow_key(access).await?;
    /// println!("{:?}", key.signature);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn flow_key(&self, access: &Access) -> Result<FlowKey, CloudError>;
    /// Sets the key: RSA of 2,048 bits, in PEM.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/whatsapp-business-encryption>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::EncryptionApi;
    /// # async fn demo(meta: &dyn EncryptionApi, access: &Access) -> Result<(), CloudError> {
    /// let pem = "-----BEGIN PUBLIC KEY-----\nMIIB…\n-----END PUBLIC KEY-----";
    /// meta.set_flow_key(access, pem).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] of what is no public key (a private one is never sent), else by situation.
    async fn set_flow_key(&self, access: &Access, public_key: &str) -> Result<(), CloudError>;
}
