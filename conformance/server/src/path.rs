//! Parameters in paths, decoded as leniently as the real platform does it: what is no valid encoding is taken as it
//! stands, so that it names nothing, instead of being an error of its own.

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::app::Shared;
use super::error::ApiError;

/// The parameters of the route's template, in their order. On a route that has a name where others have a parameter, the
/// name is what the parameter is: that of `DELETE /v1/messages/sync` is `sync`.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl FromRequestParts<Shared> for Path<String> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Path<String>, ApiError> {
        let name = || parts.uri.path().rsplit('/').next().map(decoded);
        parameters(parts).next().or_else(name).map(Path).ok_or_else(ApiError::internal)
    }
}

impl FromRequestParts<Shared> for Path<(String, String)> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Path<(String, String)>, ApiError> {
        let mut found = parameters(parts);
        found.next().zip(found.next()).map(Path).ok_or_else(ApiError::internal)
    }
}

fn parameters(parts: &Parts) -> impl Iterator<Item = String> {
    let template = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let segments = template.split('/').zip(parts.uri.path().split('/'));
    segments.filter(|(name, _)| name.starts_with('{')).map(|(_, text)| decoded(text))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), |decoded| decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_encoding_stands_for_itself() {
        assert_eq!(decoded("%40alice"), "@alice");
        assert_eq!(decoded("m%C3%BCller"), "müller");
        assert_eq!(decoded("%ff"), "%ff");
        assert_eq!(decoded("100%"), "100%");
    }
}
