//! The first text frame of a socket, written past the WebSocket library: it holds the API key, and the library tells its
//! log, at the finest level, every frame that it sends.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use async_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};
use futures_io::AsyncWrite;

/// How far the first text frame is.
pub(crate) enum SecretFirstFrame {
    /// It has not come yet.
    Due,
    /// Its bytes, and how many of them have left.
    Leaving(Vec<u8>, usize),
    /// It has left; what follows is the library's business.
    Gone,
}

impl std::fmt::Debug for SecretFirstFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Due => "Due",
            Self::Leaving(..) => "Leaving",
            Self::Gone => "Gone",
        })
    }
}

impl SecretFirstFrame {
    /// Takes the frame. It leaves with [`poll_leave`](Self::poll_leave).
    pub(crate) fn start(&mut self, text: String) -> io::Result<()> {
        let mut mask = [0; 4];
        getrandom::fill(&mut mask).map_err(io::Error::other)?;
        let header = FrameHeader { opcode: OpCode::Data(Data::Text), mask: Some(mask), ..FrameHeader::default() };
        let mut bytes = Vec::with_capacity(text.len() + 14);
        Frame::from_payload(header, text.into()).format(&mut bytes).map_err(|_| io::ErrorKind::InvalidData)?;
        *self = Self::Leaving(bytes, 0);
        Ok(())
    }

    /// Completes when no part of the frame waits any more. The stream is not flushed.
    pub(crate) fn poll_leave(
        &mut self,
        mut stream: Pin<&mut impl AsyncWrite>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if let Self::Leaving(bytes, left) = self {
            while let Some(rest) = bytes.get(*left..).filter(|rest| !rest.is_empty()) {
                match ready!(stream.as_mut().poll_write(cx, rest)?) {
                    0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    written => *left += written,
                }
            }
            *self = Self::Gone;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::io::Cursor;

    #[test]
    fn it_is_one_masked_text_frame() {
        let mut hello = SecretFirstFrame::Due;
        hello.start("x".repeat(200)).unwrap();
        let mut out = Cursor::new(Vec::new());
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(matches!(hello.poll_leave(Pin::new(&mut out), &mut cx), Poll::Ready(Ok(()))));
        let bytes = out.into_inner();
        assert_eq!((bytes[0], bytes[1], &bytes[2..4]), (0x81, 0x80 | 126, [0, 200].as_slice()));
        let (mask, payload) = bytes[4..].split_at(4);
        assert_eq!(payload.len(), 200);
        assert!(payload.iter().zip(mask.iter().cycle()).all(|(byte, mask)| byte ^ mask == b'x'));
        assert!(matches!(hello.poll_leave(Pin::new(&mut Cursor::new(Vec::new())), &mut cx), Poll::Ready(Ok(()))));
    }
}
