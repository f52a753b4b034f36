//! People and businesses of the platform: made by setup and command line, and what people change about
//! themselves. Never shows a hash.

use whatsapp_core::tenant::TenantState;
use whatsapp_core::{
    Email, Env, Grants, Id, Member, PageRequest, Role, Secret, Tenant, Timestamp, User,
};
use whatsapp_storage::{Mode, SystemTx};

use super::Principal;
use super::login::account_key;
use crate::password::check_password;
use crate::{Error, Platform};

/// The longest name.
const NAME_MAX: usize = 100;
/// What no password may be made of.
const PRODUCT: &str = "whatsapp platform";

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address to sign in with.
    pub email: String,
    /// What the person is called.
    pub name: String,
    /// The first password.
    pub password: Secret,
    /// Whether the person runs the platform.
    pub superadmin: bool,
    /// In which tenant the person works, and as what.
    pub tenant: Option<(Id<Tenant>, Role)>,
}

/// What somebody changes about himself; `None` leaves a field.
#[derive(Clone, Debug, Default)]
pub struct ProfilePatch {
    /// What the person is called.
    pub name: Option<String>,
    /// The language, a BCP 47 tag; `Some(None)` follows the browser.
    pub locale: Option<Option<String>>,
    /// `light`, `dark` or `system`.
    pub theme: Option<String>,
}

impl Platform {
    /// Adds a person: for command lines and seeds.
    ///
    /// # Errors
    /// `USER_EXISTS` when the address is taken; `PASSWORD_WEAK`, `INVALID_EMAIL`, `INVALID_NAME`;
    /// [`Error::NotFound`] when there is no such tenant.
    pub async fn create_user(&self, new: NewUser) -> Result<User, Error> {
        let email: Email = new.email.parse()?;
        let name = clean_name(&new.name, "name")?;
        let place = match new.tenant {
            Some((id, role)) => Some((self.tenant(id).await?, role)),
            None => None,
        };
        let business = place.as_ref().map_or("", |(tenant, _)| tenant.name.as_str());
        check_password("password", &new.password, &[PRODUCT, &name, email.as_str(), business])?;
        let hash = self.0.hashing.hash(&new.password, self.env()).await?;
        let user = fresh_user(self.env(), email, name, hash, new.superadmin);
        let mut tx = self.0.store.system(Mode::Write).await?;
        if !tx.users().insert(&user).await? {
            return Err(Error::conflict("USER_EXISTS", "somebody has this e-mail address already"));
        }
        if let Some((tenant, role)) = place {
            join(&mut *tx, &tenant, &user, role, self.env().now()).await?;
        }
        tx.commit().await?;
        Ok(user)
    }
    /// Adds a business.
    ///
    /// # Errors
    /// `INVALID_NAME`, `INVALID_TIMEZONE`; when the store fails.
    pub async fn create_tenant(&self, name: &str, timezone: &str) -> Result<Tenant, Error> {
        let tenant = fresh_tenant(self.env(), name, timezone)?;
        let mut tx = self.0.store.system(Mode::Write).await?;
        tx.tenants().insert(&tenant).await?;
        tx.commit().await?;
        Ok(tenant)
    }
    /// All businesses, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, Error> {
        let mut tx = self.0.store.system(Mode::Read).await?;
        let mut tenants = Vec::new();
        let mut page = PageRequest::first(PageRequest::MAX);
        loop {
            let found = tx.tenants().page(&page).await?;
            tenants.extend(found.items);
            if found.next.is_none() {
                return Ok(tenants);
            }
            page = page.after(found.next);
        }
    }
    /// A business.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the store fails.
    pub async fn tenant(&self, id: Id<Tenant>) -> Result<Tenant, Error> {
        let mut tx = self.0.store.system(Mode::Read).await?;
        tx.tenants().find(id).await?.ok_or(Error::NotFound("tenant"))
    }
    /// Changes name, language and theme of the person himself.
    ///
    /// # Errors
    /// `INVALID_NAME`, `INVALID_LOCALE`, `INVALID_THEME`.
    pub async fn update_profile(
        &self,
        principal: &Principal,
        patch: ProfilePatch,
    ) -> Result<Principal, Error> {
        let mut tx = self.0.store.system(Mode::Write).await?;
        let mut user = tx.users().find(principal.user.id).await?.ok_or(Error::NotFound("user"))?;
        if let Some(name) = &patch.name {
            user.name = clean_name(name, "name")?;
        }
        if let Some(locale) = patch.locale {
            user.locale = locale.map(check_locale).transpose()?;
        }
        if let Some(theme) = patch.theme {
            if !["light", "dark", "system"].contains(&theme.as_str()) {
                let message = "choose light, dark or system";
                return Err(Error::invalid("INVALID_THEME", "theme", message));
            }
            user.theme = theme;
        }
        tx.users().update(&user).await?;
        tx.commit().await?;
        let mut changed = principal.clone();
        if let Some(member) = &mut changed.member {
            member.name.clone_from(&user.name);
        }
        changed.user = user;
        Ok(changed)
    }
    /// Changes the password of the person himself, and ends all of his other sessions.
    ///
    /// # Errors
    /// `PASSWORD_WRONG` when `current` is not the present one; `PASSWORD_WEAK`; `LOGIN_BUSY`.
    pub async fn change_password(
        &self,
        principal: &Principal,
        current: &Secret,
        new: &Secret,
    ) -> Result<(), Error> {
        let user = &principal.user;
        let business = principal.tenant.as_ref().map_or("", |tenant| tenant.name.as_str());
        check_password("new", new, &[PRODUCT, &user.name, user.email.as_str(), business])?;
        // The same brake as at sign-in: a stolen session must not become a way to guess.
        let key = format!("{}:change", account_key(user.email.as_str()));
        self.brake(&key).await?;
        if !self.0.hashing.verify(current, Some(&user.password_hash)).await? {
            return Err(Error::invalid("PASSWORD_WRONG", "current", "this is not your password"));
        }
        let hash = self.0.hashing.hash(new, self.env()).await?;
        self.set_hash(user.id, hash, Some(principal), &key).await
    }
    /// Gives somebody a new password, ends all of the person's sessions and forgets failed sign-ins: for
    /// command lines.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nobody has the address; `PASSWORD_WEAK`; `INVALID_EMAIL`.
    pub async fn reset_password(&self, email: &str, new: &Secret) -> Result<(), Error> {
        let email: Email = email.parse()?;
        let user = {
            let mut tx = self.0.store.system(Mode::Read).await?;
            tx.users().by_email(&email).await?.ok_or(Error::NotFound("user"))?
        };
        check_password("password", new, &[PRODUCT, &user.name, email.as_str()])?;
        let hash = self.0.hashing.hash(new, self.env()).await?;
        self.set_hash(user.id, hash, None, &account_key(email.as_str())).await
    }
    /// Gives somebody a known password again if it is another one now: for demonstrations. Says whether it was.
    ///
    /// # Errors
    /// As [`Platform::reset_password`].
    pub async fn restore_password(&self, email: &str, known: &Secret) -> Result<bool, Error> {
        let address: Email = email.parse()?;
        let user = {
            let mut tx = self.0.store.system(Mode::Read).await?;
            tx.users().by_email(&address).await?.ok_or(Error::NotFound("user"))?
        };
        if self.0.hashing.verify(known, Some(&user.password_hash)).await? {
            return Ok(false);
        }
        self.reset_password(email, known).await?;
        Ok(true)
    }

    async fn set_hash(
        &self,
        user: Id<User>,
        hash: Secret,
        but: Option<&Principal>,
        throttle: &str,
    ) -> Result<(), Error> {
        let mut tx = self.0.store.system(Mode::Write).await?;
        let mut user = tx.users().find(user).await?.ok_or(Error::NotFound("user"))?;
        user.password_hash = hash;
        tx.users().update(&user).await?;
        tx.sessions().revoke_all(user.id, but.map(|principal| principal.session.id)).await?;
        tx.throttles().reset(throttle).await?;
        Ok(tx.commit().await?)
    }
}

