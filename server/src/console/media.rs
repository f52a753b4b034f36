//! Files, up and down. What comes down can do nothing in a browser but be seen, heard or saved.

use axum::body::{Body, Bytes};
use axum::extract::{Multipart, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use whatsapp_core::{Id, MediaKind};

use super::{Created, created};
use crate::dto::message::MediaObject;
use crate::error::{ApiError, ErrorBody};
use crate::http::extract::{Desk, Path};
use crate::state::{Answer, App};

/// A file to be sent.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "it only describes the form")]
pub(crate) struct UploadForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a file.
#[utoipa::path(post, path = "/api/console/media", tag = "Media",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = MediaObject), (status = 413, body = ErrorBody)))]
pub(crate) async fn upload_media(
    State(app): State<App>,
    desk: Desk,
    mut form: Multipart,
) -> Answer<Created<MediaObject>> {
    let unreadable =
        |_| ApiError::new(StatusCode::BAD_REQUEST, "INVALID_BODY", "the form cannot be read");
    let field = form.next_field().await.map_err(unreadable)?;
    let field = field
        .ok_or_else(|| ApiError::invalid("INVALID_BODY", "file", "the field file is missing"))?;
    if field.name() != Some("file") {
        let name = field.name().unwrap_or_default();
        return Err(ApiError::invalid("UNKNOWN_FIELD", name, "the form has one field: file"));
    }
    let filename = field.file_name().unwrap_or("file").to_owned();
    let declared = field.content_type().unwrap_or("application/octet-stream").to_owned();
    let bytes = read(field, app.settings.max_file_size).await?;
    Ok(created(desk.media().store(&filename, &declared, bytes).await?.into()))
}

/// Reads within the limit, and stops at once when it is passed.
async fn read(mut field: axum::extract::multipart::Field<'_>, max: usize) -> Answer<Bytes> {
    let too_large = || {
        let message = format!("a file may have {max} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "MEDIA_TOO_LARGE", message)
    };
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| too_large())? {
        if bytes.len() + chunk.len() > max {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// Download a file.
#[utoipa::path(get, path = "/api/console/media/{id}", tag = "Media", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = String)))]
pub(crate) async fn get_media(
    desk: Desk,
    Path(id): Path<Id<whatsapp_core::MediaObject>>,
) -> Answer {
    let (object, bytes) = desk.media().read(id).await?;
    let shown = matches!(
        object.kind,
        MediaKind::Image | MediaKind::Sticker | MediaKind::Audio | MediaKind::Video
    );
    let disposition = disposition(shown, object.filename.as_deref().unwrap_or("file"));
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=86400, immutable".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
        (header::CONTENT_TYPE, object.mime),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let mut response: Response = Body::from(bytes).into_response();
    for (name, value) in fixed {
        let value =
            HeaderValue::try_from(value).map_err(|error| ApiError::internal(error.to_string()))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// The name a browser saves the file under, as RFC 6266 and RFC 8187 write it.
fn disposition(shown: bool, filename: &str) -> String {
    let kind = if shown { "inline" } else { "attachment" };
    let mut encoded = String::new();
    for byte in filename.bytes().take(200) {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let text = disposition(false, "a\"; x=\r\nB: ü.pdf");
        assert_eq!(text, "attachment; filename*=UTF-8''a%22%3B%20x%3D%0D%0AB%3A%20%C3%BC.pdf");
    }
}
