//! What a [`Session`](crate::Session) promises about messages, and how each promise is kept.
//!
//! # Words
//! | word | meaning |
//! |---|---|
//! | message | A row that the platform stored: id, conversation, seq, sender and the rest. |
//! | delivery | One offer of an inbound message to the application. |
//! | settle | What the application does with a delivery: handled; failed, perhaps with a wait of its own; or discarded on purpose, with a reason. |
//! | ack | Tells the platform that a message is handled: a frame, or the cursor of the sync. |
//! | mark | The seq expected next in a conversation. |
//! | early | Of a message: its seq is above the mark. It waits. |
//! | gap | Consecutive seqs that have not arrived, from the mark on or between early messages. It is *filled* by messages that arrive or that history has, or *given up*: then the early ones above it are delivered, and the mark moves past it. |
//! | late | Of a message: one with a higher seq of its conversation was offered before it, because its gap was given up or the platform brings it again. It is delivered, and flagged. |
//! | absent | Of a seq in a gap: history steps over it, so it does not exist for this agent, and nothing waits for it. |
//! | missing | Of a seq: its message is not here, is not known to be absent, and may not come again by itself. Shed, given up, unreadable, or lost with a socket or a process. It is fetched, by a drain or from history. |
//! | owed | In a stored checkpoint: the member that lists the missing seqs. |
//! | drain | The pages of sync that are read after a connect: everything that is stored and not acked. |
//! | held | Of a live message: it waits for the drain, which may bring older ones. |
//! | fill | The questions to history about a gap. |
//! | shed | Of a live message: dropped unacked, because there was no room for it. |
//!
//! # The promises
//! Tests are named as in `engine/tests/session`; those that begin with `driver::` are in `transports/driver/tests/driver`.
//! A test, `conformance/suite/tests/tables.rs`, sees to it that each of them exists.
//!
//! | promise | mechanism | tests |
//! |---|---|---|
//! | **Nothing is lost.** Every message that the platform stores for the agent is offered until it is handled. | a drain after every connect; what is buffered survives a reconnect; what was shed or cannot be read is fetched | `drain::buffered_messages_wait_for_the_next_drain_across_a_reconnect`, `drain::when_the_buffers_are_full_live_messages_are_shed_and_fetched_later`, `drain::a_live_message_that_cannot_be_read_is_fetched_and_can_be_settled`, `model::nothing_is_lost_or_repeated`, `model::nothing_is_lost_or_repeated_with_little_memory`, `model::nothing_is_lost_or_repeated_without_acks`, `model::nothing_is_lost_or_repeated_without_acks_with_little_memory` |
//! | Nothing is acked that no handler settled as handled. | acks follow settling; the cursor stops before the first unsettled row | `delivery::an_ack_follows_handling_and_not_delivery`, `delivery::nothing_is_delivered_or_acked_without_a_consumer`, `drain::the_cursor_stops_before_the_first_unsettled_row_and_later_rows_are_acked_by_frame`, `delivery::a_message_given_up_for_good_is_neither_offered_nor_acked` |
//! | "Below the mark" never means "ackable". | an unseen id is offered, whatever its seq | `drain::held_messages_go_out_when_the_drain_does_not_answer`, `order::a_gap_is_given_up_after_its_window_and_what_comes_later_is_late` |
//! | **In order.** Within a conversation seqs rise, one message at a time; what comes after its gap was given up is late, never dropped. | marks; early messages wait; one delivery in flight a conversation | `order::early_messages_wait_for_what_is_before_them`, `hostile::any_order_of_inputs_is_harmless`, `order::conversations_do_not_wait_for_each_other` |
//! | **Once.** What was handled is not offered again, whichever way it comes back; what is being handled is not started twice. | a record of ids, looked at before ordering | `drain::the_server_backlog_beside_the_drain_is_delivered_once`, `delivery::a_message_being_handled_is_not_started_twice`, `fill::what_arrives_by_itself_while_history_is_asked_counts` |
//! | A repeat of a handled message is acked again, silently. | its id is known; the ack waits in the outbox | `order::what_is_behind_the_mark_and_in_flight_is_ignored_and_handled_is_acked_again` |
//! | **Bounded.** Memory has hard limits in messages and bytes, whatever is sent: what is held is at most twice what is counted, and what the limits say is remembered (`engine/tests/hostile_memory`). | one count over all that is buffered; pages are taken as far as there is room; ids, marks, ranges and cursors are bounded in number and length | `bounds::a_page_of_the_drain_is_taken_as_far_as_there_is_room`, `bounds::an_answer_of_history_is_taken_as_far_as_there_is_room`, `bounds::one_message_larger_than_all_room_is_taken_alone`, `bounds::a_gap_that_fills_the_buffers_is_resolved_and_what_is_missing_fetched`, `bounds::an_endless_drain_ends`, `bounds::a_conversation_holds_back_five_hundred_messages_for_a_drain_and_the_rest_is_fetched`, `driver::consumers::large_events_that_nobody_reads_are_limited_in_bytes`, `bounds::marks_are_limited_and_a_forgotten_one_is_reported` |
//! | Work for a frame is logarithmic in what is buffered of its conversation, and expected constant in all else. | ordered maps in a conversation, hashed ones around it, whose key comes from the session's seed, so that nobody can choose ids that collide; schedules that know the earliest time; nothing walks the conversations | `bounds::an_idle_session_wakes_for_nothing_it_stores` |
//! | **Live.** No input stops a session. | bad frames are events; everything has a timer | `hostile::a_good_message_arrives_after_every_bad_frame`, `hostile::time_that_runs_backwards_is_harmless`, `drain::a_drain_that_fails_does_not_hold_up_the_connection` |
//! | Only a terminal close, a close on request, the attempt limit or a setup that cannot work ends it, each with one final event. | `Halted`, `Closed` | `reconnect::refused_keys_halt_and_new_credentials_start_again`, `reconnect::exhausted_attempts_are_reported_and_final`, `reconnect::a_transport_that_is_set_up_wrong_halts_the_session_at_once_and_says_what_is_wrong`, `close::a_close_before_the_connection_is_up_ends_at_once`, `close::a_close_after_a_halt_changes_nothing` |
//!
//! # The connection
//! | line | mechanism | tests |
//! |---|---|---|
//! | Idle, Opening, Greeting, CatchingUp, Live, Waiting, and Opening again; AwaitingKey, Closing, Halted and Closed are the ways out. | [`ConnectionState`](crate::realtime::ConnectionState), read with [`Session::state`](crate::Session::state) | `drain::live_messages_ahead_wait_for_the_drain`, `reconnect::every_other_close_is_retried_with_growing_waits`, `driver::consumers::a_state_can_be_waited_for` |
//! | Inputs of another connection change nothing. | ids, minted by the engine | `connection::inputs_of_another_connection_change_nothing`, `connection::a_stale_sign_of_life_or_binary_frame_changes_nothing` |
//! | A refused key is final until a start with credentials. | `Halted` | `reconnect::a_refused_key_is_not_tried_again_without_new_credentials` |
//! | After a refusal another key is waited for, if the options say so; handlers go on meanwhile. | [`key_wait`](crate::realtime::SessionOptions::key_wait) | `credentials::another_key_is_waited_for_and_handlers_go_on_meanwhile`, `credentials::without_another_key_in_time_the_session_ends`, `credentials::a_close_ends_the_wait_for_another_key` |
//! | A new key can be given to a running session: the next HELLO has it, and a close for the old key is then no end. | the key's number, kept with each connection | `credentials::a_new_key_is_used_by_the_next_request`, `credentials::a_close_for_the_old_key_is_not_final_when_a_new_one_is_at_hand` |
//! | An upgrade refused with 401 or 403 is checked: if `/v1/agents/me` says 401 as well, the key is refused; a proxy may have said it otherwise. | one call | `credentials::an_upgrade_that_doubts_the_key_is_checked`, `credentials::a_key_that_is_refused_at_the_upgrade_is_waited_for_as_well` |
//! | An error in place of `hello.ok` refuses the key. | `hello.error`, `auth.rejected` | `credentials::an_error_in_place_of_hello_ok_ends_the_session` |
//! | The key goes into HELLO and nowhere else; the address is that of REST with `ws` or `wss`, unless one is given. | HELLO is the first frame; [`Context::realtime_url`](crate::Context::realtime_url) | `connection::the_key_goes_into_hello_and_nowhere_else` |
//! | Opening has 10 s, HELLO 4 s; then it is closed with 1008, `HELLO ack timeout`. | timers; both are retried | `connection::a_socket_that_does_not_open_is_given_up_after_ten_seconds`, `connection::an_unanswered_hello_is_closed_after_four_seconds_and_retried` |
//! | Acks are on only if this `hello.ok` says so; frames before it do not count. | learned with every connection | `connection::whether_acks_are_taken_is_learned_with_every_connection`, `connection::frames_before_hello_ok_do_not_count`, `connection::a_second_hello_ok_changes_nothing` |
//! | A ping after 20 s without traffic; dead after 20 s more. | the keepalive timer | `connection::a_quiet_connection_is_pinged_and_then_given_up`, `connection::a_frame_that_takes_longer_than_a_dead_connection_is_waited_for`, `reconnect::a_day_of_sleep_is_one_clean_reconnect` |
//! | Waits double from 500 ms to 30 s, ± 25 %, never above the cap; at the cap the lower quarter, so that those who have waited long are spread. | the backoff | `reconnect::every_other_close_is_retried_with_growing_waits` |
//! | 1008, 4401 and 4403 from the platform are final, and the event says what to do; every other close is retried, and so is what we end for want of an answer. | [`Advice`](crate::realtime::Advice) | `reconnect::refused_keys_halt_and_new_credentials_start_again`, `reconnect::every_other_close_is_retried_with_growing_waits` |
//! | The count is cleared after 30 s of life. | time since `hello.ok` | `reconnect::only_a_connection_that_lasted_clears_the_count`, `reconnect::a_connection_that_lasted_counts_as_stable_even_if_its_timer_is_handled_late` |
//! | Five young deaths in a row: one `Unstable`. | a count beside the backoff's | `reconnect::unstable_is_reported_once_in_a_row_of_short_lives` |
//! | 1008 before `hello.ok` is retried up to five times in a row if HELLO was late: its reason is `HELLO frame required`, or it comes 4 s or more after opening. | the close's reason, and the time since opening | `reconnect::a_late_hello_is_retried_five_times_and_then_final`, `reconnect::a_hello_refused_late_is_retried_whatever_the_reason_says` |
//! | Close: no further dispatch, what is in flight is waited for, acks leave, 1000, one final event. | the `Closing` state | `close::close_waits_for_what_is_in_flight_acks_it_and_ends`, `close::a_close_flushes_acks_and_commits_the_cursor_first`, `close::a_commit_that_waits_for_another_try_has_it_at_the_close`, `close::close_does_not_wait_for_ever`, `close::a_connection_that_comes_up_while_closing_takes_the_acks_and_no_more` |
//! | Signals are sent now or handed back. | [`Output::Unsent`](crate::realtime::Output) | `signals::signals_are_frames_on_the_connection_that_is_up`, `signals::a_signal_that_cannot_be_sent_is_handed_back_and_not_kept` |
//!
//! # Order
//! | line | mechanism | tests |
//! |---|---|---|
//! | A conversation begins with its first message, whatever its seq; what has the seq that is expected is delivered, and then what waited for it. | the mark | `order::early_messages_wait_for_what_is_before_them`, `drain::live_messages_ahead_wait_for_the_drain` |
//! | Marks outlive idleness and reconnects, of 10,000 conversations. | the conversations idle for longest are forgotten, with an event | `order::the_mark_survives_idleness_and_reconnects`, `bounds::marks_are_limited_and_a_forgotten_one_is_reported` |
//! | A seq more than 10,000 ahead is delivered at once and moves no mark; a second one that goes on from there does. | [`limits::PLAUSIBLE_JUMP`](crate::limits::PLAUSIBLE_JUMP) | `order::an_implausible_seq_is_delivered_and_moves_no_mark`, `order::an_implausible_seq_among_held_messages_moves_no_mark`, `order::an_implausible_row_of_the_drain_or_of_history_moves_no_mark`, `order::a_conversation_that_went_on_without_us_is_believed_the_second_time` |
//! | Without a usable seq (absent, no whole number from 1 to 2^53 − 1): at once, told apart by id only. | an unordered place in the queue | `order::messages_without_a_usable_seq_are_delivered_at_once` |
//! | Seqs of our own sends count as seen. | [`Input::Sent`](crate::realtime::Input), from the driver | `order::own_sends_are_not_gaps`, `order::an_own_send_does_not_anchor_a_conversation`, `driver::calls::sessions_learn_of_own_sends_and_do_not_wait_for_their_seqs` |
//! | Own rows move the mark and are not delivered, unless echo was asked for. | the own handle, given or asked for until it is known; without it history is not asked | `order::rows_by_ourselves_move_the_mark_and_are_not_delivered_unless_asked_for`, `connection::the_own_handle_is_asked_for_until_the_platform_says_it`, `order::without_the_own_handle_history_is_not_asked_and_no_own_message_is_delivered` |
//! | History is asked soon after a gap is seen, in pages of 200, up to the lowest message that waits. A short page is not the end, an empty one is. | the fill | `fill::what_history_has_is_delivered_in_order_and_acked`, `fill::a_long_gap_is_paged_and_a_short_page_is_not_the_end`, `fill::an_empty_page_is_the_end`, `fill::a_page_that_leads_nowhere_ends_the_fill` |
//! | An answer is the authority on its range; own rows and group events in it. | what it steps over is absent | `fill::what_history_steps_over_does_not_exist`, `fill::own_rows_fill_without_being_delivered`, `fill::group_events_that_history_has_are_delivered_in_order` |
//! | A row of history that cannot be read is neither absent nor lost. | reported as missing; a drain brings it, or without acks it is delivered as it came | `unreadable::a_row_of_history_that_cannot_be_read_is_missing_and_fetched_by_a_drain`, `unreadable::without_acks_it_is_delivered_as_it_came`, `unreadable::a_page_of_nothing_else_is_followed_by_the_next` |
//! | What arrives meanwhile counts. | state is read anew after every answer | `fill::what_arrives_by_itself_while_history_is_asked_counts`, `fill::two_gaps_are_closed_by_one_answer_that_covers_both` |
//! | Of one conversation one question is asked at a time, of all four. | a queue of questions, looked at anew when their turn comes | `fill_times::a_few_conversations_are_asked_at_a_time`, `fill_times::what_comes_while_its_question_waits_is_not_asked_for` |
//! | One [`SequenceGap`](crate::realtime::Event::SequenceGap) for each gap: the first seq that was missing, what history had, what is absent, what is missing, how long it was waited for, and why it ended; `recovered` only if nothing is missing. On failure what waits goes out. | the fill's record | `fill_times::what_waits_goes_out_when_history_fails_for_longer_than_the_patience_and_a_drain_heals_it`, `order::every_gap_has_a_window_of_its_own` |
//! | History is asked early, after 75 ms: at once where the last gap was no message of others, four times later where gaps close by themselves. What arrives by itself is still taken. | [`fill_after`](crate::realtime::SessionOptions::fill_after) and the conversation's habit | `fill_times::history_is_asked_soon_by_default`, `fill_times::what_is_only_reordered_costs_no_question`, `fill_times::where_gaps_were_own_sends_elsewhere_history_is_asked_at_once`, `fill_times::history_can_be_asked_early`, `fill_times::what_arrives_by_itself_after_an_early_question_failed_closes_the_gap` |
//! | While history fails, what is above the gap waits as long as the patience lasts, 30 s, and history is asked again with growing pauses, up to 2 s. An attempt has 10 s. An answer that is cut is a failure. | [`fill_patience`](crate::realtime::SessionOptions::fill_patience) | `fill_times::history_that_recovers_before_the_patience_ends_costs_no_order`, `fill::an_answer_that_is_cut_is_asked_for_again`, `fill::a_page_that_leads_nowhere_ends_the_fill` |
//! | Without filling a gap is given up after 2 s. | [`gap_window`](crate::realtime::SessionOptions::gap_window) | `order::a_gap_is_given_up_after_its_window_and_what_comes_later_is_late` |
//! | A gap that was given up is fetched while the connection lives: by a drain, or from history where no drain has it. | a drain at once; history with growing waits | `fill_times::what_waits_goes_out_when_history_fails_for_longer_than_the_patience_and_a_drain_heals_it`, `order::a_gap_waits_for_the_own_handle_no_longer_than_the_patience_and_is_healed_by_a_drain`, `legacy::a_gap_that_history_did_not_answer_for_is_asked_for_again` |
//! | A refusal (403, 404, 410), unless it is of the account as a whole, means that what is missing there cannot be had. | the gap is closed | `fill::history_that_is_refused_for_good_ends_the_gap`, `legacy::what_is_missing_in_a_group_that_was_left_is_asked_for_once` |
//! | A `Retry-After` of the session's own calls and of a refused upgrade is obeyed in full, with up to a tenth (at most a second) on top. | the call's backoff, kept across connections | `fill_times::a_retry_after_of_history_is_obeyed_in_full`, `waits::a_retry_after_of_the_sessions_own_calls_is_obeyed_in_full`, `waits::a_retry_after_of_a_refused_upgrade_is_obeyed_in_full` |
//! | Without acks a conversation without a mark begins at its lowest missing seq. | the mark | `legacy::a_conversation_begins_at_its_lowest_missing_seq_so_that_what_was_lost_above_shows` |
//! | 500 early messages a conversation, rows of history included. | over that its lowest gap is given up | `order::the_first_early_message_over_five_hundred_resolves_the_gap`, `bounds::early_messages_of_one_conversation_are_limited_and_rows_of_history_count` |
//!
//! # The drain
//! | line | mechanism | tests |
//! |---|---|---|
//! | After every `hello.ok`, unless it is switched off, 100 rows a page. A short page ends it. | [`drain`](crate::realtime::SessionOptions::drain) | `drain::rows_are_sparse_and_open_no_gaps`, `drain::full_pages_are_followed_by_cursor` |
//! | `CaughtUp` is emitted at its end: everything stored before has been fetched. Each row counts once, also if the drain had to begin anew. | cursors that it has brought | `drain::rows_are_sparse_and_open_no_gaps`, `pressure::rows_that_come_again_because_the_drain_began_anew_count_once` |
//! | Pages by cursor; an array, or an object with `envelopes`; anything else is an error and tried again. | the drain | `drain::full_pages_are_followed_by_cursor`, `drain::rows_in_an_object_are_read_as_older_documents_show_them`, `drain::after_an_answer_that_is_no_page_the_drain_is_tried_again_with_growing_waits` |
//! | Rows are sparse and open no gaps. | they raise the mark | `drain::rows_are_sparse_and_open_no_gaps` |
//! | Live messages ahead, and those of conversations without a mark, wait for the drain: 5 s for an answer, and as long as the patience lasts while sync is answered with errors or the drain waits for room. | holding | `drain::live_messages_ahead_wait_for_the_drain`, `drain::held_messages_go_out_when_the_drain_does_not_answer`, `drain::a_drain_that_fails_does_not_hold_up_the_connection` |
//! | The cursor goes up to the last row before the first one that is not settled; what is behind that one is acked by frame. | the cursor's log | `drain::the_cursor_stops_before_the_first_unsettled_row_and_later_rows_are_acked_by_frame` |
//! | A cursor waits 50 ms for more rows to settle, unless none is left that could, or the session closes. | [`limits::COMMIT_DELAY`](crate::limits::COMMIT_DELAY) | `waits::rows_that_settle_within_a_short_while_cost_one_commit` |
//! | Paging does not wait for handling, but for half of the room; one commit at a time. | the cursor's log | `drain::the_next_page_does_not_wait_for_the_first_to_be_handled`, `drain::only_one_commit_is_under_way_and_the_next_takes_what_settled_meanwhile` |
//! | What cannot be read is delivered as such, and the cursor waits for it. Where no drain brings it, it is delivered as it came. | [`Unreadable`](crate::types::Unreadable) | `drain::an_unreadable_row_is_delivered_and_the_cursor_waits_for_it`, `unreadable::without_acks_it_is_delivered_as_it_came`, `unreadable::without_a_drain_it_is_delivered_as_it_came_and_acked_by_its_id` |
//! | A cursor that leads nowhere new ends it; rows without one are acked by frame. | cursors seen before | `drain::a_cursor_that_leads_nowhere_new_ends_the_drain`, `drain::rows_without_a_cursor_are_delivered_and_a_full_page_of_them_ends_the_drain` |
//! | One at a time; another is remembered. A failed sync or ack is tried again. | timers | `drain::a_drain_asked_for_during_a_drain_runs_after_it`, `drain::a_failed_drain_is_tried_again_while_the_connection_lives`, `drain::a_failed_commit_is_tried_again`, `drain::a_late_answer_to_an_old_drain_changes_nothing` |
//!
//! # Back-pressure
//! | line | mechanism | tests |
//! |---|---|---|
//! | When the buffers are four fifths full, by count or by bytes, the session wants no more frames until a quarter is free; a driver stops reading, and TCP holds the peer back. | [`Output::Idle`](crate::realtime::Output::Idle) | `pressure::a_flood_is_held_back_and_nothing_is_shed` |
//! | While live messages wait for a drain, at two fifths and until less than three tenths are taken: the rest is the drain's. | fullness | `pressure::a_flood_during_a_drain_leaves_it_its_room` |
//! | Also where 450 messages of one conversation wait for an answer that is coming. | crowds | `pressure::a_conversation_that_is_crowded_waits_for_the_answer_of_history` |
//! | For 10 s at most, and not again before there was room: pings must be answered. That nothing comes meanwhile is no sign of death. | [`read_pause`](crate::realtime::SessionOptions::read_pause) | `pressure::reading_goes_on_after_the_limit_and_what_does_not_fit_is_shed`, `pressure::a_consumer_that_is_stuck_does_not_look_like_a_dead_link` |
//! | What comes all the same and does not fit is shed: dropped unacked, counted, and fetched as soon as half of the room is free. A gap of shed messages alone is not reported as missing. | [`Event::Shed`](crate::realtime::Event::Shed), a drain, or history without acks | `drain::when_the_buffers_are_full_live_messages_are_shed_and_fetched_later`, `legacy::what_was_shed_is_fetched_from_history` |
//!
//! # Reading
//! | line | mechanism | tests |
//! |---|---|---|
//! | Text is read as JavaScript writes it: a lone surrogate reads as U+FFFD, of a member that is there twice the last counts, a number beyond every float is no number. | one reader for frames, rows, answers and webhooks | `reading::a_lone_surrogate_in_a_message_reads_as_a_replacement`, `reading::a_frame_is_read_whatever_stands_beside_its_payload` |
//! | A row keeps every id that can be read: it takes its place, is settled and acked. | the header is read member by member | `reading::ids_are_read_whatever_stands_beside_them`, `reading::what_is_odd_about_one_member_leaves_the_others` |
//! | One bad row never makes its page unreadable. | rows are read one by one; lists set aside what they cannot read ([`List`](crate::types::List)) | `reading::a_bad_row_of_a_page_is_settled_like_the_others` |
//!
//! # Settling
//! | line | mechanism | tests |
//! |---|---|---|
//! | 64 deliveries in flight over all, one a conversation. | the window | `delivery::deliveries_in_flight_are_limited_over_all_conversations` |
//! | What is handled is remembered, 20,000 ids or twice the room, and acked: by frame, or by cursor if a drain brought it. | the ids that are known | `delivery::an_ack_follows_handling_and_not_delivery`, `checkpoint::recent_ids_and_unconfirmed_ones_are_kept_and_no_others` |
//! | Acks that could not be sent wait. | the outbox | `delivery::acks_that_could_not_be_sent_go_out_after_the_next_hello`, `halts::what_is_settled_before_a_halt_is_acked_after_the_next_start` |
//! | Failed: again in place after 1, 5, 30 s, or as the application says; then given up. | the head of its conversation | `delivery::a_failed_message_is_offered_again_in_place_and_then_given_up`, `delivery::the_application_can_choose_the_wait`, `delivery::a_conversation_whose_message_failed_holds_up_no_other` |
//! | The event of what was given up names its conversation and seq; it comes with the next drain, up to three times, each saying which attempt it is. Without acks history is asked for it, if it has a seq, whether or not it can be read. | [`Event::GaveUp`](crate::realtime::Event::GaveUp); the count is kept with the id | `delivery::what_was_given_up_comes_back_with_the_next_drain_a_few_times`, `delivery::every_offer_says_which_attempt_it_is_over_all_ways_that_it_comes`, `legacy::what_was_given_up_is_asked_of_history_with_the_next_drain`, `unreadable::without_acks_one_that_was_given_up_is_asked_of_history_with_the_next_drain` |
//! | A group's system events are no messages: emitted as events in their turn and acked, unless asked for. | [`Event::System`](crate::realtime::Event::System) | `system_events::they_are_emitted_in_their_turn_and_acked`, `system_events::those_of_a_drain_are_acked_by_its_cursor_and_those_of_history_too`, `system_events::they_are_delivered_if_they_were_asked_for`, `system_events::what_only_says_that_it_is_one_is_a_message` |
//! | Discarded: acked, counted, reported. | an event with the count | `delivery::discarding_acks_and_reports`, `delivery::discards_are_counted` |
//! | Never settled counts as failed. | the driver's deliveries settle themselves | `driver::consumers::a_dropped_delivery_counts_as_failed_and_is_offered_again`, `driver::handlers::a_panic_is_a_failure_of_its_message_alone` |
//! | The first three promises outlive the process. | [`Checkpoint`](crate::realtime::Checkpoint) | `checkpoint::what_was_handled_but_not_acked_is_acked_and_not_offered_again`, `checkpoint::what_was_not_settled_is_offered_again_in_order`, `checkpoint::the_mark_survives_a_restart`, `checkpoint::a_gap_below_the_mark_survives_a_restart_and_what_fills_it_is_late`, `checkpoint::a_stored_lie_can_make_messages_late_and_lose_none`, `checkpoint::what_was_acked_after_the_last_checkpoint_is_not_offered_again`, `checkpoint::without_acks_what_history_calls_delivered_is_offered`, `driver::checkpoints::what_is_settled_after_the_end_is_not_acked_and_yet_remembered` |
//! | A stored checkpoint is old when something was settled for good, and when the platform turns out to take no acks. | [`Session::checkpoint_revision`](crate::Session::checkpoint_revision) | `checkpoint::settling_for_good_makes_a_stored_checkpoint_old`, `checkpoint::a_checkpoint_is_old_as_soon_as_the_platform_takes_no_acks`, `driver::checkpoints::there_is_a_new_checkpoint_when_the_platform_turns_out_to_take_no_acks` |
//! | Without acks, what only history has is fetched from there. | see below | `legacy::what_was_shed_is_fetched_from_history`, `legacy::buffered_messages_survive_a_close`, `legacy::what_is_buffered_at_a_halt_waits_for_the_next_start_and_is_missing_in_a_checkpoint`, `legacy::after_a_restart_what_was_not_settled_is_fetched_from_history`, `ack_modes::what_was_shed_with_acks_is_fetched_from_history_by_a_connection_that_takes_none`, `stepped_over::what_a_row_steps_over_is_fetched_from_history`, `stepped_over::of_a_conversation_that_begins_with_the_drain_rows_are_sparse`, `stepped_over::the_next_process_asks_for_what_the_last_one_lost_with_its_socket`, `delivery::a_platform_without_the_capability_gets_no_acks` |
//!
//! # Why it is as it is
//! - **Rows of a sync are sparse.** Sync returns what is undelivered, so what lies between two rows needs no delivery: rows open
//!   no gaps, they raise the mark.
//! - **Live messages wait for the drain** ([`limits::HOLD_LIVE_FOR`](crate::limits::HOLD_LIVE_FOR) for an answer), because the platform pushes new
//!   messages while the older ones are still being fetched. Taken as they come, the first live message would set the mark
//!   above everything older.
//! - **Own messages take seqs and are not pushed.** A driver passes every send on ([`Input::Sent`](crate::realtime::Input)),
//!   or a reply to our own message would wait for a message that never comes. Rows by ourselves are not delivered, so that
//!   an agent never answers itself.
//! - **A failed message blocks its conversation, and no other.** It is offered again after
//!   [`limits::REDELIVERY`](crate::limits::REDELIVERY); then the session says that it gave up, the conversation moves on,
//!   and the platform keeps the message for the next drain.
//! - **History is the authority on the range it answers for.** A seq that it steps over does not exist for us, and is not
//!   waited for. It takes hidden rows out after its limit, so a short page is not the end of the range; an empty one is.
//! - **A seq far ahead is not believed** ([`limits::PLAUSIBLE_JUMP`](crate::limits::PLAUSIBLE_JUMP)). Believing it would
//!   make every real message after it late. A second one that goes on from the first is believed: the conversation went on
//!   while another process of this agent read along, and doubting it would leave it without order for good.
//! - **A conversation waits for history for** [`limits::FILL_PATIENCE`](crate::limits::FILL_PATIENCE), queueing included. A
//!   REST server that hangs must not stop conversations whose messages are here.
//! - **History is not asked while the own handle is unknown**, because its answers have our own messages in them.
//! - **What cannot be read over the socket is fetched**: it is not acked, so a drain brings it as a row that can be settled.
//! - **History is asked before the window of [`limits::GAP_WINDOW`](crate::limits::GAP_WINDOW) ends**: most gaps are our own sends
//!   from another process and group events, which never arrive by themselves, and an agent that answers in such a way would
//!   wait the whole window out with every turn.
//! - **A connection counts as good after** [`limits::STABLE_AFTER`](crate::limits::STABLE_AFTER), not at `hello.ok`: one
//!   that is accepted and dropped at once would otherwise be tried again at the shortest wait for ever.
//! - **1008 is ambiguous before `hello.ok`.** The platform says it to a wrong key and to a HELLO that came too late alike;
//!   a late one is retried [a few times](crate::limits::SLOW_HELLO_RETRIES).
//!
//! # Across a restart
//! A [`Checkpoint`](crate::realtime::Checkpoint) carries marks, handled ids and pending acks to the next session, so that
//! the first three promises outlive the process. Messages are not in it: what was not settled is not acked, and the platform
//! brings it again. What a process settled after it had stored its last checkpoint was acked, so that no drain brings it; when
//! its conversation goes on, history calls it delivered, and it is not offered again. A platform that takes no acks calls
//! delivered what it wrote to a socket: the checkpoint has to know of it, and is old as soon as one turns out to take none.
//! Checkpoints are versioned; a damaged or newer one is an [error](crate::realtime::CheckpointError) that says so.
//!
//! # A platform without acks
//! It counts a message as delivered when it writes it to the socket, so its sync never brings again what was shed, was
//! given up, or was lost with a process. History has it: those seqs are remembered, also in a checkpoint, and history is
//! asked for them with every drain, and after a failure until it answers. Acks are not sent. A message without a usable seq
//! cannot be asked for; if it is shed or given up, only the event shows it.
//!
//! What it wrote to a socket that was ending shows as a gap when the conversation goes on over the next one, and is filled
//! like any other. If a drain's row steps over it, history is asked as well, and what it has comes late: rows are sparse, and
//! the row does not wait. What was lost at the end of a conversation that does not go on, or before its first message, only
//! acks could save.
//!
//! Those seqs are remembered while the platform takes acks as well, until a drain has had its say: the next connection may
//! take none, and then its backlog counts as delivered even if the socket loses it.
//!
//! What is buffered when such a session halts or is closed is kept, and not offered: nothing follows the
//! final event. The next start of the session offers it, and a checkpoint lists it as missing, so that the next session fetches it. A
//! program that does neither has to read history itself from where it stopped.
