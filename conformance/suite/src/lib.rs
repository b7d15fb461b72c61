//! Scenarios over real sockets, written once; each adapter instantiates all of them in one file of a few lines.
//!
//! An adapter's test implements [`Adapter`] and names it to the [`suite!`](crate::suite!) macro, which makes a test of every
//! scenario. The servers on the other side run on a tokio runtime of their own, whatever runtime the client is on.
//!
//! A new scenario is a function in the file of its topic and its name in `scenarios!` below; the adapters need nothing.

mod adapter;
mod cancelled_calls;
mod cancelled_sessions;
mod certificate;
mod closes;
mod connecting;
mod crowd;
mod downloads;
mod dropping;
mod faults;
mod files;
mod hooks;
mod http;
mod http2;
mod http2_files;
mod http_bodies;
mod lists;
mod platform;
mod programs;
mod proxy;
mod readme;
mod rest;
mod server;
mod session;
mod store;
mod time_outs;
mod tls;
mod trace;
mod websocket;

pub use adapter::Adapter;

/// Lists the scenarios: what is not named here is dead code, and refused by the compiler. For each there is a function
/// that runs it, and in `suite!` a test that calls that.
macro_rules! scenarios {
    ($d:tt $( $module:ident { $( $name:ident, )+ } )+) => {
        /// The names of all scenarios, as the tests of an adapter have them.
        const NAMES: &[&str] = &[$( $( concat!(stringify!($module), "::", stringify!($name)), )+ )+];

        /// The scenarios as functions, for an adapter.
        pub mod scenarios {
            $(
                #[doc = concat!("Scenarios of `", stringify!($module), "`.")]
                pub mod $module {
                    $(
                        #[doc = concat!("Runs `", stringify!($name), "`.")]
                        pub fn $name<A: crate::Adapter>() {
                            crate::adapter::run::<A>(crate::$module::$name::<A>());
                        }
                    )+
                }
            )+
        }

        /// Makes a test of every scenario for one [`Adapter`](crate::Adapter).
        #[macro_export]
        macro_rules! suite {
            ($d adapter:ident) => {
                $(
                    mod $module {
                        $(
                            #[test]
                            fn $name() {
                                $d crate::scenarios::$module::$name::<super::$d adapter>();
                            }
                        )+
                    }
                )+
            };
        }
    };
}

