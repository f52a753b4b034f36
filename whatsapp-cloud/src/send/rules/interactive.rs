//! The rules of interactive messages, kind by kind. A kind that is not known is not looked into.
//! Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages#interactive-object>

use super::at::{At, Seen};
use super::broken::{Broken, Kind};
use super::{carousel, kinds};

/// The kinds of interactive message there are.
pub(super) const KNOWN: [&str; 15] = [
    "button",
    "list",
    "cta_url",
    "flow",
    "product",
    "product_list",
    "catalog_message",
    "location_request_message",
    "address_message",
    "carousel",
    "call_permission_request",
    "voice_call",
    "request_contact_info",
    "order_details",
    "order_status",
];

const BODY_MAX: usize = 1_024;
const LIST_BODY_MAX: usize = 4_096;
const HEADER_MAX: usize = 60;
const FOOTER_MAX: usize = 60;
/// The longest text on a button, in characters.
pub(super) const LABEL_MAX: usize = 20;
/// The longest id of a reply button, in characters.
pub(super) const REPLY_ID_MAX: usize = 256;
const ROW_ID_MAX: usize = 200;
/// The longest title of a section or row, in characters.
const ROW_TITLE_MAX: usize = 24;
const ROW_WORDS_MAX: usize = 72;
const CTA_MAX: usize = 30;
/// 30 days.
const CALL_MINUTES_MAX: u64 = 43_200;

pub(super) fn check(message: At<'_>) -> Result<(), Broken> {
    let kind = message.need_text("type")?;
    if !KNOWN.contains(&kind) {
        return Ok(());
    }
    frame(message, kind)?;
    let action = message.need("action")?;
    match kind {
        "button" => buttons(action),
        "list" => list(action),
        "cta_url" => cta_url(action),
        "flow" => flow(action),
        "product" => product(action),
        "product_list" => product_list(action),
        "carousel" => carousel::check(action),
        "address_message" => {
            named(action, "address_message")?;
            action.need("parameters")?.need_text("country").map(drop)
        }
        "voice_call" => voice_call(action),
        "order_details" => paid(action, "review_and_pay"),
        "order_status" => paid(action, "review_order"),
        "location_request_message" => named(action, "send_location"),
        same => named(action, same),
    }
}

/// Header, body and footer.
fn frame(message: At<'_>, kind: &str) -> Result<(), Broken> {
    let most = if kind == "list" { LIST_BODY_MAX } else { BODY_MAX };
    match message.get("body") {
        Some(body) => drop(body.need("text")?.length(most)?),
        None if matches!(kind, "product" | "call_permission_request") => {}
        None => return Err(message.broken_at("body", Kind::Missing)),
    }
    if let Some(footer) = message.get("footer") {
        if kind == "carousel" {
            return message.without("footer", "a carousel has only a body");
        }
        footer.need("text")?.length(FOOTER_MAX)?;
    }
    match (kind, message.get("header")) {
        ("carousel", Some(_)) => message.without("header", "a carousel has only a body"),
        ("product", Some(_)) => message.without("header", "the product is the header"),
        ("product_list", None) => Err(message.broken_at("header", Kind::Missing)),
        ("list" | "product_list", Some(header)) => header_of(header, &["text"]),
        (_, Some(header)) => header_of(header, &["text", "image", "video", "document"]),
        (_, None) => Ok(()),
    }
}

/// A header of one of these kinds.
pub(super) fn header_of(header: At<'_>, allowed: &[&'static str]) -> Result<(), Broken> {
    let kind = header.need_text("type")?;
    match allowed.iter().find(|word| **word == kind) {
        Some(&"text") => header.need("text")?.length(HEADER_MAX).map(drop),
        Some(word) => kinds::source(header.need(word)?),
        None => {
            let why = super::words(allowed);
            Err(header.broken_at("type", Kind::NotAllowed(why)))
        }
    }
}

pub(super) fn named(action: At<'_>, name: &str) -> Result<(), Broken> {
    action.need_word("name", name)
}

fn paid(action: At<'_>, name: &str) -> Result<(), Broken> {
    named(action, name)?;
    action.need("parameters").map(drop)
}

