//! Keys of programs, and answers to calls that may come twice. A key's text is
//! `wak_<8>_<43><6>`: characters that find it, the secret, a checksum. Only the secret's digest is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use whatsapp_core::{ApiKey, By, Env, Secret, Tenant};
use whatsapp_storage::Mode;
use whatsapp_storage::repo::{Call, Claim};

use super::{NOTE_EVERY, check_tenant};
use crate::{Actor, Error, Platform};

const START: &str = "wak_";
const NAME: usize = 8;
const SECRET: usize = 43;
const CHECK: usize = 6;
/// Letters that nobody mistakes for each other.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A program that showed its key.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    /// The program acting in the tenant.
    pub actor: Actor,
    /// The key.
    pub key: ApiKey,
    /// Whose it is.
    pub tenant: Tenant,
}

/// A new key.
pub(crate) struct Minted {
    /// The whole text, for its owner.
    pub(crate) raw: Secret,
    /// The public part.
    pub(crate) prefix: String,
    /// What is stored of the secret.
    pub(crate) secret_hash: [u8; 32],
}

/// Makes a key.
pub(crate) fn mint_key(env: &Env) -> Minted {
    let name = env.bytes::<NAME>().map(|byte| {
        let letter = LETTERS.get(usize::from(byte) % LETTERS.len()).copied();
        char::from(letter.unwrap_or(b'a'))
    });
    let prefix = format!("{START}{}", String::from_iter(name));
    let secret = URL_SAFE_NO_PAD.encode(env.bytes::<32>());
    let raw = format!("{prefix}_{secret}{}", checksum(&prefix, &secret));
    Minted { raw: Secret::new(raw), prefix, secret_hash: Sha256::digest(secret).into() }
}

/// Lets scanners tell a real key from a text that looks like one, and us refuse a mistyped one unasked.
fn checksum(prefix: &str, secret: &str) -> String {
    let digest = Sha256::digest(format!("{prefix}_{secret}"));
    URL_SAFE_NO_PAD.encode(digest).chars().take(CHECK).collect()
}

/// Prefix and secret of a key's text; `None` if it is none.
fn read(raw: &str) -> Option<(&str, &str)> {
    let prefix = raw.get(..START.len() + NAME)?;
    let rest = raw.get(START.len() + NAME..)?.strip_prefix('_')?;
    let (secret, check) = (rest.get(..SECRET)?, rest.get(SECRET..)?);
    let good = prefix.starts_with(START) && check == checksum(prefix, secret);
    good.then_some((prefix, secret))
}

impl Platform {
    /// The program behind a key, with the key's scopes of this moment.
    ///
    /// # Errors
    /// `API_KEY_UNKNOWN`; `API_KEY_REVOKED` when it was revoked or has ended; `TENANT_SUSPENDED`.
    pub async fn api_key(&self, raw: &str) -> Result<KeyHolder, Error> {
        let (prefix, secret) = read(raw.trim()).ok_or_else(unknown)?;
        let now = self.env().now();
        let mut tx = self.0.store.system(Mode::Read).await?;
        let found = tx.routing().api_key_by_prefix(prefix).await?;
        let (tenant, key) = found.ok_or_else(unknown)?;
        let hash: [u8; 32] = Sha256::digest(secret).into();
        if !bool::from(hash.ct_eq(&key.secret_hash)) {
            return Err(unknown());
        }
        if !key.is_live(now) {
            return Err(Error::Unauthenticated {
                code: "API_KEY_REVOKED",
                message: "this API key was revoked or has ended: make a new one",
            });
        }
        let tenant = tx.tenants().find(tenant).await?.ok_or_else(unknown)?;
        check_tenant(&tenant)?;
        drop(tx);
        if key.last_used_at.is_none_or(|at| now - at >= NOTE_EVERY) {
            let mut tx = self.0.store.system(Mode::Write).await?;
            tx.routing().touch_api_key(key.id, now).await?;
            tx.commit().await?;
        }
        let actor = Actor::new(tenant.id, By::ApiKey(key.id), key.grants.clone());
        Ok(KeyHolder { actor, key, tenant })
    }
    /// The answer that was kept for a call, if it was made before. A call that is being made is waited for.
    ///
    /// # Errors
    /// `IDEMPOTENCY_KEY_REUSED` when the key was used for another body.
    pub async fn stored_answer(
        &self,
        actor: &Actor,
        call: &Call,
    ) -> Result<Option<(u16, Vec<u8>)>, Error> {
        let mut tx = self.0.store.tenant(actor.tenant(), Mode::Write).await?;
        // Not committed: a key that is new stays free for the use case to take.
        match tx.idempotency().claim(call, self.env().now()).await? {
            Claim::Fresh => Ok(None),
            Claim::Done { answer, .. } => Ok(answer),
            Claim::Mismatch => Err(Error::invalid(
                "IDEMPOTENCY_KEY_REUSED",
                "Idempotency-Key",
                "this Idempotency-Key was used for another request: use a new one",
            )),
        }
    }
    /// Keeps the answer to a call for its repetitions. Takes the key if the effect did not: what a repetition
    /// cannot double (a change, a deletion, a start) needs no claim of its own.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_answer(
        &self,
        actor: &Actor,
        call: &Call,
        status: u16,
        body: &[u8],
    ) -> Result<(), Error> {
        let mut tx = self.0.store.tenant(actor.tenant(), Mode::Write).await?;
        if tx.idempotency().claim(call, self.env().now()).await? == Claim::Mismatch {
            // Somebody used the key for another body meanwhile: that answer stays.
            return Ok(());
        }
        tx.idempotency().answer(call, status, body).await?;
        Ok(tx.commit().await?)
    }
}

const fn unknown() -> Error {
    Error::Unauthenticated {
        code: "API_KEY_UNKNOWN",
        message: "this API key is not known: copy the whole key, beginning with wak_",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_has_the_form_of_the_standard_and_is_read_back() {
        let minted = mint_key(&Env::system());
        let raw = minted.raw.expose();
        assert_eq!(raw.len(), 4 + 8 + 1 + 43 + 6);
        let (prefix, secret) = read(raw).expect("reads");
        assert_eq!(prefix, minted.prefix);
        assert_eq!(<[u8; 32]>::from(Sha256::digest(secret)), minted.secret_hash);
    }

    #[test]
    fn a_mistyped_key_is_none() {
        let raw = mint_key(&Env::system()).raw.expose().to_owned();
        for at in [0, 5, 12, 20, 57, 61] {
            let mut bytes = raw.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert!(read(&String::from_utf8(bytes).expect("ascii")).is_none(), "{at}");
        }
        for text in ["", "wak_", "wak_ééééééééééé", "wak_abcdefgh_short", &format!("{raw}x")]
        {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
