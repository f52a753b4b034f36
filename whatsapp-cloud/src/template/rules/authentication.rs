//! Templates of one-time codes: Meta writes the words, so almost everything is forbidden.

use serde_json::Value;
use whatsapp_core::template::Category;

use super::buttons::BUTTON_TEXT_MAX;
use super::{Broken, Checked, Rule, list, upper, within, word};

const APPS_MAX: usize = 5;
const PACKAGE_MAX: usize = 224;
const HASH_LENGTH: usize = 11;
const MINUTES: std::ops::RangeInclusive<u64> = 1..=90;

/// Whether these are the parts of a one-time code, where the category is not said.
pub(super) fn is_code(components: &[Value]) -> bool {
    components.iter().flat_map(|part| list(part, "buttons")).any(|b| upper(b, "type") == "OTP")
}

fn wrong(field: impl Into<String>, why: &str) -> Broken {
    Broken::new(field, Rule::Authentication, why)
}

pub(super) fn check(components: &[Value], category: Option<Category>) -> Checked {
    if category.is_some_and(|category| category != Category::Authentication) {
        return Err(Broken::new("category", Rule::Category, "an OTP button is of AUTHENTICATION"));
    }
    let mut has_buttons = false;
    for (index, part) in components.iter().enumerate() {
        let at = format!("components[{index}]");
        match upper(part, "type").as_str() {
            "BODY" if part.get("text").is_none() => {}
            "BODY" => {
                return Err(wrong(format!("{at}.text"), "Meta writes the text of a one-time code"));
            }
            "FOOTER" => {
                let minutes = part.get("code_expiration_minutes").and_then(Value::as_u64);
                if part.get("text").is_some() || !minutes.is_some_and(|m| MINUTES.contains(&m)) {
                    let field = format!("{at}.code_expiration_minutes");
                    return Err(wrong(field, "the footer has only 1 to 90 minutes"));
                }
            }
            "BUTTONS" => {
                has_buttons = true;
                check_buttons(&format!("{at}.buttons"), list(part, "buttons"))?;
            }
            _ => return Err(wrong(at, "a one-time code has only a body, a footer and a button")),
        }
    }
    if has_buttons { Ok(()) } else { Err(wrong("components", "a one-time code has an OTP button")) }
}

fn check_buttons(at: &str, buttons: &[Value]) -> Checked {
    let [button] = buttons else {
        return Err(wrong(at, "a one-time code has exactly one button"));
    };
    let at = format!("{at}[0]");
    if upper(button, "type") != "OTP" {
        return Err(wrong(format!("{at}.type"), "the button of a one-time code is OTP"));
    }
    for key in ["text", "autofill_text"].into_iter().filter(|key| button.get(*key).is_some()) {
        within(&format!("{at}.{key}"), word(button, key), BUTTON_TEXT_MAX, Rule::Authentication)?;
    }
    let kind = upper(button, "otp_type");
    match kind.as_str() {
        "COPY_CODE" => return Ok(()),
        "ONE_TAP" => {}
        "ZERO_TAP" => {
            if button.get("zero_tap_terms_accepted").and_then(Value::as_bool) != Some(true) {
                let field = format!("{at}.zero_tap_terms_accepted");
                return Err(wrong(field, "the terms of codes without a tap must be accepted"));
            }
        }
        _ => return Err(wrong(format!("{at}.otp_type"), "write COPY_CODE, ONE_TAP or ZERO_TAP")),
    }
    check_apps(&format!("{at}.supported_apps"), button)
}

fn check_apps(at: &str, button: &Value) -> Checked {
    let listed = list(button, "supported_apps");
    // The form of earlier days: one app, beside the button's words.
    let alone = std::slice::from_ref(button);
    let apps =
        if listed.is_empty() && button.get("package_name").is_some() { alone } else { listed };
    if apps.is_empty() {
        return Err(wrong(at, "name the apps that may take the code"));
    }
    if apps.len() > APPS_MAX {
        return Err(Broken::over(at, APPS_MAX, apps.len(), "apps"));
    }
    for (index, app) in apps.iter().enumerate() {
        let package = word(app, "package_name");
        within(&format!("{at}[{index}].package_name"), package, PACKAGE_MAX, Rule::Authentication)?;
        if word(app, "signature_hash").chars().count() != HASH_LENGTH {
            let field = format!("{at}[{index}].signature_hash");
            return Err(wrong(field, "the hash of an app's signature has 11 characters"));
        }
    }
    Ok(())
}
