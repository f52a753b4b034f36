//! What must hold for any bytes: the functions that the fuzzer and the replay of the kept corpus call. Each panics
//! if something does not hold, and only then.

use serde_json::{Value, json};
use whatsapp_cloud::send::{check_wire, to_wire};
use whatsapp_cloud::webhook::{
    Inbound, SignatureError, Verified, challenge, parse, parse_counted, peek_phone_number_ids,
    peek_waba_ids, sign, verify_signature,
};
use whatsapp_cloud::{OutgoingMessage, Recipient};
use whatsapp_core::{Content, DeliveryStatus, Secret, SendState, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_100);

/// A call is read without panic, twice alike; nothing of it vanishes, and whatever is raw is counted.
pub fn webhook_parse(data: &[u8]) {
    let read = parse_counted(data, NOW);
    assert_eq!(read, parse_counted(data, NOW), "read twice, told twice alike");
    assert_eq!(parse(data, NOW), read.clone().map(|parsed| parsed.changes));
    let numbers = peek_phone_number_ids(data);
    let accounts = peek_waba_ids(data);
    let Ok(parsed) = read else { return };
    let raw = |inbound: &&Inbound| matches!(inbound, Inbound::Raw { .. });
    let raws = parsed.changes.iter().map(|change| &change.inbound).filter(raw).count();
    let counted: u32 = parsed.unknown.values().sum();
    assert!(
        usize::try_from(counted).is_ok_and(|counted| counted >= raws),
        "what is raw is counted"
    );
    for change in &parsed.changes {
        let known = change.waba_id.is_empty() || accounts.contains(&change.waba_id);
        assert!(known, "the account was seen before");
        let number = change.phone_number_id.as_ref();
        let outside = change.waba_id.is_empty(); // a change without its envelope
        assert!(
            outside || number.is_none_or(|id| numbers.contains(id)),
            "the number was seen before"
        );
        if let Inbound::Raw { value, .. } = &change.inbound {
            assert!(!has_nul(value), "a NUL character would not go into a database");
        }
    }
    if let Ok(call) = serde_json::from_slice::<Value>(data) {
        assert!(parsed.changes.len() >= changes(&call), "a change vanished");
    }
}

fn changes(call: &Value) -> usize {
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned();
    let in_entry = |entry: &Value| list(entry, "changes").map_or(1, |changes| changes.len());
    list(call, "entry").unwrap_or_default().iter().map(in_entry).sum()
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(key, part)| key.contains('\0') || has_nul(part)),
        _ => false,
    }
}

/// A signature fits its own bytes and secret, and nothing else does. The first byte says how long the secret is,
/// the second what to change.
pub fn signature(data: &[u8]) {
    let [length, change, rest @ ..] = data else { return };
    let (secret, body) = rest.split_at(usize::from(*length).min(rest.len()));
    let secret = Secret::from(String::from_utf8_lossy(secret).as_ref());
    let header = sign(&secret, body);
    let verdict = verify_signature(&secret, Some(&header), body);
    if secret.is_empty() {
        assert_eq!(verdict, Err(SignatureError::NoSecret));
        return;
    }
    assert_eq!(verdict, Ok(Verified::Exact));
    assert_eq!(verify_signature(&secret, None, body), Err(SignatureError::Malformed));
    let other = verify_signature(&secret, Some(&one_digit_changed(&header, *change)), body);
    assert_eq!(other, Err(SignatureError::Wrong), "another signature");
    let mut longer = body.to_vec();
    longer.push(*change);
    assert!(verify_signature(&secret, Some(&header), &longer).is_err(), "other bytes");
    // What is written in the data itself is hardly ever a signature of it.
    let text = String::from_utf8_lossy(body);
    assert!(verify_signature(&secret, Some(&text), body).is_err(), "the bytes as their signature");
    if let Ok(echo) = challenge(&secret, Some("subscribe"), Some(secret.expose()), Some(&text)) {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        assert!(echo == text && echo.bytes().all(plain), "only what is plain is echoed");
    }
}

