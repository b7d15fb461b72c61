//! The same conversation on every transport: the engine's inputs and outputs are the same, but for times and addresses.
//!
//! The platform's part is a script. The test takes each step only when the recording shows the end of the one before, so
//! that there is one order in which things can happen. What is recorded is compared with `trace.jsonl`, which all adapters
//! share, and replayed.

use std::marker::PhantomData;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_driver::{Deliveries, Realtime, RecordingOf, RecordingSink};
use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use agentchat_engine::recording::replay;
use agentchat_engine::rest::SendMessage;
use agentchat_net::Runtime;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};

use super::adapter::{Adapter, client, spawn};
use super::platform::until;
use super::server::{listen, servers};

/// What every adapter's recording comes down to.
const TRACE: &str = include_str!("trace.jsonl");

/// A client's socket.
type WebSocket = WebSocketStream<TokioIo<Upgraded>>;

fn row(seq: u64) -> Value {
    json!({"id": format!("m{seq}"), "conversation_id": "c", "seq": seq, "sender": "alice", "type": "text",
        "content": {"text": format!("number {seq}")}, "metadata": {}, "created_at": "2026-04-20T10:00:00.000Z"})
}

/// A platform that has one stored message, history with what is missing, and sockets that the test speaks for.
fn platform(sockets: mpsc::UnboundedSender<WebSocket>) -> SocketAddr {
    let stored = Arc::new(Mutex::new(true));
    let sync = |State(stored): State<Arc<Mutex<bool>>>| async move {
        let mut first = row(1);
        first["delivery_id"] = json!("del_1");
        Json(if *stored.lock().unwrap() { json!([first]) } else { json!([]) })
    };
    let ack = |State(stored): State<Arc<Mutex<bool>>>| async move {
        *stored.lock().unwrap() = false;
        Json(json!({"acked": 1}))
    };
    let send = || async {
        let mut own = row(6);
        own["sender"] = json!("me");
        Json(own)
    };
    let history = || async { Json(json!([row(3)])) };
    let upgrade = |request: Request| async move { upgrade(request, sockets) };
    let router = Router::new()
        .route("/v1/messages/sync", get(sync))
        .route("/v1/messages/sync/ack", post(ack))
        .route("/v1/messages", post(send))
        .route("/v1/messages/c", get(history))
        .route("/v1/ws", get(upgrade))
        .with_state(stored);
    let (listener, address) = listen();
    servers().spawn(async move { axum::serve(listener, router).await });
    address
}

fn upgrade(mut request: Request, sockets: mpsc::UnboundedSender<WebSocket>) -> Response {
    let response = create_response_with_body(&request, Body::empty).unwrap();
    let upgrading = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let stream = TokioIo::new(upgrading.await.unwrap());
        // The test may be over.
        let _ = sockets.send(WebSocket::from_raw_socket(stream, Role::Server, None).await);
    });
    response
}

/// The recording, as far as it has come.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<String>>);

impl Tape {
    fn sink(&self) -> RecordingSink {
        let tape = Arc::clone(&self.0);
        Box::new(move |line| {
            tape.lock().unwrap().push_str(line);
            Ok(())
        })
    }

    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    /// Waits until so many lines have this in them.
    async fn shows<A: Adapter>(&self, lines: usize, what: &str) {
        until::<A>(|| self.text().lines().filter(|line| line.contains(what)).count() >= lines).await;
    }

    /// Without what may differ from run to run: clocks, waits and time-outs, the address, names and versions. Deliveries are
    /// numbered as they come.
    fn normal(&self, address: &str, runtime: &str) -> Vec<String> {
        let text = self.text().replace(address, "ADDRESS").replace(runtime, "RUNTIME");
        let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        // The first line says what was asked for, not what happened.
        let lines = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
        let told = lines.filter(|line| line["in"] != "timeout" && line["out"].get("idle").is_none());
        let mut deliveries = Vec::new();
        told.map(|mut line| {
            strip(&mut line, &mut deliveries);
            line.to_string()
        })
        .collect()
    }
}

fn strip(value: &mut Value, deliveries: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            for name in ["at", "delay", "waited", "give_up_at"] {
                members.remove(name);
            }
            if let Some(token) = members.get_mut("delivery") {
                let known = deliveries.iter().position(|known| known == token);
                let number = known.unwrap_or_else(|| {
                    deliveries.push(token.clone());
                    deliveries.len() - 1
                });
                *token = json!(number);
            }
            members.values_mut().for_each(|value| strip(value, deliveries));
        }
        Value::Array(items) => {
            items.retain(|item| item[0] != "date");
            items.iter_mut().for_each(|value| strip(value, deliveries));
        }
        _ => {}
    }
}

