//! The first start: one person, one business, made by whoever holds the token that was printed. Never a
//! default account, never a token in the clear.

use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use whatsapp_core::{Email, Role, Secret};
use whatsapp_storage::{Mode, SystemTx};

use super::people::{clean_name, fresh_tenant, fresh_user, join, product};
use super::{SignedIn, begin, digest, token};
use crate::password::check_password;
use crate::{Error, Platform};

const KEY: &str = "setup.tokens";
/// So many tokens are good at once: one for each of the last starts.
const KEPT: usize = 5;

/// What makes the first account.
#[derive(Clone, Debug)]
pub struct SetupRequest {
    /// The token that the first start printed.
    pub token: Secret,
    /// What the person is called.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// What the business is called.
    pub business_name: String,
    /// Its IANA time zone.
    pub timezone: String,
}

impl Platform {
    /// Whether nobody can sign in yet.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn setup_needed(&self) -> Result<bool, Error> {
        let mut tx = self.0.store.system(Mode::Read).await?;
        Ok(!tx.users().any().await?)
    }
    /// A new one-time token for the first account, as long as there is none; only its digest is stored. Those
    /// of the last starts stay good, since several processes may start at once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn setup_token(&self) -> Result<Option<Secret>, Error> {
        let mut tx = self.0.store.system(Mode::Write).await?;
        if tx.users().any().await? {
            return Ok(None);
        }
        let token = token(self.env());
        let mut known = known_tokens(&mut *tx).await?;
        known.insert(0, hex(&digest(&token)));
        known.truncate(KEPT);
        tx.platform_settings().put(KEY, &json!(known)).await?;
        tx.commit().await?;
        Ok(Some(token))
    }
    /// Makes the first account and its business, and signs the person in.
    ///
    /// # Errors
    /// `SETUP_DONE` when there is an account; `SETUP_TOKEN_INVALID`; `PASSWORD_WEAK`, `INVALID_EMAIL`,
    /// `INVALID_NAME`, `INVALID_TIMEZONE` with the field.
    pub async fn setup(&self, request: SetupRequest) -> Result<SignedIn, Error> {
        let given = hex(&digest(&request.token));
        {
            let mut tx = self.0.store.system(Mode::Read).await?;
            check(&mut *tx, &given).await?;
        }
        let email: Email = request.email.parse()?;
        let name = clean_name(&request.name, "name")?;
        let tenant = fresh_tenant(self.env(), &request.business_name, &request.timezone)?;
        check_password(
            "password",
            &request.password,
            &[product(), &name, email.as_str(), &tenant.name],
        )?;
        let hash = self.0.hashing.hash(&request.password, self.env()).await?;
        let user = fresh_user(self.env(), email, name, hash, false);

        let mut tx = self.0.store.system(Mode::Write).await?;
        check(&mut *tx, &given).await?;
        // Whoever takes the tokens away is the one who sets up; a second one finds none.
        if !tx.platform_settings().remove(KEY).await? || !tx.users().insert(&user).await? {
            return Err(done());
        }
        tx.tenants().insert(&tenant).await?;
        let member = join(&mut *tx, &tenant, &user, Role::Admin, self.env().now()).await?;
        let signed_in = begin(&mut *tx, self.env(), user, Some((tenant, member))).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}

async fn check(tx: &mut dyn SystemTx, given: &str) -> Result<(), Error> {
    if tx.users().any().await? {
        return Err(done());
    }
    let known = known_tokens(tx).await?;
    let fits = |known: &String| bool::from(known.as_bytes().ct_eq(given.as_bytes()));
    if known.iter().any(fits) {
        return Ok(());
    }
    Err(Error::Unauthenticated {
        code: "SETUP_TOKEN_INVALID",
        message: "this setup link does not hold: start the server again and open the link it prints",
    })
}

async fn known_tokens(tx: &mut dyn SystemTx) -> Result<Vec<String>, Error> {
    let stored = tx.platform_settings().get(KEY).await?.unwrap_or(Value::Null);
    let texts = stored.as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(texts.map(str::to_owned).collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |text, byte| format!("{text}{byte:02x}"))
}

fn done() -> Error {
    Error::conflict("SETUP_DONE", "this platform is set up already: sign in")
}
