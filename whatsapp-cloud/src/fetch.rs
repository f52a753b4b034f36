//! The bytes of files over HTTPS. The token goes to the host that Meta named and to no other.

use bytes::Bytes;
use reqwest::{Method, StatusCode};
use url::Url;
use whatsapp_core::Secret;

use crate::answer::{file_gone, read_answer, unreadable};
use crate::client::{GraphClient, is_loopback, read_body, retry_after, transport};
use crate::error::CloudError;
use crate::transport::Credential;

const REDIRECTS_MAX: usize = 3;

impl GraphClient {
    /// The bytes under an address that Meta gave; redirects are followed by hand, because the token may go to the
    /// host that Meta named and to no other.
    pub(crate) async fn fetch_file(
        &self,
        token: &Secret,
        url: &str,
        max_bytes: u64,
    ) -> Result<Bytes, CloudError> {
        let first = self.checked(url)?;
        let mut url = first.clone();
        for _ in 0..=REDIRECTS_MAX {
            let credential = match url.origin() == first.origin() {
                true => Credential::Bearer(token.clone()),
                false => Credential::None,
            };
            let request = self.request_to(Method::GET, &credential, url.clone())?;
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
