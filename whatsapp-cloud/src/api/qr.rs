//! QR codes and short links of a number.

use async_trait::async_trait;

use super::{NewQrCode, Page, QrCode};
use crate::{Access, CloudError};

/// Makes QR codes that open a conversation.
#[async_trait]
pub trait QrApi: Send + Sync {
    /// Makes a QR code and its short link.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/qr-codes>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{NewQrCode, QrApi, QrImage};
    /// # async fn demo(meta: &dyn QrApi, access: &Access) -> Result<(), CloudError> {
    /// let code = meta.create_qr_code(access, &NewQrCode::new("Hello!").with_image(QrImage::Svg)).await?;
    /// println!("{:?}", code.deep_link);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] above 140 characters, before the call; else by situation.
    async fn create_qr_code(&self, access: &Access, code: &NewQrCode)
    -> Result<QrCode, CloudError>;
    /// Changes the text of a QR code; the code and its link stay.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/qr-codes>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::QrApi;
    /// # async fn demo(meta: &dyn QrApi, access: &Access) -> Result<(), CloudError> {
    /// meta.change_qr_code(access, "4O4YGZEG3RIVE7", "Hello from the shop").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] above 140 characters, before the call; else by situation.
    async fn change_qr_code(
        &self,
        access: &Access,
        code: &str,
        prefilled_message: &str,
    ) -> Result<QrCode, CloudError>;
    /// A page of the number's QR codes.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/qr-codes>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::QrApi;
    /// # async fn demo(meta: &dyn QrApi, access: &Access) -> Result<(), CloudError> {
    /// for code in meta.qr_codes(access, None).await?.items {
    ///     println!("{}: {:?}", code.code, code.prefilled_message);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn qr_codes(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<Page<QrCode>, CloudError>;
    /// One QR code; `None` if there is no such one.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/qr-codes>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::QrApi;
    /// # async fn demo(meta: &dyn QrApi, access: &Access) -> Result<(), CloudError> {
    /// let code = meta.qr_code(access, "4O4YGZEG3RIVE7").await?;
    /// println!("{code:?}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn qr_code(&self, access: &Access, code: &str) -> Result<Option<QrCode>, CloudError>;
    /// Deletes a QR code: whoever scans it gets nowhere.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/qr-codes>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::QrApi;
    /// # async fn demo(meta: &dyn QrApi, access: &Access) -> Result<(), CloudError> {
    /// meta.delete_qr_code(access, "4O4YGZEG3RIVE7").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn delete_qr_code(&self, access: &Access, code: &str) -> Result<(), CloudError>;
}
