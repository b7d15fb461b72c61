//! Lists as streams: one call at a time, none too early, and what dropping and errors do.

use agentchat_engine::paging::{Contacts, History, PagingError};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};

use crate::rig::{Rig, message};

fn page(handles: &[&str], total: u64) -> Value {
    let contacts: Vec<Value> = handles.iter().map(|handle| json!({"handle": handle})).collect();
    json!({"contacts": contacts, "total": total})
}

#[test]
fn the_next_page_is_asked_for_when_the_rows_of_the_last_were_taken() {
    let rig = Rig::new();
    let mut contacts = rig.client.pages(Contacts::new().page_size(2));
    assert!(rig.script.exchanges() == 0, "nothing happens before it is polled");
    assert!(contacts.next().now_or_never().is_none());
    let first = rig.exchange();
    assert_eq!(first.request().uri().query(), Some("limit=2&offset=0"));
    first.answer(200, &page(&["a", "b"], 3));
    for (handle, position) in [("a", 1), ("b", 2)] {
        let contact = contacts.next().now_or_never().flatten().unwrap().unwrap();
        assert_eq!((contact.handle.as_str(), contacts.position()), (handle, position));
        assert!(rig.script.exchanges() == 0);
    }
    assert!(contacts.next().now_or_never().is_none(), "a wait that is dropped loses nothing");
    assert!(contacts.next().now_or_never().is_none());
    let second = rig.exchange();
    assert_eq!(second.request().uri().query(), Some("limit=2&offset=2"));
    second.answer(200, &page(&["c"], 3));
    assert_eq!(contacts.next().now_or_never().flatten().unwrap().unwrap().handle.as_str(), "c");
    assert!(contacts.next().now_or_never().flatten().is_none());
    assert!(rig.script.exchanges() == 0);
}

#[test]
fn an_error_ends_the_stream_once_and_the_rest_can_be_had() {
    let rig = Rig::new();
    let mut history = rig.client.pages(History::newest_first("c").page_size(2));
    assert!(history.next().now_or_never().is_none());
    rig.exchange().answer(200, &json!([message("c", 4, "a"), message("c", 3, "a")]));
    assert_eq!(history.next().now_or_never().flatten().unwrap().unwrap().seq, Some(4));
    assert_eq!(history.next().now_or_never().flatten().unwrap().unwrap().seq, Some(3));
    assert!(history.next().now_or_never().is_none());
    rig.exchange().answer(403, &json!({"code": "FORBIDDEN", "message": "no"}));
    let error = history.next().now_or_never().flatten().unwrap().unwrap_err();
    assert!(matches!(error, PagingError::Call(_)), "{error:?}");
    assert!(history.next().now_or_never().flatten().is_none());

    let mut rest = rig.client.pages(History::newest_first("c").start(history.position()));
    assert!(rest.next().now_or_never().is_none());
    let exchange = rig.exchange();
    assert_eq!(exchange.request().uri().query(), Some("limit=200&before_seq=3"));
    exchange.answer(200, &json!([message("c", 2, "a"), message("c", 1, "a")]));
    assert_eq!(rest.by_ref().count().now_or_never(), Some(2));
}

#[test]
fn a_dropped_stream_drops_its_call() {
    let rig = Rig::new();
    let mut contacts = rig.client.pages(Contacts::new());
    assert!(contacts.next().now_or_never().is_none());
    let exchange = rig.exchange();
    drop(contacts);
    assert!(exchange.is_given_up());
}
