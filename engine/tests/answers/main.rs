//! Whatever the platform answers to any row of the table: it is decoded, or it is a typed error, and nothing panics.

mod calls;
#[path = "../samples/json.rs"]
mod json;
mod odd_members;
mod samples;
#[path = "../samples/spoiled.rs"]
mod spoiled;

use agentchat_engine::rest::{Method, Route, TABLE};
use calls::{Outcome, answer};
use json::any_json;
use proptest::prelude::*;
use samples::{least, sample};
use spoiled::{mutated, with_strange_members};

/// What may become of a success: a question whose answer cannot be read is asked again.
fn is_read_or_refused(route: &Route, outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Decoded | Outcome::Undecodable)
        || (*outcome == Outcome::Retried && route.method == Method::Get)
}

#[test]
fn every_row_decodes_what_the_contract_shows() {
    for route in TABLE {
        let outcome = answer(route.name, 200, sample(route.name).to_string().as_bytes());
        assert_eq!(outcome, Outcome::Decoded, "{}", route.name);
    }
}

/// Older servers say less, and newer descriptions of some answers are short (contract 2, 3 and 8).
#[test]
fn every_row_decodes_the_least_that_the_contract_allows() {
    for (name, body) in least() {
        assert_eq!(answer(name, 200, body.to_string().as_bytes()), Outcome::Decoded, "{name}: {body}");
    }
}

/// Members of a later version, and optional ones that are null or left out, change nothing about that.
#[test]
fn every_row_decodes_what_a_later_version_may_show() {
    for route in TABLE {
        let later = with_strange_members(sample(route.name));
        assert_eq!(answer(route.name, 200, later.to_string().as_bytes()), Outcome::Decoded, "{}: {later}", route.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A sample of each row with something in it replaced, taken out or doubled.
    #[test]
    fn a_damaged_answer_decodes_or_is_a_typed_error(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        with in any_json(),
        status in prop::sample::select(vec![200_u16, 201, 202, 204]),
    ) {
        for route in TABLE {
            let body = mutated(sample(route.name), &picks, &with);
            let outcome = answer(route.name, status, body.to_string().as_bytes());
            prop_assert!(is_read_or_refused(route, &outcome), "{}: {outcome:?}", route.name);
        }
    }

    /// Any JSON and any bytes, as an answer and as a refusal.
    #[test]
    fn anything_at_all_decodes_or_is_a_typed_error(
        value in any_json(),
        bytes in prop::collection::vec(any::<u8>(), 0..64),
        refusal in prop::sample::select(vec![400_u16, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503, 599]),
    ) {
        for route in TABLE {
            for body in [value.to_string().as_bytes(), &bytes] {
                prop_assert!(is_read_or_refused(route, &answer(route.name, 200, body)), "{}", route.name);
                // A 404 can be an answer: there is no mute.
                let outcome = answer(route.name, refusal, body);
                prop_assert!(
                    matches!(outcome, Outcome::Api | Outcome::Retried) || (refusal == 404 && outcome == Outcome::Decoded),
                    "{} {refusal}: {outcome:?}", route.name
                );
            }
        }
    }

    /// A refusal in the contract's form, with details of any kind.
    #[test]
    fn any_details_of_a_refusal_are_kept_or_left_alone(
        code in prop::sample::select(vec!["RECIPIENT_BACKLOGGED", "AWAITING_REPLY", "GROUP_DELETED", "HANDLE_REQUIRED",
            "EMAIL_LIMIT_REACHED", "EMAIL_EXHAUSTED", "VALIDATION_ERROR", "RATE_LIMITED", "SUSPENDED", "NEW_CODE"]),
        details in any_json(),
        extra in any_json(),
    ) {
        let body = serde_json::json!({
            "code": code, "message": "no", "details": details, "retry_after_ms": extra, "reason": extra, "detail": extra,
        });
        for name in ["send_message", "get_group", "recover_verify", "register", "mute_agent"] {
            prop_assert_eq!(answer(name, 418, body.to_string().as_bytes()), Outcome::Api);
        }
    }
}
