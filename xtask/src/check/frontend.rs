//! The front end's own tools, called by the names they have in its `package.json`. Nothing is
//! judged here twice: each rule lives in the script that knows it.

use crate::fail::Outcome;
use crate::{proc, web};

/// Every package of every system is in the lock, so that `npm ci` works everywhere.
///
/// # Errors
/// When an entry is missing.
pub(crate) fn lock(fix: bool) -> Outcome {
    script(if fix { "lock" } else { "check:lock" })
}

/// Biome's rules and format.
///
/// # Errors
/// When a file breaks one.
pub(crate) fn lint(fix: bool) -> Outcome {
    if fix {
        script("format")?;
    }
    script("lint")
}

/// The types.
///
/// # Errors
/// When they do not fit.
pub(crate) fn typecheck(_fix: bool) -> Outcome {
    script("typecheck")
}

/// Who may import whom in the console.
///
/// # Errors
/// When an import crosses a border.
pub(crate) fn borders(_fix: bool) -> Outcome {
    script("check:borders")
}

/// Every text in every language.
///
/// # Errors
/// When a translation is missing.
pub(crate) fn i18n(_fix: bool) -> Outcome {
    script("check:i18n")
}

/// How much a browser must load.
///
/// # Errors
/// When a page is too heavy.
pub(crate) fn budgets(_fix: bool) -> Outcome {
    web::build()?;
    script("check:size")
}

fn script(name: &str) -> Outcome {
    if !web::exists() {
        return Ok(());
    }
    if !web::has_script(name)? {
        return Err(format!("server/web/package.json has no script `{name}`").into());
    }
    web::install()?;
    proc::run(&mut web::npm(&["run", "--silent", name]))
}
