//! Answers in which something is not what the contract says: the rest of them is read.

use agentchat_engine::rest::{
    ClaimReply, Endpoint, GetConversationParticipants, GetMe, GetMessages, ListConversations, ListGroupInvites,
    ListWebhooks, Reply,
};
use agentchat_engine::types::Handle;
use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Error, ErrorCode, Now, Seed};
use bytes::Bytes;
use http::Response;

/// What a call makes of its first answer.
fn answered<E: Endpoint>(endpoint: E, status: u16, body: &'static str) -> Result<Reply<E::Output>, Error> {
    let context = Context::builder().api_key(ApiKey::new("ac_key").unwrap()).build().unwrap();
    let mut call = Call::new(&context, endpoint, CallOptions::default(), Seed::from_bytes([0; 32]), Now::default());
    let call = call.as_mut().unwrap();
    let CallOutput::Send(_) = call.poll_output() else { panic!() };
    let response = Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap();
    call.handle_input(Now::default(), CallInput::Response { attempt: 1, response });
    let CallOutput::Done(done) = call.poll_output() else { panic!("asked again") };
    done
}

#[test]
fn one_bad_row_never_makes_history_unreadable() {
    let rows = r#"[{"id":"m1","conversation_id":"c","content":{"text":"hi \ud83d"}},
        {"id":"m2","conversation_id":"c","content":null,"created_at":null,"seq":1e400}, 7,
        {"id":"m3","sender":"bob"}, {"id":"m4","id":"m5","conversation_id":"c","sender":"\udc00"}]"#;
    let messages = answered(GetMessages::new("c"), 200, rows).unwrap().into_value();
    let ids: Vec<_> = messages.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(ids, ["m1", "m2", "m5"]);
    assert_eq!(messages[0].content.text.as_deref(), Some("hi \u{fffd}"));
    assert_eq!((&messages[1].sender, messages[1].seq), (&Handle::from("unknown"), None));
    let bad: Vec<_> = messages.unreadable().map(|(place, row)| (place, row.to_string())).collect();
    assert_eq!(bad, [(2, "7".to_owned()), (3, r#"{"id":"m3","sender":"bob"}"#.to_owned())]);
}

#[test]
fn one_odd_member_never_makes_a_list_unreadable() {
    let invites = r#"[{"id":"i1","group_id":"g","group_member_count":"3","group_name":7,"id":"i2"},null]"#;
    let invites = answered(ListGroupInvites::new(), 200, invites).unwrap().into_value();
    assert_eq!((invites[0].id.as_str(), invites[0].group_member_count, &invites[0].group_name), ("i2", None, &None));
    assert_eq!((&invites[0].extra["group_name"], invites.len()), (&7.into(), 1));

    let conversations =
        r#"[{"id":"c","type":"direct","participants":[{"handle":"a"},{}],"is_muted":"yes"},{"id":"c"}]"#;
    let conversations = answered(ListConversations::new(), 200, conversations).unwrap().into_value();
    assert_eq!((conversations.len(), conversations.unreadable().count()), (1, 1));
    assert_eq!((conversations[0].participants.len(), conversations[0].is_muted), (1, None));

    let participants = r#"[{"handle":"\ud83d","display_name":[]},{"handle":null}]"#;
    assert_eq!(answered(GetConversationParticipants::new("c"), 200, participants).unwrap().len(), 1);

    let webhooks =
        r#"{"webhooks":[{"id":"w","url":"u","events":["message.new",7],"active":"no"},{"id":"x"}],"x":1e400}"#;
    let webhooks = answered(ListWebhooks::new(), 200, webhooks).unwrap().into_value().webhooks;
    assert_eq!((webhooks.len(), webhooks[0].events.len(), webhooks[0].active), (1, 1, None));
}

#[test]
fn what_must_be_there_is_named() {
    let claim = ClaimReply::new("m", "holder");
    let Err(Error::Undecodable { problem, .. }) = answered(claim, 200, r#"{"claimed":7}"#) else { panic!() };
    assert!(problem.contains("Data error"), "{problem}");
}

#[test]
fn an_error_keeps_its_code_whatever_stands_beside_it() {
    let body = r#"{"code":7,"code":"FORBIDDEN","message":"no \ud83d","details":{"x":1e400,"waiting_since":"\udc00"},"y":1e400}"#;
    let Err(Error::Api(error)) = answered(GetMe::new(), 418, body) else { panic!() };
    assert_eq!((&error.code, error.message.as_str()), (&ErrorCode::Forbidden, "no \u{fffd}"));
    assert_eq!(error.waiting_since().unwrap().as_str(), "\u{fffd}");
}
