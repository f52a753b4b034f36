//! A place in a message: its value and the way to it. The way is looked for only when a rule breaks.

use std::borrow::Cow;

use serde_json::Value;

use super::broken::{Broken, Kind};

/// A value and the message it stands in.
#[derive(Clone, Copy)]
pub(super) struct At<'v> {
    pub(super) value: &'v Value,
    root: &'v Value,
}

impl<'v> At<'v> {
    pub(super) const fn root(value: &'v Value) -> Self {
        Self { value, root: value }
    }
    const fn step(self, value: &'v Value) -> Self {
        Self { value, root: self.root }
    }
    /// What stands under a key; `null` is nothing.
    pub(super) fn get(self, key: &'static str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.step(value))
    }
    /// What must stand under a key.
    pub(super) fn need(self, key: &'static str) -> Result<Self, Broken> {
        self.get(key).ok_or_else(|| self.broken_at(key, Kind::Missing))
    }
    /// A text that must stand under a key and say something.
    pub(super) fn need_text(self, key: &'static str) -> Result<&'v str, Broken> {
        self.need(key)?.length(usize::MAX)
    }
    /// The entries of a list.
    pub(super) fn items(self) -> Result<impl Iterator<Item = Self>, Broken> {
        let list = self.value.as_array().ok_or_else(|| self.invalid("write a list"))?;
        Ok(list.iter().map(move |value| self.step(value)))
    }
    /// The entries of a list that must be there, as many as are allowed.
    pub(super) fn need_items(
        self,
        key: &'static str,
        least: usize,
        most: usize,
        unit: &'static str,
    ) -> Result<impl Iterator<Item = Self>, Broken> {
        let list = self.need(key)?;
        let entries = list.items()?;
        list.count(list.value.as_array().map_or(0, Vec::len), least, most, unit)?;
        Ok(entries)
    }
    /// Whether a count keeps its limits.
    pub(super) fn count(
        self,
        count: usize,
        least: usize,
        most: usize,
        unit: &'static str,
    ) -> Result<(), Broken> {
        let actual = whole(count);
        if count > most {
            return Err(self.broken(Kind::TooMany { limit: whole(most), actual, unit }));
        }
        if count < least {
            return Err(self.broken(Kind::TooFew { limit: whole(least), actual, unit }));
        }
        Ok(())
    }
    /// The text here, whatever its length.
    pub(super) fn text(self) -> Result<&'v str, Broken> {
        self.value.as_str().ok_or_else(|| self.invalid("write a text"))
    }
    /// The text here: at least one character, at most so many.
    pub(super) fn length(self, most: usize) -> Result<&'v str, Broken> {
        let text = self.at_most(most)?;
        if text.is_empty() {
            return Err(self.invalid("may not be empty"));
        }
        Ok(text)
    }
    /// The text here, at most so many characters. Bytes are counted first: most texts are far from the limit.
    pub(super) fn at_most(self, most: usize) -> Result<&'v str, Broken> {
        let text = self.text()?;
        if text.len() > most {
            let actual = text.chars().count();
            if actual > most {
                return Err(
                    self.broken(Kind::TooLong { limit: whole(most), actual: whole(actual) })
                );
            }
        }
        Ok(text)
    }
    /// The whole number here, written as a number or as its text.
    pub(super) fn whole(self) -> Result<u64, Broken> {
        let number = match self.value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| self.invalid("write a whole number"))
    }
    /// The whole number here, within limits.
    pub(super) fn within(self, least: u64, most: u64, unit: &'static str) -> Result<u64, Broken> {
        let actual = self.whole()?;
        if actual > most {
            return Err(self.broken(Kind::TooMany { limit: most, actual, unit }));
        }
        if actual < least {
            return Err(self.broken(Kind::TooFew { limit: least, actual, unit }));
        }
        Ok(actual)
    }
    /// The text under a key must be this word.
    pub(super) fn need_word(self, key: &'static str, word: &str) -> Result<(), Broken> {
        let at = self.need(key)?;
        if at.text()? == word {
            return Ok(());
        }
        Err(at.invalid(format!("write {word}")))
    }
    /// The text under a key, if there is one, is one of these.
    pub(super) fn one_of(self, key: &'static str, list: &[&str]) -> Result<(), Broken> {
        match self.get(key) {
            Some(at) if !list.contains(&at.text()?) => Err(at.invalid(super::words(list))),
            _ => Ok(()),
        }
    }
    /// The text here is an address of the web.
    pub(super) fn web_address(self) -> Result<(), Broken> {
        let text = self.length(2_048)?;
        let good = |scheme: &str| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty());
        if good("https://") || good("http://") {
            return Ok(());
        }
        Err(self.invalid("write a web address that begins with https://"))
    }
    /// Refuses what stands under a key.
    pub(super) fn without(self, key: &'static str, why: &'static str) -> Result<(), Broken> {
        match self.get(key) {
            Some(at) => Err(at.broken(Kind::NotAllowed(Cow::Borrowed(why)))),
            None => Ok(()),
        }
    }
    pub(super) fn invalid(self, why: impl Into<Cow<'static, str>>) -> Broken {
        self.broken(Kind::Invalid(why.into()))
    }
    pub(super) fn broken(self, kind: Kind) -> Broken {
        Broken { field: self.path(), kind }
    }
    /// A rule broken by what stands, or does not stand, under a key.
    pub(super) fn broken_at(self, key: &'static str, kind: Kind) -> Broken {
        let path = self.path();
        let field = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        Broken { field, kind }
    }
    fn path(self) -> String {
        let mut path = String::new();
        way(self.root, self.value, &mut path);
        path
    }
}

/// Finds the way from a value to one within it, which is known by its place in memory.
fn way(from: &Value, to: &Value, path: &mut String) -> bool {
    if std::ptr::eq(from, to) {
        return true;
    }
    let length = path.len();
    let mut through = |value: &Value, step: std::fmt::Arguments<'_>| {
        path.push_str(&step.to_string());
        let found = way(value, to, path);
        if !found {
            path.truncate(length);
        }
        found
    };
    match from {
        Value::Object(map) => map.iter().any(|(key, value)| {
            let dot = if length == 0 { "" } else { "." };
            through(value, format_args!("{dot}{key}"))
        }),
        Value::Array(list) => {
            list.iter().enumerate().any(|(index, value)| through(value, format_args!("[{index}]")))
        }
        _ => false,
    }
}

/// Texts of which none may come twice.
#[derive(Default)]
pub(super) struct Seen<'v>(Vec<&'v str>);

impl<'v> Seen<'v> {
    pub(super) fn add(&mut self, at: At<'_>, text: &'v str) -> Result<(), Broken> {
        if self.0.contains(&text) {
            return Err(at.broken(Kind::NotUnique));
        }
        self.0.push(text);
        Ok(())
    }
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
