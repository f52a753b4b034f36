//! The bytes of files over HTTPS. The token goes to Meta's hosts and to the one that stands in their place, and to no
//! other, whoever wrote the address.

use bytes::Bytes;
use reqwest::{Method, StatusCode};
use url::Url;
use whatsapp_core::Secret;

use crate::answer::{file_gone, read_answer, unreadable};
use crate::client::{GraphClient, is_loopback, read_body, retry_after, transport};
use crate::error::CloudError;
use crate::transport::Credential;

/// Where Meta keeps files and its API.
const META_DOMAINS: [&str; 5] =
    ["facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net", "whatsapp.com"];
const REDIRECTS_MAX: usize = 3;

impl GraphClient {
    /// The bytes under an address that Meta gave; redirects are followed by hand, because the token must go along to
    /// Meta's hosts and may go to no other.
    pub(crate) async fn fetch_file(
        &self,
        token: &Secret,
        url: &str,
        max_bytes: u64,
    ) -> Result<Bytes, CloudError> {
        let mut url = self.checked(url)?;
        for _ in 0..=REDIRECTS_MAX {
            let credential = match self.is_trusted(&url) {
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
    /// Whether a host may see the token: one of Meta's, or the one that was set in its place.
    fn is_trusted(&self, url: &Url) -> bool {
        let home =
            is_loopback(&self.root) && is_loopback(url) && self.root.scheme() == url.scheme();
        let same = url.origin() == self.root.origin() || (home && self.root.port() == url.port());
        let Some(host) = url.host_str().filter(|_| url.scheme() == "https") else { return same };
        let within = |domain: &str| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        same || (url.port().is_none() && META_DOMAINS.into_iter().any(within))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::GraphSettings;

    #[test]
    fn only_meta_s_hosts_and_the_one_in_their_place_see_the_token() {
        let settings = GraphSettings::default().with_base("https://gateway.example.com/meta");
        let client = GraphClient::new(settings).expect("good");
        let trusted = |text: &str| client.is_trusted(&text.parse().expect("an address"));
        for good in [
            "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
            "https://graph.facebook.com/v25.0/1",
            "https://scontent.xx.fbcdn.net/a",
            "https://mmg.whatsapp.net/a",
            "https://gateway.example.com/file",
        ] {
            assert!(trusted(good), "{good}");
        }
        for bad in [
            "https://fbsbx.com.example.com/a",
            "https://notfbsbx.com/a",
            "https://example.com/lookaside.fbsbx.com",
            "https://lookaside.fbsbx.com:8443/a",
            "https://lookaside.fbsbx.com@example.com/a",
            "http://lookaside.fbsbx.com/a",
            "http://127.0.0.1:1/a",
            "https://gateway.example.com:444/a",
        ] {
            assert!(!trusted(bad), "{bad}");
        }
        let settings = GraphSettings::default().with_base("http://localhost:8080");
        let client = GraphClient::new(settings).expect("good");
        let trusted = |text: &str| client.is_trusted(&text.parse().expect("an address"));
        assert!(trusted("http://127.0.0.1:8080/file"), "another name of the same place");
        assert!(!trusted("http://127.0.0.1:8081/file"));
    }
}
