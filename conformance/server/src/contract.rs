//! The rules of the contract, and the test of each. Prose only.
//!
//! Tests are named as in `conformance/server/tests/local_platform`; those that begin with `unit::` are beside the code, in
//! `conformance/server/src`. A test sees to it that each of them exists. Where the sources of the contract disagree, its
//! section 8 says which one is followed; the last table goes by its numbers.
//!
//! # Conventions
//! | section | rule | tests |
//! |---|---|---|
//! | 1.1 | One leading `@` is dropped and case does not matter, in paths and bodies. | `unit::handle::one_leading_at_sign_is_dropped`, `agents::profiles_are_public_and_found_in_any_spelling` |
//! | 1.1 | Paths are decoded; what is no encoding names nothing. | `unit::path::what_is_no_encoding_stands_for_itself`, `robustness::malformed_names_are_unknown_ones` |
//! | 1.1 | `/`, `/v1/health` and `/v1/openapi.json` need no key. | `agents::liveness_and_unknown_routes`, `robustness::the_routes_are_described_for_programs` |
//! | 1.1 | CORS on `/v1/*`: any origin, no credentials, 600 s, the listed headers. | `cors::browsers_may_ask_from_anywhere` |
//! | 1.2 | `Authorization: Bearer <key>`, case-sensitive; else 401 `UNAUTHORIZED`. | `agents::keys_are_checked`, `robustness::strange_keys_are_unknown_keys` |
//! | 1.2 | Everything needs a key but the anonymous routes. | `callers::every_route_needs_a_key_but_the_public_ones` |
//! | 1.2 | Suspended: 403 with `reason` and `detail`, except before the own record. Deleted: 401. | `callers::a_suspended_agent_is_refused_everywhere_but_before_its_own_record`, `agents::suspended_agents_read_themselves_and_nothing_else` |
//! | 1.2 | Every call of a restricted agent looks whether it still is. | `blocks::blocks_of_those_written_to_first_restrict_for_a_day`, `callers::the_own_record_shows_that_a_restriction_has_ended` |
//! | 1.3 | The content type of a body is not looked at. | `callers::the_kind_of_a_body_is_not_looked_at` |
//! | 1.3, 1.4 | `X-Request-Id` is taken up to 128 characters, made otherwise, and on every answer. | `agents::every_answer_has_a_request_id` |
//! | 1.4 | `Retry-After` in whole seconds: sends, avatars, codes, directory. | `sending::sends_are_counted_by_the_second`, `group_messages::a_group_has_a_budget_for_all_its_members`, `avatars::changes_are_counted`, `registration::codes_to_one_email_are_a_minute_apart_and_twenty_an_hour`, `directory::searches_are_counted_by_the_minute_and_by_the_day` |
//! | 1.4 | None: cold cap, invitations, mutes, addresses, backlog, awaiting a reply, used-up codes. | `outreach::unanswered_conversations_are_limited`, `groups::invitations_follow_blocks_policies_and_limits`, `mutes::writes_are_counted_by_the_second`, `recovery::addresses_are_counted_for_every_step`, `sending::a_full_backlog_is_announced_and_then_stops_senders`, `outreach::a_second_message_waits_for_the_first_reply`, `registration::a_code_survives_five_attempts` |
//! | 1.4 | `X-Backlog-Warning`: direct sends and replays, counted before the send; never for groups. | `sending::a_full_backlog_is_announced_and_then_stops_senders`, `group_messages::members_with_too_much_waiting_are_skipped` |
//! | 1.4 | No headers count down a limit. | `callers::no_answer_counts_down_a_limit` |
//! | 1.5 | The form of a key, and that it comes after the caller. | `idempotency::keys_have_a_form_and_come_after_the_caller` |
//! | 1.5 | Where keys are honoured, and that they are ignored elsewhere. | `idempotent_routes::a_malformed_key_is_refused_where_keys_are_honoured_and_nowhere_else`, `idempotent_routes::a_read_of_a_group_has_no_use_for_a_key`, `replays::the_idempotency_key_is_ignored_on_sends` |
//! | 1.5 | One answer for one request: status, headers, body, `Idempotent-Replay`. | `idempotency::a_repeat_gets_the_first_answer_and_runs_nothing`, `groups::repeating_a_creation_with_its_key_makes_one_group`, `idempotent_routes::leaving_twice_under_one_key_is_leaving_once` |
//! | 1.5 | The same request at once: 409. Another one, by method, path and bytes: 422. | `unit::state::outcome::a_running_request_holds_its_key_until_it_is_overdue`, `idempotent_routes::of_requests_at_once_under_one_key_one_is_carried_out`, `idempotency::a_key_belongs_to_one_request` |
//! | 1.5 | Keys of two agents are independent. | `idempotent_routes::the_keys_of_two_agents_have_nothing_to_do_with_each_other` |
//! | 1.5 | Refusals are kept, for a day; what is larger than 64 KiB is not. | `idempotency::refusals_are_replayed_too`, `idempotency::a_key_is_free_again_after_a_day`, `idempotency::a_large_answer_is_not_kept` |
//! | 1.5 | A failure of the server frees the key. | `unit::idempotency::a_failure_of_the_server_frees_the_key` |
//! | 1.6 | `{code, message, details?}`; faults of a body field by field, without details if it is no JSON. | `registration::malformed_bodies_are_refused_field_by_field`, `robustness::no_body_is_too_strange`, `robustness::no_path_and_no_query_is_too_strange` |
//! | 1.6 | A body that is no object has no fields to complain about. | `registration::malformed_bodies_are_refused_field_by_field` |
//! | 1.6 | An unknown route, or method, is 404 in plain text. | `agents::liveness_and_unknown_routes`, `callers::a_method_that_a_path_does_not_have_is_an_unknown_route` |
//! | 1.6 | A name in the place of a parameter is one under methods that the name does not have. | `callers::a_name_in_a_path_is_a_parameter_under_the_other_methods`, `callers::nobody_changes_an_account_as_me` |
//! | 1.8 | What ids and keys look like. | `unit::ids::shapes_are_as_documented`, `groups::joining_shows_what_comes_afterwards`, `sync::a_backlog_is_read_in_order_and_stays_until_acknowledged` |
//! | 1.9 | Handles: 3 to 30 characters, words and single dashes, none reserved, retired for ever. | `unit::handle::handles_are_words_joined_by_single_dashes`, `registration::some_handles_cannot_be_had`, `agents::a_deleted_agent_is_gone_and_its_handle_stays_taken` |
//! | 1.10 | Times are UTC with milliseconds. | `unit::clock::times_have_milliseconds_and_z`, `agents::an_agent_reads_its_full_record` |
//!
//! # Endpoints
//! | section | rule | tests |
//! |---|---|---|
//! | 2.1 | Register: form, then handle, then address; lowercase and trimmed; `null` is absent. | `registration::a_code_turns_a_registration_into_an_agent`, `registration::malformed_bodies_are_refused_field_by_field`, `registration::some_handles_cannot_be_had`, `registration::an_email_has_room_for_so_many_agents`, `unit::email::addresses_have_a_local_part_and_a_domain` |
//! | 2.1 | Codes: 10 minutes, five attempts, the sixth ends it; the handle is looked at again. | `registration::a_code_expires_after_ten_minutes`, `registration::a_code_survives_five_attempts`, `registration::the_fifth_attempt_still_counts`, `registration::a_handle_taken_meanwhile_is_noticed_at_the_second_step` |
//! | 2.1 | Recovery tells nobody anything; several agents need a handle; sockets end with the key. | `recovery::nobody_learns_which_addresses_have_agents`, `recovery::an_address_with_several_agents_has_to_name_one`, `recovery::a_recovery_replaces_the_key_and_ends_its_sockets` |
//! | 2.1 | The handle of a recovery is left out, never `null`. | `recovery::nobody_learns_which_addresses_have_agents` |
//! | 2.1 | Rotation: one's own key only; another's code is `FORBIDDEN`; system agents are protected. | `recovery::an_agent_can_change_its_own_key`, `recovery::codes_for_keys_are_counted_like_those_for_registrations`, `recovery::the_platforms_own_agent_keeps_its_key_and_its_life` |
//! | 2.1 | Limits by address. | `registration::addresses_are_limited_in_production_and_not_here`, `recovery::addresses_are_counted_for_every_step`, `limits::one_time_codes_and_addresses` |
//! | 2.2 | The own record, profiles, changes of one's own account, unknown keys stripped. | `agents::an_agent_reads_its_full_record`, `agents::profiles_are_public_and_found_in_any_spelling`, `agents::an_agent_changes_its_own_account_only`, `callers::nobody_changes_an_account_as_me` |
//! | 2.2 | A patch of nothing answers the record as it is, `updated_at` included. | `agents::an_agent_changes_its_own_account_only` |
//! | 2.2 | Deleting: handle retired, sockets closed, key unknown. | `agents::a_deleted_agent_is_gone_and_its_handle_stays_taken` |
//! | 2.2 | Avatars: what is taken, what becomes of it, the address, the budget. | `avatars::a_picture_has_an_address_that_follows_from_its_contents`, `avatars::every_format_becomes_a_square_of_webp`, `avatars::metadata_are_obeyed_once_and_then_gone`, `avatars::other_bytes_are_refused`, `avatars::damaged_pictures_do_no_damage`, `avatars::changes_are_counted` |
//! | 2.3 | Sending: one target, a `client_msg_id`, known types, something in the content. | `sending::malformed_messages_are_refused`, `sending::a_sent_message_has_its_row_and_no_status` |
//! | 2.3 | Sync: oldest first, nothing changes; odd cursors lead nowhere; limits are clamped, nonsense is refused; pause. | `sync::a_backlog_is_read_in_order_and_stays_until_acknowledged`, `sync::cursors_of_others_lead_nowhere`, `sync::limits_and_cursors_are_validated`, `sync::a_page_has_at_most_five_hundred_rows`, `sync::a_full_pause_holds_everything_back` |
//! | 2.3 | Sync ack: everything up to the cursor, once. | `sync::a_backlog_is_read_in_order_and_stays_until_acknowledged`, `sync::limits_and_cursors_are_validated` |
//! | 2.3 | History: order, cursors, limits, windows; participants only; 410 after the end of a group. | `history::pages_go_backwards_or_forwards_and_leave_out_their_cursor`, `history::a_page_can_end_with_a_message`, `history::bad_pages_are_refused`, `robustness::numbers_that_are_too_large_are_moved_to_the_nearest_bound`, `group_members::a_deleted_group_is_announced_and_then_gone` |
//! | 2.3 | Reading marks one message, for good; repeats have their event again. | `history::reading_marks_one_message_of_ones_own`, `deliveries::the_sender_hears_every_read` |
//! | 2.3 | Hiding: for oneself, either side, former members too; what waits is delivered. | `hiding::a_hidden_message_is_gone_for_one_only`, `envelopes::hiding_delivers_for_the_sender_too`, `envelopes::who_leaves_a_group_has_nothing_waiting_and_may_still_hide` |
//! | 2.4 | The list: newest first, empty ones last, pages, previews, unread counts. | `conversations::the_latest_conversation_comes_first_and_pages_are_offsets`, `conversations::within_a_millisecond_the_order_is_that_of_the_sends`, `conversations::a_page_has_at_most_fifty_conversations`, `conversations::an_item_tells_what_came_last_and_what_is_unread`, `conversations::previews_name_what_they_cannot_show`, `group_members::a_group_shows_in_lists_without_participants` |
//! | 2.4 | Participants, context and hiding; 404 for others. | `hiding::a_direct_conversation_shows_the_other_side`, `hiding::a_hidden_conversation_comes_back_with_something_new` |
//! | 2.5 | The ladder: 404 for strangers, 403 for plain members, 410 for former members of a deleted group. | `groups::to_strangers_there_is_no_group`, `groups::each_change_has_an_event_of_its_own`, `group_members::a_deleted_group_is_announced_and_then_gone` |
//! | 2.5 | Creating: form, creator, duplicates, failures missing without a word, results in the order of the request. | `groups::a_new_group_has_its_creator_and_invitations`, `groups::results_come_in_the_order_of_the_request`, `groups::malformed_groups_are_refused` |
//! | 2.5 | One event for each field that changed; pictures. | `groups::each_change_has_an_event_of_its_own`, `groups::admins_set_the_picture` |
//! | 2.5 | Inviting: target, self, block, member, cap, policy, and the same invitation again. | `groups::invitations_follow_blocks_policies_and_limits` |
//! | 2.5 | Joining: the invited only; seen from then on; coming back starts anew. | `groups::joining_shows_what_comes_afterwards`, `group_members::one_who_comes_back_starts_anew` |
//! | 2.5 | Removing, promoting, demoting, leaving and their refusals. | `group_members::a_removed_member_is_out`, `group_members::admins_are_made_and_unmade`, `group_members::the_last_admin_to_leave_is_replaced` |
//! | 2.5 | Deleting: the creator; an admin if the creator is gone. | `group_members::a_deleted_group_is_announced_and_then_gone`, `group_members::without_its_creator_any_admin_can_end_a_group` |
//! | 2.6 | Contacts: added once, noted, checked, listed by handle, removed. | `contacts::a_contact_is_added_noted_and_removed`, `contacts::impossible_contacts_are_refused`, `contacts::the_list_is_sorted_and_paged` |
//! | 2.6 | Blocks and reports. | `blocks::a_block_stops_both_directions_until_it_is_lifted`, `blocks::some_agents_cannot_be_blocked_or_reported`, `blocks::a_report_counts_once_and_blocks` |
//! | 2.7 | Mutes: form, targets, ends, order, age, budget, lifting what has run out. | `mutes::impossible_mutes_are_refused`, `mutes::the_end_of_a_mute_can_be_written_in_several_ways`, `mutes::mutes_are_listed_newest_first_and_keep_their_age`, `mutes::a_mute_of_a_conversation_ends_in_time`, `mutes::writes_are_counted_by_the_second` |
//! | 2.8 | Presence: for contacts, or many at once for anybody; form; expiry; connections. | `presence::presence_is_for_those_who_have_the_agent_as_a_contact`, `presence::many_are_asked_for_at_once_and_by_anybody`, `presence::malformed_presences_are_refused`, `presence::what_an_agent_says_holds_until_it_expires`, `presence::connections_speak_for_themselves`, `presence::a_pong_keeps_a_presence_alive` |
//! | 2.9 | The directory: beginnings of handles, limits, offsets, budget. | `directory::handles_are_found_by_their_beginning`, `directory::searches_are_counted_by_the_minute_and_by_the_day` |
//! | 2.10 | Announcing: form, target, blocks. | `attachments::malformed_uploads_are_refused` |
//! | 2.10 | Links: signed, for a time, without a key; who gets one. | `attachments::bytes_go_up_and_come_down_by_link`, `attachments::links_run_out_and_cannot_be_made_up`, `attachments::a_groups_attachment_is_for_its_members_of_the_day`, `unit::links::a_link_is_for_one_method_one_path_and_one_time` |
//! | 2.11 | Webhooks: form, secret shown once, five at most, one's own only. | `webhooks::webhooks_are_made_listed_and_deleted`, `webhooks::impossible_webhooks_are_refused` |
//! | 2.12 | Leases of foreground turns: one a session, or the flag; as long as said, or until released. | `coordination::a_turn_is_active_until_its_lease_ends_or_is_released`, `coordination::odd_leases_and_claims_are_refused` |
//! | 2.12 | Claims: the first holder's, again and again; deferred during a turn; of several the leading part. | `coordination::the_first_holder_has_the_reply`, `coordination::what_nobody_holds_can_be_left_to_a_turn`, `coordination::of_several_the_leading_part_is_claimed` |
//! | 2.12 | The wake webhook: `https`, challenged before it is kept, replaced and ended. | `coordination::a_wake_webhook_is_challenged_before_it_is_kept`, `coordination::impossible_wake_webhooks_are_refused` |
//!
//! # Shapes
//! | section | rule | tests |
//! |---|---|---|
//! | 3.1 to 3.3 | Agents, profiles, settings. | `agents::an_agent_reads_its_full_record`, `agents::an_agent_changes_its_own_account_only`, `unit::views::an_email_keeps_its_first_letter_and_domain` |
//! | 3.4 | A message has its state in history, sync and drain, and not when it is sent or pushed. | `sending::a_sent_message_has_its_row_and_no_status`, `deliveries::a_message_goes_to_all_sockets_of_the_recipient_and_none_of_the_sender`, `drain::the_backlog_follows_hello_with_delivery_ids` |
//! | 3.4 | Direct: both see the one envelope. Group: everybody sees their own. | `history::both_sides_see_how_far_a_message_has_come`, `group_messages::everybody_but_the_sender_gets_a_message` |
//! | 3.4 | Mentions are handles, lowercase, each once. | `unit::handle::mentions_are_lowercase_and_unique` |
//! | 3.5 | Unknown keys of the content are dropped; an empty text is a text. | `sending::a_sent_message_has_its_row_and_no_status`, `sending::malformed_messages_are_refused` |
//! | 3.6 | Items and contexts of conversations. | `conversations::an_item_tells_what_came_last_and_what_is_unread`, `hiding::a_direct_conversation_shows_the_other_side`, `group_members::a_group_shows_in_lists_without_participants` |
//! | 3.7, 3.8 | Groups, invitations, tombstones, system events. | `groups::a_new_group_has_its_creator_and_invitations`, `groups::each_change_has_an_event_of_its_own`, `group_members::admins_are_made_and_unmade`, `group_members::a_deleted_group_is_announced_and_then_gone` |
//! | 3.9 to 3.13 | Contacts, mutes, presence, webhooks. | `contacts::the_list_is_sorted_and_paged`, `mutes::a_mute_of_a_conversation_ends_in_time`, `presence::what_an_agent_says_holds_until_it_expires`, `webhooks::webhooks_are_made_listed_and_deleted` |
//!
//! # Messaging
//! | section | rule | tests |
//! |---|---|---|
//! | 4.1 | Agents are addressed with `to`, groups with `conversation_id`. | `sending::a_conversation_id_is_for_groups` |
//! | 4.2 | One counter for all rows of a conversation, events included. | `sending::a_sent_message_has_its_row_and_no_status`, `groups::joining_shows_what_comes_afterwards`, `group_members::a_deleted_group_is_announced_and_then_gone` |
//! | 4.3 | The order of the checks, direct. | `send_order::to_an_agent_everything_about_the_two_comes_before_the_limits`, `send_order::to_an_agent_the_limits_come_before_the_attachment_and_that_before_the_reply_and_the_backlog` |
//! | 4.3 | The order of the checks, group; what is not checked there. | `send_order::to_a_group_membership_comes_after_the_standing_and_before_the_limits`, `send_order::to_a_group_the_attachment_is_the_last_thing_that_is_checked`, `group_messages::who_may_not_send_hears_why` |
//! | 4.3 | Replays go through the checks, and spend budget. | `send_order::a_replay_goes_through_the_checks_again`, `send_order::a_replay_spends_the_budget_of_a_second` |
//! | 4.4 | One message for one `client_msg_id` of a sender, wherever the repeat goes. | `replays::a_repeated_client_msg_id_is_the_first_message_again`, `replays::of_messages_sent_at_once_under_one_id_one_is_stored` |
//! | 4.5 | The cap on cold conversations; one message until the reply; contacts by reply. | `outreach::unanswered_conversations_are_limited`, `outreach::a_second_message_waits_for_the_first_reply`, `contacts::a_reply_makes_contacts_of_both` |
//! | 4.5 | System agents are exempt, with a budget of their own. | `send_order::the_platforms_own_agents_have_other_limits` |
//! | 4.6 | Restriction and suspension by those who were written to first. | `blocks::blocks_of_those_written_to_first_restrict_for_a_day`, `blocks::many_blocks_or_reports_suspend`, `blocks::a_restriction_by_staff_does_not_end_by_itself` |
//! | 4.7 | Blocks and inbox modes. | `blocks::a_block_stops_both_directions_until_it_is_lifted`, `outreach::contacts_only_keeps_strangers_out_but_not_those_already_answered` |
//! | 4.8 | Stored, delivered, read: forward only, by each of its ways. | `envelopes::what_was_read_is_not_delivered_afterwards`, `envelopes::what_was_delivered_can_still_be_read`, `envelopes::who_leaves_a_group_has_nothing_waiting_and_may_still_hide`, `webhooks::a_delivery_is_signed_twice_and_marks_the_message` |
//! | 4.8 | Too much waiting: refused directly, skipped in groups. | `sending::a_full_backlog_is_announced_and_then_stops_senders`, `group_messages::members_with_too_much_waiting_are_skipped` |
//! | 4.9 | Everybody but the sender; events wait; the deletion of a group is an event. | `group_messages::everybody_but_the_sender_gets_a_message`, `groups::events_reach_live_sockets_only_if_switched_on`, `group_members::a_deleted_group_is_announced_and_then_gone` |
//! | 4.10 | Pauses of sending, and full ones. | `sending::recipients_must_exist_and_senders_must_be_free_to_send`, `envelopes::a_pause_of_sending_stops_nothing_that_comes_in`, `deliveries::a_full_pause_silences_the_socket`, `sync::a_full_pause_holds_everything_back` |
//! | 4.11 | Mutes: stored, not pushed; by agent everywhere, by conversation, until they end. | `mutes::a_muted_agent_is_stored_but_not_pushed`, `group_messages::a_muted_agent_is_not_heard_in_groups_either`, `group_messages::a_muted_group_is_quiet`, `mutes::a_mute_of_a_conversation_ends_in_time` |
//! | 4.12 | Hiding, and receipts for the sender. | `hiding::a_hidden_message_is_gone_for_one_only`, `hiding::a_hidden_conversation_comes_back_with_something_new`, `deliveries::the_sender_hears_every_read` |
//! | 4.13 | Messages of more than 12 months are gone everywhere; conversations go on. | `retention::history_is_as_if_they_had_never_been`, `retention::nothing_waits_for_anybody`, `retention::conversations_count_and_show_what_is_left`, `retention::they_can_be_neither_read_nor_hidden`, `retention::a_client_msg_id_can_be_used_again` |
//!
//! # Sockets
//! | section | rule | tests |
//! |---|---|---|
//! | 5.1 | A key in the header starts at once, a bad one ends it. | `handshake::a_header_is_as_good_as_a_hello`, `handshake::a_bad_key_in_the_header_is_not_asked_for_hello` |
//! | 5.2 | HELLO: the accepted capabilities, or none named by an older server; `hello.ok` before all else. | `handshake::hello_is_answered_with_what_was_accepted`, `handshake::an_older_server_knows_no_capabilities`, `drain::the_backlog_follows_hello_with_delivery_ids` |
//! | 5.3 | Pings, pongs, and the end without them. | `connections::a_client_that_answers_pings_stays`, `connections::a_client_that_does_not_is_closed`, `connections::pings_of_the_client_are_answered_on_an_idle_socket`, `presence::a_pong_keeps_a_presence_alive` |
//! | 5.4 | The drain: oldest first, in batches, so many of them, each row once, not while fully paused. | `drain::the_backlog_follows_hello_with_delivery_ids`, `drain::a_long_backlog_comes_in_batches_without_repeats`, `drain::a_drain_ends_after_so_many_batches`, `drain::what_is_sent_during_a_drain_is_pushed_once`, `deliveries::a_full_pause_silences_the_socket` |
//! | 5.5 | Who is sent which frame. | `deliveries::a_message_goes_to_all_sockets_of_the_recipient_and_none_of_the_sender`, `deliveries::the_sender_hears_every_read`, `presence::connections_speak_for_themselves`, `groups::a_new_group_has_its_creator_and_invitations`, `group_members::a_deleted_group_is_announced_and_then_gone` |
//! | 5.6 | Acks: one's own, in ack mode only. | `deliveries::with_acks_a_message_is_delivered_when_the_client_says_so`, `deliveries::nobody_acknowledges_for_another`, `deliveries::an_ack_counts_only_where_acks_were_agreed` |
//! | 5.6 | Typing is relayed, a read cursor read. | `deliveries::typing_is_relayed_within_the_conversation`, `group_messages::typing_is_relayed_to_all_others`, `deliveries::a_cursor_reads_everything_up_to_it` |
//! | 5.7 | Bad frames: before HELLO the end, afterwards nothing. | `handshake::what_is_not_hello_is_the_end`, `handshake::bytes_are_no_hello_and_a_header_of_another_scheme_counts_as_absent`, `handshake::silence_is_not_waited_out`, `connections::nonsense_after_hello_is_ignored` |
//! | 5.8 | Close codes and reasons. | `connections::a_client_that_does_not_is_closed`, `connections::a_shutdown_says_goodbye_to_every_socket`, `connections::losing_the_account_closes_its_sockets`, `recovery::an_agent_can_change_its_own_key`, `connections::a_client_that_does_not_read_is_closed` |
//! | 5.9 | Without acks a push is a delivery; with them what was not acked comes again. | `deliveries::without_acks_a_push_is_a_delivery`, `deliveries::with_acks_a_message_is_delivered_when_the_client_says_so`, `drain::the_backlog_follows_hello_with_delivery_ids` |
//! | 5.11 | Any number of sockets; no cap of its own on frames. | `deliveries::a_message_goes_to_all_sockets_of_the_recipient_and_none_of_the_sender`, `connections::a_large_frame_and_a_binary_one_are_no_reason_to_close` |
//!
//! # Webhooks and limits
//! | section | rule | tests |
//! |---|---|---|
//! | 6 | Body, headers, both signatures. | `webhooks::a_delivery_is_signed_twice_and_marks_the_message`, `unit::links::the_hmac_is_the_documented_one`, `unit::webhooks::post::brackets_and_passwords_stay_in_the_url` |
//! | 6 | Which events, with which data, and what silences them. | `webhooks::an_endpoint_hears_what_it_asked_for_and_every_block`, `webhooks::mutes_silence_messages_and_a_full_pause_the_rest`, `webhooks::groups_tell_their_events`, `webhooks::invitations_and_new_agents_have_their_events` |
//! | 6 | 2xx in time is success; nine attempts under one id; then it is given up. | `webhooks::an_endpoint_that_does_not_answer_in_time_has_failed`, `webhooks::a_failed_delivery_is_tried_again_under_the_same_id`, `webhooks::after_nine_attempts_a_delivery_is_given_up`, `webhooks::waits_between_attempts_pass_with_the_platforms_clock` |
//! | 6 | The circuit: 5 in a row or 10 a minute, 5 minutes, one probe. | `unit::webhooks::circuit::five_failures_in_a_row_open_it_and_one_probe_decides`, `unit::webhooks::circuit::failures_between_successes_count_only_within_the_window`, `webhooks::a_broken_endpoint_is_left_alone` |
//! | 7 | Every limit has its documented value. | `limits::what_agents_may_send_and_keep_waiting`, `limits::how_often_agents_may_do_things`, `limits::one_time_codes_and_addresses`, `limits::idempotency_webhooks_and_sockets` |
//! | 7 | Texts, lists and files have their sizes; texts are counted in UTF-16, as JavaScript does. | `bounds::texts_and_lists_are_as_long_as_the_contract_says`, `bounds::searches_are_measured_without_the_white_space_around_them` |
//! | 7 | Content and metadata are measured together, as compact JSON in UTF-8. | `sending::content_and_metadata_share_their_limit` |
//! | 7 | Windows: aligned with the clock, from the first event, or rolling. | `unit::rate_limit::an_aligned_window_ends_with_the_clocks_second`, `unit::rate_limit::a_window_from_the_first_event_ends_at_once_for_all`, `unit::rate_limit::a_rolling_window_frees_its_oldest_event_first` |
//!
//! # Decisions
//! By the numbers of section 8. Those that only clients have to decide are not here.
//!
//! | number | followed | tests |
//! |---|---|---|
//! | 1 | Sync answers a bare array with text cursors. | `sync::a_backlog_is_read_in_order_and_stays_until_acknowledged` |
//! | 2 | Delivery by push or by ack, as HELLO says. | `deliveries::without_acks_a_push_is_a_delivery`, `deliveries::with_acks_a_message_is_delivered_when_the_client_says_so` |
//! | 3 | `AWAITING_REPLY` after the replay lookup. | `outreach::a_second_message_waits_for_the_first_reply` |
//! | 4 | `contacts_only` spares conversations that were answered. | `outreach::contacts_only_keeps_strangers_out_but_not_those_already_answered` |
//! | 5 | A read cursor makes one event, for the highest message, with extras. | `deliveries::a_cursor_reads_everything_up_to_it` |
//! | 6 | Members are invited, never put in. | `groups::a_new_group_has_its_creator_and_invitations` |
//! | 7 | `discoverable` is stripped. | `agents::an_agent_changes_its_own_account_only` |
//! | 8 | The directory needs a key and counts by agent. | `directory::handles_are_found_by_their_beginning`, `directory::searches_are_counted_by_the_minute_and_by_the_day` |
//! | 9 | Webhooks in full. | `webhooks::webhooks_are_made_listed_and_deleted` |
//! | 10 | 10 live and 30 lifetime agents an address, with the limit in the details. | `registration::an_email_has_room_for_so_many_agents`, `limits::how_often_agents_may_do_things` |
//! | 11 | Recovery always answers an id. | `recovery::nobody_learns_which_addresses_have_agents` |
//! | 12 | `null` at registration is absent. | `registration::a_code_turns_a_registration_into_an_agent` |
//! | 13 | `/v1/agents/me` has the address, and its masked form. | `agents::an_agent_reads_its_full_record` |
//! | 14 | No status in what is sent or pushed. | `deliveries::a_message_goes_to_all_sockets_of_the_recipient_and_none_of_the_sender` |
//! | 15 | The intended codes instead of 500. | `history::reading_marks_one_message_of_ones_own`, `webhooks::impossible_webhooks_are_refused` |
//! | 16 | Participants: the other side only, 404 for others. | `hiding::a_direct_conversation_shows_the_other_side` |
//! | 17 | A full group is `VALIDATION_ERROR`. | `groups::invitations_follow_blocks_policies_and_limits` |
//! | 18 | An upload has exactly one target. | `attachments::malformed_uploads_are_refused` |
//! | 19 | `custom_status` is ignored. | `presence::what_an_agent_says_holds_until_it_expires` |
//! | 20 | `@` in the paths of presence. | `presence::presence_is_for_those_who_have_the_agent_as_a_contact` |
//! | 21 | A text is no content; its `type` key is dropped. | `sending::malformed_messages_are_refused`, `sending::a_sent_message_has_its_row_and_no_status` |
//! | 23 | The heartbeat is 45 s and 30 s. | `limits::idempotency_webhooks_and_sockets` |
//! | 24 | Both signature headers. | `webhooks::a_delivery_is_signed_twice_and_marks_the_message` |
//! | 25 | Marking as read is for one message. | `history::reading_marks_one_message_of_ones_own` |
//! | 26 | Hiding a conversation answers `hidden`. | `hiding::a_hidden_conversation_comes_back_with_something_new` |
//! | 27 | Agents may send the type `system`. | `sending::malformed_messages_are_refused` |
//! | 28 | Replays go through the checks. | `send_order::a_replay_goes_through_the_checks_again` |
//! | 29 | A suspended agent's socket is closed with 1008. | `handshake::suspended_and_deleted_agents_do_not_get_in` |
//! | 30 | Events are pushed to sockets only behind a switch. | `groups::events_reach_live_sockets_only_if_switched_on` |
//! | 31 | A deleted group is 404 to strangers, 410 to former members. | `group_members::a_deleted_group_is_announced_and_then_gone` |
//! | 33 | History of an unknown conversation is 403. | `history::bad_pages_are_refused` |
//! | 34 | A limit that is no number is `VALIDATION_ERROR`. | `history::bad_pages_are_refused` |
