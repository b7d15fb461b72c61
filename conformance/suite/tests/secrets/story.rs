//! The run: every way in which a secret comes in, goes out, or could end up in an error.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use agentchat_driver::{BodyLimit, RecordingSink, Transport as _};
use agentchat_local::faults::{BodyFault, RequestFault, Requests, Rule};
use agentchat_local::{LocalPlatform, Settings};
use agentchat_tokio::engine::realtime::{ConnectionState, Event};
use agentchat_tokio::engine::rest::{
    CreateGroup, CreateUpload, CreateWebhook, JsonCall, Recover, Register, SendMessage,
};
use agentchat_tokio::engine::types::{Content, EventKind, OneTimeCode};
use agentchat_tokio::{
    ApiKey, CallOptions, Client, Context, Error, Hooks, Reply, RetryPolicy, SessionOptions, with_hooks,
};
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::by_hand;
use super::collector::Collector;

const PATIENCE: Duration = Duration::from_secs(20);
/// What the idempotency key is called among the secrets.
pub(crate) const IDEMPOTENCY: &str = "the idempotency key";
const IDEMPOTENCY_KEY: &str = "idem-7c1d5b0e9f3a4428";

/// The secrets by name.
pub(crate) type Secrets = BTreeMap<String, String>;

/// A platform on a thread of its own.
pub(crate) struct World {
    platform: LocalPlatform,
    _runtime: Runtime,
}

impl World {
    pub(crate) fn start() -> World {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let settings = Settings::default().awaiting_reply(false);
        let platform = runtime.block_on(LocalPlatform::start(settings)).expect("a free port");
        World { platform, _runtime: runtime }
    }
}

/// What happens in the run: where it is, what is collected, which secrets there are.
struct Run<'a> {
    platform: &'a LocalPlatform,
    seen: &'a Collector,
    tapes: &'a Collector,
    secrets: Secrets,
}

pub(crate) async fn run(world: &World, seen: &Collector, tapes: &Collector) -> Secrets {
    let mut run = Run { platform: &world.platform, seen, tapes, secrets: Secrets::new() };
    let alice = run.keys().await;
    let bob = run.agent("bob");
    run.webhooks(&alice).await;
    run.files(&alice, &bob).await;
    run.failures(&alice).await;
    run.realtime(&alice, &bob).await;
    run.secrets
}

