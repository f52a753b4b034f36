//! Proof of an app's secret at the Graph API (`appsecret_proof`). Pure; never sends the secret itself.
//!
//! Meta's page: <https://developers.facebook.com/docs/graph-api/guides/secure-requests>.

use whatsapp_core::Secret;

use crate::error::CloudError;
use crate::webhook::hmac_hex;

/// The parameter's name, and what Meta names when it does not fit.
pub(crate) const PARAMETER: &str = "appsecret_proof";

/// HMAC-SHA256 of the token with the app's secret, in lower-case hexadecimal digits.
///
/// # Errors
/// [`CloudError::Invalid`] of `app_secret` when there is none: an empty proof may pass for no proof.
pub(crate) fn app_secret_proof(token: &Secret, secret: &Secret) -> Result<String, CloudError> {
    if secret.is_empty() {
        return Err(CloudError::invalid("app_secret", "the app secret is missing"));
    }
    hmac_hex(secret, token.expose().as_bytes())
        .ok_or_else(|| CloudError::invalid("app_secret", "this app secret cannot be used as a key"))
}

/// Meta's refusal of a proof is a refusal of the secret it was made with; every other answer stays what it is.
pub(crate) fn secret_refused(error: CloudError) -> CloudError {
    let about_proof =
        error.provider().is_some_and(|e| e.code == 100 && e.message.contains(PARAMETER));
    if !about_proof {
        return error;
    }
    CloudError::invalid(
        "app_secret",
        "this is not the secret of the app that the access token belongs to: copy it from that app's settings at Meta, under Basic",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ProviderError;

    fn refusal(code: i64, message: &str) -> CloudError {
        let error = ProviderError { code, message: message.into(), ..ProviderError::default() };
        CloudError::from_provider(error, None)
    }

    #[test]
    fn a_known_proof_is_made_with_the_secret_as_key_and_the_token_as_message() {
        // From RFC 4231, test case 2.
        let token = Secret::from("what do ya want for nothing?");
        let proof = app_secret_proof(&token, &Secret::from("Jefe")).expect("is made");
        assert_eq!(proof, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn without_a_secret_nothing_is_proved() {
        let refused = app_secret_proof(&Secret::from("token"), &Secret::from(""));
        assert!(matches!(refused, Err(CloudError::Invalid { field, .. }) if field == "app_secret"));
    }

    #[test]
    fn only_a_refused_proof_is_a_wrong_secret() {
        let wrong = refusal(100, "Invalid appsecret_proof provided in the API argument");
        let told = secret_refused(wrong);
        assert!(matches!(told, CloudError::Invalid { ref field, .. } if field == "app_secret"));
        for other in
            [refusal(100, "Invalid parameter"), refusal(190, "appsecret_proof"), refusal(2, "")]
        {
            assert_eq!(secret_refused(other.clone()), other);
        }
    }
}
