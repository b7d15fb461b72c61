//! The control API: what the operator of a local platform can do, over HTTP with JSON, on a listener of its own.
//!
//! It is for tests in other languages and for people with `curl`; a test in Rust calls [`LocalPlatform`] directly. It listens
//! on loopback addresses only and asks for no key: anybody who reaches it can read every one-time code. Web pages do not: `Host`
//! must be a loopback name or address, an `Origin` that of the API itself, and the `Content-Type` of a POST `application/json`.
//!
//! ```
//! use agentchat_local::{LocalPlatform, Settings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let platform = LocalPlatform::start(Settings::default()).await?;
//! let control = platform.serve_control(([127, 0, 0, 1], 0).into()).await?;
//! println!("curl {}/faults --json '{{\"request\":{{\"do\":{{\"answer\":\"reset\"}}}},\"times\":1}}'", control.base_url());
//! platform.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! | Method and path | Takes | Gives |
//! |---|---|---|
//! | `GET /` | | this list as text |
//! | `GET /faults` | | `{"rules":[{"id":1,"rule":{…},"hits":{"matched":0,"applied":0}}]}` |
//! | `POST /faults` | a [rule](super::faults) | 201 `{"id":1}` |
//! | `GET /faults/ID` | | one of the rules |
//! | `DELETE /faults/ID` | | `{"matched":3,"applied":2}` |
//! | `DELETE /faults` | | `{}` |
//! | `GET /clock` | | `{"unix_ms":1785312930007}` |
//! | `POST /clock/advance` | `{"ms":600000}` | the clock |
//! | `GET /codes?pending_id=&email=&handle=` | | `{"codes":[{"pending_id","email","handle","purpose","code"}]}`, oldest first |
//! | `GET /requests?after=N` | | `{"requests":[{"number","method","path","query","query_pairs","headers","body","body_base64"}]}` |
//! | `DELETE /requests` | | `{}` |
//! | `GET /sockets` | | `{"sockets":[{"id","handle","acks","queued_bytes","frozen"}]}` |
//! | `POST /sockets/close` | `{"handle":"bob","code":1012,"reason":"restart"}` | `{"sockets":1}` |
//! | `POST /sockets/cut`, `/reset`, `/freeze` | `{"handle":"bob"}` | `{"sockets":1}` |
//! | `POST /sockets/push` | `{"handle":"bob","text":"{}"}`, or `"binary_base64"`, or `"ping_base64"` | `{"sockets":1}` |
//! | `POST /agents` | `{"handle":"bob"}` | 201 `{"handle":"bob","api_key":"ac_…"}` |
//! | `POST /agents/HANDLE` | `{"status":"suspended"}`, `{"paused_by_owner":"full"}`, or both | `{}` |
//! | `GET /agents/HANDLE` | | `{"handle","undelivered","open_sockets"}` |
//! | `POST /as/HANDLE` | `{"method":"POST","path":"/v1/messages","body":{…}}`, optional `"headers":{…}` | `{"status":201,"headers":{…},"body":{…}}` |
//! | `GET /dead-letters` | | `{"dead_letters":[{"delivery_id","webhook_id","event","attempts"}]}` |
//!
//! `/as/HANDLE` makes any call of the REST API in the name of an agent, without its key. Such calls are neither recorded
//! nor disturbed by rules. In the record of requests `body` is there if the body was JSON, and `body_base64` if it was
//! anything else. Mistakes are answered with 400 or 404 and `{"error":"…"}`.

mod agents;
mod faults;
mod guard;
mod observing;
mod reply;
mod sockets;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use super::LocalPlatform;
use super::app::{IssuedCode, Shared};

