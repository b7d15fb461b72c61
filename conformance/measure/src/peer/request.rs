//! Requests as far as the peer has to read them.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Most headers of a request.
const HEADERS: usize = 32;

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) path: String,
    pub(super) query: String,
    pub(super) body: Vec<u8>,
    /// The key of an upgrade.
    pub(super) key: Option<String>,
    /// Whether it is the connection's last.
    pub(super) last: bool,
}

/// Reads the next request; `None` at the end of the connection. Bytes after it stay in the buffer.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> io::Result<Option<Request>> {
    loop {
        if let Some((mut request, head, length)) = head(buffer)? {
            while buffer.len() < head + length {
                if stream.read_buf(buffer).await? == 0 {
                    return Ok(None);
                }
            }
            request.body = buffer[head..head + length].to_vec();
            buffer.drain(..head + length);
            return Ok(Some(request));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// The head of a request, its length, and the length of the body.
fn head(buffer: &[u8]) -> io::Result<Option<(Request, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(buffer).map_err(io::Error::other)? else { return Ok(None) };
    let value = |name: &str| {
        let header = parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    };
    let (path, query) =
        parsed.path.unwrap_or_default().split_once('?').unwrap_or((parsed.path.unwrap_or_default(), ""));
    let request = Request {
        path: path.to_owned(),
        query: query.to_owned(),
        body: Vec::new(),
        key: value("sec-websocket-key").map(str::to_owned),
        last: value("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")),
    };
    let length = value("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    Ok(Some((request, head, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_are_read_one_after_another() {
        let mut bytes: &[u8] =
            b"POST /a?b=1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /c HTTP/1.1\r\nConnection: close\r\n\r\n";
        let mut buffer = Vec::new();
        let first = read(&mut bytes, &mut buffer).await.expect("reads").expect("a request");
        assert_eq!((&*first.path, &*first.query, &*first.body, first.last), ("/a", "b=1", &b"hi"[..], false));
        let second = read(&mut bytes, &mut buffer).await.expect("reads").expect("a request");
        assert_eq!((&*second.path, second.last), ("/c", true));
        assert!(read(&mut bytes, &mut buffer).await.expect("reads").is_none());
    }
}
