//! Through a proxy: every scheme by a tunnel, and nothing of a call for the proxy to see.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use agentchat_driver::{SocketCommand, SocketEvent, Transport};
use agentchat_engine::{ApiKey, Context, Fault, FaultKind, WasSent};
use agentchat_net::Proxy;
use axum::http::Request;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_util::compat::FuturesAsyncReadCompatExt;

use super::adapter::{Adapter, context, direct};
use super::certificate;
use super::http::ALICE;
use super::server::{answer, answer_and_tell, listen, read_request, serve};
use super::tls::{accept_tls, ask, serve_tls, server};
use super::websocket::accept;

/// A proxy that leads every tunnel to `target`, whatever host is asked for, and tells what it was asked.
fn proxy(target: SocketAddr) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let (say, heard) = mpsc::unbounded_channel();
    let address = serve(move |_, stream| tunnel(stream, target, say.clone()));
    (address, heard)
}

async fn tunnel<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    target: SocketAddr,
    say: mpsc::UnboundedSender<String>,
) {
    // Nobody may be listening.
    let _ = say.send(read_request(&mut stream).await);
    let mut onward = TcpStream::connect(target).await.unwrap();
    stream.write_all(b"HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n").await.unwrap();
    // Ends with either side.
    let _ = copy_bidirectional(&mut stream, &mut onward).await;
}

/// The same with SOCKS 5 (RFC 1928, 1929), for the user of [`through`] only. Tells the host and the port it was asked for.
fn socks(target: SocketAddr) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let (say, heard) = mpsc::unbounded_channel();
    let address = serve(move |_, mut stream| {
        let say = say.clone();
        async move {
            // By name and password.
            expect(&mut stream, &[5, 1, 2]).await;
            stream.write_all(&[5, 2]).await.unwrap();
            expect(&mut stream, b"\x01\x04user\x04hush").await;
            stream.write_all(&[1, 0]).await.unwrap();
            // To a host that this proxy looks up.
            expect(&mut stream, &[5, 1, 0, 3]).await;
            let mut host = vec![0; stream.read_u8().await.unwrap().into()];
            stream.read_exact(&mut host).await.unwrap();
            let port = stream.read_u16().await.unwrap();
            // Nobody may be listening.
            let _ = say.send(format!("{}:{port}", String::from_utf8(host).unwrap()));
            let mut onward = TcpStream::connect(target).await.unwrap();
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
            // Ends with either side.
            let _ = copy_bidirectional(&mut stream, &mut onward).await;
        }
    });
    (address, heard)
}

async fn expect(stream: &mut TcpStream, bytes: &[u8]) {
    let mut came = vec![0; bytes.len()];
    stream.read_exact(&mut came).await.unwrap();
    assert_eq!(came, bytes);
}

/// A proxy at an address, with a password.
fn through(address: SocketAddr) -> Proxy {
    Proxy::new(&format!("http://user:hush@{address}")).unwrap()
}

/// A context of a host that is nowhere but behind the proxy.
fn elsewhere() -> Context {
    let key = ApiKey::new("ac_key").unwrap();
    Context::builder().api_key(key).base_url("http://platform.example").allow_plaintext().build().unwrap()
}

/// The head of a request for a tunnel, in lower case, if it holds nothing it should not.
fn tunnel_head(head: &str) -> String {
    assert!(!head.contains("ac_key") && !head.to_lowercase().contains("\r\nauthorization"), "{head}");
    // user:hush
    assert!(head.contains("\r\nProxy-Authorization: Basic dXNlcjpodXNo\r\n"), "{head}");
    head.lines().next().unwrap().to_lowercase()
}

pub(super) async fn https_goes_through_a_tunnel<A: Adapter>() {
    let (target, config) = server(&[b"h2", b"http/1.1"]);
    let (address, mut heard) = proxy(target);
    let client = direct::<A>().tls(config).proxy(through(address)).build(context());
    for _ in 0..2 {
        assert_eq!(ask(&client, "https://platform.example/").await.unwrap(), "HTTP/2.0");
    }
    assert_eq!(tunnel_head(&heard.recv().await.unwrap()), "connect platform.example:443 http/1.1");
}

pub(super) async fn http_goes_through_a_tunnel_and_its_headers_stay_inside<A: Adapter>() {
    let (target, mut asked) = answer_and_tell(ALICE);
    let (address, mut heard) = proxy(target);
    let client = direct::<A>().proxy(through(address)).build(elsewhere());
    assert_eq!(client.get_me().await.unwrap().handle.as_str(), "alice");
    assert_eq!(tunnel_head(&heard.recv().await.unwrap()), "connect platform.example:80 http/1.1");
    let request = asked.recv().await.unwrap().to_lowercase();
    assert!(request.starts_with("get /v1/agents/me http/1.1\r\n"), "{request}");
    assert!(request.contains("bearer ac_key") && !request.contains("proxy-"), "{request}");
}

