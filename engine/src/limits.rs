//! Every bound of the engine, in one place, each with its reason.

use core::time::Duration;

/// Levels of nesting that a frame or row may have: `serde_json`'s own bound, so that whatever passes here can be parsed by
/// the application as well. The platform's messages need five.
pub const JSON_DEPTH: usize = 128;

/// Largest response body that is read, in bytes. A page of 500 sync rows at the platform's 32 KiB message limit is 16 MiB.
pub const RESPONSE_BODY: usize = 32 * 1024 * 1024;

/// Largest frame that is looked at, in bytes; the platform sends at most 2 MiB (wire contract 5.11).
pub const FRAME: usize = 4 * 1024 * 1024;

/// Characters of an identifier or handle that is sent.
pub const IDENTIFIER: usize = 256;

/// Time for one attempt of a call, as in the official SDKs.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// Time for a whole call with its retries, waits and bodies: four attempts that each time out, with their waits, and a little more.
pub const CALL_DEADLINE: Duration = Duration::from_secs(150);

/// Retries after the first attempt, as in the official SDKs.
pub const RETRIES: u32 = 3;

/// First wait before a retry; doubles with each.
pub const RETRY_BASE: Duration = Duration::from_millis(250);

/// Longest computed wait before a retry.
pub const RETRY_CAP: Duration = Duration::from_secs(8);

/// Longest `Retry-After` that a call sits out; past it the call ends with the hint. A minute is the longest window of the
/// platform's short rate limits.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);
