//! What went wrong, in words for the person at the terminal. It never carries a cause to match
//! on: nobody but a reader handles a failure of this tool.

use std::fmt;

/// One sentence that says what failed and, where known, what to do.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// What a command answers.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// For a command whose last line has said it already.
    pub(crate) fn told() -> Self {
        Self(String::new())
    }

    /// Whether there is nothing left to say.
    pub(crate) fn is_told(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Says where an error of the system came from, because "file not found" alone helps nobody.
pub(crate) trait During<T> {
    /// Puts `what` before the error's own text.
    fn during(self, what: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> During<T> for Result<T, E> {
    fn during(self, what: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| Failure(format!("{what}: {error}")))
    }
}
