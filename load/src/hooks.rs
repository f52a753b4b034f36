//! Webhook calls as Meta makes them: the forms of the reference, with fresh ids, signed with the app's secret.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use whatsapp_core::Env;

use crate::graph::WABA;

/// Where they go.
pub(crate) const PATH: &str = "/api/webhooks/whatsapp";

/// Signs bytes; the key is prepared once.
#[derive(Clone)]
pub(crate) struct Signer(Option<Hmac<Sha256>>);

impl Signer {
    pub(crate) fn new(secret: &str) -> Self {
        // HMAC takes keys of any length.
        Self(Hmac::new_from_slice(secret.as_bytes()).ok())
    }
    /// The value of `X-Hub-Signature-256`.
    pub(crate) fn sign(&self, body: &[u8]) -> String {
        let Some(mut mac) = self.0.clone() else { return String::new() };
        mac.update(body);
        let digest = mac.finalize().into_bytes();
        digest.iter().fold(String::from("sha256="), |text, byte| format!("{text}{byte:02x}"))
    }
    /// Whether a signature is right.
    pub(crate) fn holds(&self, body: &[u8], signature: &str) -> bool {
        let Some(mut mac) = self.0.clone() else { return false };
        let digits = signature.strip_prefix("sha256=").unwrap_or_default();
        let bytes: Vec<u8> = (0..digits.len() / 2)
            .filter_map(|at| u8::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok())
            .collect();
        mac.update(body);
        mac.verify_slice(&bytes).is_ok()
    }
}

/// The headers of a call with this body.
pub(crate) fn headers(signer: &Signer, body: &[u8]) -> String {
    format!("Content-Type: application/json\r\nX-Hub-Signature-256: {}\r\n", signer.sign(body))
}

/// Persons who write: made from their place.
pub(crate) fn phone(place: u64) -> String {
    format!("4479{:08}", 10_000_000 + place)
}

/// One text in the `messages` of a call.
fn message(id: &str, from: &str, at: i64, body: &str) -> String {
    format!(
        r#"{{"from":"{from}","id":"{id}","timestamp":"{at}","type":"text","text":{{"body":"{body}"}}}}"#
    )
}

/// A call with texts of one person. `ids` are Meta's ids of the messages.
pub(crate) fn texts(number: &str, from: &str, ids: &[String], at: i64) -> String {
    let text = "Hello! Could you please tell me when my order will arrive? Thank you";
    let all: Vec<String> = ids.iter().map(|id| message(id, from, at, text)).collect();
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{WABA}","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550142200","phone_number_id":"{number}"}},"contacts":[{{"profile":{{"name":"Aylin Kaya"}},"wa_id":"{from}","user_id":"GB.{from}55160342"}}],"messages":[{}]}},"field":"messages"}}]}}]}}"#,
        all.join(",")
    )
}

/// A call with one status of a message that was sent.
pub(crate) fn status(
    number: &str,
    to: &str,
    wamid: &str,
    word: &str,
    callback: Option<&str>,
) -> String {
    let to = to.trim_start_matches('+');
    let at = Env::system().now().seconds();
    let callback =
        callback.map(|data| format!(r#","biz_opaque_callback_data":"{data}""#)).unwrap_or_default();
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{WABA}","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550142200","phone_number_id":"{number}"}},"statuses":[{{"id":"{wamid}","status":"{word}","timestamp":"{at}","recipient_id":"{to}"{callback},"pricing":{{"billable":true,"pricing_model":"PMP","type":"regular","category":"marketing"}}}}]}},"field":"messages"}}]}}]}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::{Signer, status, texts};
    use serde_json::Value;

    #[test]
    fn calls_are_json_in_meta_s_form() {
        let ids = ["wamid.A".to_owned(), "wamid.B".to_owned()];
        let call: Value = serde_json::from_str(&texts("1", "447910000000", &ids, 5)).unwrap();
        let messages = call.pointer("/entry/0/changes/0/value/messages").unwrap();
        assert_eq!(messages.as_array().map(Vec::len), Some(2));
        let call: Value =
            serde_json::from_str(&status("1", "+4479", "wamid.A", "read", Some("x"))).unwrap();
        let told = call.pointer("/entry/0/changes/0/value/statuses/0/biz_opaque_callback_data");
        assert_eq!(told.and_then(Value::as_str), Some("x"));
    }

    #[test]
    fn a_signature_holds_for_its_body_and_its_secret_only() {
        let signer = Signer::new("secret");
        let signature = signer.sign(b"body");
        assert!(signer.holds(b"body", &signature));
        assert!(!signer.holds(b"other", &signature));
        assert!(!Signer::new("wrong").holds(b"body", &signature));
    }
}
