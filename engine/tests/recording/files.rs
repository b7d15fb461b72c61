//! A recording is a file from a stranger: broken ones are errors, and none does harm.

use agentchat_engine::CallOptions;
use agentchat_engine::recording::{FORMAT, ReplayError, Replayer, replay};
use agentchat_engine::rest::GetMe;
use proptest::prelude::*;
use serde_json::json;

use crate::tape::{Taped, answer, taped_call};

fn recording() -> String {
    let mut taped = Taped::greeted();
    let row = json!({"id": "m", "conversation_id": "c", "seq": 1, "sender": "é", "delivery_id": "d"});
    taped.answer("/sync", 200, &[], &json!([row]).to_string());
    taped.wake();
    taped.file.text()
}

#[test]
fn a_file_that_breaks_off_is_truncated_and_not_different() {
    let file = recording();
    let whole = replay(&file).unwrap();
    assert!(!whole.truncated);
    let header = file.find('\n').unwrap() + 1;
    for end in header..file.len() {
        let mut replayer = Replayer::new(&file[..header]).unwrap();
        for line in file.as_bytes()[header..end].split_inclusive(|b| *b == b'\n') {
            replayer.line(line).unwrap_or_else(|e| panic!("cut at {end}: {e}"));
        }
        // Nothing but a whole line ends in a brace.
        let whole = matches!(file.as_bytes()[end - 1], b'\n' | b'}');
        assert!(whole || replayer.replayed().truncated, "cut at {end}");
    }
}

#[test]
fn a_file_that_is_not_a_recording_is_refused() {
    for text in ["", "\n", "null\n", "{}", "[]", "{\"agentchat_recording\":\"1\"}", "\u{0}"] {
        assert_eq!(replay(text), Err(ReplayError::NotARecording), "{text:?}");
    }
    let newer = replay(&format!("{{\"agentchat_recording\":{}}}\n", FORMAT + 1));
    assert_eq!(newer, Err(ReplayError::Version { found: FORMAT + 1 }));
    let file = recording();
    for (from, to) in [
        ("http://localhost:1/pre", "not a url"),
        ("http://localhost:1/pre", "http://user:pw@localhost:1"),
        ("\"key_length\":48", "\"key_length\":18446744073709551615"),
        ("\"session\":{", "\"sessions\":{"),
        ("\"drain_page\":100", "\"drain_page\":-1"),
        ("\"client\":\"rust_sdk\"", "\"client\":\"\\n\""),
        ("\"engine\":", "\"unknown\":1,\"engine\":"),
    ] {
        let broken = file.replacen(from, to, 1);
        assert_ne!(broken, file, "{from}");
        assert!(matches!(replay(&broken), Err(ReplayError::Header { .. })), "{to}");
    }
    let call = taped_call(GetMe::new(), CallOptions::default(), vec![answer(1, 200, &[], "{}")]);
    for (from, to) in [("\"get_me\"", "\"get_all\""), ("\"path\":\"/v1", "\"path\":\"\\u0000/v1")] {
        assert!(matches!(replay(&call.replacen(from, to, 1)), Err(ReplayError::Header { .. })), "{to}");
    }
}

#[test]
fn a_damaged_line_is_named() {
    let file = recording();
    let header = file.lines().next().unwrap();
    let at = r#"{"at":{"mono":1,"unix":1}"#;
    let deep = format!("{at},\"in\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for line in [
        "x".to_owned(),
        "{}".to_owned(),
        format!("{at}}}"),
        r#"{"in":"drain"}"#.to_owned(),
        format!(r#"{at},"in":"drain","out":"finished"}}"#),
        format!(r#"{at},"in":"dance"}}"#),
        format!(
            r#"{at},"in":{{"answer":{{"request":1,"response":{{"status":1,"headers":[],"body":{{"text":""}}}}}}}}}}"#
        ),
        format!(
            r#"{at},"in":{{"answer":{{"request":1,"response":{{"status":200,"headers":[["a b","c"]],"body":{{"text":""}}}}}}}}}}"#
        ),
        format!(
            r#"{at},"in":{{"answer":{{"request":1,"response":{{"status":200,"headers":[["a","€"]],"body":{{"text":""}}}}}}}}}}"#
        ),
        format!(
            r#"{at},"in":{{"answer":{{"request":1,"response":{{"status":200,"headers":[],"body":{{"base64":"!"}}}}}}}}}}"#
        ),
        deep,
    ] {
        let broken = format!("{header}\n\n{line}\n");
        assert!(matches!(replay(&broken), Err(ReplayError::Line { line: 3, .. })), "{line:.100}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_damaged_file_is_an_error_or_replays(damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let file = recording();
        let mut bytes = file.into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut lines = bytes.split_inclusive(|b| *b == b'\n');
        let header = lines.next().map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
        if let Ok(mut replayer) = Replayer::new(&header) {
            let _ = lines.try_for_each(|line| replayer.line(line));
        }
    }
}
