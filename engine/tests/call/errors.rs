//! Answers that are errors, and answers that cannot be read.

use agentchat_engine::rest::{GetMe, SendMessage};
use agentchat_engine::{CallOptions, Error, ErrorCode, ErrorKind, FaultKind, WasSent, limits};
use serde_json::json;

use crate::bench::Bench;

fn api(status: u16, body: &str) -> agentchat_engine::ApiError {
    let options = CallOptions::default().retry(agentchat_engine::RetryPolicy::never());
    let mut bench = Bench::new(GetMe::new(), options);
    bench.answer(status, &[("x-request-id", "req_1")], body);
    let Error::Api(error) = bench.error() else { panic!("{:?}", bench.error()) };
    (**error).clone()
}

#[test]
fn an_error_keeps_code_message_details_and_request_id() {
    let error = api(403, r#"{"code":"AWAITING_REPLY","message":"wait","details":{"waiting_since":"x"},"reason":"r"}"#);
    assert_eq!((error.kind(), error.code.as_str()), (ErrorKind::AwaitingReply, "AWAITING_REPLY"));
    assert_eq!(error.details.unwrap().get::<String>("waiting_since").unwrap(), "x");
    assert_eq!(error.extra.unwrap().as_str(), r#"{"reason":"r"}"#);
    assert_eq!(error.request_id.as_deref(), Some("req_1"));
}

#[test]
fn unknown_codes_and_bare_statuses_fall_back_by_status() {
    for (status, kind) in [
        (400, ErrorKind::Validation),
        (401, ErrorKind::Unauthorized),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::AgentChat),
        (410, ErrorKind::AgentChat),
        (429, ErrorKind::RateLimited),
        (302, ErrorKind::AgentChat),
        (500, ErrorKind::Server),
        (599, ErrorKind::Server),
    ] {
        for body in ["", "<html>", "null", "[1]", r#"{"code":7,"message":[]}"#, "\u{0}"] {
            let error = api(status, body);
            assert_eq!(error.kind(), kind, "{status} {body}");
            assert_eq!(error.code.as_str(), format!("HTTP_{status}"));
            assert!(!error.message.is_empty());
        }
    }
    let unknown = api(404, r#"{"code":"NEW_THING","message":"m"}"#);
    assert_eq!((unknown.kind(), &unknown.code), (ErrorKind::NotFound, &ErrorCode::from("NEW_THING")));
    assert_eq!(api(400, r#"{"code":"NEW_THING","message":"m"}"#).kind(), ErrorKind::AgentChat);
}

#[test]
fn a_body_that_is_no_error_of_the_platform_is_kept_as_details() {
    for body in [r#"{"error":"no","retry_after_ms":5}"#, r#"["a"]"#, "7", r#"{"code":"X"}"#, r#"{"message":"m"}"#] {
        let expected: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(api(409, body).details.unwrap().value().unwrap()["body"], expected);
    }
    for body in ["", "<html>", "null", r#"{"code":"X","message":"m"}"#] {
        assert_eq!(api(409, body).details, None, "{body}");
    }
    // Where the body has details of its own, they stay where they are.
    assert_eq!(api(409, r#"{"code":"X","details":{"limit":3}}"#).details.unwrap().get::<u64>("limit"), Some(3));
}

#[test]
fn of_a_body_that_is_too_large_the_rest_of_the_answer_is_kept() {
    let body = format!(r#"{{"code":"X","message":"m","details":"{}"}}"#, "x".repeat(limits::ERROR_BODY));
    let error = api(503, &body);
    assert_eq!((error.status, error.code.as_str(), error.kind()), (503, "HTTP_503", ErrorKind::Server));
    assert_eq!((error.request_id.as_deref(), error.details), (Some("req_1"), None));
    assert_eq!(error.message, "Service Unavailable (the body was larger than 1048576 bytes and was left out)");
}

#[test]
fn words_of_an_error_are_bounded() {
    let body = json!({"code": "C".repeat(5_000), "message": "m".repeat(500_000), "details": {"a": 1}});
    let mut bench = Bench::new(GetMe::new(), CallOptions::default());
    bench.answer(400, &[("x-request-id", &"r".repeat(300_000))], &body.to_string());
    let error = bench.error().api().unwrap();
    assert_eq!((error.code.as_str().len(), error.message.len()), (limits::IDENTIFIER, limits::PEER_TEXT));
    assert_eq!(error.request_id.as_ref().map(String::len), Some(limits::IDENTIFIER));
    assert!(format!("{error} {error:?}").len() < 20_000);
}

#[test]
fn an_answer_larger_than_its_endpoint_can_have_was_executed_and_is_not_read() {
    let mut bench = Bench::new(GetMe::new(), CallOptions::default());
    bench.answer(200, &[], &format!(r#"{{"handle":"alice","x":"{}"}}"#, "x".repeat(limits::ANSWER_BODY)));
    let error = bench.error();
    assert!(matches!(error, Error::Undecodable { status: 200, .. }), "{error:?}");
    assert!(error.to_string().contains("larger than 1048576 bytes"), "{error}");
}

#[test]
fn an_error_under_error_is_read_like_a_flat_one() {
    let nested =
        r#"{"error":{"code":"COLD_CAP_EXCEEDED","message":"tomorrow","details":{"retry_after_ms":5}},"trace":"t"}"#;
    let error = api(429, nested);
    assert_eq!((error.kind(), &error.code), (ErrorKind::RateLimited, &ErrorCode::ColdCapExceeded));
    assert_eq!((error.message.as_str(), error.retry_after.unwrap().as_millis()), ("tomorrow", 5));
    assert_eq!(
        (error.details.unwrap().get::<u64>("retry_after_ms"), error.extra.unwrap().as_str()),
        (Some(5), r#"{"trace":"t"}"#)
    );
    let deleted = api(410, r#"{"error":{"code":"GROUP_DELETED","message":"m","details":{"group_id":"grp_1"}}}"#);
    assert_eq!(deleted.deleted_group().unwrap().group_id.unwrap().as_str(), "grp_1");
    // A code on top is the one that counts, and another's form of errors is kept as it came.
    let both = api(403, r#"{"code":"BLOCKED","message":"m","error":{"code":"X","message":"x"}}"#);
    assert_eq!(
        (both.kind(), both.extra.unwrap().as_str()),
        (ErrorKind::Blocked, r#"{"error":{"code":"X","message":"x"}}"#)
    );
    for body in [r#"{"error":{"code":403,"message":"m"}}"#, r#"{"error":{"message":"m"}}"#, r#"{"error":["code"]}"#] {
        let error = api(403, body);
        assert_eq!(error.code.as_str(), "HTTP_403");
        assert_eq!(error.details.unwrap().as_str(), format!(r#"{{"body":{body}}}"#));
    }
}

#[test]
fn codes_of_the_public_documents_are_known() {
    let code = |status, code: &str| api(status, &format!(r#"{{"code":"{code}","message":"m"}}"#));
    assert_eq!(code(403, "AGENT_RESTRICTED").kind(), ErrorKind::Restricted);
    assert_eq!(code(429, "COLD_CAP_EXCEEDED").kind(), ErrorKind::RateLimited);
    assert_eq!(code(404, "PENDING_NOT_FOUND").code, ErrorCode::PendingNotFound);
    assert_eq!(code(404, "PENDING_NOT_FOUND").kind(), ErrorKind::NotFound);
    assert_eq!(code(400, "RESERVED_HANDLE").code, ErrorCode::ReservedHandle);
    assert_eq!(code(422, "WEBHOOK_UNREACHABLE").code, ErrorCode::WebhookUnreachable);
}

#[test]
fn one_detail_of_another_type_takes_no_other_with_it() {
    let details = r#"{"group_id":7,"deleted_by_handle":"bob","deleted_at":{}}"#;
    let deleted = api(410, &format!(r#"{{"code":"GROUP_DELETED","message":"m","details":{details}}}"#));
    let deleted = deleted.deleted_group().expect("who deleted it can be read");
    assert_eq!(deleted.deleted_by_handle.unwrap().as_str(), "bob");
    assert!(deleted.group_id.is_none() && deleted.deleted_at.is_none() && deleted.extra["group_id"] == 7);
    let waiting =
        api(403, r#"{"code":"AWAITING_REPLY","message":"m","details":{"recipient_handle":7,"waiting_since":"x"}}"#);
    assert!(waiting.recipient().is_none() && waiting.waiting_since().is_some());
    // The hint beside the details stands, whatever the one among them is.
    let hint = api(
        429,
        r#"{"code":"RATE_LIMITED","message":"m","details":{"retry_after_ms":"soon"},"retry_after_ms":1500.5}"#,
    );
    assert_eq!(hint.retry_after.unwrap().as_millis(), 1_501);
}

#[test]
fn an_unreadable_success_says_that_the_call_was_executed_and_does_not_quote_it() {
    for body in ["<html>secret</html>", "{", "[]", "7", "", " ", r#"{"handle":"secret"#, r#"{"handle":["secret"]}"#] {
        let mut bench = Bench::new(SendMessage::to("alice", "hi"), CallOptions::default());
        bench.answer(201, &[("x-request-id", "req_2")], body);
        let error = bench.error();
        let Error::Undecodable { status: 201, .. } = error else { panic!("{error:?}") };
        assert!(error.maybe_executed());
        assert_eq!(error.request_id(), Some("req_2"));
        let text = format!("{error} {error:?}");
        assert!(text.contains("executed") && !text.contains("secret"), "{text}");
    }
}

#[test]
fn errors_say_whether_the_platform_may_have_acted() {
    let fault = |sent| {
        let options = CallOptions::default().retry(agentchat_engine::RetryPolicy::never());
        let mut bench = Bench::new(GetMe::new(), options);
        bench.fault(FaultKind::Connect, sent);
        bench.error().maybe_executed()
    };
    assert!(fault(WasSent::Maybe) && !fault(WasSent::No));
}

#[test]
fn a_reply_carries_what_its_headers_say() {
    let message = r#"{"id":"m","conversation_id":"c","sender":"me","seq":1,"type":"text","content":{"text":"hi"},
        "created_at":"2026-04-20T10:00:00Z","brand_new":1}"#;
    let mut bench = Bench::new(SendMessage::to("alice", "hi"), CallOptions::default());
    bench.answer(200, &[("x-request-id", "r"), ("x-backlog-warning", "alice=5000")], message);
    let reply = bench.done.unwrap().unwrap();
    assert_eq!((reply.meta.status, reply.meta.request_id.as_deref(), reply.meta.attempts), (200, Some("r"), 1));
    assert_eq!(reply.meta.backlog_warning.as_ref().unwrap().undelivered_count, 5_000);
    assert_eq!(reply.extra["brand_new"], 1);
    assert!(reply.status.is_none());
}

#[test]
fn typed_extras_are_read_where_they_fit_and_absent_where_they_do_not() {
    let body = |code: &str, details: &str| format!(r#"{{"code":"{code}","message":"m","details":{details}}}"#);
    let waiting =
        api(403, &body("AWAITING_REPLY", r#"{"recipient_handle":"@bob","waiting_since":"2026-04-20T10:00:00Z"}"#));
    assert_eq!(waiting.recipient().unwrap().as_str(), "bob");
    assert_eq!(waiting.waiting_since().unwrap().unix().unwrap().as_secs(), 1_776_679_200);
    let behind = api(429, &body("RECIPIENT_BACKLOGGED", r#"{"recipient_handle":"bob","undelivered_count":10000}"#));
    assert_eq!(behind.undelivered_count(), Some(10_000));
    let deleted =
        api(410, &body("GROUP_DELETED", r#"{"group_id":"grp_1","deleted_by_handle":"bob","deleted_at":"x"}"#));
    assert_eq!(deleted.deleted_group().unwrap().deleted_by_handle.unwrap().as_str(), "bob");
    assert_eq!(api(409, &body("EMAIL_EXHAUSTED", r#"{"limit":30}"#)).limit(), Some(30));
    let which = api(409, &body("HANDLE_REQUIRED", r#"{"handles":["a",7,"b"]}"#));
    assert_eq!(which.handles().iter().map(|h| h.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let invalid =
        api(400, &body("VALIDATION_ERROR", r#"{"formErrors":["odd"],"fieldErrors":{"to":["is bad"],"x":[]}}"#));
    let issues = invalid.field_issues();
    assert_eq!((issues.len(), &issues["to"][0], &issues[""][0]), (2, &"is bad".to_owned(), &"odd".to_owned()));
    for details in [
        "null",
        "7",
        "[]",
        r#"{"recipient_handle":7,"undelivered_count":true,"limit":"x","handles":{},"fieldErrors":[]}"#,
    ] {
        let odd = api(409, &body("GROUP_DELETED", details));
        assert!(odd.recipient().is_none() && odd.undelivered_count().is_none() && odd.limit().is_none());
        assert!(odd.handles().is_empty() && odd.field_issues().is_empty() && odd.deleted_group().is_none());
    }
}

/// With a status that says something else, so that the code is what counts.
#[test]
fn each_code_has_its_kind_whatever_the_status() {
    for (code, kind) in [
        ("VALIDATION_ERROR", ErrorKind::Validation),
        ("UNAUTHORIZED", ErrorKind::Unauthorized),
        ("INVALID_API_KEY", ErrorKind::Unauthorized),
        ("BLOCKED", ErrorKind::Blocked),
        ("SUSPENDED", ErrorKind::Suspended),
        ("AGENT_SUSPENDED", ErrorKind::Suspended),
        ("RESTRICTED", ErrorKind::Restricted),
        ("FORBIDDEN", ErrorKind::Forbidden),
        ("AGENT_PAUSED_BY_OWNER", ErrorKind::Forbidden),
        ("AWAITING_REPLY", ErrorKind::AwaitingReply),
        ("AGENT_NOT_FOUND", ErrorKind::NotFound),
        ("CONVERSATION_NOT_FOUND", ErrorKind::NotFound),
        ("MESSAGE_NOT_FOUND", ErrorKind::NotFound),
        ("OWNER_NOT_FOUND", ErrorKind::NotFound),
        ("CLAIM_NOT_FOUND", ErrorKind::NotFound),
        ("SYSTEM_AGENT_PROTECTED", ErrorKind::SystemAgentProtected),
        ("GROUP_DELETED", ErrorKind::GroupDeleted),
        ("RATE_LIMITED", ErrorKind::RateLimited),
        ("RECIPIENT_BACKLOGGED", ErrorKind::RecipientBacklogged),
        ("EMAIL_LIMIT_REACHED", ErrorKind::EmailLimitReached),
        ("EMAIL_TAKEN", ErrorKind::EmailLimitReached),
        ("EMAIL_EXHAUSTED", ErrorKind::EmailExhausted),
        ("HANDLE_REQUIRED", ErrorKind::HandleRequired),
        ("INTERNAL_ERROR", ErrorKind::Server),
    ] {
        assert_eq!(api(418, &format!(r#"{{"code":"{code}","message":"m"}}"#)).kind(), kind, "{code}");
    }
}
