//! Buttons: how many of each kind, in which order, and what each needs.

use serde_json::Value;
use whatsapp_core::template::limits::COUPON_MAX;

use super::{Broken, Checked, Rule, upper, within, word};

/// Buttons of one template.
pub const BUTTONS_MAX: usize = 10;
/// Characters on a button.
pub const BUTTON_TEXT_MAX: usize = 25;
/// Characters of a button's address.
pub const URL_MAX: usize = 2_000;
/// Characters of a button's phone number.
pub const PHONE_MAX: usize = 20;
/// Characters of the sample of a code under a limited offer.
const OFFER_COUPON_MAX: usize = 15;

/// How many of a kind there may be; `None` where the kind is not known.
const fn most_of(kind: &[u8]) -> Option<usize> {
    Some(match kind {
        b"QUICK_REPLY" => BUTTONS_MAX,
        b"URL" => 2,
        b"PHONE_NUMBER" | b"COPY_CODE" | b"FLOW" | b"MPM" | b"SPM" | b"CATALOG" | b"VOICE_CALL" => {
            1
        }
        _ => return None,
    })
}

pub(super) fn check(at: &str, buttons: &[Value], offer: bool) -> Checked {
    if buttons.is_empty() {
        return Err(Broken::new(at, Rule::Buttons, "there is no button"));
    }
    if buttons.len() > BUTTONS_MAX {
        return Err(Broken::over(at, BUTTONS_MAX, buttons.len(), "buttons"));
    }
    let kinds: Vec<String> = buttons.iter().map(|button| upper(button, "type")).collect();
    for (index, (kind, button)) in kinds.iter().zip(buttons).enumerate() {
        let own = format!("{at}[{index}]");
        let Some(most) = most_of(kind.as_bytes()) else {
            let why = if kind == "OTP" {
                "only a one-time code's template has an OTP button".to_owned()
            } else {
                format!("{kind:?} is no kind of button")
            };
            return Err(Broken::new(format!("{own}.type"), Rule::Buttons, why));
        };
        let count = kinds.iter().filter(|other| *other == kind).count();
        if count > most {
            return Err(Broken {
                rule: Rule::Buttons,
                ..Broken::over(at, most, count, unit(kind))
            });
        }
        check_one(&own, kind, button, offer)?;
    }
    let replies = kinds.iter().map(|kind| kind == "QUICK_REPLY").collect::<Vec<_>>();
    if replies.windows(2).filter(|pair| pair.first() != pair.last()).count() > 1 {
        let why = "quick replies stand together, before or after all other buttons";
        return Err(Broken::new(at, Rule::Buttons, why));
    }
    Ok(())
}

fn unit(kind: &str) -> &'static str {
    match kind {
        "QUICK_REPLY" => "quick replies",
        "URL" => "address buttons",
        "PHONE_NUMBER" => "phone buttons",
        "COPY_CODE" => "code buttons",
        _ => "buttons of this kind",
    }
}

fn check_one(at: &str, kind: &str, button: &Value, offer: bool) -> Checked {
    if kind != "COPY_CODE" {
        within(&format!("{at}.text"), word(button, "text"), BUTTON_TEXT_MAX, Rule::Buttons)?;
    }
    match kind {
        "URL" => check_url(at, button),
        "PHONE_NUMBER" => {
            let field = format!("{at}.phone_number");
            let number = word(button, "phone_number");
            within(&field, number, PHONE_MAX, Rule::Buttons)?;
            let digits = number.chars().filter(char::is_ascii_digit).count();
            let good =
                digits >= 3 && number.chars().all(|c| c.is_ascii_digit() || "+ -().".contains(c));
            if good {
                Ok(())
            } else {
                Err(Broken::new(field, Rule::Buttons, "this is no phone number"))
            }
        }
        "COPY_CODE" => {
            let field = format!("{at}.example");
            let example = button.get("example").unwrap_or(&Value::Null);
            let code = example.get(0).unwrap_or(example).as_str().unwrap_or_default();
            let most = if offer { OFFER_COUPON_MAX } else { COUPON_MAX };
            within(&field, code, most, Rule::Sample)
        }
        "FLOW" => {
            let named = ["flow_id", "flow_name", "flow_json"];
            let count = named.iter().filter(|key| button.get(**key).is_some()).count();
            let why = "a flow has one of flow_id, flow_name and flow_json";
            if count == 1 { Ok(()) } else { Err(Broken::new(at, Rule::Buttons, why)) }
        }
        _ => Ok(()),
    }
}

fn check_url(at: &str, button: &Value) -> Checked {
    let (field, url) = (format!("{at}.url"), word(button, "url"));
    within(&field, url, URL_MAX, Rule::Buttons)?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(Broken::new(field, Rule::Buttons, "this must be a web address"));
    }
    let fixed = match url.strip_suffix("{{1}}") {
        Some(fixed) => {
            let example = button.get("example").and_then(|e| e.get(0).or(Some(e)));
            let sample = example.and_then(Value::as_str).unwrap_or_default();
            within(&format!("{at}.example"), sample, URL_MAX, Rule::Sample)?;
            fixed
        }
        None => url,
    };
    if fixed.contains("{{") || fixed.contains("}}") {
        let why = "an address has at most one variable, {{1}}, at its end";
        return Err(Broken::new(field, Rule::Buttons, why));
    }
    Ok(())
}
