//! A page nobody links to is a page nobody reads: every page under `docs/` can be reached from the
//! README, and no link leads nowhere. Addresses of the web are not opened. A test that a page names
//! exists.

use super::verdict;
use crate::fail::Outcome;
use crate::paths;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

/// Where a reader begins.
const ENTRANCES: [&str; 3] = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// Follows the links of all pages.
///
/// # Errors
/// With every lost page and every broken link.
pub(crate) fn check(_fix: bool) -> Outcome {
    let files = paths::tracked()?;
    let mut pages = BTreeMap::new();
    for name in files.iter().filter(|name| name.ends_with(".md")) {
        pages.insert(name.clone(), paths::read(name)?);
    }
    let mut found = findings(&pages, &|target| paths::root().join(target).exists());
    let mut code = String::new();
    for name in files.iter().filter(|name| name.ends_with(".rs")) {
        code.push_str(&paths::read(name)?);
    }
    found.extend(lost_tests(&pages, &code));
    verdict(found)
}

/// The tests that pages name and that are not there.
fn lost_tests(pages: &BTreeMap<String, String>, code: &str) -> Vec<String> {
    let mut lost = Vec::new();
    for (name, text) in pages.iter().filter(|(name, _)| name.starts_with("docs/")) {
        for test in text.split('`').skip(1).step_by(2).filter(|word| is_sentence(word)) {
            if !code.contains(&format!("fn {test}(")) {
                lost.push(format!("{name}: there is no test `{test}`"));
            }
        }
    }
    lost
}

/// Tests read as sentences: words of small letters, at least five of them.
fn is_sentence(word: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    word.chars().all(letters) && word.matches('_').count() >= 4
}

fn findings(pages: &BTreeMap<String, String>, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    let mut links: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, text) in pages {
        for link in links_of(text) {
            let Some(target) = resolve(name, &link) else { continue };
            if !exists(&target) {
                findings.push(format!("{name}: the link `{link}` leads nowhere"));
            }
            links.entry(name).or_default().push(target);
        }
    }
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = ENTRANCES.to_vec();
    while let Some(page) = open.pop() {
        if reached.insert(page) {
            open.extend(links.get(page).into_iter().flatten().map(String::as_str));
        }
    }
    for name in pages.keys().filter(|name| name.starts_with("docs/")) {
        if !reached.contains(name.as_str()) {
            findings.push(format!("{name}: no page that is reached from the README links to it"));
        }
    }
    findings
}

/// The targets of `[text](target)`, code blocks left out.
fn links_of(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let target = line.get(at + 2..).and_then(|rest| rest.split([')', ' ']).next());
            links.extend(target.map(str::to_owned));
        }
    }
    links
}

/// The file a link means, relative to the root; nothing for the web and for places on the page.
fn resolve(page: &str, link: &str) -> Option<String> {
    let file = link.split('#').next().filter(|file| !file.is_empty())?;
    if file.contains("://") || file.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<String> = Vec::new();
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    for part in folder.join(file).components() {
        match part {
            Component::ParentDir => {
                parts.pop();
            }
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{findings, lost_tests};
    use std::collections::BTreeMap;

    fn judge(pages: &[(&str, &str)]) -> Vec<String> {
        let pages: BTreeMap<String, String> =
            pages.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        findings(&pages, &|target| pages.contains_key(target))
    }

    #[test]
    fn a_test_that_a_page_names_is_there_or_is_said_to_be_lost() {
        let page =
            "| `a_test_that_is_there` | `a_test_that_was_renamed`, `GET /x`, `max_file_size` |";
        let pages = BTreeMap::from([("docs/a.md".to_owned(), page.to_owned())]);
        let found = lost_tests(&pages, "async fn a_test_that_is_there() {}");
        assert_eq!(found, ["docs/a.md: there is no test `a_test_that_was_renamed`"]);
    }

    #[test]
    fn pages_are_reached_over_other_pages() {
        let found = judge(&[
            ("README.md", "[map](docs/a.md#top) [web](https://example.org) [here](#x)"),
            ("docs/a.md", "[next](decisions/b.md)"),
            ("docs/decisions/b.md", "[back](../a.md)"),
        ]);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_lost_page_and_a_broken_link_are_named() {
        let found = judge(&[
            ("README.md", "[gone](docs/gone.md)\n```\n[code](no.md)\n```"),
            ("docs/lost.md", "[self](lost.md)"),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
