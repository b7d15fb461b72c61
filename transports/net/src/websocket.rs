//! WebSockets: the upgrade, and frames in the driver's terms.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use agentchat_driver::{SocketCommand, SocketEvent};
use agentchat_engine::rest::parse_retry_after;
use agentchat_engine::{Fault, FaultKind, UnixTime, WasSent, limits};
use async_tungstenite::tungstenite::client::IntoClientRequest;
use async_tungstenite::tungstenite::error::ProtocolError;
use async_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use async_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use async_tungstenite::tungstenite::{Error, Message};
use async_tungstenite::{WebSocketStream, client_async_with_config};
use futures_io::{AsyncRead, AsyncWrite};
use futures_sink::Sink;
use futures_util::stream::Stream;
use futures_util::{SinkExt, StreamExt};
use http::Request;
use http::header::SEC_WEBSOCKET_EXTENSIONS;

use crate::outgrown::Outgrown;
use crate::read_ahead::ReadAhead;
use crate::secret_first_frame::SecretFirstFrame;
use crate::stream::NetStream;
use crate::unsent::{self, UnsentBytes};

/// Room for reading, which every session keeps: frames are mostly below 1 KiB. The library's own is 128 KiB.
const READ_BUFFER: usize = 1024;

/// Bytes that are gathered before they are written. The library's own is 128 KiB.
const WRITE_BUFFER: usize = 16 * 1024;

/// Bytes of a frame that is not whole yet which are reported as a sign of life. Most frames are smaller, so that the reports do
/// not show how the network cuts them; and at the default keepalive a connection is given up below 100 bytes a second.
const PROGRESS: usize = 4 * 1024;

/// An open WebSocket. Its stream ends after the peer's close frame, whatever the connection does then: peers often
/// drop it without the formalities.
#[derive(Debug)]
pub struct WebSocket<S> {
    inner: WebSocketStream<ReadAhead<S>>,
    hello: SecretFirstFrame,
    unsent: UnsentBytes,
    outgrown: Outgrown,
    closed: bool,
}

