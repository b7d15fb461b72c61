//! Where keys and codes may be seen.
//!
//! An API key is sent in two places: the `Authorization` header of requests to the configured base URL, and the HELLO frame.
//! It is never part of a URL. One-time codes are sent in bodies. Nothing else shows them: [`ApiKey`](crate::ApiKey),
//! [`OneTimeCode`](crate::types::OneTimeCode), [`Attempt`](crate::Attempt) and
//! [`FrameText`](crate::realtime::FrameText) have a `Debug` of their own, the header is marked sensitive, and no error
//! quotes a key, a header or a body.
//!
//! Keys are checked when they are made: what could not be sent as a header is refused without being quoted, instead of
//! failing inside an HTTP library whose error text would quote it. `http` and `ws` are refused for every host but this
//! machine unless asked for, the realtime address is derived from the REST address, and redirects are not followed: a key
//! goes where it was meant to go, and nowhere else.
//!
//! A signed URL is a secret as long as it is valid. It is requested without the key and without saying who we are, and no
//! error, `Debug` or event of a [`Transfer`](crate::transfer::Transfer) shows more of it than its host.
//!
//! What you do with [`ApiKey::expose`](crate::ApiKey::expose) and with the JSON of a [`JsonCall`](crate::rest::JsonCall) is
//! yours to keep safe.
