//! Meta's limits on what a business may set on its numbers and accounts, each in one place: the calls refuse what
//! goes over them before anything is sent, and the simulator refuses by the same. Pure.

use crate::error::CloudError;

/// The digits of a two-step PIN.
pub const PIN_DIGITS: usize = 6;
/// The digits of a verification code.
pub const CODE_DIGITS: usize = 6;
/// Registrations and deregistrations of a number in [`REGISTRATION_HOURS`].
pub const REGISTRATIONS_MAX: usize = 10;
/// The hours over which registrations are counted.
pub const REGISTRATION_HOURS: i64 = 72;
/// The characters of a display name, at least and at most.
pub const DISPLAY_NAME: (usize, usize) = (2, 75);
/// The characters of a callback address of an account or a number.
pub const CALLBACK_MAX: usize = 200;
/// The characters of a profile's `about`; at least one.
pub const ABOUT_MAX: usize = 139;
/// The characters of a profile's address.
pub const ADDRESS_MAX: usize = 256;
/// The characters of a profile's description. Meta's own description of the API says 256.
pub const DESCRIPTION_MAX: usize = 512;
/// The characters of a profile's e-mail address.
pub const EMAIL_MAX: usize = 128;
/// The websites of a profile.
pub const WEBSITES_MAX: usize = 2;
/// The characters of a website's address.
pub const WEBSITE_MAX: usize = 256;
/// The people a number may block.
pub const BLOCKED_MAX: usize = 64_000;
/// The hours after a person's last message in which they may be blocked.
pub const BLOCK_HOURS: i64 = 24;
/// The characters of the text that a QR code writes.
pub const PREFILLED_MAX: usize = 140;
/// The QR codes of a number.
pub const QR_CODES_MAX: usize = 2_000;
/// The commands of a number.
pub const COMMANDS_MAX: usize = 30;
/// The characters of a command's name.
pub const COMMAND_NAME_MAX: usize = 32;
/// The characters of a command's description.
pub const COMMAND_DESCRIPTION_MAX: usize = 256;
/// The conversation starters of a number.
pub const PROMPTS_MAX: usize = 4;
/// The characters of a conversation starter.
pub const PROMPT_MAX: usize = 80;
/// The characters of a username, at least and at most.
pub const USERNAME: (usize, usize) = (3, 35);
/// The characters of a group's subject.
pub const GROUP_SUBJECT_MAX: usize = 128;
/// The characters of a group's description.
pub const GROUP_DESCRIPTION_MAX: usize = 2_048;
/// The people in a group, beside the business.
pub const GROUP_PEOPLE_MAX: usize = 8;
/// The groups of a number.
pub const GROUPS_MAX: usize = 10_000;
/// The callback data of a call.
pub const CALL_DATA_MAX: usize = 512;
/// The seconds for which a code of Embedded Signup can be exchanged.
pub const SIGNUP_CODE_SECONDS: i64 = 30;
/// The hours after onboarding in which a coexistence synchronisation may be asked for.
pub const SYNC_HOURS: i64 = 24;
/// The minutes after its creation in which a template is not yet ready for marketing messages.
pub const MARKETING_SYNC_MINUTES: i64 = 10;
/// The regions in which a number's messages may be kept.
pub const REGIONS: [&str; 14] =
    ["AU", "ID", "IN", "JP", "SG", "KR", "DE", "CH", "GB", "BR", "BH", "ZA", "AE", "CA"];

