//! Texts that are parsed once and valid for ever: phone numbers and e-mail addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::Error;

/// A phone number in E.164: a plus sign and 7 to 15 digits, the first not 0.
///
/// Spaces, hyphens, dots, brackets and a leading `00` are taken away when reading; a national number is
/// refused, since nobody can know its country. (ITU-T E.164, section 6.)
///
/// ```
/// # use whatsapp_core::Phone;
/// let phone: Phone = "+55 (11) 98123-4567".parse()?;
/// assert_eq!(phone.as_str(), "+5511981234567");
/// assert_eq!(phone.digits(), "5511981234567");
/// # Ok::<(), whatsapp_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl Phone {
    /// With the plus sign.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Without the plus sign, as Meta's `wa_id` has it.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }
    /// The same line in another spelling, where a country changed how its mobile numbers are written and WhatsApp
    /// may know an account under either: Brazil with and without the ninth digit, Mexico with and without 1,
    /// Argentina with and without 9 after the country code.
    ///
    /// ```
    /// # use whatsapp_core::Phone;
    /// let long: Phone = "+5511981234567".parse()?;
    /// let short = long.other_spelling().expect("a Brazilian mobile has two");
    /// assert_eq!(short.as_str(), "+551181234567");
    /// assert_eq!(short.other_spelling(), Some(long));
    /// # Ok::<(), whatsapp_core::Error>(())
    /// ```
    #[must_use]
    pub fn other_spelling(&self) -> Option<Self> {
        let digits = self.digits();
        let with = |country: &str, mark: &str, length: usize| {
            let rest = digits.strip_prefix(country)?;
            match rest.strip_prefix(mark).filter(|rest| rest.len() == length) {
                Some(plain) => Some(format!("+{country}{plain}")),
                None if rest.len() == length => Some(format!("+{country}{mark}{rest}")),
                None => None,
            }
        };
        let other =
            brazilian(digits).or_else(|| with("52", "1", 10)).or_else(|| with("54", "9", 10));
        other.map(Self)
    }
    /// Reads Meta's `wa_id`, which has the country code but no plus sign.
    ///
    /// # Errors
    /// `INVALID_PHONE` when it is not 7 to 15 digits.
    pub fn from_wa_id(wa_id: &str) -> Result<Self, Error> {
        // What Meta sends is plain already, and it sends much.
        let plain = (7..=15).contains(&wa_id.len()) && wa_id.bytes().all(|b| b.is_ascii_digit());
        if plain && !wa_id.starts_with('0') {
            return Ok(Self(["+", wa_id].concat()));
        }
        format!("+{}", wa_id.trim_start_matches('+')).parse()
    }
}

/// The other spelling of a Brazilian mobile number: 55, two digits of the area, the mark 9, then eight digits of
/// which the first is 6 to 9 (landlines begin lower and have one spelling).
fn brazilian(digits: &str) -> Option<String> {
    let rest = digits.strip_prefix("55")?;
    let (area, line) = rest.split_at_checked(2)?;
    let mobile = |line: &str| line.len() == 8 && matches!(line.as_bytes(), [b'6'..=b'9', ..]);
    match line.strip_prefix('9').filter(|line| mobile(line)) {
        Some(plain) => Some(format!("+55{area}{plain}")),
        None => mobile(line).then(|| format!("+55{area}9{line}")),
    }
}

impl FromStr for Phone {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |why: &str| Error::invalid("INVALID_PHONE", "phone", why);
        let cleaned: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '\u{a0}'))
            .collect();
        let digits = match cleaned.strip_prefix('+').or_else(|| cleaned.strip_prefix("00")) {
            Some(digits) => digits,
            None => {
                return Err(wrong("write the number with its country code, like +5511981234567"));
            }
        };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong("a phone number has only digits after the plus sign"));
        }
        if !(7..=15).contains(&digits.len()) || digits.starts_with('0') {
            return Err(wrong(
                "a phone number has 7 to 15 digits, beginning with the country code",
            ));
        }
        Ok(Self(format!("+{digits}")))
    }
}
impl TryFrom<String> for Phone {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}
impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An e-mail address, trimmed and in lower case: one account, one spelling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for Email {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
        let shaped = text.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.len() >= 3
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        });
        if plain && shaped && text.len() <= 254 {
            Ok(Self(text.to_lowercase()))
        } else {
            Err(Error::invalid(
                "INVALID_EMAIL",
                "email",
                "write an e-mail address like ana@example.com",
            ))
        }
    }
}
impl TryFrom<String> for Email {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}
impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}
impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text as searches compare it: lower case, without accents and the like, in one of the ways in which Unicode can write it;
/// digits of every script that WhatsApp's interfaces use as `0` to `9`; of Arabic letters those that people exchange.
///
/// ```
/// use whatsapp_core::text::fold;
/// assert_eq!(fold("São João"), "sao joao");
/// assert_eq!(fold("İbrahim Ağa"), "ibrahim aga");
/// assert_eq!(fold("أحـمَد ٠١٢"), "احمد 012");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.chars().flat_map(char::to_lowercase);
    // Marks are taken from letters and what remains is put together again: Hangul and kana are whole letters.
    let bare: String = lower.nfkd().filter(|c| !is_left_out(*c)).map(plain).collect();
    bare.nfc().collect()
}

