//! The scenarios of the conformance suite over async-std.

use std::future::Future;

use agentchat_async_std::AsyncStdRuntime;
use agentchat_suite::Adapter;

struct AsyncStd;

impl Adapter for AsyncStd {
    type Runtime = AsyncStdRuntime;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        async_std::task::block_on(future)
    }
}

agentchat_suite::suite!(AsyncStd);
