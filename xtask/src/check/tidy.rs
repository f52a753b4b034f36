//! The rules that no compiler knows: how files begin, where dangerous things may be made, what
//! must not be committed. Every exception is in `lists.rs` with its reason.

use super::lists::{ACROSS_TENANTS, EXEMPTIONS, HTTP_CLIENTS, INSIDE_A_TENANT, WAITING_TESTS};
use super::rust_file::{RustFile, has_word};
use super::{sql_rule, verdict};
use crate::fail::Outcome;
use crate::paths;

/// Endings of files that people write.
const SOURCES: [&str; 11] =
    ["rs", "ts", "tsx", "mjs", "js", "css", "html", "sql", "toml", "md", "sh"];

/// Looks at every tracked file.
///
/// # Errors
/// With every place that breaks a rule.
pub(crate) fn check(_fix: bool) -> Outcome {
    let tables = sql_rule::tenant_tables()?;
    let mut findings = Vec::new();
    for name in paths::tracked()? {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let source = SOURCES.contains(&ending) || name == ".ci/run";
        if !source && ending != "json" && ending != "yml" {
            continue;
        }
        let text = paths::read(&name)?;
        if !name.ends_with("package-lock.json") {
            findings.extend(machine_paths(&name, &text));
        }
        if source {
            findings.extend(unfinished(&name, &text));
        }
        match ending {
            "rs" => {
                findings.extend(rust(&name, &text));
                findings.extend(sql_rule::findings(&name, &RustFile::new(&text), &tables));
            }
            "ts" | "tsx" if name.contains(".test.") || name.contains("/e2e/") => {
                findings.extend(script_test(&name, &text));
            }
            _ => {}
        }
    }
    findings.extend(stale_exceptions());
    verdict(findings)
}

/// An exception for a file that no longer exists would be a hole for the next file of its name.
fn stale_exceptions() -> Vec<String> {
    let lists = HTTP_CLIENTS.iter().chain(EXEMPTIONS).chain(WAITING_TESTS);
    lists
        .filter(|(name, _)| !paths::root().join(name).is_file())
        .map(|(name, _)| format!("xtask/src/check/lists.rs: {name} does not exist any more"))
        .collect()
}

fn rust(name: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        findings.push(format!("{name}: begins without `//!`: what it is, what it never does"));
    }
    let listed = |list: &[(&str, &str)]| list.iter().any(|(file, _)| *file == name);
    let file = RustFile::new(text);
    let clients = ClientNames::of(&file.code);
    let within = |folders: &[&str]| folders.iter().any(|folder| name.starts_with(folder));
    let inside_tenant = within(INSIDE_A_TENANT) && !within(ACROSS_TENANTS);
    let in_tests = name.split('/').any(|part| part == "tests");
    for (line, test, code) in file.lines() {
        let at = |what: &str| format!("{name}:{line}: {what}");
        if code.contains("#[ignore") {
            findings.push(at("a test that is ignored is no test"));
        }
        if clients.constructed(code) && !listed(HTTP_CLIENTS) {
            findings.push(at("HTTP clients are made in the files that xtask lists"));
        }
        let exempt = listed(EXEMPTIONS) || listed(HTTP_CLIENTS);
        if has_word(code, "disallowed_methods") && !exempt {
            findings.push(at("only the files that xtask lists may use a disallowed method"));
        }
        if inside_tenant && !test && begins_word(code, "Id<Tenant>") {
            findings.push(at("code inside a tenant does not name one; its scope has the tenant"));
        }
        if (test || in_tests) && sleeps(code) && !listed(WAITING_TESTS) {
            findings.push(at("a test that sleeps is slow or wrong; advance the clock"));
        }
    }
    findings
}

/// What a file calls reqwest's client: only there can a bare `Client` be one.
struct ClientNames {
    reqwest: bool,
    imported: bool,
}

impl ClientNames {
    fn of(code: &str) -> Self {
        let import = |line: &str| line.trim_start().starts_with("use reqwest::");
        Self {
            reqwest: has_word(code, "reqwest"),
            imported: code.lines().any(|line| import(line) && has_word(line, "Client")),
        }
    }

    /// Whether a line makes a client.
    fn constructed(&self, line: &str) -> bool {
        let direct = ["reqwest::Client::", "reqwest::ClientBuilder::", "ClientBuilder::new("];
        let bare = ["Client::new(", "Client::builder(", "Client::default("];
        (self.reqwest && direct.iter().any(|word| line.contains(word)))
            || (self.imported && bare.iter().any(|word| begins_word(line, word)))
    }
}

/// Whether `word` begins where no name goes on: `Client::new(` and not `GraphClient::new(`.
fn begins_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}

fn sleeps(line: &str) -> bool {
    ["sleep(", "sleep_ms(", "sleep_until("].iter().any(|word| begins_word(line, word))
}

