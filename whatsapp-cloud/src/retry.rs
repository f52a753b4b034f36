//! Trying again, only where the table of codes allows it and only where it is proved that nothing was accepted.
//! A call that only reads may also be repeated when nobody knows what became of it; a message never.

use whatsapp_core::{Env, Span};

use crate::error::CloudError;
use crate::pace::pair_wait;
use crate::transport::Verb;

/// How often and how long to try.
///
/// ```
/// use whatsapp_cloud::retry::RetryPolicy;
/// use whatsapp_cloud::transport::Verb;
/// use whatsapp_cloud::CloudError;
/// use whatsapp_core::Env;
///
/// let policy = RetryPolicy::default();
/// let lost = CloudError::Ambiguous { reason: "the connection broke".into(), http_status: None };
/// assert_eq!(policy.wait(Verb::Post, &lost, 1, &Env::system()), None);
/// assert!(policy.wait(Verb::Get, &lost, 1, &Env::system()).is_some());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often to ask in all.
    pub attempts: u32,
    /// The first wait where the answer names none; it doubles each time. To one person who got too much it
    /// is what Meta asks for, see [`pair_wait`].
    pub first: Span,
    /// Never wait longer than this: rather give the error back.
    pub longest: Span,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 4, first: Span::millis(500), longest: Span::seconds(30) }
    }
}

impl RetryPolicy {
    /// With another number of attempts.
    #[must_use]
    pub const fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }
    /// With another longest wait.
    #[must_use]
    pub const fn with_longest(mut self, longest: Span) -> Self {
        self.longest = longest;
        self
    }
    /// How long to wait before attempt `made + 1`, after `made` attempts; `None` to give the error back. What
    /// Meta asks to wait is waited at the least; up to a quarter more is added by chance, so that many callers
    /// do not come back at once.
    #[must_use]
    pub fn wait(&self, verb: Verb, error: &CloudError, made: u32, env: &Env) -> Option<Span> {
        if made >= self.attempts || !may_repeat(verb, error) {
            return None;
        }
        let growth = 2_i64.saturating_pow(made.saturating_sub(1));
        let grown = match error {
            CloudError::PairRate { .. } => pair_wait(made),
            _ => Span::micros(self.first.as_micros().saturating_mul(growth)),
        };
        let wait = grown.max(error.retry_after().unwrap_or(Span::ZERO));
        if wait > self.longest {
            return None;
        }
        let most = u64::try_from(wait.as_micros() / 4).unwrap_or(0);
        let more = i64::try_from(env.below(most.saturating_add(1))).unwrap_or(0);
        Some(Span::micros(wait.as_micros().saturating_add(more)))
    }
}

fn may_repeat(verb: Verb, error: &CloudError) -> bool {
    let proved = error.error_class().may_retry() && error.proof_not_accepted();
    let harmless = verb == Verb::Get && matches!(error, CloudError::Ambiguous { .. });
    proved || harmless
}

#[cfg(feature = "client")]
pub use over::Retrying;

#[cfg(feature = "client")]
mod over {
    use std::future::Future;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::time::Duration;

    use bytes::Bytes;
    use whatsapp_core::{Env, Secret};

    use super::RetryPolicy;
    use crate::error::CloudError;
    use crate::transport::{GraphAnswer, GraphRequest, Transport, Verb};

    /// A transport that tries again by a policy. For programs without a queue of their own; the platform's
    /// ledger decides by itself and uses the plain client.
    ///
    /// ```no_run
    /// # fn demo() -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::{GraphClient, GraphSettings, retry::{RetryPolicy, Retrying}};
    /// use whatsapp_core::Env;
    /// let client = GraphClient::new(GraphSettings::default())?;
    /// let patient = Retrying::new(client, RetryPolicy::default().with_attempts(6), Env::system());
    /// # Ok(()) }
    /// ```
    #[derive(Clone)]
    pub struct Retrying<T> {
        inner: T,
        policy: RetryPolicy,
        env: Env,
        sleep: Sleep,
    }

    type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

    impl<T: std::fmt::Debug> std::fmt::Debug for Retrying<T> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let (inner, policy) = (&self.inner, &self.policy);
            f.debug_struct("Retrying")
                .field("inner", inner)
                .field("policy", policy)
                .finish_non_exhaustive()
        }
    }

    impl<T: Transport> Retrying<T> {
        /// Around another transport. It waits by tokio's clock.
        pub fn new(inner: T, policy: RetryPolicy, env: Env) -> Self {
            Self { inner, policy, env, sleep: Arc::new(|time| Box::pin(tokio::time::sleep(time))) }
        }
        /// Waits another way: by another runtime's clock, or in a test not at all.
        #[must_use]
        pub fn sleeping<Fut>(
            mut self,
            sleep: impl Fn(Duration) -> Fut + Send + Sync + 'static,
        ) -> Self
        where
            Fut: Future<Output = ()> + Send + 'static,
        {
            self.sleep = Arc::new(move |time| Box::pin(sleep(time)));
            self
        }
        async fn pause(&self, verb: Verb, error: CloudError, made: u32) -> Result<(), CloudError> {
            let Some(wait) = self.policy.wait(verb, &error, made, &self.env) else {
                return Err(error);
            };
            tracing::debug!(%error, made, wait = ?wait.to_std(), "asking WhatsApp again");
            (self.sleep)(wait.to_std()).await;
            Ok(())
        }
    }

    #[async_trait::async_trait]
    impl<T: Transport> Transport for Retrying<T> {
        async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
            let mut made = 0;
            loop {
                match self.inner.exchange(request.clone()).await {
                    Ok(answer) => return Ok(answer),
                    Err(error) => {
                        made += 1;
                        self.pause(request.verb, error, made).await?;
                    }
                }
            }
        }
        async fn fetch(
            &self,
            token: &Secret,
            url: &str,
            max_bytes: u64,
        ) -> Result<Bytes, CloudError> {
            let mut made = 0;
            loop {
                match self.inner.fetch(token, url, max_bytes).await {
                    Ok(bytes) => return Ok(bytes),
                    Err(error) => {
                        made += 1;
                        self.pause(Verb::Get, error, made).await?;
                    }
                }
            }
        }
    }
}
