//! Resumable uploads: samples for templates' headers, and profile pictures. Not for files that are sent.

use async_trait::async_trait;
use bytes::Bytes;

use super::Upload;
use crate::{Access, CloudError};

/// An upload that was begun and may be taken up again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadSession {
    /// Meta's id, as it came: `upload:MTph…?sig=…`.
    pub id: String,
}

impl UploadSession {
    /// An upload begun earlier.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }
}

/// What Meta said to a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Uploaded {
    /// All of it is there: the handle.
    Whole(String),
    /// It goes on from here.
    UpTo(u64),
}

/// Uploads files in parts, which a broken connection does not undo.
#[async_trait]
pub trait UploadApi: Send + Sync {
    /// Begins an upload of so many bytes. Meta takes PDF, JPEG, PNG and MP4 here
    /// (<https://developers.facebook.com/docs/graph-api/guides/upload>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::UploadApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// let session = meta.start_upload(access, "770145520098113", "a.png", "image/png", 12_345).await?;
    /// println!("{}", session.id);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] before the call for a type that Meta takes no samples of, else by situation.
    async fn start_upload(
        &self,
        access: &Access,
        app_id: &str,
        filename: &str,
        mime: &str,
        length: u64,
    ) -> Result<UploadSession, CloudError>;
    /// Hands over bytes that stand at `offset` of the file
    /// (<https://developers.facebook.com/docs/graph-api/guides/upload>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::UploadApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::{Uploaded, UploadSession};
    /// let session = UploadSession::new("upload:MTph?sig=ARZ");
    /// if let Uploaded::Whole(handle) = meta.upload_part(access, &session, 0, "…".into()).await? {
    ///     println!("{handle}");
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation; after [`CloudError::Ambiguous`] ask [`UploadApi::upload_offset`] and go on.
    async fn upload_part(
        &self,
        access: &Access,
        session: &UploadSession,
        offset: u64,
        bytes: Bytes,
    ) -> Result<Uploaded, CloudError>;
    /// How many bytes Meta has of an upload
    /// (<https://developers.facebook.com/docs/graph-api/guides/upload>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::UploadApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// let session = whatsapp_cloud::UploadSession::new("upload:MTph?sig=ARZ");
    /// println!("{} bytes are there", meta.upload_offset(access, &session).await?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn upload_offset(
        &self,
        access: &Access,
        session: &UploadSession,
    ) -> Result<u64, CloudError>;
    /// Takes an upload up again where Meta has it and gives the handle
    /// (<https://developers.facebook.com/docs/graph-api/guides/upload>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::UploadApi, access: &whatsapp_cloud::Access, file: whatsapp_cloud::Upload) -> Result<(), whatsapp_cloud::CloudError> {
    /// let session = whatsapp_cloud::UploadSession::new("upload:MTph?sig=ARZ");
    /// let handle = meta.resume_upload(access, &session, &file).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn resume_upload(
        &self,
        access: &Access,
        session: &UploadSession,
        file: &Upload,
    ) -> Result<String, CloudError>;
    /// A whole upload: begins, hands over, and goes on by itself after a break, up to five times as long as bytes
    /// still arrive. Gives the handle, for [`Header::image`](crate::template::Header::image) and its like
    /// (<https://developers.facebook.com/docs/graph-api/guides/upload>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::UploadApi, access: &whatsapp_cloud::Access, file: whatsapp_cloud::Upload) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::{Body, Header, TemplateDraft};
    /// let handle = meta.upload_resumable(access, "770145520098113", file).await?;
    /// let draft = TemplateDraft::marketing("autumn", "en_US").header(Header::image(handle)).body(Body::new("It is autumn."));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn upload_resumable(
        &self,
        access: &Access,
        app_id: &str,
        file: Upload,
    ) -> Result<String, CloudError>;
}
