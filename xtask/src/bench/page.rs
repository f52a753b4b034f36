//! `docs/performance.md`: what people wrote stays, and between two marks for each scenario stands what the stored
//! results say, and nothing else.

use super::figure;
use super::load::SCENARIOS;
use crate::fail::{During, Outcome};
use crate::paths;
use serde_json::Value;
use std::fs;

/// The folder of the stored results.
pub(super) const RESULTS: &str = "docs/performance";
const PAGE: &str = "docs/performance.md";

/// Writes the tables anew, those of the scaling guide too.
///
/// # Errors
/// When the page or a result cannot be read, or the page has no place for a scenario.
pub(super) fn write() -> Outcome {
    let text = rendered(&paths::read(PAGE)?)?;
    fs::write(paths::root().join(PAGE), text).during(PAGE)?;
    super::node::write()
}

/// The page as the stored results make it.
fn rendered(page: &str) -> Outcome<String> {
    let mut page = page.to_owned();
    for scenario in &SCENARIOS {
        page = replaced(&page, scenario.name, &tables(scenario.name)?)?;
    }
    Ok(page)
}

/// The tables of a scenario, one for each database that was measured.
fn tables(scenario: &str) -> Outcome<String> {
    let mut sections = Vec::new();
    for engine in ["sqlite", "postgres"] {
        let name = format!("{RESULTS}/{scenario}.{engine}.json");
        if !paths::root().join(&name).is_file() {
            continue;
        }
        let result: Value = serde_json::from_str(&paths::read(&name)?).during(&name)?;
        sections.push(figure::section(&result)?);
    }
    if sections.is_empty() {
        return Ok(format!("Not measured yet: `cargo xtask bench {scenario} --write` does."));
    }
    Ok(sections.join("\n\n"))
}

pub(super) fn replaced(page: &str, scenario: &str, tables: &str) -> Outcome<String> {
    let (begin, end) = (format!("<!-- results: {scenario} -->"), "<!-- end of results -->");
    let missing = || format!("a page has no place for `{scenario}`: {begin} … {end}");
    let (before, rest) = page.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}\n\n{tables}\n\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{PAGE, rendered, replaced};
    use crate::paths;

    #[test]
    fn the_page_says_what_the_stored_results_say() {
        let page = paths::read(PAGE).unwrap();
        let message = "docs/performance.md was edited by hand: run cargo xtask bench page";
        assert!(rendered(&page).unwrap() == page, "{message}");
    }

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = "a\n<!-- results: x -->\nold\n<!-- end of results -->\nb\n<!-- results: y -->\n<!-- end of results -->";
        let new = replaced(page, "x", "new").unwrap();
        assert!(new.starts_with("a\n<!-- results: x -->\n\nnew\n\n<!-- end of results -->\nb\n"));
        assert_eq!(replaced(&new, "x", "new").unwrap(), new);
        assert!(replaced(page, "z", "new").is_err());
    }
}
