//! Each statement of a repository that touches a tenant's table binds the tenant as `$1`, so that
//! no query can reach another tenant's rows by forgetting a condition. It reads the text of the
//! statements only; the leak test proves the rest by running them.

use super::rust_file::{RustFile, has_word, item_end};
use super::sql_text::{binds, flat, tables_in, touches};
use crate::fail::{During, Outcome};
use crate::paths;
use std::fs;

const REPOSITORIES: &str = "storage/src/sql/repo/";
/// The system's own repositories look across tenants; that is what they are for.
const SYSTEM: &str = "storage/src/sql/repo/system";

/// The tables that have a tenant, from the migrations themselves.
///
/// # Errors
/// When a migration cannot be read.
pub(crate) fn tenant_tables() -> Outcome<Vec<String>> {
    let folder = paths::root().join("storage/migrations/sqlite");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut tables = Vec::new();
    for file in paths::files_below(&folder, &|_| true)? {
        tables.extend(tables_in(&fs::read_to_string(&file).during(file.display())?));
    }
    Ok(tables)
}

/// Literals that stand side by side: one text for the macro that takes them.
struct Group {
    line: usize,
    text: String,
    start: usize,
    end: usize,
}

/// A `macro_rules!` of the file.
struct Macro {
    name: String,
    start: usize,
    end: usize,
}

/// The statements of a repository's file that do not bind the tenant.
///
/// A repository writes the columns of its rows once, in a macro that takes the rest of the
/// statement: there each use of the macro is judged instead.
pub(crate) fn findings(name: &str, file: &RustFile, tables: &[String]) -> Vec<String> {
    if !name.starts_with(REPOSITORIES) || name.starts_with(SYSTEM) {
        return Vec::new();
    }
    let groups = groups(file);
    let macros = macros(&file.code);
    let mut findings = Vec::new();
    let mut say = |line: usize, what: &str| findings.push(format!("{name}:{line}: {what}"));
    let mut heads: Vec<&Macro> = Vec::new();
    for group in &groups {
        if !touches(&group.text, tables) || binds(&group.text) {
            continue;
        }
        let inside = macros.iter().find(|one| one.start < group.start && group.end <= one.end);
        match inside {
            Some(one) if goes_on(&file.code, group.end) => heads.push(one),
            _ => say(group.line, "this statement does not bind the tenant as $1"),
        }
    }
    heads.dedup_by_key(|one| one.start);
    for head in heads {
        let uses = uses(&file.code, head);
        if uses.is_empty() {
            let line = line_of(&file.code, head.start);
            say(line, "this macro begins statements, and none that binds the tenant is here");
        }
        for (start, end) in uses {
            let tails: Vec<&Group> = groups
                .iter()
                .filter(|one| start < one.start && one.end <= end && tail(&one.text))
                .collect();
            if tails.is_empty() || tails.iter().any(|one| !binds(&one.text)) {
                say(line_of(&file.code, start), "this statement does not bind the tenant as $1");
            }
        }
    }
    findings
}

fn groups(file: &RustFile) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for literal in &file.literals {
        let (start, end) = literal.span;
        if let Some(last) = groups.last_mut() {
            let between = file.code.get(last.end..start).unwrap_or("?");
            if between.chars().all(|letter| letter.is_whitespace() || "+r#".contains(letter)) {
                last.text.push_str(&literal.text);
                last.end = end;
                continue;
            }
        }
        groups.push(Group { line: literal.line, text: literal.text.clone(), start, end });
    }
    groups
}

fn macros(code: &str) -> Vec<Macro> {
    code.match_indices("macro_rules!")
        .map(|(start, found)| {
            let rest = code.get(start + found.len()..).unwrap_or_default().trim_start();
            let name =
                rest.chars().take_while(|one| one.is_alphanumeric() || *one == '_').collect();
            Macro { name, start, end: item_end(code, start) }
        })
        .collect()
}

/// Whether a macro's own text is followed by what the macro was given.
fn goes_on(code: &str, end: usize) -> bool {
    code.get(end..).is_some_and(|rest| rest.trim_start().starts_with('$'))
}

/// Where the macro is used in this file: from its name to the closing parenthesis.
fn uses(code: &str, one: &Macro) -> Vec<(usize, usize)> {
    let call = format!("{}!(", one.name);
    code.match_indices(&call)
        .filter(|(at, _)| {
            let before = code.get(..*at).and_then(|head| head.chars().next_back());
            !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
        })
        .map(|(at, _)| (at, closing(code, at + call.len())))
        .collect()
}

fn closing(code: &str, from: usize) -> usize {
    let mut depth = 1_usize;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

/// Whether a text goes on with a statement, rather than being a value bound to it.
fn tail(text: &str) -> bool {
    let text = flat(text);
    has_word(&text, "where")
        || has_word(&text, "join")
        || has_word(&text, "order")
        || text.contains('$')
}

fn line_of(code: &str, at: usize) -> usize {
    code.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::{RustFile, findings};

    fn judge(name: &str, source: &str) -> Vec<String> {
        findings(name, &RustFile::new(source), &["contacts".to_owned()])
    }

    const FILE: &str = "storage/src/sql/repo/contacts.rs";

    #[test]
    fn the_system_looks_across_tenants() {
        let source = "q!(Row, \"select 1 from contacts where id = $1\")";
        assert_eq!(judge(FILE, source).len(), 1);
        assert_eq!(judge("storage/src/sql/repo/system/jobs.rs", source).len(), 0);
        assert_eq!(judge("platform/src/x.rs", source).len(), 0);
    }

    #[test]
    fn literals_side_by_side_are_one_statement() {
        let source = "x!(\"select 1 from contacts \" r#\"where tenant_id = $1\"#, a)";
        assert_eq!(judge(FILE, source), Vec::<String>::new());
    }

    const HEAD: &str = "macro_rules! rows { ($($t:literal)+ $(, $a:expr)*) => { \
        q!(Row, \"select id from contacts \" $($t)+ $(, $a)*) } }\n";

    #[test]
    fn where_a_macro_begins_the_statement_each_use_must_bind() {
        let good = format!("{HEAD}rows!(\"where tenant_id = $1 and id = $2\", t, \"value\");");
        assert_eq!(judge(FILE, &good), Vec::<String>::new());
        let bad = format!("{good}\nrows!(\"where id = $1\", id);");
        assert_eq!(judge(FILE, &bad).len(), 1);
        let one_arm = format!("{HEAD}rows!(lite \"where tenant_id = $1\", pg \"where id = $1\");");
        assert_eq!(judge(FILE, &one_arm).len(), 1);
    }

    #[test]
    fn a_macro_nobody_can_judge_is_reported() {
        assert_eq!(judge(FILE, HEAD).len(), 1);
        let closed = "macro_rules! all { () => { q!(Row, \"select id from contacts\") } }";
        assert_eq!(judge(FILE, closed).len(), 1);
    }
}
