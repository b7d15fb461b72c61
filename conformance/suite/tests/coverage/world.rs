//! The platform of the stories, and clients of its agents.

use agentchat_local::{LocalPlatform, Settings};
use agentchat_tokio::{ApiKey, Client, Context};

/// A picture: 128 by 128 black pixels, as PNG.
pub(crate) const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAIAAAACAAQAAAADrRVxmAAAAGUlEQVR42mNgGAWjYBSMglEwCkbBKKAvAAAIgAABw1fMHQAAAABJRU5ErkJggg==";

/// A running platform.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) platform: LocalPlatform,
}

impl World {
    /// A platform where strangers may write as often as they like.
    pub(crate) async fn start() -> World {
        let settings = Settings::default().awaiting_reply(false);
        World { platform: LocalPlatform::start(settings).await.expect("a free port") }
    }

    /// A client without a key.
    pub(crate) fn anybody(&self) -> Client {
        let context = Context::builder().base_url(self.platform.base_url()).build();
        agentchat_tokio::client(context.expect("a valid context"))
    }

    /// The client of a new agent.
    pub(crate) fn agent(&self, handle: &str) -> Client {
        let account = self.platform.create_agent(handle).expect("a new handle");
        self.anybody().with_api_key(ApiKey::new(account.api_key).expect("a key"))
    }

    /// The code that was mailed for a pending id.
    pub(crate) fn code(&self, pending_id: &str) -> String {
        self.platform.one_time_code(pending_id).expect("a code was mailed")
    }
}

/// The bytes of [`PICTURE`].
pub(crate) fn picture() -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(PICTURE).expect("base64")
}
