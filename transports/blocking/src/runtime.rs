//! Where the tasks of blocking clients run: on one thread of the process's own, so that a blocked caller holds up none.

use std::future::{Future, pending};
use std::panic::catch_unwind;
use std::sync::Once;
use std::thread;

use agentchat_net::{AsyncIo, Executor};

static TASKS: smol::Executor<'static> = smol::Executor::new();

/// The thread that keeps connections alive. It is started with the first task and lives as long as the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockingExecutor;

impl Executor for BlockingExecutor {
    fn name(&self) -> &str {
        "blocking/1"
    }

    /// # Panics
    /// If the operating system gives no thread.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        static THREAD: Once = Once::new();
        THREAD.call_once(|| {
            let named = thread::Builder::new().name("agentchat".to_owned());
            named.spawn(run).expect("the operating system gives a thread");
        });
        TASKS.spawn(task).detach();
    }
}

/// A task that panics takes none of the others with it.
fn run() {
    while catch_unwind(|| smol::block_on(TASKS.run(pending::<()>()))).is_err() {}
}

/// Sockets, timers and tasks of blocking clients.
pub type BlockingRuntime = AsyncIo<BlockingExecutor>;

/// Waits for a future on the calling thread. Works inside other runtimes as well, and inside itself.
///
/// ```
/// assert_eq!(agentchat_blocking::block_on(async { 7 }), 7);
/// ```
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    smol::block_on(future)
}
