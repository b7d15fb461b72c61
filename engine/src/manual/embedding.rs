//! Putting the engine into any program: with or without an executor, with sockets of your own or ours.
//!
//! There are five places to come in. Take the first that fits; each further down leaves more to you.
//!
//! | you have | you write | you get | program to copy from (`examples`) |
//! |---|---|---|---|
//! | tokio, smol, async-std, or a program that blocks | nothing | an adapter crate | `echo_agent`, `pull_deliveries` |
//! | another executor | `Executor` of `agentchat-net`: spawn | HTTP/2, TLS, WebSocket, `Client`, `Realtime`; async-io's sockets and timers | `custom_executor` |
//! | sockets and timers as well, or a loop over `poll(2)` | `Runtime` of `agentchat-net`: connect, look up, sleep, spawn | HTTP/2, TLS, WebSocket, `Client`, `Realtime` | `agentchat-tokio` is one |
//! | HTTP and WebSocket of your own | `Transport` of `agentchat-driver`: exchange, open, sleep, clock, seed | `Client`, `Realtime` | `agentchat_driver::testkit` is one |
//! | no futures at all | the loop | [`Call`](crate::Call), [`Session`](crate::Session) | `blocking_poll_loop` |
//!
//! A `Runtime`'s streams and tasks must be `Send`. A thread-per-core runtime (glommio, monoio), whose are not, implements
//! `Transport` instead, which asks for no `Send`.
//!
//! # An executor of your own
//! Nothing above needs a runtime: futures run where they are polled. `custom_executor` has an executor of one thread in some
//! fifty lines: a queue of the tasks that were woken. What the verbs of a whole `Runtime` have to keep to:
//! - `sleep` may be early by nothing: the driver takes its end for the time it asked for. Late is harmless.
//! - `connect` sets `TCP_NODELAY`, or small requests wait for the peer's delayed acknowledgement.
//! - `spawn` is for the connection pool, whose tasks live as long as their connections. A program that ends does not have to
//!   wait for them.
//! - Look-ups may block if nothing else waits meanwhile; they are made once for each new connection.
//!
//! TLS needs nothing more: it is done over the byte stream. With a `Transport` of your own it is yours to do: a host's
//! certificate must be verified, ALPN for the WebSocket must be `http/1.1`, and `http` or `ws` are refused by the
//! [`Context`](crate::Context) for every host but this machine unless it allows more.
//!
//! # A loop of your own
//! A [`Session`](crate::Session) is driven by one loop that polls until idle, waits for whatever comes first, and tells it:
//!
//! ```
//! use agentchat_engine::realtime::{ConnectionId, Input, Outcome, Output, SessionOptions};
//! use agentchat_engine::{ApiKey, Context, Fault, Mono, Now, Seed, Session};
//! # use agentchat_engine::{FaultKind, WasSent, realtime::Delivery};
//! # use bytes::Bytes;
//! # use http::{Request, Response};
//! # struct World { frames: Vec<String>, now: Now, handled: u32 }
//! # impl World {
//! #     fn now(&self) -> Now { self.now }
//! #     fn open(&mut self, _: Request<()>, _: Mono) -> Result<(), Fault> { Ok(()) }
//! #     fn say(&mut self, _: &str) {}
//! #     fn ping(&mut self) {}
//! #     fn close(&mut self, _: u16, _: &str) {}
//! #     fn exchange(&mut self, _: Request<Bytes>, _: Option<Mono>) -> Result<Response<Bytes>, Fault> {
//! #         Ok(Response::new(Bytes::from("[]")))
//! #     }
//! #     fn hear(&mut self, connection: ConnectionId, _: Option<Mono>) -> Option<Input> {
//! #         (!self.frames.is_empty()).then(|| Input::Text(connection, self.frames.remove(0)))
//! #     }
//! #     fn handle(&mut self, _: &Delivery) -> bool { self.handled += 1; true }
//! # }
//! # let frame = r#"{"type":"message.new","payload":{"id":"m","conversation_id":"c","seq":1,"sender":"bob"}}"#;
//! # let frames = vec![r#"{"type":"hello.ok","capabilities":["ack"]}"#.to_owned(), frame.to_owned()];
//! # let mut world = World { frames, now: Now::default(), handled: 0 };
//! let cx = Context::builder().api_key(ApiKey::new("ac_x")?).build()?;
//! let seed = Seed::from_bytes([0; 32]); // from the operating system
//! let options = SessionOptions::default().own_handle("alice");
//! let mut session = Session::new(&cx, options, seed, None);
//! session.handle_input(world.now(), Input::Start { api_key: None });
//! session.handle_input(world.now(), Input::Consumer(true)); // nothing is delivered before
//! let mut open = None;
//! loop {
//!     let input = match session.poll_output() {
//!         Output::Open { connection, request, give_up_at } => {
//!             open = Some(connection);
//!             match world.open(*request, give_up_at) {
//!                 Ok(()) => Input::Opened(connection),
//!                 Err(fault) => Input::Fault(connection, fault),
//!             }
//!         }
//!         Output::Text(_, text) => { world.say(text.expose()); continue }
//!         Output::Ping(_) => { world.ping(); continue }
//!         Output::Close { code, reason, .. } => { open = None; world.close(code, reason); continue }
//!         Output::Request { request, http, give_up_at, .. } => {
//!             Input::Response { request, result: world.exchange(*http, give_up_at) }
//!         }
//!         Output::Cancel(_) => continue, // answered at once, so that none is left to be dropped
//!         Output::Call(..) => continue, // for those who observe
//!         Output::Deliver(delivery) => {
//!             let done = world.handle(&delivery);
//!             let outcome = if done { Outcome::Handled } else { Outcome::Failed { retry_after: None } };
//!             Input::Settled { delivery: delivery.token, outcome }
//!         }
//!         Output::Unsent { .. } => continue, // only for signals of our own
//!         Output::Event(event) => { eprintln!("{event:?}"); continue }
//!         // The socket, with a time-out; without one, sleep. What is not read holds the peer back.
//!         Output::Idle { wake, read } => {
//!             let heard = open.filter(|_| read).and_then(|connection| world.hear(connection, wake));
//!             heard.unwrap_or(Input::Timeout)
//!         }
//!         Output::Finished => break,
//!     };
//!     session.handle_input(world.now(), input);
//! #   if world.handled == 1 { session.handle_input(world.now(), Input::Close) }
//! }
//! # assert_eq!(world.handled, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `blocking_poll_loop` is this loop with sockets: `ureq` for HTTP and `tungstenite` for frames, both blocking, in one thread.
//! It makes its REST calls with the loop of [`driving`](super::driving). Three things are easily overlooked:
//! - **Requests hold the loop up.** While one is out no frame is read and no ping sent; an answer within seconds does no harm,
//!   for the platform waits 30 s for a pong. A program that handles for minutes needs a thread for it.
//! - **Tell of your own sends**: [`Input::Sent`](crate::realtime::Input::Sent) with the conversation and seq of the answer.
//!   Otherwise the next message waits for a seq that is not pushed to us, until history is asked.
//! - **Flush after reading.** A WebSocket library queues the pong to a ping, and a silent connection never sends it.
