//! How people are found by what somebody types: by the beginning of any word, by a number from its front and by a
//! number's last digits. Never by the middle of a word: an index cannot answer that.

use std::collections::BTreeSet;

use crate::Phone;
use crate::text::fold;

/// A word is told apart by so many characters; what follows is not looked at.
const WORD_MAX: usize = 48;
/// In scripts that write names without blanks a word may be meant from any of so many first characters on.
const BEGINNINGS: usize = 12;
/// So many digits at least are somebody's last ones.
const LAST_DIGITS: usize = 3;
/// Digits with signs between them are one phone number from so many on, or when a plus sign leads.
const NUMBER_DIGITS: usize = 6;
/// So many things are looked for at once; what else was typed is not looked at.
const TERMS_MAX: usize = 8;
/// Marks a phone number written from its end. No word has this sign: see [`separates`].
const BACKWARDS: char = '<';

/// Signs that stand between words, in folded text. What joins letters or pictures into one (U+200C, U+200D) does not.
fn separates(c: char) -> bool {
    match c {
        '\u{200c}' | '\u{200d}' => false,
        c if c.is_ascii() => !c.is_ascii_alphanumeric(),
        // Arabic comma, semicolon and question mark, danda; what belongs to no script; Chinese and Japanese ones.
        '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{964}' | '\u{965}' => true,
        '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{30fb}' => true,
        c => c.is_whitespace() || c.is_control(),
    }
}

