//! Files in one call each way: against the local platform, and against stores that break off.

use agentchat_driver::engine::TransferError;
use agentchat_driver::engine::types::Content;
use agentchat_driver::{Client, Download, Upload};
use agentchat_engine::ApiKey;
use agentchat_engine::rest::{RetryPolicy, SendMessage};
use agentchat_engine::transfer::TransferOptions;
use agentchat_net::Net;
use bytes::Bytes;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::adapter::{Adapter, client};
use super::server::{listen, platform, read_request, servers};
use agentchat_local::{LocalPlatform, Settings};

/// A client of an agent that is made for it.
pub(super) fn agent<A: Adapter>(platform: &LocalPlatform, handle: &str) -> Client<Net<A::Runtime>> {
    let account = platform.create_agent(handle).unwrap();
    client::<A>(platform.addr()).with_api_key(ApiKey::new(account.api_key).unwrap())
}

pub(super) async fn a_file_goes_up_and_comes_down_without_the_key<A: Adapter>() {
    let platform = platform(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("report.pdf"), folder.path().join("copy.pdf"));
    let bytes: Vec<u8> = (0..3_000_000_u32).flat_map(|number| [number as u8, (number >> 8) as u8]).collect();
    std::fs::write(&source, &bytes).unwrap();

    let report = alice.upload(Upload::to("@bob", source)).await.unwrap();
    assert_eq!((report.file.size, report.content_type.as_str()), (6_000_000, "application/pdf"));
    let content = Content::from_attachment(report.attachment_id.as_str());
    alice.send_message(SendMessage::to("bob", content)).await.unwrap();

    let download = || Download::new(report.attachment_id.clone()).sha256(report.file.sha256.as_str());
    let received = bob.download_to(download(), &target).await.unwrap();
    assert_eq!(received.file, report.file);
    assert_eq!(received.content_type.as_deref(), Some("application/pdf"));
    assert!(std::fs::read(&target).unwrap() == bytes);
    let error = bob.download_to(download().limit(5_999_999), &target).await.unwrap_err();
    assert!(matches!(error, TransferError::TooLarge { .. }), "{error:?}");
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "no part of a download is left: {names:?}");
    assert!(std::fs::read(&target).unwrap() == bytes, "what was there is still there");

    let to_store: Vec<_> =
        platform.requests().into_iter().filter(|request| request.path.starts_with("/storage/")).collect();
    assert_eq!(to_store.iter().map(|request| request.method.as_str()).collect::<Vec<_>>(), ["PUT", "GET", "GET"]);
    for request in to_store {
        let ours = ["authorization", "user-agent", "x-agentchat-client", "x-agentchat-client-version"];
        assert!(ours.iter().all(|name| !request.headers.contains_key(*name)), "{:?}", request.headers);
    }
}

pub(super) async fn what_is_not_for_you_or_has_expired_cannot_be_had<A: Adapter>() {
    let settings = Settings::default().download_link_lifetime(Duration::ZERO);
    let platform = platform(settings).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let carol = agent::<A>(&platform, "carol");
    let note = Upload::to("bob", Bytes::from_static(b"hi")).filename("note.txt");
    let note = alice.upload(note).await.unwrap().attachment_id;
    let error = carol.download(Download::new(note.clone()), Vec::new()).await.unwrap_err();
    assert!(matches!(&error, TransferError::Call(error) if error.api().is_some_and(|api| api.status == 404)));
    platform.clock().advance(Duration::from_secs(1));
    let error = bob.download(Download::new(note), Vec::new()).await.unwrap_err();
    assert!(matches!(error, TransferError::Refused { status: 403, attempts: 1 }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("storage"), "{error:?}");
}

/// A platform that sends every file to itself and plays its store by a script for the request's number.
fn store<F>(script: impl Fn(u32, String, TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let (listener, address) = listen();
    servers().spawn(async move {
        let mut number = 0;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = read_request(&mut stream).await;
            if request.starts_with("POST /v1/uploads ") {
                let answer = format!(r#"{{"attachment_id":"att_1","upload_url":"http://{address}/f?sig=hush"}}"#);
                let head = "HTTP/1.1 201 Created\r\nconnection: close\r\ncontent-length";
                stream.write_all(format!("{head}: {}\r\n\r\n{answer}", answer.len()).as_bytes()).await.unwrap();
            } else if request.starts_with("GET /v1/attachments/") {
                let head = "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation";
                stream.write_all(format!("{head}: http://{address}/f?sig=hush\r\n\r\n").as_bytes()).await.unwrap();
            } else {
                number += 1;
                servers().spawn(script(number, request, stream));
            }
        }
    });
    address
}

fn impatient() -> TransferOptions {
    let retry = RetryPolicy::default().base(Duration::from_millis(1));
    TransferOptions::default().retry(retry)
}

pub(super) async fn an_upload_that_breaks_off_is_sent_again<A: Adapter>() {
    const SIZE: usize = 4 * 1024 * 1024;
    let address = store(|number, request, mut stream| async move {
        assert!(request.starts_with("PUT /f?sig=hush ") && !request.to_lowercase().contains("authorization"));
        assert!(request.to_lowercase().contains(&format!("content-length: {SIZE}\r\n")), "{request}");
        let mut body = vec![0; if number == 1 { 1_000 } else { SIZE }];
        stream.read_exact(&mut body).await.unwrap();
        assert!(body.iter().all(|byte| *byte == 7));
        if number > 1 {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.unwrap();
        }
    });
    let file = Upload::to("alice", Bytes::from(vec![7; SIZE])).filename("f.txt").options(impatient());
    let uploaded = client::<A>(address).upload(file).await.unwrap();
    assert_eq!(uploaded.attachment_id.as_str(), "att_1");
}

pub(super) async fn a_store_that_refuses_early_is_heard<A: Adapter>() {
    let address = store(|_, _, mut stream| async move {
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        // Reads on, as servers do so that their answer is not lost.
        let mut rest = [0; 4096];
        while stream.read(&mut rest).await.is_ok_and(|length| length > 0) {}
    });
    let file = Upload::to("alice", Bytes::from(vec![7; 8 * 1024 * 1024])).filename("f.txt").options(impatient());
    let error = client::<A>(address).upload(file).await.unwrap_err();
    assert!(matches!(error, TransferError::Refused { status: 403, attempts: 1 }), "{error:?}");
}

pub(super) async fn a_download_that_breaks_off_goes_on<A: Adapter>() {
    let address = store(|number, request, mut stream| async move {
        assert_eq!(request.to_lowercase().contains("range: bytes=3-\r\n"), number == 2, "{request}");
        let answer = match number {
            1 => "HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: 6\r\n\r\nabc",
            _ => {
                "HTTP/1.1 206 Partial Content\r\netag: \"1\"\r\ncontent-range: bytes 3-5/6\r\ncontent-length: 3\r\n\r\ndef"
            }
        };
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    let mut written = Vec::new();
    let download = Download::new("att_1").options(impatient());
    let received = client::<A>(address).download(download, &mut written).await.unwrap();
    assert_eq!((written.as_slice(), received.attempts), (&b"abcdef"[..], 2));
}
