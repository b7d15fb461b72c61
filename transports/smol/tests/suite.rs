//! The scenarios of the conformance suite over smol.

use std::future::Future;

use agentchat_smol::SmolRuntime;
use agentchat_suite::Adapter;

struct Smol;

impl Adapter for Smol {
    type Runtime = SmolRuntime;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        smol::block_on(future)
    }
}

agentchat_suite::suite!(Smol);
