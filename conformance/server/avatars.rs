//! Setting and removing a picture, for agents and groups alike (wire contract section 2.2).

use axum::http::StatusCode;
use bytes::Bytes;

use super::{
    app::App,
    error::ApiError,
    picture::{Header, NotAPicture, read_header},
    settings::Settings,
    state::{
        State,
        avatar::{Avatar, Picture},
    },
};

/// Counts a write. Agents have one budget for their own pictures and those of their groups.
pub(crate) fn take_write(app: &App, state: &mut State, writer: &str) -> Result<(), ApiError> {
    let (limit, now) = (app.settings.avatar_writes, app.clock.unix_millis());
    state.fixed_windows.take(&format!("avatar:{writer}"), limit, now).map_err(|wait| {
        ApiError::too_many("RATE_LIMITED", "Too many changes of avatars")
            .with_field("retry_after_ms", wait.into())
            .retry_after_millis(wait)
    })
}

/// Checks a picture and keeps it for its owner, an agent or a group.
pub(crate) fn keep(app: &App, state: &mut State, owner: &str, bytes: Bytes) -> Result<Avatar, ApiError> {
    let format = check(&app.settings, &bytes)?.format;
    let picture = Picture { content_type: format.content_type(), bytes };
    let key = state.avatars.keep(owner, format.extension(), picture);
    Ok(Avatar { url: format!("{}/storage/avatars/{key}", app.public_url), key })
}

fn check(settings: &Settings, bytes: &[u8]) -> Result<Header, ApiError> {
    let refused = |code, message: &str| Err(ApiError::new(StatusCode::BAD_REQUEST, code, message));
    if bytes.is_empty() {
        return refused("EMPTY_BODY", "The body must be a picture");
    }
    if bytes.len() > settings.avatar_bytes {
        let message = format!("An avatar may have {} bytes", settings.avatar_bytes);
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", message));
    }
    let header = match read_header(bytes) {
        Ok(header) => header,
        Err(NotAPicture::UnknownFormat) => return refused("UNSUPPORTED_FORMAT", "Use JPEG, PNG, WebP or GIF"),
        Err(NotAPicture::Broken) => return refused("DECODE_FAILED", "The picture cannot be read"),
    };
    if u64::from(header.width) * u64::from(header.height) > settings.avatar_pixels {
        return refused("DECODE_FAILED", "The picture has too many pixels");
    }
    if header.width.min(header.height) < settings.avatar_smallest_side {
        return refused("IMAGE_TOO_SMALL", "The picture is too small");
    }
    Ok(header)
}
