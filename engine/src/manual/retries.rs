//! What a [`Call`](crate::Call) repeats, how long it waits, and when it gives up.
//!
//! # What is repeated
//! | class of the endpoint | a fault before any byte left | another fault | 408 425 429 500 502 503 504 | any other answer |
//! |---|---|---|---|---|
//! | idempotent (GET, and what may be done twice) | yes | yes | yes | no |
//! | deduplicated (`send_message`, by `client_msg_id`) | yes | yes | yes | no |
//! | with a key, and one is given | yes | yes | yes | 409 `IDEMPOTENT_IN_PROGRESS`, for a minute |
//! | with a key, and none is given; unsafe | yes | no | no | no |
//! | never (registration: a person is waiting) | no | no | no | no |
//!
//! Final in every class, and not [`is_retryable`](crate::Error::is_retryable):
//! - a refused certificate, an answer over the size limit, and a mistake in this side's configuration: they would come again;
//! - `RECIPIENT_BACKLOGGED` and `AWAITING_REPLY`: only the other side can change them;
//! - `COLD_CAP_EXCEEDED`: it lasts for up to a day;
//! - an answer that the platform stored for the idempotency key and replayed.
//!
//! A success that cannot be read is [`Error::Undecodable`](crate::Error::Undecodable): the call was executed. Only a `GET` is
//! repeated then.
//!
//! Of these, only a mistake in the configuration ends a [`Session`](crate::Session). That a certificate was refused it says, and
//! tries again: between two networks it can be a login page that answers for the platform, for a while.
//!
//! # How long
//! 250 ms, doubling, ± 25 %, never above 8 s; at the cap the lower quarter, so that clients which have waited long are spread
//! as well. A `Retry-After` is obeyed in full, with up to a tenth (at most a second) on
//! top, so that clients with the same hint do not come back together. Asking earlier would only extend the limit; so where the
//! hint is longer than [`limits::RETRY_AFTER_CAP`](crate::limits::RETRY_AFTER_CAP) or passes the deadline, the call ends at
//! once and carries the hint.
//!
//! # When it ends
//! After four attempts, or at the total deadline, which covers waits and bodies. Every attempt sends the same bytes.
//!
//! `IDEMPOTENT_IN_PROGRESS` says that an earlier attempt is at work. It counts as no attempt, and is waited for until the
//! platform's mark of that attempt is gone ([`limits::IDEMPOTENCY_MARK`](crate::limits::IDEMPOTENCY_MARK)) and one more has begun
//! anew, within the deadline. A policy without retries does not wait.
//!
//! # What a failure says
//! [`Error::maybe_executed`](crate::Error::maybe_executed) is about all attempts. A refused connection or a 403 in the last one
//! says nothing of a message that the first one left behind. The text of such an error ends with "an earlier attempt may have
//! arrived"; it says "nothing was sent" only if that is true of every attempt. By itself an answer counts as a refusal if
//! it is a 4xx other than 408 and `IDEMPOTENT_IN_PROGRESS`.
