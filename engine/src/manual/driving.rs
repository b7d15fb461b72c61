//! How the engine is driven.
//!
//! # Three machines, two doors each
//! [`Call`](crate::Call) is one REST call with its retries. [`Session`](crate::Session) is the realtime connection; when it
//! needs REST it says so, and runs a `Call` inside, so that retry logic exists once. [`Transfer`](crate::transfer::Transfer) is
//! one file on its way to or from a signed URL: driven like a call, but its bodies stream, so its inputs are heads and chunks.
//!
//! Each has one input door, `handle_input(now, input)`, which returns nothing and cannot fail, and one output door,
//! `poll_output()`, which takes no time and says what to do next. The last thing it says is `Idle { wake, .. }`: nothing until
//! an input, or until `wake`. Code that runs any of the three knows these doors as the trait [`Machine`](crate::Machine).
//!
//! A driver is a loop of three steps: poll until idle, wait for whatever comes first, tell it. `agentchat-driver` is
//! such a loop for any executor; yours can be shorter (for a session see [`embedding`](super::embedding)):
//!
//! ```
//! use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Mono, Now, Seed, rest::GetAgent};
//! # use agentchat_engine::{Fault, UnixTime};
//! # fn now() -> Now { Now::default() }
//! # fn exchange(_: &http::Request<bytes::Bytes>, _: Option<Mono>) -> Result<http::Response<bytes::Bytes>, Fault> {
//! #     Ok(http::Response::new(bytes::Bytes::from(r#"{"handle":"alice"}"#)))
//! # }
//! # fn sleep_until(_: Option<Mono>) {}
//!
//! let cx = Context::builder().build()?;
//! let seed = Seed::from_bytes([0; 32]); // from the operating system, a new one for each machine
//! let mut call = Call::new(&cx, GetAgent::new("@alice"), CallOptions::default(), seed, now())?;
//! let alice = loop {
//!     match call.poll_output() {
//!         CallOutput::Send(attempt) => {
//!             let input = match exchange(&attempt.request, attempt.give_up_at) {
//!                 Ok(response) => CallInput::Response { attempt: attempt.number, response },
//!                 Err(fault) => CallInput::Fault { attempt: attempt.number, fault },
//!             };
//!             call.handle_input(now(), input);
//!         }
//!         CallOutput::Idle { wake } => {
//!             sleep_until(wake);
//!             call.handle_input(now(), CallInput::Timeout);
//!         }
//!         CallOutput::Retrying(plan) => eprintln!("again in {:?}: {}", plan.delay, plan.cause),
//!         CallOutput::Done(result) => break result?,
//!         CallOutput::Finished => unreachable!("the end was taken above"),
//!     }
//! };
//! assert_eq!(alice.handle.as_str(), "alice");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Lists
//! [`Pager`](crate::paging::Pager) reads a list: it asks for calls, and is taken row by row. It waits for nothing, so it is no
//! machine of this sort.
//!
//! # What a driver need not worry about
//! - **Order.** Any number of inputs between polls is legal. An answer to an attempt, request, connection or delivery that
//!   is over changes nothing: ids are minted by the engine and never used twice.
//! - **Timers.** There is one, `wake`. Saying `Timeout` early or twice changes nothing; saying it late, after a day of
//!   sleep, is one clean step. After a `Timeout` at T the next `wake` is later than T.
//! - **Clocks.** Schedules use [`Now::mono`](crate::Now) alone. A wall clock that jumps moves no timer.
//!
//! # A session's outputs
//! They are an exhaustive enum, so that a driver cannot overlook one. Those that name a connection or a request belong to the
//! network; `Deliver` and `Event` to the application; `Unsent` to the caller that gave the signal, and it comes before the next `Idle`.
//! Deliveries wait inside until [`Input::Consumer`](crate::realtime::Input) says that somebody takes them.
//!
//! # A restart
//! [`Session::checkpoint`](crate::Session::checkpoint) can be taken at any time, also after the end, and is worth storing
//! whenever [`Session::checkpoint_revision`](crate::Session::checkpoint_revision) has grown. Settlements that come after the end are welcome: they
//! cannot be acked any more, and the checkpoint remembers them.
//!
//! # What it must do
//! - Take every seed from the operating system. Two machines with one seed mint the same `client_msg_id`, and the platform
//!   takes the second message for a repeat of the first.
//! - Drop what the engine gives up (`Cancel`, `Close`, or another `Send`).
//! - Tell of bytes that are not a whole frame yet ([`Input::Alive`](crate::realtime::Input::Alive)): a large frame on a slow
//!   link is no dead connection.
//! - Answer pings of the WebSocket even if nothing else is to be written: libraries queue the pong, and many do not flush it.
//! - Say truthfully whether bytes of a failed request may have left ([`WasSent`](crate::WasSent)).
