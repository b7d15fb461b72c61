//! Clients of an adapter's own type whose platform is a test's: no code of an agent has to be generic to be tested.

use agentchat_driver::Client;
use agentchat_driver::testkit::{TestPlatform, TestTransport};

use crate::detour::Detour;
use crate::{Net, Runtime};

/// A client of the agent `me` on a platform inside the process. It opens no socket, and its time is the platform's clock.
///
/// ```
/// use agentchat_driver::Client;
/// use agentchat_driver::testkit::TestPlatform;
/// use agentchat_net::{Net, Runtime};
///
/// fn client<R: Runtime>(runtime: R, platform: &TestPlatform) -> Client<Net<R>> {
///     agentchat_net::testkit::client(runtime, platform)
/// }
/// ```
pub fn client<R: Runtime>(runtime: R, platform: &TestPlatform) -> Client<Net<R>> {
    let net = Net::builder(runtime).transport().detoured(Detour::to(platform.transport()));
    Client::new(TestTransport::context(), net)
}