/// The header with one of its 64 digits replaced by the next.
fn one_digit_changed(header: &str, which: u8) -> String {
    let start = header.len().saturating_sub(64);
    let at = start + usize::from(which) % 64;
    let next =
        |c: char| c.to_digit(16).and_then(|d| char::from_digit((d + 1) % 16, 16)).unwrap_or(c);
    header.char_indices().map(|(i, c)| if i == at { next(c) } else { c }).collect()
}

/// Statuses in any order and number, as Meta tells them: a message only goes forward, and it ends where it would
/// have ended in any other order. The first byte is where it stands, each other a status.
pub fn status_application(data: &[u8]) {
    const WORDS: [&str; 11] = [
        "sent",
        "delivered",
        "read",
        "played",
        "failed",
        "accepted",
        "deleted",
        "warning",
        "READ",
        "hologram",
        "",
    ];
    let [first, told @ ..] = data else { return };
    let Some(start) = pick(SendState::ALL, *first) else { return };
    let told = told.get(..64.min(told.len())).unwrap_or_default();
    let statuses: Vec<Value> = told
        .iter()
        .filter_map(|byte| pick(&WORDS, *byte))
        .map(|word| json!({"id": "wamid.x", "status": word, "timestamp": "1790000000"}))
        .collect();
    let call = json!({"entry": [{"id": "1", "changes": [
        {"field": "messages", "value": {"statuses": statuses}}
    ]}]});
    let changes = parse(call.to_string().as_bytes(), NOW).unwrap_or_default();
    assert!(changes.len() >= told.len(), "a status vanished");
    let learnt: Vec<DeliveryStatus> = changes
        .iter()
        .filter_map(|change| match &change.inbound {
            Inbound::Status(update) => Some(update.status),
            _ => None,
        })
        .collect();
    let end = apply(start, learnt.iter());
    assert_eq!(end, apply(start, learnt.iter().rev()), "in the other order");
    assert_eq!(end, apply(end, learnt.iter()), "told again");
    let doubled = learnt.iter().flat_map(|status| [status, status]);
    assert_eq!(end, apply(start, doubled), "each told twice");
}

fn pick<T: Copy>(all: &[T], byte: u8) -> Option<T> {
    all.get(usize::from(byte) % all.len().max(1)).copied()
}

fn apply<'a>(start: SendState, told: impl Iterator<Item = &'a DeliveryStatus>) -> SendState {
    told.fold(start, |state, status| match state.after(*status) {
        Some(next) => {
            assert!(next.rank() > state.rank(), "{state:?} went back to {next:?}");
            next
        }
        None => state,
    })
}

/// The components of a template message, any JSON: checked without panic, twice alike, and what is taken is what
/// goes out.
pub fn template_components(data: &[u8]) {
    let components: Value = match serde_json::from_slice(data) {
        Ok(components) => components,
        // No JSON: a text where Meta wants one.
        Err(_) => json!([{"type": "body", "parameters": [
            {"type": "text", "text": String::from_utf8_lossy(data)}
        ]}]),
    };
    let template = json!({"name": "t", "language": {"code": "en"}, "components": components});
    let wire = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+905550100234",
        "type": "template", "template": template,
    });
    let verdict = check_wire(&wire).map_err(|error| error.to_string());
    assert_eq!(verdict, check_wire(&wire).map_err(|error| error.to_string()), "checked twice");
    let content = Content::Other { kind: "template".to_owned(), body: template };
    let message = OutgoingMessage::new(Recipient::from_address("+905550100234"), content);
    let built = to_wire(&message).map_err(|error| error.to_string());
    match verdict {
        Ok(()) => assert_eq!(built, Ok(wire), "what is checked is what goes out"),
        Err(why) => assert_eq!(built, Err(why), "both doors refuse alike"),
    }
}