/// Letters of scripts without blanks between words: kana, Han, Hangul and what lies between them.
const fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{d7a3}')
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(WORD_MAX).map_or(word, |(end, _)| word.get(..end).unwrap_or(word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(separates).filter(|word| !word.is_empty()).map(cut)
}

fn backwards(digits: &str) -> String {
    std::iter::once(BACKWARDS).chain(digits.chars().rev()).collect()
}

/// What an index keeps of somebody: words with one blank between, in order, none of which begins another; and the
/// number from its end, behind a mark. A number from its front is found by the number itself.
///
/// ```
/// # use whatsapp_core::{Phone, search};
/// let phone: Phone = "+5511981234567".parse()?;
/// assert_eq!(search::keys(["Ana Lúcia", "ana@example.com"], Some(&phone)), "<7654321891155 ana com example lucia");
/// # Ok::<(), whatsapp_core::Error>(())
/// ```
#[must_use]
pub fn keys<'t>(texts: impl IntoIterator<Item = &'t str>, phone: Option<&Phone>) -> String {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for text in texts {
        for word in words(&fold(text)) {
            found.insert(word.to_owned());
            let inside = word.char_indices().skip(1).take(BEGINNINGS - 1);
            let starts = inside.filter(|(_, c)| stands_alone(*c));
            found.extend(starts.filter_map(|(at, _)| word.get(at..)).map(str::to_owned));
        }
    }
    found.extend(phone.map(|phone| backwards(phone.digits())));
    let mut text = String::new();
    let mut rest = found.iter().peekable();
    while let Some(word) = rest.next() {
        if rest.peek().is_some_and(|next| next.starts_with(word.as_str())) {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// One of the things somebody typed; each must be found. It is when one of its parts is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// A word begins so.
    pub word: String,
    /// A number, with its plus sign, begins so.
    pub front: Option<String>,
    /// A number ends so.
    pub last: Option<String>,
}

impl Term {
    fn of(word: &str) -> Self {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let (front, last) = if digits { number(word) } else { (None, None) };
        Self { word: word.to_owned(), front, last }
    }
    /// The beginning of the key by which [`Self::last`] is found.
    #[must_use]
    pub fn last_key(&self) -> Option<String> {
        self.last.as_deref().map(backwards)
    }
    /// From where to where keys lie that begin so: the second is behind all of them.
    #[must_use]
    pub fn range(beginning: &str) -> (String, String) {
        (beginning.to_owned(), format!("{beginning}\u{10ffff}"))
    }
}

/// What digits are of a number: its front, without the `00` some write for the plus sign, and its end, without the `0`
/// that many countries put before a number at home.
fn number(digits: &str) -> (Option<String>, Option<String>) {
    let front = digits.strip_prefix("00").unwrap_or(digits);
    let at_home = digits.trim_start_matches('0');
    let last = if at_home.len() >= NUMBER_DIGITS { at_home } else { digits };
    (
        (!front.is_empty()).then(|| format!("+{front}")),
        (last.len() >= LAST_DIGITS).then(|| last.to_owned()),
    )
}

/// What somebody typed, as things to be found, in any order: the first eight of them.
///
/// ```
/// # use whatsapp_core::search::typed;
/// let words: Vec<_> = typed("LÚ ana@").into_iter().map(|term| term.word).collect();
/// assert_eq!(words, ["lu", "ana"]);
/// assert_eq!(typed("a b c d e f g h i j").len(), 8);
/// assert_eq!(typed("(11) 98123-4567")[0].last.as_deref(), Some("11981234567"));
/// ```
#[must_use]
pub fn typed(text: &str) -> Vec<Term> {
    let folded = fold(text);
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let plain = folded.chars().all(|c| c.is_ascii_digit() || separates(c));
    let leads = folded.trim_start().starts_with('+') && !digits.is_empty();
    if plain && (leads || digits.len() >= NUMBER_DIGITS) {
        return vec![Term::of(cut(&digits))];
    }
    let mut terms: Vec<Term> = Vec::new();
    for word in words(&folded) {
        if terms.len() < TERMS_MAX && terms.iter().all(|term| term.word != word) {
            terms.push(Term::of(word));
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(keys: &str, phone: &str, text: &str) -> bool {
        typed(text).iter().all(|term| {
            keys.split(' ').any(|key| {
                key.starts_with(&term.word)
                    || term.last_key().is_some_and(|last| key.starts_with(&last))
            }) || term.front.as_ref().is_some_and(|front| phone.starts_with(front.as_str()))
        })
    }

    #[test]
    fn people_are_found_by_what_is_really_typed() {
        let phone: Phone = "+5511981234567".parse().expect("valid");
        let keys = keys(["João d'Ávila-Prado", "joao.prado@acme.com.br"], Some(&phone));
        for text in [
            "joao",
            "JOÃO",
            "avi pra",
            "d'avila",
            "ávila-p",
            "joao.prado@ac",
            "acme",
            "+5511",
            "5511 98",
            "+55 1",
            "0055 11 98123-4567",
            "(11) 98123-4567",
            "011 98123 4567",
            "4567",
            "567",
            "joao 4567",
        ] {
            assert!(finds(&keys, phone.as_str(), text), "{text}: {keys}");
        }
        for text in ["oao", "67", "8123", "joao maria", "4568", "11 9812"] {
            assert!(!finds(&keys, phone.as_str(), text), "{text}: {keys}");
        }
    }

    #[test]
    fn names_without_blanks_are_found_from_each_letter_on() {
        let keys = keys(["王小明 김민수"], None);
        for text in ["王", "小明", "明", "민수", "김민"] {
            assert!(finds(&keys, "", text), "{text}");
        }
    }

    #[test]
    fn words_stay_short_few_and_apart() {
        assert_eq!(keys(["Ana Anabel ana 🌸", "(%_)"], None), "anabel 🌸");
        let long = "x".repeat(200);
        assert_eq!(keys([long.as_str()], None).len(), WORD_MAX);
        assert_eq!(typed(&long).first().map(|term| term.word.len()), Some(WORD_MAX));
        assert!(typed(" %_ \\ ").is_empty());
        assert_eq!(keys(["\"a\"\\\u{0}b"], None), "a b");
    }

    #[test]
    fn a_range_holds_all_that_begins_so() {
        let (from, to) = Term::range("ana");
        for key in ["ana", "anabel", "ana\u{1f338}"] {
            assert!((from.as_str()..to.as_str()).contains(&key), "{key}");
        }
        for key in ["an", "anb", "amz"] {
            assert!(!(from.as_str()..to.as_str()).contains(&key), "{key}");
        }
    }
}
