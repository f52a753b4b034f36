//! Passwords: which are refused, and hashing the others off the async threads. Never keeps, cuts or changes
//! one.

use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use whatsapp_core::{Env, Secret, Span, text};

use crate::Error;

/// 19 MiB, two passes, one lane: OWASP's floor for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// So many may wait for a core before the next is asked to come back.
const WAITING: usize = 64;
const LENGTH_MIN: usize = 15;
const LENGTH_MAX: usize = 128;

/// What every account that does not exist is compared with: same work, same answer.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5aXNiZWhpbmQ$2sN4S1m5pA1f0oQ7h3Yk4cV8b6J9tLwXzR2eUiKdGnE";

/// Words that begin or fill very many passwords, folded.
const COMMON: [&str; 96] = [
    "password",
    "passwort",
    "motdepasse",
    "contrasena",
    "senha",
    "parola",
    "wachtwoord",
    "kennwort",
    "qwerty",
    "qwertz",
    "azerty",
    "asdfgh",
    "zxcvbn",
    "letmein",
    "welcome",
    "willkommen",
    "bienvenido",
    "bemvindo",
    "admin",
    "administrator",
    "superadmin",
    "root",
    "master",
    "login",
    "iloveyou",
    "teamo",
    "jetaime",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "basketball",
    "superman",
    "batman",
    "spiderman",
    "pokemon",
    "dragon",
    "monkey",
    "shadow",
    "michael",
    "jennifer",
    "jordan",
    "hunter",
    "ranger",
    "charlie",
    "andrew",
    "jessica",
    "ashley",
    "daniel",
    "thomas",
    "george",
    "summer",
    "winter",
    "spring",
    "autumn",
    "monday",
    "friday",
    "january",
    "december",
    "secret",
    "geheim",
    "secreto",
    "segredo",
    "trustno",
    "whatever",
    "starwars",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "whatsapp",
    "instagram",
    "microsoft",
    "windows",
    "freedom",
    "forever",
    "flower",
    "cookie",
    "chocolate",
    "cheese",
    "pepper",
    "ginger",
    "orange",
    "banana",
    "purple",
    "yellow",
    "silver",
    "golden",
    "diamond",
    "liverpool",
    "chelsea",
    "arsenal",
    "barcelona",
    "business",
    "platform",
];

/// Rows of keys and the alphabet: whoever runs along them chooses nothing.
const RUNS: [&str; 6] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
];

/// As many hashes at once as there are cores, and a queue that ends.
#[derive(Debug)]
pub(crate) struct Hashing {
    cores: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Hashing {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { cores: Semaphore::new(cores), waiting: AtomicUsize::new(0) }
    }
}

/// One place in the queue, given back however the wait ends.
struct Place<'h>(&'h AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Hashing {
    /// Hashes a password with a new salt, in PHC form.
    ///
    /// # Errors
    /// `LOGIN_BUSY` when too many wait already.
    pub(crate) async fn hash(&self, password: &Secret, env: &Env) -> Result<Secret, Error> {
        let salt: [u8; 16] = env.bytes();
        let password = password.clone();
        self.run(move || {
            let hash: Result<PasswordHash, _> =
                argon2()?.hash_password_with_salt(password.expose().as_bytes(), &salt);
            hash.map(|hash| Secret::new(hash.to_string())).map_err(broken)
        })
        .await
    }
    /// Whether a password is the one of a hash. With no hash the same work is done for a `false`.
    ///
    /// # Errors
    /// `LOGIN_BUSY` when too many wait already.
    pub(crate) async fn verify(
        &self,
        password: &Secret,
        hash: Option<&Secret>,
    ) -> Result<bool, Error> {
        let exists = hash.is_some();
        let hash = hash.cloned().unwrap_or_else(|| Secret::from(NOBODY));
        let password = password.clone();
        self.run(move || {
            let argon2 = argon2()?;
            let fits = argon2.verify_password(password.expose().as_bytes(), hash.expose()).is_ok();
            Ok(fits && exists)
        })
        .await
    }
    /// Refuses while too many wait. Asked before a try is counted, so that a full queue is nobody's failure.
    ///
    /// # Errors
    /// `LOGIN_BUSY` when too many wait already.
    pub(crate) fn check_room(&self) -> Result<(), Error> {
        if self.waiting.load(Ordering::Acquire) < WAITING {
            return Ok(());
        }
        Err(Error::Limited {
            code: "LOGIN_BUSY",
            after: Span::seconds(5),
            message: "many people sign in at this moment: try again in a few seconds".into(),
        })
    }
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.check_room()?;
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let _place = Place(&self.waiting);
        let _core = self.cores.acquire().await.map_err(broken)?;
        tokio::task::spawn_blocking(work).await.map_err(broken)?
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("hashing a password failed: {error}"))
}