fn buttons(action: At<'_>) -> Result<(), Broken> {
    let (mut ids, mut titles) = (Seen::default(), Seen::default());
    for button in action.need_items("buttons", 1, 3, "buttons")? {
        button.need_word("type", "reply")?;
        let reply = button.need("reply")?;
        let (id, title) = (reply.need("id")?, reply.need("title")?);
        ids.add(id, id.length(REPLY_ID_MAX)?)?;
        titles.add(title, title.length(LABEL_MAX)?)?;
    }
    Ok(())
}

fn list(action: At<'_>) -> Result<(), Broken> {
    action.need("button")?.length(LABEL_MAX)?;
    let list = action.need("sections")?;
    let mut rows = 0;
    let mut ids = Seen::default();
    for section in sections(action)? {
        for row in section.need("rows")?.items()? {
            rows += 1;
            let id = row.need("id")?;
            ids.add(id, id.length(ROW_ID_MAX)?)?;
            row.need("title")?.length(ROW_TITLE_MAX)?;
            if let Some(words) = row.get("description") {
                words.at_most(ROW_WORDS_MAX)?;
            }
        }
    }
    list.count(rows, 1, 10, "rows")
}

/// The sections of a list or of products: a title each, if there are several.
pub(super) fn sections(action: At<'_>) -> Result<Vec<At<'_>>, Broken> {
    let all: Vec<_> = action.need_items("sections", 1, 10, "sections")?.collect();
    for section in &all {
        match section.get("title") {
            Some(title) if all.len() > 1 => drop(title.length(ROW_TITLE_MAX)?),
            Some(title) => drop(title.at_most(ROW_TITLE_MAX)?),
            None if all.len() > 1 => return Err(section.broken_at("title", Kind::Missing)),
            None => {}
        }
    }
    Ok(all)
}

/// The sections of products: at most 30 of them in all.
pub(super) fn products(action: At<'_>) -> Result<(), Broken> {
    let mut count = 0;
    for section in sections(action)? {
        for item in section.need("product_items")?.items()? {
            count += 1;
            item.need_text("product_retailer_id")?;
        }
    }
    action.need("sections")?.count(count, 1, 30, "products")
}

pub(super) fn cta_url(action: At<'_>) -> Result<(), Broken> {
    named(action, "cta_url")?;
    let parameters = action.need("parameters")?;
    parameters.need("display_text")?.length(LABEL_MAX)?;
    parameters.need("url")?.web_address()
}

fn flow(action: At<'_>) -> Result<(), Broken> {
    named(action, "flow")?;
    let parameters = action.need("parameters")?;
    parameters.need_text("flow_message_version")?;
    match (parameters.get("flow_id"), parameters.get("flow_name")) {
        (Some(one), None) | (None, Some(one)) => drop(one.length(usize::MAX)?),
        (None, None) => return Err(parameters.broken_at("flow_id", Kind::Missing)),
        (Some(_), Some(name)) => {
            return Err(name.broken(Kind::NotAllowed("give either flow_id or flow_name".into())));
        }
    }
    parameters.need("flow_cta")?.length(CTA_MAX)?;
    parameters.one_of("mode", &["published", "draft"])?;
    parameters.one_of("flow_action", &["navigate", "data_exchange"])?;
    match parameters.get("flow_action_payload") {
        Some(payload) => payload.need_text("screen").map(drop),
        None => Ok(()),
    }
}

pub(super) fn product(action: At<'_>) -> Result<(), Broken> {
    action.need_text("catalog_id")?;
    action.need_text("product_retailer_id").map(drop)
}

fn product_list(action: At<'_>) -> Result<(), Broken> {
    action.need_text("catalog_id")?;
    products(action)
}

fn voice_call(action: At<'_>) -> Result<(), Broken> {
    named(action, "voice_call")?;
    let Some(parameters) = action.get("parameters") else { return Ok(()) };
    if let Some(label) = parameters.get("display_text") {
        label.length(LABEL_MAX)?;
    }
    minutes(parameters)
}

/// How long a call button holds.
pub(super) fn minutes(parameters: At<'_>) -> Result<(), Broken> {
    match parameters.get("ttl_minutes") {
        Some(at) => at.within(1, CALL_MINUTES_MAX, "minutes").map(drop),
        None => Ok(()),
    }
}
