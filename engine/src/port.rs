//! The port of a URL. `http` reads an invalid one as absent.

use http::uri::Authority;

/// The port is not a number from 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the port is not a number from 1 to 65535")]
pub struct PortError;

/// The port that a URL names, if it names one. An invalid port is an error, not treated as absent, so that nothing is sent to the
/// usual port in its place: [`Authority::port_u16`] returns `None` for both.
///
/// ```
/// use agentchat_engine::{PortError, port_of};
/// use http::uri::Authority;
///
/// assert_eq!(port_of(&Authority::from_static("host:8080")), Ok(Some(8080)));
/// assert_eq!(port_of(&Authority::from_static("[::1]")), Ok(None));
/// assert_eq!(port_of(&Authority::from_static("host:80443")), Err(PortError));
/// ```
///
/// # Errors
/// [`PortError`] if the port is invalid.
pub fn port_of(authority: &Authority) -> Result<Option<u16>, PortError> {
    let text = authority.as_str();
    let text = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    match text.strip_prefix(authority.host()).and_then(|rest| rest.strip_prefix(':')) {
        None | Some("") => Ok(None),
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            port.parse().ok().filter(|port| *port > 0).map(Some).ok_or(PortError)
        }
        Some(_) => Err(PortError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_that_fits_or_an_error() {
        for (authority, port) in [
            ("h", Ok(None)),
            ("h:", Ok(None)),
            ("h:1", Ok(Some(1))),
            ("u:p@h:65535", Ok(Some(65_535))),
            ("u:99999@h", Ok(None)),
            ("[::1]:443", Ok(Some(443))),
            ("[::99999]", Ok(None)),
            ("h:65536", Err(PortError)),
            ("h:0", Err(PortError)),
            ("h:+80", Err(PortError)),
            ("h:80a", Err(PortError)),
            ("[::1]:80443", Err(PortError)),
            ("h:99999999999999999999", Err(PortError)),
        ] {
            // Some of them are refused by the parser already.
            if let Ok(parsed) = authority.parse() {
                assert_eq!(port_of(&parsed), port, "{authority}");
            }
        }
    }
}
