//! What follows from the digits of a phone number: country, and WhatsApp's own name of it. Never a full
//! numbering plan: only what the simulated Meta needs.

/// Calling code → country, the longest code first among those that begin alike.
const COUNTRIES: &[(&str, &str)] = &[
    ("7", "RU"),
    ("20", "EG"),
    ("27", "ZA"),
    ("30", "GR"),
    ("31", "NL"),
    ("32", "BE"),
    ("33", "FR"),
    ("34", "ES"),
    ("351", "PT"),
    ("353", "IE"),
    ("358", "FI"),
    ("36", "HU"),
    ("380", "UA"),
    ("39", "IT"),
    ("40", "RO"),
    ("41", "CH"),
    ("420", "CZ"),
    ("43", "AT"),
    ("44", "GB"),
    ("45", "DK"),
    ("46", "SE"),
    ("47", "NO"),
    ("48", "PL"),
    ("49", "DE"),
    ("51", "PE"),
    ("52", "MX"),
    ("54", "AR"),
    ("55", "BR"),
    ("56", "CL"),
    ("57", "CO"),
    ("58", "VE"),
    ("60", "MY"),
    ("61", "AU"),
    ("62", "ID"),
    ("63", "PH"),
    ("64", "NZ"),
    ("65", "SG"),
    ("66", "TH"),
    ("81", "JP"),
    ("82", "KR"),
    ("84", "VN"),
    ("86", "CN"),
    ("90", "TR"),
    ("91", "IN"),
    ("92", "PK"),
    ("94", "LK"),
    ("212", "MA"),
    ("213", "DZ"),
    ("216", "TN"),
    ("233", "GH"),
    ("234", "NG"),
    ("254", "KE"),
    ("852", "HK"),
    ("880", "BD"),
    ("886", "TW"),
    ("961", "LB"),
    ("962", "JO"),
    ("965", "KW"),
    ("966", "SA"),
    ("968", "OM"),
    ("971", "AE"),
    ("972", "IL"),
    ("973", "BH"),
    ("974", "QA"),
    ("977", "NP"),
];

/// Area codes under +1 that are not of the United States.
const NOT_US: &[&str] = &[
    "204", "226", "236", "249", "250", "257", "263", "289", "306", "343", "354", "365", "367",
    "368", "382", "387", "403", "416", "418", "428", "431", "437", "438", "450", "460", "468",
    "474", "506", "514", "519", "548", "579", "581", "584", "587", "604", "613", "639", "647",
    "672", "683", "705", "709", "742", "753", "778", "780", "782", "807", "819", "825", "867",
    "873", "879", "902", "905", "942", "242", "246", "264", "268", "284", "345", "441", "473",
    "649", "658", "664", "721", "758", "767", "784", "809", "829", "849", "868", "869", "876",
];

/// The country of a number with plus sign: two letters. `XX` where this does not know.
pub(super) fn country(phone: &str) -> &'static str {
    let digits = phone.trim_start_matches('+');
    if digits.starts_with('1') {
        return if is_us(phone) { "US" } else { "CA" };
    }
    let found = COUNTRIES.iter().filter(|(code, _)| digits.starts_with(code));
    found.max_by_key(|(code, _)| code.len()).map_or("XX", |(_, country)| country)
}

/// Whether a number with plus sign is one of the United States.
pub(super) fn is_us(phone: &str) -> bool {
    let area = phone.strip_prefix("+1").and_then(|rest| rest.get(..3));
    area.is_some_and(|area| !NOT_US.contains(&area))
}

/// WhatsApp's name of a number, where it differs: without Brazil's ninth digit, without Mexico's 1.
pub(super) fn short_wa_id(digits: &str) -> Option<String> {
    if let Some(rest) = digits.strip_prefix("521").filter(|rest| rest.len() == 10) {
        return Some(format!("52{rest}"));
    }
    let rest = digits.strip_prefix("55").filter(|rest| rest.len() == 11)?;
    let (area, local) = rest.split_at_checked(2)?;
    Some(format!("55{area}{}", local.strip_prefix('9')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_follows_from_the_longest_code_that_fits() {
        for (phone, expected) in [
            ("+5511981234567", "BR"),
            ("+14155550100", "US"),
            ("+14165550100", "CA"),
            ("+351911234567", "PT"),
            ("+905550100234", "TR"),
            ("+999123", "XX"),
        ] {
            assert_eq!(country(phone), expected, "{phone}");
        }
    }

    #[test]
    fn brazil_loses_its_ninth_digit_and_mexico_its_one() {
        assert_eq!(short_wa_id("5511955500177").as_deref(), Some("551155500177"));
        assert_eq!(short_wa_id("5215512345678").as_deref(), Some("525512345678"));
        for same in ["551155500177", "525512345678", "905550100234"] {
            assert_eq!(short_wa_id(same), None);
        }
    }
}
