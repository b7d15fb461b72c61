//! An executor of one thread: runs what is woken, then sleeps in mio until a socket or the clock has something to say.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

#[derive(Default)]
pub(crate) struct Executor {
    woken: Mutex<VecDeque<Arc<Task>>>,
    /// Who waits for a socket or the clock, and the earliest time among them. All are woken when anything happens, and look
    /// for themselves; with thousands of sockets they would be kept by token and time.
    waiting: Mutex<(Vec<Waker>, Option<Instant>)>,
}

pub(crate) struct Task(Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>, Arc<Executor>);

impl Wake for Task {
    /// All wakes come from this thread. One from another would also have to end its sleep, with a `mio::Waker`.
    fn wake(self: Arc<Self>) {
        self.1.woken.lock().unwrap().push_back(Arc::clone(&self));
    }
}

impl Executor {
    pub(crate) fn spawn(self: &Arc<Self>, future: impl Future<Output = ()> + Send + 'static) -> Arc<Task> {
        let task = Arc::new(Task(Mutex::new(Some(Box::pin(future))), Arc::clone(self)));
        Arc::clone(&task).wake();
        task
    }

    /// Has a future polled again when a socket has something to say, or at this time.
    pub(crate) fn wait<T>(&self, cx: &Context<'_>, until: Option<Instant>) -> Poll<T> {
        let (wakers, next) = &mut *self.waiting.lock().unwrap();
        wakers.push(cx.waker().clone());
        *next = [*next, until].into_iter().flatten().min();
        Poll::Pending
    }

    /// Runs everything until the program is over.
    pub(crate) fn run(&self, program: &Task, mut poll: mio::Poll) -> std::io::Result<()> {
        let mut events = mio::Events::with_capacity(64);
        loop {
            while let Some(task) = { self.woken.lock().unwrap().pop_front() } {
                let (mut slot, waker) = (task.0.lock().unwrap(), Waker::from(Arc::clone(&task)));
                let mut cx = Context::from_waker(&waker);
                if slot.as_mut().is_some_and(|future| future.as_mut().poll(&mut cx).is_ready()) {
                    *slot = None;
                }
            }
            if program.0.lock().unwrap().is_none() {
                return Ok(());
            }
            let next = self.waiting.lock().unwrap().1;
            poll.poll(&mut events, next.map(|at| at.saturating_duration_since(Instant::now())))?;
            let (wakers, _) = std::mem::take(&mut *self.waiting.lock().unwrap());
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}
