//! Uploads and downloads: what is asked of the platform, what of its store, and what is read and written when.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_driver::testkit::Task;
use agentchat_driver::{BodyCut, Download, Progress, Source, Upload, Uploaded};
use agentchat_engine::transfer::Received;
use agentchat_engine::{Error, Fault, FaultKind, TransferError, WasSent};
use bytes::Bytes;
use futures_util::io::Cursor;
use futures_util::{FutureExt, StreamExt};
use http::Response;
use serde_json::json;

use crate::store::{Rig, Streaming, URL, head};

/// A file that counts how often it is read, and can become another.
#[derive(Clone)]
struct File {
    bytes: Rc<RefCell<Bytes>>,
    opened: Rc<Cell<u32>>,
}

impl File {
    fn new(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: Rc::new(RefCell::new(bytes.into())), opened: Rc::default() }
    }
}

impl Source for File {
    type Reader = Cursor<Bytes>;

    async fn open(&self) -> io::Result<Cursor<Bytes>> {
        self.opened.set(self.opened.get() + 1);
        if self.bytes.borrow().is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Cursor::new(self.bytes.borrow().clone()))
    }

    fn name(&self) -> Option<String> {
        Some("notes.txt".into())
    }
}

type Uploading = Task<Result<Uploaded, TransferError>>;

fn upload(rig: &Rig, upload: Upload<File>) -> Uploading {
    let client = rig.client.clone();
    Task::new(async move { client.upload(upload).await })
}

fn announced(rig: &Rig, task: &mut Uploading) {
    assert!(task.run().is_none());
    let slot = json!({"attachment_id": "att_1", "upload_url": URL, "expires_in": 7200});
    rig.exchange().answer(201, &slot);
    assert!(task.run().is_none());
}

fn broken() -> Fault {
    Fault::new(FaultKind::Io, WasSent::Maybe, "reset")
}

impl Streaming {
    /// Reads the whole body, letting the upload go on in between.
    fn body(&mut self, task: &mut Uploading) -> Vec<u8> {
        let mut body = Vec::new();
        while self.request.body().remaining() > 0 {
            body.extend_from_slice(&self.chunk().expect("a chunk is there"));
            assert!(task.run().is_none());
        }
        body
    }
}

#[test]
fn an_upload_announces_the_file_and_sends_it_without_key_or_name() {
    let (rig, file) = (Rig::new(), File::new("hello"));
    let mut task = upload(&rig, Upload::to("@Alice", file.clone()));
    assert!(task.run().is_none());
    let announcement = rig.exchange();
    assert_eq!(announcement.request().uri().path(), "/v1/uploads");
    let body: serde_json::Value = serde_json::from_slice(announcement.request().body()).unwrap();
    let sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let expected = json!({"to": "alice", "filename": "notes.txt", "content_type": "text/plain", "size": 5,
        "sha256": sha256});
    assert_eq!(body, expected);
    announcement.answer(201, &json!({"attachment_id": "att_1", "upload_url": URL}));
    assert!(task.run().is_none());

    let mut put = rig.stream();
    assert_eq!((put.request.method().as_str(), put.request.uri().to_string()), ("PUT", URL.to_owned()));
    assert_eq!(put.request.headers().iter().count(), 1, "{:?}", put.request.headers());
    assert_eq!(put.request.headers()["content-type"], "text/plain");
    assert_eq!(put.request.body().remaining(), 5);
    assert_eq!(put.body(&mut task), b"hello");
    assert!(put.answer.send(Ok(head(200).1)).is_ok());
    let uploaded = task.run().expect("it is done").unwrap();
    assert_eq!((uploaded.attachment_id.as_str(), uploaded.filename.as_str()), ("att_1", "notes.txt"));
    assert_eq!((uploaded.file.size, uploaded.file.sha256.as_str()), (5, sha256));
    assert_eq!(file.opened.get(), 2, "for the checksum, and to be sent");
}

