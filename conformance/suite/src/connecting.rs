//! Before the first byte: addresses and the connection's own time limit.

use std::time::Duration;

use agentchat_engine::realtime::{Advice, ConnectionState, Event, HaltReason, ReconnectPlan, SessionOptions};
use agentchat_engine::{ApiKey, Context, Error, Fault, FaultKind, WasSent};
use futures_util::StreamExt;

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
            assert_eq!((fault.kind, fault.sent), (FaultKind::Io, WasSent::Maybe), "{fault}");
            accepted.join().unwrap().unwrap();
        }
        // A machine without IPv6 says so at once.
        Err(_) => {
            let fault = ask(&client, "http://[::1]:1/").await.unwrap_err();
            assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No), "{fault}");
        }
    }
}

/// Here a host whose name no certificate can have; a variable that names no proxy is another.
pub(super) async fn a_setup_that_cannot_work_is_an_error_at_once_and_not_tried_again<A: Adapter>() {
    let key = ApiKey::new("ac_key").unwrap();
    let context = Context::builder().api_key(key).base_url("https://no..body").build().unwrap();
    let client = direct::<A>().build(context);
    let problem = "the host's name cannot be in a certificate";
    let fault = Fault::new(FaultKind::Config, WasSent::No, problem);
    match client.get_me().await.unwrap_err() {
        Error::Transport { fault: told, attempts, .. } => assert_eq!((told, attempts), (fault, 1)),
        other => panic!("{other:?}"),
    }

    let (realtime, connection) = client.realtime(SessionOptions::default());
    let mut events = realtime.events();
    let reason = HaltReason::Configuration { problem: problem.into() };
    assert_eq!(connection.run().await, ConnectionState::Halted { reason: reason.clone() });
    assert!(matches!(events.next().await, Some(Event::Disconnected { plan: ReconnectPlan::End, .. })));
    match events.next().await {
        Some(Event::Halted { reason: told, advice }) => assert_eq!((told, advice), (reason, Advice::FixConfiguration)),
        other => panic!("{other:?}"),
    }
    assert!(events.next().await.is_none());
}

pub(super) async fn a_host_that_accepts_and_says_nothing_is_given_up<A: Adapter>() {
    let (listener, address) = listen();
    let client = direct::<A>().connect_timeout(Duration::from_millis(50)).build(context());
    let fault = ask(&client, &format!("https://localhost:{}/", address.port())).await.unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Timeout, WasSent::No), "{fault}");
    drop(listener);
}
