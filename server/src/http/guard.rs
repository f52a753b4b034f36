//! Who calls, and whether he may: runs before every handler, as the route table says. Deny is the default: a
//! handler finds a workspace only if the guard of its route put one there.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use whatsapp_core::Permission;
use whatsapp_platform::{Actor, Error, Principal, RateVerdict};

use crate::error::ApiError;
use crate::http::{csrf, session_cookie};
use crate::routes::Access;
use crate::state::{Answer, App};

/// The state of one route's guard.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) app: App,
    pub(crate) access: Access,
    pub(crate) upload: bool,
}

/// Lets the request in, or answers it.
pub(crate) async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.access {
        Access::Open => next.run(request).await,
        Access::Page => guard.page(request, next).await,
        Access::Person => guard.person(request, next, None).await,
        Access::Member(any_of) => guard.person(request, next, Some(any_of)).await,
        Access::Key(permission) => guard.key(request, next, permission).await,
    }
}

impl Guard {
    async fn page(&self, request: Request, next: Next) -> Response {
        match csrf::check(&self.app.settings, request.method(), request.headers(), self.upload) {
            Ok(()) => next.run(request).await,
            Err(refused) => refused.into_response(),
        }
    }
    async fn person(
        &self,
        mut request: Request,
        next: Next,
        any_of: Option<&[Permission]>,
    ) -> Response {
        // Parts of the request, not the request: its body cannot be shared between threads.
        let (method, headers) = (request.method().clone(), request.headers().clone());
        match self.sign_in(&method, &headers, any_of).await {
            Ok((principal, actor)) => {
                if let Some(actor) = actor {
                    request.extensions_mut().insert(self.app.platform.workspace(actor));
                }
                request.extensions_mut().insert(principal);
                next.run(request).await
            }
            Err(refused) => refused.into_response(),
        }
    }
    /// The order matters: nobody learns of permissions before he is known.
    async fn sign_in(
        &self,
        method: &Method,
        headers: &HeaderMap,
        any_of: Option<&[Permission]>,
    ) -> Answer<(Principal, Option<Actor>)> {
        let principal = signed_in(&self.app, headers).await?;
        csrf::check(&self.app.settings, method, headers, self.upload)?;
        let Some(any_of) = any_of else {
            return Ok((principal, None));
        };
        let actor = principal.actor()?;
        allow(&actor, any_of)?;
        Ok((principal, Some(actor)))
    }
    async fn key(&self, mut request: Request, next: Next, permission: Permission) -> Response {
        let headers = request.headers().clone();
        let holder = match self.holder(&headers).await {
            Ok(holder) => holder,
            Err(refused) => return refused.into_response(),
        };
        let verdict = match self.app.platform.rate(&holder.key).await {
            Ok(verdict) => verdict,
            Err(error) => return ApiError::from(error).into_response(),
        };
        let mut response = match judge(&verdict).and_then(|()| allow(&holder.actor, &[permission]))
        {
            Ok(()) => {
                request.extensions_mut().insert(self.app.platform.workspace(holder.actor));
                next.run(request).await
            }
            Err(refused) => refused.into_response(),
        };
        rate_headers(response.headers_mut(), &verdict);
        response
    }
    async fn holder(&self, headers: &HeaderMap) -> Answer<whatsapp_platform::KeyHolder> {
        let raw = headers.get("x-api-key").and_then(|value| value.to_str().ok());
        let raw = raw.ok_or_else(|| {
            ApiError::unauthenticated("send your API key in the header X-API-Key")
        })?;
        Ok(self.app.platform.api_key(raw).await?)
    }
}

/// The person whose session's cookie came along.
pub(crate) async fn signed_in(app: &App, headers: &HeaderMap) -> Answer<Principal> {
    let token = session_cookie::read(headers, app.settings.cookie_name())
        .ok_or_else(|| ApiError::unauthenticated("sign in first"))?;
    // The console knows one word for "not signed in", whatever the reason.
    app.platform.principal(&token).await.map_err(|error| match error {
        Error::Unauthenticated { message, .. } => ApiError::unauthenticated(message),
        other => other.into(),
    })
}

fn allow(actor: &Actor, any_of: &[Permission]) -> Answer<()> {
    if any_of.iter().any(|permission| actor.grants().allow(*permission)) {
        return Ok(());
    }
    match any_of.first() {
        Some(first) => Ok(actor.require(*first)?),
        None => Ok(()),
    }
}

fn judge(verdict: &RateVerdict) -> Answer<()> {
    if verdict.allowed {
        return Ok(());
    }
    let message = "this API key has made all the calls its plan allows for now";
    let error = ApiError::new(axum::http::StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message);
    Err(ApiError { retry_after: Some(verdict.retry_after), ..error })
}

fn rate_headers(headers: &mut HeaderMap, verdict: &RateVerdict) {
    headers.insert("x-ratelimit-limit", HeaderValue::from(verdict.limit));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(verdict.remaining.max(0)));
    headers.insert("x-ratelimit-reset", HeaderValue::from(verdict.reset_at.seconds()));
}

/// Where a request comes from, for limits on signing in: the peer of the socket. Headers that name another
/// address can be made up and count for nothing.
pub(crate) fn address(request: &axum::http::Extensions) -> String {
    let peer = request.get::<ConnectInfo<SocketAddr>>();
    peer.map_or_else(|| "unknown".to_owned(), |ConnectInfo(peer)| peer.ip().to_string())
}

/// Marks an answer as one of the API: never kept by a browser or a proxy.
pub(crate) fn no_store(headers: &mut HeaderMap) {
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
