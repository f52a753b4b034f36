//! Quick replies: texts the team sends often.

use crate::{Error, Id, Timestamp};

/// A quick reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Its id.
    pub id: Id<Self>,
    /// What is typed after the slash; unique in the tenant.
    pub shortcut: String,
    /// What the list shows.
    pub title: String,
    /// What is inserted; may hold `{{name}}`.
    pub text: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl Snippet {
    /// Checks the texts.
    ///
    /// # Errors
    /// `QUICK_REPLY` with the field: the shortcut is 1 to 32 letters, digits, `-` or `_`; the text 1 to 4,096 characters.
    pub fn check(&self) -> Result<(), Error> {
        let good = (1..=32).contains(&self.shortcut.chars().count())
            && self.shortcut.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        if !good {
            return Err(Error::invalid(
                "QUICK_REPLY",
                "shortcut",
                "use 1 to 32 letters, digits, - or _",
            ));
        }
        if self.text.trim().is_empty() || self.text.chars().count() > 4096 {
            return Err(Error::invalid("QUICK_REPLY", "text", "write 1 to 4,096 characters"));
        }
        Ok(())
    }
}
