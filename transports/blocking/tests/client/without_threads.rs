//! What becomes of a call while the operating system gives no thread for its connection's task.

use std::future::Future;

use agentchat_blocking::{CallOptions, Error, RetryPolicy, block_on};
use agentchat_engine::FaultKind;
use agentchat_net::{AsyncIo, Executor, Net, Proxy};

use crate::platform::Scene;

/// Runs nothing, as `BlockingExecutor` does then.
#[derive(Clone)]
struct Threadless;

impl Executor for Threadless {
    fn name(&self) -> &str {
        "threadless/1"
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(task);
    }
}

#[test]
fn a_call_fails_like_one_that_lost_its_connection() {
    let scene = Scene::new();
    let context = scene.agent("alice").context().clone();
    let client = Net::builder(AsyncIo(Threadless)).proxy(Proxy::none()).build(context);
    let options = CallOptions::default().retry(RetryPolicy::never());
    let error = block_on(client.with_options(options).get_me()).unwrap_err();
    assert!(matches!(&error, Error::Transport { fault, .. } if fault.kind == FaultKind::Io), "{error:?}");
}
