//! Options out of their ranges: nothing is sent, and the error says which option it is.

use std::time::Duration;

use agentchat_driver::testkit::Task;
use agentchat_driver::{Download, Upload};
use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use agentchat_engine::transfer::TransferOptions;
use agentchat_engine::{CallOptions, Error, InvalidArgument, TransferError};
use bytes::Bytes;

use crate::rig::Rig;

fn refused(error: TransferError) -> InvalidArgument {
    let TransferError::Call(Error::Refused(refused)) = error else { panic!("{error:?}") };
    refused
}

#[test]
fn a_call_is_refused() {
    let rig = Rig::new();
    let client = rig.client.with_options(CallOptions::default().timeout(Duration::ZERO));
    let error = Task::new(async move { client.get_me().await }).run().expect("it is over").unwrap_err();
    assert!(matches!(&error, Error::Refused(refused) if refused.field == "timeout"), "{error:?}");
    assert_eq!(rig.script.exchanges(), 0);
}

#[test]
fn a_transfer_is_refused() {
    let rig = Rig::new();
    let instant = || TransferOptions::default().deadline(Duration::ZERO);
    for (download, field) in [
        (Download::new("att_1").limit(0), "limit"),
        (Download::new("att_1").sha256("abc"), "sha256"),
        (Download::new("att_1").options(instant()), "deadline"),
    ] {
        let client = rig.client.clone();
        let mut task = Task::new(async move { client.download(download, Vec::new()).await });
        assert_eq!(refused(task.run().expect("it is over").unwrap_err()).field, field);
    }
    let upload = Upload::to("alice", Bytes::from_static(b"hello")).filename("hello.txt").options(instant());
    let client = rig.client.clone();
    let mut task = Task::new(async move { client.upload(upload).await });
    assert_eq!(refused(task.run().expect("it is over").unwrap_err()).field, "deadline");
    assert_eq!(rig.script.exchanges(), 0);
}

#[test]
fn a_session_ends_before_it_connects() {
    let rig = Rig::new();
    let (realtime, connection) = rig.client.realtime(SessionOptions::default().max_in_flight(0));
    let mut handling = Task::new(realtime.on_message(|_| async { Ok::<_, String>(()) }));
    assert!(matches!(Task::new(connection.run()).run(), Some(ConnectionState::Halted { .. })));
    let Some(Err(refused)) = handling.run() else { panic!("it goes on, or is content") };
    assert_eq!(refused.to_string(), "max_in_flight must be at least 1, was 0; check the configuration");
    assert_eq!(rig.script.exchanges(), 0);
}
