//! The real client of the Graph API: one request, one answer. Never retries, never follows a redirect with the
//! token, never reads a proxy from the environment. The only file that builds an HTTP client here.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response};
use url::Url;
use whatsapp_core::{Secret, Span};

use crate::answer::{read_answer, unreadable};
use crate::api::Upload;
use crate::error::CloudError;
use crate::transport::{Credential, GraphAnswer, GraphRequest, Host, Payload, Transport, Verb};
use crate::usage::{APP_HEADER, BUSINESS_HEADER, Usage};

/// Answers of the API are small; what is larger is not one.
const ANSWER_MAX: u64 = 8 * 1024 * 1024;

/// So much room is made at once for what is announced.
const ROOM_MAX: u64 = 1024 * 1024;

/// Where and how to reach the Graph API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GraphSettings {
    /// The address without version. Plain `http` only on loopback.
    pub base: String,
    /// The version, e.g. `v25.0`.
    pub version: String,
    /// How long a connection may take to come to be.
    pub connect_timeout: Duration,
    /// How long a call may take in all; files get four times as long.
    pub timeout: Duration,
}

impl Default for GraphSettings {
    fn default() -> Self {
        Self {
            base: "https://graph.facebook.com".into(),
            version: "v25.0".into(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
        }
    }
}

impl GraphSettings {
    /// Meta's settings with another address, such as the simulator's.
    #[must_use]
    pub fn with_base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }
    /// With another version.
    #[must_use]
    pub fn with_version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }
    /// With another limit on the time of a call.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// The client. Cheap to clone: all clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct GraphClient {
    http: reqwest::Client,
    pub(crate) root: Url,
    api_root: Url,
    pub(crate) file_timeout: Duration,
}

impl GraphClient {
    /// A client for these settings.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when the address or the version has not the form it must have.
    pub fn new(settings: GraphSettings) -> Result<Self, CloudError> {
        let http = build_http(&settings)
            .map_err(|error| CloudError::invalid("client", error.to_string()))?;
        let root = root(&settings)?;
        let api_root = api_root(&root);
        Ok(Self { http, root, api_root, file_timeout: settings.timeout * 4 })
    }

    /// A request to an address, with the token in sight of nobody.
    pub(crate) fn request_to(
        &self,
        method: Method,
        credential: &Credential,
        url: Url,
    ) -> Result<RequestBuilder, CloudError> {
        let request = self.http.request(method, url);
        let (scheme, token) = match credential {
            Credential::None => return Ok(request),
            Credential::Bearer(token) => ("Bearer", token),
            Credential::OAuth(token) => ("OAuth", token),
        };
        let mut value = HeaderValue::try_from(format!("{scheme} {}", token.expose()))
            .map_err(|_| CloudError::invalid("access_token", "it has forbidden characters"))?;
        value.set_sensitive(true);
        Ok(request.header(reqwest::header::AUTHORIZATION, value))
    }
    fn address(&self, request: &GraphRequest) -> Result<Url, CloudError> {
        request.check_path()?;
        let mut url = match request.host {
            Host::Graph => self.root.clone(),
            Host::Api => self.api_root.clone(),
        };
        match url.path_segments_mut() {
            Ok(mut segments) => segments.pop_if_empty().extend(&request.path),
            Err(()) => return Err(CloudError::invalid("base", "this is not a web address")),
        };
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        Ok(url)
    }
    fn build(&self, request: GraphRequest) -> Result<RequestBuilder, CloudError> {
        let method = match request.verb {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Delete => Method::DELETE,
        };
        let url = self.address(&request)?;
        let built = self.request_to(method, &request.credential, url)?;
        Ok(match request.payload {
            Payload::Empty => built,
            Payload::Json(body) => built.json(&body),
            Payload::Form { fields, file } => {
                built.multipart(form(fields, file)?).timeout(self.file_timeout)
            }
            Payload::Part { offset, bytes } => {
                built.header("file_offset", offset).body(bytes).timeout(self.file_timeout)
            }
        })
    }
}

fn form(
    fields: Vec<(String, String)>,
    file: Upload,
) -> Result<reqwest::multipart::Form, CloudError> {
    let part = reqwest::multipart::Part::stream(file.bytes)
        .file_name(file.filename)
        .mime_str(&file.mime)
        .map_err(|_| CloudError::invalid("mime", "this is not a MIME type"))?;
    let form = reqwest::multipart::Form::new();
    Ok(fields.into_iter().fold(form, |form, (name, text)| form.text(name, text)).part("file", part))
}

