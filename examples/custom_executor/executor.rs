//! An executor of one thread: runs what was woken, in that order, and sleeps while nothing is.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

use futures_util::future::{BoxFuture, Fuse, FutureExt};

/// Puts tasks into the queue of those that are to be run.
#[derive(Clone)]
pub(crate) struct Executor(Sender<Arc<Task>>);

struct Task {
    /// Fused, because a task may be woken once more after its end.
    future: Mutex<Fuse<BoxFuture<'static, ()>>>,
    executor: Executor,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        // Nobody takes it when the program is over.
        let _ = self.executor.0.send(Arc::clone(&self));
    }
}

impl agentchat_net::Executor for Executor {
    fn name(&self) -> &str {
        "custom/1"
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        Arc::new(Task { future: Mutex::new(task.boxed().fuse()), executor: self.clone() }).wake();
    }
}

impl Executor {
    /// Runs a program to its end, and what it spawns beside it.
    pub(crate) fn run<T: Send + 'static, F>(program: impl FnOnce(Self) -> F) -> T
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (queue, woken) = channel();
        let (give, result) = channel();
        let executor = Self(queue);
        let program = program(executor.clone());
        agentchat_net::Executor::spawn(&executor, async move { drop(give.send(program.await)) });
        loop {
            let task = woken.recv().expect("the queue is open as long as there is an executor");
            let waker = Waker::from(Arc::clone(&task));
            let _ = task.future.lock().unwrap().poll_unpin(&mut Context::from_waker(&waker));
            if let Ok(result) = result.try_recv() {
                return result;
            }
        }
    }
}
