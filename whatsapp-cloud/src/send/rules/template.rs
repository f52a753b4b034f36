//! The rules of a template as it is sent, as far as they can be known without the template itself.
//! Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates>

use super::at::{At, Seen};
use super::broken::{Broken, Kind};
use super::{carousel, parameter};

const NAME_MAX: usize = 512;
/// A filled-in body may not be longer, so no value may be.
const VALUE_MAX: usize = 1_024;
const HEADER_MAX: usize = 60;

pub(super) fn check(template: At<'_>) -> Result<(), Broken> {
    template.need("name")?.length(NAME_MAX)?;
    template.need("language")?.need_text("code")?;
    match template.get("components") {
        Some(components) => all(components, VALUE_MAX),
        None => Ok(()),
    }
}

/// The components of a template or of a card of its carousel.
fn all(components: At<'_>, body_max: usize) -> Result<(), Broken> {
    let mut buttons = Vec::new();
    for component in components.items()? {
        let kind = component.need_text("type")?;
        if kind.eq_ignore_ascii_case("button") {
            let at = component.need("index")?;
            let index = at.within(0, 9, "as its place")?;
            if buttons.contains(&index) {
                return Err(at.broken(Kind::NotUnique));
            }
            buttons.push(index);
            button(component)?;
        } else {
            one(component, &kind.to_ascii_lowercase(), body_max)?;
        }
    }
    Ok(())
}

fn one(component: At<'_>, kind: &str, body_max: usize) -> Result<(), Broken> {
    match kind {
        "header" => values(component, 1, HEADER_MAX, &parameter::HEADER),
        "body" => values(component, usize::MAX, body_max, &parameter::BODY),
        "limited_time_offer" => one_value(component, "limited_time_offer"),
        "tap_target_configuration" => one_value(component, "tap_target_configuration"),
        "carousel" => {
            for card in carousel::cards(component)? {
                all(card.need("components")?, carousel::CARD_BODY_MAX)?;
            }
            Ok(())
        }
        _ => Ok(()), // a part that Meta added: it knows its rules itself
    }
}

/// The values of a header or body: all by place, or all by name.
fn values(component: At<'_>, most: usize, longest: usize, allowed: &[&str]) -> Result<(), Broken> {
    let Some(list) = component.get("parameters") else { return Ok(()) };
    let count = list.items()?.count();
    list.count(count, 0, most, "parameters")?;
    let mut names = Seen::default();
    let mut named = 0_usize;
    for at in list.items()? {
        parameter::check(at, allowed, longest)?;
        if let Some(name) = at.get("parameter_name") {
            names.add(name, name.length(usize::MAX)?)?;
            named += 1;
        }
    }
    if named > 0 && named < count {
        return Err(list.invalid("name all parameters or none"));
    }
    Ok(())
}

fn one_value(component: At<'_>, kind: &'static str) -> Result<(), Broken> {
    component
        .need_items("parameters", 1, 1, "parameters")?
        .try_for_each(|at| parameter::check(at, &[kind], usize::MAX))
}

/// What is behind a button.
fn button(component: At<'_>) -> Result<(), Broken> {
    let at = component.need("sub_type")?;
    let kind = at.length(usize::MAX)?.to_ascii_lowercase();
    let allowed: &[&str] = match kind.as_str() {
        "quick_reply" => &["payload", "text"],
        "url" => &["text", "payload"],
        "copy_code" => &["coupon_code"],
        "flow" | "catalog" | "mpm" => &["action"],
        "voice_call" => &["ttl_minutes", "payload"],
        _ => return Ok(()),
    };
    let Some(list) = component.get("parameters") else {
        let needed = matches!(kind.as_str(), "url" | "copy_code" | "mpm");
        return if needed { Err(component.broken_at("parameters", Kind::Missing)) } else { Ok(()) };
    };
    let least = usize::from(matches!(kind.as_str(), "url" | "copy_code" | "mpm"));
    list.count(list.items()?.count(), least, 1, "parameters")?;
    for at in list.items()? {
        parameter::check(at, allowed, parameter::URL_MAX)?;
        if kind == "mpm" {
            let action = at.need("action")?;
            action.need_text("thumbnail_product_retailer_id")?;
            action.need("sections")?;
        }
    }
    Ok(())
}
