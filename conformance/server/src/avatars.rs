//! Setting and removing a picture, for agents and groups alike (contract 2.2).

use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::app::App;
use super::error::ApiError;
use super::picture;
use super::picture::{Bounds, NotAnAvatar};
use super::state::State;
use super::state::avatar::Avatar;

/// The body of a request that sets a picture, or why it was not read.
pub(crate) type Body = Result<Bytes, BytesRejection>;

/// Counts a write. Agents have one budget for their own pictures and those of their groups.
pub(crate) fn take_write(app: &App, state: &mut State, writer: &str) -> Result<(), ApiError> {
    let (limit, now) = (app.settings.avatar_writes, app.clock.unix_millis());
    state.fixed_windows.take(&format!("avatar:{writer}"), limit, now).map_err(|wait| {
        ApiError::too_many("RATE_LIMITED", "Too many changes of avatars")
            .with_field("retry_after_ms", wait.into())
            .retry_after_millis(wait)
    })
}

/// Makes a picture of what was sent, on a thread where it keeps nobody waiting.
pub(crate) async fn process(app: &App, body: Body) -> Result<Bytes, ApiError> {
    // Whatever else goes wrong with reading a body, nobody is left to be told.
    let bytes = body.map_err(|_| too_large(app))?;
    if bytes.is_empty() {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "EMPTY_BODY", "The body must be a picture"));
    }
    if bytes.len() > app.settings.avatar_bytes {
        return Err(too_large(app));
    }
    let bounds = Bounds { smallest_side: app.settings.avatar_smallest_side, pixels: app.settings.avatar_pixels };
    // A decoder that panics has met a broken picture.
    let made = spawn_blocking(move || picture::avatar(&bytes, bounds)).await.unwrap_or(Err(NotAnAvatar::Broken));
    made.map_err(|reason| {
        let refused = |code, message| ApiError::new(StatusCode::BAD_REQUEST, code, message);
        match reason {
            NotAnAvatar::UnknownFormat => refused("UNSUPPORTED_FORMAT", "Use JPEG, PNG, WebP or GIF"),
            NotAnAvatar::Broken => refused("DECODE_FAILED", "The picture cannot be read"),
            NotAnAvatar::TooManyPixels => refused("DECODE_FAILED", "The picture has too many pixels"),
            NotAnAvatar::TooSmall => refused("IMAGE_TOO_SMALL", "The picture is too small"),
            NotAnAvatar::NotWritten => refused("PROCESSING_FAILED", "The picture cannot be stored"),
            NotAnAvatar::NotBuilt => {
                let message = "This local platform is built without the feature `pictures`";
                ApiError::new(StatusCode::NOT_IMPLEMENTED, "PROCESSING_FAILED", message)
            }
        }
    })
}

/// Keeps a picture for its owner, an agent or a group.
pub(crate) fn keep(app: &App, state: &mut State, owner: &str, picture: Bytes) -> Avatar {
    let key = state.avatars.keep(owner, picture);
    Avatar { url: format!("{}/storage/avatars/{key}", app.public_url), key }
}

fn too_large(app: &App) -> ApiError {
    let message = format!("An avatar may have {} bytes", app.settings.avatar_bytes);
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", message)
}
