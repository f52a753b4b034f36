//! A Rust file as the checks see it: code without comments and text, the text apart, and which
//! lines are tests. It is a lexer, not a parser, and never more than these checks need.

/// One string literal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// The line it begins on, counted from 1.
    pub(crate) line: usize,
    /// Its content, escapes as written.
    pub(crate) text: String,
    /// Where it begins and ends in the blanked code, quotes included.
    pub(crate) span: (usize, usize),
}

/// A file taken apart.
pub(crate) struct RustFile {
    /// The code, with comments and the content of literals blanked; lines stay where they are.
    pub(crate) code: String,
    /// All string literals in order.
    pub(crate) literals: Vec<Literal>,
    /// For each line, counted from 0, whether it belongs to an item under `#[cfg(test)]`.
    test_lines: Vec<bool>,
}

impl RustFile {
    /// Takes `text` apart.
    pub(crate) fn new(text: &str) -> Self {
        let mut lexer = Lexer { letters: text.chars().collect(), ..Lexer::default() };
        lexer.run();
        let test_lines = test_lines(&lexer.code);
        Self { code: lexer.code, literals: lexer.literals, test_lines }
    }

    /// How many lines are not tests.
    pub(crate) fn production_lines(&self) -> usize {
        self.test_lines.iter().filter(|test| !**test).count()
    }

    /// The code line by line: number counted from 1, whether it is a test's, and the line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, bool, &str)> {
        let tests = self.test_lines.iter().copied().chain(std::iter::repeat(false));
        self.code.lines().zip(tests).enumerate().map(|(at, (line, test))| (at + 1, test, line))
    }
}

/// Whether `text` has `word` where neither neighbour belongs to a name.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let part_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(part_of_name) && !after.is_some_and(part_of_name)
    })
}

#[derive(Default)]
struct Lexer {
    letters: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    /// Moves on by one letter that stays in the code.
    fn keep(&mut self) {
        if let Some(letter) = self.peek(0) {
            self.code.push(letter);
            self.line += usize::from(letter == '\n');
            self.at += 1;
        }
    }

    /// Moves on by one letter that is blanked; ends of lines stay.
    fn blank(&mut self) {
        if let Some(letter) = self.peek(0) {
            self.code.push(if letter == '\n' { '\n' } else { ' ' });
            self.line += usize::from(letter == '\n');
            self.at += 1;
        }
    }

    fn run(&mut self) {
        let mut in_name = false;
        while let Some(letter) = self.peek(0) {
            match letter {
                '/' if self.peek(1) == Some('/') => {
                    while self.peek(0).is_some_and(|letter| letter != '\n') {
                        self.blank();
                    }
                }
                '/' if self.peek(1) == Some('*') => self.block_comment(),
                '"' => self.text(),
                'r' if !in_name && self.raw_hashes().is_some() => self.raw_text(),
                // The letters of byte and C strings; what follows is a text of either kind.
                'b' | 'c' if !in_name && matches!(self.peek(1), Some('"' | 'r')) => self.keep(),
                '\'' => self.quote(),
                _ => self.keep(),
            }
            let prefix = matches!(letter, 'b' | 'c') && !in_name;
            in_name = (letter.is_alphanumeric() || letter == '_')
                && !(prefix && matches!(self.peek(0), Some('"' | 'r')));
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                (None, _) => return,
                _ => {
                    self.blank();
                    continue;
                }
            }
            self.blank();
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    fn text(&mut self) {
        let (line, start) = (self.line + 1, self.code.len());
        let mut text = String::new();
        self.keep();
        while let Some(letter) = self.peek(0) {
            if letter == '"' {
                self.keep();
                break;
            }
            if letter == '\\' {
                text.push(letter);
                self.blank();
            }
            text.extend(self.peek(0));
            self.blank();
        }
        self.literals.push(Literal { line, text, span: (start, self.code.len()) });
    }

    /// How many `#` a raw text here has, when this `r` begins one.
    fn raw_hashes(&self) -> Option<usize> {
        let mut hashes = 0;
        while self.peek(1 + hashes) == Some('#') {
            hashes += 1;
        }
        (self.peek(1 + hashes) == Some('"')).then_some(hashes)
    }

    fn raw_text(&mut self) {
        let (line, start) = (self.line + 1, self.code.len());
        let hashes = self.raw_hashes().unwrap_or(0);
        for _ in 0..hashes + 2 {
            self.keep();
        }
        let mut text = String::new();
        while let Some(letter) = self.peek(0) {
            if letter == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                for _ in 0..=hashes {
                    self.keep();
                }
                break;
            }
            text.push(letter);
            self.blank();
        }
        self.literals.push(Literal { line, text, span: (start, self.code.len()) });
    }

