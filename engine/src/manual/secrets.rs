//! Where keys and codes may be seen.
//!
//! An API key is sent in two places: the `Authorization` header of requests to the configured base URL, and the HELLO frame.
//! It is never part of a URL. One-time codes are sent in bodies. Nothing else shows them: [`ApiKey`](crate::ApiKey),
//! [`OneTimeCode`](crate::types::OneTimeCode), [`SecretText`](crate::types::SecretText), [`Attempt`](crate::Attempt) and
//! [`FrameText`](crate::realtime::FrameText) have a `Debug` of their own, and the header is marked sensitive.
//!
//! Keys are checked when they are made: what could not be sent as a header is refused without being quoted, instead of
//! failing inside an HTTP library whose error text would quote it. `http` and `ws` are refused for every host but this
//! machine unless asked for, the realtime address is derived from the REST address, and redirects are not followed: a key
//! goes where it was meant to go, and nowhere else.
//!
//! A signed URL is a secret as long as it is valid. It is requested without the key and without saying who we are, and no
//! error, `Debug` or event of a [`Transfer`](crate::transfer::Transfer) shows more of it than its host.
//!
//! # Secrets that come back
//! A gateway may quote the `Authorization` header in an error, a server the key in a close reason. What a peer says **in
//! words** is masked where it enters a machine, so that whatever is made of it is clean: errors and their `Display`, `Debug`,
//! message, code, details and request id; [`CloseInfo`](crate::realtime::CloseInfo), the reason of a halt and the state;
//! retries, hooks, traces, and what the `agentchat` command prints of them. A secret is replaced by as many `*` as it has
//! bytes; where it stands as a number in JSON, by `1`s.
//!
//! | what | masked in | tests |
//! |---|---|---|
//! | the API key, from 16 bytes on, of whatever shape | all words of a call and a session | `engine::call::secrets::an_answer_that_quotes_a_secret_of_the_request_is_shown_without_it`, `engine::session::secrets::a_close_reason_or_a_fault_that_quotes_the_key_is_shown_without_it`, `command::secrets::an_error_that_quotes_the_request_is_printed_without_its_secrets`, `command::secrets::a_close_reason_is_printed_without_the_key_and_a_frame_as_it_came`, `command::secrets::nothing_on_standard_error_has_the_key` |
//! | whatever has the shape of a key of the platform, also somebody else's | the same | `unit::redact::mod::a_key_is_masked_wherever_it_stands` |
//! | a one-time code and its `pending_id` | the words of the call that sends them, where they are no part of another word | `unit::redact::mod::what_a_call_proves_itself_with_is_masked_in_its_answers_and_no_number_breaks`, `engine::call::secrets::an_answer_that_quotes_a_secret_of_the_request_is_shown_without_it` |
//! | the secret of a webhook that a call sends | the same | `engine::call::secrets::the_secret_of_a_webhook_is_shown_by_no_error` |
//! | of a signed URL all but the host; of any URL the user, the query and the fragment | the words of a transfer; all words | `unit::redact::mod::of_a_signed_url_the_host_stays`, `unit::redact::plain::queries_fragments_and_users_of_urls_are_masked` |
//! | members of an error's details that are named like a secret, such as `token` | details and other members of an error | `unit::redact::members::secret_members_are_masked_however_they_are_written` |
//! | all of these, in everything that a client of this workspace prints, traces or hooks tell | a whole story with the local platform | `story::main::nothing_that_is_printed_contains_a_secret` |
//!
//! # What is not promised
//! - **Data pass as they came**: the value of an answer, the text of a message, of a frame
//!   ([`ServerEvent`](crate::realtime::ServerEvent)) and of a webhook's event. A key that somebody put in there is passed on, and a
//!   client that changed data would not be one. `engine::call::secrets::what_is_answered_passes_as_it_came` and
//!   `engine::session::secrets::frames_pass_as_they_came` hold that.
//! - A secret that is written in another way, as in base64, percent-encoded, or with escapes inside a JSON string, is not
//!   found; nor is a key of less than 16 bytes or a code of less than four, for they would mask innocent words.
//! - The key of another client in this process, and one that was replaced, are found by their shape alone.
//! - Headers of [`CallOptions`](crate::CallOptions) are not looked for in answers.
//! - What you do with [`ApiKey::expose`](crate::ApiKey::expose) and with the JSON of a [`JsonCall`](crate::rest::JsonCall) is
//!   yours to keep safe.
