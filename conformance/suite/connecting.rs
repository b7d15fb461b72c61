//! Before the first byte: addresses and the connection's own time limit.

use std::time::Duration;

use agentchat_engine::{FaultKind, Sent};

use super::adapter::{Adapter, context, direct};
use super::server::{listen, servers};
use super::tls::ask;

pub(super) async fn an_ipv6_address_is_dialled<A: Adapter>() {
    let bound = {
        let _inside = servers().enter();
        std::net::TcpListener::bind("[::1]:0")
    };
    let client = direct::<A>().build(context());
    match bound {
        Ok(listener) => {
            let port = listener.local_addr().unwrap().port();
            let accepted = std::thread::spawn(move || listener.accept().map(drop));
            // Accepted and dropped: there was a connection, and no answer.
            let fault = ask(&client, &format!("http://[::1]:{port}/")).await.unwrap_err();
            assert_eq!((fault.kind, fault.sent), (FaultKind::Io, Sent::Maybe), "{fault}");
            accepted.join().unwrap().unwrap();
        }
        // A machine without IPv6 says so at once.
        Err(_) => {
            let fault = ask(&client, "http://[::1]:1/").await.unwrap_err();
            assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, Sent::No), "{fault}");
        }
    }
}

pub(super) async fn a_host_that_accepts_and_says_nothing_is_given_up<A: Adapter>() {
    let (listener, address) = listen();
    let client = direct::<A>().connect_timeout(Duration::from_millis(50)).build(context());
    let fault = ask(&client, &format!("https://localhost:{}/", address.port())).await.unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Timeout, Sent::No), "{fault}");
    drop(listener);
}
