//! How a call reaches Meta: one request, one answer, and nothing else. Everything that can be asked is written
//! once over [`Transport`]; the HTTPS client and the simulator in process are two of them, a test or a proxy may
//! be a third. A transport never retries and never changes what it was given.

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use whatsapp_core::Secret;

pub use crate::answer::read_answer;

use crate::CloudError;
use crate::api::Upload;
use crate::usage::Usage;

/// What is done with a node of the Graph API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Reads.
    Get,
    /// Creates or changes.
    Post,
    /// Removes.
    Delete,
}

/// Which of Meta's hosts is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Host {
    /// `graph.facebook.com`, or what stands in its place.
    #[default]
    Graph,
    /// `api.facebook.com`, which alone archives templates.
    Api,
}

/// How the token is shown.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Credential {
    /// Not at all: the call brings its proof along in the query.
    #[default]
    None,
    /// `Authorization: Bearer …`.
    Bearer(Secret),
    /// `Authorization: OAuth …`, which resumable uploads ask for.
    OAuth(Secret),
}

/// What a request carries.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Payload {
    /// Nothing.
    #[default]
    Empty,
    /// An object.
    Json(Value),
    /// A form with a file.
    Form {
        /// The texts, by name.
        fields: Vec<(String, String)>,
        /// The field `file`.
        file: Upload,
    },
    /// A part of a file, from a place on: the second step of a resumable upload.
    Part {
        /// Of the whole file, in bytes.
        offset: u64,
        /// From there to the end.
        bytes: Bytes,
    },
}

/// One request to the Graph API.
///
/// ```
/// use whatsapp_cloud::transport::{GraphRequest, Payload};
/// use whatsapp_core::Secret;
///
/// let token = Secret::from("EAAG…");
/// let request = GraphRequest::get(&token, ["104551238800917", "phone_numbers"]).query("limit", "100");
/// assert_eq!(request.path, ["104551238800917", "phone_numbers"]);
/// assert!(matches!(request.payload, Payload::Empty));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct GraphRequest {
    /// What is done.
    pub verb: Verb,
    /// On which host.
    pub host: Host,
    /// The parts of the path after the version, not escaped.
    pub path: Vec<String>,
    /// The parameters of the address, not escaped.
    pub query: Vec<(String, String)>,
    /// What it carries.
    pub payload: Payload,
    /// How the token is shown.
    pub credential: Credential,
}

/// A few calls bring secrets in the address or in the body, as Meta asks: nobody is shown them.
const SECRET_PARAMETERS: [&str; 11] = [
    "access_token",
    "appsecret_proof",
    "client_secret",
    "code",
    "input_token",
    "fb_exchange_token",
    "pin",
    "preverified_id",
    "sig",
    "sip_user_password",
    "verify_token",
];
const HIDDEN: &str = "…";

/// The same without what nobody is shown.
fn shown(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let hide = |(key, value): (&String, &Value)| {
                let secret = SECRET_PARAMETERS.contains(&key.as_str());
                (key.clone(), if secret { HIDDEN.into() } else { shown(value) })
            };
            Value::Object(map.iter().map(hide).collect())
        }
        Value::Array(list) => Value::Array(list.iter().map(shown).collect()),
        other => other.clone(),
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Json(body) => f.debug_tuple("Json").field(&shown(body)).finish(),
            Self::Form { fields, file } => {
                f.debug_struct("Form").field("fields", fields).field("file", file).finish()
            }
            Self::Part { offset, bytes } => {
                f.debug_struct("Part").field("offset", offset).field("bytes", &bytes.len()).finish()
            }
        }
    }
}

impl std::fmt::Debug for GraphRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |(key, value): &(String, String)| {
            let secret = SECRET_PARAMETERS.contains(&key.as_str());
            (key.clone(), if secret { HIDDEN.to_owned() } else { value.clone() })
        };
        f.debug_struct("GraphRequest")
            .field("verb", &self.verb)
            .field("host", &self.host)
            .field("path", &self.path)
            .field("query", &self.query.iter().map(shown).collect::<Vec<_>>())
            .field("payload", &self.payload)
            .field("credential", &self.credential)
            .finish()
    }
}

