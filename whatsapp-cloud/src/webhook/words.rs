//! Meta's words as enums. A word we do not know is kept as it came, never an error.

/// An enum of Meta's words with a way out for those to come.
macro_rules! meta_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A word that is not known here, as Meta wrote it.
            Other(String),
        }
        impl $name {
            /// Reads Meta's word, in any case.
            #[must_use]
            pub fn from_meta(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case($word) {
                    return Self::$variant;
                })+
                Self::Other(word.to_owned())
            }
            /// Meta's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }
    };
}
pub(super) use meta_words;

#[cfg(test)]
mod tests {
    use crate::webhook::{CallDirection, PricingType};

    #[test]
    fn words_are_read_in_any_case_and_new_ones_are_kept() {
        assert_eq!(PricingType::from_meta("Regular"), PricingType::Regular);
        assert_eq!(CallDirection::from_meta("user_initiated").as_str(), "USER_INITIATED");
        assert_eq!(PricingType::from_meta("Barter"), PricingType::Other("Barter".into()));
        assert_eq!(PricingType::from_meta("Barter").as_str(), "Barter");
    }
}
