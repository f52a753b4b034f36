//! Who somebody is: people by password and session, programs by key. Roles are read at every request, so
//! that a change holds at once. Never shows why a sign-in failed, never stores a token in the clear.

mod keys;
mod login;
mod people;
mod rate;
mod setup;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use whatsapp_core::tenant::TenantState;
use whatsapp_core::{By, Env, Grants, Id, Member, Permission, Secret, Session, Span, Tenant, User};
use whatsapp_storage::{Mode, SystemTx};

pub use keys::KeyHolder;
pub(crate) use keys::mint_key;
pub use people::{NewUser, ProfilePatch};
pub use rate::RateVerdict;
pub(crate) use rate::Rates;
pub use setup::SetupRequest;

use crate::{Actor, Error, Platform, Workspace};

/// A session that is not used so long has ended.
const IDLE: Span = Span::hours(12);
/// No session lasts longer.
const ABSOLUTE: Span = Span::days(7);
/// The same for whoever runs the platform.
const SUPERADMIN_IDLE: Span = Span::minutes(30);
/// See [`SUPERADMIN_IDLE`].
const SUPERADMIN_ABSOLUTE: Span = Span::hours(12);
/// That a session or key was used is noted at most so often.
const NOTE_EVERY: Span = Span::minutes(1);

/// A person who is signed in, as of this request.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who.
    pub user: User,
    /// In which tenant; `None` for a superadmin without one.
    pub tenant: Option<Tenant>,
    /// The person's place in it.
    pub member: Option<Member>,
    /// By which session.
    pub session: Session,
}

impl Principal {
    /// The person acting in the tenant.
    ///
    /// # Errors
    /// `NO_TENANT` for a superadmin who works in no tenant.
    pub fn actor(&self) -> Result<Actor, Error> {
        let (Some(tenant), Some(member)) = (&self.tenant, &self.member) else {
            return Err(Error::conflict("NO_TENANT", "this account works in no business"));
        };
        Ok(Actor::new(tenant.id, By::User(self.user.id), member.grants.clone()))
    }
}

/// A sign-in that succeeded.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The token for the cookie. It is nowhere else.
    pub token: Secret,
    /// Who signed in.
    pub principal: Principal,
}

impl Platform {
    /// The person behind a session's token, with the role of this moment.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` when the token is nobody's; `SESSION_EXPIRED` when it was idle for 12 hours, is 7 days
    /// old (30 minutes and 12 hours for superadmins), or its person is no longer in the tenant;
    /// `TENANT_SUSPENDED`.
    pub async fn principal(&self, token: &Secret) -> Result<Principal, Error> {
        let now = self.env().now();
        let mut tx = self.0.store.system(Mode::Read).await?;
        let Some(session) = tx.sessions().by_hash(&digest(token)).await? else {
            return Err(unauthenticated());
        };
        let user = tx.users().find(session.user).await?.ok_or_else(unauthenticated)?;
        let (idle, absolute) = if user.is_superadmin {
            (SUPERADMIN_IDLE, SUPERADMIN_ABSOLUTE)
        } else {
            (IDLE, ABSOLUTE)
        };
        if now >= session.last_seen_at + idle || now >= session.created_at + absolute {
            return Err(expired());
        }
        let (tenant, member) = match session.tenant {
            None => (None, None),
            Some(id) => {
                let places = tx.users().memberships(user.id).await?;
                let place = places.into_iter().find(|(tenant, _)| tenant.id == id);
                let (tenant, member) = place.ok_or_else(expired)?;
                check_tenant(&tenant)?;
                (Some(tenant), Some(member))
            }
        };
        drop(tx);
        if now - session.last_seen_at >= NOTE_EVERY {
            let mut tx = self.0.store.system(Mode::Write).await?;
            tx.sessions().touch(session.id, now).await?;
            tx.commit().await?;
        }
        Ok(Principal { user, tenant, member, session })
    }
    /// Ends the session.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn logout(&self, principal: &Principal) -> Result<(), Error> {
        let mut tx = self.0.store.system(Mode::Write).await?;
        tx.sessions().revoke(principal.session.id).await?;
        Ok(tx.commit().await?)
    }
    /// Acts as a person of a team without the person's session: for command lines, seeds and tests, never
    /// for requests.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the person is not in the tenant.
    pub async fn act_as(&self, tenant: Id<Tenant>, user: Id<User>) -> Result<Actor, Error> {
        let mut tx = self.0.store.system(Mode::Read).await?;
        let places = tx.users().memberships(user).await?;
        let place = places.into_iter().find(|(t, _)| t.id == tenant);
        let (_, member) = place.ok_or(Error::NotFound("member"))?;
        Ok(Actor::new(tenant, By::User(user), member.grants))
    }
    /// A tenant as the platform itself sees it: everything, in nobody's name. For adapters that show events
    /// to people whom they check themselves, and for hosts that embed the platform; never for requests.
    #[must_use]
    pub fn system_workspace(&self, tenant: Id<Tenant>) -> Workspace {
        let grants = Grants::only(Permission::ALL.iter().copied());
        self.workspace(Actor::new(tenant, By::System, grants))
    }
}

/// A new session of a person, in the given unit of work.
async fn begin(
    tx: &mut dyn SystemTx,
    env: &Env,
    user: User,
    place: Option<(Tenant, Member)>,
) -> Result<SignedIn, Error> {
    let token = token(env);
    let now = env.now();
    let (tenant, member) = place.unzip();
    let session = Session {
        id: env.id(),
        token_hash: digest(&token),
        user: user.id,
        tenant: tenant.as_ref().map(|tenant| tenant.id),
        created_at: now,
        last_seen_at: now,
    };
    tx.sessions().insert(&session).await?;
    Ok(SignedIn { token, principal: Principal { user, tenant, member, session } })
}

/// 256 random bits as text.
fn token(env: &Env) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(env.bytes::<32>()))
}

fn digest(secret: &Secret) -> [u8; 32] {
    Sha256::digest(secret.expose().as_bytes()).into()
}

fn check_tenant(tenant: &Tenant) -> Result<(), Error> {
    match tenant.state {
        TenantState::Active => Ok(()),
        TenantState::Suspended => Err(Error::Unauthenticated {
            code: "TENANT_SUSPENDED",
            message: "this business is suspended: ask whoever runs the platform",
        }),
    }
}

const fn unauthenticated() -> Error {
    Error::Unauthenticated { code: "UNAUTHENTICATED", message: "sign in first" }
}

const fn expired() -> Error {
    Error::Unauthenticated {
        code: "SESSION_EXPIRED",
        message: "the session has ended: sign in again",
    }
}
