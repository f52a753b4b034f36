//! Signing in with a password, and slowing down who guesses. Failures are counted before the password is
//! looked at, so that guesses at the same moment count too. Unknown accounts get the same answer for the
//! same work.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use whatsapp_core::{Email, Member, Secret, Span, Tenant, Timestamp, User};
use whatsapp_storage::Mode;

use super::{SignedIn, begin, check_tenant};
use crate::password::is_outdated;
use crate::{Error, Platform};

/// From this failure on an account waits.
const FREE_FAILURES: i64 = 5;
/// The first wait; it doubles.
const FIRST_WAIT: Span = Span::seconds(5);
/// The longest wait.
const LONGEST_WAIT: Span = Span::minutes(15);
/// After so many failures in a row only a new password opens the account.
const LAST_FAILURE: i64 = 100;
/// Failures older than this do not count.
const FORGET: Span = Span::days(1);
/// Tries a minute from one address.
const PER_ADDRESS: i64 = 20;

impl Platform {
    /// Signs somebody in. `address` is where the request came from.
    ///
    /// # Errors
    /// `LOGIN_FAILED` for a wrong password and for an unknown account alike; `LOGIN_THROTTLED` with how long to
    /// wait; `LOGIN_LOCKED` after 100 failures in a row; `LOGIN_BUSY`; `TENANT_SUSPENDED`.
    pub async fn login(
        &self,
        email: &str,
        password: &Secret,
        address: &str,
    ) -> Result<SignedIn, Error> {
        let parsed: Option<Email> = email.parse().ok();
        let spelled = parsed.as_ref().map_or_else(|| email.trim().to_lowercase(), Email::to_string);
        let key = account_key(&spelled);
        self.0.hashing.check_room()?;
        self.count_try(&key, Some(address)).await?;

        let user = match &parsed {
            Some(email) => {
                let mut tx = self.0.store.system(Mode::Read).await?;
                tx.users().by_email(email).await?
            }
            None => None,
        };
        let hash = user.as_ref().map(|user| &user.password_hash);
        let fits = self.0.hashing.verify(password, hash).await?;
        match user {
            Some(user) if fits => self.let_in(user, password, &key).await,
            _ => Err(Error::Unauthenticated {
                code: "LOGIN_FAILED",
                message: "e-mail address or password is wrong",
            }),
        }
    }

    /// The same brake for other places that ask for a password.
    pub(super) async fn brake(&self, key: &str) -> Result<(), Error> {
        self.count_try(key, None).await
    }
    /// Refuses who must wait; else counts this try as a failure until it turns out to be none.
    async fn count_try(&self, key: &str, address: Option<&str>) -> Result<(), Error> {
        let now = self.env().now();
        let window = minute_of(now);
        let mut tx = self.0.store.system(Mode::Write).await?;
        let from_here = match address.map(network) {
            Some(network) => tx.rate_counters().add(&format!("login:{network}"), window, 1).await?,
            None => 0,
        };
        let refused = if from_here > PER_ADDRESS {
            Some(throttled(window + Span::minutes(1) - now))
        } else {
            match tx.throttles().look(key).await? {
                Some((failures, _)) if failures >= LAST_FAILURE => Some(locked()),
                Some((_, until)) if until > now => Some(throttled(until - now)),
                _ => None,
            }
        };
        if refused.is_none() {
            let failures = tx.throttles().fail(key, now, now - FORGET).await?;
            if let Some(wait) = wait_after(failures) {
                tx.throttles().block(key, now + wait).await?;
            }
        }
        tx.commit().await?;
        refused.map_or(Ok(()), Err)
    }
    async fn let_in(
        &self,
        mut user: User,
        password: &Secret,
        key: &str,
    ) -> Result<SignedIn, Error> {
        let stronger = if is_outdated(&user.password_hash) {
            Some(self.0.hashing.hash(password, self.env()).await?)
        } else {
            None
        };
        let mut tx = self.0.store.system(Mode::Write).await?;
        let place = workplace(tx.users().memberships(user.id).await?, user.is_superadmin)?;
        if let Some(hash) = stronger {
            user.password_hash = hash;
            tx.users().update(&user).await?;
        }
        tx.throttles().reset(key).await?;
        let signed_in = begin(&mut *tx, self.env(), user, place).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}

/// The first business that somebody may work in. A superadmin needs none.
fn workplace(
    places: Vec<(Tenant, Member)>,
    is_superadmin: bool,
) -> Result<Option<(Tenant, Member)>, Error> {
    let mut reason = None;
    for (tenant, member) in places {
        match check_tenant(&tenant) {
            Ok(()) => return Ok(Some((tenant, member))),
            Err(error) => reason = Some(error),
        }
    }
    match reason {
        _ if is_superadmin => Ok(None),
        Some(error) => Err(error),
        None => Err(Error::Unauthenticated {
            code: "NO_TENANT",
            message: "this account works in no business: ask an admin to add you",
        }),
    }
}

/// How long an account waits after so many failures in a row.
fn wait_after(failures: i64) -> Option<Span> {
    let beyond = u32::try_from(failures - FREE_FAILURES).ok()?;
    let factor = 1_i64.checked_shl(beyond.min(20)).unwrap_or(i64::MAX);
    let wait = Span::micros(FIRST_WAIT.as_micros().saturating_mul(factor));
    Some(wait.min(LONGEST_WAIT))
}

/// An address is counted by its network where one customer has a whole one (IPv6 /64).
fn network(address: &str) -> String {
    match address.trim().parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(ip @ IpAddr::V4(_)) => ip.to_string(),
        Err(_) => "unknown".to_owned(),
    }
}

/// The throttle's key says nothing about the person.
pub(super) fn account_key(email: &str) -> String {
    let digest = Sha256::digest(email.as_bytes());
    digest.iter().take(16).fold(String::from("login:"), |key, byte| format!("{key}{byte:02x}"))
}

fn minute_of(now: Timestamp) -> Timestamp {
    Timestamp::from_seconds(now.seconds().div_euclid(60) * 60)
}

fn throttled(after: Span) -> Error {
    Error::Limited {
        code: "LOGIN_THROTTLED",
        after,
        message: "too many tries to sign in: wait, then try again".to_owned(),
    }
}

fn locked() -> Error {
    Error::Limited {
        code: "LOGIN_LOCKED",
        after: LONGEST_WAIT,
        message: "too many wrong passwords in a row: ask whoever runs the platform for a new one"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_the_fifth_failure_to_a_quarter_of_an_hour() {
        assert_eq!(wait_after(4), None);
        for (failures, seconds) in [(5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (99, 900)] {
            assert_eq!(wait_after(failures), Some(Span::seconds(seconds)), "{failures}");
        }
    }

    #[test]
    fn addresses_of_one_customer_are_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.7"));
        assert_ne!(network("203.0.113.7"), network("203.0.113.8"));
    }
}