/// What [`GET /`](self) answers, and `agentchat serve-local --help` shows.
pub const HELP: &str = "\
The control API (--control), JSON over HTTP on this machine, for programs and curl --json, not for web pages:
  GET    /faults                 the rules with their counters
  POST   /faults                 add a rule; answers {\"id\":1}
  GET    /faults/ID              one rule
  DELETE /faults/ID, /faults     remove one rule, or all
  GET    /clock                  {\"unix_ms\":…}
  POST   /clock/advance          {\"ms\":600000}
  GET    /codes                  one-time codes; ?pending_id=, ?email=, ?handle=
  GET    /requests               what clients sent; ?after=NUMBER
  DELETE /requests               forget them
  GET    /sockets                open sockets
  POST   /sockets/close          {\"handle\":\"bob\",\"code\":1012,\"reason\":\"restart\"}
  POST   /sockets/cut            {\"handle\":\"bob\"}; also /sockets/reset and /sockets/freeze (half-open)
  POST   /sockets/push           {\"handle\":\"bob\",\"text\":\"{}\"}, or binary_base64, or ping_base64
  POST   /agents                 {\"handle\":\"bob\"}; answers the key
  GET    /agents/HANDLE          undelivered messages and open sockets
  POST   /agents/HANDLE          {\"status\":\"suspended\"}, {\"paused_by_owner\":\"full\"}
  POST   /as/HANDLE              {\"method\":\"POST\",\"path\":\"/v1/messages\",\"body\":{…}}: any call as that agent
  GET    /dead-letters           webhook deliveries that were given up

Rules, for requests and for frames of sockets:
  {\"request\":{\"on\":{\"route\":\"send_message\",\"agent\":\"alice\"},
              \"do\":{\"answer\":{\"respond\":{\"status\":503,\"headers\":[[\"retry-after\",\"1\"]],\"body\":{}}}}},\"times\":2}
    on: route (an SDK method's name, ws, upload_bytes, download_bytes), method, path (* and ** as wildcards), agent
    do: carried_out (true: the call has its effect all the same), wait ({\"ms\":50} or \"forever\"),
        answer (\"pass\", {\"respond\":…}, \"close\", \"reset\", \"silence\"),
        body ({\"truncate\":{\"after\":10}}, {\"stall\":{\"after\":10,\"wait\":\"forever\"}}, {\"drip\":{\"bytes\":1,\"every_ms\":5}})
  {\"frame\":{\"on\":{\"direction\":\"to_client\",\"type\":\"message.new\",\"agent\":\"bob\"},\"do\":\"drop\"},\"skip\":3}
    do: \"drop\", {\"duplicate\":{\"copies\":1}}, {\"delay\":{\"by_ms\":50}}, {\"defer\":{\"by_ms\":50}}, {\"reorder\":{\"behind\":1}},
        {\"replace\":{\"text\":\"…\"}}, {\"close\":{\"code\":1012,\"reason\":\"restart\"}}, \"cut\", \"reset\", \"freeze\"
  Both: skip (let so many pass first), times (apply so often), chance ({\"probability\":0.5,\"seed\":7})
";

/// A control listener that runs. It stops with its platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    addr: SocketAddr,
}

impl Control {
    /// `http://127.0.0.1:PORT`
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl LocalPlatform {
    /// Offers the [control API](self) on a listener of its own; port 0 takes a free one. It stops with the
    /// platform.
    ///
    /// # Errors
    /// Those of binding, and `InvalidInput` for an address that is not on loopback.
    pub async fn serve_control(&self, bind: SocketAddr) -> io::Result<Control> {
        serve(self.clone(), &self.app, bind).await
    }
}

/// What the handlers of this API share.
#[derive(Clone, Debug)]
struct Desk {
    platform: LocalPlatform,
    /// Codes issued since the listener began.
    codes: Arc<Mutex<Vec<IssuedCode>>>,
}

/// Listens, and answers from now on.
async fn serve(platform: LocalPlatform, app: &Shared, bind: SocketAddr) -> io::Result<Control> {
    if !bind.ip().is_loopback() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the control API is for this machine only"));
    }
    let listener = TcpListener::bind(bind).await?;
    let addr = listener.local_addr()?;
    let desk = Desk { codes: collect_codes(&platform), platform };
    let mut stop = app.shutting_down.subscribe();
    tokio::spawn(async move {
        let service = router(desk).into_make_service();
        let stopped = async move {
            let _ = stop.wait_for(|now| *now).await;
        };
        tokio::select! {
            // Connections that are kept alive do not keep the platform.
            () = stopped => {}
            _ = axum::serve(listener, service) => {}
        }
    });
    Ok(Control { addr })
}

fn collect_codes(platform: &LocalPlatform) -> Arc<Mutex<Vec<IssuedCode>>> {
    let codes = Arc::<Mutex<Vec<IssuedCode>>>::default();
    let (kept, mut issued) = (Arc::downgrade(&codes), platform.codes());
    tokio::spawn(async move {
        while let Some(code) = issued.recv().await
            && let Some(codes) = kept.upgrade()
        {
            codes.lock().unwrap_or_else(PoisonError::into_inner).push(code);
        }
    });
    codes
}

fn router(desk: Desk) -> Router {
    Router::new()
        .route("/", get(async || HELP))
        .route("/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/faults/{id}", get(faults::one).delete(faults::remove))
        .route("/clock", get(observing::clock))
        .route("/clock/advance", post(observing::advance))
        .route("/codes", get(observing::codes))
        .route("/requests", get(observing::requests).delete(observing::clear_request_log))
        .route("/dead-letters", get(observing::dead_letters))
        .route("/sockets", get(sockets::list))
        .route("/sockets/{action}", post(sockets::act))
        .route("/agents", post(agents::create))
        .route("/agents/{handle}", get(agents::describe).post(agents::change))
        .route("/as/{handle}", post(agents::act_as))
        .fallback(reply::unknown_path)
        .method_not_allowed_fallback(reply::unknown_path)
        .layer(from_fn(guard::layer))
        .with_state(desk)
}
