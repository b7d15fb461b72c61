//! What a [`Session`](crate::Session) promises about messages, and how each promise is kept.
//!
//! # Words
//! A *delivery* is one offer of an inbound message. The application *settles* it: handled, failed, or discarded on
//! purpose. An *ack* tells the platform that a message is handled: a frame, or the cursor of the sync. The *mark* of a
//! conversation is the seq expected next.
//!
//! # The promises
//! | promise | mechanism | tests (`engine/tests/session`) |
//! |---|---|---|
//! | **Nothing is lost.** What the platform owes is offered until it is handled; nothing else is acked. | acks follow settling; the cursor stops before the first unsettled row; a drain after every connect; acks that could not be sent wait for the next `hello.ok` | `delivery::an_ack_follows_handling_and_not_delivery`, `drain::the_cursor_stops_before_the_first_unsettled_row_and_later_rows_are_acked_by_frame`, `delivery::acks_that_could_not_be_sent_go_out_after_the_next_hello`, `drain::an_unreadable_row_is_delivered_and_the_cursor_waits_for_it` |
//! | **In order.** Within a conversation seqs rise, one message at a time; what comes after its gap was given up is flagged late. | marks that survive idleness and reconnects; early messages wait; live messages wait for the drain; history is asked for what is missing | `order::early_messages_wait_for_what_is_before_them`, `order::the_mark_survives_idleness_and_reconnects`, `drain::live_messages_ahead_wait_for_the_drain`, `fill::what_history_has_is_delivered_in_order_and_acked`, `hostile::any_order_of_inputs_is_harmless` |
//! | **Once.** What was handled is not offered again, and what is being handled is not started twice. | a ledger of ids, looked at before ordering; a repeat is acked again, silently | `drain::the_server_backlog_beside_the_drain_is_delivered_once`, `delivery::a_message_being_handled_is_not_started_twice` |
//! | **Bounded.** Memory has configured limits in messages and bytes. | shedding: live messages are dropped unacked and fetched when there is room; marks, ids and ranges are bounded | `drain::when_the_buffers_are_full_live_messages_are_shed_and_fetched_later`, `order::the_first_early_message_over_five_hundred_resolves_the_gap` |
//! | **Live.** No input stops a session. | bad frames are events; everything has a timer; only a terminal close, a close on request or an attempt limit ends it, each with a final event | `hostile::a_good_message_arrives_after_every_bad_frame`, `connection::every_other_close_is_retried_with_growing_waits` |
//!
//! # Why it is as it is
//! - **Rows of a sync are sparse.** Sync returns what is undelivered, so what lies between two rows is not owed: rows open
//!   no gaps, they raise the mark.
//! - **Live messages wait for the drain** ([`limits::HOLD`](crate::limits::HOLD) at most), because the platform pushes new
//!   messages while the older ones are still being fetched. Taken as they come, the first live message would set the mark
//!   above everything older.
//! - **Own messages take seqs and are not pushed.** A driver tells of every send ([`Input::Sent`](crate::realtime::Input)),
//!   or a reply to our own message would wait for a message that never comes. Rows by ourselves are not delivered, so that
//!   an agent never answers itself.
//! - **A failed message blocks its conversation, and no other.** It is offered again after
//!   [`limits::REDELIVERY`](crate::limits::REDELIVERY); then the session says that it gave up, the conversation moves on,
//!   and the platform keeps the message for the next drain.
//! - **History is the authority on the range it answers for.** A seq that it steps over does not exist for us, and is not
//!   waited for. It takes hidden rows out after its limit, so a short page is not the end of the range; an empty one is.
//! - **A seq far ahead is not believed** ([`limits::PLAUSIBLE_JUMP`](crate::limits::PLAUSIBLE_JUMP)). Believing it would
//!   make every real message after it late.
//! - **A connection counts as good after** [`limits::STABLE_AFTER`](crate::limits::STABLE_AFTER), not at `hello.ok`: one
//!   that is accepted and dropped at once would otherwise be tried again at the shortest wait for ever.
//! - **1008 is ambiguous before `hello.ok`.** The platform says it to a wrong key and to a HELLO that came too late alike;
//!   a late one is retried [a few times](crate::limits::SLOW_HELLO_RETRIES).
//!
//! # Across a restart
//! A [`Checkpoint`](crate::realtime::Checkpoint) carries marks, handled ids and pending acks to the next session, so that
//! the first three promises outlive the process. Messages are not in it: what was not settled is not acked, and the platform
//! brings it again.
//!
//! # A platform without acks
//! It counts a message as delivered when it writes it to the socket, so its sync never brings again what was shed, was
//! given up, or was lost with a process. History has it: those seqs are remembered, also in a checkpoint, and history is
//! asked for them with every drain, and after a failure until it answers. Acks are not sent. A message without a usable seq
//! cannot be asked for; if it is shed, only [`Event::Shed`](crate::realtime::Event) tells of it.
