//! Downloads from stores that send parts, break off, contradict themselves or have another file meanwhile: over HTTP/1.1,
//! TLS and HTTP/2 alike, what is reported as success is the file, and what was there before is replaced by nothing less.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_driver::Download;
use agentchat_driver::engine::TransferError;
use agentchat_engine::rest::RetryPolicy;
use agentchat_engine::transfer::TransferOptions;
use futures_util::AsyncWriteExt;
use tokio::sync::watch;
use tokio_util::compat::FuturesAsyncReadCompatExt;

use super::adapter::Adapter;
use super::certificate;
use super::server::read_request;
use super::store::{Answer, Asked, SIZE, Script, Wire, local, store, trusting, version};
use super::tls::accept_tls;

fn download() -> Download {
    let retry = RetryPolicy::default().base(Duration::from_millis(1));
    Download::new("att_1").options(TransferOptions::default().retry(retry))
}

/// Downloads to where an old file is. A failure must leave it as it was, and nothing beside it.
async fn fetch<A: Adapter>(wire: Wire, answers: Vec<Answer>) -> (Result<Vec<u8>, TransferError>, Asked) {
    let (tell, written) = watch::channel(0);
    let (client, asked) = store::<A>(wire, Script { answers, written });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "old").unwrap();
    let result = client.download_to(download().on_progress(move |at| _ = tell.send_replace(at.bytes)), &path).await;
    let there = std::fs::read(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no part of a download is left");
    match result {
        Ok(received) => {
            assert_eq!(received.file.size, there.len() as u64);
            assert_eq!(received.attempts as usize, asked.lock().unwrap().len());
            (Ok(there), asked)
        }
        Err(error) => {
            assert_eq!(there, b"old", "{error:?}");
            (Err(error), asked)
        }
    }
}

pub(super) async fn parts_are_joined_if_they_are_of_one_file_and_asked_for_until_it_is_whole<A: Adapter>() {
    let file = version(SIZE);
    let tag = "\"v1\"";
    let whole = || Answer::whole(&file).tagged(tag);
    let broken = || Answer::broken(&file).tagged(tag);
    let rest = "bytes 4000-10239/10240";
    let from = |first: usize| Some(format!("bytes={first}-"));
    let cases = [
        (
            "less than was asked for",
            vec![
                broken(),
                Answer::part(&file, 4_000, 5_999, "bytes 4000-5999/10240").tagged(tag),
                Answer::part(&file, 6_000, 6_000, "bytes 6000-6000/*").tagged(tag),
                Answer::part(&file, 6_001, 10_239, "bytes 6001-10239/10240").tagged(tag),
            ],
            vec![None, from(4_000), from(6_000), from(6_001)],
        ),
        (
            "the range promises more than the length",
            vec![broken(), Answer::part(&file, 4_000, 5_999, rest).with("content-length", 2_000).tagged(tag), whole()],
            vec![None, from(4_000), None],
        ),
        (
            "the range promises more than comes",
            vec![
                broken(),
                Answer::part(&file, 4_000, 5_999, rest).tagged(tag),
                Answer::part(&file, 6_000, 10_239, "bytes 6000-10239/10240").tagged(tag),
            ],
            vec![None, from(4_000), from(6_000)],
        ),
        (
            "nothing says which file the part is of",
            vec![broken(), Answer::part(&file, 4_000, 10_239, rest), whole()],
            vec![None, from(4_000), None],
        ),
        ("the store cannot send parts", vec![broken(), whole()], vec![None, from(4_000)]),
        ("no tag", vec![Answer::broken(&file), Answer::broken(&file), Answer::whole(&file)], vec![None, None, None]),
        ("a weak tag", vec![Answer::broken(&file).tagged("W/\"v1\""), whole()], vec![None, None]),
    ];
    for wire in [Wire::Http1, Wire::Tls, Wire::Http2] {
        for (name, answers, ranges) in &cases {
            let (result, asked) = fetch::<A>(wire, answers.clone()).await;
            assert!(result.is_ok_and(|there| there == file), "{name} over {wire:?}");
            let asked = asked.lock().unwrap();
            assert_eq!(
                asked.iter().map(|(range, _)| range.clone()).collect::<Vec<_>>(),
                *ranges,
                "{name} over {wire:?}"
            );
            let conditions =
                asked.iter().all(|(range, condition)| range.is_some() == (condition.as_deref() == Some(tag)));
            assert!(conditions, "a part is asked for of one file only: {asked:?}");
        }
    }
}