#[test]
fn an_announcement_whose_answer_is_lost_is_made_again() {
    let (rig, file) = (Rig::new(), File::new("hello"));
    let mut task = upload(&rig, Upload::to("alice", file));
    assert!(task.run().is_none());
    drop(rig.exchange());
    assert!(task.run().is_none());
    rig.script.clock().advance(Duration::from_secs(1));
    assert!(task.run().is_none());
    rig.exchange().answer(503, &json!({"code": "STORAGE_UNAVAILABLE", "message": "m"}));
    assert!(task.run().is_none());
    rig.script.clock().advance(Duration::from_secs(2));
    announced(&rig, &mut task);
    let mut put = rig.stream();
    assert_eq!(put.body(&mut task), b"hello");
    assert!(put.answer.send(Ok(head(200).1)).is_ok());
    assert!(task.run().expect("it is done").is_ok());
}

#[test]
fn a_file_is_read_no_further_than_the_store_takes_it() {
    let (rig, told) = (Rig::new(), Arc::new(Mutex::new(Vec::new())));
    let tell = Arc::clone(&told);
    let file = File::new(vec![7; 1024 * 1024]);
    let listener = move |at: Progress| tell.lock().unwrap().push(at.bytes);
    let mut task = upload(&rig, Upload::to("alice", file).on_progress(listener));
    announced(&rig, &mut task);
    let mut put = rig.stream();
    let first = *told.lock().unwrap().last().unwrap();
    assert!(first <= 64 * 1024, "{first} bytes were read ahead");
    assert_eq!(put.body(&mut task).len(), 1024 * 1024);
    assert_eq!(*told.lock().unwrap().last().unwrap(), 1024 * 1024);
    assert!(told.lock().unwrap().is_sorted());
    assert!(put.answer.send(Ok(head(201).1)).is_ok());
    assert!(task.run().expect("it is done").is_ok());
}

#[test]
fn an_attempt_that_breaks_off_is_repeated_from_the_start_of_the_file() {
    let (rig, file) = (Rig::new(), File::new(vec![1; 100_000]));
    let mut task = upload(&rig, Upload::to_group("grp_1", file.clone()));
    announced(&rig, &mut task);
    let mut first = rig.stream();
    assert!(first.chunk().is_some());
    assert!(first.answer.send(Err(broken())).is_ok());
    assert!(task.run().is_none());
    assert_eq!(first.request.body_mut().next().now_or_never().flatten(), Some(Err(BodyCut)));
    rig.script.clock().advance(Duration::from_secs(1));
    assert!(task.run().is_none());
    let second = rig.stream();
    // The store answers before it has read anything: it is busy.
    assert!(second.answer.send(Ok(head(503).1)).is_ok());
    assert!(task.run().is_none());
    rig.script.clock().advance(Duration::from_secs(2));
    assert!(task.run().is_none());
    let mut third = rig.stream();
    assert_eq!(third.body(&mut task).len(), 100_000);
    assert!(third.answer.send(Ok(head(200).1)).is_ok());
    assert!(task.run().expect("it is done").is_ok());
    assert_eq!(file.opened.get(), 4);
}

#[test]
fn a_file_that_changes_after_its_announcement_is_never_sent_whole() {
    for other in ["HELLO", "hell", "hello!", ""] {
        let (rig, file) = (Rig::new(), File::new("hello"));
        let mut task = upload(&rig, Upload::to("alice", file.clone()));
        assert!(task.run().is_none());
        file.bytes.replace(Bytes::from(other));
        let slot = json!({"attachment_id": "att_1", "upload_url": URL});
        rig.exchange().answer(201, &slot);
        let error = task.run().expect("it is over").unwrap_err();
        match other {
            "" => assert_file_error(&error, io::ErrorKind::NotFound),
            _ => assert!(matches!(error, TransferError::Changed), "{other}: {error:?}"),
        }
        let put = rig.stream();
        let mut body = put.request.into_body();
        let mut sent = body.next().now_or_never().flatten();
        if let Some(Ok(part)) = &sent {
            assert!(part.len() < 5, "{other}");
            sent = body.next().now_or_never().flatten();
        }
        assert!(matches!(sent, Some(Err(BodyCut))), "{other}: {sent:?}");
        assert!(put.answer.is_canceled());
    }
}

