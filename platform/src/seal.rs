//! Secrets at rest: the only place that touches key material. AES-256-GCM-SIV, bound to the row they belong to.

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use whatsapp_core::{Env, Id, Secret, Tenant};

use crate::Error;

/// Which row and column a sealed value belongs to: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Whose.
    pub tenant: Id<Tenant>,
    /// In which table.
    pub table: &'static str,
    /// In which column.
    pub column: &'static str,
    /// In which row.
    pub row: Uuid,
}

impl Place {
    fn bytes(&self) -> Vec<u8> {
        format!("{}|{}|{}|{}", self.tenant.uuid(), self.table, self.column, self.row).into_bytes()
    }
}

/// A ring of keys: the first seals, all of them open.
pub struct Vault {
    keys: Vec<(String, Aes256GcmSiv)>,
    env: Env,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

const KEY_MIN: usize = 32;

impl Vault {
    /// From key texts of at least 32 characters, the present one first, older ones after it.
    ///
    /// # Errors
    /// `SEAL_KEY` when there is none or one is too short.
    pub fn new(keys: &[Secret], env: Env) -> Result<Self, Error> {
        if keys.is_empty() || keys.iter().any(|k| k.expose().len() < KEY_MIN) {
            return Err(Error::invalid(
                "SEAL_KEY",
                "seal_key",
                "give at least one sealing key of 32 characters or more",
            ));
        }
        let keys = keys.iter().map(|key| {
            let raw = Sha256::digest(key.expose().as_bytes());
            let id = Sha256::digest(raw).iter().take(4).map(|b| format!("{b:02x}")).collect();
            (id, Aes256GcmSiv::new(&raw))
        });
        Ok(Self { keys: keys.collect(), env })
    }
    /// Seals a value for its place: `v1.<key>.<nonce>.<text>`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the cipher refuses, which it does only for values of gigabytes.
    pub fn seal(&self, value: &Secret, place: &Place) -> Result<Secret, Error> {
        let (id, cipher) =
            self.keys.first().ok_or_else(|| Error::Internal("no sealing key".into()))?;
        let nonce: [u8; 12] = self.env.bytes();
        let payload = Payload { msg: value.expose().as_bytes(), aad: &place.bytes() };
        let sealed = cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::Internal("sealing failed".into()))?;
        Ok(Secret::new(format!(
            "v1.{id}.{}.{}",
            URL_SAFE_NO_PAD.encode(nonce),
            URL_SAFE_NO_PAD.encode(sealed)
        )))
    }
    /// Opens a sealed value.
    ///
    /// # Errors
    /// [`Error::Internal`] when it was sealed for another place, with a key that is not in the ring, or was changed.
    pub fn open(&self, sealed: &Secret, place: &Place) -> Result<Secret, Error> {
        self.try_open(sealed.expose(), place).ok_or_else(|| {
            Error::Internal(format!(
                "a sealed value of {}.{} does not open: is SEAL_KEY the one it was sealed with?",
                place.table, place.column
            ))
        })
    }
    fn try_open(&self, sealed: &str, place: &Place) -> Option<Secret> {
        let mut parts = sealed.split('.');
        let (version, id, nonce, text) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if version != "v1" || parts.next().is_some() {
            return None;
        }
        let (_, cipher) = self.keys.iter().find(|(known, _)| known == id)?;
        let nonce: [u8; 12] = URL_SAFE_NO_PAD.decode(nonce).ok()?.try_into().ok()?;
        let text = URL_SAFE_NO_PAD.decode(text).ok()?;
        let opened = cipher
            .decrypt(&Nonce::from(nonce), Payload { msg: &text, aad: &place.bytes() })
            .ok()?;
        String::from_utf8(opened).ok().map(Secret::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(row: u128) -> Place {
        Place {
            tenant: Id::from_uuid(Uuid::nil()),
            table: "channels",
            column: "token",
            row: Uuid::from_u128(row),
        }
    }
    fn vault(keys: &[&str]) -> Vault {
        let keys: Vec<_> = keys.iter().map(|k| Secret::from(*k)).collect();
        Vault::new(&keys, Env::system()).expect("keys are long enough")
    }
    const OLD: &str = "an old key of more than thirty-two characters";
    const NEW: &str = "a new key of more than thirty-two characters!";

    #[test]
    fn a_sealed_value_opens_only_in_its_own_row() {
        let vault = vault(&[NEW]);
        let sealed = vault.seal(&"EAAG".into(), &place(1)).expect("seals");
        assert_eq!(vault.open(&sealed, &place(1)).expect("opens").expose(), "EAAG");
        assert!(vault.open(&sealed, &place(2)).is_err());
    }

    #[test]
    fn an_old_key_still_opens_and_the_new_one_seals() {
        let sealed = vault(&[OLD]).seal(&"EAAG".into(), &place(1)).expect("seals");
        assert_eq!(vault(&[NEW, OLD]).open(&sealed, &place(1)).expect("opens").expose(), "EAAG");
        assert!(vault(&[NEW]).open(&sealed, &place(1)).is_err());
    }

    #[test]
    fn short_keys_are_refused() {
        assert!(Vault::new(&["short".into()], Env::system()).is_err());
        assert!(Vault::new(&[], Env::system()).is_err());
    }
}
