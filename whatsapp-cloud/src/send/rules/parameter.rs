//! The rules of a template's values, one by one.
//! Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages#template-object>

use super::at::At;
use super::broken::{Broken, Kind};
use super::{interactive, kinds};

/// What a header may be.
pub(super) const HEADER: [&str; 7] =
    ["text", "image", "video", "gif", "document", "location", "product"];
/// What may stand in a body.
pub(super) const BODY: [&str; 4] = ["text", "currency", "date_time", "group_id"];
/// The longest end of an address, in characters.
pub(super) const URL_MAX: usize = 2_000;

const PAYLOAD_MAX: usize = 256;
const COUPON_MAX: usize = 20;

/// A value of one of these kinds; a text at most so long. A kind that Meta added is not looked into.
pub(super) fn check(at: At<'_>, allowed: &[&str], longest: usize) -> Result<(), Broken> {
    let kind = at.need_text("type")?;
    if !allowed.contains(&kind) {
        return match KNOWN.contains(&kind) {
            true => Err(at.broken_at("type", Kind::NotAllowed(super::words(allowed)))),
            false => Ok(()),
        };
    }
    match kind {
        "text" => text(at.need("text")?, longest),
        "currency" => currency(at.need("currency")?),
        "date_time" => at.need("date_time")?.need_text("fallback_value").map(drop),
        "image" => kinds::source(at.need("image")?),
        "video" => kinds::source(at.need("video")?),
        "gif" => kinds::source(at.need("gif")?),
        "document" => kinds::file(at.need("document")?, "document"),
        "location" => kinds::location(at.need("location")?),
        "product" => interactive::product(at.need("product")?),
        "payload" => at.need("payload")?.length(PAYLOAD_MAX).map(drop),
        "coupon_code" => at.need("coupon_code")?.length(COUPON_MAX).map(drop),
        "ttl_minutes" => {
            at.need("ttl_minutes")?;
            interactive::minutes(at)
        }
        "action" => action(at.need("action")?),
        "group_id" => at.need_text("group_id").map(drop),
        "limited_time_offer" => offer(at.need("limited_time_offer")?),
        "tap_target_configuration" => tap_target(at.need("tap_target_configuration")?),
        _ => Ok(()),
    }
}

/// Every kind of value there is, wherever it belongs.
const KNOWN: [&str; 16] = [
    "text",
    "currency",
    "date_time",
    "image",
    "video",
    "gif",
    "document",
    "location",
    "product",
    "payload",
    "coupon_code",
    "ttl_minutes",
    "action",
    "group_id",
    "limited_time_offer",
    "tap_target_configuration",
];

/// Meta takes neither line breaks nor tabs nor more than four spaces in a row.
fn text(at: At<'_>, longest: usize) -> Result<(), Broken> {
    let text = at.length(longest)?;
    if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
        return Err(
            at.invalid("may not have line breaks, tabs or more than 4 spaces one after another")
        );
    }
    Ok(())
}

fn currency(at: At<'_>) -> Result<(), Broken> {
    at.need_text("fallback_value")?;
    let code = at.need("code")?;
    let letters = code.text()?;
    if letters.len() != 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Err(code.invalid("write a currency's three letters, like EUR"));
    }
    let amount = at.need("amount_1000")?;
    if amount.value.is_i64() || amount.value.is_u64() {
        return Ok(());
    }
    amount.whole().map(drop)
}

fn action(at: At<'_>) -> Result<(), Broken> {
    if at.get("sections").is_some() { interactive::products(at) } else { Ok(()) }
}

fn offer(at: At<'_>) -> Result<(), Broken> {
    let ends = at.need("expiration_time_ms")?;
    if ends.whole()? == 0 {
        return Err(ends.invalid("write the end of the offer in milliseconds since 1970"));
    }
    Ok(())
}

fn tap_target(at: At<'_>) -> Result<(), Broken> {
    for target in at.items()? {
        target.need("url")?.web_address()?;
        target.need_text("title")?;
    }
    Ok(())
}
