//! Cursors of lists: signed, so that nobody can make one up, and bound to the list and the tenant they came
//! from. Never hold anything but a sort key and an id.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use whatsapp_core::page::Cursor;
use whatsapp_core::{Id, Secret, Tenant};

const ROW: usize = 24;
const TAG: usize = 16;

/// Writes and reads cursors.
pub(crate) struct Cursors(Hmac<Sha256>);

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cursors(…)")
    }
}

impl Cursors {
    pub(crate) fn new(secret: &Secret) -> Self {
        // An HMAC takes a key of any length; the empty one stands for "cannot be", and signs nothing usable.
        let key = format!("cursor\0{}", secret.expose());
        Self(
            Hmac::new_from_slice(key.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default())),
        )
    }
    pub(crate) fn write(&self, tenant: Id<Tenant>, list: &str, cursor: &Cursor) -> String {
        let mut bytes = Vec::with_capacity(ROW + TAG);
        bytes.extend_from_slice(&cursor.key.to_be_bytes());
        bytes.extend_from_slice(cursor.id.as_bytes());
        let tag = self.tag(tenant, list, &bytes).finalize().into_bytes();
        bytes.extend(tag.iter().take(TAG));
        URL_SAFE_NO_PAD.encode(bytes)
    }
    /// `None` when we did not write it, or for another list.
    pub(crate) fn read(&self, tenant: Id<Tenant>, list: &str, text: &str) -> Option<Cursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == ROW + TAG)?;
        let (row, tag) = bytes.split_at_checked(ROW)?;
        self.tag(tenant, list, row).verify_truncated_left(tag).ok()?;
        let (key, id) = row.split_at_checked(8)?;
        let key = i64::from_be_bytes(key.try_into().ok()?);
        Some(Cursor { key, id: uuid::Uuid::from_slice(id).ok()? })
    }
    fn tag(&self, tenant: Id<Tenant>, list: &str, row: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(tenant.uuid().as_bytes());
        mac.update(list.as_bytes());
        mac.update(&[0]);
        mac.update(row);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(n: u128) -> Id<Tenant> {
        Id::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn a_cursor_is_read_back_only_for_its_own_list_and_tenant() {
        let cursors = Cursors::new(&Secret::from("a secret of the instance"));
        let cursor = Cursor { key: -7, id: uuid::Uuid::from_u128(42) };
        let text = cursors.write(tenant(1), "/contacts", &cursor);
        assert_eq!(cursors.read(tenant(1), "/contacts", &text), Some(cursor));
        assert_eq!(cursors.read(tenant(2), "/contacts", &text), None);
        assert_eq!(cursors.read(tenant(1), "/groups", &text), None);
        let other = Cursors::new(&Secret::from("another secret"));
        assert_eq!(other.read(tenant(1), "/contacts", &text), None);
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let cursors = Cursors::new(&Secret::from("a secret of the instance"));
        for text in ["", "x", "%%%", &"A".repeat(54), &"A".repeat(400)] {
            assert_eq!(cursors.read(tenant(1), "/contacts", text), None, "{text}");
        }
    }
}
