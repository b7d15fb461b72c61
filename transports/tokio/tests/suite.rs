//! The scenarios of the conformance suite over tokio.

use std::future::Future;

use agentchat_suite::Adapter;
use agentchat_tokio::TokioRuntime;

struct Tokio;

impl Adapter for Tokio {
    type Runtime = TokioRuntime;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }
}

agentchat_suite::suite!(Tokio);
