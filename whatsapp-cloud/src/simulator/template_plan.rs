//! How Meta judges templates: by rule, or not at all until somebody does by hand. A part of the fault plan.

use serde::{Deserialize, Serialize};

/// How Meta judges new and changed templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TemplateReview {
    /// Whether everything waits until `POST /_sim/templates/{id}` says what becomes of it.
    pub by_hand: bool,
    /// How long a look takes, in milliseconds, from and to.
    pub review_ms: [u32; 2],
    /// Whatever has one of these words is rejected, in small letters.
    pub reject_words: Vec<String>,
    /// Whatever is of one of these categories is rejected, in capitals.
    pub reject_categories: Vec<String>,
    /// Utility that has one of these words is approved as marketing, in small letters.
    pub marketing_words: Vec<String>,
}

impl Default for TemplateReview {
    fn default() -> Self {
        let words = ["sale", "discount", "coupon", "promo", "special offer", "% off"];
        Self {
            by_hand: false,
            review_ms: [2_000, 10_000],
            reject_words: Vec::new(),
            reject_categories: Vec::new(),
            marketing_words: words.map(str::to_owned).to_vec(),
        }
    }
}

impl TemplateReview {
    /// Nothing is judged until somebody does by hand.
    #[must_use]
    pub fn by_hand() -> Self {
        Self { by_hand: true, ..Self::default() }
    }
    /// Whatever has this word is rejected.
    #[must_use]
    pub fn rejecting(mut self, word: impl Into<String>) -> Self {
        self.reject_words.push(word.into().to_lowercase());
        self
    }
    /// Whatever is of this category, in capitals, is rejected.
    #[must_use]
    pub fn rejecting_category(mut self, word: impl Into<String>) -> Self {
        self.reject_categories.push(word.into());
        self
    }
}
