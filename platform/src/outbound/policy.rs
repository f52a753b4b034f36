//! What may go out now: checked again at the moment of sending, for every kind of message alike. Pure.

use whatsapp_core::campaign::Route;
use whatsapp_core::message::Media;
use whatsapp_core::send::SendError;
use whatsapp_core::template::Category;
use whatsapp_core::{
    Channel, Classified, Contact, Content, Id, MediaObject, MediaState, Template, Timestamp, Window,
};

/// Everything that decides about one message.
pub(super) struct Case<'a> {
    pub(super) content: &'a Content,
    pub(super) window: Window,
    pub(super) contact: Option<&'a Contact>,
    pub(super) template: Option<&'a Template>,
    /// By which way a campaign's message goes; `None` when it is no campaign's.
    pub(super) campaign: Option<Route>,
    pub(super) now: Timestamp,
}

/// Why a message must not go out; `None` if it may.
pub(super) fn refusal(case: &Case<'_>) -> Option<SendError> {
    let no = |code: &str, message: &str| {
        Some(SendError { code: code.to_owned(), message: message.to_owned() })
    };
    let Some(contact) = case.contact else {
        return no("CONTACT_DELETED", "The contact was deleted before the message went out.");
    };
    if case.content.needs_open_window() && !case.window.is_open(case.now) {
        return no(
            "WINDOW_CLOSED",
            "The reply window closed before the message went out. Send an approved template.",
        );
    }
    if !matches!(case.content, Content::Template(_)) {
        return None;
    }
    let Some(template) = case.template else {
        return no("TEMPLATE_NOT_FOUND", "The template was deleted before the message went out.");
    };
    if let Err(error) = template.may_send() {
        return no("TEMPLATE_NOT_APPROVED", &error.to_string());
    }
    // What a campaign sends by another way is marketing, whatever the template that stands in for it.
    let marketing = case
        .campaign
        .is_some_and(|route| route != Route::Usual || template.category == Category::Marketing);
    if marketing && !contact.accepts_marketing() {
        return no("OPTED_OUT", "This person wants no marketing.");
    }
    None
}

/// Says in the ledger's form why a template could not be filled in.
pub(super) fn unfilled(error: &whatsapp_core::Error) -> SendError {
    SendError { code: error.code().into_owned(), message: error.to_string() }
}

/// The template of a content that is one.
pub(super) const fn template_of(content: &Content) -> Option<Id<Template>> {
    match content {
        Content::Template(content) => Some(content.template),
        _ => None,
    }
}

/// The file that must be at Meta before this content can go out.
pub(super) fn media_of(content: &Content) -> Option<&Media> {
    match content {
        Content::Media(media) if media.media.is_some() => Some(media),
        _ => None,
    }
}

/// Says in the ledger's form that a file did not get to Meta in time.
pub(super) fn file_never_came() -> SendError {
    let message = "The file could not be uploaded to WhatsApp within an hour.";
    SendError { code: "MEDIA_FAILED".into(), message: message.into() }
}

/// Where a message's file stands.
pub(super) enum FileCheck {
    /// At Meta, under this id.
    At(String),
    /// On its way there.
    Wait,
    /// It will not get there.
    Never(SendError),
}

pub(super) fn file(
    object: Option<&MediaObject>,
    channel: Id<Channel>,
    now: Timestamp,
) -> FileCheck {
    let never = |message: &str| {
        FileCheck::Never(SendError { code: "MEDIA_FAILED".into(), message: message.to_owned() })
    };
    match object {
        None => never("The file was deleted before the message went out."),
        Some(object) if object.state == MediaState::Failed => {
            never(object.error.as_deref().unwrap_or("The file could not be uploaded to WhatsApp."))
        }
        Some(object) => match &object.provider_id {
            // Meta's ids are good for the number they were uploaded with.
            Some(id)
                if object.channel == Some(channel)
                    && object.provider_expires_at.is_none_or(|end| now < end) =>
            {
                FileCheck::At(id.clone())
            }
            _ => FileCheck::Wait,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use whatsapp_core::{ContactSource, Env, NewContact, Span};

    fn contact() -> Contact {
        let new = NewContact::with_phone("+5511981234567".parse().expect("valid"));
        Contact::new(new, ContactSource::Manual, &Env::system()).expect("valid")
    }

    #[test]
    fn free_text_needs_the_window_at_the_moment_of_sending() {
        let (contact, content) = (contact(), Content::text("hi"));
        let wrote = Timestamp::from_seconds(0);
        let case = |now| Case {
            content: &content,
            window: Window::after(Some(wrote)),
            contact: Some(&contact),
            template: None,
            campaign: None,
            now,
        };
        assert_eq!(refusal(&case(wrote + Span::hours(23))), None);
        assert_eq!(
            refusal(&case(wrote + Span::hours(24))).map(|e| e.code),
            Some("WINDOW_CLOSED".to_owned())
        );
    }

    #[test]
    fn a_deleted_contact_gets_nothing() {
        let content = Content::text("hi");
        let case = Case {
            content: &content,
            window: Window::after(None),
            contact: None,
            template: None,
            campaign: None,
            now: Timestamp::ZERO,
        };
        assert_eq!(refusal(&case).map(|e| e.code), Some("CONTACT_DELETED".to_owned()));
    }
}
