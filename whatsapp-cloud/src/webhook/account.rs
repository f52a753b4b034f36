//! What Meta tells of templates, numbers, accounts and people's wishes, from the wire.

use serde_json::Value;
use whatsapp_core::{Identity, Quality, TemplateStatus};

use super::payload::Reader;
use super::wire::{identity, is_somebody, list, text_of, time_of};
use super::{
    AccountUpdate, IdentityChange, Inbound, NumberQualityUpdate, TemplateCategoryUpdate,
    TemplateQualityUpdate, TemplateStatusUpdate, UserPreference,
};
use crate::template::normal_language;

/// Reads a template's change. Its content says what it is: Meta's own samples have the wrong field.
pub(super) fn template(reader: &mut Reader<'_>, field: &str, change: &Value, value: &Value) {
    match template_change(reader, change, value) {
        Some(inbound) => reader.push(inbound),
        None => reader.raw(field, value),
    }
}

fn template_change(reader: &Reader<'_>, change: &Value, value: &Value) -> Option<Inbound> {
    let meta_id = text_of(value, "message_template_id")?;
    let name = text_of(value, "message_template_name").unwrap_or_default();
    let language =
        normal_language(&text_of(value, "message_template_language").unwrap_or_default());
    let at = reader.sent_at;
    if let Some(score) = text_of(value, "new_quality_score") {
        let quality = Quality::from_meta(&score);
        let update = TemplateQualityUpdate { meta_id, name, language, quality, at };
        return Some(Inbound::TemplateQuality(update));
    }
    if let Some(category) = text_of(value, "new_category") {
        let coming = text_of(value, "correct_category");
        let update = TemplateCategoryUpdate { meta_id, name, language, category, coming, at };
        return Some(Inbound::TemplateCategory(update));
    }
    let word = text_of(value, "event")?;
    // Meta's documents show this block inside the value and beside it.
    let info = value.get("rejection_info").or_else(|| change.get("rejection_info"));
    let reason = info
        .and_then(|info| text_of(info, "reason"))
        .or_else(|| text_of(value, "reason"))
        .or_else(|| value.get("other_info").and_then(|info| text_of(info, "description")))
        .filter(|reason| !reason.eq_ignore_ascii_case("none"));
    Some(Inbound::TemplateStatus(TemplateStatusUpdate {
        meta_id,
        name,
        language,
        status: TemplateStatus::from_meta(&word),
        word,
        reason,
        at,
    }))
}

/// Reads a change of a number's quality.
pub(super) fn number(reader: &mut Reader<'_>, value: &Value) {
    let Some(event) = text_of(value, "event") else {
        reader.raw("phone_number_quality_update", value);
        return;
    };
    let limit = ["max_daily_conversations_per_business", "current_limit"];
    reader.push(Inbound::NumberQuality(NumberQualityUpdate {
        display_phone: text_of(value, "display_phone_number").unwrap_or_default(),
        event,
        limit: limit.iter().find_map(|key| text_of(value, key)),
        at: reader.sent_at,
    }));
}

/// Reads what happened to an account.
pub(super) fn account(reader: &mut Reader<'_>, value: &Value) {
    match text_of(value, "event") {
        Some(event) => {
            let at = reader.sent_at;
            reader.push(Inbound::Account(AccountUpdate { event, value: value.clone(), at }));
        }
        None => reader.raw("account_update", value),
    }
}

/// Reads who wants marketing and who does not.
pub(super) fn preferences(reader: &mut Reader<'_>, value: &Value) {
    each(reader, "user_preferences", value, |reader, item| {
        let stop = match text_of(item, "value")?.to_ascii_lowercase().as_str() {
            "stop" => true,
            "resume" => false,
            _ => return None,
        };
        let about = text_of(item, "category").unwrap_or_else(|| "marketing_messages".to_owned());
        let who = identity(item, "wa_id", "user_id");
        let at = time_of(item, "timestamp").unwrap_or_else(|| reader.moment());
        (about == "marketing_messages" && is_somebody(&who))
            .then_some(Inbound::UserPreference(UserPreference { identity: who, stop, at }))
    });
}

/// Reads whose business-scoped id is another now.
pub(super) fn identities(reader: &mut Reader<'_>, value: &Value) {
    each(reader, "user_id_update", value, |reader, item| {
        let ids = item.get("user_id")?;
        let mut before = identity(item, "wa_id", "none");
        before.bsuid = text_of(ids, "previous");
        let after = Identity { phone: None, bsuid: text_of(ids, "current") };
        let at = time_of(item, "timestamp").unwrap_or_else(|| reader.moment());
        (is_somebody(&before) && is_somebody(&after))
            .then_some(Inbound::IdentityChanged(IdentityChange { before, after, at }))
    });
}

fn each(
    reader: &mut Reader<'_>,
    field: &str,
    value: &Value,
    read: impl Fn(&Reader<'_>, &Value) -> Option<Inbound>,
) {
    let mut any = false;
    for item in list(value, field) {
        any = true;
        match read(reader, item) {
            Some(inbound) => reader.push(inbound),
            None => reader.raw(field, item),
        }
    }
    if !any {
        reader.raw(field, value);
    }
}
