//! Ids in the layout observed at Meta. Callers must treat them as opaque; so do we.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::chance::Chance;

/// A message id: of a message of the business, or of a customer.
pub(super) fn wamid(chance: &mut Chance, who: &str, by_business: bool) -> String {
    let person = who.strip_prefix('+').unwrap_or("0").as_bytes();
    let id = chance.hex(if by_business { 18 } else { 20 }).to_uppercase();
    let mut bytes = vec![0x1c, 0x18, u8::try_from(person.len()).unwrap_or(u8::MAX)];
    bytes.extend_from_slice(person);
    bytes.extend_from_slice(&[0x15, 0x02, 0x00, if by_business { 0x11 } else { 0x12 }, 0x18]);
    bytes.push(u8::try_from(id.len()).unwrap_or(u8::MAX));
    bytes.extend_from_slice(id.as_bytes());
    bytes.push(0);
    format!("wamid.{}", STANDARD.encode(bytes))
}
