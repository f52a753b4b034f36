//! Licence expressions: `(MIT OR Apache-2.0) AND Unicode-3.0`. It answers one question, whether
//! the allowed licences suffice, and never guesses at what it cannot read.

/// Whether `allowed` licences satisfy the expression. Nothing when it cannot be read.
pub(crate) fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    // The old way of Cargo to write OR.
    let text = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let answer = reader.any()?;
    reader.words.is_empty().then_some(answer)
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(word) => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn any(&mut self) -> Option<bool> {
        let mut answer = self.all()?;
        while self.take("OR") {
            // Not `||`: the right side must be read in any case.
            answer |= self.all()?;
        }
        Some(answer)
    }

    fn all(&mut self) -> Option<bool> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Some(answer)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let answer = self.any()?;
            return self.take(")").then_some(answer);
        }
        let (name, rest) = self.words.split_first()?;
        if ["AND", "OR", "WITH", ")"].contains(name) {
            return None;
        }
        self.words = rest;
        if self.take("WITH") {
            // An exception only ever permits more than its licence does.
            let (_, rest) = self.words.split_first()?;
            self.words = rest;
        }
        Some((self.allowed)(name))
    }
}

#[cfg(test)]
mod tests {
    use super::satisfied;

    #[test]
    fn or_needs_one_and_and_needs_all() {
        let allowed = |name: &str| ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&name);
        let cases = [
            ("MIT", Some(true)),
            ("GPL-3.0-only", Some(false)),
            ("GPL-3.0 OR MIT", Some(true)),
            ("MIT/GPL-2.0", Some(true)),
            ("(MIT OR GPL-2.0) AND Unicode-3.0", Some(true)),
            ("MIT AND GPL-2.0", Some(false)),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", Some(true)),
            ("MIT AND", None),
            ("(MIT", None),
            ("MIT GPL-2.0", None),
            ("", None),
        ];
        for (expression, answer) in cases {
            assert_eq!(satisfied(expression, &allowed), answer, "{expression}");
        }
    }
}
