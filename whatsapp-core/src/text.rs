//! Texts that are parsed once and valid for ever: phone numbers and e-mail addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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

/// Text as searches compare it: lower case without accents on Latin letters.
///
/// ```
/// assert_eq!(whatsapp_core::text::fold("São João"), "sao joao");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(unaccent).collect()
}

fn unaccent(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' => 'i',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        'ś' | 'š' => 's',
        'ź' | 'ż' | 'ž' => 'z',
        'ł' => 'l',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