pub(super) fn fresh_user(
    env: &Env,
    email: Email,
    name: String,
    password_hash: Secret,
    is_superadmin: bool,
) -> User {
    User {
        id: env.id(),
        email,
        name,
        password_hash,
        is_superadmin,
        locale: None,
        theme: "system".to_owned(),
        created_at: env.now(),
    }
}

pub(super) fn fresh_tenant(env: &Env, name: &str, timezone: &str) -> Result<Tenant, Error> {
    let zone = timezone.trim();
    let shaped = (1..=64).contains(&zone.len())
        && zone.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
    if !shaped {
        let message = "choose a time zone such as America/Sao_Paulo";
        return Err(Error::invalid("INVALID_TIMEZONE", "timezone", message));
    }
    Ok(Tenant {
        id: env.id(),
        name: clean_name(name, "business_name")?,
        timezone: zone.to_owned(),
        state: TenantState::Active,
        created_at: env.now(),
    })
}

/// Puts a person into a team.
pub(super) async fn join(
    tx: &mut dyn SystemTx,
    tenant: &Tenant,
    user: &User,
    role: Role,
    now: Timestamp,
) -> Result<Member, Error> {
    let member = Member {
        user: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role,
        grants: Grants::of_role(role),
        created_at: now,
    };
    let mut inside = tx.enter(tenant.id).await?;
    if !inside.members().insert(&member).await? {
        return Err(Error::conflict("MEMBER_EXISTS", "this person is in the team already"));
    }
    inside.commit().await?;
    Ok(member)
}

pub(super) fn clean_name(name: &str, field: &str) -> Result<String, Error> {
    let name = name.trim();
    if (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid("INVALID_NAME", field, "write 1 to 100 characters"))
}

pub(super) const fn product() -> &'static str {
    PRODUCT
}

fn check_locale(locale: String) -> Result<String, Error> {
    let shaped = (2..=35).contains(&locale.len())
        && locale.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if shaped {
        return Ok(locale);
    }
    Err(Error::invalid("INVALID_LOCALE", "locale", "choose a language such as en or pt-BR"))
}
