//! An executor of one thread: runs what is woken, then sleeps in mio until a socket or a timer has something to say.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::time::Instant;

use crate::runtime::Mio;

pub(crate) struct Executor {
    pub(crate) registry: mio::Registry,
    /// Numbers for sockets and timers.
    pub(crate) numbers: AtomicUsize,
    /// Who waits to read and who waits to write, for each socket.
    pub(crate) sockets: Mutex<BTreeMap<mio::Token, [Option<Waker>; 2]>>,
    pub(crate) timers: Mutex<BTreeMap<(Instant, usize), Waker>>,
    woken: Mutex<VecDeque<Arc<Task>>>,
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
}

/// Runs a program to its end.
pub(crate) fn run<F>(program: impl FnOnce(Mio) -> F) -> std::io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (mut poll, mut events) = (mio::Poll::new()?, mio::Events::with_capacity(64));
    let registry = poll.registry().try_clone()?;
    let (sockets, timers, woken) = Default::default();
    let executor = Arc::new(Executor { registry, numbers: AtomicUsize::new(0), sockets, timers, woken });
    let program = executor.spawn(program(Mio(Arc::clone(&executor))));
    loop {
        while let Some(task) = { executor.woken.lock().unwrap().pop_front() } {
            let mut future = task.0.lock().unwrap();
            let waker = Waker::from(Arc::clone(&task));
            if future.as_mut().is_some_and(|future| future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready()) {
                *future = None;
            }
        }
        if program.0.lock().unwrap().is_none() {
            return Ok(());
        }
        let next = executor.timers.lock().unwrap().first_key_value().map(|((at, _), _)| *at);
        poll.poll(&mut events, next.map(|at| at.saturating_duration_since(Instant::now())))?;
        for event in &events {
            // Woken for nothing does no harm, and waiting for ever would.
            let waiting = executor.sockets.lock().unwrap().remove(&event.token());
            waiting.into_iter().flatten().flatten().for_each(Waker::wake);
        }
        let mut timers = executor.timers.lock().unwrap();
        let later = timers.split_off(&(Instant::now(), usize::MAX));
        std::mem::replace(&mut *timers, later).into_values().for_each(Waker::wake);
    }
}