/// Upgrades a stream that was opened for it. A `Retry-After` with a date is measured from `now`, if the answer has no date.
pub(crate) async fn upgrade<S>(stream: NetStream<S>, request: Request<()>, now: UnixTime) -> Result<WebSocket<S>, Fault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (head, ()) = request.into_parts();
    let mut request = head.uri.into_client_request().map_err(|error| fault(&error))?;
    request.headers_mut().extend(head.headers);
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        // A frame of ours and what may wait beside it; `UnsentBytes` ends the connection before that.
        .max_write_buffer_size(limits::FRAME + 2 * unsent::ROOM)
        .max_message_size(Some(limits::FRAME))
        .max_frame_size(Some(limits::FRAME));
    match client_async_with_config(request, ReadAhead::new(stream), Some(config)).await {
        // The library looks at subprotocols, but not at extensions (RFC 6455, 4.1).
        Ok((_, response)) if response.headers().contains_key(SEC_WEBSOCKET_EXTENSIONS) => {
            let message = "the upgrade was answered with an extension that was not offered";
            Err(Fault::new(FaultKind::Protocol, WasSent::Maybe, message))
        }
        Ok((inner, _)) => {
            let (hello, unsent, outgrown) = (SecretFirstFrame::Due, UnsentBytes::default(), Outgrown::default());
            Ok(WebSocket { inner, hello, unsent, outgrown, closed: false })
        }
        Err(Error::Http(response)) => {
            let retry_after = parse_retry_after(response.headers(), now);
            Err(Fault::upgrade_refused(response.status().as_u16(), retry_after))
        }
        Err(error) => Err(fault(&error)),
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for WebSocket<S> {
    type Item = Result<SocketEvent, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Reading makes the library write, and its pong must not come out in the middle of our frame.
        if let Err(fault) = ready!(self.poll_hello(cx)) {
            return Poll::Ready(Some(Err(fault)));
        }
        loop {
            let Poll::Ready(read) = self.inner.poll_next_unpin(cx) else {
                return if self.has_progressed() { Poll::Ready(Some(Ok(SocketEvent::Alive))) } else { Poll::Pending };
            };
            self.restart();
            let event = match read {
                // Copied, because the library's text keeps its whole read buffer alive.
                Some(Ok(Message::Text(text))) => {
                    let copy = text.as_str().to_owned();
                    self.outgrown.taken(text);
                    SocketEvent::Text(copy)
                }
                Some(Ok(Message::Binary(bytes))) => {
                    self.outgrown.taken(bytes);
                    SocketEvent::Binary
                }
                Some(Ok(Message::Ping(payload))) => {
                    let left = self.inner.get_mut().take_sent();
                    self.unsent.left(left);
                    self.unsent.answer(payload.len());
                    if self.unsent.is_too_much() {
                        return Poll::Ready(Some(Err(unread())));
                    }
                    SocketEvent::Alive
                }
                Some(Ok(Message::Pong(_))) => SocketEvent::Alive,
                Some(Ok(Message::Close(frame))) => {
                    self.closed = true;
                    closed(frame)
                }
                Some(Ok(Message::Frame(_))) => continue,
                Some(Err(error)) if !self.closed => return Poll::Ready(Some(Err(fault(&error)))),
                Some(Err(_)) | None => return Poll::Ready(None),
            };
            return Poll::Ready(Some(Ok(event)));
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<SocketCommand> for WebSocket<S> {
    type Error = Fault;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        ready!(self.poll_hello(cx))?;
        self.inner.poll_ready_unpin(cx).map_err(|error| fault(&error))
    }

    fn start_send(mut self: Pin<&mut Self>, command: SocketCommand) -> Result<(), Fault> {
        let left = self.inner.get_mut().take_sent();
        self.unsent.left(left);
        let message = match command {
            SocketCommand::Text(text) if matches!(self.hello, SecretFirstFrame::Due) => {
                return self.hello.start(text).map_err(|error| fault(&Error::Io(error)));
            }
            SocketCommand::Text(text) => Message::text(text),
            SocketCommand::Ping => Message::Ping(Default::default()),
            SocketCommand::Close { code, reason } => {
                Message::Close(Some(CloseFrame { code: CloseCode::from(code), reason: reason.into() }))
            }
        };
        self.unsent.send(message.len());
        self.inner.start_send_unpin(message).map_err(|error| fault(&error))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        ready!(self.poll_hello(cx))?;
        ready!(self.inner.poll_flush_unpin(cx)).map_err(|error| fault(&error))?;
        self.all_left();
        Poll::Ready(Ok(()))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        ready!(self.poll_hello(cx))?;
        self.inner.poll_close_unpin(cx).map_err(|error| fault(&error))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    /// Whether enough was read of a frame that is not whole yet to count as a sign of life.
    fn has_progressed(&mut self) -> bool {
        let progressed = self.inner.get_ref().received() >= PROGRESS;
        if progressed {
            self.restart();
        }
        progressed
    }

    /// Counts anew what is read.
    fn restart(&mut self) {
        let stream = self.inner.get_mut();
        self.outgrown.read(stream.received());
        stream.restart();
    }

    /// Sees the first text frame off, behind what the library has to write.
    fn poll_hello(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        if matches!(self.hello, SecretFirstFrame::Leaving(_, 0)) {
            ready!(self.inner.poll_flush_unpin(cx)).map_err(|error| fault(&error))?;
        }
        if matches!(self.hello, SecretFirstFrame::Leaving(..)) {
            let stream = Pin::new(self.inner.get_mut());
            ready!(self.hello.poll_leave(stream, cx)).map_err(|error| fault(&Error::Io(error)))?;
            self.all_left();
        }
        Poll::Ready(Ok(()))
    }

    /// Nothing waits to be written.
    fn all_left(&mut self) {
        self.inner.get_mut().take_sent();
        self.unsent.clear();
    }
}

fn closed(frame: Option<CloseFrame>) -> SocketEvent {
    let (code, reason) = match frame {
        Some(frame) => (Some(u16::from(frame.code)), frame.reason.as_str().to_owned()),
        None => (None, String::new()),
    };
    SocketEvent::Closed { code, reason }
}

fn unread() -> Fault {
    let message = format!("the peer pings and does not read: {} bytes of answers wait", unsent::ROOM);
    Fault::new(FaultKind::Protocol, WasSent::Maybe, message)
}

/// The library's texts can quote header values and close reasons, so they are not passed on.
fn fault(error: &Error) -> Fault {
    let (kind, message) = match error {
        Error::Io(error) => (FaultKind::Io, error.kind().to_string()),
        Error::Tls(_) => (FaultKind::Io, "the TLS stream broke".to_owned()),
        Error::ConnectionClosed | Error::AlreadyClosed => (FaultKind::Io, "the WebSocket is closed".to_owned()),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            (FaultKind::Io, "the connection ended without a close frame".to_owned())
        }
        Error::WriteBufferFull(_) => (FaultKind::Io, "the peer does not read what is sent to it".to_owned()),
        Error::Capacity(_) => (FaultKind::TooLarge, format!("a frame is larger than {} bytes", limits::FRAME)),
        Error::Utf8(_) => (FaultKind::Protocol, "a text frame is not UTF-8".to_owned()),
        _ => (FaultKind::Protocol, "the peer broke the WebSocket protocol".to_owned()),
    };
    Fault::new(kind, WasSent::Maybe, message)
}