#[test]
fn what_cannot_be_uploaded_is_refused_before_anything_is_sent() {
    let rig = Rig::new();
    let refused = |task: &mut Uploading| {
        let error = task.run().expect("it is over").unwrap_err();
        assert_eq!(rig.script.exchanges(), 0);
        error
    };
    let mut nameless = upload(&rig, Upload::to("alice", File::new("x")).filename("tool.exe"));
    let error = refused(&mut nameless);
    assert!(matches!(&error, TransferError::Call(Error::Refused(why)) if why.field == "content_type"), "{error:?}");
    let mut large = upload(&rig, Upload::to("alice", File::new(vec![0; 25 * 1024 * 1024 + 1])));
    let error = refused(&mut large);
    assert!(matches!(error, TransferError::TooLarge { .. }), "{error:?}");
    let error = refused(&mut upload(&rig, Upload::to("alice", File::new(""))));
    assert!(matches!(error, TransferError::File { .. }), "{error:?}");
}

#[test]
fn a_store_that_refuses_ends_the_upload_and_the_url_is_not_shown() {
    let (rig, file) = (Rig::new(), File::new("hello"));
    let mut task = upload(&rig, Upload::to("alice", file));
    announced(&rig, &mut task);
    assert!(rig.stream().answer.send(Ok(head(403).1)).is_ok());
    let error = task.run().expect("it is over").unwrap_err();
    assert!(matches!(error, TransferError::Refused { status: 403, attempts: 1 }));
    assert!(!format!("{error} {error:?}").contains("hush"));
}

#[test]
fn a_dropped_upload_drops_its_exchange() {
    let (rig, file) = (Rig::new(), File::new("hello"));
    let mut task = upload(&rig, Upload::to("alice", file));
    announced(&rig, &mut task);
    let put = rig.stream();
    assert!(!put.answer.is_canceled());
    drop(task);
    assert!(put.answer.is_canceled());
}

#[test]
fn an_upload_that_does_not_move_is_given_up_and_repeated() {
    let (rig, file) = (Rig::new(), File::new("hello"));
    let mut task = upload(&rig, Upload::to("alice", file));
    announced(&rig, &mut task);
    let first = rig.stream();
    rig.script.clock().advance(Duration::from_secs(60));
    assert!(task.run().is_none());
    assert!(first.answer.is_canceled());
    rig.script.clock().advance(Duration::from_secs(1));
    assert!(task.run().is_none());
    assert!(rig.stream().answer.send(Ok(head(200).1)).is_ok());
    assert!(task.run().expect("it is done").is_ok());
}

type Written = Arc<Mutex<Vec<u8>>>;

/// A writer that can be looked at, and that refuses what is beyond its room.
struct Paper(Written, usize);

