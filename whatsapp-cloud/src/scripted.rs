//! A transport that answers what a test wrote down and remembers what was asked. For tests of one call; the
//! simulator is for tests of behaviour.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use whatsapp_core::Secret;

use crate::error::CloudError;
use crate::transport::{GraphAnswer, GraphRequest, Transport, read_answer};

/// Answers in the order in which they were written down.
///
/// ```
/// # tokio_test(async {
/// use serde_json::json;
/// use whatsapp_cloud::{Access, Messaging, OutgoingMessage, Recipient, scripted::Scripted};
/// use whatsapp_core::{Content, Secret};
///
/// let meta = Scripted::new().answer(200, json!({"messages": [{"id": "wamid.1"}]}));
/// let access = Access::new(Secret::from("EAAG…"), "104551238800917", "118002447730265");
/// let hi = OutgoingMessage::new(Recipient::from_address("+5511981234567"), Content::text("Hi!"));
/// assert_eq!(meta.send(&access, &hi).await?.wamid, "wamid.1");
/// assert_eq!(meta.asked()[0].path, ["104551238800917", "messages"]);
/// # Ok(()) });
/// # fn tokio_test(f: impl Future<Output = Result<(), whatsapp_cloud::CloudError>>) {
/// #     tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(f).unwrap();
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Scripted {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Result<Value, CloudError>>,
    files: VecDeque<Result<Bytes, CloudError>>,
    asked: Vec<GraphRequest>,
}

impl Scripted {
    /// Knows no answer yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// The next call gets this HTTP status and body, read as a real answer would be.
    #[must_use]
    pub fn answer(self, status: u16, body: Value) -> Self {
        self.fail_or(read_answer(status, None, body.to_string().as_bytes()))
    }
    /// The next call fails this way.
    #[must_use]
    pub fn fail(self, error: CloudError) -> Self {
        self.fail_or(Err(error))
    }
    fn fail_or(self, outcome: Result<Value, CloudError>) -> Self {
        self.with(|state| state.answers.push_back(outcome));
        self
    }
    /// The next file that is fetched.
    #[must_use]
    pub fn file(self, outcome: Result<Bytes, CloudError>) -> Self {
        self.with(|state| state.files.push_back(outcome));
        self
    }
    /// What was asked so far, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<GraphRequest> {
        self.with(|state| state.asked.clone())
    }
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn nothing_left<T>() -> Result<T, CloudError> {
    Err(CloudError::Unreachable { reason: "the script has no further answer".into() })
}

#[async_trait]
impl Transport for Scripted {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        self.with(|state| {
            state.asked.push(request);
            state.answers.pop_front().unwrap_or_else(nothing_left).map(GraphAnswer::new)
        })
    }
    async fn fetch(&self, _: &Secret, _: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        let bytes = self.with(|state| state.files.pop_front().unwrap_or_else(nothing_left))?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > max_bytes {
            return Err(CloudError::TooLarge { limit: max_bytes });
        }
        Ok(bytes)
    }
}
