//! Carousels and limited offers: what goes with them and what does not.

use serde_json::Value;
use whatsapp_core::template::Category;
use whatsapp_core::template::limits::CARD_BODY_MAX;

use super::{
    Broken, Checked, OFFER_MAX, Rule, Whole, buttons, check_header, list, text, upper, within, word,
};

/// Cards of a carousel.
pub const CARDS_MAX: usize = 10;
const CARDS_MIN: usize = 2;
/// Buttons of a card.
pub const CARD_BUTTONS_MAX: usize = 2;

pub(super) fn check_carousel(at: &str, part: &Value, whole: Whole) -> Checked {
    let (field, cards) = (format!("{at}.cards"), list(part, "cards"));
    if cards.len() > CARDS_MAX {
        return Err(Broken::over(&field, CARDS_MAX, cards.len(), "cards"));
    }
    if cards.len() < CARDS_MIN {
        return Err(Broken::new(field, Rule::Carousel, "a carousel has two to ten cards"));
    }
    let first = cards.first().map(make).unwrap_or_default();
    for (index, card) in cards.iter().enumerate() {
        let at = format!("{field}[{index}].components");
        if make(card) != first {
            let why = "all cards have the same parts, in the same order";
            return Err(Broken::new(at, Rule::Carousel, why));
        }
        check_card(&at, list(card, "components"), whole)?;
    }
    Ok(())
}

/// Of which parts a card is made.
fn make(card: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for part in list(card, "components") {
        all.push(format!("{} {}", upper(part, "type"), upper(part, "format")));
        all.extend(list(part, "buttons").iter().map(|button| upper(button, "type")));
    }
    all
}

fn check_card(at: &str, components: &[Value], whole: Whole) -> Checked {
    let mut header = false;
    for (index, part) in components.iter().enumerate() {
        let own = format!("{at}[{index}]");
        match upper(part, "type").as_str() {
            "HEADER" if matches!(upper(part, "format").as_str(), "IMAGE" | "VIDEO" | "PRODUCT") => {
                header = true;
                check_header(&own, part, whole)?;
            }
            "BODY" => text::check_body(&own, part, whole.named, CARD_BODY_MAX)?,
            "BUTTONS" => check_card_buttons(&format!("{own}.buttons"), list(part, "buttons"))?,
            _ => {
                let why = "a card has a picture, film or product, a text and buttons";
                return Err(Broken::new(own, Rule::Carousel, why));
            }
        }
    }
    let why = "a card begins with a picture, film or product";
    if header { Ok(()) } else { Err(Broken::new(at, Rule::Carousel, why)) }
}

fn check_card_buttons(at: &str, all: &[Value]) -> Checked {
    if all.len() > CARD_BUTTONS_MAX {
        return Err(Broken::over(at, CARD_BUTTONS_MAX, all.len(), "buttons"));
    }
    let allowed = ["QUICK_REPLY", "URL", "PHONE_NUMBER", "SPM"];
    if let Some(other) =
        all.iter().map(|b| upper(b, "type")).find(|k| !allowed.contains(&k.as_str()))
    {
        return Err(Broken::new(at, Rule::Carousel, format!("a card has no {other} button")));
    }
    buttons::check(at, all, false)
}

/// Beside a carousel stands nothing but the text.
pub(super) fn check_alone(components: &[Value]) -> Checked {
    let kinds: Vec<String> = components.iter().map(|part| upper(part, "type")).collect();
    if !kinds.iter().any(|kind| kind == "CAROUSEL") {
        return Ok(());
    }
    match kinds.iter().position(|kind| kind != "CAROUSEL" && kind != "BODY") {
        None => Ok(()),
        Some(index) => {
            let why = "beside a carousel stands only the text";
            Err(Broken::new(format!("components[{index}]"), Rule::Carousel, why))
        }
    }
}

pub(super) fn check_offer(components: &[Value], whole: Whole) -> Checked {
    if whole.category.is_some_and(|category| category != Category::Marketing) {
        return Err(Broken::new("category", Rule::Category, "a limited offer is marketing"));
    }
    let mut has_buttons = false;
    for (index, part) in components.iter().enumerate() {
        let at = format!("components[{index}]");
        match upper(part, "type").as_str() {
            "LIMITED_TIME_OFFER" => {
                let offer = part.get("limited_time_offer").unwrap_or(&Value::Null);
                let field = format!("{at}.limited_time_offer.text");
                within(&field, word(offer, "text"), OFFER_MAX, Rule::Offer)?;
            }
            "FOOTER" => return Err(Broken::new(at, Rule::Offer, "a limited offer has no footer")),
            "HEADER" if !matches!(upper(part, "format").as_str(), "IMAGE" | "VIDEO") => {
                let why = "above a limited offer stands a picture or a film";
                return Err(Broken::new(at, Rule::Offer, why));
            }
            "BUTTONS" => {
                has_buttons = true;
                check_offer_buttons(&format!("{at}.buttons"), list(part, "buttons"))?;
            }
            _ => {}
        }
    }
    let why = "a limited offer has an address button, and a code button before it";
    if has_buttons { Ok(()) } else { Err(Broken::new("components", Rule::Offer, why)) }
}

fn check_offer_buttons(at: &str, all: &[Value]) -> Checked {
    let kinds: Vec<String> = all.iter().map(|button| upper(button, "type")).collect();
    let words: Vec<&str> = kinds.iter().map(String::as_str).collect();
    if matches!(words.as_slice(), ["URL"] | ["COPY_CODE"] | ["COPY_CODE", "URL"]) {
        return Ok(());
    }
    let why = "a limited offer has a code button first, then an address button";
    Err(Broken::new(at, Rule::Offer, why))
}
