//! The languages in which templates can be written. One table for the client and the simulator.

/// Meta's codes (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/supported-languages>).
///
/// ```
/// assert!(whatsapp_cloud::template::LANGUAGES.contains(&"pt_BR"));
/// ```
pub const LANGUAGES: &[&str] = &[
    "af", "ar", "ar_AE", "ar_EG", "ar_LB", "ar_MA", "ar_QA", "ar_SA", "az", "be_BY", "bg", "bn",
    "bn_IN", "ca", "cs", "da", "de", "de_AT", "de_CH", "el", "en", "en_AE", "en_AU", "en_CA",
    "en_GB", "en_GH", "en_IE", "en_IN", "en_JM", "en_MY", "en_NZ", "en_QA", "en_SG", "en_UG",
    "en_US", "en_ZA", "es", "es_AR", "es_CL", "es_CO", "es_CR", "es_DO", "es_EC", "es_ES", "es_HN",
    "es_MX", "es_PA", "es_PE", "es_UY", "es_VE", "et", "fa", "fi", "fil", "fr", "fr_BE", "fr_CA",
    "fr_CH", "fr_CI", "fr_MA", "ga", "gu", "ha", "he", "hi", "hr", "hu", "id", "it", "ja", "ka",
    "kk", "kn", "ko", "ky_KG", "lo", "lt", "lv", "mk", "ml", "mr", "ms", "nb", "nl", "nl_BE", "pa",
    "pl", "prs_AF", "ps_AF", "pt_BR", "pt_PT", "ro", "ru", "rw_RW", "si_LK", "sk", "sl", "sq",
    "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh_CN", "zh_HK", "zh_TW",
    "zu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_sixty_languages_each_once_and_in_order() {
        assert!(LANGUAGES.len() >= 60, "{}", LANGUAGES.len());
        assert!(LANGUAGES.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