impl GraphRequest {
    /// A request with a token and nothing else yet.
    #[must_use]
    pub fn new<'a>(verb: Verb, token: &Secret, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            verb,
            host: Host::Graph,
            path: path.into_iter().map(str::to_owned).collect(),
            query: Vec::new(),
            payload: Payload::Empty,
            credential: Credential::Bearer(token.clone()),
        }
    }
    /// Reads a node or an edge.
    #[must_use]
    pub fn get<'a>(token: &Secret, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Verb::Get, token, path)
    }
    /// Creates or changes, with an object.
    #[must_use]
    pub fn post<'a>(token: &Secret, path: impl IntoIterator<Item = &'a str>, body: Value) -> Self {
        Self::new(Verb::Post, token, path).payload(Payload::Json(body))
    }
    /// Removes.
    #[must_use]
    pub fn delete<'a>(token: &Secret, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Verb::Delete, token, path)
    }
    /// With a parameter of the address.
    #[must_use]
    pub fn query(mut self, key: &str, value: impl Into<String>) -> Self {
        self.query.push((key.to_owned(), value.into()));
        self
    }
    /// With a parameter of the address, where there is one.
    #[must_use]
    pub fn query_some(self, key: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }
    /// With something to carry.
    #[must_use]
    pub fn payload(mut self, payload: Payload) -> Self {
        self.payload = payload;
        self
    }
    /// On another host.
    #[must_use]
    pub const fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }
    /// Whether each part of the path is one id or word. An id that would lead elsewhere (`..`, `1/2`, `1?fields=`),
    /// or none at all, must not become an address: whoever writes a [`Transport`] over HTTP asks this first.
    ///
    /// ```
    /// use whatsapp_cloud::transport::GraphRequest;
    /// let token = whatsapp_core::Secret::from("EAAG…");
    /// assert!(GraphRequest::get(&token, ["1048120077319514"]).check_path().is_ok());
    /// assert!(GraphRequest::get(&token, ["104551238800917", ".."]).check_path().is_err());
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] of `path`.
    pub fn check_path(&self) -> Result<(), CloudError> {
        match self.path.iter().find(|part| !is_one_step(part)) {
            Some(part) => Err(CloudError::invalid("path", format!("{part:?} is no id of Meta's"))),
            None => Ok(()),
        }
    }
    /// With the token shown another way.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }
}

/// Ids of uploads hold base64, in which a slash is a letter like others; it is escaped.
fn is_one_step(part: &str) -> bool {
    let upload = part.starts_with("upload:");
    let leads_on = |b: u8| match b {
        b'/' => !upload,
        b'\\' | b'?' | b'#' => true,
        other => other.is_ascii_control(),
    };
    !matches!(part, "" | "." | "..") && !part.bytes().any(leads_on)
}

/// What Meta answered to a call that it carried out.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct GraphAnswer {
    /// The whole body: an object, or for a few calls a list.
    pub body: Value,
    /// How much of what is allowed was used, where Meta says so.
    pub usage: Usage,
}

/// The body without secrets: the answer to a code of Embedded Signup holds a token.
impl std::fmt::Debug for GraphAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (body, usage) = (shown(&self.body), &self.usage);
        f.debug_struct("GraphAnswer").field("body", &body).field("usage", usage).finish()
    }
}

impl GraphAnswer {
    /// An answer without word on usage.
    #[must_use]
    pub fn new(body: Value) -> Self {
        Self { body, usage: Usage::default() }
    }
    /// With word on usage.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

/// Carries requests to Meta. Implement it to record calls, to go through a proxy, or to answer in a test; then
/// everything of [`crate::api`] works over it.
#[async_trait]
pub trait Transport: Send + Sync {
    /// One request, one answer.
    ///
    /// # Errors
    /// [`CloudError`] by situation: [`CloudError::Ambiguous`] when bytes were written and no answer of Meta's came.
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError>;
    /// The bytes under an address that Meta gave, with the token, at most `max_bytes` of them.
    ///
    /// # Errors
    /// [`CloudError::MediaGone`] when the address no longer holds, [`CloudError::TooLarge`], else by situation.
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for std::sync::Arc<T> {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        (**self).exchange(request).await
    }
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        (**self).fetch(token, url, max_bytes).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nobody_is_shown_a_secret_wherever_it_stands() {
        let hidden = "482913";
        let body = json!({"pin": hidden, "webhook_configuration": {"verify_token": hidden},
            "list": [{"code": hidden}], "text": {"body": "shown"}});
        let request = GraphRequest::post(&Secret::from(hidden), ["1", "register"], body)
            .query("client_secret", hidden)
            .query("sig", hidden);
        let answer = GraphAnswer::new(json!({"access_token": hidden, "token_type": "bearer"}));
        let told = format!("{request:?} {:#?} {answer:?}", request.payload);
        assert!(!told.contains(hidden), "{told}");
        assert!(told.contains("shown") && told.contains("register"), "{told}");
    }

    #[test]
    fn an_id_is_one_step_and_no_way() {
        let token = Secret::from("t");
        for bad in ["", ".", "..", "../1", "1/2", "1?fields=id", "1#x", "1\\2", "1\n2"] {
            let refused = GraphRequest::get(&token, ["1", bad]).check_path();
            assert!(
                matches!(&refused, Err(CloudError::Invalid { field, .. }) if field == "path"),
                "{bad}: {refused:?}"
            );
        }
        for good in ["1048120077319514", "wacid.HBg=", "4HJ2K7", "upload:MTph/dHR+=", "a%2F"] {
            assert_eq!(GraphRequest::get(&token, [good]).check_path(), Ok(()), "{good}");
        }
    }
}
