//! Rows as JavaScript peers and careless servers write them: whatever can be read of them counts.

use agentchat_engine::realtime::DeliveryBody;
use agentchat_engine::types::{Handle, Row};
use serde_json::json;

use super::rig::{Rig, options, row};

/// A frame with a message's payload, written by hand.
fn frame(payload: &str) -> String {
    format!(r#"{{"type":"message.new","payload":{payload}}}"#)
}

/// The first delivery's row.
fn first(rig: &Rig) -> &Row {
    let DeliveryBody::Message(row) = &rig.deliveries[0].body else { panic!("{:?}", rig.deliveries[0]) };
    row
}

#[test]
fn a_lone_surrogate_in_a_message_reads_as_a_replacement() {
    let mut rig = Rig::live();
    rig.text(frame(
        r#"{"id":"m\ud83d","conversation_id":"c","seq":1,"sender":"\udc00bob","type":"text",
            "content":{"text":"hi \ud83d!","data":{"\ud83d":"\udead"}},"metadata":{"\ud800":1},"\udfff":"x"}"#,
    ));
    assert_eq!(first(&rig).header().id.as_str(), "m\u{fffd}");
    let message = first(&rig).message().unwrap();
    assert_eq!(message.content.text.as_deref(), Some("hi \u{fffd}!"));
    assert_eq!(message.content.data.unwrap()["\u{fffd}"], "\u{fffd}");
    assert_eq!(message.sender, Handle::from("\u{fffd}bob"));
    assert!(message.metadata.contains_key("\u{fffd}") && message.extra.contains_key("\u{fffd}"));
}

/// Each row keeps its place, can be settled, and is acked under its id.
#[test]
fn what_is_odd_about_one_member_leaves_the_others() {
    for odd in [
        r#""content":null"#,
        r#""content":"bare""#,
        r#""content":[1]"#,
        r#""content":{"text":7,"data":"x","attachment_id":{}}"#,
        r#""created_at":null,"content":{"text":"hi"}"#,
        r#""created_at":7,"sender":null,"type":false"#,
        r#""metadata":[],"context":"x","status":1,"delivery_id":{}"#,
        r#""context":{"sender":{"handle":7},"conversation":{"type":null},"mentions":[1,"bob"]}"#,
        r#""content":{"data":{"n":1e400}},"x":-1e999"#,
        r#""content":{"text":"a"},"content":{"text":"b"},"type":"text","type":"file""#,
        r#""skipped_recipients":7,"read_at":[],"client_msg_id":null"#,
    ] {
        let mut rig = Rig::live();
        rig.text(frame(&format!(r#"{{"id":"c-1","conversation_id":"c","seq":1,{odd}}}"#)));
        rig.live_message(2);
        assert_eq!(first(&rig).header().seq, Some(1), "{odd}");
        assert!(first(&rig).message().is_ok(), "{odd}");
        assert_eq!(rig.handle_all(), ["c-1", "c-2"], "{odd}");
        assert_eq!(rig.acks(), ["c-1", "c-2"], "{odd}");
    }
}

#[test]
fn ids_are_read_whatever_stands_beside_them() {
    for (text, seq) in [
        (r#"{"id":"c-1","conversation_id":"c","seq":1e400}"#, None),
        (r#"{"id":"c-1","conversation_id":"c","seq":"1","x":1e400}"#, None),
        (r#"{"id":7,"id":"c-1","conversation_id":"c","seq":2,"seq":1}"#, Some(1)),
        (r#"{"\u0069d":"c-1","conversation_id":"\u0063","seq":1}"#, Some(1)),
    ] {
        let mut rig = Rig::live();
        rig.text(frame(text));
        assert_eq!((first(&rig).header().id.as_str(), first(&rig).header().seq), ("c-1", seq), "{text}");
        rig.handle_all();
        assert_eq!(rig.acks(), ["c-1"], "{text}");
    }
}

/// The same in a page of sync, whose other rows are read.
#[test]
fn a_bad_row_of_a_page_is_settled_like_the_others() {
    let mut rig = Rig::greeted(options());
    let page = format!(
        r#"[{},{{"id":"bad","id":"c-2","delivery_id":"del_c_2","conversation_id":"c","seq":2,"content":null,"x":1e400,"y":"\ud83d"}},{}]"#,
        row("c", 1),
        row("c", 3)
    );
    rig.answer_text("/sync", 200, page);
    let mut handled = Vec::new();
    while !rig.deliveries.is_empty() {
        assert!(first(&rig).message().is_ok());
        handled.push(rig.handle());
    }
    assert_eq!(handled, ["c-1", "c-2", "c-3"]);
}

/// Envelopes are read like rows.
#[test]
fn a_frame_is_read_whatever_stands_beside_its_payload() {
    for envelope in [
        r#"{"x":1e400,"type":"message.new","payload":PAYLOAD}"#,
        r#"{"type":7,"type":"message.new","payload":null,"payload":PAYLOAD,"\ud83d":"\ud83d"}"#,
    ] {
        let mut rig = Rig::live();
        let payload = json!({"id": "c-1", "conversation_id": "c", "seq": 1}).to_string();
        rig.text(envelope.replace("PAYLOAD", &payload));
        assert_eq!(rig.handle_all(), ["c-1"], "{envelope}");
    }
}
