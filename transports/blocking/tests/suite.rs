//! The scenarios of the conformance suite over the blocking client's runtime.

use std::future::Future;

use agentchat_blocking::{BlockingRuntime, block_on};
use agentchat_suite::Adapter;

struct Blocking;

impl Adapter for Blocking {
    type Runtime = BlockingRuntime;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        block_on(future)
    }
}

agentchat_suite::suite!(Blocking);