    /// A letter in quotes, or a lifetime, which has no second quote.
    fn quote(&mut self) {
        let escaped = self.peek(1) == Some('\\');
        if !escaped && self.peek(2) != Some('\'') {
            self.keep();
            return;
        }
        self.keep();
        self.blank();
        if escaped {
            self.blank();
        }
        while self.peek(0).is_some_and(|letter| letter != '\'') {
            self.blank();
        }
        self.keep();
    }
}

/// Marks the lines of items under `#[cfg(test)]`, attributes included.
fn test_lines(code: &str) -> Vec<bool> {
    let mut marks = vec![false; code.lines().count()];
    let line_of = |at: usize| code.bytes().take(at).filter(|byte| *byte == b'\n').count();
    let mut from = 0;
    while let Some(found) = code.get(from..).and_then(|rest| rest.find("#[cfg(test)]")) {
        let start = from + found;
        let end = item_end(code, start);
        for mark in marks.iter_mut().take(line_of(end) + 1).skip(line_of(start)) {
            *mark = true;
        }
        from = end;
    }
    marks
}

/// Where the item after the attribute at `start` ends: at its closing brace, or at its semicolon
/// when it has no body.
pub(crate) fn item_end(code: &str, start: usize) -> usize {
    let mut braces = 0_usize;
    let mut brackets = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'[' | b'(' => brackets += 1,
            b']' | b')' => brackets = brackets.saturating_sub(1),
            b'{' => braces += 1,
            b'}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    return at + 1;
                }
            }
            b';' if braces == 0 && brackets == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::{RustFile, has_word};

    fn texts(source: &str) -> Vec<String> {
        RustFile::new(source).literals.into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn every_kind_of_text_is_found() {
        let source = r###"f("a\"b", r"c", r#"d"e"#, b"f", br#"g"#, c"h", 'i', '"', '\'', 'x: loop {}, "j")"###;
        assert_eq!(texts(source), ["a\\\"b", "c", "d\"e", "f", "g", "h", "j"]);
    }

    #[test]
    fn names_that_end_in_r_do_not_begin_a_raw_text() {
        assert_eq!(texts(r##"let r#type = for_r("a"); var"b""##), ["a", "b"]);
    }

    #[test]
    fn comments_and_texts_are_blanked_and_lines_stay() {
        let source = "a // todo \"no\"\n/* x /* y */\n z */ b \"two\nlines\" c\n&'a str";
        let file = RustFile::new(source);
        assert_eq!(file.code.lines().count(), source.lines().count());
        assert!(!file.code.contains("todo") && !file.code.contains('z'));
        let words: Vec<&str> = file.code.split_whitespace().collect();
        assert_eq!(words, ["a", "b", "\"", "\"", "c", "&'a", "str"]);
        assert_eq!(file.literals.first().map(|literal| literal.line), Some(3));
    }

    #[test]
    fn lines_under_cfg_test_are_not_production() {
        let source = "fn a() {}\n\n#[cfg(test)]\nuse x;\nfn b() { \"}\"; }\n#[cfg(test)]\nmod tests {\n    fn c() { if x { '}' } }\n}\n";
        let file = RustFile::new(source);
        assert_eq!(file.production_lines(), 3);
        let tests: Vec<usize> =
            file.lines().filter(|(_, test, _)| *test).map(|(line, ..)| line).collect();
        assert_eq!(tests, [3, 4, 6, 7, 8, 9]);
    }

    #[test]
    fn words_end_where_names_end() {
        assert!(has_word("a sleep(b)", "sleep"));
        assert!(!has_word("asleep(b)", "sleep") && !has_word("sleep_until", "sleep"));
    }
}
