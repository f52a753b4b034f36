//! Meta's limits on what is filled in. One place for whoever fills, checks or simulates.

/// Characters of a body with its values.
pub const BODY_MAX: usize = 1_024;
/// Characters of a header's text, with its value or without.
pub const HEADER_MAX: usize = 60;
/// Characters of the body of a card with its values.
pub const CARD_BODY_MAX: usize = 160;
/// Characters of a coupon's code.
pub const COUPON_MAX: usize = 20;
/// Characters of a one-time code.
pub const CODE_MAX: usize = 15;
/// Characters of a quick reply's payload.
pub const PAYLOAD_MAX: usize = 256;
/// Sections of a product list.
pub const SECTIONS_MAX: usize = 10;
/// Products of a product list, in all sections.
pub const PRODUCTS_MAX: usize = 30;
