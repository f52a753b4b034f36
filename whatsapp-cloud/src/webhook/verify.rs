//! Is this call from Meta? Constant time over the raw bytes. Never parses, never logs a token.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use whatsapp_core::Secret;

/// Which form of the body the signature fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The bytes as they came.
    Exact,
    /// The bytes with every character outside ASCII written as `\uXXXX`: some senders sign that form.
    Escaped,
}

/// Not from Meta.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The header is not `sha256=` and 64 hexadecimal digits.
    #[error("the signature header is missing or malformed")]
    Malformed,
    /// It was made with another secret, or for other bytes.
    #[error("the signature does not fit")]
    Wrong,
    /// There is no secret to check with.
    #[error("no app secret is configured")]
    NoSecret,
}

/// Not a handshake of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChallengeError {
    /// A parameter is missing, or the challenge holds what may not be echoed.
    #[error("this is not a webhook handshake")]
    Malformed,
    /// The token is another.
    #[error("the verify token does not fit")]
    WrongToken,
}

const PREFIX: &str = "sha256=";

/// Checks `X-Hub-Signature-256` over the raw body.
///
/// # Errors
/// [`SignatureError`]: answer 401 and store nothing.
pub fn verify_signature(
    secret: &Secret,
    header: Option<&str>,
    body: &[u8],
) -> Result<Verified, SignatureError> {
    if secret.is_empty() {
        return Err(SignatureError::NoSecret);
    }
    let given = header.and_then(read_header).ok_or(SignatureError::Malformed)?;
    let mut exact = keyed(secret).ok_or(SignatureError::NoSecret)?;
    let mut escaped = exact.clone();
    exact.update(body);
    if exact.verify_slice(&given).is_ok() {
        return Ok(Verified::Exact);
    }
    if body.is_ascii() {
        return Err(SignatureError::Wrong);
    }
    let text = std::str::from_utf8(body).map_err(|_| SignatureError::Wrong)?;
    escaped.update(escape_non_ascii(text).as_bytes());
    escaped.verify_slice(&given).map(|()| Verified::Escaped).map_err(|_| SignatureError::Wrong)
}

/// Signs a body as Meta does: the whole value of the header.
#[must_use]
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    let mut header = PREFIX.to_owned();
    if let Some(digits) = hmac_hex(secret, body) {
        header.push_str(&digits);
    }
    header
}

/// HMAC-SHA256 in lower-case hexadecimal digits.
pub(crate) fn hmac_hex(secret: &Secret, message: &[u8]) -> Option<String> {
    let mut mac = keyed(secret)?;
    mac.update(message);
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Answers the handshake GET: the text to echo as `text/plain`. The three values are `hub.mode`,
/// `hub.verify_token` and `hub.challenge`.
///
/// # Errors
/// [`ChallengeError`]: answer 403.
pub fn challenge(
    expected_token: &Secret,
    mode: Option<&str>,
    token: Option<&str>,
    challenge: Option<&str>,
) -> Result<String, ChallengeError> {
    let (Some("subscribe"), Some(token), Some(text)) = (mode, token, challenge) else {
        return Err(ChallengeError::Malformed);
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !(1..=256).contains(&text.len()) || !text.bytes().all(plain) {
        return Err(ChallengeError::Malformed);
    }
    if expected_token.is_empty() || *expected_token != Secret::from(token) {
        return Err(ChallengeError::WrongToken);
    }
    Ok(text.to_owned())
}

/// Writes every character outside ASCII as `\uXXXX`, lower case, as Meta transmits its calls.
pub(crate) fn escape_non_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut units = [0_u16; 2];
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                out.push_str("\\u");
                let digit = |shift: u32| char::from_digit(u32::from(*unit) >> shift & 0xf, 16);
                out.extend([12, 8, 4, 0].into_iter().filter_map(digit));
            }
        }
    }
    out
}

fn keyed(secret: &Secret) -> Option<Hmac<Sha256>> {
    Hmac::new_from_slice(secret.expose().as_bytes()).ok()
}

