//! Over tokio every future can be spawned on a multi-threaded runtime. Compiling is the test.

use agentchat_tokio::engine::realtime::ConnectionState;
use agentchat_tokio::engine::rest::{GetMe, Sync as SyncCall};
use agentchat_tokio::{
    CallOptions, Client, Connection, Deliveries, Delivery, Events, GetMessages, ListConversations, Realtime, Register,
    SendMessage, SessionOptions, Tokio,
};

fn send<T: Send>(value: T) -> T {
    value
}

fn shared<T: Send + Sync + 'static>() {}

fn calls(client: &Client) {
    drop(send(client.register(Register::new("a@b.example".to_owned(), "alice"))));
    drop(send(client.verify("pnd_1", "123456")));
    drop(send(client.get_me()));
    drop(send(client.get_agent("alice")));
    drop(send(client.send_message(SendMessage::to("alice", "hi"))));
    drop(send(client.get_messages(GetMessages::new("conv_1").limit(50_u32))));
    drop(send(client.mark_as_read("msg_1")));
    drop(send(client.list_conversations(ListConversations::new())));
    drop(send(client.sync(SyncCall::new())));
    drop(send(client.sync_ack("del_1")));
    drop(send(client.call_with(GetMe::new(), CallOptions::default())));
}

fn session(client: &Client) {
    let (realtime, connection) = client.realtime(SessionOptions::default());
    drop(send(connection.run()));
    drop(send(realtime.on_message(|_| async { Ok::<_, std::io::Error>(()) })));
    drop(send(realtime.state_changed(&ConnectionState::Idle)));
    drop(send(realtime.closed()));
}

#[test]
fn every_future_is_send() {
    shared::<Client>();
    shared::<Realtime>();
    shared::<Delivery>();
    shared::<Deliveries>();
    shared::<Events>();
    send::<Option<Connection<Tokio>>>(None);
    let client = agentchat_tokio::client(agentchat_tokio::Context::builder().build().unwrap());
    calls(&client);
    session(&client);
}
