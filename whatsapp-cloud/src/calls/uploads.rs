//! Resumable uploads.

use bytes::Bytes;

use super::of_object;
use crate::answer::unreadable;
use crate::api::{Upload, UploadApi, UploadSession, Uploaded};
use crate::error::CloudError;
use crate::transport::{Credential, GraphRequest, Payload, Transport, Verb};
use crate::webhook::text_of;
use crate::{Access, bounds};

/// How often a broken upload is taken up again.
const BREAKS_MAX: usize = 5;

/// An id of Meta's is a part of the path and, after a question mark, parameters.
fn request(verb: Verb, access: &Access, session: &UploadSession) -> GraphRequest {
    let (path, query) = session.id.split_once('?').unwrap_or((&session.id, ""));
    let request = GraphRequest::new(verb, &access.token, [path])
        .credential(Credential::OAuth(access.token.clone()));
    let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    pairs.fold(request, |request, (key, value)| request.query(&key, value))
}

fn length_of(file: &Upload) -> u64 {
    u64::try_from(file.bytes.len()).unwrap_or(u64::MAX)
}

/// What stands from a place on.
fn rest(file: &Upload, offset: u64) -> Result<Bytes, CloudError> {
    let start = usize::try_from(offset).ok().filter(|start| *start <= file.bytes.len());
    let start = start.ok_or_else(|| unreadable("a place beyond the end of the file"))?;
    Ok(file.bytes.slice(start..))
}

#[async_trait::async_trait]
impl<T: Transport + ?Sized> UploadApi for T {
    async fn start_upload(
        &self,
        access: &Access,
        app_id: &str,
        filename: &str,
        mime: &str,
        length: u64,
    ) -> Result<UploadSession, CloudError> {
        if !bounds::UPLOAD_TYPES.contains(&mime) {
            let why = format!("{mime} cannot be a sample: use {}", bounds::UPLOAD_TYPES.join(", "));
            return Err(CloudError::invalid("file_type", why));
        }
        if length == 0 {
            return Err(CloudError::invalid("file_length", "the file is empty"));
        }
        let request = GraphRequest::new(Verb::Post, &access.token, [app_id, "uploads"])
            .query("file_name", filename)
            .query("file_length", length.to_string())
            .query("file_type", mime);
        let answer = of_object(self, request).await?.body;
        let id = text_of(&answer, "id").ok_or_else(|| unreadable("an upload without an id"))?;
        Ok(UploadSession { id })
    }
    async fn upload_part(
        &self,
        access: &Access,
        session: &UploadSession,
        offset: u64,
        bytes: Bytes,
    ) -> Result<Uploaded, CloudError> {
        let request = request(Verb::Post, access, session).payload(Payload::Part { offset, bytes });
        let answer = of_object(self, request).await?.body;
        if let Some(handle) = text_of(&answer, "h") {
            return Ok(Uploaded::Whole(handle));
        }
        let offset = text_of(&answer, "file_offset").and_then(|offset| offset.parse().ok());
        offset.map(Uploaded::UpTo).ok_or_else(|| unreadable("an upload without a handle"))
    }
    async fn upload_offset(
        &self,
        access: &Access,
        session: &UploadSession,
    ) -> Result<u64, CloudError> {
        let answer = of_object(self, request(Verb::Get, access, session)).await?.body;
        text_of(&answer, "file_offset")
            .and_then(|offset| offset.parse().ok())
            .ok_or_else(|| unreadable("an upload without its place"))
    }
    async fn resume_upload(
        &self,
        access: &Access,
        session: &UploadSession,
        file: &Upload,
    ) -> Result<String, CloudError> {
        let offset = self.upload_offset(access, session).await?;
        on(self, access, session, file, offset).await
    }
    async fn upload_resumable(
        &self,
        access: &Access,
        app_id: &str,
        file: Upload,
    ) -> Result<String, CloudError> {
        let length = length_of(&file);
        let session = self.start_upload(access, app_id, &file.filename, &file.mime, length).await?;
        on(self, access, &session, &file, 0).await
    }
}

/// Hands over from a place on; after a break asks where Meta is and goes on from there.
async fn on<T: Transport + ?Sized>(
    meta: &T,
    access: &Access,
    session: &UploadSession,
    file: &Upload,
    mut offset: u64,
) -> Result<String, CloudError> {
    let mut breaks = 0;
    loop {
        match meta.upload_part(access, session, offset, rest(file, offset)?).await {
            Ok(Uploaded::Whole(handle)) => return Ok(handle),
            Ok(Uploaded::UpTo(next)) if next > offset => offset = next,
            Ok(Uploaded::UpTo(_)) => return Err(unreadable("an upload that does not go on")),
            Err(CloudError::Ambiguous { .. } | CloudError::Unreachable { .. })
                if breaks < BREAKS_MAX =>
            {
                breaks += 1;
                offset = meta.upload_offset(access, session).await?;
            }
            Err(error) => return Err(error),
        }
    }
}