/// Whether a hash was made with less work than new ones are.
pub(crate) fn is_outdated(hash: &Secret) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.expose()) else { return true };
    let params = Params::try_from(&parsed);
    parsed.algorithm.as_str() != "argon2id"
        || params.is_ok_and(|p| p.m_cost() < MEMORY_KIB || p.t_cost() < PASSES)
}

/// Checks a new password, given in `field`. `words` are the names that must not carry it: the person's, the
/// tenant's, the product's.
///
/// # Errors
/// `PASSWORD_WEAK` with what to do.
pub(crate) fn check_password(field: &str, password: &Secret, words: &[&str]) -> Result<(), Error> {
    let weak = |message: &str| Err(Error::invalid("PASSWORD_WEAK", field, message));
    let length = password.expose().chars().count();
    if length < LENGTH_MIN {
        return weak(
            "use at least 15 characters: a few words that do not belong together are best",
        );
    }
    if length > LENGTH_MAX {
        return weak("use at most 128 characters");
    }
    let folded = text::fold(password.expose());
    let kinds: std::collections::BTreeSet<char> = folded.chars().collect();
    if kinds.len() < 6 || is_repeated(&folded) {
        return weak("do not repeat the same characters: use a few words instead");
    }
    let mut rest = folded.clone();
    for word in words.iter().flat_map(|w| parts(w)) {
        rest = rest.replace(&word, "");
    }
    if rest.chars().count() < LENGTH_MIN / 2 {
        return weak("do not build it from your name, e-mail address or business: use other words");
    }
    for word in COMMON {
        rest = rest.replace(word, "");
    }
    rest = without_runs(&rest);
    let left: std::collections::BTreeSet<char> =
        rest.chars().filter(|c| c.is_alphanumeric()).collect();
    if left.len() < 5 {
        return weak(
            "this is one of the first passwords that are tried: use a few words that do not belong together",
        );
    }
    Ok(())
}

/// The parts of a name that are long enough to matter.
fn parts(name: &str) -> Vec<String> {
    let folded = text::fold(name);
    let mut parts: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() >= 4)
        .map(str::to_owned)
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

/// Whether it is one shorter text over and over.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|n| {
        let unit: Vec<char> = chars.iter().copied().take(n).collect();
        chars.chunks(n).all(|chunk| unit.starts_with(chunk))
    })
}

/// Takes out everything of four or more that runs along the alphabet or the keyboard, both ways.
fn without_runs(text: &str) -> String {
    let mut rest = text.to_owned();
    for row in RUNS {
        for row in [row.to_owned(), row.chars().rev().collect()] {
            let keys: Vec<char> = row.chars().collect();
            for length in (4..=keys.len()).rev() {
                for run in keys.windows(length) {
                    let run: String = run.iter().collect();
                    rest = rest.replace(&run, "");
                }
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str) -> bool {
        let words = ["Ana Souza", "ana.souza@padaria.example", "Padaria Aurora"];
        check_password("password", &password.into(), &words).is_err()
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in [
            "short",
            "fourteen chars",
            "aaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "abcdefghijklmnop",
            "qwertyuiopasdfghjkl",
            "password123456789",
            "PasswordPassword1234",
            "Padaria Aurora 1",
            "ana.souza.padaria",
            "Welcome-2026-2026",
            "whatsapp platform",
        ] {
            assert!(refused(weak), "{weak}");
        }
        assert!(refused(&"ab1 x?".repeat(30)));
    }

    #[test]
    fn a_few_words_pass_in_any_script() {
        for good in [
            "correct horse battery staple",
            "lantern-violin-tundra-42",
            "три медведя едят мёд",
            "ज़मीन पर नीला घोड़ा दौड़े",
            "Demo-admin tulip fjord 9",
        ] {
            assert!(!refused(good), "{good}");
        }
    }

    #[tokio::test]
    async fn a_hash_has_the_parameters_of_the_standard_and_is_verified() {
        let (hashing, env) = (Hashing::default(), Env::system());
        let hash = hashing.hash(&"lantern violin tundra".into(), &env).await.expect("hashes");
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!is_outdated(&hash));
        let right = hashing.verify(&"lantern violin tundra".into(), Some(&hash)).await;
        assert!(right.expect("verifies"));
        let wrong = hashing.verify(&"Lantern violin tundra".into(), Some(&hash)).await;
        assert!(!wrong.expect("verifies"));
    }

    #[tokio::test]
    async fn nobody_s_hash_costs_the_same_work_and_never_fits() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        let params = Params::try_from(&PasswordHash::new(NOBODY).expect("parses")).expect("reads");
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (MEMORY_KIB, PASSES, LANES)
        );
        let fits = Hashing::default().verify(&"anything".into(), None).await;
        assert!(!fits.expect("verifies"));
    }

    #[test]
    fn a_hash_of_less_work_is_outdated() {
        let weak = NOBODY.replace("m=19456", "m=4096");
        assert!(is_outdated(&Secret::new(weak)));
    }
}
