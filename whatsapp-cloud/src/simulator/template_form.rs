//! How Meta keeps a template that was handed to it: words in capitals, samples as addresses, one-time codes with
//! Meta's own words, library entries with the business's addresses.

use serde_json::{Map, Value, json};

use super::chance::Chance;
use super::error::GraphError;
use super::world::World;

/// Meta's words of one-time codes: language, text, advice, end, button.
const CODE_WORDS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "en",
        "*{{1}}* is your verification code.",
        "For your security, do not share this code.",
        "This code expires in {} minutes.",
        "Copy code",
    ),
    (
        "pt",
        "Seu código de verificação é *{{1}}*.",
        "Para sua segurança, não o compartilhe.",
        "Este código expira em {} minutos.",
        "Copiar código",
    ),
    (
        "es",
        "Tu código de verificación es *{{1}}*.",
        "Por tu seguridad, no lo compartas.",
        "Este código caduca en {} minutos.",
        "Copiar código",
    ),
    (
        "de",
        "*{{1}}* ist dein Bestätigungscode.",
        "Teile ihn zu deiner Sicherheit mit niemandem.",
        "Dieser Code läuft in {} Minuten ab.",
        "Code kopieren",
    ),
    (
        "fr",
        "*{{1}}* est votre code de vérification.",
        "Pour votre sécurité, ne le partagez pas.",
        "Ce code expire dans {} minutes.",
        "Copier le code",
    ),
];

/// The words of a one-time code: text, footer, button. What Meta would write in any other language is English here.
pub(super) fn code_words(
    language: &str,
    advice: bool,
    minutes: Option<u64>,
) -> (String, Option<String>, &'static str) {
    let own = CODE_WORDS.iter().find(|words| language.split('_').next() == Some(words.0));
    let Some((_, text, more, end, button)) = own.or_else(|| CODE_WORDS.first()) else {
        return (String::new(), None, "");
    };
    let text = if advice { format!("{text} {more}") } else { (*text).to_owned() };
    (text, minutes.map(|minutes| end.replace("{}", &minutes.to_string())), button)
}

fn upper(map: &mut Map<String, Value>, key: &str) {
    if let Some(word) = map.get(key).and_then(Value::as_str).map(str::to_ascii_uppercase) {
        map.insert(key.to_owned(), json!(word));
    }
}

fn list<'a>(value: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let all = value.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten();
    all.filter_map(Value::as_object_mut)
}

/// Meta's parts of a draft's parts; each sample's handle must have been given out.
pub(super) fn components(
    world: &World,
    draft: &Value,
    chance: &mut Chance,
) -> Result<Value, GraphError> {
    let mut components = draft.get("components").cloned().unwrap_or_default();
    let all = components.as_array_mut().into_iter().flatten();
    for part in all {
        component(world, part, chance)?;
        for card in list(part, "cards") {
            let parts = card.get_mut("components").and_then(Value::as_array_mut);
            for part in parts.into_iter().flatten() {
                component(world, part, chance)?;
            }
        }
    }
    Ok(components)
}

fn component(world: &World, part: &mut Value, chance: &mut Chance) -> Result<(), GraphError> {
    if let Some(map) = part.as_object_mut() {
        upper(map, "type");
        upper(map, "format");
    }
    for button in list(part, "buttons") {
        upper(button, "type");
        // A sample may come as a text; it is kept as a list.
        if let Some(Value::String(sample)) = button.get("example").cloned() {
            button.insert("example".into(), json!([sample]));
        }
    }
    let Some(handles) = part.pointer_mut("/example/header_handle") else { return Ok(()) };
    for handle in handles.as_array_mut().into_iter().flatten() {
        if !handle.as_str().is_some_and(|handle| world.knows_handle(handle)) {
            let why = "header_handle: there is no such upload. Upload the sample first.";
            return Err(GraphError::user(None, "Invalid sample", why));
        }
        let address = format!(
            "https://scontent.whatsapp.net/v/t61/{}.bin?oh={}",
            chance.digits(18),
            chance.hex(12)
        );
        *handle = json!(address);
    }
    Ok(())
}

/// Meta's parts of a one-time code.
pub(super) fn code_components(draft: &Value, language: &str) -> Value {
    let parts = || draft.get("components").and_then(Value::as_array).into_iter().flatten();
    let advice = parts().any(|p| p.get("add_security_recommendation") == Some(&json!(true)));
    let minutes = parts().find_map(|p| p.get("code_expiration_minutes").and_then(Value::as_u64));
    let button = parts().find_map(|p| p.get("buttons")?.get(0)).cloned().unwrap_or_default();
    let kind = button.get("otp_type").and_then(Value::as_str).unwrap_or("COPY_CODE");
    let kind = kind.to_ascii_uppercase();
    let (text, footer, label) = code_words(language, advice, minutes);
    let label = button.get("text").and_then(Value::as_str).unwrap_or(label);
    let address = format!("https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp");
    let body = json!({
        "type": "BODY", "text": text, "add_security_recommendation": advice,
        "example": {"body_text": [["123456"]]},
    });
    let footer = footer.map(
        |footer| json!({"type": "FOOTER", "text": footer, "code_expiration_minutes": minutes}),
    );
    let buttons = json!({"type": "BUTTONS", "buttons": [{
        "type": "URL", "text": label, "url": format!("{address}{{{{1}}}}"),
        "example": [format!("{address}123456")],
    }]});
    [Some(body), footer, Some(buttons)].into_iter().flatten().collect()
}

/// All entries of the library.
pub(super) fn library() -> Vec<Value> {
    serde_json::from_str(include_str!("template_library.json")).unwrap_or_default()
}

/// Meta's parts of a library entry, with the business's own addresses and numbers.
pub(super) fn library_components(entry: &Value, draft: &Value) -> Result<Value, GraphError> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let header = text("header").map(|t| json!({"type": "HEADER", "format": "TEXT", "text": t}));
    let mut body = json!({"type": "BODY", "text": text("body")});
    if let (Some(samples), Some(map)) = (entry.get("body_params"), body.as_object_mut()) {
        map.insert("example".into(), json!({"body_text": [samples]}));
    }
    let inputs = draft.get("library_template_button_inputs").and_then(Value::as_array);
    let mut inputs = inputs.into_iter().flatten();
    let mut buttons = Vec::new();
    for button in entry.get("buttons").and_then(Value::as_array).into_iter().flatten() {
        let mut button = button.clone();
        let kind = button.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let ("URL" | "PHONE_NUMBER", Some(map)) = (kind.as_str(), button.as_object_mut()) {
            let input = inputs.next().filter(|input| input.get("type").is_some_and(|t| *t == kind));
            fill_button(map, input)?;
        }
        buttons.push(button);
    }
    let buttons = (!buttons.is_empty()).then(|| json!({"type": "BUTTONS", "buttons": buttons}));
    Ok([header, Some(body), buttons].into_iter().flatten().collect())
}

fn fill_button(button: &mut Map<String, Value>, input: Option<&Value>) -> Result<(), GraphError> {
    let missing = || {
        let why =
            "library_template_button_inputs must have an entry for each URL and phone button.";
        GraphError::user(None, "Button inputs are missing", why)
    };
    let input = input.ok_or_else(missing)?;
    if let Some(number) = input.get("phone_number") {
        button.insert("phone_number".into(), number.clone());
        return Ok(());
    }
    let base = input.pointer("/url/base_url").ok_or_else(missing)?;
    button.insert("url".into(), base.clone());
    if let Some(sample) = input.pointer("/url/url_suffix_example") {
        button.insert("example".into(), json!([sample]));
    }
    Ok(())
}