pub(super) async fn websockets_go_through_a_tunnel<A: Adapter>() {
    let target = serve(|_, stream| async move {
        let mut socket = accept(stream).await;
        let message = socket.next().await.unwrap().unwrap();
        // The test may be over.
        let _ = socket.send(message).await;
    });
    let (address, mut heard) = proxy(target);
    let client = direct::<A>().proxy(through(address)).build(elsewhere());
    let upgrade = Request::get("ws://platform.example/v1/ws").body(()).unwrap();
    let mut socket = client.transport().open(upgrade).await.unwrap();
    socket.send(SocketCommand::Text("hi".into())).await.unwrap();
    assert_eq!(socket.next().await, Some(Ok(SocketEvent::Text("hi".into()))));
    assert_eq!(tunnel_head(&heard.recv().await.unwrap()), "connect platform.example:80 http/1.1");

    // Over TLS up to a server that answers everything with 200.
    let (target, config) = server(&[b"h2", b"http/1.1"]);
    let (address, mut heard) = proxy(target);
    let client = direct::<A>().tls(config).proxy(through(address)).build(context());
    let upgrade = Request::get("wss://platform.example/v1/ws").body(()).unwrap();
    let fault = client.transport().open(upgrade).await.map(drop).unwrap_err();
    assert_eq!(fault, Fault::upgrade_refused(200, None));
    assert_eq!(tunnel_head(&heard.recv().await.unwrap()), "connect platform.example:443 http/1.1");
}

pub(super) async fn a_proxy_may_itself_be_spoken_to_over_tls<A: Adapter>() {
    let (config, trusting) = certificate::made();
    let platform = serve_tls(config.clone(), &[b"http/1.1"]);
    let (say, mut heard) = mpsc::unbounded_channel();
    let address = accept_tls(config, &[], move |tls| tunnel(tls.compat(), platform, say.clone()));
    let through = || Proxy::new(&format!("https://user:hush@localhost:{}", address.port())).unwrap();
    let client = direct::<A>().tls(trusting).proxy(through()).build(context());
    assert_eq!(ask(&client, "https://platform.example/").await.unwrap(), "HTTP/1.1");
    assert_eq!(tunnel_head(&heard.recv().await.unwrap()), "connect platform.example:443 http/1.1");

    let client = direct::<A>().proxy(through()).build(context());
    let fault = ask(&client, "https://platform.example/").await.unwrap_err();
    assert!(fault.kind == FaultKind::Tls && fault.message.starts_with("the proxy: "), "{fault}");
}

pub(super) async fn a_proxy_may_speak_socks<A: Adapter>() {
    let (target, config) = server(&[b"h2", b"http/1.1"]);
    for scheme in ["socks5", "socks5h"] {
        let (address, mut heard) = socks(target);
        let through = Proxy::new(&format!("{scheme}://user:hush@{address}")).unwrap();
        let client = direct::<A>().tls(Arc::clone(&config)).proxy(through).build(context());
        assert_eq!(ask(&client, "https://platform.example/").await.unwrap(), "HTTP/2.0");
        assert_eq!(heard.recv().await.unwrap(), "platform.example:443");
    }
    // One that speaks anything else, and one that takes nobody.
    for said in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], &[5, 0xff]] {
        let address = serve(move |_, mut stream| async move { stream.write_all(said).await.unwrap() });
        let through = Proxy::new(&format!("socks5://user:hush@{address}")).unwrap();
        let fault = ask(&direct::<A>().proxy(through).build(context()), "https://platform.example/").await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No), "{fault}");
        assert!(fault.message.starts_with("the proxy: SOCKS error: ") && !fault.message.contains("hush"), "{fault}");
    }
}

pub(super) async fn a_proxy_that_refuses_is_a_fault_before_anything_is_sent<A: Adapter>() {
    for (said, told) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "authorization required"),
        ("HTTP/1.1 403 Forbidden hush\r\n\r\n", "unsuccessful"),
        ("", "unexpected end"),
    ] {
        let client = direct::<A>().proxy(through(answer(Box::leak(Box::new([said]))))).build(context());
        let fault = ask(&client, "https://platform.example/").await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No), "{fault}");
        assert!(fault.message.contains(told) && !fault.message.contains("hush"), "{fault}");
    }
    let (listener, address) = listen();
    drop(listener);
    let client = direct::<A>().proxy(through(address)).build(context());
    let fault = ask(&client, "https://platform.example/").await.unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No), "{fault}");
    assert!(fault.message.starts_with("the proxy: "), "{fault}");
}

pub(super) async fn a_proxy_that_says_nothing_is_given_up<A: Adapter>() {
    let (listener, address) = listen();
    let builder = direct::<A>().proxy(through(address)).connect_timeout(Duration::from_millis(50));
    let fault = ask(&builder.build(context()), "https://platform.example/").await.unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Timeout, WasSent::No), "{fault}");
    drop(listener);
}

pub(super) async fn this_machine_is_reached_without_the_proxy<A: Adapter>() {
    let (target, config) = server(&[b"http/1.1"]);
    let (address, mut heard) = proxy(target);
    let client = direct::<A>().tls(config).proxy(through(address)).build(context());
    assert_eq!(ask(&client, &format!("https://localhost:{}/", target.port())).await.unwrap(), "HTTP/1.1");
    drop(client);
    assert!(heard.try_recv().is_err());
}
