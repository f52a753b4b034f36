//! Files to and from Meta.

use bytes::Bytes;

use super::done;
use crate::Access;
use crate::answer::{file_gone, unreadable};
use crate::api::{MediaApi, MediaLocation, Upload};
use crate::error::CloudError;
use crate::transport::{GraphRequest, Payload, Transport, Verb};
use crate::webhook::text_of;

#[async_trait::async_trait]
impl<T: Transport + ?Sized> MediaApi for T {
    async fn upload(&self, access: &Access, upload: Upload) -> Result<String, CloudError> {
        crate::send::media_rules::check_file(&upload.mime, &upload.bytes)?;
        let path = [access.phone_number_id.as_str(), "media"];
        let fields = vec![
            ("messaging_product".to_owned(), "whatsapp".to_owned()),
            ("type".to_owned(), upload.mime.clone()),
        ];
        let request = GraphRequest::new(Verb::Post, &access.token, path)
            .payload(Payload::Form { fields, file: upload });
        let answer = self.exchange(request).await?.body;
        text_of(&answer, "id").ok_or_else(|| unreadable("an upload without an id"))
    }
    async fn locate(&self, access: &Access, media_id: &str) -> Result<MediaLocation, CloudError> {
        let request = GraphRequest::get(&access.token, [media_id])
            .query("phone_number_id", access.phone_number_id.as_str());
        let answer = self.exchange(request).await.map_err(file_gone)?.body;
        let url = text_of(&answer, "url").ok_or_else(|| unreadable("a file without an address"))?;
        Ok(MediaLocation {
            id: text_of(&answer, "id"),
            url,
            mime: text_of(&answer, "mime_type").unwrap_or_default(),
            sha256: text_of(&answer, "sha256"),
            size: text_of(&answer, "file_size").and_then(|size| size.parse().ok()),
            raw: answer,
        })
    }
    async fn download(
        &self,
        access: &Access,
        location: &MediaLocation,
        max_bytes: u64,
    ) -> Result<Bytes, CloudError> {
        self.fetch(&access.token, &location.url, max_bytes).await
    }
    async fn delete(&self, access: &Access, media_id: &str) -> Result<(), CloudError> {
        let request = GraphRequest::delete(&access.token, [media_id]);
        done(self.exchange(request).await.map_err(file_gone)?)
    }
}