impl Run<'_> {
    fn keep(&mut self, name: &str, secret: &str) {
        self.secrets.insert(name.to_owned(), secret.to_owned());
    }

    fn anybody(&self) -> Client {
        let context = Context::builder().base_url(self.platform.base_url()).build().expect("a context");
        let retry = RetryPolicy::default().base(Duration::from_millis(1));
        let options = CallOptions::default().retry(retry).timeout(PATIENCE);
        let (seen, tapes) = (self.seen.clone(), self.tapes.clone());
        let client = agentchat_tokio::client(context).with_options(options).with_recordings(move |what| {
            let tape = tapes.clone();
            seen.see(what);
            Some(Box::new(move |line: &str| {
                tape.add(line);
                Ok(())
            }) as RecordingSink)
        });
        self.seen.see(with_hooks(&client, self.hooks()))
    }

    /// Everything that hooks get is collected.
    fn hooks(&self) -> Hooks {
        fn told<E: core::fmt::Debug>(seen: &Collector) -> impl FnMut(&E) + Send + 'static {
            let seen = seen.clone();
            move |event| {
                seen.see(event);
            }
        }
        let seen = self.seen;
        let hooks = Hooks::new().on_request(told(seen)).on_response(told(seen));
        hooks.on_error(told(seen)).on_retry(told(seen)).on_backlog_warning(told(seen))
    }

    fn with_key(&self, key: ApiKey) -> Client {
        let client = self.seen.see(self.anybody().with_api_key(self.seen.see(key)));
        self.seen.see(client.context());
        client
    }

    fn agent(&mut self, handle: &str) -> Client {
        let account = self.platform.create_agent(handle).expect("a new handle");
        self.keep(&format!("the key of {handle}"), &account.api_key);
        self.with_key(ApiKey::new(&account.api_key).expect("a key"))
    }

    fn code(&mut self, name: &str, pending_id: &str) -> String {
        let code = self.platform.one_time_code(pending_id).expect("a code was mailed");
        self.keep(name, &code);
        self.seen.see(OneTimeCode::from(&code));
        code
    }

    async fn ok<T: core::fmt::Debug>(&self, call: impl Future<Output = Result<Reply<T>, Error>>) -> Reply<T> {
        self.seen.see(call.await).expect("a success")
    }

    async fn fails<T: core::fmt::Debug>(&self, call: impl Future<Output = Result<Reply<T>, Error>>) {
        let error = self.seen.see(call.await).expect_err("a failure");
        self.seen.see_error(&error);
        self.seen.see(error.api());
    }

    /// Registration, rotation and recovery: four keys, three of them dead in the end.
    async fn keys(&mut self) -> Client {
        let nobody = self.anybody();
        let request = self.seen.see(Register::new("alice@example.com", "alice"));
        let pending = self.ok(nobody.register(request)).await.pending_id.clone();
        let code = self.code("the code of the registration", pending.as_str());
        self.fails(nobody.verify(pending.clone(), "000000x")).await;
        let first = by_hand::verify(&nobody, self.seen, pending.as_str(), &code).await;
        self.keep("the first key", first.expose());
        self.fails(nobody.verify(pending, code)).await;

        let alice = self.with_key(first);
        let pending = self.ok(alice.rotate_key("alice")).await.pending_id.clone();
        let code = self.code("the code of the rotation", pending.as_str());
        let second = self.ok(alice.rotate_key_verify("alice", pending, code)).await.api_key.clone();
        self.keep("the second key", second.expose());
        self.fails(alice.get_me()).await;

        let pending = self.ok(nobody.recover(Recover::new("alice@example.com"))).await.pending_id.clone();
        let pending = pending.expect("an id");
        let code = self.code("the code of the recovery", pending.as_str());
        let third = self.ok(nobody.recover_verify(pending, code)).await.api_key.clone();
        self.keep("the third key", third.expose());

        let alice = self.with_key(third);
        let pending = self.ok(alice.rotate_key("alice")).await.pending_id.clone();
        let code = self.code("the code of a call by name", pending.as_str());
        let params = json!({ "handle": "alice", "pending_id": pending, "code": code });
        let call = self.seen.see(JsonCall::new("rotate_key_verify", params).expect("a method"));
        // By name the answer is the platform's own JSON, for programs to read: it is not printed here.
        let answer = alice.call(call).await.expect("rotated");
        let answer: serde_json::Value = serde_json::from_str(answer.value.get()).expect("JSON");
        let fourth = answer["api_key"].as_str().expect("a key").to_owned();
        self.keep("the fourth key", &fourth);
        self.with_key(ApiKey::new(fourth).expect("a key"))
    }

    async fn webhooks(&mut self, alice: &Client) {
        let request = CreateWebhook::new("http://127.0.0.1:9/hook", vec![EventKind::MessageNew]);
        let webhook = self.ok(alice.create_webhook(self.seen.see(request))).await;
        let secret = webhook.secret.as_ref().expect("a secret").expose().to_owned();
        self.keep("the secret of the webhook", &secret);
        self.ok(alice.list_webhooks()).await;
        self.ok(alice.get_webhook(webhook.id.clone())).await;
        self.ok(alice.delete_webhook(webhook.id.clone())).await;
        // Nobody listens there: the platform refuses it, after it has seen the secret.
        let secret = "the-agents-own-wake-secret";
        self.keep("the secret of the wake webhook", secret);
        self.fails(alice.set_wake_webhook("http://127.0.0.1:9/wake", secret)).await;
    }

    /// Both links, used and refused.
    async fn files(&mut self, alice: &Client, bob: &Client) {
        let request = CreateUpload::new("a.txt", "text/plain", 2_u64, "0".repeat(64)).to("bob");
        let slot = self.ok(alice.create_upload(self.seen.see(request))).await;
        let link = slot.upload_url.expose().to_owned();
        self.keep_link("the upload link", &link);
        let put = |link: &str| http::Request::put(link).body(Bytes::from_static(b"hi")).expect("a request");
        let stored = alice.transport().request(put(&link), BodyLimit::default()).await;
        assert_eq!(self.seen.see(stored).expect("an answer").status(), 200);

        let content = Content::from_attachment(slot.attachment_id.as_str());
        self.ok(alice.send_message(self.seen.see(SendMessage::to("bob", content)))).await;
        let link = self.ok(bob.get_attachment_download_url(slot.attachment_id.clone())).await.expose().to_owned();
        self.keep_link("the download link", &link);
        let get = |link: &str| http::Request::get(link).body(Bytes::new()).expect("a request");
        let fetched = bob.transport().request(get(&link), BodyLimit::default()).await;
        assert_eq!(self.seen.see(fetched).expect("an answer").body(), "hi");
        let too_large = bob.transport().request(get(&link), BodyLimit::new(1)).await.expect_err("too large");
        self.seen.see_error(&too_large);
        let gone = link.replacen(&format!(":{}", self.platform.addr().port()), ":9", 1);
        let unreachable = bob.transport().request(get(&gone), BodyLimit::default()).await.expect_err("nobody there");
        self.seen.see_error(&unreachable);
    }

    /// The whole link, and what makes it valid.
    fn keep_link(&mut self, name: &str, link: &str) {
        self.keep(name, link);
        let signature = link.rsplit_once("signature=").expect("a signature").1;
        self.keep(&format!("the signature of {name}"), signature);
    }

    /// Errors of every kind, among them some whose bodies quote the key.
    async fn failures(&mut self, alice: &Client) {
        self.keep(IDEMPOTENCY, IDEMPOTENCY_KEY);
        let options = alice.options().clone().idempotency_key(IDEMPOTENCY_KEY);
        let options = self.seen.see(options);
        self.seen.see(alice.with_options(options.clone()));
        let create = |name: &str, options: &CallOptions| alice.call_with(CreateGroup::new(name), options.clone());
        self.ok(create("Crabs", &options)).await;
        self.fails(create("Lobsters", &options)).await;
        let bad = options.idempotency_key(format!("{IDEMPOTENCY_KEY} "));
        self.fails(create("Crabs", &bad)).await;

        self.fails(alice.get_agent("nobody-of-that-name")).await;
        self.fails(alice.get_agent("")).await;
        self.fails(alice.send_message(SendMessage::to("alice", "me"))).await;
        let key = alice.context().api_key().expect("a key").expose().to_owned();
        let faults = self.platform.faults();
        let add = |route: &str, fault: RequestFault, times| {
            faults.add(Rule::request(Requests::route(route), fault).times(times)).expect("a rule");
        };
        let once = |route: &str, fault: RequestFault| add(route, fault, 1);
        // An answer to a question that cannot be read is asked for three times more.
        let every_time = |route: &str, fault: RequestFault| add(route, fault, 4);
        every_time("get_me", RequestFault::respond(200).text(format!("not JSON: {key}")));
        self.fails(alice.get_me()).await;
        every_time("get_me", RequestFault::respond(200).json(json!({ "handle": { "api_key": key } })));
        self.fails(alice.get_me()).await;
        once("create_group", RequestFault::reset());
        self.fails(alice.create_group(CreateGroup::new("Crabs"))).await;
        once("create_group", RequestFault::body(BodyFault::Truncate { after: 3 }));
        self.fails(alice.create_group(CreateGroup::new("Crabs"))).await;
        once("get_me", RequestFault::respond(503).header("retry-after", "0"));
        self.ok(alice.get_me()).await;
        once("get_me", RequestFault::silence());
        let once = alice.options().retry.clone().max_retries(0);
        let short = alice.options().clone().timeout(Duration::from_millis(20)).retry(once);
        self.fails(alice.with_options(short).get_me()).await;
        let elsewhere = Context::builder().base_url("http://127.0.0.1:9").api_key(ApiKey::new(&key).expect("a key"));
        let elsewhere = agentchat_tokio::client(elsewhere.build().expect("a context"));
        let impatient = RetryPolicy::default().max_retries(1).base(Duration::from_millis(1));
        let options = CallOptions::default().retry(impatient);
        self.fails(elsewhere.with_options(options).get_me()).await;
        for text in ["ac_\u{0}topsecret", "ac_top secret"] {
            self.seen.see_error(&ApiKey::new(text).expect_err("no key"));
        }
    }

    /// A session: HELLO, a message each way, a cut, a new HELLO, and the end by a dead key.
    async fn realtime(&mut self, alice: &Client, bob: &Client) {
        by_hand::greet(bob, self.seen);
        let options = SessionOptions::default().reconnect_base(Duration::from_millis(1));
        let realtime = self.seen.see(agentchat_tokio::connect(bob, self.seen.see(options)));
        let mut events = realtime.events();
        let mut deliveries = realtime.deliveries().expect("the only reader");
        self.until_live(&realtime).await;
        for text in ["one", "two"] {
            self.ok(alice.send_message(SendMessage::to("bob", text))).await;
            loop {
                let delivery = timeout(PATIENCE, deliveries.next()).await.expect("in time").expect("a delivery");
                let delivery = self.seen.see(delivery);
                let message = self.seen.see(delivery.message()).expect("a message");
                delivery.handled();
                if message.content.text.as_deref() == Some(text) {
                    break;
                }
            }
            self.platform.cut_sockets("bob");
        }
        self.seen.see(realtime.checkpoint());
        let closed = async {
            while self.platform.close_sockets("bob", 1008, "Invalid token") == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(PATIENCE, closed).await.expect("back in time");
        while let Some(event) = timeout(PATIENCE, events.next()).await.expect("in time") {
            let is_last = matches!(self.seen.see(event), Event::Halted { .. });
            if is_last {
                break;
            }
        }
        self.seen.see(realtime.state());
        realtime.close();
        let ended = timeout(PATIENCE, realtime.closed()).await.expect("closed in time");
        self.seen.see(&ended);
        self.seen.see(&realtime);
    }

    async fn until_live(&self, realtime: &agentchat_tokio::Realtime) {
        let mut state = realtime.state();
        while state != ConnectionState::Live {
            self.seen.see(&state);
            let next = timeout(PATIENCE, realtime.state_changed(&state)).await.expect("in time");
            state = next.expect("the session goes on");
        }
        self.seen.see(&state);
    }
}
