//! A client of the WebSocket.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::client::{Agent, PATIENCE};
use agentchat_local::{LocalPlatform, RawFrame};

/// A client that reads when asked to.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects and says nothing.
    pub(crate) async fn open(platform: &LocalPlatform, headers: &[(&'static str, &str)]) -> Socket {
        let mut request = format!("ws://{}/v1/ws", platform.addr()).into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a header"));
        }
        let connection = TcpStream::connect(platform.addr()).await.expect("connect");
        let (stream, _) = client_async(request, connection).await.expect("upgrade");
        Socket { stream }
    }

    /// Connects, says HELLO and checks that `hello.ok` is the first frame.
    pub(crate) async fn hello(agent: &Agent, capabilities: Value) -> Socket {
        let mut socket = Socket::open(&agent.platform, &[]).await;
        let hello = json!({ "type": "hello", "api_key": agent.account.api_key, "capabilities": capabilities });
        socket.send(&hello.to_string()).await;
        let first = socket.json().await;
        assert_eq!(first["type"], "hello.ok");
        socket
    }

    /// A session that acknowledges.
    pub(crate) async fn with_acks(agent: &Agent) -> Socket {
        Socket::hello(agent, json!(["ack"])).await
    }

    /// A session whose pushes are deliveries.
    pub(crate) async fn without_acks(agent: &Agent) -> Socket {
        Socket::hello(agent, json!([])).await
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.expect("send");
    }

    pub(crate) async fn binary(&mut self, bytes: &'static [u8]) {
        self.stream.send(Message::binary(bytes)).await.expect("send");
    }

    pub(crate) async fn ping(&mut self, payload: &'static [u8]) {
        self.stream.send(Message::Ping(payload.into())).await.expect("ping");
    }

    /// Says something and leaves in one breath, so that both arrive together.
    pub(crate) async fn last_word(&mut self, text: &str) {
        self.stream.feed(Message::text(text)).await.expect("feed");
        self.close().await;
    }

    /// Starts a close handshake and waits for its end.
    pub(crate) async fn close(&mut self) {
        self.stream.close(None).await.expect("close");
        while let Some(Ok(_)) = self.frame().await {}
    }

    pub(crate) async fn ack(&mut self, message_id: &Value) {
        self.send(&json!({ "type": "ack", "message_id": message_id }).to_string()).await;
    }

    pub(crate) async fn frame(&mut self) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, self.stream.next()).await.expect("a frame in time")
    }

    /// The next frame with a JSON text.
    pub(crate) async fn json(&mut self) -> Value {
        loop {
            match self.frame().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).expect("JSON"),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("expected a text, got {other:?}"),
            }
        }
    }

    /// The payload of the next frame, which must be of this type.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        let mut frame = self.json().await;
        assert_eq!(frame["type"], kind, "{frame}");
        frame["payload"].take()
    }

    /// The payloads of the next frames, which must all be messages.
    pub(crate) async fn messages(&mut self, count: usize) -> Value {
        let mut rows = Vec::new();
        for _ in 0..count {
            rows.push(self.event("message.new").await);
        }
        json!(rows)
    }

    /// Skips everything up to the close frame of the server.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.frame().await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("expected a close frame, got {other:?}"),
            }
        }
    }

    /// Checks that nothing has been sent to this socket that was not read yet: frames arrive in the order in which they
    /// were queued, so a marker pushed now must come next.
    pub(crate) async fn nothing_more(&mut self, agent: &Agent) {
        agent.platform.push_raw(&agent.account.handle, RawFrame::Text(r#"{"type":"marker"}"#.into()));
        assert_eq!(self.json().await["type"], "marker");
    }
}
