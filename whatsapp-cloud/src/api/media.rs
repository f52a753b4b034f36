//! Files to and from Meta, by id.

use async_trait::async_trait;
use bytes::Bytes;

use super::{MediaLocation, Upload};
use crate::{Access, CloudError};

/// Moves files.
#[async_trait]
pub trait MediaApi: Send + Sync {
    /// Uploads a file and gives Meta's id, good for 30 days.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#upload-media>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, MediaApi, Upload};
    /// # async fn demo(meta: &dyn MediaApi, access: &Access) -> Result<(), CloudError> {
    /// let file = Upload { bytes: std::fs::read("menu.pdf").unwrap_or_default().into(),
    ///     mime: "application/pdf".into(), filename: "menu.pdf".into() };
    /// println!("send it as {}", meta.upload(access, file).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn upload(&self, access: &Access, upload: Upload) -> Result<String, CloudError>;
    /// Asks where the bytes of a file are.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#get-media-url>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, MediaApi};
    /// # async fn demo(meta: &dyn MediaApi, access: &Access) -> Result<(), CloudError> {
    /// let place = meta.locate(access, "1048120077319514").await?;
    /// println!("{} of {:?} bytes, for five minutes at {}", place.mime, place.size, place.url);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn locate(&self, access: &Access, media_id: &str) -> Result<MediaLocation, CloudError>;
    /// Fetches the bytes, at most `max_bytes` of them.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#download-media>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, MediaApi};
    /// # async fn demo(meta: &dyn MediaApi, access: &Access) -> Result<(), CloudError> {
    /// let place = meta.locate(access, "1048120077319514").await?;
    /// let bytes = meta.download(access, &place, 16 * 1024 * 1024).await?;
    /// println!("{} bytes", bytes.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::MediaGone`] when the address has expired (locate again), [`CloudError::TooLarge`] beyond
    /// `max_bytes`, else by situation.
    async fn download(
        &self,
        access: &Access,
        location: &MediaLocation,
        max_bytes: u64,
    ) -> Result<Bytes, CloudError>;
    /// Deletes a file at Meta.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#delete-media>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, MediaApi};
    /// # async fn demo(meta: &dyn MediaApi, access: &Access) -> Result<(), CloudError> {
    /// meta.delete(access, "1048120077319514").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn delete(&self, access: &Access, media_id: &str) -> Result<(), CloudError>;
}