/// One side of the conversation each.
struct Talk<A: Adapter> {
    tape: Tape,
    realtime: Realtime,
    deliveries: Deliveries,
    socket: WebSocket,
    handled: usize,
    adapter: PhantomData<A>,
}

impl<A: Adapter> Talk<A> {
    async fn say(&mut self, frame: &str) {
        self.socket.send(Message::Text(frame.into())).await.unwrap();
    }

    async fn push(&mut self, seq: u64) {
        self.say(&json!({"type": "message.new", "payload": row(seq)}).to_string()).await;
    }

    /// Takes the next message, handles it, and sees its ack leave.
    async fn hear(&mut self, seq: u64) {
        self.handle(seq).await;
        self.tape.shows::<A>(1, &format!(r#"{{\"message_id\":\"m{seq}\",\"type\":\"ack\"}}"#)).await;
    }

    /// Takes the next message and handles it.
    async fn handle(&mut self, seq: u64) {
        let delivery = self.deliveries.next().await.unwrap();
        assert_eq!(delivery.header().unwrap().seq, Some(seq));
        delivery.handled();
        self.handled += 1;
        self.tape.shows::<A>(self.handled, "\"handled\"").await;
    }
}

/// The client's next socket, its HELLO accepted and its drain done.
async fn greeted<A: Adapter>(sockets: &mut mpsc::UnboundedReceiver<WebSocket>, tape: &Tape, times: usize) -> WebSocket {
    let mut socket = sockets.recv().await.unwrap();
    assert!(frame(&mut socket).await.contains("hello"));
    socket.send(Message::Text(json!({"type": "hello.ok", "capabilities": ["ack"]}).to_string().into())).await.unwrap();
    tape.shows::<A>(times, "\"caught_up\"").await;
    socket
}

async fn frame(socket: &mut WebSocket) -> String {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn one_conversation_has_one_trace<A: Adapter>() {
    let (give, mut sockets) = mpsc::unbounded_channel();
    let address = platform(give);
    let tape = Tape::default();
    let recorded = tape.clone();
    let client = client::<A>(address).with_recordings(move |what| match what {
        RecordingOf::Session => Some(recorded.sink()),
        _ => None,
    });
    let options = SessionOptions::default()
        .own_handle("me")
        .gap_window(Duration::from_millis(50))
        .redelivery(vec![Duration::from_millis(5)])
        .reconnect_base(Duration::from_millis(5));
    let (realtime, connection) = client.realtime(options);
    let deliveries = realtime.deliveries().unwrap();
    let ended = spawn::<A, _>(connection.run());
    let socket = greeted::<A>(&mut sockets, &tape, 1).await;
    let mut talk = Talk::<A> { tape: tape.clone(), realtime, deliveries, socket, handled: 0, adapter: PhantomData };

    // What was stored, committed by cursor.
    talk.handle(1).await;
    tape.shows::<A>(1, "acked").await;
    // Live, acked by frame.
    talk.push(2).await;
    talk.hear(2).await;
    assert!(frame(&mut talk.socket).await.contains("m2"));
    // A gap, filled from history.
    talk.push(4).await;
    talk.hear(3).await;
    talk.hear(4).await;
    // A failure, offered again.
    talk.push(5).await;
    talk.deliveries.next().await.unwrap().failed("not now");
    talk.hear(5).await;
    // An own message takes a seq.
    client.send_message(SendMessage::to("alice", "number 6")).await.unwrap();
    tape.shows::<A>(1, "\"sent\":").await;
    talk.push(7).await;
    talk.hear(7).await;
    // What cannot be read.
    talk.say("{").await;
    talk.socket.send(Message::Binary(vec![0; 4].into())).await.unwrap();
    tape.shows::<A>(2, "\"bad_frame\"").await;
    // Another connection.
    let restart = CloseFrame { code: 1012.into(), reason: "restart".into() };
    talk.socket.send(Message::Close(Some(restart))).await.unwrap();
    talk.socket = greeted::<A>(&mut sockets, &tape, 2).await;
    // The end.
    talk.realtime.close();
    assert!(matches!(talk.socket.next().await, Some(Ok(Message::Close(Some(frame)))) if frame.code == 1000.into()));
    drop(talk.socket);
    assert_eq!(ended.await.unwrap(), ConnectionState::Closed);

    let normal = tape.normal(&address.to_string(), A::Runtime::default().name());
    let expected: Vec<_> = TRACE.lines().collect();
    for (line, (seen, known)) in normal.iter().zip(&expected).enumerate() {
        assert_eq!(seen, known, "line {}", line + 1);
    }
    assert_eq!(normal.len(), expected.len(), "{}", normal.join("\n"));
    let replayed = replay(&tape.text()).unwrap();
    assert!(replayed.inputs > 20, "{replayed:?}");
}