/// Accents of Latin, Greek and Cyrillic letters; vowel points of Hebrew and Arabic, and the stroke that only stretches a
/// word. The vowel signs of Indian scripts are letters to their readers and stay.
const fn is_left_out(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}')
}

/// Letters that Unicode does not take apart.
fn plain(c: char) -> char {
    match c {
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ħ' => 'h',
        'ŧ' => 't',
        'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ة' => 'ه',
        c => digit(c).unwrap_or(c),
    }
}

/// Arabic, Persian, Devanagari and Bengali digits; others that Unicode holds for the same are so already.
fn digit(c: char) -> Option<char> {
    let zeros = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}'];
    let value = zeros
        .into_iter()
        .find_map(|zero| u32::from(c).checked_sub(u32::from(zero)).filter(|n| *n < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_a_name_is_written_it_is_one_name() {
        for (written, typed) in [
            ("İbrahim Çağlayan", "ibrahim caglayan"),
            ("Joa\u{303}o", "joao"),
            ("Łukasz Žižka Ødegård", "lukasz zizka odegard"),
            ("Ștefan", "stefan"),
            ("ＡＢＣ１２３", "abc123"),
            ("أحمد إبراهيم آل مُصطفى", "احمد ابراهيم ال مصطفي"),
            ("فاطمة", "فاطمه"),
            ("محـــمد ٠١٢٣٤٥", "محمد 012345"),
            ("علی ۶۷۸۹", "علي 6789"),
            ("श्री २०२६", "श्री 2026"),
            ("김민준", "김민준"),
            ("ガンダム", "カ\u{3099}ンタ\u{3099}ム"),
        ] {
            assert_eq!(fold(written), fold(typed), "{written}");
        }
        assert_eq!(fold("김민준").chars().count(), 3, "syllables stay whole");
        assert_ne!(fold("किताब"), fold("कताब"), "vowel signs are letters");
    }

    #[test]
    fn common_spellings_of_one_number_are_one_number() {
        for text in
            ["+55 11 98123-4567", "+5511981234567", "0055 11 98123.4567", " +55(11)981234567 "]
        {
            assert_eq!(text.parse::<Phone>().expect(text).as_str(), "+5511981234567");
        }
    }

    #[test]
    fn numbers_without_country_or_with_letters_are_refused() {
        for text in
            ["", "+", "11981234567", "+55 call me", "+123456", "+1234567890123456", "+0123456789"]
        {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_and_its_other_spelling_are_each_other_s() {
        for (one, other) in [
            ("+5511981234567", Some("+551181234567")),
            ("+5215512345678", Some("+525512345678")),
            ("+5491123456789", Some("+541123456789")),
            ("+521123456789", Some("+5211123456789")),
            ("+551132345678", None), // a landline
            ("+447911123456", None),
            ("+55119812345", None),
        ] {
            let one: Phone = one.parse().expect(one);
            let found = one.other_spelling();
            assert_eq!(found.as_ref().map(Phone::as_str), other);
            if let Some(found) = found {
                assert_eq!(found.other_spelling(), Some(one));
            }
        }
    }

    #[test]
    fn an_address_has_one_spelling() {
        assert_eq!(
            " Ana@Example.COM ".parse::<Email>().expect("parses").as_str(),
            "ana@example.com"
        );
        for text in ["ana", "ana@", "@example.com", "a b@example.com", "ana@example", "ana@.com"] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }
}
