//! Files to and from Meta. The token goes to the host that Meta named and to no other.

use bytes::Bytes;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use crate::Access;
use crate::answer::{file_gone, read_answer, unreadable};
use crate::api::{MediaApi, MediaLocation, Upload};
use crate::client::{GraphClient, is_loopback, read_body, retry_after, transport};
use crate::error::CloudError;
use crate::webhook::text_of;

const REDIRECTS_MAX: usize = 3;

#[async_trait::async_trait]
impl MediaApi for GraphClient {
    async fn upload(&self, access: &Access, upload: Upload) -> Result<String, CloudError> {
        crate::send::media_rules::check_file(&upload.mime, &upload.bytes)?;
        let part = reqwest::multipart::Part::stream(upload.bytes)
            .file_name(upload.filename)
            .mime_str(&upload.mime)
            .map_err(|_| CloudError::invalid("mime", "this is not a MIME type"))?;
        let form = reqwest::multipart::Form::new()
            .text("messaging_product", "whatsapp")
            .text("type", upload.mime)
            .part("file", part);
        let path = [access.phone_number_id.as_str(), "media"];
        let request = self.request(Method::POST, &access.token, &path)?;
        let answer = self.call(request.multipart(form).timeout(self.file_timeout)).await?;
        text_of(&answer, "id").ok_or_else(|| unreadable("an upload without an id"))
    }
    async fn locate(&self, access: &Access, media_id: &str) -> Result<MediaLocation, CloudError> {
        let request = self.request(Method::GET, &access.token, &[media_id])?;
        let request = request.query(&[("phone_number_id", access.phone_number_id.as_str())]);
        let answer = self.call(request).await.map_err(file_gone)?;
        let url = text_of(&answer, "url").ok_or_else(|| unreadable("a file without an address"))?;
        Ok(MediaLocation {
            url,
            mime: text_of(&answer, "mime_type").unwrap_or_default(),
            sha256: text_of(&answer, "sha256"),
            size: text_of(&answer, "file_size").and_then(|size| size.parse().ok()),
        })
    }
    async fn download(
        &self,
        access: &Access,
        location: &MediaLocation,
        max_bytes: u64,
    ) -> Result<Bytes, CloudError> {
        let first = self.checked(&location.url)?;
        let mut url = first.clone();
        for _ in 0..=REDIRECTS_MAX {
            let token = (url.origin() == first.origin()).then_some(&access.token);
            let request = self.request_to(Method::GET, token, url.clone())?;
            let response = request.timeout(self.file_timeout).send().await.map_err(transport)?;
            let status = response.status();
            if status.is_success() {
                return read_body(response, max_bytes).await.map(Bytes::from);
            }
            if status.is_redirection() {
                let to = response.headers().get(reqwest::header::LOCATION);
                let to = to.and_then(|value| value.to_str().ok());
                let to = to.and_then(|text| url.join(text).ok());
                url =
                    self.checked(to.ok_or_else(|| unreadable("a redirect to nowhere"))?.as_str())?;
                continue;
            }
            let wait = retry_after(response.headers());
            let body = read_body(response, 64 * 1024).await?;
            return Err(match read_answer(status.as_u16(), wait, &body) {
                Err(error) if error.provider().is_some() => file_gone(error),
                _ if status == StatusCode::NOT_FOUND || status == StatusCode::GONE => {
                    CloudError::MediaGone
                }
                Err(error) => error,
                Ok(_) => unreadable("an answer that is no file"),
            });
        }
        Err(unreadable("too many redirects"))
    }
    async fn delete(&self, access: &Access, media_id: &str) -> Result<(), CloudError> {
        let request = self.request(Method::DELETE, &access.token, &[media_id])?;
        self.call(request).await.map(|_: Value| ()).map_err(file_gone)
    }
}

impl GraphClient {
    /// The token leaves only over https, or on loopback where the API itself is there.
    fn checked(&self, text: &str) -> Result<Url, CloudError> {
        let url: Url = text.parse().map_err(|_| unreadable("an address that is none"))?;
        let local = self.root.scheme() == "http" && is_loopback(&self.root) && is_loopback(&url);
        if url.scheme() == "https" || local {
            return Ok(url);
        }
        Err(unreadable("an address that is not https"))
    }
}
