//! Meta's titles of errors about what businesses set up; our own words after Meta's pattern.

/// The title of a code that is about no message.
pub(super) const fn of_setup(code: i64) -> &'static str {
    match code {
        131_055 => "Method not allowed",
        131_063 => "Marketing messages are disabled on Cloud API",
        131_204 => "Participant or request not found",
        131_209 => "Group is full",
        131_211 => "Group creation limit reached",
        133_005 => "Two step verification PIN mismatch",
        133_006 => "Phone number re-verification needed",
        133_008 => "Too many two step verification PIN guesses",
        133_009 => "Two step verification PIN guessed too fast",
        133_015 => "Please wait a few minutes before attempting to register this phone number",
        133_016 => {
            "Registration or deregistration failed because there were too many attempts for this phone number in a short period of time"
        }
        134_101 => "Template is syncing",
        136_024 => "Request code error",
        136_025 => "Verify code error",
        138_000 => "Calling not enabled",
        138_003 => "Duplicate call",
        138_006 => "No approved call permission from the recipient",
        139_001 => "Flow could not be updated",
        139_002 => "Flow could not be published",
        139_003 => "Flow could not be deprecated",
        139_004 => "Flow could not be deleted",
        139_100 => "Failed to block/unblock some users",
        139_101 => "Blocklist limit reached",
        147_001 => "Username is not available",
        147_002 => "Phone number is not eligible for a username",
        147_005 => "Username must be transferred",
        200_006 => "Template insights cannot be disabled",
        _ => "Request refused",
    }
}
