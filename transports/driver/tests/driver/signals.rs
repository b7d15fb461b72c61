//! Signals of the handle: sent, or handed back.

use agentchat_driver::Unsent;
use agentchat_driver::testkit::Task;
use agentchat_engine::realtime::{Refusal, Signal};
use futures_util::FutureExt;
use serde_json::json;

use crate::rig::Session;

#[test]
fn a_signal_is_sent_at_once_and_the_caller_knows() {
    let mut session = Session::live();
    let realtime = session.realtime.clone();
    let mut signalling = Task::new(async move {
        realtime.typing_start("c").await?;
        realtime.typing_stop("c").await?;
        realtime.read_up_to("c", 7).await
    });
    for kind in ["typing.start", "typing.stop", "message.read_ack"] {
        assert_eq!(signalling.run(), None);
        session.run();
        assert_eq!(session.peer.sent_texts()[0]["type"], json!(kind));
    }
    assert_eq!(signalling.run(), Some(Ok(())));
}

#[test]
fn a_signal_that_cannot_be_sent_comes_back() {
    let mut session = Session::live();
    session.peer.end();
    session.run();
    let refused = |why| Some(Err::<(), _>((Signal::TypingStart { conversation_id: "c".into() }, why)));
    let told = |result: Option<Result<(), Unsent>>| result.map(|r| r.map_err(|unsent| (unsent.signal, unsent.why)));
    let realtime = session.realtime.clone();
    let mut signalling = Task::new(async move { realtime.typing_start("c").await });
    assert_eq!(signalling.run(), None);
    session.run();
    assert_eq!(told(signalling.run()), refused(Refusal::NotConnected));
    drop(session.connection);
    assert_eq!(told(session.realtime.typing_start("c").now_or_never()), refused(Refusal::Closing));
}

#[test]
fn a_signal_whose_future_was_dropped_is_sent_all_the_same() {
    let mut session = Session::live();
    assert!(session.realtime.typing_start("a").now_or_never().is_none());
    assert!(session.realtime.typing_stop("a").now_or_never().is_none());
    let realtime = session.realtime.clone();
    let mut signalling = Task::new(async move { realtime.typing_start("").await });
    assert_eq!(signalling.run(), None);
    session.run();
    assert_eq!(session.peer.sent_texts().len(), 2);
    assert_eq!(signalling.run().unwrap().unwrap_err().why, Refusal::Invalid, "each gets its own answer");
}
