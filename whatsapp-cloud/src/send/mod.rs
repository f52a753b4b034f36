//! Our content in Meta's form. Pure: nothing is sent here. What Meta would refuse for its form is refused first.

use serde_json::{Map, Value, json};
use whatsapp_core::message::Media;
use whatsapp_core::{Content, MediaKind};

use crate::api::{MediaRef, OutgoingMessage, Recipient};
use crate::error::CloudError;

pub mod media_rules;
pub(crate) mod rules;

/// The body of `POST /{number}/messages`, checked against all that is known of Meta's rules.
///
/// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>
///
/// ```
/// use whatsapp_cloud::message::Interactive;
/// use whatsapp_cloud::{CloudError, OutgoingMessage, Recipient, send};
/// let asked = Interactive::buttons("Confirm?").button("yes", "Yes, this very moment");
/// let refused = send::to_wire(&OutgoingMessage::new(Recipient::from_address("+905550100234"), asked));
/// let Err(CloudError::OverLimit { field, limit, actual, .. }) = refused else { panic!("{refused:?}") };
/// assert_eq!((field.as_str(), limit, actual), ("interactive.action.buttons[0].reply.title", 20, 21));
/// ```
///
/// # Errors
/// [`CloudError::OverLimit`] with field, limit and actual value where the message goes over one;
/// [`CloudError::Invalid`] with the field when the message has no form that Meta takes.
pub fn to_wire(message: &OutgoingMessage) -> Result<Value, CloudError> {
    into_wire(message.clone())
}

/// The same as [`to_wire`] for a message that is needed no more: nothing is copied.
///
/// # Errors
/// As [`to_wire`].
pub fn into_wire(message: OutgoingMessage) -> Result<Value, CloudError> {
    let reacts = matches!(message.content, Content::Reaction { .. });
    let (kind, body) = content(message.content, message.media.as_ref())?;
    let mut wire = Map::new();
    let mut put = |key: &str, value: Value| drop(wire.insert(key.to_owned(), value));
    put("messaging_product", "whatsapp".into());
    let group = matches!(message.to, Recipient::Group(_));
    put("recipient_type", if group { "group" } else { "individual" }.into());
    match message.to {
        Recipient::Bsuid(_) if message.authentication => {
            let why =
                "a code to sign in goes only to a phone number, not to a business-scoped user id";
            return Err(CloudError::invalid("recipient", why));
        }
        Recipient::Phone(phone) => put("to", phone.as_str().into()),
        Recipient::Group(group) => put("to", group.into()),
        Recipient::Bsuid(bsuid) => put("recipient", bsuid.into()),
    }
    put(&kind, body);
    put("type", kind.into());
    if let Some(wamid) = message.reply_to.filter(|_| !reacts) {
        put("context", json!({ "message_id": wamid }));
    }
    if !message.callback_data.is_empty() {
        put("biz_opaque_callback_data", message.callback_data.into());
    }
    if let Some(hash) = message.identity_hash {
        put("recipient_identity_key_hash", hash.into());
    }
    let wire = Value::Object(wire);
    rules::check_message(&wire)?;
    Ok(wire)
}

/// Checks a body of `POST /{number}/messages` that was written elsewhere, as [`to_wire`] checks its own.
///
/// ```
/// let wire = serde_json::json!({"messaging_product": "whatsapp", "to": "+905550100234", "type": "text", "text": {}});
/// let refused = whatsapp_cloud::send::check_wire(&wire);
/// assert_eq!(refused.map_err(|error| error.to_string()), Err("text.body is required".to_owned()));
/// ```
///
/// # Errors
/// As [`to_wire`].
pub fn check_wire(wire: &Value) -> Result<(), CloudError> {
    Ok(rules::check_message(wire)?)
}

/// The body that marks a message and all before it as read, with "typing…" if asked.
#[must_use]
pub fn read_to_wire(wamid: &str, typing: bool) -> Value {
    let mut wire = json!({"messaging_product": "whatsapp", "status": "read", "message_id": wamid});
    if typing && let Some(map) = wire.as_object_mut() {
        map.insert("typing_indicator".into(), json!({"type": "text"}));
    }
    wire
}

/// The kind and its object.
fn content(content: Content, file: Option<&MediaRef>) -> Result<(String, Value), CloudError> {
    let kind = content.kind().to_owned();
    let body = match content {
        Content::Text { body, preview_url } => {
            object([("body", body.into()), ("preview_url", preview_url.into())])
        }
        Content::Media(content) => media(&content, file)?,
        Content::Location { latitude, longitude, name, address } => {
            let mut place = json!({"latitude": latitude, "longitude": longitude});
            put(&mut place, "name", name.as_deref());
            put(&mut place, "address", address.as_deref().filter(|_| name.is_some()));
            place
        }
        Content::Reaction { wamid, emoji } => {
            object([("message_id", wamid.into()), ("emoji", emoji.into())])
        }
        Content::Template(template) => object([
            ("name", template.name.into()),
            ("language", object([("code", template.language.into())])),
            ("components", template.components),
        ]),
        Content::Other { body, .. } => {
            let plain = |b: u8| b.is_ascii_lowercase() || b == b'_';
            if kind.is_empty() || !kind.bytes().all(plain) || RESERVED.contains(&kind.as_str()) {
                return Err(CloudError::invalid("type", "this is no kind of message"));
            }
            body
        }
        _ => {
            let message = format!("a message of type {kind} cannot be sent");
            return Err(CloudError::invalid("type", message));
        }
    };
    Ok((kind, body))
}