scenarios! { $
    http {
        a_call_arrives_as_it_should_and_is_answered,
        a_post_without_a_body_says_so,
        a_request_and_its_small_body_arrive_at_once,
        a_503_is_retried,
        where_nobody_listens_nothing_was_sent,
        a_message_that_may_have_arrived_is_never_said_to_be_unsent,
        a_connection_is_kept_for_the_next_call,
        a_connection_is_not_kept_for_longer_than_asked,
        an_answer_that_breaks_off_may_have_been_acted_upon,
        what_is_not_http_is_a_protocol_fault,
        redirects_are_not_followed,
        a_name_is_looked_up,
    }
    http_bodies {
        a_body_above_the_limit_is_refused_whether_announced_or_not,
        an_error_keeps_its_status_however_large_its_body_is,
        an_error_keeps_its_status_if_its_body_breaks_off,
        an_answer_may_be_as_large_as_its_endpoint_has_it,
        a_client_can_have_a_lower_limit,
        a_body_whose_end_is_a_matter_of_opinion_is_refused,
        bodies_stream_both_ways,
        a_body_that_is_cut_short_is_no_whole_request,
    }
    connecting {
        an_ipv6_address_is_dialled,
        a_setup_that_cannot_work_is_an_error_at_once_and_not_tried_again,
        a_host_that_accepts_and_says_nothing_is_given_up,
    }
    proxy {
        https_goes_through_a_tunnel,
        http_goes_through_a_tunnel_and_its_headers_stay_inside,
        websockets_go_through_a_tunnel,
        a_proxy_may_itself_be_spoken_to_over_tls,
        a_proxy_may_speak_socks,
        a_proxy_that_refuses_is_a_fault_before_anything_is_sent,
        a_proxy_that_says_nothing_is_given_up,
        this_machine_is_reached_without_the_proxy,
    }
    files {
        a_file_goes_up_and_comes_down_without_the_key,
        what_is_not_for_you_or_has_expired_cannot_be_had,
        an_upload_that_breaks_off_is_sent_again,
        a_store_that_refuses_early_is_heard,
        a_download_that_breaks_off_goes_on,
    }
    downloads {
        parts_are_joined_if_they_are_of_one_file_and_asked_for_until_it_is_whole,
        another_file_in_place_of_the_first_is_no_success,
        an_encoding_that_was_not_asked_for_is_refused,
        a_tls_connection_that_is_cut_is_no_end_of_a_file,
    }
    hooks {
        hooks_run_in_the_background_and_hear_of_warnings,
        a_hook_that_blocks_holds_no_call_up,
        events_can_be_read_as_a_stream,
    }
    lists {
        lists_are_read_page_by_page_to_their_end,
        history_is_read_both_ways_around_what_is_hidden,
    }
    tls {
        the_best_version_that_is_offered_is_spoken,
        roots_of_ones_own_are_trusted_and_an_empty_set_is_an_error,
        an_unknown_root_is_refused_before_anything_is_sent,
        the_systems_verifier_knows_no_root_of_ours,
        a_websocket_does_not_ask_for_http_2,
        a_peer_without_tls_is_a_fault_before_anything_is_sent,
    }
    websocket {
        text_goes_both_ways,
        the_peers_close_ends_the_stream_even_if_the_connection_just_breaks,
        a_connection_that_just_ends_is_a_fault,
        a_refused_upgrade_tells_the_status,
        what_was_not_offered_ends_the_upgrade_before_anything_is_sent,
        a_peer_that_pings_and_does_not_read_is_left,
        a_large_frame_of_ours_goes_out_among_pings,
        a_frame_above_the_limit_is_refused,
    }
    session {
        a_message_is_handled_and_acked_and_the_session_closed,
        a_ping_gets_its_pong_on_an_otherwise_silent_connection,
        a_peer_that_sends_and_never_reads_is_left,
        a_large_frame_that_comes_slowly_is_no_dead_connection,
        a_terminal_close_halts_the_session_with_its_reason,
        a_lost_connection_is_replaced,
    }
    rest {
        an_agent_registers_writes_and_reads,
        whatever_becomes_of_its_answer_a_send_is_stored_once,
        an_answer_that_never_comes_is_given_up_and_the_send_stored_once,
        slow_answers_are_waited_for,
        retry_after_is_obeyed_and_returned_when_it_is_too_long,
    }
    time_outs {
        a_peer_that_never_answers,
        a_head_that_never_ends,
        a_body_that_never_ends,
        a_body_that_drips,
        interim_answers_without_end,
        a_deadline_ends_all_attempts,
    }
    http2 {
        many_requests_share_one_connection,
        a_refused_stream_was_not_sent_and_another_reset_may_have_been,
        a_request_is_given_up_when_its_connection_has_ended_without_an_answer,
        requests_are_answered_after_a_goaway_and_others_find_a_new_connection,
    }
    http2_files {
        files_go_both_ways_on_one_connection_and_go_on_after_a_reset,
    }
    faults {
        messages_that_are_dropped,
        messages_that_come_several_times,
        messages_that_are_late,
        messages_that_overtake_each_other,
        garbage_in_place_of_messages,
        sockets_that_are_closed,
        sockets_that_are_cut,
        sockets_that_are_reset,
        sockets_that_are_half_open,
        sockets_that_are_cut_between_a_message_and_its_ack,
        acks_that_are_lost_late_or_doubled,
        a_hello_that_is_not_answered,
        a_sync_that_fails_in_every_way,
        a_cursor_whose_commit_fails,
        upgrades_that_are_refused,
        sends_whose_answers_are_lost,
        everything_at_once,
    }
    closes {
        every_other_close_is_reported_and_followed_by_a_new_connection,
        closes_for_good_halt_the_session_and_say_why,
        a_frame_of_a_megabyte_is_delivered_whole,
        a_close_waits_for_the_handler_and_its_ack_arrives,
        a_platform_that_shuts_down_under_load_loses_nothing_that_it_still_holds,
    }
    programs {
        answers_go_where_the_message_came_from_and_group_events_are_told_apart,
        an_end_that_nobody_asked_for_is_an_error_that_says_what_to_do,
        what_was_handled_is_known_to_the_next_session_that_has_the_file,
    }
    cancelled_calls {
        every_call_can_be_dropped_at_any_point_and_leaves_no_connection,
        a_call_can_be_dropped_at_any_point_and_made_again,
        lists_can_be_dropped_at_any_point_and_go_on_where_they_were,
        files_can_be_dropped_on_their_way_and_sent_again,
        hooks_can_be_dropped_at_any_point_and_no_call_minds,
        an_opening_can_be_dropped_at_any_point_and_leaves_no_socket,
    }
    cancelled_sessions {
        a_session_can_be_dropped_at_any_point_and_the_next_one_hears_it_all,
        waits_of_a_session_can_be_dropped_and_lose_nothing,
        handlers_can_be_dropped_and_their_messages_are_offered_again,
    }
    crowd {
        a_thousand_sessions_hear_each_their_own,
    }
    trace {
        one_conversation_has_one_trace,
    }
    readme {
        the_table_of_the_readme_names_tests_that_this_adapter_passes,
    }
}

/// The programs of the root's README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
