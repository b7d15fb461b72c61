//! No secret is in a recording, wherever one stands.

use agentchat_engine::realtime::Input;
use agentchat_engine::recording::replay;
use agentchat_engine::rest::{CreateUpload, CreateWebhook, GetAttachmentDownloadUrl, GetMe, RotateKeyVerify};
use agentchat_engine::{ApiKey, CallInput, CallOptions, Context, Seed};
use serde_json::json;

use crate::tape::{KEY, Taped, answer, context, fault, start, taped_call};

fn clean(file: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!file.contains(secret), "{secret} is in\n{file}");
    }
    replay(file).unwrap();
}

#[test]
fn neither_key_nor_code_nor_new_key() {
    let body = r#"{"agent":{"handle":"alice"},"api_key":"ac_brand_new"}"#;
    let inputs = vec![answer(1, 200, &[("Set-Cookie", "session=crumb")], body)];
    let file = taped_call(RotateKeyVerify::new("me", "pnd_1", "987654"), CallOptions::default(), inputs);
    clean(&file, &["TopSecret", "987654", "brand_new", "crumb"]);
    assert!(file.contains("authorization"), "the header is there, its value is not");
}

#[test]
fn no_code_that_an_answer_quotes() {
    for body in [
        json!({"code": "INVALID_CODE", "message": "987654 is not for pnd_1", "details": {"n": 987_654, "of": "pnd_1"}}),
        json!(["987654", 987_654]),
    ] {
        let inputs = vec![answer(1, 400, &[("X-Request-Id", "987654")], body.to_string())];
        let file = taped_call(RotateKeyVerify::new("me", "pnd_1", "987654"), CallOptions::default(), inputs);
        clean(&file, &["987654", "pnd_1"]);
    }
    let broken = CallInput::Fault { attempt: 1, fault: fault("987654 of pnd_1 was not sent") };
    clean(
        &taped_call(RotateKeyVerify::new("me", "pnd_1", "987654"), CallOptions::default(), vec![broken]),
        &["987654"],
    );
}

#[test]
fn no_webhook_secret_and_no_signed_url() {
    let hook = r#"{"id":"whk_1","url":"https://me.example/hook?t=hush","events":["message.new"],"active":true,
        "created_at":"2026-04-20T10:00:00.000Z","secret":"deadbeef"}"#;
    let create = CreateWebhook::new("https://me.example/hook?t=hush", ["message.new"]);
    clean(&taped_call(create, CallOptions::default(), vec![answer(1, 201, &[], hook)]), &["deadbeef", "hush"]);

    let slot = r#"{"attachment_id":"att_1","upload_url":"https:\/\/storage.example\/put\/token-in-path?sig=abc"}"#;
    let upload = CreateUpload::new("f.png", "image/png", 3_u64, "ab".repeat(32)).to("alice");
    let file = taped_call(upload, CallOptions::default(), vec![answer(1, 201, &[], slot)]);
    clean(&file, &["token-in-path", "sig=abc"]);

    let redirect = answer(1, 302, &[("Location", "https://storage.example/get/token-in-path?sig=abc")], "");
    let file = taped_call(GetAttachmentDownloadUrl::new("att_1"), CallOptions::default(), vec![redirect]);
    clean(&file, &["token-in-path", "sig=abc"]);
    assert!(file.contains("storage.example"));

    let relative = answer(1, 302, &[("Location", "/get/token-in-path?sig=abc&next=https://storage.example/")], "");
    let file = taped_call(GetAttachmentDownloadUrl::new("att_1"), CallOptions::default(), vec![relative]);
    clean(&file, &["token-in-path", "sig=abc"]);
}

#[test]
fn no_key_in_an_error_a_fault_or_a_body_that_quotes_it() {
    let quoted = format!("bad header Bearer {KEY} for https://u:pw@h/p?k=v");
    let ends = [
        CallInput::Fault { attempt: 1, fault: fault(&quoted) },
        answer(1, 401, &[("X-Request-Id", KEY)], json!({"code": "UNAUTHORIZED", "message": quoted}).to_string()),
        answer(1, 401, &[], quoted.clone()),
        answer(
            1,
            400,
            &[],
            json!({"code": "X", "message": "", "details": {"secret": "hush", "seen": quoted}}).to_string(),
        ),
        answer(1, 200, &[], [quoted.as_bytes(), &[0xff]].concat()),
    ];
    for end in ends {
        clean(&taped_call(GetMe::new(), CallOptions::default(), vec![end]), &["TopSecret", "hush", "pw@", "k=v"]);
    }
}

#[test]
fn headers_of_the_caller_are_masked() {
    let options = CallOptions::default()
        .headers([("x-api-token".parse().unwrap(), "hush".parse().unwrap())].into_iter().collect());
    clean(&taped_call(GetMe::new(), options, vec![CallInput::Cancel]), &["hush"]);
}

#[test]
fn no_key_in_a_session_however_it_is_written() {
    let mut taped = Taped::greeted();
    let connection = taped.connection.unwrap();
    taped.frame(json!({"type": "message.new", "payload": {"id": "m", "conversation_id": "c", "seq": 1, "sender": "a",
        "content": {"text": KEY, "data": {"api_key": "ac_theirs", "upload_url": "https://h/hush"}}}}));
    taped.frame(json!({"type": "surprise", "payload": {"secret": ["hush"], "text": KEY}}));
    taped.answer("/me", 401, &[], &json!({"code": "UNAUTHORIZED", "message": KEY}).to_string());
    taped.input(Input::Closed { connection, code: Some(1008), reason: format!("Invalid token {KEY}") });
    taped.input(Input::Start { api_key: Some(ApiKey::new("ac_second_key_of_mine").unwrap()) });
    taped.greet();
    taped.frame(json!({"type": "surprise", "payload": "ac_second_key_of_mine"}));
    clean(&taped.file.text(), &["TopSecret", "second_key", "theirs", "hush"]);
}

#[test]
fn a_short_key_is_masked_where_it_is_sent() {
    let cx = Context::builder().api_key(ApiKey::new("ac_x").unwrap()).build().unwrap();
    let mut file = String::new();
    let sink = |line: &str| file.push_str(line);
    let call = agentchat_engine::recording::Recorder::call(
        &cx,
        GetMe::new(),
        CallOptions::default(),
        Seed::from_bytes([1; 32]),
        start(),
        Some(sink),
    );
    let _ = call.unwrap().poll_output();
    clean(&file, &["ac_x"]);
    assert!(context().api_key().is_some());
}