fn object<const N: usize>(parts: [(&str, Value); N]) -> Value {
    Value::Object(parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Keys of the envelope, which no kind may overwrite.
const RESERVED: [&str; 11] = [
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
    "product_policy",
    "message_activity_sharing",
    "status",
];

fn media(content: &Media, at: Option<&MediaRef>) -> Result<Value, CloudError> {
    let mut body = match (at, &content.link) {
        (Some(MediaRef::Id(id)), _) => json!({ "id": id }),
        (Some(MediaRef::Link(link)), _) | (None, Some(link)) => json!({ "link": link }),
        (None, None) => {
            return Err(CloudError::invalid("media", "the file was not uploaded to WhatsApp"));
        }
    };
    let captioned =
        matches!(content.kind, MediaKind::Image | MediaKind::Video | MediaKind::Document);
    if let Some(caption) = content.caption.as_deref().filter(|c| captioned && !c.is_empty()) {
        put(&mut body, "caption", Some(caption));
    }
    if content.kind == MediaKind::Document {
        put(&mut body, "filename", content.filename.as_deref());
    }
    if content.kind == MediaKind::Audio
        && content.voice
        && let Some(map) = body.as_object_mut()
    {
        map.insert("voice".into(), json!(true));
    }
    Ok(body)
}

fn put(body: &mut Value, key: &str, text: Option<&str>) {
    if let (Some(map), Some(text)) = (body.as_object_mut(), text) {
        map.insert(key.to_owned(), json!(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whatsapp_core::Id;
    use whatsapp_core::message::TemplateContent;

    fn to_ana(content: Content) -> OutgoingMessage {
        OutgoingMessage::new(Recipient::from_address("+5511981234567"), content)
    }

    fn picture() -> Media {
        Media {
            kind: MediaKind::Image,
            media: None,
            link: None,
            caption: Some("Look".into()),
            filename: Some("a.jpg".into()),
            voice: true,
        }
    }

    #[test]
    fn a_text_that_answers_a_message_carries_its_attempt() {
        let mut message = to_ana(Content::text("Hi"));
        message.reply_to = Some("wamid.1".into());
        message.callback_data = "0123".into();
        assert_eq!(
            to_wire(&message),
            Ok(json!({
                "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+5511981234567",
                "type": "text", "text": {"body": "Hi", "preview_url": false},
                "context": {"message_id": "wamid.1"}, "biz_opaque_callback_data": "0123"
            }))
        );
    }

    #[test]
    fn a_person_without_a_number_is_the_recipient_and_not_to() {
        let message = OutgoingMessage::new(Recipient::from_address("BR.1349"), Content::text("Hi"));
        let wire = to_wire(&message).expect("writes");
        assert_eq!((wire.get("to"), &wire["recipient"]), (None, &json!("BR.1349")));
    }

    #[test]
    fn each_kind_of_file_has_only_the_fields_that_meta_takes() {
        let mut message = to_ana(Content::Media(picture()));
        message.media = Some(MediaRef::Id("9".into()));
        for (kind, expected) in [
            (MediaKind::Image, json!({"id": "9", "caption": "Look"})),
            (MediaKind::Audio, json!({"id": "9", "voice": true})),
            (MediaKind::Sticker, json!({"id": "9"})),
            (MediaKind::Document, json!({"id": "9", "caption": "Look", "filename": "a.jpg"})),
        ] {
            message.content = Content::Media(Media { kind, ..picture() });
            assert_eq!(to_wire(&message).expect("writes")[kind.as_str()], expected);
        }
    }

    #[test]
    fn what_has_no_form_is_refused_with_its_field() {
        let long = Content::text("x".repeat(4_097));
        let button = Content::Button { payload: "p".into(), text: "t".into() };
        let hidden = Content::Other { kind: "to".into(), body: json!("+1") };
        for (content, field) in [
            (Content::text(""), "text.body"),
            (long, "text.body"),
            (Content::Media(picture()), "media"),
            (button, "type"),
            (hidden, "type"),
        ] {
            match to_wire(&to_ana(content)) {
                Err(
                    CloudError::Invalid { field: named, .. }
                    | CloudError::OverLimit { field: named, .. },
                ) => assert_eq!(named, field),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_template_goes_with_the_components_it_was_filled_with() {
        let components = json!([{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}]);
        let message = to_ana(Content::Template(TemplateContent {
            template: Id::from_uuid(Default::default()),
            name: "hello".into(),
            language: "pt_BR".into(),
            components: components.clone(),
            header: None,
            body: "Hi Ana".into(),
            footer: None,
            buttons: Vec::new(),
        }));
        assert_eq!(
            to_wire(&message).expect("writes")["template"],
            json!({"name": "hello", "language": {"code": "pt_BR"}, "components": components})
        );
    }
}
