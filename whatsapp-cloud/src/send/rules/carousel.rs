//! The rules of an interactive message's carousel.
//! Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-media-carousel-messages>

use super::at::{At, Seen};
use super::broken::{Broken, Kind};
use super::interactive::{LABEL_MAX, REPLY_ID_MAX, cta_url, header_of, product};

/// The longest text of a card, in characters.
pub(super) const CARD_BODY_MAX: usize = 160;
const CARD_BREAKS_MAX: usize = 2;

/// A carousel has so many cards.
pub(super) fn cards(holder: At<'_>) -> Result<Vec<At<'_>>, Broken> {
    let all: Vec<_> = holder.need_items("cards", 2, 10, "cards")?.collect();
    let mut seen = Vec::new();
    for card in &all {
        let at = card.need("card_index")?;
        let index = at.whole()?;
        if index > 9 {
            return Err(at.invalid("write the card's place, from 0 to 9"));
        }
        if seen.contains(&index) {
            return Err(at.broken(Kind::NotUnique));
        }
        seen.push(index);
    }
    Ok(all)
}

pub(super) fn check(action: At<'_>) -> Result<(), Broken> {
    let all = cards(action)?;
    let mut first: Option<[&str; 3]> = None;
    for card in all {
        let kind = card.need("type")?;
        let mut same = [kind.text()?, "", ""];
        match kind.text()? {
            "product" => {
                let action = card.need("action")?;
                product(action)?;
                same[2] = action.need_text("catalog_id")?;
            }
            "cta_url" => {
                media(card)?;
                same[1] = card.need("header")?.need_text("type")?;
            }
            _ => return Err(kind.invalid(super::words(&["cta_url", "product"]))),
        }
        let expected = *first.get_or_insert(same);
        if expected[0] != same[0] {
            return Err(kind.invalid("all cards are of one type"));
        }
        if expected[1] != same[1] {
            return Err(
                card.broken_at("header", Kind::Invalid("all cards have one kind of header".into()))
            );
        }
        if expected[2] != same[2] {
            return Err(
                card.broken_at("action", Kind::Invalid("all cards are of one catalog".into()))
            );
        }
    }
    Ok(())
}

fn media(card: At<'_>) -> Result<(), Broken> {
    header_of(card.need("header")?, &["image", "video"])?;
    if let Some(body) = card.get("body") {
        let at = body.need("text")?;
        let text = at.length(CARD_BODY_MAX)?;
        at.count(text.matches('\n').count(), 0, CARD_BREAKS_MAX, "line breaks")?;
    }
    let action = card.need("action")?;
    if action.get("buttons").is_none() {
        return cta_url(action);
    }
    let mut ids = Seen::default();
    for button in action.need_items("buttons", 1, usize::MAX, "buttons")? {
        button.need_word("type", "quick_reply")?;
        let reply = button.need("quick_reply")?;
        let id = reply.need("id")?;
        ids.add(id, id.length(REPLY_ID_MAX)?)?;
        reply.need("title")?.length(LABEL_MAX)?;
    }
    Ok(())
}