#[async_trait::async_trait]
impl Transport for GraphClient {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        let response = self.build(request)?.send().await.map_err(transport)?;
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let usage = usage(response.headers());
        // The call was made: what cannot be read of its answer leaves open what became of it.
        let body = read_body(response, ANSWER_MAX).await.map_err(|error| match error {
            CloudError::TooLarge { .. } => unreadable("more than an answer can be"),
            other => other,
        })?;
        let body = read_answer(status.as_u16(), retry_after.or(usage.regain_after), &body)?;
        Ok(GraphAnswer::new(body).with_usage(usage))
    }
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        self.fetch_file(token, url, max_bytes).await
    }
}

/// The client with which the simulator posts webhooks.
#[cfg(feature = "simulator")]
pub(crate) fn webhook_http() -> reqwest::Result<reqwest::Client> {
    let limit = Duration::from_secs(10);
    build_http(&GraphSettings { timeout: limit, ..GraphSettings::default() })
}

#[expect(clippy::disallowed_methods, reason = "the one place that builds this crate's HTTP client")]
fn build_http(settings: &GraphSettings) -> reqwest::Result<reqwest::Client> {
    // A second installation fails, and means that a provider is there: all we need.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .user_agent(concat!("whatsapp-cloud/", env!("CARGO_PKG_VERSION")))
        .tcp_nodelay(true)
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .pool_max_idle_per_host(512)
        // Shorter than servers keep idle connections: a send must not meet one that is being closed.
        .pool_idle_timeout(Duration::from_secs(20))
        .build()
}

fn root(settings: &GraphSettings) -> Result<Url, CloudError> {
    let url: Url = settings.base.parse().map_err(|_| {
        CloudError::invalid("base", "write an address like https://graph.facebook.com")
    })?;
    let good = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    if !good || !url.username().is_empty() || url.password().is_some() {
        return Err(CloudError::invalid("base", "use https; plain http only on loopback"));
    }
    let version = settings.version.strip_prefix('v').and_then(|v| v.split_once('.'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !version.is_some_and(|(major, minor)| digits(major) && digits(minor)) {
        return Err(CloudError::invalid("version", "write a version like v25.0"));
    }
    let mut root = url;
    root.set_query(None);
    root.set_fragment(None);
    if let Ok(mut segments) = root.path_segments_mut() {
        segments.pop_if_empty().push(&settings.version);
    }
    Ok(root)
}

/// Meta's second host, where the first is Meta's own; anything else, such as the simulator, is both.
fn api_root(root: &Url) -> Url {
    let mut api = root.clone();
    if root.host_str() == Some("graph.facebook.com")
        && api.set_host(Some("api.facebook.com")).is_err()
    {
        return root.clone();
    }
    api
}

/// Whether the address is this machine's own.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An error without an answer. Only a connection that never came to be proves that nothing was sent.
pub(crate) fn transport(error: reqwest::Error) -> CloudError {
    let error = error.without_url(); // an address may hold what a log must not
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        reason = format!("{reason}: {inner}");
        source = inner.source();
    }
    if error.is_builder() {
        CloudError::invalid("request", reason)
    } else if error.is_connect() {
        CloudError::Unreachable { reason }
    } else {
        CloudError::Ambiguous { reason, http_status: error.status().map(|s| s.as_u16()) }
    }
}

/// The body, as far as it is allowed to go.
pub(crate) async fn read_body(mut response: Response, limit: u64) -> Result<Vec<u8>, CloudError> {
    let too_large = |length: u64| length > limit;
    if response.content_length().is_some_and(too_large) {
        return Err(CloudError::TooLarge { limit });
    }
    // What the other side announces is believed only so far: memory is taken for what has come.
    let announced = response.content_length().unwrap_or(0).min(ROOM_MAX);
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(chunk) = response.chunk().await.map_err(transport)? {
        if too_large(u64::try_from(body.len() + chunk.len()).unwrap_or(u64::MAX)) {
            return Err(CloudError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// How long the answer asks to wait.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Span> {
    let seconds: i64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    (1..=86_400).contains(&seconds).then(|| Span::seconds(seconds))
}

fn usage(headers: &HeaderMap) -> Usage {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Usage::read(text(APP_HEADER), text(BUSINESS_HEADER))
}
