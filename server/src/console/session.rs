//! Signing in and out, the first account, and one's own profile. Knows no password but the one just given.

use axum::extract::State;
use axum::http::{Extensions, StatusCode, header};
use axum::response::{IntoResponse, Response};
use whatsapp_platform::{ProfilePatch, SetupRequest, SignedIn};

use crate::dto::session::{
    LoginRequest, PasswordBody, ProfileBody, Session, SetupBody, SetupState,
};
use crate::error::ApiError;
use crate::http::extract::{Json, Me};
use crate::http::{guard, session_cookie};
use crate::state::{Answer, App};

/// The languages of the console.
const LANGUAGES: [&str; 8] = ["en", "es", "pt-BR", "fr", "de", "hi", "ar", "id"];

fn welcome(app: &App, signed_in: &SignedIn) -> Response {
    let mut response = axum::Json(Session::new(app, &signed_in.principal)).into_response();
    if let Some(cookie) = session_cookie::write(&app.settings, Some(&signed_in.token)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/console/session", tag = "Session",
    responses((status = 200, body = Session)))]
pub(crate) async fn get_session(State(app): State<App>, Me(principal): Me) -> axum::Json<Session> {
    axum::Json(Session::new(&app, &principal))
}

/// Sign in.
#[utoipa::path(post, path = "/api/console/login", tag = "Session", request_body = LoginRequest,
    responses((status = 200, body = Session), (status = 401, body = crate::error::ErrorBody)))]
pub(crate) async fn login(
    State(app): State<App>,
    extensions: Extensions,
    Json(body): Json<LoginRequest>,
) -> Answer {
    let address = guard::address(&extensions);
    let signed_in = app.platform.login(&body.email, &body.password.0, &address).await?;
    Ok(welcome(&app, &signed_in))
}

/// Sign out.
#[utoipa::path(post, path = "/api/console/logout", tag = "Session", responses((status = 204)))]
pub(crate) async fn logout(State(app): State<App>, Me(principal): Me) -> Answer {
    app.platform.logout(&principal).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = session_cookie::write(&app.settings, None) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Whether the first account must still be made.
#[utoipa::path(get, path = "/api/console/setup", tag = "Session",
    responses((status = 200, body = SetupState)))]
pub(crate) async fn get_setup(State(app): State<App>) -> Answer<axum::Json<SetupState>> {
    Ok(axum::Json(SetupState { needed: app.platform.setup_needed().await? }))
}

/// Make the first account and its business.
#[utoipa::path(post, path = "/api/console/setup", tag = "Session", request_body = SetupBody,
    responses((status = 200, body = Session), (status = 401, body = crate::error::ErrorBody),
        (status = 409, body = crate::error::ErrorBody)))]
pub(crate) async fn setup(State(app): State<App>, Json(body): Json<SetupBody>) -> Answer {
    let request = SetupRequest {
        token: body.token.0,
        name: body.name,
        email: body.email,
        password: body.password.0,
        business_name: body.business_name,
        timezone: body.timezone.unwrap_or_else(|| "UTC".into()),
    };
    let signed_in = app.platform.setup(request).await?;
    Ok(welcome(&app, &signed_in))
}

/// Change one's own name, language or colours.
#[utoipa::path(patch, path = "/api/console/me", tag = "Session", request_body = ProfileBody,
    responses((status = 200, body = Session)))]
pub(crate) async fn update_me(
    State(app): State<App>,
    Me(principal): Me,
    Json(body): Json<ProfileBody>,
) -> Answer<axum::Json<Session>> {
    if let Some(Some(locale)) = &body.locale
        && !LANGUAGES.contains(&locale.as_str())
    {
        let message = format!("choose one of {}", LANGUAGES.join(", "));
        return Err(ApiError::invalid("INVALID_LOCALE", "locale", message));
    }
    let patch = ProfilePatch { name: body.name, locale: body.locale, theme: body.theme };
    let principal = app.platform.update_profile(&principal, patch).await?;
    Ok(axum::Json(Session::new(&app, &principal)))
}

/// Change one's own password; every other session ends.
#[utoipa::path(post, path = "/api/console/me/password", tag = "Session", request_body = PasswordBody,
    responses((status = 204)))]
pub(crate) async fn change_password(
    State(app): State<App>,
    Me(principal): Me,
    Json(body): Json<PasswordBody>,
) -> Answer<StatusCode> {
    app.platform.change_password(&principal, &body.current.0, &body.new.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
