//! A platform on threads of its own, and the clients of two agents.

use agentchat_blocking::{ApiKey, Client, Context, Proxy};
use agentchat_local::{LocalPlatform, Settings};
use tokio::runtime::Runtime;

/// Dropped with its runtime, which the platform runs on.
pub(crate) struct Scene {
    pub(crate) platform: LocalPlatform,
    _servers: Runtime,
}

impl Scene {
    /// A platform without the rule that a stranger has to reply before a second message.
    pub(crate) fn new() -> Self {
        let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let settings = Settings::default().awaiting_reply(false);
        let platform = servers.block_on(LocalPlatform::start(settings)).unwrap();
        Self { platform, _servers: servers }
    }

    /// A client of a new agent.
    pub(crate) fn agent(&self, handle: &str) -> Client {
        let key = ApiKey::new(self.platform.create_agent(handle).unwrap().api_key).unwrap();
        let context = Context::builder().api_key(key).base_url(self.platform.base_url()).build().unwrap();
        agentchat_blocking::builder().proxy(Proxy::none()).build(context).into()
    }

    /// Waits until everything that was sent to an agent is acked.
    pub(crate) fn settled(&self, handle: &str) {
        while self.platform.undelivered(handle) > 0 {
            std::thread::yield_now();
        }
    }
}
