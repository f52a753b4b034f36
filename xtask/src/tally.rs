//! How many tests passed and failed, read from what each runner reports. A runner that ends badly
//! without naming a failed test counts as one failed: no run is called good that was not.

use serde_json::Value;

/// The counts of one runner, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that ran and held.
    pub(crate) passed: u64,
    /// Tests that ran and did not hold.
    pub(crate) failed: u64,
}

impl Tally {
    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Takes the runner's own verdict into account.
    pub(crate) fn judged(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

/// Reads nextest's last line: `Summary [ 1.2s] 5 tests run: 4 passed (1 slow), 1 failed, 2 skipped`.
/// Anything between "passed" and "skipped" is a way to fail.
pub(crate) fn nextest(line: &str) -> Option<Tally> {
    let plain = without_colours(line);
    let plain = plain.trim_start();
    if !plain.starts_with("Summary [") {
        return None;
    }
    // The slow and the flaky are told in parentheses and are counted among the passed already.
    let mut tally = Tally::default();
    for part in without_parentheses(plain.split_once("run:")?.1).split(',') {
        let mut words = part.split_whitespace();
        let (Some(count), Some(word)) = (words.next(), words.next()) else { continue };
        let Ok(count) = count.parse::<u64>() else { continue };
        match word {
            "passed" => tally.passed += count,
            "skipped" => {}
            _ => tally.failed += count,
        }
    }
    Some(tally)
}

/// Reads rustdoc's line: `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
pub(crate) fn doctest(line: &str) -> Option<Tally> {
    let plain = without_colours(line);
    let rest = plain.trim_start().strip_prefix("test result:")?.split_once(". ")?.1.to_owned();
    let count = |word: &str| {
        rest.split(';')
            .find_map(|part| part.trim().strip_suffix(word)?.trim().parse::<u64>().ok())
            .unwrap_or(0)
    };
    Some(Tally { passed: count("passed"), failed: count("failed") })
}

/// Reads Vitest's JSON report.
pub(crate) fn vitest(report: &Value) -> Tally {
    let count = |name| report.get(name).and_then(Value::as_u64).unwrap_or(0);
    Tally { passed: count("numPassedTests"), failed: count("numFailedTests") }
}

/// Reads Playwright's JSON report. A flaky test held in the end, as with nextest.
pub(crate) fn playwright(report: &Value) -> Tally {
    let count = |name: &str| {
        report.get("stats").and_then(|stats| stats.get(name)).and_then(Value::as_u64).unwrap_or(0)
    };
    let errors = report.get("errors").and_then(Value::as_array).map_or(0, Vec::len) as u64;
    Tally { passed: count("expected") + count("flaky"), failed: count("unexpected") + errors }
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|letter| {
            match letter {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// Takes out the terminal's colour sequences (`ESC [ … m`).
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            for inner in letters.by_ref() {
                if inner.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Tally, doctest, nextest, playwright, vitest};
    use serde_json::json;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn nextest_counts_every_way_to_fail() {
        let line = "     Summary [   1.204s] 9 tests run: 5 passed (1 slow, 1 flaky), 2 failed, 1 timed out, 1 exec failed, 3 skipped";
        assert_eq!(nextest(line), Some(tally(5, 4)));
        assert_eq!(nextest("  PASS [ 0.1s] crate test::name"), None);
    }

    #[test]
    fn nextest_is_read_in_colours_as_well() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.003s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m \u{1b}[33;1mskipped\u{1b}[0m";
        assert_eq!(nextest(line), Some(tally(2, 0)));
    }

    #[test]
    fn nextest_cancelled_before_the_end_still_counts_what_ran() {
        let line = "     Summary [   0.2s] 3/10 tests run: 2 passed, 1 failed, 0 skipped";
        assert_eq!(nextest(line), Some(tally(2, 1)));
    }

    #[test]
    fn doctests_are_read_line_by_line() {
        let line = "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(doctest(line), Some(tally(12, 1)));
        assert_eq!(doctest("test src/lib.rs - x (line 3) ... ok"), None);
    }

    #[test]
    fn the_front_ends_reports_are_read() {
        assert_eq!(vitest(&json!({"numPassedTests": 7, "numFailedTests": 2})), tally(7, 2));
        let report = json!({"stats": {"expected": 4, "unexpected": 1, "flaky": 1, "skipped": 2}});
        assert_eq!(playwright(&report), tally(5, 1));
    }

    #[test]
    fn a_bad_end_without_a_named_failure_is_one_failure() {
        assert_eq!(tally(5, 0).judged(false), tally(5, 1));
        assert_eq!(tally(5, 2).judged(false), tally(5, 2));
        assert_eq!(tally(5, 0).judged(true), tally(5, 0));
    }
}