pub(super) async fn another_file_in_place_of_the_first_is_no_success<A: Adapter>() {
    let (file, other) = (version(SIZE), version(100));
    let broken = || Answer::broken(&file).tagged("\"v1\"");
    let cases = [
        ("smaller", vec![broken(), Answer::part(&file, 4_000, 4_002, "bytes 4000-4002/4003").tagged("\"v1\"")]),
        ("larger", vec![broken(), Answer::part(&file, 4_000, 10_239, "bytes 4000-10239/10241").tagged("\"v1\"")]),
        ("another tag", vec![broken(), Answer::part(&file, 4_000, 10_239, "bytes 4000-10239/10240").tagged("\"v2\"")]),
        ("another tag of the whole", vec![broken(), Answer::whole(&file).tagged("\"v2\"")]),
        ("another beginning", vec![Answer::broken(&file), Answer::whole(&other)]),
        ("smaller as a whole", vec![Answer::broken(&file), Answer::whole(&file[..SIZE - 1])]),
        ("smaller than what was received", vec![Answer::broken(&file), Answer::whole(&file[..100])]),
    ];
    for wire in [Wire::Http1, Wire::Tls, Wire::Http2] {
        for (name, answers) in &cases {
            let (result, asked) = fetch::<A>(wire, answers.clone()).await;
            assert!(matches!(result, Err(TransferError::Changed)), "{name} over {wire:?}: {result:?}");
            assert_eq!(asked.lock().unwrap().len(), 2, "{name} over {wire:?}");
        }
        let (result, asked) = fetch::<A>(wire, vec![Answer::broken(&file)]).await;
        assert!(matches!(result, Err(TransferError::Transport { attempts: 4, .. })), "{wire:?}: {result:?}");
        assert_eq!(asked.lock().unwrap().len(), 4);
    }
}

pub(super) async fn an_encoding_that_was_not_asked_for_is_refused<A: Adapter>() {
    for wire in [Wire::Http1, Wire::Tls, Wire::Http2] {
        let (result, _) = fetch::<A>(wire, vec![Answer::whole(b"\x1f\x8b").with("content-encoding", "gzip")]).await;
        assert!(matches!(result, Err(TransferError::Encoded)), "{wire:?}: {result:?}");
    }
}

/// A body that ends with its connection is whole only if TLS says so.
pub(super) async fn a_tls_connection_that_is_cut_is_no_end_of_a_file<A: Adapter>() {
    let (tls, config) = certificate::made();
    let requests = Arc::new(Mutex::new(0));
    let address = accept_tls(tls, &[b"http/1.1"], move |tls| {
        let requests = Arc::clone(&requests);
        async move {
            let base = local(tls.get_ref().0.get_ref().local_addr().unwrap());
            let mut tls = tls.compat();
            let request = read_request(&mut tls).await;
            let mut tls = tls.into_inner();
            if !request.starts_with("GET /f?") {
                // Told, so that the connection is not taken for the next request.
                let head = "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation";
                let found = format!("{head}: {base}/f?sig=hush\r\n\r\n");
                tls.write_all(found.as_bytes()).await.unwrap();
                return tls.close().await.unwrap();
            }
            let cut = {
                let mut requests = requests.lock().unwrap();
                *requests += 1;
                *requests == 1
            };
            let answer: &[u8] = if cut { b"HTTP/1.1 200 OK\r\n\r\nabc" } else { b"HTTP/1.1 200 OK\r\n\r\nabcdef" };
            tls.write_all(answer).await.unwrap();
            tls.flush().await.unwrap();
            if !cut {
                tls.close().await.unwrap();
            }
        }
    });
    let mut written = Vec::new();
    let received = trusting::<A>(address, config).download(download(), &mut written).await.unwrap();
    assert_eq!((written.as_slice(), received.attempts), (&b"abcdef"[..], 2));
}
