//! The session's cookie, read and written by hand: one name, one value, fixed attributes.

use axum::http::{HeaderMap, HeaderValue, header};
use whatsapp_core::Secret;

use crate::ServerSettings;

/// The session's token in a request.
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let cookies =
        headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| Secret::from(value))
}

/// The header that keeps a session, or ends it when there is no token.
pub(crate) fn write(settings: &ServerSettings, token: Option<&Secret>) -> Option<HeaderValue> {
    let secure = if settings.is_https() { "; Secure" } else { "" };
    let name = settings.cookie_name();
    let rest = format!("; Path=/; HttpOnly; SameSite=Lax{secure}");
    let text = match token {
        // As long as a session may live at most; the server ends it earlier when nobody uses it.
        Some(token) => format!("{name}={}; Max-Age=604800{rest}", token.expose()),
        None => format!("{name}=; Max-Age=0{rest}"),
    };
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; sid=secret; xsid=2"));
        assert_eq!(read(&headers, "sid"), Some(Secret::from("secret")));
        assert_eq!(read(&headers, "__Host-sid"), None);
    }

    #[test]
    fn over_tls_the_cookie_is_bound_to_the_host() {
        let settings = ServerSettings::new("https://chat.example.com/", Secret::from("x"));
        let value = write(&settings, Some(&Secret::from("t"))).expect("a header");
        let text = value.to_str().expect("ascii");
        assert_eq!(text, "__Host-sid=t; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