fn read_header(header: &str) -> Option<[u8; 32]> {
    let digits = header.strip_prefix(PREFIX)?.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut out = [0_u8; 32];
    for (slot, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *slot = (hex(high)? << 4) | hex(low)?;
    }
    Some(out)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &[u8] = br#"{"object":"whatsapp_business_account"}"#;

    fn secret() -> Secret {
        Secret::from("an app's secret")
    }

    #[test]
    fn a_known_signature_fits() {
        // From RFC 4231, test case 2.
        let header = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let body = b"what do ya want for nothing?";
        assert_eq!(sign(&Secret::from("Jefe"), body), header);
        assert_eq!(
            verify_signature(&Secret::from("Jefe"), Some(header), body),
            Ok(Verified::Exact)
        );
    }

    #[test]
    fn a_header_of_any_other_shape_is_malformed() {
        let good = sign(&secret(), BODY);
        let digits = good.strip_prefix(PREFIX).expect("prefixed");
        let bad = [
            String::new(),
            PREFIX.into(),
            digits.into(),
            format!("sha1={digits}"),
            format!("SHA256={digits}"),
            format!("{good}0"),
            format!("{good} "),
            good.chars().take(70).collect(),
            good.chars().take(69).collect(),
            format!("{PREFIX}{}", "g".repeat(64)),
            format!("{PREFIX}{}", "+f".repeat(32)),
        ];
        for header in &bad {
            let got = verify_signature(&secret(), Some(header), BODY);
            assert_eq!(got, Err(SignatureError::Malformed), "{header}");
        }
        assert_eq!(verify_signature(&secret(), None, BODY), Err(SignatureError::Malformed));
    }

    #[test]
    fn without_a_secret_nothing_is_verified() {
        let header = sign(&Secret::from(""), BODY);
        assert_eq!(
            verify_signature(&Secret::from(""), Some(&header), BODY),
            Err(SignatureError::NoSecret)
        );
    }

    #[test]
    fn the_signature_of_the_escaped_form_is_accepted_and_named() {
        let body = r#"{"body":"siparişim 🙂"}"#;
        let escaped = r#"{"body":"sipari\u015fim \ud83d\ude42"}"#;
        assert_eq!(escape_non_ascii(body), escaped);
        let header = sign(&secret(), escaped.as_bytes());
        let got = verify_signature(&secret(), Some(&header), body.as_bytes());
        assert_eq!(got, Ok(Verified::Escaped));
    }

    proptest! {
        #[test]
        fn a_signature_with_any_digit_changed_does_not_fit(at in 0_usize..64, to in 0_u8..16) {
            let mut header = sign(&secret(), BODY).into_bytes();
            let to = b"0123456789abcdef"[usize::from(to)];
            prop_assume!(header[PREFIX.len() + at] != to);
            header[PREFIX.len() + at] = to;
            let header = String::from_utf8(header).expect("ascii");
            prop_assert_eq!(verify_signature(&secret(), Some(&header), BODY), Err(SignatureError::Wrong));
        }

        #[test]
        fn a_body_with_any_byte_changed_does_not_fit(at in 0_usize..38, to in any::<u8>()) {
            let header = sign(&secret(), BODY);
            let mut body = BODY.to_vec();
            prop_assume!(body[at] != to);
            body[at] = to;
            prop_assert_eq!(verify_signature(&secret(), Some(&header), &body), Err(SignatureError::Wrong));
        }

        #[test]
        fn another_secret_does_not_fit(other in "[a-z]{1,20}") {
            let header = sign(&Secret::new(other), BODY);
            prop_assert_eq!(verify_signature(&secret(), Some(&header), BODY), Err(SignatureError::Wrong));
        }
    }

    #[test]
    fn the_handshake_echoes_only_what_is_plain() {
        let token = Secret::from("my-token");
        let ask = |t, c| challenge(&token, Some("subscribe"), Some(t), Some(c));
        assert_eq!(ask("my-token", "1158201444"), Ok("1158201444".into()));
        assert_eq!(ask("my-toke", "1158201444"), Err(ChallengeError::WrongToken));
        assert_eq!(ask("my-token", "<script>"), Err(ChallengeError::Malformed));
        assert_eq!(ask("my-token", ""), Err(ChallengeError::Malformed));
        assert_eq!(ask("my-token", &"1".repeat(257)), Err(ChallengeError::Malformed));
        let other_mode = challenge(&token, Some("unsubscribe"), Some("my-token"), Some("1"));
        assert_eq!(other_mode, Err(ChallengeError::Malformed));
        let empty = challenge(&Secret::from(""), Some("subscribe"), Some(""), Some("1"));
        assert_eq!(empty, Err(ChallengeError::WrongToken));
    }
}
