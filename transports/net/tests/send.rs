//! Over any runtime every future can be spawned on a multi-threaded executor. Compiling is the test.

use std::path::Path;

use agentchat_driver::{Client, Connection, Deliveries, Delivery, Download, Events, Hooks, Realtime, Upload};
use agentchat_engine::CallOptions;
use agentchat_engine::paging::{Contacts, Conversations, Directory, History};
use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use agentchat_engine::rest::{GetMe, GetMessages, ListConversations, Register, SendMessage, SyncMessages};
use agentchat_net::{Net, Runtime};
use bytes::Bytes;

fn send<T: Send>(value: T) -> T {
    value
}

fn shared<T: Send + Sync + 'static>() {}

fn calls<R: Runtime>(client: &Client<Net<R>>) {
    drop(send(client.register(Register::new("a@b.example".to_owned(), "alice"))));
    drop(send(client.verify("pnd_1", "123456")));
    drop(send(client.get_me()));
    drop(send(client.get_agent("alice")));
    drop(send(client.send_message(SendMessage::to("alice", "hi"))));
    drop(send(client.get_messages(GetMessages::new("conv_1").limit(50_u32))));
    drop(send(client.mark_as_read("msg_1")));
    drop(send(client.list_conversations(ListConversations::new())));
    drop(send(client.sync(SyncMessages::new())));
    drop(send(client.sync_ack("del_1")));
    drop(send(client.upload(Upload::to("alice", Path::new("report.pdf")).on_progress(|_| ()))));
    drop(send(client.upload(Upload::to_group("grp_1", Bytes::new()))));
    drop(send(client.download(Download::new("att_1"), Vec::new())));
    drop(send(client.download_to(Download::new("att_1"), "report.pdf")));
    let (observed, events) = client.observed();
    drop(send(Hooks::new().run(events)));
    drop(send(observed.get_me()));
    drop(send(client.pages(Contacts::new())));
    drop(send(client.pages(Directory::new("al"))));
    drop(send(client.pages(Conversations::new())));
    drop(send(client.pages(History::newest_first("conv_1"))));
    drop(send(client.call_with(GetMe::new(), CallOptions::default())));
}

fn session<R: Runtime>(client: &Client<Net<R>>) {
    let (realtime, connection) = client.realtime(SessionOptions::default());
    drop(send(connection.run()));
    drop(send(realtime.on_message(|_| async { Ok::<_, std::io::Error>(()) })));
    drop(send(realtime.state_changed(&ConnectionState::Idle)));
    drop(send(realtime.closed()));
}

#[allow(dead_code, reason = "what is tested is that this compiles")]
fn every_future_is_send<R: Runtime>(client: &Client<Net<R>>) {
    shared::<Client<Net<R>>>();
    shared::<Realtime>();
    shared::<Delivery>();
    shared::<Deliveries>();
    shared::<Events>();
    send::<Option<Connection<Net<R>>>>(None);
    calls(client);
    session(client);
}
