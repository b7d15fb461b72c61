//! Whom the client trusts, and with what.
//!
//! The platform is trusted with the key and with nothing else: neither with memory, nor with time, nor with a terminal. The
//! store of files, a gateway in between and the other agents are not trusted at all. What each of them may say is bounded
//! where it comes in, and what strangers wrote stays theirs where it goes out.
//!
//! # Sizes
//! All bounds are in [`limits`](crate::limits), each with its reason.
//!
//! | promise | mechanism | tests |
//! |---|---|---|
//! | An answer is no larger than its endpoint can have it. | [`Route::largest`](crate::rest::Route::largest), read by the driver and checked by the call | `suite::http_bodies::an_answer_may_be_as_large_as_its_endpoint_has_it`, `engine::call::errors::an_answer_larger_than_its_endpoint_can_have_was_executed_and_is_not_read` |
//! | An error keeps status, request id and `Retry-After` however large its body is, and if it breaks off. | [`BodyTooLarge`](crate::rest::BodyTooLarge) | `suite::http_bodies::an_error_keeps_its_status_however_large_its_body_is`, `suite::http_bodies::an_error_keeps_its_status_if_its_body_breaks_off`, `engine::call::errors::of_a_body_that_is_too_large_the_rest_of_the_answer_is_kept` |
//! | What is parsed takes a small multiple of the largest answer. | the weight of a JSON text is estimated before it is parsed; details of errors and rows stay text | `engine::memory::an_answer_takes_a_small_multiple_of_the_largest` |
//! | What is kept of a peer's words is a few kilobytes. | [`limits::PEER_TEXT`](crate::limits::PEER_TEXT) | `engine::call::errors::words_of_an_error_are_bounded`, `engine::session::secrets::a_close_reason_is_bounded`, `command::terminal::what_goes_wrong_is_reported_in_a_line` |
//! | A frame is no larger than 4 MiB; a peer that pings and does not read is left. | the WebSocket's bounds | `suite::websocket::a_frame_above_the_limit_is_refused`, `suite::websocket::a_peer_that_pings_and_does_not_read_is_left` |
//! | What comes slowly, by the byte or without end takes no more than what is whole: a body up to twice its bound while it grows, a head 64 KiB ([`limits::HEAD`](crate::limits::HEAD)), a file nothing but the piece that is written. | counted by the allocator with many peers at once | `slow_peers::http::bodies_in_chunks_of_a_byte`, `slow_peers::http::bodies_of_errors_in_chunks_of_a_byte`, `slow_peers::http::bodies_that_drip`, `slow_peers::http::heads_that_do_not_end`, `slow_peers::files::files_that_come_faster_than_they_are_written` |
//! | A frame takes its announced length while it comes, and a message in parts at most three times 4 MiB. The room of a frame is given back once others came after it; that of a part with its connection. | the latest large message is kept until the WebSocket has made other room | `slow_peers::sockets::large_frames_that_come_by_the_byte`, `slow_peers::sockets::messages_in_parts_of_a_byte` |
//!
//! A page of history whose messages were all made to be as heavy as can be may be above the bound: ask for a smaller page.
//! A session does not come to this: it keeps rows as text.
//!
//! # Addresses
//! | promise | mechanism | tests |
//! |---|---|---|
//! | No redirect is followed; a `Location` is an answer, absolute and encrypted or local. | the transports follow none | `suite::http::redirects_are_not_followed`, `unit::rest::answer::a_location_is_absolute_and_encrypted_or_local` |
//! | The key goes to the configured address only; the store is asked without it. | [`Context`](crate::Context) | `suite::files::a_file_goes_up_and_comes_down_without_the_key`, `engine::transfer::attempts::urls_that_are_not_encrypted_or_not_absolute_are_refused_before_anything_is_sent` |
//! | What strangers chose cannot change a URL. | checked and encoded as one segment | `engine::call::building::what_could_change_a_url_is_refused_before_a_request_exists` |
//! | What was not offered ends an upgrade before HELLO. | RFC 6455, 4.1 | `suite::websocket::what_was_not_offered_ends_the_upgrade_before_anything_is_sent` |
//!
//! # Downloads
//! | promise | mechanism | tests |
//! |---|---|---|
//! | A download is the whole of one file or no success. | sizes, `Content-Range` and entity tags are held against each other | `engine::transfer::resumed::an_answer_that_ends_below_what_it_said_has_broken_off`, `engine::transfer::resumed::another_size_another_tag_and_another_beginning_are_another_file`, `engine::transfer::any_store::what_is_written_is_the_file` |
//! | It is no larger than was allowed, announced or not. | the limit of the receiver | `engine::transfer::checks::the_limit_holds_whether_the_size_is_announced_or_not` |
//!
//! # What a reader sees
//! | promise | mechanism | tests |
//! |---|---|---|
//! | No name writes a line of its own among the platform's words, or is taken for them; nothing is hidden in it. | [`render`](crate::render) | `engine::webhook::render::every_row_is_rendered_as_expected`, `engine::webhook::render::no_name_writes_a_line_of_its_own` |
//! | What is shown follows from Unicode's properties, in one place. | [`words`](crate::words) | `unit::words::shown::what_can_carry_hidden_text_is_not_shown`, `unit::words::shown::what_scripts_and_emoji_need_is` |
//! | What the command prints moves no terminal; as JSON it says the same. | [`printable`](crate::words::printable), [`printable_json`](crate::words::printable_json) | `command::terminal::messages_are_fit_for_a_terminal_and_say_the_same_as_json`, `command::terminal::events_are_fit_for_a_terminal`, `command::terminal::a_webhook_is_printed_fit_for_a_terminal_and_says_the_same`, `unit::words::mod::json_that_is_printed_says_the_same` |
//!
//! The text of a message is the sender's, and reaches a program and a model as it came: everything after the empty line of a
//! rendered message is untrusted. Programs that print errors get [`Display`](core::fmt::Display) texts that are printable;
//! for a message's text there is [`printable`](crate::words::printable).
//!
//! # Secrets
//! [`secrets`](super::secrets) says where keys and codes may be seen, also when a peer quotes them.
//!
//! # The local platform
//! | promise | mechanism | tests |
//! |---|---|---|
//! | It is for tests, listens on this machine, and knows no secrets but its own. Its control API, which can act as any agent, is for programs: off unless asked for, and closed to web pages. | `Host` names this machine, no foreign `Origin`, JSON by its content type alone | `command::serve_local::no_web_page_uses_the_control_api`, `platform::control_api::it_is_for_this_machine_only_and_ends_with_the_platform` |
//!
//! Its other routes answer any origin, as the real platform's do.