/// Folders that exist on one machine only.
fn machine_paths(name: &str, text: &str) -> Vec<String> {
    // Put together here, so that this file does not find itself.
    let folders = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for folder in &folders {
            let outside = |letter: Option<char>| {
                letter.is_none_or(|letter| letter.is_whitespace() || "\"'`(=:<>[,".contains(letter))
            };
            let found = line
                .match_indices(folder.as_str())
                .any(|(at, _)| outside(line.get(..at).and_then(|head| head.chars().next_back())));
            if found {
                findings.push(format!("{name}:{}: a path of one machine ({folder})", at + 1));
            }
        }
    }
    findings
}

/// What says of itself that it is not finished.
fn unfinished(name: &str, text: &str) -> Vec<String> {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let call = concat!("to", "do!");
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if words.iter().any(|word| has_word(line, word)) || begins_word(line, call) {
            findings.push(format!("{name}:{}: unfinished work belongs into the tracker", at + 1));
        }
    }
    findings
}

/// The ways in which a test of the front end can be no test.
fn script_test(name: &str, text: &str) -> Vec<String> {
    let words = [".skip(", ".only(", ".todo(", "waitForTimeout(", ".fixme(", "test.slow("];
    text.lines()
        .enumerate()
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(at, _)| format!("{name}:{}: a test that is skipped, alone or waits", at + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{machine_paths, rust, script_test, unfinished};

    #[test]
    fn a_file_begins_with_what_it_is() {
        assert_eq!(rust("a/src/x.rs", "//! X.\nfn a() {}\n"), Vec::<String>::new());
        assert_eq!(rust("a/src/x.rs", "fn a() {}\n").len(), 1);
    }

    #[test]
    fn an_http_client_is_found_under_each_of_its_names() {
        let lines = [
            "let c = reqwest::Client::new();",
            "let c = reqwest::Client::builder().build();",
            "use reqwest::{Client, Url};\nlet c = Client::new();",
            "use reqwest::ClientBuilder;\nlet c = ClientBuilder::new();",
        ];
        for line in lines {
            assert_eq!(rust("a/src/x.rs", &format!("//! X.\n{line}\n")).len(), 1, "{line}");
        }
        let own = "//! X.\nuse reqwest::Client;\nlet c = GraphClient::new(client);\n";
        assert_eq!(rust("a/src/x.rs", own), Vec::<String>::new());
    }

    #[test]
    fn tests_neither_sleep_nor_are_ignored() {
        let source =
            "//! X.\n#[cfg(test)]\nmod tests {\n    fn a() { tokio::time::sleep(d); }\n}\n";
        assert_eq!(rust("a/src/x.rs", source).len(), 1);
        assert_eq!(rust("a/src/x.rs", "//! X.\nfn a() { sleep(d); }\n"), Vec::<String>::new());
        assert_eq!(rust("a/tests/it/x.rs", "//! X.\nfn a() { sleep(d); }\n").len(), 1);
        assert_eq!(rust("a/tests/it/x.rs", "//! X.\n#[ignore]\nfn a() {}\n").len(), 1);
        assert_eq!(rust("a/tests/it/x.rs", "//! sleep(x)\nfn a() { \"sleep(\"; }\n").len(), 0);
    }

    #[test]
    fn exemptions_are_only_where_they_are_listed() {
        let source = "//! X.\n#[expect(clippy::disallowed_methods, reason = \"because\")]\n";
        assert_eq!(rust("a/src/x.rs", source).len(), 1);
        assert_eq!(rust("xtask/src/check.rs", source), Vec::<String>::new());
    }

    #[test]
    fn code_inside_a_tenant_does_not_name_one() {
        let source = "//! X.\nfn a(tenant: Id<Tenant>) {}\n";
        assert_eq!(rust("platform/src/workspace/contacts.rs", source).len(), 1);
        assert_eq!(rust("storage/src/sql/repo/system/users.rs", source), Vec::<String>::new());
        assert_eq!(rust("platform/src/actor.rs", source), Vec::<String>::new());
    }

    #[test]
    fn paths_of_a_machine_are_found_and_routes_are_not() {
        let bad = format!("open(\"/{}/me/x\")", "home");
        assert_eq!(machine_paths("a.md", &bad).len(), 1);
        let good = format!("import x from \"@/features/{}/pages\"", "home");
        assert_eq!(machine_paths("a.ts", &good), Vec::<String>::new());
    }

    #[test]
    fn unfinished_work_is_found_as_a_word() {
        let mark = concat!("TO", "DO");
        assert_eq!(unfinished("a.rs", &format!("// {mark}: later")).len(), 1);
        assert_eq!(unfinished("a.rs", &format!("{mark}S and {mark}_LIST")), Vec::<String>::new());
        assert_eq!(unfinished("a.rs", concat!("to", "do!()")).len(), 1);
    }

    #[test]
    fn skipped_front_end_tests_are_found() {
        assert_eq!(script_test("a.test.ts", "it.skip(\"x\")\nit(\"y\")\n").len(), 1);
    }
}