impl futures_util::AsyncWrite for Paper {
    fn poll_write(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<io::Result<usize>> {
        let mut written = self.0.lock().unwrap();
        if written.len() + bytes.len() > self.1 {
            return std::task::Poll::Ready(Err(io::ErrorKind::StorageFull.into()));
        }
        written.extend_from_slice(bytes);
        std::task::Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn poll_close(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }
}

fn download(rig: &Rig, download: Download, room: usize) -> (Task<Result<Received, TransferError>>, Written) {
    let (client, written) = (rig.client.clone(), Written::default());
    let paper = Paper(Arc::clone(&written), room);
    let mut task = Task::new(async move { client.download(download, paper).await });
    assert!(task.run().is_none());
    let exchange = rig.exchange();
    assert_eq!(exchange.request().uri().path(), "/v1/attachments/att_1");
    let response = Response::builder().status(302).header("location", URL).body(Bytes::new()).unwrap();
    exchange.end(Ok(response));
    assert!(task.run().is_none());
    (task, written)
}

#[test]
fn a_download_goes_on_where_it_broke_off_and_writes_each_byte_once() {
    let (rig, told) = (Rig::new(), Arc::new(Mutex::new(Vec::new())));
    let tell = Arc::clone(&told);
    let request = Download::new("att_1").on_progress(move |at| tell.lock().unwrap().push((at.bytes, at.total)));
    let (mut task, written) = download(&rig, request, 100);
    let get = rig.stream();
    assert_eq!(get.request.method(), "GET");
    assert_eq!(get.request.headers().len(), 1, "{:?}", get.request.headers());
    assert_eq!(get.request.headers()["accept-encoding"], "identity");
    let (say, mut answer) = head(200);
    answer.headers_mut().insert("content-length", 6.into());
    answer.headers_mut().insert("etag", "\"v1\"".parse().unwrap());
    assert!(get.answer.send(Ok(answer)).is_ok());
    say.unbounded_send(Ok(Bytes::from_static(b"abc"))).unwrap();
    assert!(task.run().is_none());
    assert_eq!(*written.lock().unwrap(), b"abc");
    say.unbounded_send(Err(broken())).unwrap();
    assert!(task.run().is_none());
    rig.script.clock().advance(Duration::from_secs(1));
    assert!(task.run().is_none());

    let again = rig.stream();
    assert_eq!(again.request.headers()["range"], "bytes=3-");
    assert_eq!(again.request.headers()["if-range"], "\"v1\"");
    let (say, mut answer) = head(206);
    answer.headers_mut().insert("content-range", "bytes 3-5/6".parse().unwrap());
    answer.headers_mut().insert("etag", "\"v1\"".parse().unwrap());
    assert!(again.answer.send(Ok(answer)).is_ok());
    say.unbounded_send(Ok(Bytes::from_static(b"def"))).unwrap();
    say.close_channel();
    let received = task.run().expect("it is done").unwrap();
    assert_eq!((received.file.size, received.attempts), (6, 2));
    assert_eq!(*written.lock().unwrap(), b"abcdef");
    assert_eq!(*told.lock().unwrap(), [(3, Some(6)), (6, Some(6))]);
}

fn assert_file_error(error: &TransferError, kind: io::ErrorKind) {
    let TransferError::File { source, .. } = error else { panic!("{error:?}") };
    assert_eq!(source.kind(), kind, "{error:?}");
}

#[test]
fn a_full_disk_ends_a_download() {
    let rig = Rig::new();
    let (mut task, _) = download(&rig, Download::new("att_1"), 2);
    let (say, answer) = head(200);
    assert!(rig.stream().answer.send(Ok(answer)).is_ok());
    say.unbounded_send(Ok(Bytes::from_static(b"abc"))).unwrap();
    let error = task.run().expect("it is over").unwrap_err();
    assert_file_error(&error, io::ErrorKind::StorageFull);
    assert!(say.is_closed(), "the rest is not read");
}

#[test]
fn a_download_that_does_not_move_is_given_up_and_repeated() {
    let rig = Rig::new();
    let (mut task, written) = download(&rig, Download::new("att_1"), 100);
    let (say, answer) = head(200);
    assert!(rig.stream().answer.send(Ok(answer)).is_ok());
    say.unbounded_send(Ok(Bytes::from_static(b"a"))).unwrap();
    assert!(task.run().is_none());
    rig.script.clock().advance(Duration::from_secs(60));
    assert!(task.run().is_none());
    assert!(say.is_closed());
    rig.script.clock().advance(Duration::from_secs(1));
    assert!(task.run().is_none());
    let (say, answer) = head(200);
    assert!(rig.stream().answer.send(Ok(answer)).is_ok());
    say.unbounded_send(Ok(Bytes::from_static(b"ab"))).unwrap();
    say.close_channel();
    assert!(task.run().expect("it is done").is_ok());
    assert_eq!(*written.lock().unwrap(), b"ab");
}
