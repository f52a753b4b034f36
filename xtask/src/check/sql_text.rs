//! What the text of an SQL statement says about tenants. It reads the dialect of our own
//! repositories, not SQL at large: what it does not recognise, it reports rather than trusts.

use super::rust_file::has_word;

/// Whether a text is a statement that names a tenant's table.
pub(crate) fn touches(text: &str, tables: &[String]) -> bool {
    let text = flat(text);
    let mut words = text.split(' ').map(|word| word.trim_start_matches('('));
    let verbs = ["select", "insert", "update", "delete", "with"];
    if !words.by_ref().find(|word| !word.is_empty()).is_some_and(|word| verbs.contains(&word)) {
        return false;
    }
    let words: Vec<&str> =
        text.split([' ', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| match pair {
        [before, table] => {
            ["from", "join", "into", "update", "using"].contains(before)
                && tables.iter().any(|name| name == table)
        }
        _ => false,
    })
}

/// Whether the statement's tenant is its first parameter: compared with it, or inserted as it.
pub(crate) fn binds(text: &str) -> bool {
    let text = flat(text).replace(" =", "=").replace("= ", "=");
    // A statement that a builder goes on with: what it binds next is its first parameter.
    let built = text.trim_end().ends_with("tenant_id=") && !text.contains('$');
    let compared = text.match_indices("tenant_id=$1").any(|(at, found)| {
        let next = text.get(at + found.len()..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|letter| letter.is_ascii_digit())
    });
    compared || built || inserts(&text)
}

/// `insert into t (a, tenant_id, …) values (x, $1, …)` or `… select x, $1, …`.
fn inserts(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("insert into ") else { return false };
    let Some((columns, rest)) = rest.split_once('(').and_then(|(_, rest)| rest.split_once(')'))
    else {
        return false;
    };
    let Some(position) = columns.split(',').position(|column| column.trim() == "tenant_id") else {
        return false;
    };
    let values = rest.split_once("values").map_or(rest, |(_, values)| values);
    let values = values.trim_start();
    let list = match values.strip_prefix('(') {
        Some(list) => list,
        None => match values.split_once("select ") {
            Some((_, list)) => list.strip_prefix("distinct ").unwrap_or(list),
            // The builder pushes the rows; the compiler cannot be told more here.
            None => return values.is_empty(),
        },
    };
    parts(list).get(position).is_some_and(|value| {
        let value = value.split("::").next().unwrap_or_default();
        let first = value.split_whitespace().next().unwrap_or_default();
        first == "$1"
    })
}

/// The items of a list up to its end, not split inside parentheses.
fn parts(list: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    for letter in list.chars() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// One line in lower case with single spaces, without escapes of line ends and leading comments.
pub(crate) fn flat(text: &str) -> String {
    let text = without_sql_comments(&text.replace("\\\n", " ").replace("\\n", " ")).to_lowercase();
    let mut flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    while let Some((_, rest)) = flat.strip_prefix("/*").and_then(|rest| rest.split_once("*/")) {
        flat = rest.trim_start().to_owned();
    }
    flat
}

/// The tables of a migration that have a tenant.
pub(crate) fn tables_in(migration: &str) -> Vec<String> {
    let text = without_sql_comments(migration).to_lowercase();
    text.split(';')
        .filter(|statement| has_word(statement, "tenant_id"))
        .filter_map(|statement| {
            let rest = statement.trim_start().strip_prefix("create table")?.trim_start();
            let rest = rest.strip_prefix("if not exists").unwrap_or(rest).trim_start();
            let name: String = rest
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            (!name.is_empty()).then_some(name)
        })
        .collect()
}

fn without_sql_comments(text: &str) -> String {
    text.lines()
        .map(|line| line.split_once("--").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::{binds, tables_in, touches};

    fn tables() -> Vec<String> {
        vec!["contacts".to_owned(), "groups".to_owned()]
    }

    #[test]
    fn tables_with_a_tenant_come_from_the_migrations() {
        let sql = "create table contacts (id blob, tenant_id blob not null) strict;\n\
                   -- create table old (tenant_id blob);\n\
                   CREATE TABLE IF NOT EXISTS users (id blob);\n\
                   create index by_tenant on contacts (tenant_id);";
        assert_eq!(tables_in(sql), ["contacts"]);
    }

    #[test]
    fn only_statements_on_tenants_tables_are_judged() {
        assert!(touches("select 1 from contacts c", &tables()));
        assert!(touches("/*lite*/ with x as (select 1 from a join contacts on 1)", &tables()));
        assert!(touches("insert into contacts(id) values ($1)", &tables()));
        assert!(!touches("select 1 from users", &tables()));
        assert!(!touches("picked from contacts by hand", &tables()));
    }

    #[test]
    fn a_compared_tenant_is_bound() {
        assert!(binds("select 1 from contacts c where c.tenant_id = $1 and id = $2"));
        assert!(binds("delete from contacts where id=$2 and tenant_id=$1"));
        assert!(!binds("select 1 from contacts where tenant_id = $2"));
        assert!(!binds("select 1 from contacts where tenant_id = $12"));
        assert!(!binds("select tenant_id from contacts where id = $1"));
        assert!(binds("select id from contacts where tenant_id = "));
    }

    #[test]
    fn an_inserted_tenant_is_bound_at_its_place() {
        assert!(binds("insert into contacts (tenant_id, id) values ($1, $2)"));
        assert!(binds("insert into contacts (id, tenant_id) values (coalesce($2, $3), $1)"));
        assert!(binds("insert into contacts (id, tenant_id) select e.id, $1 from each e"));
        assert!(binds("insert into contacts (tenant_id, id) select $1::uuid, x from y"));
        assert!(binds("insert into contacts (tenant_id, id) select distinct $1, x from y"));
        assert!(!binds("insert into contacts (id, tenant_id) values ($1, $2)"));
        assert!(!binds("insert into contacts (id) values ($1)"));
    }
}
