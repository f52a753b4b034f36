//! Reads single settings and collects what is wrong with them.

use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;

use tracing_subscriber::EnvFilter;
use url::{Host, Url};
use whatsapp_core::{Email, Secret, Span};

use super::raw::{RawSettings, SETTINGS};
use super::report::{Problem, Problems};

/// Texts of documentation that somebody might copy.
const EXAMPLES: [&str; 9] = [
    "my-custom",
    "your-random",
    "your_",
    "a-long-random",
    "changeme",
    "change-me",
    "example",
    "minimum-32",
    "abc123",
];

/// Collects problems while reading.
pub(super) struct Reader<'r> {
    raw: &'r RawSettings,
    problems: Vec<Problem>,
}

impl<'r> Reader<'r> {
    pub(super) const fn new(raw: &'r RawSettings) -> Self {
        Self { raw, problems: Vec::new() }
    }
    pub(super) fn wrong(&mut self, name: &'static str, why: impl Into<String>) {
        self.problems.push(Problem { name, why: why.into() });
    }
    pub(super) fn finish<T>(self, value: T) -> Result<T, Problems> {
        if self.problems.is_empty() { Ok(value) } else { Err(Problems(self.problems)) }
    }
    pub(super) fn optional(&self, name: &str) -> Option<&'r str> {
        self.raw.get(name)
    }
    /// The given text, else the documented default.
    pub(super) fn text(&self, name: &'static str) -> String {
        let default = SETTINGS.iter().find(|s| s.name == name).map_or("", |s| s.default);
        self.optional(name).unwrap_or(default).to_owned()
    }
    pub(super) fn parsed<T: FromStr>(&mut self, name: &'static str, wanted: &str) -> Option<T> {
        let text = self.text(name);
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(name, format!("must be {wanted}, not {text}"));
        }
        value
    }
    pub(super) fn production(&mut self) -> bool {
        match self.text("NODE_ENV").as_str() {
            "production" => true,
            "development" | "test" => false,
            other => {
                self.wrong(
                    "NODE_ENV",
                    format!("must be production, development or test, not {other}"),
                );
                true
            }
        }
    }
    pub(super) fn public_url(&mut self, production: bool, port: u16) -> String {
        let Some(text) = self.optional("PUBLIC_URL") else {
            if production {
                self.wrong(
                    "PUBLIC_URL",
                    "is required in production: Meta and people must reach this server",
                );
            }
            return format!("http://127.0.0.1:{port}");
        };
        let url = self.address("PUBLIC_URL", text);
        let (plain, loopback) =
            url.as_ref().map_or((false, false), |url| (url.scheme() == "http", is_loopback(url)));
        if production && plain && !loopback {
            self.wrong(
                "PUBLIC_URL",
                "must begin with https:// in production: sessions would travel unprotected",
            );
        }
        text.trim_end_matches('/').to_owned()
    }
    pub(super) fn web_address(&mut self, name: &'static str, production: bool) -> String {
        let text = self.text(name);
        let url = self.address(name, &text);
        if url.is_some_and(|url| url.scheme() == "http" && !is_loopback(&url)) && production {
            self.wrong(name, "must begin with https:// in production");
        }
        text
    }
    fn address(&mut self, name: &'static str, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.filter(|url| {
            url.query().is_none() && url.fragment().is_none() && url.username().is_empty()
        });
        if url.is_none() {
            self.wrong(
                name,
                format!("must be a web address such as https://chat.example.com, not {text}"),
            );
        }
        url
    }
    pub(super) fn database(&mut self, data_dir: &Path) -> Secret {
        let Some(text) = self.optional("DATABASE_URL") else {
            return Secret::new(format!("sqlite:{}", data_dir.join("whatsapp.db").display()));
        };
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| text.starts_with(scheme)) {
            self.wrong("DATABASE_URL", "must begin with sqlite: or postgresql://");
        }
        if let Some(mode) = text.split(['?', '&']).find_map(|part| part.strip_prefix("sslmode=")) {
            let modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
            if !modes.contains(&mode) {
                self.wrong("DATABASE_URL", format!("sslmode must be one of {}", modes.join(", ")));
            }
        }
        Secret::from(text)
    }
    pub(super) fn origins(&mut self) -> Vec<String> {
        let text = self.optional("CORS_ORIGINS").unwrap_or_default();
        let mut origins = Vec::new();
        for origin in text.split(',').map(str::trim).filter(|origin| !origin.is_empty()) {
            match Url::parse(origin) {
                Ok(url) if url.origin().ascii_serialization() == origin.trim_end_matches('/') => {
                    origins.push(origin.trim_end_matches('/').to_owned());
                }
                _ => self.wrong(
                    "CORS_ORIGINS",
                    format!("{origin} is no origin such as https://shop.example.com"),
                ),
            }
        }
        origins
    }
    pub(super) fn version(&mut self) -> String {
        let text = self.text("GRAPH_VERSION");
        let number = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !number.is_some_and(|(major, minor)| digits(major) && digits(minor)) {
            self.wrong("GRAPH_VERSION", format!("must be a version such as v25.0, not {text}"));
        }
        text
    }
    pub(super) fn digits(&mut self, name: &'static str) -> Option<String> {
        let text = self.optional(name)?;
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            self.wrong(name, "must be digits, as Meta's app page shows them");
        }
        Some(text.to_owned())
    }
    pub(super) fn optional_secret(
        &mut self,
        name: &'static str,
        production: bool,
    ) -> Option<Secret> {
        let text = self.optional(name)?;
        if production && (text.len() < 16 || looks_like_example(text)) {
            self.wrong(name, "is too short, or one of the documentation's examples");
        }
        Some(Secret::from(text))
    }
    pub(super) fn span(&mut self, name: &'static str) -> Span {
        let text = self.text(name);
        let span = parse_span(&text);
        if span.is_none() {
            self.wrong(
                name,
                format!("must be a length of time such as 500ms, 3s, 5m, 24h or 7d, not {text}"),
            );
        }
        if span.is_some_and(|span| span > Span::days(30)) {
            self.wrong(name, format!("must be from 1ms to 30d, not {text}"));
        }
        span.unwrap_or(Span::ZERO)
    }
    /// How long something is kept, at least.
    pub(super) fn retention(&mut self, name: &'static str, least: Span) -> Span {
        let text = self.text(name);
        let kept = parse_span(&text).filter(|span| (least..=Span::days(3_650)).contains(span));
        if kept.is_none() {
            let least = least.as_micros() / Span::hours(1).as_micros();
            let wanted = format!("must be a length of time from {least}h to 3650d, not {text}");
            self.wrong(name, wanted);
        }
        kept.unwrap_or(least)
    }
    /// How large the pool of connections may become.
    pub(super) fn connections(&mut self) -> u32 {
        const NAME: &str = "DATABASE_CONNECTIONS";
        let wanted = "a number from 4 to 1000";
        let number: u32 = self.parsed(NAME, wanted).unwrap_or(4);
        if !(4..=1_000).contains(&number) {
            self.wrong(NAME, format!("must be {wanted}, not {number}"));
        }
        number
    }
    /// A number of bytes, if one was given.
    pub(super) fn bytes(&mut self, name: &'static str) -> Option<u64> {
        let text = self.optional(name)?;
        let bytes = text.parse().ok();
        if bytes.is_none() {
            self.wrong(name, format!("must be a number of bytes, not {text}"));
        }
        bytes
    }
    /// A short wait, or none: `0`.
    pub(super) fn delay(&mut self, name: &'static str) -> Span {
        let text = self.text(name);
        if ["0", "0s", "0ms"].contains(&text.as_str()) {
            return Span::ZERO;
        }
        let span = parse_span(&text).filter(|span| *span <= Span::minutes(5));
        if span.is_none() {
            self.wrong(name, format!("must be 0, or a length of time up to 5m, not {text}"));
        }
        span.unwrap_or(Span::ZERO)
    }
    pub(super) fn log(&mut self) -> String {
        let text = self.text("LOG");
        if let Err(error) = EnvFilter::try_new(&text) {
            self.wrong("LOG", format!("must be a filter such as info, not {text}: {error}"));
        }
        text
    }
    /// Mail is not sent yet; what is given must make sense all the same.
    pub(super) fn mail(&mut self) {
        if let Some(port) = self.optional("SMTP_PORT")
            && !port.parse::<u16>().is_ok_and(|port| port > 0)
        {
            self.wrong("SMTP_PORT", format!("must be a port from 1 to 65535, not {port}"));
        }
        if let Some(from) = self.optional("SMTP_FROM")
            && from.parse::<Email>().is_err()
        {
            self.wrong("SMTP_FROM", format!("must be an e-mail address, not {from}"));
        }
    }
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    }
}

/// Why a secret cannot be trusted; `None` when it can.
pub(super) fn weakness(text: &str) -> Option<&'static str> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if text.chars().count() < 32 {
        Some("has fewer than 32 characters")
    } else if looks_like_example(text) {
        Some("is one of the documentation's examples")
    } else if letters.len() < 10 {
        Some("has too few different characters to be chance")
    } else {
        None
    }
}

pub(super) fn looks_like_example(text: &str) -> bool {
    let lower = text.to_lowercase();
    EXAMPLES.iter().any(|example| lower.contains(example))
}

/// `500ms`, `3s`, `5m`, `24h`, `7d`.
pub(crate) fn parse_span(text: &str) -> Option<Span> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(at)?;
    let number: i64 = number.parse().ok()?;
    let span = match unit {
        "ms" => Span::millis(number),
        "s" => Span::seconds(number),
        "m" => Span::minutes(number),
        "h" => Span::hours(number),
        "d" => Span::days(number),
        _ => return None,
    };
    (span > Span::ZERO).then_some(span)
}
