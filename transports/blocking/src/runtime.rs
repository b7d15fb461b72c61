//! Where the tasks of blocking clients run: on one thread of the process's own, so that a blocked caller holds up none.

use std::future::{Future, pending};
use std::io;
use std::panic::catch_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;

use agentchat_net::{AsyncIo, Executor};

static TASKS: smol::Executor<'static> = smol::Executor::new();

/// The thread that keeps connections alive. It is started with the first task and lives as long as the process.
///
/// A task that comes while the operating system gives no thread is dropped. Its connection then breaks, so that the call is
/// repeated or fails like any other that lost its connection; the next task tries to start the thread again. (async-io
/// has a thread as well, which comes first, with the process's first socket or timer; without that one it panics.)
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockingExecutor;

impl Executor for BlockingExecutor {
    fn name(&self) -> &str {
        "blocking/1"
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        static RUNS: Mutex<bool> = Mutex::new(false);
        match start(&RUNS, Builder::new()) {
            Ok(()) => TASKS.spawn(task).detach(),
            Err(error) => tracing::error!(%error, "no thread for connections"),
        }
    }
}

/// Sees to it that the thread runs.
fn start(runs: &Mutex<bool>, thread: Builder) -> io::Result<()> {
    let mut runs = runs.lock().unwrap_or_else(PoisonError::into_inner);
    if !*runs {
        thread.name("agentchat".to_owned()).spawn(run)?;
        *runs = true;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_cannot_be_had_is_asked_for_again() {
        let runs = Mutex::new(false);
        // More than any address space has.
        assert!(start(&runs, Builder::new().stack_size(1 << 60)).is_err());
        start(&runs, Builder::new()).unwrap();
        assert!(runs.into_inner().unwrap());
    }
}
