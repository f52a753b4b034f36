//! No file so long that nobody reads it to the end: 400 lines of Rust, 250 of TypeScript, tests
//! not counted. Functions are clippy's (`too_many_lines`).

use super::rust_file::RustFile;
use super::verdict;
use crate::fail::Outcome;
use crate::paths;

const RUST: usize = 400;
const TYPESCRIPT: usize = 250;

/// Measures every tracked source.
///
/// # Errors
/// With every file that is too long.
pub(crate) fn check(_fix: bool) -> Outcome {
    let mut findings = Vec::new();
    for name in paths::tracked()? {
        if let Some(limit) = limit(&name) {
            findings.extend(finding(&name, &paths::read(&name)?, limit));
        }
    }
    verdict(findings)
}

/// The limit of a file, if it has one: tests and generated files have none.
fn limit(name: &str) -> Option<usize> {
    let within = |folder: &str| name.split('/').any(|part| part == folder);
    if name.ends_with(".rs") {
        let tests = within("tests") || within("benches") || name.ends_with("/tests.rs");
        return (!tests).then_some(RUST);
    }
    let script = [".ts", ".tsx", ".mjs"].iter().any(|ending| name.ends_with(ending));
    let exempt = name.contains(".test.") || name.contains(".gen.") || within("e2e");
    (script && !exempt).then_some(TYPESCRIPT)
}

fn finding(name: &str, text: &str, limit: usize) -> Option<String> {
    let lines = if name.ends_with(".rs") {
        RustFile::new(text).production_lines()
    } else {
        text.lines().count()
    };
    (lines > limit).then(|| format!("{name}: {lines} lines, at most {limit}"))
}

#[cfg(test)]
mod tests {
    use super::{RUST, TYPESCRIPT, finding, limit};

    #[test]
    fn tests_and_generated_files_have_no_limit() {
        assert_eq!(limit("storage/src/lib.rs"), Some(RUST));
        assert_eq!(limit("storage/tests/it/main.rs"), None);
        assert_eq!(limit("server/web/console/main.tsx"), Some(TYPESCRIPT));
        assert_eq!(limit("server/web/console/a.test.tsx"), None);
        assert_eq!(limit("server/web/console/routeTree.gen.ts"), None);
        assert_eq!(limit("README.md"), None);
    }

    #[test]
    fn only_production_lines_count() {
        let production = "//! x\n".repeat(400);
        let tests = format!("{production}#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(300));
        assert_eq!(finding("a.rs", &tests, RUST), None);
        let long = finding("a.rs", &"//! x\n".repeat(401), RUST).unwrap();
        assert_eq!(long, "a.rs: 401 lines, at most 400");
    }
}
