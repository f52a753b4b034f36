//! `cargo xtask bench [name…] [--quick] [--write] [--engine sqlite|postgres]`: what is fast is measured here, each figure
//! beside its baseline of the same run. Never part of the tests: a loaded machine must not fail them.

mod figure;
mod load;
mod node;
mod page;

use crate::fail::Outcome;
use crate::proc;

/// One small bench: its name, the crate that has it, and what it shows.
struct Bench {
    name: &'static str,
    package: &'static str,
    shows: &'static str,
}

const BENCHES: [Bench; 3] = [
    Bench {
        name: "webhook",
        package: "whatsapp-cloud",
        shows: "verify and read webhooks beside HMAC and a plain JSON parse; build a template message",
    },
    Bench {
        name: "client",
        package: "whatsapp-cloud",
        shows: "the client beside a bare socket loop, to the simulator",
    },
    Bench {
        name: "engine",
        package: "whatsapp-platform",
        shows: "webhook calls taken and applied, campaigns sent over ten numbers, beside the least statements that would do",
    },
];

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish {
    names: Vec<String>,
    quick: bool,
    write: bool,
    engine: Option<String>,
}

/// Runs all benches, or those named. The tables of `docs/performance.md` are written anew when all ran in full, or with
/// `--write`; `page` only writes the page from the results that are kept.
///
/// # Errors
/// When there is no bench of a name, or one missed what it must reach.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let wish = wish(arguments)?;
    if wish.names == ["page"] {
        return page::write();
    }
    let mut failed = Vec::new();
    let all = wish.names.is_empty();
    for bench in BENCHES.iter().filter(|b| all || wish.names.iter().any(|n| n == b.name)) {
        println!("== {}: {}", bench.name, bench.shows);
        let mut cargo = proc::cargo();
        cargo.args(["bench", "--quiet", "--package", bench.package, "--bench", bench.name]);
        if let Err(failure) = proc::run(&mut cargo) {
            println!("{failure}");
            failed.push(bench.name);
        }
    }
    let scenarios: Vec<&str> = load::SCENARIOS
        .iter()
        .map(|scenario| scenario.name)
        .filter(|name| all || wish.names.iter().any(|n| n == name))
        .collect();
    if !scenarios.is_empty() && load::run(&scenarios, &wish).is_err() {
        failed.push("the load scenarios");
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("these benches failed: {}", failed.join(", ")).into())
}

fn wish(arguments: &[String]) -> Outcome<Wish> {
    let mut wish = Wish::default();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => wish.quick = true,
            "--write" => wish.write = true,
            "--engine" => match words.next().map(String::as_str) {
                Some(engine @ ("sqlite" | "postgres")) => wish.engine = Some(engine.to_owned()),
                _ => return Err("--engine is sqlite or postgres".into()),
            },
            name if known(name) => wish.names.push(name.to_owned()),
            other => {
                return Err(format!(
                    "there is no bench `{other}`; there are\n{}\nand --quick, --write, --engine sqlite|postgres",
                    list()
                )
                .into());
            }
        }
    }
    // A whole run in full is what the page is for.
    wish.write |= wish.names.is_empty() && !wish.quick && wish.engine.is_none();
    Ok(wish)
}

fn known(name: &str) -> bool {
    name == "page"
        || BENCHES.iter().any(|bench| bench.name == name)
        || load::SCENARIOS.iter().any(|scenario| scenario.name == name)
}

fn list() -> String {
    let small = BENCHES.iter().map(|bench| (bench.name, bench.shows));
    let large = load::SCENARIOS.iter().map(|scenario| (scenario.name, scenario.shows));
    let page = [("page", "only write docs/performance.md from the results that are kept")];
    let lines: Vec<String> = small
        .chain(large)
        .chain(page)
        .map(|(name, shows)| format!("  {name:<10} {shows}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Wish, wish};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn only_a_whole_run_in_full_writes_the_page_unasked() {
        assert!(wish(&[]).unwrap().write);
        assert!(!wish(&words("--quick")).unwrap().write);
        assert!(!wish(&words("send")).unwrap().write);
        let asked = wish(&words("send --quick --write --engine sqlite")).unwrap();
        let expected =
            Wish { names: words("send"), quick: true, write: true, engine: Some("sqlite".into()) };
        assert_eq!(asked, expected);
        assert!(wish(&words("--engine oracle")).is_err());
        assert!(wish(&words("nothing")).unwrap_err().to_string().contains("ingest"));
    }
}