/// What goes up in parts: samples of templates and pictures of profiles.
pub const UPLOAD_TYPES: [&str; 5] =
    ["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];

/// At most so many characters.
pub(crate) fn chars(field: &str, text: &str, most: usize) -> Result<(), CloudError> {
    over(field, text.chars().count(), most, "characters")
}

/// At most so many of something.
pub(crate) fn over(
    field: &str,
    actual: usize,
    limit: usize,
    unit: &'static str,
) -> Result<(), CloudError> {
    if actual <= limit {
        return Ok(());
    }
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Err(CloudError::OverLimit {
        field: field.to_owned(),
        limit: wide(limit),
        actual: wide(actual),
        unit,
    })
}

/// Something must stand there.
pub(crate) fn filled(field: &str, text: &str) -> Result<(), CloudError> {
    if text.trim().is_empty() { Err(CloudError::invalid(field, "it is missing")) } else { Ok(()) }
}

/// From so many characters to so many.
pub(crate) fn between(
    field: &str,
    text: &str,
    (least, most): (usize, usize),
) -> Result<(), CloudError> {
    if text.chars().count() < least {
        return Err(CloudError::invalid(field, format!("write at least {least} characters")));
    }
    chars(field, text, most)
}

/// So many digits and nothing else.
pub(crate) fn digits(field: &str, text: &str, count: usize) -> Result<(), CloudError> {
    if text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(CloudError::invalid(field, format!("it has {count} digits")))
}

/// A web address.
pub(crate) fn web_address(field: &str, text: &str) -> Result<(), CloudError> {
    let good = text.parse::<url::Url>().is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
    if good {
        Ok(())
    } else {
        Err(CloudError::invalid(field, "write an address like https://example.com"))
    }
}

/// Meta's rules on usernames.
pub(crate) fn username(text: &str) -> Result<(), CloudError> {
    const FIELD: &str = "username";
    between(FIELD, text, USERNAME)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
    let wrong = |why: &str| Err(CloudError::invalid(FIELD, why));
    if !text.chars().all(plain) {
        return wrong("use small letters, digits, dots and underscores");
    }
    if !text.chars().any(|c| c.is_ascii_lowercase()) {
        return wrong("use at least one letter");
    }
    if text.starts_with('.') || text.ends_with('.') || text.contains("..") {
        return wrong("no dot at the beginning, at the end, or after a dot");
    }
    if text.starts_with("www") {
        return wrong("it may not begin with www");
    }
    // Meta names no list; these are the endings that people type most.
    const ENDINGS: [&str; 12] = [
        ".com", ".org", ".net", ".int", ".edu", ".gov", ".mil", ".us", ".in", ".html", ".io", ".co",
    ];
    if ENDINGS.iter().any(|ending| text.ends_with(ending)) {
        return wrong("it may not end like a web address");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_with_field_limit_and_actual_value() {
        let over = chars("about", &"é".repeat(140), ABOUT_MAX).expect_err("too long");
        assert_eq!(
            over,
            CloudError::OverLimit {
                field: "about".into(),
                limit: 139,
                actual: 140,
                unit: "characters"
            }
        );
        assert_eq!(chars("about", &"é".repeat(139), ABOUT_MAX), Ok(()));
    }

    #[test]
    fn usernames_follow_meta_s_rules() {
        for good in ["abc", "nimbus.outdoor", "a_1", "casa.aurora_2026", &"a".repeat(35)] {
            assert_eq!(username(good), Ok(()), "{good}");
        }
        for bad in ["ab", "123", "Abc", "a b", ".abc", "abc.", "a..b", "wwwabc", "shop.com", "ação"]
        {
            assert!(username(bad).is_err(), "{bad}");
        }
        assert!(username(&"a".repeat(36)).is_err());
    }

    #[test]
    fn addresses_pins_and_codes_have_their_form() {
        assert!(digits("pin", "482913", PIN_DIGITS).is_ok());
        for bad in ["48291", "4829133", "48291a", ""] {
            assert!(digits("pin", bad, PIN_DIGITS).is_err(), "{bad}");
        }
        assert!(web_address("websites[0]", "https://example.com/").is_ok());
        for bad in ["example.com", "ftp://example.com", "javascript:alert(1)", ""] {
            assert!(web_address("websites[0]", bad).is_err(), "{bad}");
        }
    }
}
