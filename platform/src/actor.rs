//! Who acts. There is no public constructor: an actor comes from a session, a key, or `act_as`.

use whatsapp_core::{By, Grants, Id, Permission, Tenant, User};

use crate::Error;

/// Somebody, in a tenant, with what he may do.
#[derive(Clone, Debug)]
pub struct Actor {
    tenant: Id<Tenant>,
    by: By,
    grants: Grants,
}

impl Actor {
    pub(crate) const fn new(tenant: Id<Tenant>, by: By, grants: Grants) -> Self {
        Self { tenant, by, grants }
    }
    /// In which tenant.
    #[must_use]
    pub const fn tenant(&self) -> Id<Tenant> {
        self.tenant
    }
    /// Who, for the record.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }
    /// The person, if it is one.
    #[must_use]
    pub const fn user(&self) -> Option<Id<User>> {
        match self.by {
            By::User(user) => Some(user),
            _ => None,
        }
    }
    /// What he may do.
    #[must_use]
    pub const fn grants(&self) -> &Grants {
        &self.grants
    }
    /// Checks one permission.
    ///
    /// # Errors
    /// [`Error::Forbidden`] naming it.
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        if self.grants.allow(permission) { Ok(()) } else { Err(Error::Forbidden(permission)) }
    }
}
